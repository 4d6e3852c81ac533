"""Writes sequences.json: what PyTorch 1.13 gives for attention, transformers and recurrent networks. Read by tests/nn.

Run with: python3 tests/golden/sequences.py
"""
import json
import os
import re
import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")
torch.set_num_threads(1)


def camel(name):
    return re.sub(r"_([a-z])", lambda m: m[1].upper(), name)


def numbers(t):
    return [float("%.7g" % v) for v in t.detach().flatten().tolist()]


def tensor(t):
    return {"dtype": str(t.dtype).split(".")[1], "shape": list(t.shape), "data": ["-Infinity" if v == float("-inf") else v for v in t.flatten().tolist()]}


def flat(outputs):
    if outputs is None or isinstance(outputs, torch.Tensor):
        return [] if outputs is None else [outputs]
    return [t for o in outputs for t in flat(o)]


def module(name, *args, shapes, masks={}, call={}, same=False, eval=False, state=True, **options):
    """A seeded module, its state, and output and gradients for inputs drawn after it. `same`: the first input stands for three."""
    torch.manual_seed(3)
    layer = getattr(nn, name)(*args, **options)
    layer.train(not eval)
    inputs = [torch.randn(shape, requires_grad=True) for shape in shapes]
    outputs = flat(layer(*(inputs * 3 if same else inputs), **masks, **call))
    weights = [torch.randn(o.shape) for o in outputs]
    sum((o * w).sum() for o, w in zip(outputs, weights)).backward()
    return {
        "name": name, "args": args, "options": {camel(k): v for k, v in options.items()}, "shapes": shapes, "same": same, "eval": eval,
        "masks": {camel(k): tensor(v) for k, v in masks.items()}, "call": {camel(k): v for k, v in call.items()},
        "state": {k: [list(v.shape), numbers(v)] for k, v in layer.state_dict().items()} if state else None,
        "outputs": [[list(o.shape), numbers(o)] for o in outputs],
        "grads": [numbers(t.grad) for t in [*inputs, *(layer.parameters() if state else [])]],
    }


