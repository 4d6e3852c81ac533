# A bag-of-words classifier of sentences of different lengths: a dataset, a sampler and a collate function of its own, a random split,
# EmbeddingBag with weights for each word, Adagrad, and a schedule made of two.
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset, Sampler, random_split


class Sentences(Dataset):
    """Sentences of random words; the class is which third of the vocabulary has most of them."""

    def __init__(self, count, vocabulary):
        self.samples = []
        for _ in range(count):
            label = torch.randint(3, (1,)).item()
            length = torch.randint(3, 12, (1,)).item()
            p = torch.ones(vocabulary)
            p[label * (vocabulary // 3) : (label + 1) * (vocabulary // 3)] = 3
            self.samples.append((torch.multinomial(p, length, replacement=True), label))

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, i):
        return self.samples[i]


class ByLength(Sampler):
    """Batches of sentences of like lengths, the batches in random order."""

    def __init__(self, data, batch_size):
        self.order = sorted(range(len(data)), key=lambda i: len(data[i][0]))
        self.batch_size = batch_size

    def __len__(self):
        return (len(self.order) + self.batch_size - 1) // self.batch_size

    def __iter__(self):
        for b in torch.randperm(len(self)).tolist():
            yield self.order[b * self.batch_size : (b + 1) * self.batch_size]


def collate(samples):
    words = torch.cat([words for words, _ in samples])
    offsets = torch.tensor([0] + [len(words) for words, _ in samples[:-1]]).cumsum(0)
    weights = torch.cat([torch.linspace(1, 0.5, len(words)) for words, _ in samples])
    return words, offsets, weights, torch.tensor([label for _, label in samples])


class Classifier(nn.Module):
    def __init__(self, vocabulary, size, classes):
        super().__init__()
        self.bag = nn.EmbeddingBag(vocabulary, size, mode="sum")
        self.hidden = nn.Sequential(nn.LayerNorm(size), nn.Linear(size, 32), nn.ELU(), nn.Dropout(0.2))
        self.out = nn.Linear(32, classes)

    def forward(self, words, offsets, weights):
        return self.out(self.hidden(self.bag(words, offsets, per_sample_weights=weights)))


torch.manual_seed(2024)
V = 60
train, held = random_split(Sentences(300, V), [240, 60], generator=torch.Generator().manual_seed(1))
loader = DataLoader(train, batch_sampler=ByLength(train, 16), collate_fn=collate)
model = Classifier(V, 16, 3)
print(model.hidden)
criterion = nn.CrossEntropyLoss(reduction="sum")
optimizer = torch.optim.Adagrad(model.parameters(), lr=0.1, lr_decay=1e-3, initial_accumulator_value=0.1)
warm = torch.optim.lr_scheduler.LinearLR(optimizer, start_factor=0.25, total_iters=3)
late = torch.optim.lr_scheduler.MultiStepLR(optimizer, milestones=[4, 6], gamma=0.3)
scheduler = torch.optim.lr_scheduler.SequentialLR(optimizer, [warm, late], milestones=[3])
for epoch in range(10):
    total, right, lengths = 0.0, 0, []
    for words, offsets, weights, target in loader:
        logits = model(words, offsets, weights)
        loss = criterion(logits, target)
        optimizer.zero_grad()
        (loss / len(target)).backward()
        optimizer.step()
        total += loss.item()
        right += (logits.argmax(dim=1) == target).sum().item()
        lengths.append(len(words))
    print("epoch {} lr {:.5f} loss {:.5f} right {}/{} words {}".format(epoch, scheduler.get_last_lr()[0], total / len(train), right, len(train), lengths[:5]))
    scheduler.step()
model.eval()
with torch.no_grad():
    words, offsets, weights, target = collate([held[i] for i in range(len(held))])
    logits = model(words, offsets, weights)
    print("held out loss {:.5f} right {}/{}".format(criterion(logits, target).item() / len(held), (logits.argmax(1) == target).sum().item(), len(held)))
