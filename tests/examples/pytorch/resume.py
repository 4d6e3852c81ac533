# A checkpoint in memory half-way: new objects that load the states of model, optimizer, schedule and generator go on as if nothing had
# happened.
import copy
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(10, 8, padding_idx=0)
        self.conv = nn.Conv1d(8, 16, 3, padding="same")
        self.norm = nn.BatchNorm1d(16)
        self.drop = nn.Dropout(0.25)
        self.head = nn.ModuleDict({"mean": nn.Linear(16, 1), "scale": nn.Linear(16, 1)})

    def forward(self, x):
        h = self.embed(x).transpose(1, 2)
        h = self.drop(nn.functional.gelu(self.norm(self.conv(h)))).amax(dim=2)
        return self.head["mean"](h).squeeze(1), nn.functional.softplus(self.head["scale"](h)).squeeze(1)


def build():
    net = Net()
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-2, amsgrad=True)
    return net, optimizer, torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=8)


torch.manual_seed(99)
x = torch.randint(0, 10, (160, 12))
y = (x.float().mean(dim=1) - 4.5) + 0.1 * torch.randn(160)
loader = DataLoader(TensorDataset(x, y), batch_size=40, shuffle=True)
criterion = nn.GaussianNLLLoss()


def train(net, optimizer, scheduler, epochs):
    net.train()
    losses = []
    for epoch in epochs:
        total = 0.0
        for xb, yb in loader:
            mean, var = net(xb)
            loss = criterion(mean, yb, var)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        scheduler.step()
        losses.append(total / len(loader))
        print("epoch {} lr {:.6f} loss {:.6f}".format(epoch, scheduler.get_last_lr()[0], losses[-1]))
    return losses


net, optimizer, scheduler = build()
train(net, optimizer, scheduler, range(4))
checkpoint = copy.deepcopy({"model": net.state_dict(), "optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict(), "rng": torch.get_rng_state()})
straight = train(net, optimizer, scheduler, range(4, 8))

torch.manual_seed(0)
net2, optimizer2, scheduler2 = build()
print("loaded {}".format(net2.load_state_dict(checkpoint["model"])))
optimizer2.load_state_dict(checkpoint["optimizer"])
scheduler2.load_state_dict(checkpoint["scheduler"])
torch.set_rng_state(checkpoint["rng"])
resumed = train(net2, optimizer2, scheduler2, range(4, 8))
print("the same losses {}".format(straight == resumed))
print("the same weights {}".format(all(torch.equal(a, b) for a, b in zip(net.state_dict().values(), net2.state_dict().values()))))
print("batches tracked {} padding {}".format(net2.norm.num_batches_tracked, net2.embed.weight[0].abs().sum()))
del checkpoint["model"]["head.mean.bias"]
checkpoint["model"]["extra"] = torch.zeros(1)
result = net2.load_state_dict(checkpoint["model"], strict=False)
print("missing {} unexpected {}".format(result.missing_keys, result.unexpected_keys))
