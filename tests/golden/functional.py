"""Writes functional.json: what PyTorch 1.13 gives for the operations of functional/, and their gradients.

Run with: python3 tests/golden/functional.py
"""
import json
import math
import os

import torch
import torch.nn.functional as F

cases = []
SPECIAL = [math.nan, math.inf, -math.inf, -0.0, 0.0, 1.0, -1.0, 0.3, -0.7, 2.5, -2.5, 6.0, 20.5, -20.5, 95.0, -95.0, 1e-8]
torch.manual_seed(0)


def number(v):
    if isinstance(v, bool):
        return int(v)
    if isinstance(v, int):
        return v
    if math.isnan(v):
        return "NaN"
    if math.isinf(v):
        return "Infinity" if v > 0 else "-Infinity"
    if v == 0:
        return "-0" if math.copysign(1, v) < 0 else 0
    return float(f"{v:.8g}")


def encode(t):
    names = {torch.float32: "float32", torch.int64: "int32", torch.bool: "bool", torch.uint8: "uint8", torch.float64: "float64", torch.int32: "int32"}
    return {"dtype": names[t.dtype], "shape": list(t.shape), "data": [number(v) for v in t.detach().flatten().tolist()]}


def case(name, f, tensors, args=None, grad=True, **options):
    """`args` are those of our function: "$0" is tensor 0; by default the tensors, then the options."""
    inputs = [t.clone().requires_grad_(grad and t.is_floating_point()) for t in tensors]
    out = f(*inputs)
    outs = list(out) if isinstance(out, (tuple, list)) else [out]
    entry = {"name": name, "tensors": [encode(t) for t in tensors]}
    entry["args"] = args if args is not None else [f"${i}" for i in range(len(tensors))] + ([options] if options else [])
    entry["out"] = [encode(o) for o in outs]
    loss = sum((o * torch.arange(1, o.numel() + 1).reshape(o.shape)).sum() for o in outs if o.requires_grad)
    if isinstance(loss, torch.Tensor):
        grads = torch.autograd.grad(loss, [i for i in inputs if i.requires_grad], allow_unused=True)
        found = iter(grads)
        entry["grads"] = [None if not i.requires_grad else (lambda g: None if g is None else [number(v) for v in g.flatten().tolist()])(next(found)) for i in inputs]
    cases.append(entry)


special = torch.tensor(SPECIAL)
for name, f in {
    "neg": torch.neg, "abs": torch.abs, "sign": torch.sign, "reciprocal": torch.reciprocal, "sqrt": torch.sqrt, "rsqrt": torch.rsqrt,
    "square": torch.square, "exp": torch.exp, "exp2": torch.exp2, "expm1": torch.expm1, "log": torch.log, "log2": torch.log2,
    "log10": torch.log10, "log1p": torch.log1p, "tanh": torch.tanh, "atan": torch.atan, "asinh": torch.asinh, "sigmoid": torch.sigmoid,
    "erf": torch.erf, "erfc": torch.erfc, "floor": torch.floor, "ceil": torch.ceil, "round": torch.round, "trunc": torch.trunc,
    "relu": F.relu, "relu6": F.relu6, "leakyRelu": F.leaky_relu, "elu": F.elu, "selu": F.selu, "celu": F.celu,
    "softplus": F.softplus, "hardtanh": F.hardtanh, "hardsigmoid": F.hardsigmoid, "hardswish": F.hardswish,
    "softshrink": F.softshrink, "hardshrink": F.hardshrink, "logsigmoid": F.logsigmoid, "nanToNum": torch.nan_to_num, "isnan": torch.isnan,
    "isinf": torch.isinf, "isfinite": torch.isfinite, "signbit": torch.signbit,
}.items():
    case(name, f, [special])
finite = torch.tensor([v for v in SPECIAL if math.isfinite(v)])
for name, f in {"gelu": F.gelu, "silu": F.silu, "mish": F.mish, "tanhshrink": F.tanhshrink, "softsign": F.softsign, "sin": torch.sin, "cos": torch.cos}.items():
    case(name, f, [finite])
case("gelu", lambda x: F.gelu(x, approximate="tanh"), [finite], approximate="tanh")

a, b = torch.meshgrid(torch.tensor([math.nan, math.inf, -math.inf, 0.0, -0.0, 1.5, -2.0]), torch.tensor([math.nan, math.inf, -math.inf, 0.0, 1.5, -2.0]), indexing="ij")
a, b = a.flatten(), b.flatten()
for name, f in {
    "add": torch.add, "mul": torch.mul, "div": torch.div, "maximum": torch.maximum, "minimum": torch.minimum, "fmax": torch.fmax,
    "fmin": torch.fmin, "pow": torch.pow, "atan2": torch.atan2, "xlogy": torch.xlogy, "logaddexp": torch.logaddexp, "eq": torch.eq, "ne": torch.ne,
    "lt": torch.lt, "le": torch.le, "gt": torch.gt, "ge": torch.ge, "logicalAnd": torch.logical_and, "heaviside": torch.heaviside,
    "copysign": torch.copysign,
}.items():
    case(name, f, [a, b], grad=name not in ("pow", "atan2", "heaviside", "copysign"))

