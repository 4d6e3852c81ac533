"""PyTorch's side of tests/io/torch_test.ts.

torch_checkpoints.py write FOLDER      writes checkpoints in both formats, and what training goes on to
torch_checkpoints.py read FOLDER       reads what Tensaur wrote after a step, takes one more, and writes the state
"""
import sys

import torch
from torch import nn

torch.set_num_threads(1)


def network():
    net = nn.Sequential(nn.BatchNorm1d(3), nn.Linear(3, 2))
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.copy_(torch.arange(parameter.numel()).view_as(parameter) / 4 - 0.5)
    return net


def optimizers(net):
    return {
        "adam": torch.optim.Adam(net.parameters(), lr=0.125, amsgrad=True),
        "sgd": torch.optim.SGD(net.parameters(), lr=0.125, momentum=0.5),
    }


def step(net, optimizer):
    optimizer.zero_grad()
    net(torch.arange(12.0).view(4, 3).square()).square().sum().backward()
    optimizer.step()


def write(folder):
    for kind in ("adam", "sgd"):
        net = network()
        optimizer = optimizers(net)[kind]
        step(net, optimizer)
        grid = torch.arange(6.0).view(2, 3)
        wide = torch.arange(6, dtype=torch.int64).view(2, 3)
        value = {
            "model": net.state_dict(), "optimizer": optimizer.state_dict(), "nested": [{"a": (torch.ones(1), [None, 2])}],
            "views": {"grid": grid, "turned": grid.t(), "row": grid[1], "wide": wide[:, 1]},
            "parameter": nn.Parameter(torch.tensor([0.25])),
            "types": [torch.tensor([1, 0, 2], dtype=getattr(torch, name)) for name in
                      ("float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool")],
            "complex": torch.tensor([[1 + 2j, 3 - 4j]]).t(), "empty": torch.zeros(0, 3), "text": "é",
        }
        torch.save(value, f"{folder}/{kind}.zip.pt")
        torch.save(value, f"{folder}/{kind}.legacy.pt", _use_new_zipfile_serialization=False)
        step(net, optimizer)
        step(net, optimizer)
        torch.save(net.state_dict(), f"{folder}/{kind}.expected.pt")
    torch.save(network(), f"{folder}/module.pt")
    torch.save(network(), f"{folder}/module.legacy.pt", _use_new_zipfile_serialization=False)


def read(folder):
    for kind in ("adam", "sgd"):
        value = torch.load(f"{folder}/{kind}.tensaur.pt")
        net = network()
        print(net.load_state_dict(value["model"]))
        optimizer = optimizers(net)[kind]
        optimizer.load_state_dict(value["optimizer"])
        step(net, optimizer)
        torch.save(net.state_dict(), f"{folder}/{kind}.after.pt")
        grid, row, turned, alone = (value["views"][name] for name in ("grid", "row", "turned", "alone"))
        row.add_(10)
        assert grid.tolist() == [[0, 1, 2], [13, 14, 15]] and turned.tolist() == [[0, 13], [1, 14], [2, 15]]
        assert alone.tolist() == [2, 3] and alone.storage().size() == 2


{"write": write, "read": read}[sys.argv[1]](sys.argv[2])
