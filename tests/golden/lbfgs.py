"""Writes lbfgs.json: the steps that PyTorch 1.13's LBFGS takes under a schedule. Read by tests/optim/lbfgs_test.ts.

Run with: python3 tests/golden/lbfgs.py
"""
import json
import os

import torch
from torch import optim

torch.set_num_threads(1)
# Rounding grows tenfold with every few iterations: what tells a wrong step from a rounded one is float64.
torch.set_default_dtype(torch.float64)
A = torch.tensor([[2.0, -1, 0.5], [0.3, 1.5, -0.7], [-0.4, 0.6, 1.2], [1.1, -0.2, 0.9]])
B = torch.tensor([[1.0, -1], [0.5, 2], [-1.5, 0.3], [0.7, -0.6]])

CASES = [
    {"lr": 0.5, "max_iter": 4, "history_size": 3},
    {"lr": 1, "max_iter": 3, "history_size": 2, "line_search_fn": "strong_wolfe"},
    {"lr": 8, "max_iter": 2, "line_search_fn": "strong_wolfe"},
    {"lr": 0.01, "max_iter": 2, "max_eval": 20, "line_search_fn": "strong_wolfe"},
]


def trajectory(options):
    w = torch.tensor([[1.0, -2], [0.5, 3], [-1, 0.25]], requires_grad=True)
    b = torch.tensor([0.1, -0.2], requires_grad=True)
    optimizer = optim.LBFGS([w, b], **options)
    schedule = optim.lr_scheduler.StepLR(optimizer, 2, gamma=0.5)
    result = {"options": options, "losses": [], "steps": [], "counts": []}

    def closure():
        optimizer.zero_grad()
        loss = (A @ w + b - B).square().mean() + 0.1 * w.pow(4).mean()
        loss.backward()
        return loss

    for _ in range(6):
        result["losses"].append(optimizer.step(closure).item())
        schedule.step()
        result["steps"].append(w.flatten().tolist() + b.tolist())
        state = optimizer.state_dict()["state"][0]
        result["counts"].append([state["func_evals"], state["n_iter"], len(state["old_dirs"])])
    result["state"] = sorted(state)
    return result


with open(os.path.join(os.path.dirname(__file__), "lbfgs.json"), "w") as file:
    json.dump([trajectory(options) for options in CASES], file, indent=1)
