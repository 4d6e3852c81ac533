"""Writes newer_optimizers.json: steps by the documented formulas of optimizers and options that came after PyTorch 1.13, under a
schedule, in float64. Read by tests/optim/newer_test.ts.

Run with: python3 tests/golden/newer_optimizers.py
"""
import json
import math
import os

import torch

torch.set_default_dtype(torch.float64)


def adafactor(p, g, s, lr, beta2_decay=-0.8, eps=(None, 1e-3), d=1.0, weight_decay=0.0, maximize=False):
    g = -g if maximize else g
    t = s["t"]
    eps1 = torch.finfo(p.dtype).eps if eps[0] is None else eps[0]
    beta2 = 1 - t ** beta2_decay
    alpha = max(eps[1], p.pow(2).mean().sqrt().item()) * min(lr, 1 / math.sqrt(t))
    p = p - lr * weight_decay * p
    if g.dim() > 1:
        s["R"] = beta2 * s.get("R", 0) + (1 - beta2) * g.pow(2).mean(-1, keepdim=True)
        s["C"] = beta2 * s.get("C", 0) + (1 - beta2) * g.pow(2).mean(-2, keepdim=True)
        v = s["R"] @ s["C"] / torch.clamp(s["R"].mean(-2, keepdim=True), min=eps1)
    else:
        v = s["V"] = beta2 * s.get("V", 0) + (1 - beta2) * g.pow(2)
    u = g / torch.clamp(v, min=eps1 ** 2).sqrt()
    return p - alpha * u / max(1.0, u.pow(2).mean().sqrt().item() / d)


def muon(p, g, s, lr, weight_decay=0.1, momentum=0.95, nesterov=True, ns_coefficients=(3.4445, -4.775, 2.0315), eps=1e-7, ns_steps=5, adjust_lr_fn=None):
    s["B"] = torch.lerp(s.get("B", torch.zeros_like(p)), g, 1 - momentum)
    x = torch.lerp(g, s["B"], momentum) if nesterov else s["B"]
    a, b, c = ns_coefficients
    # On singular values, rather than by products of matrices.
    u, sigma, vh = torch.linalg.svd(x, full_matrices=False)
    sigma = sigma / torch.clamp(sigma.pow(2).sum().sqrt(), min=eps)
    for _ in range(ns_steps):
        sigma = a * sigma + b * sigma ** 3 + c * sigma ** 5
    rows, columns = p.shape
    ratio = 0.2 * math.sqrt(max(rows, columns)) if adjust_lr_fn == "match_rms_adamw" else math.sqrt(max(1, rows / columns))
    return p - lr * weight_decay * p - lr * ratio * (u * sigma) @ vh


def nadam(p, g, s, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, momentum_decay=4e-3, decoupled_weight_decay=False, maximize=False):
    g = -g if maximize else g
    if decoupled_weight_decay:
        p = p - lr * weight_decay * p
    else:
        g = g + weight_decay * p
    t = s["t"]
    mu = lambda i: betas[0] * (1 - 0.5 * 0.96 ** (i * momentum_decay))
    s["m"] = betas[0] * s.get("m", 0) + (1 - betas[0]) * g
    s["v"] = betas[1] * s.get("v", 0) + (1 - betas[1]) * g * g
    product = math.prod(mu(i) for i in range(1, t + 1))
    m = mu(t + 1) * s["m"] / (1 - product * mu(t + 1)) + (1 - mu(t)) * g / (1 - product)
    return p - lr * m / ((s["v"] / (1 - betas[1] ** t)).sqrt() + eps)


def radam(p, g, s, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, decoupled_weight_decay=False, maximize=False):
    g = -g if maximize else g
    if decoupled_weight_decay:
        p = p - lr * weight_decay * p
    else:
        g = g + weight_decay * p
    t = s["t"]
    s["m"] = betas[0] * s.get("m", 0) + (1 - betas[0]) * g
    s["v"] = betas[1] * s.get("v", 0) + (1 - betas[1]) * g * g
    m = s["m"] / (1 - betas[0] ** t)
    most = 2 / (1 - betas[1]) - 1
    rho = most - 2 * t * betas[1] ** t / (1 - betas[1] ** t)
    if rho <= 5:
        return p - lr * m
    r = math.sqrt((rho - 4) * (rho - 2) * most / ((most - 4) * (most - 2) * rho))
    return p - lr * m * r * math.sqrt(1 - betas[1] ** t) / (s["v"].sqrt() + eps)


def adam(p, g, s, lr, weight_decay=0, decoupled_weight_decay=False):
    assert decoupled_weight_decay
    p = p - lr * weight_decay * p
    t = s["t"]
    s["m"] = 0.9 * s.get("m", 0) + 0.1 * g
    s["v"] = 0.999 * s.get("v", 0) + 0.001 * g * g
    return p - lr * s["m"] / (1 - 0.9 ** t) / ((s["v"] / (1 - 0.999 ** t)).sqrt() + 1e-8)


MATRIX, TALL, VECTOR, CUBE = [[1.0, -2, 0.5], [3, 0.25, -1]], [[1.0, -2], [0.5, 3], [0.25, -1]], [1.0, -2, 0.5, 3], [[[1.0, -2], [0.5, 3]], [[0.25, -1], [2, 1]]]
CASES = [
    ("Adafactor", adafactor, MATRIX, {"lr": 0.01}),
    ("Adafactor", adafactor, CUBE, {"lr": 0.5, "beta2_decay": -0.5, "eps": (1e-3, 0.1), "d": 1.5, "weight_decay": 0.1}),
    ("Adafactor", adafactor, VECTOR, {"lr": 0.1, "maximize": True}),
    ("Muon", muon, MATRIX, {"lr": 0.1}),
    ("Muon", muon, TALL, {"lr": 0.1, "weight_decay": 0, "momentum": 0.8, "nesterov": False, "ns_steps": 3, "adjust_lr_fn": "match_rms_adamw"}),
    ("Muon", muon, TALL, {"lr": 0.1, "ns_coefficients": (2, -1.5, 0.5)}),
    ("NAdam", nadam, VECTOR, {"lr": 0.1}),
    ("NAdam", nadam, VECTOR, {"lr": 0.1, "betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.1, "momentum_decay": 0.01, "maximize": True}),
    ("NAdam", nadam, VECTOR, {"lr": 0.1, "weight_decay": 0.1, "decoupled_weight_decay": True}),
    ("RAdam", radam, VECTOR, {"lr": 0.1, "betas": (0.8, 0.95), "weight_decay": 0.1, "maximize": True}),
    ("RAdam", radam, VECTOR, {"lr": 0.1, "weight_decay": 0.1, "decoupled_weight_decay": True}),
    ("Adam", adam, VECTOR, {"lr": 0.1, "weight_decay": 0.1, "decoupled_weight_decay": True}),
]


def trajectory(name, update, start, options):
    p, state, steps, base = torch.tensor(start), {}, [], options["lr"]
    for t in range(1, 8):
        state["t"] = t
        # As tests/optim/newer_test.ts does: the gradient of sum (p² + sin 3p), and StepLR(3, 0.5).
        g = 2 * p + 3 * torch.cos(3 * p)
        p = update(p, g, state, **{**options, "lr": base * 0.5 ** ((t - 1) // 3)})
        steps.append(p.flatten().tolist())
    return {"name": name, "start": start, "options": options, "steps": steps}


with open(os.path.join(os.path.dirname(__file__), "newer_optimizers.json"), "w") as file:
    json.dump([trajectory(*case) for case in CASES], file, indent=1)
