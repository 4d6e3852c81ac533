"""Writes checkpoint.pt and legacy.pt, which tests/io/pytorch_test.ts reads, and reads written.pt, which tests/io/written_checkpoint.ts writes.

Run with: python3 tests/golden/checkpoint.py
"""

import collections
import os

import torch
from torch import nn

torch.set_num_threads(1)
here = os.path.dirname(os.path.abspath(__file__))


def module():
    net = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.copy_(torch.arange(parameter.numel()).view_as(parameter) / 4 - 0.5)
    return net


def write():
    net = module()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.125, amsgrad=True)
    for step in range(2):
        optimizer.zero_grad()
        net(torch.arange(12.0).view(4, 3).square()).square().sum().backward()
        optimizer.step()
    grid = torch.arange(6.0).view(2, 3)
    shared = torch.ones(3)
    value = {
        "model": net.state_dict(),
        "optimizer": optimizer.state_dict(),
        "losses": net(torch.arange(12.0).view(4, 3)).detach(),
        "views": {"grid": grid, "turned": grid.t(), "row": grid[1], "wide": torch.tensor([2.5]).expand(3), "column": torch.arange(4.0).view(2, 2)[:, 1]},
        "twice": [shared, shared],
        "types": [torch.tensor([1, 0, 2], dtype=getattr(torch, name)) for name in
                  ("float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool")],
        "scalar": torch.tensor(1.5), "empty": torch.zeros(0, 3), "learned": torch.tensor([1.0], requires_grad=True),
        "parameter": nn.Parameter(torch.tensor([0.25]), requires_grad=False),
        "plain": [None, True, False, 7, -300, 70000, 2**40, 2**70, 0.1, "text é", (1, 2), {"a": {"b": []}}],
        "size": torch.Size([2, 3]), "set": {3, 4}, "keys": {(1, 2): "pair", 5: "five"},
        "counter": collections.Counter({30: 1}), "dtype": torch.float32, "device": torch.device("cpu"),
        "default": collections.defaultdict(list, {"x": [1]}),
    }
    torch.save(value, os.path.join(here, "checkpoint.pt"))
    torch.save(value, os.path.join(here, "legacy.pt"), _use_new_zipfile_serialization=False)


def read():
    state = torch.load(os.path.join(here, "written.pt"))
    net = module()
    print(net.load_state_dict(state["model"]))
    optimizer = torch.optim.Adam(net.parameters(), lr=1)
    optimizer.load_state_dict(state["optimizer"])
    assert optimizer.param_groups[0]["lr"] == 0.125 and list(optimizer.param_groups[0]["betas"]) == [0.5, 0.75]
    first = optimizer.state[net[0].weight]
    assert first["step"] == 3 and first["exp_avg"].tolist() == [[0, 1, 2], [3, 4, 5]]
    net(torch.ones(4, 3)).sum().backward()
    optimizer.step()
    a, b = state["tied"]
    assert a.data_ptr() == b.data_ptr() and a.tolist() == [1.5, 2.5]
    assert isinstance(state["parameter"], nn.Parameter) and state["parameter"].requires_grad
    types = state["types"]
    assert [str(x.dtype) for x in types] == ["torch." + t for t in ("float32", "float64", "int32", "int64", "uint8", "bool")]
    assert types[3].tolist() == [4000000000] and types[5].tolist() == [True, False] and types[4].shape == (0, 2)
    plain = [None, True, False, 7, -300, 70000, 2**40, -2**70, 0.1, 1e300, "text é", [1], {"a": {}}, {1, 2}]
    assert state["plain"] == plain, state["plain"]
    assert str(state["negative zero"]) == "-0.0" and state["map"] == {5: "five", "six": 6}
    assert state["list"].keys() == {"0", "1"}


write()
read()
