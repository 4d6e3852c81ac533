"""Writes utils.json: what PyTorch 1.13 gives for torch.nn.utils. Read by tests/nn/utils.

Run with: python3 tests/golden/utils.py
"""
import json
import os
import warnings

import torch
from torch import nn
from torch.nn.utils import parametrizations, prune

warnings.simplefilter("ignore")
torch.set_num_threads(1)


def numbers(t):
    return [float("%.7g" % v) for v in t.detach().flatten().tolist()]


def steps(make, shape):
    """A seeded module through two steps of SGD: names, outputs, state and the gradients of the last step, then the output in evaluation."""
    torch.manual_seed(6)
    module = make()
    names, x = list(module.state_dict()), torch.randn(shape)
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
    outputs = []
    for _ in range(2):
        optimizer.zero_grad()
        y = module(x)
        y = y[0] if isinstance(y, tuple) else y
        (y ** 2).sum().backward()
        optimizer.step()
        outputs.append(numbers(y))
    grads = [numbers(p.grad) for p in module.parameters()]
    state = {k: numbers(v) for k, v in module.state_dict().items()}
    y = module.eval()(x)
    return {"names": names, "shape": shape, "outputs": outputs, "grads": grads, "state": state, "eval": numbers(y[0] if isinstance(y, tuple) else y)}


def masks(apply, count=1):
    """The masks after each of several prunings of the same seeded weight."""
    torch.manual_seed(7)
    module = nn.Linear(5, 4)
    result = []
    for _ in range(count):
        apply(module)
        result.append(numbers(module.weight_mask))
    return result


golden = {
    "steps": {
        "weightNorm": steps(lambda: nn.utils.weight_norm(nn.Linear(3, 2)), (4, 3)),
        "weightNorm of all": steps(lambda: nn.utils.weight_norm(nn.Conv1d(2, 3, 2), dim=None), (2, 2, 4)),
        "weightNorm of a network": steps(lambda: nn.utils.weight_norm(nn.LSTM(2, 3), "weight_hh_l0"), (2, 1, 2)),
        "spectralNorm": steps(lambda: nn.utils.spectral_norm(nn.Linear(3, 2)), (4, 3)),
        "spectralNorm of a transposed convolution": steps(lambda: nn.utils.spectral_norm(nn.ConvTranspose1d(2, 3, 2), n_power_iterations=2), (2, 2, 4)),
        "parametrized spectralNorm": steps(lambda: parametrizations.spectral_norm(nn.Linear(3, 2)), (4, 3)),
        "orthogonal square": steps(lambda: parametrizations.orthogonal(nn.Linear(3, 3)), (4, 3)),
        "orthogonal tall": steps(lambda: parametrizations.orthogonal(nn.Linear(2, 3)), (4, 2)),
        "orthogonal wide": steps(lambda: parametrizations.orthogonal(nn.Linear(3, 2), orthogonal_map="cayley"), (4, 3)),
        "orthogonal of its own": steps(lambda: parametrizations.orthogonal(nn.Linear(2, 3), use_trivialization=False), (4, 2)),
        "pruning": steps(lambda: prune.l1_unstructured(nn.Linear(3, 2), "weight", 0.5), (4, 3)),
    },
    "masks": {
        "randomUnstructured": masks(lambda m: prune.random_unstructured(m, "weight", 0.3), 2),
        "l1Unstructured": masks(lambda m: prune.l1_unstructured(m, "weight", 0.3), 2),
        "randomStructured": masks(lambda m: prune.random_structured(m, "weight", 2, 1), 2),
        "lnStructured": masks(lambda m: prune.ln_structured(m, "weight", 0.25, 2, 0), 2),
        "mixed": masks(lambda m: (prune.ln_structured(m, "weight", 1, float("inf"), 1), prune.l1_unstructured(m, "weight", 3))),
        "global": masks(lambda m: prune.global_unstructured([(m, "weight"), (m, "bias")], prune.L1Unstructured, amount=7)),
    },
}

with open(os.path.join(os.path.dirname(__file__), "utils.json"), "w") as file:
    rows = [json.dumps(k) + ": {\n" + ",\n".join(json.dumps(n) + ": " + json.dumps(v) for n, v in part.items()) + "\n}" for k, part in golden.items()]
    file.write("{" + ",\n".join(rows) + "}\n")
