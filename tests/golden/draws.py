"""Writes draws.json: hashes of what PyTorch 1.13's CPU generator draws. Read by tests/tensor/random_test.ts.

Run with: python3 tests/golden/draws.py (a PyTorch without MKL)
"""
import hashlib
import json
import pathlib

import torch

SEEDS = (0, 42, 119838410, 2**64 - 1)
SIZES = (1, 3, 15, 16, 17, 24, 100, 1000)
f64 = torch.float64
DRAWS = {
    "rand float32": lambda n: torch.rand(n),
    "rand float64": lambda n: torch.rand(n, dtype=f64),
    "rand float16": lambda n: torch.rand(n, dtype=torch.float16),
    "uniform_ float32": lambda n: torch.empty(n).uniform_(-0.3, 0.7123),
    "uniform_ float64": lambda n: torch.empty(n, dtype=f64).uniform_(-0.3, 0.7123),
    "randn float32": lambda n: torch.randn(n),
    "randn float16": lambda n: torch.randn(n, dtype=torch.float16),
    "normal float32": lambda n: torch.normal(0.1, 0.37, (n,)),
    "randint int32": lambda n: torch.randint(-5, 100, (n,), dtype=torch.int32),
    "randint float64": lambda n: torch.randint(0, 2**40, (n,), dtype=f64),
    "randperm int32": lambda n: torch.randperm(n, dtype=torch.int32),
    "bernoulli_ float32": lambda n: torch.empty(n).bernoulli_(0.3),
    "bernoulli float32": lambda n: torch.bernoulli(torch.full((n,), 0.3)),
    "bernoulli float64": lambda n: torch.bernoulli(torch.full((n,), 0.3, dtype=f64)),
    "exponential_ float32": lambda n: torch.empty(n).exponential_(1.5),
    "random_ float32": lambda n: torch.empty(n).random_(),
    "random_ float64": lambda n: torch.empty(n, dtype=f64).random_(),
    "random_ uint8": lambda n: torch.empty(n, dtype=torch.uint8).random_(),
    "multinomial int32": lambda n: torch.multinomial(torch.arange(1.0, 1001.0), n).int(),
    "multinomial replacement int32": lambda n: torch.multinomial(torch.arange(1.0, 8.0), n, replacement=True).int(),
}

cases = []
for seed in SEEDS:
    for n in SIZES:
        for name, draw in DRAWS.items():
            torch.manual_seed(seed)
            data = draw(n).numpy().tobytes()
            # The next number shows how far the generator went, and whether it kept half of a pair.
            after = torch.randn(1).numpy().tobytes()
            cases.append([str(seed), n, name, hashlib.sha256(data + after).hexdigest()[:12]])

torch.manual_seed(3)
near = {"randn float64": torch.randn(40, dtype=f64).tolist(), "exponential_ float64": torch.empty(40, dtype=f64).exponential_(1.5).tolist()}
torch.manual_seed(123456789012)
torch.randn(3)
state = bytes(torch.get_rng_state().tolist())
text = json.dumps({"cases": cases, "near": near, "state": hashlib.sha256(state).hexdigest()})
(pathlib.Path(__file__).parent / "draws.json").write_text(text.replace("], [", "],\n[") + "\n")
