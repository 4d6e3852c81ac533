"""Writes optimizers.json: the steps that PyTorch 1.13 takes on a quadratic under a schedule. Read by tests/optim/adaptive_test.ts.

Run with: python3 tests/golden/optimizers.py
"""
import json
import os

import torch
from torch import optim

CASES = [
    ("RMSprop", {}),
    ("RMSprop", {"lr": 0.05, "momentum": 0.9, "maximize": True}),
    ("RMSprop", {"lr": 0.05, "alpha": 0.9, "momentum": 0.5, "centered": True, "weight_decay": 0.1}),
    ("Adagrad", {}),
    ("Adagrad", {"lr": 0.1, "eps": 1e-2, "maximize": True}),
    ("Adagrad", {"lr": 0.1, "lr_decay": 0.1, "weight_decay": 0.1, "initial_accumulator_value": 0.5}),
    ("Adadelta", {}),
    ("Adadelta", {"lr": 0.5, "rho": 0.8, "weight_decay": 0.1, "maximize": True}),
    ("Adamax", {}),
    ("Adamax", {"lr": 0.1, "betas": (0.8, 0.95), "weight_decay": 0.1}),
    ("Adamax", {"lr": 0.1, "eps": 1e-2, "maximize": True}),
    # The loop over tensors of 1.13 multiplies by the momentum once more than its foreach, PyTorch 2 and the paper do.
    ("NAdam", {"foreach": True}),
    ("NAdam", {"lr": 0.1, "betas": (0.8, 0.95), "weight_decay": 0.1, "momentum_decay": 0.1, "foreach": True}),
    ("RAdam", {}),
    ("RAdam", {"lr": 0.1, "betas": (0.8, 0.95), "weight_decay": 0.1}),
    ("Rprop", {}),
    ("Rprop", {"lr": 0.5, "etas": (0.4, 1.3), "step_sizes": (1e-3, 1)}),
    ("Rprop", {"lr": 0.1, "maximize": True}),
    ("ASGD", {}),
    ("ASGD", {"lr": 0.1, "alpha": 0.5, "maximize": True}),
    ("ASGD", {"lr": 0.1, "lambd": 0.1, "t0": 3, "weight_decay": 0.1}),
]


def trajectory(name, options):
    w = torch.tensor([1, -2, 0.5, 3], requires_grad=True)
    optimizer = getattr(optim, name)([w], **options)
    schedule = optim.lr_scheduler.ExponentialLR(optimizer, 0.9)
    steps = []
    for _ in range(10):
        optimizer.zero_grad()
        ((w - torch.tensor([0.5, 0.5, -1, 2])).square() * torch.tensor([1, 0.1, 3, 0.5])).sum().backward()
        optimizer.step()
        schedule.step()
        steps.append(w.tolist())
    options.pop("foreach", None)
    return {"name": name, "options": options, "steps": steps, "state": sorted(optimizer.state_dict()["state"][0])}


with open(os.path.join(os.path.dirname(__file__), "optimizers.json"), "w") as file:
    json.dump([trajectory(*case) for case in CASES], file, indent=1)
