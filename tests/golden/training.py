"""Writes training.json: losses, norms of gradients and averages of a training by PyTorch 1.13. Read by tests/optim/training_test.ts.

Run with: python3 tests/golden/training.py
"""
import json
import os
import warnings

import torch
from torch import nn, optim

warnings.simplefilter("ignore")
torch.set_num_threads(1)
STEPS = 12


def warmup(o):
    return optim.lr_scheduler.SequentialLR(o, [
        optim.lr_scheduler.LinearLR(o, start_factor=0.25, total_iters=4),
        optim.lr_scheduler.CosineAnnealingLR(o, T_max=STEPS - 4),
    ], milestones=[4])


RUNS = {
    "AdamW under OneCycleLR": (lambda p: optim.AdamW(p), lambda o: optim.lr_scheduler.OneCycleLR(o, 0.1, total_steps=STEPS)),
    "SGD under SequentialLR": (lambda p: optim.SGD(p, lr=0.3, momentum=0.9, nesterov=True), warmup),
    "Adagrad under CyclicLR": (lambda p: optim.Adagrad(p), lambda o: optim.lr_scheduler.CyclicLR(o, 0.01, 0.2, step_size_up=3, cycle_momentum=False)),
}


def train(make_optimizer, make_schedule):
    torch.manual_seed(7)
    model = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 1))
    x = torch.randn(16, 3)
    y = (x * x).sum(1, keepdim=True)
    bias = [p for name, p in model.named_parameters() if name.endswith("bias")]
    weight = [p for name, p in model.named_parameters() if name.endswith("weight")]
    optimizer = make_optimizer([{"params": weight, "weight_decay": 0.01}, {"params": bias, "weight_decay": 0}])
    schedule = make_schedule(optimizer)
    ema = optim.swa_utils.AveragedModel(model, avg_fn=lambda average, current, _: 0.9 * average + 0.1 * current)
    losses, norms = [], []
    for _ in range(STEPS):
        optimizer.zero_grad()
        # Two halves of the batch, accumulated.
        total = 0
        for i in range(2):
            loss = (model(x[8 * i:8 * i + 8]) - y[8 * i:8 * i + 8]).square().mean() / 2
            loss.backward()
            total += loss.item()
        norms.append(nn.utils.clip_grad_norm_(model.parameters(), 0.5).item())
        optimizer.step()
        schedule.step()
        ema.update_parameters(model)
        losses.append(total)
    return {"losses": losses, "norms": norms, "average": [p.flatten().tolist() for p in ema.parameters()]}


with open(os.path.join(os.path.dirname(__file__), "training.json"), "w") as file:
    json.dump({name: train(*run) for name, run in RUNS.items()}, file, indent=1)
