"""Native PyTorch, eager, on the CPU: the same data, driver and line of result as `data.ts` and `driver.ts`."""
import json
import math
import os
import resource
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

torch.set_num_threads(int(os.environ.get("BENCH_THREADS", "2")))


# Data


def hashed(n, seed):
    x = np.arange(n, dtype=np.uint32) + np.uint32((seed * 0x9E3779B9) & 0xFFFFFFFF)
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def uniform(n, seed, low=-1.0, high=1.0):
    scale = (high - low) / 2**24
    return (low + scale * (hashed(n, seed) >> np.uint32(8)).astype(np.float64)).astype(np.float32)


def floats(shape, seed, low=-1.0, high=1.0):
    return torch.from_numpy(uniform(math.prod(shape), seed, low, high)).reshape(shape)


def ints(n, seed, limit):
    return torch.from_numpy((hashed(n, seed) % np.uint32(limit)).astype(np.int64))


def load(layer, seed):
    """Sets the layer's parameters to values uniform within 1/sqrt(fan in)."""
    bound = 1 / math.sqrt(layer.weight[0].numel())
    with torch.no_grad():
        layer.weight.copy_(floats(layer.weight.shape, seed, -bound, bound))
        layer.bias.copy_(floats(layer.bias.shape, seed + 1, -bound, bound))
    return layer


# Workloads: a function that runs one iteration and one that returns its whole result, or a training step and its loss


def operation(compute):
    def run():
        with torch.no_grad():
            return compute()

    return run, lambda: run().numpy()


def sync(w):
    x = floats([4096], 1)
    return (lambda: (x + 1).sum().item()), (lambda: (x + 1).sum().numpy())


def xent(w):
    x = floats([w["rows"], w["classes"]], 1, -2, 2).requires_grad_()
    target = ints(w["rows"], 2, w["classes"])

    def run():
        x.grad = None
        loss = F.cross_entropy(x, target)
        loss.backward()
        return loss.item()

    def out():
        run()
        return x.grad.numpy()

    return run, out


def matmul(w):
    a, b = floats([w["n"], w["n"]], 1), floats([w["n"], w["n"]], 2)
    return operation(lambda: a @ b)


def bmm(w):
    shape = [w["b"], w["n"], w["n"]]
    a, b = floats(shape, 1), floats(shape, 2)
    return operation(lambda: a @ b)


def matvec(w):
    a, b = floats([w["n"], w["n"]], 1), floats([w["n"]], 2)
    return operation(lambda: a @ b)


def ewchain(w):
    x = floats([w["n"]], 1)
    return operation(lambda: torch.tanh(torch.exp(x) + x * x))


def total(w):
    x = floats([w["n"]], 1, 0, 1)
    return operation(lambda: x.sum())


def softmax(w):
    x = floats([w["rows"], w["cols"]], 1, -2, 2)
    return operation(lambda: F.softmax(x, -1))


def layernorm(w):
    cols = w["cols"]
    x, weight, bias = floats([w["rows"], cols], 1), floats([cols], 2, 0.5, 1.5), floats([cols], 3)
    return operation(lambda: F.layer_norm(x, (cols,), weight, bias))


def trainer(optimizer, compute_loss):
    last = None

    def step():
        nonlocal last
        optimizer.zero_grad(set_to_none=True)
        last = compute_loss()
        last.backward()
        optimizer.step()

    return step, lambda: last.item()


def mlp(w):
    sizes, layers = w["sizes"], []
    for i in range(len(sizes) - 1):
        layers += [nn.ReLU()] * (i > 0) + [load(nn.Linear(sizes[i], sizes[i + 1]), 10 + 2 * i)]
    net = nn.Sequential(*layers)
    x, y = floats([w["batch"], sizes[0]], 1), ints(w["batch"], 2, sizes[-1])
    return trainer(torch.optim.Adam(net.parameters(), lr=w["lr"]), lambda: F.cross_entropy(net(x), y))


def cnn(w):
    net = nn.Sequential(
        *[load(nn.Conv2d(1, 16, 3, padding=1), 10), nn.ReLU(), nn.MaxPool2d(2)],
        *[load(nn.Conv2d(16, 32, 3, padding=1), 12), nn.ReLU(), nn.MaxPool2d(2)],
        *[nn.Flatten(), load(nn.Linear(1568, 10), 14)],
    )
    x, y = floats([w["batch"], 1, 28, 28], 1), ints(w["batch"], 2, 10)
    optimizer = torch.optim.SGD(net.parameters(), lr=w["lr"], momentum=w["momentum"])
    return trainer(optimizer, lambda: F.cross_entropy(net(x), y))


