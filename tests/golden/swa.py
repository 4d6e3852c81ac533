"""Writes swa.json: averages of weights and the schedule towards them, by PyTorch 1.13. Read by tests/optim/swa_utils_test.ts.

Run with: python3 tests/golden/swa.py
"""
import json
import os
import warnings

import torch
from torch import nn, optim
from torch.optim.swa_utils import SWALR, AveragedModel, update_bn

warnings.simplefilter("ignore")
torch.set_num_threads(1)

AVERAGES = {
    "swa": lambda model: AveragedModel(model),
    "swa with buffers": lambda model: AveragedModel(model, use_buffers=True),
    "ema": lambda model: AveragedModel(model, avg_fn=lambda averaged, current, _: 0.8 * averaged + 0.2 * current),
}


def train(make):
    torch.manual_seed(3)
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Linear(4, 1))
    x, y = torch.randn(12, 3), torch.randn(12, 1)
    averaged = make(model)
    optimizer = optim.SGD(model.parameters(), lr=0.2, momentum=0.9)
    schedule = SWALR(optimizer, swa_lr=0.05, anneal_epochs=4)
    for _ in range(6):
        optimizer.zero_grad()
        (model(x) - y).square().mean().backward()
        optimizer.step()
        schedule.step()
        averaged.update_parameters(model)
    result = {"parameters": [p.flatten().tolist() for p in averaged.parameters()], "n": averaged.n_averaged.item()}
    result["buffers"] = [b.flatten().tolist() for b in averaged.module.buffers()]
    result["state"] = list(averaged.state_dict())
    update_bn([[x[:6], y[:6]], x[6:]], averaged)
    result["statistics"] = [b.flatten().tolist() for b in averaged.module.buffers()]
    averaged.eval()
    result["output"] = averaged(x).flatten().tolist()
    return result


def rates(**options):
    a, b = (torch.zeros(1, requires_grad=True) for _ in range(2))
    optimizer = optim.SGD([{"params": [a]}, {"params": [b], "lr": 0.3}], lr=0.1)
    schedule = SWALR(optimizer, **options)
    result = [schedule.get_last_lr()]
    for _ in range(6):
        schedule.step()
        result.append(schedule.get_last_lr())
    return result


golden = {
    "averages": {name: train(make) for name, make in AVERAGES.items()},
    "rates": {
        "cos": rates(swa_lr=0.02, anneal_epochs=4),
        "linear": rates(swa_lr=[0.02, 0.5], anneal_epochs=3, anneal_strategy="linear"),
        "at once": rates(swa_lr=0.02, anneal_epochs=0),
    },
}
with open(os.path.join(os.path.dirname(__file__), "swa.json"), "w") as file:
    json.dump(golden, file, indent=1)