causal = torch.triu(torch.ones(3, 3), 1).bool()
added = torch.tensor([[0.5, 0, -1, 0], [0, float("-inf"), 0, 2], [0.25, 0, 0, 0]])
padding = torch.tensor([[False, False, True, True], [False, False, False, True]])
golden = {}
golden["attention"] = [
    module("MultiheadAttention", 4, 2, shapes=[(3, 2, 4)], same=True),
    module("MultiheadAttention", 4, 2, shapes=[(2, 3, 4)], same=True, batch_first=True, bias=False, masks={"attn_mask": causal}, call={"need_weights": False}),
    module("MultiheadAttention", 4, 2, shapes=[(3, 2, 4), (4, 2, 3), (4, 2, 5)], kdim=3, vdim=5, add_bias_kv=True, masks={"attn_mask": added, "key_padding_mask": padding}),
    module("MultiheadAttention", 4, 2, shapes=[(3, 4), (4, 4), (4, 4)], add_zero_attn=True, masks={"attn_mask": torch.stack([added, added == 0.25]), "key_padding_mask": padding[0]}, call={"average_attn_weights": False}),
    module("MultiheadAttention", 4, 2, shapes=[(2, 3, 4), (2, 4, 4), (2, 4, 4)], batch_first=True, dropout=0.5, add_bias_kv=True, add_zero_attn=True, masks={"key_padding_mask": padding}),
    module("MultiheadAttention", 4, 2, shapes=[(2, 3, 4), (2, 4, 4), (2, 4, 4)], batch_first=True, dropout=0.5, eval=True, state=False, masks={"attn_mask": (torch.arange(48).reshape(4, 3, 4) % 5 == 0)}),
]
golden["transformers"] = [
    module("TransformerEncoderLayer", 4, 2, shapes=[(2, 3, 4)], dim_feedforward=5, batch_first=True, masks={"src_mask": causal, "src_key_padding_mask": padding[:, 1:]}),
    module("TransformerEncoderLayer", 4, 2, shapes=[(3, 4)], dim_feedforward=5, dropout=0.0, norm_first=True, activation="gelu", layer_norm_eps=1e-3, state=False),
    module("TransformerDecoderLayer", 4, 2, shapes=[(3, 2, 4), (4, 2, 4)], dim_feedforward=5, masks={"tgt_mask": causal, "memory_key_padding_mask": padding}),
    module("TransformerDecoderLayer", 4, 2, shapes=[(2, 3, 4), (2, 4, 4)], dim_feedforward=5, dropout=0.3, batch_first=True, norm_first=True, state=False, masks={"memory_mask": added}),
    module("Transformer", 4, 2, shapes=[(4, 2, 4), (3, 2, 4)], num_encoder_layers=2, num_decoder_layers=1, dim_feedforward=3, masks={"tgt_mask": causal, "src_key_padding_mask": padding, "memory_mask": added}),
]
golden["recurrent"] = [
    module("RNN", 3, 4, shapes=[(3, 2, 3)], nonlinearity="relu", num_layers=2, bidirectional=True),
    module("RNN", 3, 2, shapes=[(2, 3)], bias=False),
    module("GRU", 3, 2, shapes=[(2, 3, 3), (4, 2, 2)], num_layers=2, bidirectional=True, batch_first=True, dropout=0.4, state=False),
    module("GRU", 3, 2, shapes=[(3, 2, 3)]),
    module("LSTM", 3, 4, shapes=[(3, 2, 3)], proj_size=2, num_layers=2, bidirectional=True),
    module("LSTM", 3, 2, shapes=[(3, 3)], batch_first=True, num_layers=2, dropout=0.5, state=False),
    module("RNNCell", 3, 2, shapes=[(2, 3), (2, 2)], nonlinearity="relu"),
    module("GRUCell", 3, 2, shapes=[(3,)]),
    module("LSTMCell", 3, 2, shapes=[(2, 3)]),
]


def packed(name, *args, lengths, shapes, **options):
    """Packed sequences through a seeded network: padded output, last states, gradients of input and first states."""
    torch.manual_seed(4)
    layer = getattr(nn, name)(*args, **options)
    inputs = [torch.randn(shape, requires_grad=True) for shape in shapes]
    x, states = inputs[0], inputs[1:]
    hx = tuple(states) if len(states) > 1 else states[0] if states else None
    packed = nn.utils.rnn.pack_padded_sequence(x, lengths, enforce_sorted=False)
    out, last = layer(packed, hx)
    outputs = [nn.utils.rnn.pad_packed_sequence(out, padding_value=9)[0], *flat(last)]
    weights = [torch.randn(o.shape) for o in outputs]
    sum((o * w).sum() for o, w in zip(outputs, weights)).backward()
    return {
        "name": name, "args": args, "options": {camel(k): v for k, v in options.items()}, "lengths": lengths, "shapes": shapes,
        "outputs": [[list(o.shape), numbers(o)] for o in outputs],
        "grads": [numbers(t.grad) for t in [*inputs, *list(layer.parameters())[:2]]],
    }


golden["packed"] = [
    packed("RNN", 3, 2, lengths=[2, 4, 1], shapes=[(4, 3, 3), (1, 3, 2)]),
    packed("GRU", 3, 2, lengths=[2, 4, 2], shapes=[(5, 3, 3)], num_layers=2, bidirectional=True, dropout=0.5),
    packed("LSTM", 3, 3, lengths=[1, 3, 2], shapes=[(3, 3, 3), (2, 3, 2), (2, 3, 3)], bidirectional=True, proj_size=2),
]

with open(os.path.join(os.path.dirname(__file__), "sequences.json"), "w") as file:
    parts = ["%s: [\n%s\n]" % (json.dumps(key), ",\n".join(json.dumps(v) for v in value)) for key, value in golden.items()]
    file.write("{" + ",\n".join(parts) + "}\n")
