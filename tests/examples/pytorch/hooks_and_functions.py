# Binary weights through a straight-through estimator written as an autograd Function; hooks on tensors and modules look on, and change
# things; double backward; layers frozen and thawed.
import torch
import torch.nn as nn
import torch.nn.functional as F


class Sign(torch.autograd.Function):
    """The sign of each weight, scaled by the mean magnitude; the gradient passes where the weight is small."""

    @staticmethod
    def forward(ctx, w):
        ctx.save_for_backward(w)
        return w.sign() * w.abs().mean()

    @staticmethod
    def backward(ctx, grad):
        (w,) = ctx.saved_tensors
        return grad * (w.abs() <= 1)


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, scale):
        ctx.save_for_backward(x)
        ctx.scale = scale
        return scale * x**3

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return 3 * ctx.scale * x**2 * grad, None


class BinaryLinear(nn.Linear):
    def forward(self, x):
        return F.linear(x, Sign.apply(self.weight), self.bias)


torch.manual_seed(77)
x = torch.tensor([1.0, 2.0, -1.5], requires_grad=True)
y = Cube.apply(x, 0.5)
(first,) = torch.autograd.grad(y.sum(), x, create_graph=True)
(second,) = torch.autograd.grad(first.sum(), x)
print("cube {} first {} second {}".format(y.detach(), first.detach(), second))
print("gradcheck {}".format(torch.autograd.gradcheck(lambda t: Cube.apply(t, 0.5), torch.randn(4, dtype=torch.float64, requires_grad=True))))

model = nn.Sequential(nn.Linear(6, 24), nn.BatchNorm1d(24, affine=False), nn.Hardtanh(), BinaryLinear(24, 24), nn.PReLU(), nn.Linear(24, 1))
seen = {}
model[3].register_forward_pre_hook(lambda module, inputs: (inputs[0] * 1.5,))
handle = model[4].register_forward_hook(lambda module, inputs, output: seen.update(mean=output.detach().mean().item()))
model[3].register_full_backward_hook(lambda module, grads, outs: seen.update(grad=outs[0].norm().item(), shape=tuple(grads[0].shape)))
model[0].weight.register_hook(lambda grad: grad * 0.5)

inputs = torch.randn(96, 6)
target = (inputs[:, 0] * inputs[:, 1] + inputs[:, 2].abs()).unsqueeze(1)
optimizer = torch.optim.RAdam(model.parameters(), lr=4e-2)
scheduler = torch.optim.lr_scheduler.MultiplicativeLR(optimizer, lambda epoch: 0.97)
for step in range(40):
    model[5].requires_grad_(step >= 10)
    out = model(inputs)
    out.retain_grad()
    loss = F.smooth_l1_loss(out, target) + 1e-3 * sum(p.square().sum() for p in model.parameters())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    if step % 5 == 4:
        print("step {:2d} loss {:.5f} seen mean {:.5f} grad {:.6f} out grad {:.6f} trained {}".format(step, loss.item(), seen["mean"], seen["grad"], out.grad.abs().sum().item(), sum(p.requires_grad for p in model.parameters())))
handle.remove()
seen.clear()
model(inputs)
print("after removal {} slope {:.4f}".format(seen, model[4].weight.item()))