i, j = torch.tensor([7, -7, 7, -7, 0]), torch.tensor([3, 3, -3, -3, 5])
x, y = torch.tensor([7.5, -7.5, 7.5, -7.5, 1.0]), torch.tensor([2.0, 2.0, -2.0, -2.0, 0.1])
for p in ((i, j), (x, y)):
    case("remainder", torch.remainder, p)
    case("fmod", torch.fmod, p)
    case("floorDivide", torch.floor_divide, p, grad=False)
    case("div", lambda a, b: torch.div(a, b, rounding_mode="trunc"), p, roundingMode="trunc")
    case("div", lambda a, b: torch.div(a, b, rounding_mode="floor"), p, roundingMode="floor")
case("div", torch.div, (i, j))
case("bitwiseAnd", torch.bitwise_and, (i, j))
case("bitwiseXor", torch.bitwise_xor, (i, j))
case("bitwiseNot", torch.bitwise_not, (i,))
case("pow", lambda a: torch.pow(a, 3), (i,), ["$0", 3])
case("add", lambda a, b: torch.add(a, b, alpha=2), (i, j), alpha=2)
case("exp", torch.exp, (i,))

m = torch.tensor([[3.0, 1.0, 3.0], [2.0, 5.0, -1.0]])
n = torch.tensor([[1.0, math.nan, 3.0], [2.0, 2.0, 2.0], [-math.inf, -math.inf, -math.inf], [math.inf, 1.0, 0.0]])
for t in (m, n):
    for dim in (0, 1):
        case("sum", lambda x: x.sum(dim), [t], ["$0", dim])
        case("mean", lambda x: x.mean(dim, keepdim=True), [t], ["$0", dim, {"keepdim": True}])
        case("max", lambda x: x.max(dim), [t], ["$0", dim])
        case("min", lambda x: x.min(dim), [t], ["$0", dim])
        case("amax", lambda x: x.amax(dim), [t], ["$0", dim], grad=t is m)
        case("argmax", lambda x: x.argmax(dim), [t], ["$0", dim])
        case("argmin", lambda x: x.argmin(dim, keepdim=True), [t], ["$0", dim, {"keepdim": True}])
        case("softmax", lambda x: x.softmax(dim), [t], ["$0", dim])
        case("logSoftmax", lambda x: x.log_softmax(dim), [t], ["$0", dim])
        case("logsumexp", lambda x: x.logsumexp(dim), [t], ["$0", dim])
        case("cumsum", lambda x: x.cumsum(dim), [t], ["$0", dim])
        case("cumprod", lambda x: x.cumprod(dim), [t], ["$0", dim])
        case("cummax", lambda x: x.cummax(dim), [t], ["$0", dim])
        case("cummin", lambda x: x.cummin(dim), [t], ["$0", dim])
        case("sort", lambda x: x.sort(stable=True, dim=dim), [t], ["$0", dim], grad=t is m)
        case("median", lambda x: x.median(dim), [t], ["$0", dim])
        case("nansum", lambda x: x.nansum(dim), [t], ["$0", dim])
    case("argmax", lambda x: x.argmax(), [t])
    case("max", lambda x: x.max(), [t])
    case("min", lambda x: x.min(), [t], grad=t is m)
    case("any", lambda x: x.any(), [t])
    case("all", lambda x: x.all(), [t])
    case("countNonzero", lambda x: x.count_nonzero(), [t])
case("prod", lambda x: x.prod(), [torch.tensor([2.0, 0.0, 3.0])])
case("prod", lambda x: x.prod(1), [torch.tensor([[2.0, 0.0, 3.0], [0.0, 0.0, 3.0], [1.0, 2.0, 3.0]])], ["$0", 1])
case("cumprod", lambda x: x.cumprod(1), [torch.tensor([[2.0, 0.0, 3.0, 4.0], [0.0, 0.0, 3.0, 1.0], [1.0, 2.0, 3.0, 4.0]])], ["$0", 1])
case("var", lambda x: x.var(1), [m], ["$0", 1])
case("std", lambda x: x.std(0, unbiased=False), [m], ["$0", 0, {"unbiased": False}])
case("var", lambda x: x.var(), [torch.tensor([2.0])], grad=False)
for p in (2, 1, 3, 0.5, 0, math.inf, -math.inf):
    case("norm", lambda x: x.norm(p, 1), [torch.tensor([[3.0, -4.0], [2.0, 2.0], [0.0, 1.0]])], ["$0", number(float(p)), 1], grad=p != 0.5)
