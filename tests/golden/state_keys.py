"""Writes state_keys.json: names, shapes and dtypes of the states of all of PyTorch 1.13's modules, and what is said of states that do not fit.
Read by tests/nn/state_keys_test.ts.

Run with: python3 tests/golden/state_keys.py
"""
import json
import os
import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")


class Of:
    """A module: its class, arguments and options."""

    def __init__(self, name, *args, **options):
        self.name, self.args, self.options = name, args, options

    def make(self):
        return getattr(nn, self.name)(*map(made, self.args), **{k: made(v) for k, v in self.options.items()})

    def json(self):
        return {"name": self.name, "args": [plain(x) for x in self.args], "options": {k: plain(v) for k, v in self.options.items()}}


def made(x):
    if isinstance(x, Of):
        return x.make()
    if isinstance(x, (list, tuple)):
        return type(x)(made(y) for y in x)
    return {k: made(v) for k, v in x.items()} if isinstance(x, dict) else x


def plain(x):
    if isinstance(x, Of):
        return x.json()
    if isinstance(x, (list, tuple)):
        return [plain(y) for y in x]
    return {k: plain(v) for k, v in x.items()} if isinstance(x, dict) else x


linear, layer = Of("Linear", 2, 3), Of("TransformerEncoderLayer", 4, 2, dim_feedforward=6)
decoder = Of("TransformerDecoderLayer", 4, 2, dim_feedforward=6)
CASES = [
    linear, Of("Linear", 2, 3, bias=False), Of("Bilinear", 2, 3, 4), Of("Identity"), Of("Flatten"), Of("Unflatten", 1, [2, 3]),
    *[Of(f"Conv{n}d", 2, 4, 3, groups=2) for n in (1, 2, 3)], *[Of(f"ConvTranspose{n}d", 4, 2, 3, groups=2, bias=False) for n in (1, 2, 3)],
    *[Of(f"ConvTranspose{n}d", 2, 4, 3) for n in (1, 2, 3)], *[Of(f"LazyConv{n}d", 2, 3) for n in (1, 2, 3)],
    *[Of(f"LazyConvTranspose{n}d", 2, 3) for n in (1, 2, 3)], Of("LazyLinear", 3),
    *[Of(f"LazyBatchNorm{n}d") for n in (1, 2, 3)], *[Of(f"LazyInstanceNorm{n}d") for n in (1, 2, 3)],
    *[Of(f"BatchNorm{n}d", 3) for n in (1, 2, 3)], Of("BatchNorm1d", 3, affine=False), Of("BatchNorm2d", 3, track_running_stats=False),
    *[Of(f"InstanceNorm{n}d", 3) for n in (1, 2, 3)], Of("InstanceNorm2d", 3, affine=True, track_running_stats=True),
    Of("LayerNorm", [2, 3]), Of("LayerNorm", 3, elementwise_affine=False), Of("GroupNorm", 2, 4), Of("GroupNorm", 2, 4, affine=False),
    Of("LocalResponseNorm", 2), Of("CrossMapLRN2d", 2), Of("Embedding", 5, 3), Of("Embedding", 5, 3, padding_idx=0), Of("EmbeddingBag", 5, 3),
    *[Of(name, 3, 4, num_layers=2, bidirectional=True) for name in ("RNN", "LSTM", "GRU")], Of("LSTM", 3, 4, proj_size=2, num_layers=2),
    Of("GRU", 3, 4, bias=False), Of("RNNCell", 3, 4), Of("LSTMCell", 3, 4), Of("GRUCell", 3, 4, bias=False),
    Of("MultiheadAttention", 4, 2), Of("MultiheadAttention", 4, 2, bias=False), Of("MultiheadAttention", 4, 2, kdim=3, vdim=5, add_bias_kv=True),
    layer, decoder, Of("TransformerEncoder", layer, 2), Of("TransformerDecoder", decoder, 2),
    Of("TransformerEncoder", layer, 1, norm=Of("LayerNorm", 4)),
    Of("Transformer", 4, 2, num_encoder_layers=1, num_decoder_layers=2, dim_feedforward=6),
    Of("Sequential", linear, Of("ReLU"), Of("Sequential", Of("PReLU"))), Of("ModuleList", [linear, Of("BatchNorm1d", 2)]),
    Of("ModuleDict", {"b": linear, "a": Of("PReLU", 3)}), Of("ParameterList"), Of("ParameterDict"), Of("AdaptiveLogSoftmaxWithLoss", 4, 9, [3, 6], head_bias=True),
    Of("PReLU"), Of("PReLU", 3), *[Of(name) for name in (
        "CELU ELU GELU GLU Hardshrink Hardsigmoid Hardswish Hardtanh LeakyReLU LogSigmoid LogSoftmax Mish RReLU ReLU ReLU6 SELU SiLU Sigmoid Softmax "
        "Softmax2d Softmin Softplus Softshrink Softsign Tanh Tanhshrink AlphaDropout Dropout Dropout1d Dropout2d Dropout3d FeatureAlphaDropout "
        "BCELoss BCEWithLogitsLoss CTCLoss CosineEmbeddingLoss CosineSimilarity CrossEntropyLoss GaussianNLLLoss HingeEmbeddingLoss HuberLoss KLDivLoss "
        "L1Loss MSELoss MarginRankingLoss MultiLabelMarginLoss MultiLabelSoftMarginLoss MultiMarginLoss NLLLoss PairwiseDistance PoissonNLLLoss "
        "SmoothL1Loss SoftMarginLoss TripletMarginLoss TripletMarginWithDistanceLoss"
    ).split()],
    Of("Threshold", 0.1, 2), Of("ChannelShuffle", 2), Of("PixelShuffle", 2), Of("PixelUnshuffle", 2), Of("Fold", 4, 2), Of("Unfold", 2),
    Of("FractionalMaxPool2d", 2, output_size=3), Of("FractionalMaxPool3d", 2, output_size=3), Of("Upsample", scale_factor=2),
    Of("UpsamplingBilinear2d", scale_factor=2), Of("UpsamplingNearest2d", scale_factor=2), Of("LPPool1d", 2, 2), Of("LPPool2d", 2, 2),
    *[Of(f"{kind}Pool{n}d", 2) for kind in ("Avg", "Max", "AdaptiveAvg", "AdaptiveMax") for n in (1, 2, 3)],
    *[Of(f"MaxUnpool{n}d", 2) for n in (1, 2, 3)], *[Of(f"ConstantPad{n}d", 1, 0) for n in (1, 2, 3)], Of("ZeroPad2d", 1),
    *[Of(f"{kind}Pad{n}d", 1) for kind in ("Reflection", "Replication") for n in (1, 2, 3)],
]


