# A differential equation, u'' + 0.4 u' + 4 u = 0 with u(0) = 1 and u'(0) = 0, solved by a sum of waves of random frequencies. Gradients
# of gradients make the loss; LBFGS with the strong Wolfe line search finds the heights, calling the loss as often as it likes.
import math
import torch
import torch.nn as nn


class Waves(nn.Module):
    def __init__(self, count):
        super().__init__()
        self.inner = nn.Linear(1, count)
        self.outer = nn.Linear(count, 1)
        nn.init.uniform_(self.inner.weight, -3, 3)
        nn.init.uniform_(self.inner.bias, -math.pi, math.pi)
        self.inner.requires_grad_(False)

    def forward(self, t):
        return self.outer(torch.sin(self.inner(t)))


torch.manual_seed(21)
net = Waves(10)
t = torch.linspace(0, 3, 40).unsqueeze(1).requires_grad_()
start = torch.zeros(1, 1, requires_grad=True)
weights = [p for p in net.parameters() if p.requires_grad]
optimizer = torch.optim.LBFGS(weights, lr=1.0, max_iter=5, history_size=8, line_search_fn="strong_wolfe")
calls = 0


def slopes(x):
    u = net(x)
    (first,) = torch.autograd.grad(u, x, torch.ones_like(u), create_graph=True)
    (second,) = torch.autograd.grad(first, x, torch.ones_like(first), create_graph=True)
    return u, first, second


def closure():
    global calls
    calls += 1
    optimizer.zero_grad()
    u, first, second = slopes(t)
    residual = (second + 0.4 * first + 4 * u).square().mean()
    u0, v0, _ = slopes(start)
    loss = residual + 10 * (u0 - 1).square().mean() + 10 * v0.square().mean()
    loss = loss + 0.02 * sum(p.square().sum() for p in weights)
    loss.backward()
    return loss


for step in range(7):
    loss = optimizer.step(closure)
    print("step {} calls {:2d} loss {:.5f}".format(step, calls, loss.item()))
with torch.no_grad():
    w = math.sqrt(4 - 0.04)
    exact = torch.exp(-0.2 * t) * (torch.cos(w * t) + 0.2 / w * torch.sin(w * t))
    print("largest error {:.4f}".format((net(t) - exact).abs().max().item()))
    print("solution {}".format(net(t)[::8].squeeze(1)))
