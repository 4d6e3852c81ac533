"""Writes printing.json: how PyTorch 1.13 prints tensors, and Python numbers. Read by tests/tensor/print_test.ts.

Run with: python3 tests/golden/printing.py
"""
import json
import math
import os
import random

import torch

torch.manual_seed(0)
random.seed(0)
f64 = torch.float64
inf, nan = math.inf, math.nan


def number(v):
    if isinstance(v, bool):
        return int(v)
    if v != v or v in (inf, -inf) or (v == 0 and math.copysign(1, v) < 0):
        return repr(v).replace("-0.0", "-0")
    return v


tensors = []


def add(t, options={}, grad=("none",)):
    torch.set_printoptions(profile="default")
    torch.set_printoptions(**options)
    for g in grad:
        u = t if g == "none" else t.clone().requires_grad_()
        u = u * 1 if g == "fn" else u
        values = [number(v) for v in t.flatten().tolist()]
        dtype = str(t.dtype)[6:].replace("int64", "int32")
        text, form = (s.replace("torch.int64", "torch.int32") for s in (repr(u), "{}".format(u)))
        tensors.append([dtype, list(t.shape), values, options, g, text, "" if form == text else form])


for shape in [(), (1,), (0,), (0, 3), (2, 0, 4), (2, 3), (2, 3, 4), (1, 1, 1, 2), (5, 30), (30,)]:
    for t in (
        torch.randn(shape),
        torch.randn(shape, dtype=f64),
        torch.randint(-50, 2000, shape),
        torch.rand(shape) > 0.5,
        torch.randint(0, 9, shape).float(),
        torch.randn(shape) * 10 ** random.randint(-7, 9),
        torch.randint(0, 255, shape, dtype=torch.uint8),
    ):
        add(t, grad=("none", "leaf", "fn") if t.dtype == torch.float32 else ("none",))
for t in (torch.arange(1001), torch.arange(1001.0).view(7, 143), torch.arange(1716.0).view(11, 12, 13), torch.arange(1200).view(2, 2, 300)):
    add(t)
HAND = [
    [0.5, 1.5, 2.5, -0.5], [0.00005, 0.00015, 1.0], [0.03125, 0.00003125], [1e8, 1.0], [1e9, 1.0], [1e8 + 8], [1000.0, 1.0],
    [1001.0, 1.0], [1e-4, 0.05], [1e-5], [9.99999e-5], [1e-4], [inf, 1.0], [nan], [-inf, nan, 0.0], [nan, 1.5], [inf, 1e10], [0.0],
    [-0.0, 0.0], [-0.0, 0.5], [123456.0], [12345.678], [99999.99], [0.1, 100.2], [0.1, 100.001], [3.4e38, 1e-45], [2.5e-10, 1.5],
    [-1e-7, -3.0], [0.99995, 1.0], [0.00012345, 0.1], [1.00005, 2], [12345.5], [1234567.5, 0.5],
]
for values in HAND:
    for dtype in (torch.float32, f64):
        add(torch.tensor(values, dtype=dtype))
        add(torch.tensor(values[0], dtype=dtype))
OPTIONS = [
    {"precision": 2}, {"sci_mode": True}, {"sci_mode": False}, {"linewidth": 40}, {"threshold": 5},
    {"edgeitems": 1, "threshold": 5}, {"profile": "short"}, {"profile": "full"}, {"precision": 0}, {"precision": 7, "sci_mode": True},
]
for options in OPTIONS:
    for t in (torch.randn(3, 5), torch.randn(20) * 1e5, torch.arange(60.0).view(3, 20), torch.tensor([1e22, 1.5]), torch.tensor([inf, 0.0])):
        add(t, options)

values = [random.uniform(-1, 1) * 10.0 ** random.randint(-20, 25) for _ in range(100)]
values += [0.1, 1e16, 1e15, 123456789012345680.0, 1e-4, 1e-5, 1.0, 100.0, 5e-324, 1.7e308, 0.1 + 0.2, -0.0, 9999999999999998.0, inf, -inf, nan]
values += [k / 64 for k in range(-70, 70, 3)] + [k / 2 for k in range(99990, 200000, 7919)]
numbers = [[number(v), repr(v), "%.4f" % v, "%.4e" % v, "%.0f" % v] for v in values]
with open(os.path.join(os.path.dirname(__file__), "printing.json"), "w") as file:
    rows = lambda items: "[\n" + ",\n".join(json.dumps(item) for item in items) + "\n]"
    file.write('{"tensors": ' + rows(tensors) + ',\n"numbers": ' + rows(numbers) + "}\n")
