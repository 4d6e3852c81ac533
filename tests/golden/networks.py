"""Writes networks.json: what PyTorch 1.13 gives for modules, optimizers, schedules and data loaders. Read by tests/{nn,optim,data}.

Run with: python3 tests/golden/networks.py
"""
import json
import os
import warnings

import torch
from torch import nn
from torch.optim import lr_scheduler as sched
from torch.utils.data import ConcatDataset, DataLoader, RandomSampler, Subset, SubsetRandomSampler, TensorDataset, WeightedRandomSampler, random_split

warnings.simplefilter("ignore")
golden = {}


def numbers(t):
    return t.detach().flatten().tolist()


# Layers: printed form, names and starting values of the state, output and gradients for an input.
LAYERS = {
    "Identity": (nn.Identity, (2, 3)),
    "Linear": (lambda: nn.Linear(4, 3), (2, 4)),
    "Linear without bias": (lambda: nn.Linear(4, 3, bias=False), (2, 5, 4)),
    "Bilinear": (lambda: nn.Bilinear(3, 4, 2), (5, 3), (5, 4)),
    "Flatten": (nn.Flatten, (2, 3, 4)),
    "Unflatten": (lambda: nn.Unflatten(1, (2, 3)), (2, 6)),
    "ReLU": (nn.ReLU, (3, 4)),
    "ReLU inplace": (lambda: nn.ReLU(inplace=True), (3, 4)),
    "ReLU6": (nn.ReLU6, (3, 4)),
    "LeakyReLU": (lambda: nn.LeakyReLU(0.2), (3, 4)),
    "ELU": (nn.ELU, (3, 4)),
    "CELU": (lambda: nn.CELU(1.3), (3, 4)),
    "SELU": (nn.SELU, (3, 4)),
    "Hardtanh": (nn.Hardtanh, (3, 4)),
    "Threshold": (lambda: nn.Threshold(0.1, 20), (3, 4)),
    "PReLU": (lambda: nn.PReLU(4), (3, 4)),
    "Sigmoid": (nn.Sigmoid, (3, 4)),
    "LogSigmoid": (nn.LogSigmoid, (3, 4)),
    "Hardsigmoid": (nn.Hardsigmoid, (3, 4)),
    "Tanh": (nn.Tanh, (3, 4)),
    "Tanhshrink": (nn.Tanhshrink, (3, 4)),
    "Softsign": (nn.Softsign, (3, 4)),
    "SiLU": (nn.SiLU, (3, 4)),
    "Mish": (nn.Mish, (3, 4)),
    "Hardswish": (nn.Hardswish, (3, 4)),
    "GELU": (nn.GELU, (3, 4)),
    "GELU tanh": (lambda: nn.GELU(approximate="tanh"), (3, 4)),
    "Softplus": (nn.Softplus, (3, 4)),
    "Hardshrink": (nn.Hardshrink, (3, 4)),
    "Softshrink": (nn.Softshrink, (3, 4)),
    "GLU": (nn.GLU, (3, 4)),
    "Softmax": (lambda: nn.Softmax(dim=1), (3, 4)),
    "LogSoftmax": (lambda: nn.LogSoftmax(dim=-1), (3, 4)),
    "Softmin": (lambda: nn.Softmin(dim=0), (3, 4)),
    "Dropout": (lambda: nn.Dropout(0.3), (5, 7)),
    "LayerNorm": (lambda: nn.LayerNorm((3, 4)), (2, 3, 4)),
    "LayerNorm plain": (lambda: nn.LayerNorm(4, elementwise_affine=False), (2, 3, 4)),
    "GroupNorm": (lambda: nn.GroupNorm(2, 4), (2, 4, 3)),
    "BatchNorm1d": (lambda: nn.BatchNorm1d(3), (6, 3)),
    "BatchNorm1d cumulative": (lambda: nn.BatchNorm1d(3, momentum=None, affine=False), (6, 3, 2)),
    "BatchNorm1d without statistics": (lambda: nn.BatchNorm1d(3, track_running_stats=False), (6, 3)),
    "BatchNorm2d": (lambda: nn.BatchNorm2d(3), (4, 3, 2, 2)),
    "Conv1d": (lambda: nn.Conv1d(3, 6, 3, stride=2, dilation=2, groups=3), (2, 3, 12)),
    "Conv2d": (lambda: nn.Conv2d(2, 3, (3, 5), padding=(1, 2)), (2, 2, 5, 6)),
    "Conv2d same": (lambda: nn.Conv2d(2, 3, 3, padding="same", bias=False), (2, 5, 6)),
    "Conv3d": (lambda: nn.Conv3d(1, 2, 2), (1, 1, 3, 3, 3)),
    "MaxPool1d": (lambda: nn.MaxPool1d(2), (2, 3, 7)),
    "MaxPool2d": (lambda: nn.MaxPool2d((3, 2), stride=2, padding=1), (2, 3, 6, 7)),
    "AvgPool2d": (lambda: nn.AvgPool2d(2), (2, 3, 6, 7)),
    "Sequential": (lambda: nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Sequential(nn.Linear(8, 2, bias=False))), (3, 4)),
}
golden["layers"] = []
for i, (name, (make, *shapes)) in enumerate(LAYERS.items()):
    torch.manual_seed(i)
    module = make()
    state = {k: [list(v.shape), numbers(v)] for k, v in module.state_dict().items()}
    inputs = [torch.randn(shape, requires_grad=True) for shape in shapes]
    output = module(*(x * 1 for x in inputs))
    weight = torch.randn_like(output)
    (output * weight).sum().backward()
    golden["layers"].append({
        "name": name, "print": str(module), "state": state, "shapes": shapes,
        "output": [list(output.shape), numbers(output)],
        "grads": [numbers(t.grad) for t in [*inputs, *module.parameters()]],
        "after": {k: numbers(v) for k, v in module.state_dict().items() if numbers(v) != state[k][1]},
    })

