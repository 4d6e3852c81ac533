"""Writes schedules.json: the rates and momenta that PyTorch 1.13 schedules. Read by tests/optim/lr_scheduler/*.

Run with: python3 tests/golden/schedules.py
"""
import json
import os
import warnings

import torch
from torch import optim
from torch.optim import lr_scheduler as sched

warnings.simplefilter("ignore")


def sgd():
    a, b = (torch.zeros(1, requires_grad=True) for _ in range(2))
    return optim.SGD([{"params": [a]}, {"params": [b], "lr": 0.3}], lr=0.1, momentum=0.9)


def adam():
    a, b = (torch.zeros(1, requires_grad=True) for _ in range(2))
    return optim.Adam([{"params": [a]}, {"params": [b], "lr": 0.3, "betas": (0.8, 0.99)}], lr=0.1)


def warmup_cosine(o):
    return sched.SequentialLR(o, [
        sched.LinearLR(o, start_factor=0.25, total_iters=3),
        sched.CosineAnnealingLR(o, T_max=4, eta_min=0.01),
        sched.StepLR(o, 2, gamma=0.5),
    ], milestones=[3, 8])


CASES = {
    "CosineAnnealingWarmRestarts": lambda o: sched.CosineAnnealingWarmRestarts(o, 3, T_mult=2, eta_min=0.01),
    "CosineAnnealingWarmRestarts without growth": lambda o: sched.CosineAnnealingWarmRestarts(o, 4),
    "CyclicLR": lambda o: sched.CyclicLR(o, 0.01, 0.1, step_size_up=3),
    "CyclicLR triangular2": lambda o: sched.CyclicLR(o, [0.01, 0.02], [0.1, 0.3], step_size_up=3, step_size_down=2, mode="triangular2", base_momentum=0.7, max_momentum=0.95),
    "CyclicLR exp_range": lambda o: sched.CyclicLR(o, 0.01, 0.1, step_size_up=3, mode="exp_range", gamma=0.9, cycle_momentum=False),
    "CyclicLR scaleFn": lambda o: sched.CyclicLR(o, 0.01, 0.1, step_size_up=3, scale_fn=lambda x: 1 / x, scale_mode="cycle"),
    "OneCycleLR": lambda o: sched.OneCycleLR(o, 0.5, total_steps=12),
    "OneCycleLR three phases": lambda o: sched.OneCycleLR(o, [0.5, 0.2], epochs=3, steps_per_epoch=4, pct_start=0.4, anneal_strategy="linear", div_factor=10, final_div_factor=100, three_phase=True, base_momentum=[0.8, 0.7], max_momentum=0.9),
    "SequentialLR": warmup_cosine,
    "SequentialLR of factors": lambda o: sched.SequentialLR(o, [sched.ConstantLR(o, factor=0.1, total_iters=2), sched.ExponentialLR(o, 0.9), sched.PolynomialLR(o, 3, 2), sched.MultiStepLR(o, [1, 2])], milestones=[2, 5, 9]),
    "ChainedScheduler": lambda o: sched.ChainedScheduler([sched.ConstantLR(o, factor=0.1, total_iters=2), sched.ExponentialLR(o, 0.9)]),
    "SequentialLR that begins with OneCycleLR": lambda o: sched.SequentialLR(o, [sched.OneCycleLR(o, 0.5, total_steps=5), sched.LambdaLR(o, lambda e: 0.5 ** e)], milestones=[5]),
}

JUMPS = {
    "StepLR": lambda o: sched.StepLR(o, 3, gamma=0.5),
    "MultiStepLR": lambda o: sched.MultiStepLR(o, [2, 5, 5], gamma=0.5),
    "ConstantLR": lambda o: sched.ConstantLR(o, factor=0.25, total_iters=4),
    "LinearLR": lambda o: sched.LinearLR(o, start_factor=0.25, total_iters=6),
    "ExponentialLR": lambda o: sched.ExponentialLR(o, 0.9),
    "PolynomialLR": lambda o: sched.PolynomialLR(o, 8, 2),
    "CosineAnnealingLR": lambda o: sched.CosineAnnealingLR(o, 5, 0.01),
    "LambdaLR": lambda o: sched.LambdaLR(o, lambda e: 0.9 ** e),
    "CosineAnnealingWarmRestarts": lambda o: sched.CosineAnnealingWarmRestarts(o, 3, T_mult=2, eta_min=0.01),
}


def curve(make, optimizer, epochs):
    schedule = make(optimizer)
    rates, momenta = [], []
    for epoch in epochs:
        if epoch != "start":
            schedule.step(*([] if epoch is None else [epoch]))
        rates.append([g["lr"] for g in optimizer.param_groups])
        momenta.append([g["betas"][0] if "betas" in g else g["momentum"] for g in optimizer.param_groups])
    return {"rates": rates, "momenta": momenta}


golden = {
    "curves": {name: curve(make, sgd(), ["start"] + [None] * 11) for name, make in CASES.items()},
    "adam": curve(lambda o: sched.OneCycleLR(o, 0.5, total_steps=12), adam(), ["start"] + [None] * 11),
    "epochs": [2, 7, 4, None, 0, 1],
    "jumps": {},
    "fractions": [0.5, 2.75, 3, 7.5, 26, None, 8.999],
    "restarts": {},
}
for name, make in JUMPS.items():
    golden["jumps"][name] = curve(make, sgd(), golden["epochs"])["rates"]
for mult in [1, 2, 3]:
    golden["restarts"][mult] = curve(lambda o: sched.CosineAnnealingWarmRestarts(o, 3, T_mult=mult), sgd(), golden["fractions"])["rates"]

with open(os.path.join(os.path.dirname(__file__), "schedules.json"), "w") as file:
    json.dump(golden, file, indent=1)