def report(module):
    """What loading says of a state that lacks the first entry, has one too much, and has the last in another shape."""
    state = module.state_dict()
    keys = list(state)
    state[keys[-1]] = torch.zeros(7, 7)
    del state[keys[0]]
    state["extra.entry"] = torch.zeros(1)
    try:
        module.load_state_dict(state)
    except RuntimeError as error:
        strict = str(error)
    if keys[-1] in state:
        state[keys[-1]] = module.state_dict()[keys[-1]]
    if len(keys) == 1:
        state.pop(keys[0], None)
    return [strict, str(module.load_state_dict(state, strict=False))]


golden = []
for case in CASES:
    module = case.make()
    lazy = case.name.startswith("Lazy")
    state = {k: None if isinstance(v, nn.parameter.UninitializedTensorMixin) else [list(v.shape), str(v.dtype).replace("torch.", "")]
             for k, v in module.state_dict().items()}
    golden.append({**case.json(), "state": state, "report": report(module) if state and not lazy else None})
modules = sorted(k for k, v in vars(nn).items() if isinstance(v, type) and issubclass(v, nn.Module))
missing = set(modules) - {case.name for case in CASES}
left_out = {"Container", "DataParallel", "Module", "NLLLoss2d", "RNNBase", "RNNCellBase", "SyncBatchNorm"}
assert missing == left_out, missing ^ left_out
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "state_keys.json"), "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in golden) + "\n]\n")