class Block(nn.Module):
    def __init__(self, d, heads, seq):
        super().__init__()
        self.heads, self.norm1, self.norm2 = heads, nn.LayerNorm(d), nn.LayerNorm(d)
        self.qkv, self.projection = load(nn.Linear(d, 3 * d), 10), load(nn.Linear(d, d), 12)
        self.expand, self.contract = load(nn.Linear(d, 4 * d), 14), load(nn.Linear(4 * d, d), 16)
        self.register_buffer("hidden", torch.triu(torch.ones(seq, seq, dtype=torch.bool), 1))

    def forward(self, x):
        batch, seq, d = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(batch, seq, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        scores = (q @ k.transpose(-2, -1)) * (d // self.heads) ** -0.5
        weights = scores.masked_fill(self.hidden, float("-inf")).softmax(-1)
        h = x + self.projection((weights @ v).transpose(1, 2).reshape(batch, seq, d))
        return h + self.contract(F.gelu(self.expand(self.norm2(h))))


def transformer(w):
    shape = [w["batch"], w["seq"], w["d"]]
    block, x, y = Block(w["d"], w["heads"], w["seq"]), floats(shape, 1), floats(shape, 2)
    return trainer(torch.optim.SGD(block.parameters(), lr=w["lr"]), lambda: F.mse_loss(block(x), y))


def startup(w):
    return F.cross_entropy(floats([3, 5], 1), ints(3, 2, 5)).item()


# Measuring

QUICK = os.environ.get("BENCH_QUICK") == "1"
SAMPLES, MOST_SAMPLES = (3 if QUICK else 7), 300
WARM_MS, TIMED_MS, MOST_MS = (1500, 150, 5_000) if QUICK else (1500, 1000, 45_000)
CHUNK_MS, TRAIN_CHUNK_MS = 2, (100 if QUICK else 1000)


def now():
    return time.perf_counter() * 1000


def timed(repeat, run):
    start = now()
    for _ in range(repeat):
        run()
    return (now() - start) / repeat


def summary(samples):
    return {"median": float(np.median(samples)), "min": min(samples), "samples": len(samples)}


def checksum(values):
    values = np.asarray(values, dtype=np.float64).ravel()
    return [float(np.abs(values).sum()), float((values * uniform(values.size, 999)).sum())]


def measure_op(run, out):
    first = timed(1, run)
    start, n = now(), 0
    while n < 3 or now() - start < WARM_MS:
        last, n = timed(1, run), n + 1
    chunk = max(1, min(200, math.ceil(CHUNK_MS / last)))
    samples, start = [], now()
    while (len(samples) < SAMPLES or now() - start < TIMED_MS) and len(samples) < MOST_SAMPLES and now() - start < MOST_MS:
        samples.append(timed(chunk, run))
    return {"first": first, "chunk": chunk, "check": checksum(out()), **summary(samples)}


def measure_training(step, loss):
    def single():
        step()
        losses.append(loss())

    losses = []
    first = timed(1, single)
    for _ in range(9):
        last = timed(1, single)
    chunk = max(1, min(50, round(TRAIN_CHUNK_MS / last)))

    def several():
        for _ in range(chunk):
            step()
        loss()

    start = now()
    while True:
        several()
        if now() - start >= WARM_MS:
            break
    samples, start = [], now()
    while len(samples) < SAMPLES and now() - start < MOST_MS:
        samples.append(timed(1, several) / chunk)
    return {"first": first, "chunk": chunk, "check": [losses[0], losses[9]], **summary(samples)}


def resident_mib():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def measure_memory(step, loss, marks):
    rss, done, start = {}, 0, now()
    for mark in marks:
        while done < mark:
            step()
            done += 1
            if done % 10 == 0:
                loss()
        loss()
        rss[done] = resident_mib()
    return {"rss": rss, "median": (now() - start) / done}


def main():
    workload = json.loads(sys.argv[1])
    impls = dict(
        startup=startup, sync=sync, xent=xent, matmul=matmul, bmm=bmm, matvec=matvec, ewchain=ewchain, sum=total,
        softmax=softmax, layernorm=layernorm, mlp=mlp, cnn=cnn, transformer=transformer,
    )
    made = impls[workload["impl"]](workload)
    if workload["kind"] == "startup":
        result = {"check": [made, 0]}
    elif workload["kind"] == "op":
        result = measure_op(*made)
    elif workload["kind"] == "train":
        result = measure_training(*made)
    else:
        result = measure_memory(*made, workload["steps"])
    used = resource.getrusage(resource.RUSAGE_SELF)
    result.update(peakMiB=used.ru_maxrss / 1024, cpuMs=(used.ru_utime + used.ru_stime) * 1000)
    print("@@BENCH " + json.dumps(result))


main()
