# An encoder-decoder transformer learns to reverse sequences of different lengths: nn.Transformer with causal and padding masks, learned
# positions, label smoothing, AdamW and a one-cycle schedule, an average of the weights, and greedy decoding.
import copy
import torch
import torch.nn as nn
import torch.nn.functional as F

PAD, BOS, EOS, V, D, L = 0, 1, 2, 10, 32, 8


class Reverser(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(V, D, padding_idx=PAD)
        self.place = nn.Parameter(torch.randn(L, D) * 0.1)
        self.transformer = nn.Transformer(D, 4, 1, 1, 64, dropout=0.1, batch_first=True, norm_first=True)
        self.out = nn.Linear(D, V)

    def forward(self, source, target):
        hidden = source == PAD
        causal = nn.Transformer.generate_square_subsequent_mask(target.size(1))
        source = self.embed(source) + self.place[: source.size(1)]
        target = self.embed(target) + self.place[: target.size(1)]
        return self.out(self.transformer(source, target, tgt_mask=causal, src_key_padding_mask=hidden, memory_key_padding_mask=hidden))


def sequences(n):
    source, target = [], []
    for _ in range(n):
        k = torch.randint(3, L, (1,)).item()
        words, rest = torch.randint(3, V, (k,)).tolist(), [PAD] * (L - 1 - k)
        source.append(words + rest)
        target.append([BOS] + words[::-1] + [EOS] + rest)
    source, target = torch.tensor(source), torch.tensor(target)
    return source, target[:, :-1], target[:, 1:]


torch.manual_seed(8)
data = sequences(160)
model = Reverser()
average = copy.deepcopy(model).requires_grad_(False)
print("parameters {}".format(sum(p.numel() for p in model.parameters())))
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.98))
scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1e-2, total_steps=80, pct_start=0.25)
for step in range(80):
    i = torch.randint(len(data[0]), (32,))
    source, target, wanted = (part[i] for part in data)
    logits = model(source, target)
    loss = F.cross_entropy(logits.transpose(1, 2), wanted, ignore_index=PAD, label_smoothing=0.05)
    optimizer.zero_grad()
    loss.backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    scheduler.step()
    with torch.no_grad():
        for a, p in zip(average.parameters(), model.parameters()):
            a.lerp_(p, 0.1)
    if step % 10 == 9:
        print("step {:2d} lr {:.6f} momentum {:.4f} loss {:.5f} norm {:.5f}".format(step, scheduler.get_last_lr()[0], optimizer.param_groups[0]["betas"][0], loss.item(), norm.item()))

average.eval()
source, _, wanted = sequences(4)
with torch.no_grad():
    said = torch.full((4, 1), BOS)
    for _ in range(L - 1):
        said = torch.cat([said, average(source, said)[:, -1].argmax(dim=-1, keepdim=True)], dim=1)
    loss = F.cross_entropy(average(source, torch.cat([said[:, :1], wanted[:, :-1]], dim=1)).transpose(1, 2), wanted, ignore_index=PAD)
print(source)
print(said[:, 1:])
print("averaged loss {:.5f}".format(loss.item()))