case("norm", lambda x: x.norm(), [torch.zeros(3)])
for dtype in (torch.bool, torch.uint8, torch.int64):
    t = torch.tensor([[1, 0, 1], [1, 1, 1]]).to(dtype)
    case("sum", lambda x: x.sum(), [t])
    case("prod", lambda x: x.prod(1), [t], ["$0", 1])
    case("cumsum", lambda x: x.cumsum(0), [t], ["$0", 0])
    case("any", lambda x: x.any(0), [t], ["$0", 0])
    case("all", lambda x: x.all(1), [t], ["$0", 1])
empty = torch.zeros(0, 3)
for name, f in {"sum": torch.sum, "prod": torch.prod, "mean": torch.mean, "any": torch.any, "all": torch.all}.items():
    case(name, f, [empty], grad=False)
    case(name, lambda x: f(x, 0), [empty], ["$0", 0], grad=False)

v = torch.arange(24.0).reshape(2, 3, 4)
case("flatten", lambda x: x.flatten(1), [v], ["$0", 1])
case("unflatten", lambda x: x.unflatten(2, (2, 2)), [v], ["$0", 2, [2, 2]])
case("movedim", lambda x: x.movedim((0, 1), (2, 0)), [v], ["$0", [0, 1], [2, 0]])
case("repeat", lambda x: x.repeat(2, 1, 2), [m], ["$0", [2, 1, 2]])
case("repeatInterleave", lambda x: x.repeat_interleave(2, 1), [m], ["$0", 2, 1])
case("repeatInterleave", lambda x: x.repeat_interleave(2), [m], ["$0", 2])
case("roll", lambda x: x.roll((1, -1), (0, 2)), [v], ["$0", [1, -1], [0, 2]])
case("rot90", lambda x: x.rot90(1, (1, 2)), [v], ["$0", 1, [1, 2]])
case("flip", lambda x: x.flip(0, 2), [v], ["$0", [0, 2]])
case("unfold", lambda x: x.unfold(2, 3, 1), [v], ["$0", 2, 3, 1])
case("diagonal", lambda x: x.diagonal(1, 1, 2), [v], ["$0", 1, 1, 2])
case("diagEmbed", lambda x: x.diag_embed(offset=-1, dim1=0, dim2=2), [m], ["$0", {"offset": -1, "dim1": 0, "dim2": 2}])
case("diag", lambda x: x.diag(1), [m], ["$0", 1])
case("tril", lambda x: x.tril(-1), [v], ["$0", -1])
case("triu", lambda x: x.triu(1), [v], ["$0", 1])
case("tensorSplit", lambda x: x.tensor_split(3, 2), [v], ["$0", 3, 2])
case("chunk", lambda x: x.chunk(3, 2), [v], ["$0", 3, 2])
case("constantPadNd", lambda x: F.pad(x, (1, -1, 0, 2), value=7), [v], ["$0", [1, -1, 0, 2], 7])
case("cat", lambda a, b: torch.cat([a, b, a], 1), [m, m * 10], [["$0", "$1", "$0"], 1])
case("stack", lambda a, b: torch.stack([a, b], -1), [m, m * 10], [["$0", "$1"], -1])
case("hstack", lambda a, b: torch.hstack([a, b]), [m, m * 10], [["$0", "$1"]])
case("cat", lambda a, b: torch.cat([a, b]), [torch.tensor([1, 2]), torch.tensor([0.5])], [["$0", "$1"]], grad=False)
case("copysign", torch.copysign, [torch.tensor([1.0, -2.0, 0.0, 3.0]), torch.tensor([-1.0, -0.0, -1.0, 0.0])])
case("where", lambda c, a, b: torch.where(c, a, b), [m > 2, m, -m])

index = torch.tensor([[0, 2, 2], [1, 0, 1]])
case("gather", lambda x, i: x.gather(1, i), [m, index], ["$0", 1, "$1"])
case("gather", lambda x, i: x.gather(0, i), [m, torch.tensor([[1, 0]])], ["$0", 0, "$1"])
case("indexSelect", lambda x, i: x.index_select(1, i), [m, torch.tensor([2, 0, 2])], ["$0", 1, "$1"])
case("take", lambda x, i: x.take(i), [m, torch.tensor([[0, -1], [4, 4]])])
case("scatter", lambda x, i, s: x.scatter(1, i, s), [m, torch.tensor([[2, 0], [1, 0]]), m[:, :2] * 10], ["$0", 1, "$1", "$2"])
case("scatterAdd", lambda x, i, s: x.scatter_add(1, i, s), [m, index, m * 10], ["$0", 1, "$1", "$2"])
for r in ("sum", "prod", "mean", "amax", "amin"):
    for own in (True, False):
        case("scatterReduce", lambda x, i, s: x.scatter_reduce(1, i, s, r, include_self=own), [m, index, m * 2], ["$0", 1, "$1", "$2", r, {"includeSelf": own}])