LOSSES = {
    "CrossEntropyLoss": (nn.CrossEntropyLoss(), (4, 3), "class"),
    "CrossEntropyLoss options": (nn.CrossEntropyLoss(torch.tensor([1.0, 2.0, 0.5]), ignore_index=1, label_smoothing=0.1), (4, 3), "class"),
    "NLLLoss": (nn.NLLLoss(reduction="sum"), (4, 3), "class"),
    "BCELoss": (nn.BCELoss(), (4, 3), "probability"),
    "BCEWithLogitsLoss": (nn.BCEWithLogitsLoss(pos_weight=torch.tensor([1.0, 2.0, 3.0])), (4, 3), "probability"),
    "KLDivLoss": (nn.KLDivLoss(reduction="batchmean"), (4, 3), "probability"),
    "PoissonNLLLoss": (nn.PoissonNLLLoss(full=True), (4, 3), "count"),
    "SoftMarginLoss": (nn.SoftMarginLoss(), (4, 3), "sign"),
    "MultiLabelSoftMarginLoss": (nn.MultiLabelSoftMarginLoss(torch.tensor([1.0, 2.0, 0.5])), (4, 3), "probability"),
    "MSELoss": (nn.MSELoss(reduction="none"), (4, 3), "number"),
    "L1Loss": (nn.L1Loss(), (4, 3), "number"),
    "SmoothL1Loss": (nn.SmoothL1Loss(beta=0.5), (4, 3), "number"),
    "HuberLoss": (nn.HuberLoss(delta=0.5), (4, 3), "number"),
}
golden["losses"] = []
for name, (module, shape, kind) in LOSSES.items():
    torch.manual_seed(1)
    x = torch.rand(shape) if name == "BCELoss" else torch.randn(shape)
    x.requires_grad_()
    target = {
        "class": lambda: torch.randint(0, 3, (4,)), "probability": lambda: torch.rand(shape), "count": lambda: torch.randint(0, 5, shape).float(),
        "sign": lambda: torch.randint(0, 2, shape) * 2.0 - 1, "number": lambda: torch.randn(shape),
    }[kind]()
    loss = module(x, target)
    loss.sum().backward()
    golden["losses"].append({"name": name, "print": str(module), "state": list(module.state_dict()), "input": numbers(x), "target": numbers(target), "classes": kind == "class", "loss": numbers(loss), "grad": numbers(x.grad)})

INITS = {
    "uniform_": lambda w: nn.init.uniform_(w, -0.2, 0.3), "normal_": lambda w: nn.init.normal_(w, 0.5, 0.1),
    "truncNormal_": lambda w: nn.init.trunc_normal_(w, std=0.7, a=-1, b=0.5), "constant_": lambda w: nn.init.constant_(w, 0.25),
    "ones_": nn.init.ones_, "zeros_": nn.init.zeros_, "eye_": nn.init.eye_,
    "xavierUniform_": lambda w: nn.init.xavier_uniform_(w, gain=1.5), "xavierNormal_": nn.init.xavier_normal_,
    "kaimingUniform_": lambda w: nn.init.kaiming_uniform_(w, mode="fan_out", nonlinearity="relu"), "kaimingNormal_": lambda w: nn.init.kaiming_normal_(w, a=0.3),
    "orthogonal_": lambda w: nn.init.orthogonal_(w, gain=2),
}
golden["inits"] = {}
for name, init in INITS.items():
    torch.manual_seed(5)
    golden["inits"][name] = [numbers(init(torch.empty(shape))) for shape in ((4, 6), (6, 4))]

