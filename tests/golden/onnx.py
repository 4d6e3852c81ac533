"""Writes onnx.json: files that PyTorch 1.13 exports, and what it computes itself. Read by tests/io/onnx_import_pytorch_test.ts.

Run with: python3 tests/golden/onnx.py
"""
import base64
import io
import json
import math
import os
import warnings

import torch
import torch.nn.functional as F
from torch import nn

warnings.simplefilter("ignore")
torch.set_num_threads(1)


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.norm = nn.Conv2d(2, 4, 3, 2, 1, bias=False), nn.BatchNorm2d(4)
        self.shortcut, self.fc = nn.Conv2d(2, 4, 1, 2), nn.Linear(4, 3)

    def forward(self, x):
        y = F.relu6(self.norm(self.conv(x))) + self.shortcut(x)
        y = F.interpolate(F.max_pool2d(y, 3, 1, 1), scale_factor=2, mode="nearest")
        return self.fc(torch.flatten(F.adaptive_avg_pool2d(y, 1), 1))


class Decoder(nn.Module):
    """Attention over a past, with a causal mask cut out of a table."""

    def __init__(self):
        super().__init__()
        self.words, self.places, self.norm = nn.Embedding(12, 4), nn.Embedding(16, 4), nn.LayerNorm(4)
        self.qkv, self.out = nn.Linear(4, 12), nn.Linear(4, 4)
        self.register_buffer("mask", torch.tril(torch.ones(16, 16, dtype=torch.bool)).view(1, 1, 16, 16))

    def forward(self, ids, past):
        batch, length = ids.shape
        x = self.words(ids) + self.places(torch.arange(past.size(3), past.size(3) + length).unsqueeze(0))
        q, k, v = [t.view(batch, length, 2, 2).transpose(1, 2) for t in self.qkv(self.norm(x)).split(4, dim=2)]
        k, v = torch.cat([past[0], k], 2), torch.cat([past[1], v], 2)
        total = k.size(-2)
        scores = q @ k.transpose(-1, -2) / (k.size(-1) ** 0.5)
        scores = torch.where(self.mask[:, :, total - length:total, :total], scores, torch.tensor(-1e4))
        y = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, length, 4)
        return (x + self.out(y)) @ self.words.weight.t(), torch.stack([k, v])


class Relative(nn.Module):
    """T5's biases of attention, and its norm."""

    def __init__(self):
        super().__init__()
        self.bias, self.weight = nn.Embedding(8, 2), nn.Parameter(torch.rand(4) + 0.5)

    def forward(self, x, mask):
        batch, length = x.shape[0], x.shape[1]
        distance = torch.arange(length)[None, :] - torch.arange(length)[:, None]
        bucket = (distance > 0).long() * 4
        distance = distance.abs()
        far = 2 + (torch.log(distance.float() / 2) / math.log(8) * 2).long()
        bucket += torch.where(distance < 2, distance, torch.min(far, torch.full_like(far, 3)))
        y = self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6))
        heads = y.view(batch, length, 2, 2).transpose(1, 2)
        scores = heads @ heads.transpose(3, 2) + self.bias(bucket).permute(2, 0, 1).unsqueeze(0)
        scores = scores + (1.0 - mask[:, None, None, :].float()) * torch.finfo(torch.float32).min
        return (scores.softmax(-1) @ heads).transpose(1, 2).reshape(batch, -1, 4)


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 2, bidirectional=True, batch_first=True)
        self.gru = nn.GRU(4, 2, batch_first=True)

    def forward(self, x):
        y, (h, _) = self.lstm(x)
        return self.gru(y)[0], h


@torch.jit.script
def repeated(x, count: int):
    y = x
    for k in range(count):
        if bool(y.sum() > 1):
            y = y - x
        else:
            y = y * 1.5 + float(k)
    return y


class Loop(nn.Module):
    def forward(self, x):
        return repeated(x, x.shape[0])


class Writing(nn.Module):
    """Assignments to parts, and selection."""

    def forward(self, x, index):
        y = x.clone()
        y[:, 1:3] = 0
        y[:, :, 0] += 1
        values, _ = x.topk(2, -1)
        return y, values, x.gather(2, index), x.masked_fill(x > 0, -1.0), x.flip(1), x.cumsum(1), F.one_hot(index[:, :, 0], 5)


def tensor(t):
    return {"shape": list(t.shape), "float": t.is_floating_point(), "data": [float("%.7g" % v) for v in t.flatten().tolist()]}


def case(module, inputs, opset, axes):
    torch.manual_seed(3)
    model = module().eval()
    for name, buffer in model.named_buffers():
        if "running" in name:
            buffer.uniform_(0.5, 1.5)
    with torch.no_grad():
        outputs = model(*inputs)
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    file, names = io.BytesIO(), ["input%d" % i for i in range(len(inputs))]
    torch.onnx.export(model, inputs, file, opset_version=opset, input_names=names, dynamic_axes=dict(zip(names, axes)))
    keys = sorted(name for name, _ in model.named_parameters())
    return {
        "file": base64.b64encode(file.getvalue()).decode(),
        "inputs": [tensor(t) for t in inputs],
        "outputs": [tensor(t) for t in outputs],
        "parameters": keys,
    }


torch.manual_seed(2)
words, image = torch.randint(0, 12, (2, 3)), torch.randn(2, 2, 6, 6)
golden = {
    "residual, opset 9": case(Residual, (image,), 9, [{0: "n"}]),
    "residual, opset 11": case(Residual, (image,), 11, [{0: "n"}]),
    "decoder, opset 11": case(Decoder, (words, torch.randn(2, 2, 2, 3, 2)), 11, [{0: "n", 1: "t"}, {1: "n", 3: "p"}]),
    "decoder, opset 16": case(Decoder, (words, torch.randn(2, 2, 2, 3, 2)), 16, [{0: "n", 1: "t"}, {1: "n", 3: "p"}]),
    "relative, opset 13": case(Relative, (torch.randn(2, 5, 4), torch.tensor([[1] * 5, [1, 1, 1, 0, 0]])), 13, [{0: "n", 1: "t"}] * 2),
    "recurrent, opset 9": case(Recurrent, (torch.randn(2, 4, 3),), 9, [{0: "n", 1: "t"}]),
    "loop, opset 14": case(Loop, (torch.randn(4, 2),), 14, [{0: "n"}]),
    "writing, opset 12": case(Writing, (torch.randn(2, 4, 5), torch.randint(0, 4, (2, 4, 2))), 12, [{0: "n"}] * 2),
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "onnx.json"), "w") as f:
    f.write("{" + ",".join("\n%s: %s" % (json.dumps(k), json.dumps(v)) for k, v in golden.items()) + "\n}\n")