case("indexAdd", lambda x, i, s: x.index_add(1, i, s, alpha=2), [m, torch.tensor([0, 0]), m[:, :2]], ["$0", 1, "$1", "$2", {"alpha": 2}])
case("indexCopy", lambda x, i, s: x.index_copy(1, i, s), [m, torch.tensor([2, 0]), m[:, :2]], ["$0", 1, "$1", "$2"])
case("indexFill", lambda x, i: x.index_fill(1, i, 9), [m, torch.tensor([2, 0])], ["$0", 1, "$1", 9])
case("maskedFill", lambda x, k: x.masked_fill(k, 9), [m, m > 2], ["$0", "$1", 9])
case("maskedSelect", lambda x, k: x.masked_select(k), [m, m > 2])
case("maskedScatter", lambda x, k, s: x.masked_scatter(k, s), [m, m > 2, torch.tensor([10.0, 20.0, 30.0, 40.0])])
case("nonzero", lambda x: x.nonzero(), [torch.tensor([[0, 3], [5, 0]])])
case("topk", lambda x: x.topk(2, 1), [torch.tensor([[3.0, 1.0, 2.0], [2.0, 5.0, -1.0]])], ["$0", 2, 1])
case("kthvalue", lambda x: x.kthvalue(2, 1), [torch.tensor([[3.0, 1.0, 2.0], [2.0, 5.0, -1.0]])], ["$0", 2, 1])
case("unique", lambda x: torch.unique(x, return_inverse=True, return_counts=True), [torch.tensor([3, 1, 3, 2])], ["$0", {"returnInverse": True, "returnCounts": True}])
case("unique", lambda x: torch.unique(x, dim=0), [torch.tensor([[1, 2], [0, 5], [1, 2]])], ["$0", {"dim": 0}])
edges = torch.tensor([1.0, 3.0, 3.0, 7.0])
case("searchsorted", lambda e, s: torch.searchsorted(e, s), [edges, torch.tensor([3.0, 0.0, 8.0, math.nan])], grad=False)
case("searchsorted", lambda e, s: torch.searchsorted(e, s, right=True), [edges, torch.tensor([3.0, 0.0, 8.0, math.nan])], ["$0", "$1", {"right": True}], grad=False)
case("bincount", lambda x: torch.bincount(x, minlength=5), [torch.tensor([1, 3, 1])], ["$0", {"minlength": 5}])
case("oneHot", lambda x: F.one_hot(x), [torch.tensor([0, 2, 1])])

for sa, sb in (((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 2)), ((2, 2, 3), (3, 2)), ((2, 3), (2, 3, 2)), ((2, 1, 2, 3), (2, 3, 2)), ((0, 3), (3, 2)), ((2, 0), (0, 3))):
    case("matmul", torch.matmul, [torch.randn(sa), torch.randn(sb)])
case("matmul", torch.matmul, [index, index.t().contiguous()])
case("linear", F.linear, [torch.randn(2, 3), torch.randn(4, 3), torch.randn(4)])
case("bilinear", F.bilinear, [torch.randn(2, 3), torch.randn(2, 2), torch.randn(4, 3, 2), torch.randn(4)])
case("einsum", lambda a, b: torch.einsum("bij,bjk->ik", a, b), [torch.randn(2, 2, 3), torch.randn(2, 3, 2)], ["bij,bjk->ik", "$0", "$1"])
case("einsum", lambda a, b: torch.einsum("ii,...i->...", a, b), [torch.randn(3, 3), torch.randn(2, 3)], ["ii,...i->...", "$0", "$1"])
case("addmm", lambda x, a, b: torch.addmm(x, a, b, beta=0.5, alpha=2), [torch.randn(2), torch.randn(2, 3), torch.randn(3, 2)], beta=0.5, alpha=2)
case("tensordot", lambda a, b: torch.tensordot(a, b, dims=([1], [0])), [torch.randn(2, 3), torch.randn(3, 2)], ["$0", "$1", [[1], [0]]])
case("prelu", F.prelu, [torch.randn(2, 3), torch.tensor([0.1, 0.2, 0.3])])
case("glu", lambda x: F.glu(x, 1), [torch.randn(2, 4)], ["$0", 1])

path = os.path.join(os.path.dirname(__file__), "functional.json")
with open(path, "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
print(len(cases), "cases,", os.path.getsize(path), "bytes")
