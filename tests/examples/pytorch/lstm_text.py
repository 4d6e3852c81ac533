# A word-level language model: a two-layer LSTM whose decoder shares the embedding's weights, gradients accumulated over micro-batches,
# truncated backpropagation through time, and sampling.
import math
import torch
import torch.nn as nn
import torch.nn.functional as F

text = "the cat sat on the mat . the dog sat on the log . a cat and a dog met on the road . the road led to the log and the mat . " * 16
words = text.split()
vocabulary = sorted(set(words))
index = {w: i for i, w in enumerate(vocabulary)}
V, E, B, T = len(vocabulary), 24, 8, 10
ids = torch.tensor([index[w] for w in words])
ids = ids[: len(ids) // B * B].view(B, -1).t().contiguous()


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Embedding(V, E)
        self.rnn = nn.LSTM(E, E, num_layers=2)
        self.decoder = nn.Linear(E, V)
        nn.init.uniform_(self.encoder.weight, -0.1, 0.1)
        nn.init.zeros_(self.decoder.bias)
        self.decoder.weight = self.encoder.weight

    def forward(self, x, state):
        out, state = self.rnn(self.encoder(x), state)
        return self.decoder(out), state


torch.manual_seed(11)
model = Model()
print(model)
print("vocabulary {} parameters {}".format(V, sum(p.numel() for p in model.parameters())))
optimizer = torch.optim.Adam(model.parameters(), lr=3e-2)
scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.95)
for epoch in range(15):
    model.train()
    state = (torch.zeros(2, B, E), torch.zeros(2, B, E))
    total, steps = 0.0, 0
    optimizer.zero_grad()
    for start in range(0, ids.size(0) - 1 - T, T):
        state = tuple(s.detach() for s in state)
        x, y = ids[start : start + T], ids[start + 1 : start + 1 + T]
        logits, state = model(x, state)
        loss = F.cross_entropy(logits.reshape(-1, V), y.reshape(-1))
        (loss / 2).backward()
        total, steps = total + loss.item(), steps + 1
        if steps % 2 == 0:
            nn.utils.clip_grad_norm_(model.parameters(), 0.5)
            optimizer.step()
            optimizer.zero_grad()
    scheduler.step()
    print("epoch {:2d} lr {:.6f} loss {:.5f} perplexity {:8.4f}".format(epoch, scheduler.get_last_lr()[0], total / steps, math.exp(total / steps)))

model.eval()
word, state, said = index["the"], None, ["the"]
with torch.no_grad():
    for _ in range(12):
        logits, state = model(torch.tensor([[word]]), state)
        word = torch.multinomial(F.softmax(logits[0, 0] / 0.5, dim=-1), 1).item()
        said.append(vocabulary[word])
print(" ".join(said))
print("tied {}".format(model.decoder.weight is model.encoder.weight))