# Optimizers: a parameter pulled to its target by a known gradient, with a schedule, step by step.
OPTIMIZERS = {
    "SGD": lambda p: torch.optim.SGD(p, lr=0.1),
    "SGD momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, dampening=0.1, weight_decay=0.01),
    "SGD nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    "SGD maximize": lambda p: torch.optim.SGD(p, lr=0.1, maximize=True),
    "Adam": lambda p: torch.optim.Adam(p, lr=0.1),
    "Adam options": lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1, amsgrad=True, maximize=True),
    "AdamW": lambda p: torch.optim.AdamW(p, lr=0.1),
    "AdamW options": lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.2, amsgrad=True),
}
golden["optimizers"] = {}
for name, make in OPTIMIZERS.items():
    w = torch.tensor([1.0, -2.0, 0.5, 3.0], requires_grad=True)
    target, scale = torch.tensor([0.5, 0.5, -1.0, 2.0]), torch.tensor([1.0, 0.1, 3.0, 0.5])
    optimizer = make([w])
    schedule = sched.StepLR(optimizer, step_size=3, gamma=0.5)
    steps = []
    for _ in range(8):
        optimizer.zero_grad()
        (scale * (w - target) ** 2).sum().backward()
        optimizer.step()
        schedule.step()
        steps.append(numbers(w))
    saved = optimizer.state_dict()
    golden["optimizers"][name] = {"steps": steps, "state": sorted(k for k, v in saved["state"][0].items() if v is not None), "group": sorted(set(saved["param_groups"][0]) & {"lr", "momentum", "weight_decay", "betas", "params", "initial_lr", "amsgrad"})}

SCHEDULES = {
    "StepLR": lambda o: sched.StepLR(o, 3, gamma=0.5), "MultiStepLR": lambda o: sched.MultiStepLR(o, [2, 5, 5], gamma=0.5),
    "ExponentialLR": lambda o: sched.ExponentialLR(o, 0.9), "CosineAnnealingLR": lambda o: sched.CosineAnnealingLR(o, 5, eta_min=0.01),
    "LambdaLR": lambda o: sched.LambdaLR(o, [lambda e: 0.9**e, lambda e: 1 / (e + 1)]), "LinearLR": lambda o: sched.LinearLR(o, start_factor=0.25, total_iters=6),
}
golden["schedules"] = {}
for name, make in SCHEDULES.items():
    parameters = [torch.zeros(1, requires_grad=True) for _ in range(2)]
    optimizer = torch.optim.SGD([{"params": parameters[:1]}, {"params": parameters[1:], "lr": 0.3}], lr=0.1)
    schedule = make(optimizer)
    rates = [[g["lr"] for g in optimizer.param_groups]]
    for _ in range(14):
        schedule.step()
        rates.append(schedule.get_last_lr())
    golden["schedules"][name] = rates
METRICS = [1.0, 0.9, 0.91, 0.905, 0.899, 0.95, 0.96, 0.97, 0.8, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9]
golden["plateaus"] = []
for options in ({"patience": 1}, {"factor": 0.5, "patience": 0, "threshold": 0.05, "cooldown": 2, "min_lr": 0.02}, {"mode": "max", "threshold_mode": "abs", "threshold": 0.01, "patience": 1}):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    schedule = sched.ReduceLROnPlateau(optimizer, **options)
    rates = []
    for metric in METRICS:
        schedule.step(metric)
        rates.append(optimizer.param_groups[0]["lr"])
    golden["plateaus"].append({"metrics": METRICS, "options": options, "rates": rates})

# Data: which samples come in which batch.
samples = TensorDataset(torch.arange(10))
batches = lambda loader: [b[0].tolist() for b in loader]
generator = lambda seed: torch.Generator().manual_seed(seed)
data = golden["data"] = {}
torch.manual_seed(9)
loader = DataLoader(samples, batch_size=4, shuffle=True)
data["shuffled"] = [batches(loader) for _ in range(3)]
data["after"] = torch.rand(1).item()
torch.manual_seed(9)
data["generator"] = [batches(DataLoader(samples, batch_size=3, shuffle=True, drop_last=True, generator=g)) for g in [generator(1)] * 2]
data["plain"] = batches(DataLoader(samples, batch_size=4))
data["afterPlain"] = torch.rand(1).item()
data["split"] = [list(part.indices) for part in random_split(samples, [6, 4], generator=generator(3))]
data["shares"] = [list(part.indices) for part in random_split(samples, [0.5, 0.25, 0.25], generator=generator(3))]
data["replacement"] = list(RandomSampler(samples, replacement=True, num_samples=40, generator=generator(4)))
data["many"] = list(RandomSampler(samples, num_samples=23, generator=generator(4)))
data["weighted"] = list(WeightedRandomSampler([0.1, 0.9, 0.4, 0.7, 3.0, 0.6], 9, generator=generator(4)))
data["weightedOnce"] = list(WeightedRandomSampler([0.1, 0.9, 0.4, 0.7, 3.0, 0.6], 5, replacement=False, generator=generator(4)))
data["subset"] = [int(i) for i in SubsetRandomSampler([3, 1, 4, 1, 5], generator=generator(4))]

with open(os.path.join(os.path.dirname(__file__), "networks.json"), "w") as file:
    parts = []
    for key, value in golden.items():
        rows = [json.dumps(v) for v in value] if isinstance(value, list) else ["%s: %s" % (json.dumps(k), json.dumps(v)) for k, v in value.items()]
        parts.append("%s: %s\n%s\n%s" % (json.dumps(key), "[" if isinstance(value, list) else "{", ",\n".join(rows), "]" if isinstance(value, list) else "}"))
    file.write("{" + ",\n".join(parts) + "}\n")
