import {
  arange,
  cat,
  functional as F,
  nn,
  ones,
  randint,
  randn,
  slice,
  stack,
  type Tensor,
  tensor,
  zeros,
} from "../../mod.ts";
import { type Case, testExports } from "./onnx_export_runtime.ts";

/** A recurrent layer on [L, N, 3], or with batchFirst on [N, L, 3]. */
const recurrent = (model: nn.Module, operators: string, batchFirst = false): Case => ({
  model,
  inputs: (n) => [batchFirst ? randn([n, 5, 3]) : randn([5, n, 3])],
  batch: batchFirst ? 0 : 1,
  operators,
});

testExports("recurrent networks", {
  rnn: recurrent(new nn.RNN(3, 4), "RNN"),
  "rnn with relu": recurrent(new nn.RNN(3, 4, { nonlinearity: "relu", numLayers: 2, bidirectional: true }), "RNN"),
  lstm: recurrent(new nn.LSTM(3, 4), "LSTM !Sigmoid"),
  "lstm of two layers, bidirectional": recurrent(
    new nn.LSTM(3, 4, { numLayers: 2, bidirectional: true, batchFirst: true }),
    "LSTM",
    true,
  ),
  "lstm without bias": recurrent(new nn.LSTM(3, 4, { bias: false }), "LSTM"),
  "lstm with projection": recurrent(new nn.LSTM(3, 4, { projSize: 2 }), "Sigmoid !LSTM"),
  "lstm with a state": {
    model: new nn.LSTM(3, 4, { numLayers: 2 }),
    inputs: (n) => [randn([5, n, 3]), [randn([2, n, 4]), randn([2, n, 4])]],
    batch: 1,
    operators: "LSTM",
  },
  "lstm of one sequence": { model: new nn.LSTM(3, 4), inputs: () => [randn([5, 3])], batch: null, operators: "LSTM" },
  gru: recurrent(new nn.GRU(3, 4), "GRU"),
  "gru of two layers, bidirectional": recurrent(new nn.GRU(3, 4, { numLayers: 2, bidirectional: true }), "GRU"),
  "gru with a state": {
    model: new nn.GRU(3, 4),
    inputs: (n) => [randn([5, n, 3]), randn([1, n, 4])],
    batch: 1,
    operators: "GRU",
  },
  "gru in float64": {
    model: new nn.GRU(3, 4).to("cpu").double(),
    inputs: (n) => [randn([5, n, 3], { dtype: "float64", device: "cpu" })],
    batch: 1,
    operators: "!GRU",
  },
  lstmCell: { model: new nn.LSTMCell(3, 4), inputs: (n) => [randn([n, 3]), [randn([n, 4]), randn([n, 4])]] },
  gruCell: { model: new nn.GRUCell(3, 4), inputs: (n) => [randn([n, 3])] },
  rnnCell: { model: new nn.RNNCell(3, 4), inputs: (n) => [randn([n, 3]), randn([n, 4])] },
});

class SelfAttention extends nn.Module {
  attention = new nn.MultiheadAttention(8, 2, { batchFirst: true });

  override forward(x: Tensor): unknown {
    return this.attention.forward(x, x, x);
  }
}

testExports("attention", {
  multiheadAttention: { model: new SelfAttention(), inputs: (n) => [randn([n, 5, 8])], operators: "Softmax MatMul" },
  scaledDotProductAttention: {
    model: (q: Tensor, k: Tensor, v: Tensor) => F.scaledDotProductAttention(q, k, v),
    inputs: (n) => [randn([n, 2, 5, 4]), randn([n, 2, 6, 4]), randn([n, 2, 6, 3])],
    operators: "Softmax MatMul",
  },
  "scaledDotProductAttention, causal": {
    model: (q: Tensor) => F.scaledDotProductAttention(q, q, q, { isCausal: true }),
    inputs: (n) => [randn([n, 2, 5, 4])],
    operators: "Softmax MatMul",
  },
  transformerEncoderLayer: {
    model: new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16, batchFirst: true }),
    inputs: (n) => [randn([n, 5, 8])],
    operators: "LayerNormalization Softmax",
  },
  transformerEncoder: {
    model: new nn.TransformerEncoder(
      new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16, activation: "gelu", normFirst: true }),
      2,
    ),
    inputs: (n) => [randn([5, n, 8])],
    batch: 1,
    operators: "LayerNormalization Gelu",
  },
  transformerDecoderLayer: {
    model: new nn.TransformerDecoderLayer(8, 2, { dimFeedforward: 16, batchFirst: true }),
    inputs: (n) => [randn([n, 5, 8]), randn([n, 4, 8])],
  },
  transformer: {
    model: new nn.Transformer({ dModel: 8, nhead: 2, numEncoderLayers: 1, numDecoderLayers: 1, dimFeedforward: 16 }),
    inputs: (n) => [randn([5, n, 8]), randn([4, n, 8])],
    batch: 1,
  },
});

const classes = (n: number) => [randn([n, 4]), randint(0, 4, [n])];
const pairs = (n: number) => [randn([n, 3]), randn([n, 3])];
const signs = (n: number) => [randn([n, 3]), randn([n, 3]).sign()];

testExports("losses", {
  crossEntropyLoss: { model: new nn.CrossEntropyLoss(), inputs: classes, operators: "LogSoftmax" },
  "crossEntropyLoss with smoothing": { model: new nn.CrossEntropyLoss({ labelSmoothing: 0.1 }), inputs: classes },
  "crossEntropyLoss of images": {
    model: new nn.CrossEntropyLoss({ weight: tensor([1, 2, 0.5, 1]), ignoreIndex: 1 }),
    inputs: (n) => [randn([n, 4, 3]), randint(0, 4, [n, 3])],
  },
  "crossEntropyLoss of probabilities": {
    model: new nn.CrossEntropyLoss(),
    inputs: (n) => [randn([n, 4]), randn([n, 4]).softmax(1)],
  },
  nllLoss: { model: new nn.NLLLoss(), inputs: classes },
  mseLoss: { model: new nn.MSELoss(), inputs: pairs },
  l1Loss: { model: new nn.L1Loss({ reduction: "sum" }), inputs: pairs },
  smoothL1Loss: { model: new nn.SmoothL1Loss({ reduction: "none" }), inputs: pairs },
  huberLoss: { model: new nn.HuberLoss(), inputs: pairs },
  bceWithLogitsLoss: { model: new nn.BCEWithLogitsLoss(), inputs: (n) => [randn([n, 3]), randn([n, 3]).sigmoid()] },
  bceLoss: { model: new nn.BCELoss(), inputs: (n) => [randn([n, 3]).sigmoid(), randn([n, 3]).sigmoid()] },
  klDivLoss: {
    model: new nn.KLDivLoss({ reduction: "batchmean" }),
    inputs: (n) => [randn([n, 3]).logSoftmax(1), randn([n, 3]).softmax(1)],
  },
  poissonNLLLoss: { model: new nn.PoissonNLLLoss(), inputs: (n) => [randn([n, 3]), randn([n, 3]).abs()] },
  softMarginLoss: { model: new nn.SoftMarginLoss(), inputs: signs },
  hingeEmbeddingLoss: { model: new nn.HingeEmbeddingLoss(), inputs: signs },
  multiLabelSoftMarginLoss: {
    model: new nn.MultiLabelSoftMarginLoss(),
    inputs: (n) => [randn([n, 3]), randn([n, 3]).gt(0).float()],
  },
  multiLabelMarginLoss: {
    model: new nn.MultiLabelMarginLoss(),
    inputs: (n) => [randn([n, 3]), randint(0, 3, [n, 1]).mul(tensor([1, 0, 0])).add(tensor([0, -1, -1]))],
  },
  multiMarginLoss: { model: new nn.MultiMarginLoss(), inputs: classes },
  tripletMarginLoss: {
    model: new nn.TripletMarginLoss(),
    inputs: (n) => [randn([n, 3]), randn([n, 3]), randn([n, 3])],
  },
  cosineEmbeddingLoss: {
    model: new nn.CosineEmbeddingLoss(),
    inputs: (n) => [randn([n, 3]), randn([n, 3]), randn([n]).sign()],
  },
});

class Residual extends nn.Module {
  first = new nn.Conv2d(3, 4, 3, { padding: 1, bias: false });
  norm = new nn.BatchNorm2d(4);
  second = new nn.Conv2d(4, 4, 3, { padding: 1 });
  shortcut = new nn.Conv2d(3, 4, 1);
  classify = new nn.Linear(4, 5);

  override forward(x: Tensor): Tensor {
    const inner = this.second.call(F.relu(this.norm.call(this.first.call(x) as Tensor) as Tensor)) as Tensor;
    const sum = F.relu(inner.add(this.shortcut.call(x) as Tensor));
    return this.classify.call(sum.mean([2, 3])) as Tensor;
  }
}

class Branches extends nn.Module {
  left = new nn.Linear(3, 4);
  right = new nn.Linear(2, 4);

  override forward({ a, b }: { a: Tensor; b: Tensor }): Record<string, Tensor> {
    const x = F.relu(this.left.call(a) as Tensor), y = (this.right.call(b) as Tensor).tanh();
    return { sum: x.add(y), product: x.mul(y), both: cat([x, y], 1) };
  }
}

testExports("models", {
  residual: { model: new Residual(), inputs: (n) => [randn([n, 3, 6, 6])], operators: "Conv Relu Gemm ReduceMean" },
  "a record of inputs and outputs": { model: new Branches(), inputs: (n) => [{ a: randn([n, 3]), b: randn([n, 2]) }] },
  "weight norm": { model: nn.utils.weightNorm(new nn.Linear(3, 4)), inputs: (n) => [randn([n, 3])] },
  "an input that is an output": { model: (x: Tensor) => [x, x.add(1), x], inputs: (n) => [randn([n, 2])] },
  "training mode": {
    model: new nn.Sequential(new nn.BatchNorm1d(3), new nn.Linear(3, 2)),
    inputs: (n) => [randn([n, 3])],
    options: { training: "training" },
    operators: "!BatchNormalization",
  },
});

const of = (model: (x: Tensor) => unknown, shape: readonly number[] = [3, 4], operators?: string): Case => ({
  model: model as Case["model"],
  inputs: (n) => [randn([n, ...shape])],
  ...operators !== undefined && { operators },
});

testExports("forward code", {
  slices: of(
    (x) => [x.at(":", slice(1, 3)), x.at(":", -1), x.at(":", ":", slice(null, null, 2)), x.at(0)],
    [3, 4],
    "Slice",
  ),
  "the last of the batch": of((x) => [x.at(-1), x.narrow(0, 1, 1), x.at(slice(1, null)), x.at(slice(null, -1))]),
  flip: of((x) => [x.flip([1]), x.flip([0, 2])], [3, 4], "Slice"),
  "reshapes of the batch": of((
    x,
  ) => [x.reshape([-1, 4]), x.view([x.shape[0]!, -1]), x.reshape([-1]), x.reshape([x.shape[0]! * 3, 2, 2])]),
  transposes: of(
    (x) => [x.transpose(0, 1), x.permute([2, 0, 1]), x.transpose(0, 1).reshape([3, -1])],
    [3, 4],
    "Transpose",
  ),
  "cat and stack": of(
    (x) => [cat([x, x.mul(2)], 0), cat([x, ones([x.shape[0]!, 1, 4])], 1), stack([x, x], 1)],
    [3, 4],
    "Concat",
  ),
  "split and chunk": of((x) => [...x.split(2, 1), ...x.chunk(2, 2)]),
  squeezes: of((x) => [x.unsqueeze(1), x.mean(1, { keepdim: true }).squeeze(1)], [3, 4], "Unsqueeze Squeeze"),
  expands: of((x) => [x.mean(2, { keepdim: true }).expand([-1, -1, 5]), ones([4]).expand([x.shape[0]!, 3, 4]).add(x)]),
  where: of((x) => x.where(x.gt(0), zeros([4])), [3, 4], "Where"),
  "masked fill": of((x) => x.maskedFill(x.lt(0), -1)),
  arange: of((x) => x.add(arange(4)).add(arange(x.shape[0]!).reshape([-1, 1, 1])), [3, 4], "Range"),
  "tril and triu": of((x) => [x.tril(), x.triu(1), x.gt(0).tril(-1), x.int().triu()]),
  reductions: of((
    x,
  ) => [x.sum(), x.sum(1), x.mean(), x.mean([0, 2]), x.amax(2, { keepdim: true }), x.prod(1), x.std(1), x.var([1, 2])]),
  "max and argmax": of((x) => [...x.max(1), x.argmax(2), x.argmin(0), x.argmax()], [3, 4], "ArgMax ReduceMax"),
  "topk and sort": of(
    (x) => [...x.topk(2), ...x.sort(1), x.argsort(0, { descending: true }), ...x.kthvalue(2)],
    [3, 4],
    "TopK",
  ),
  cumsum: of((x) => [x.cumsum(1), x.cumsum(0)], [3, 4], "CumSum"),
  "running extremes and products": of((
    x,
  ) => [...x.cummax(1), ...x.cummin(2), x.cumprod(1), x.logcumsumexp(2), x.cumprod(0)]),
  norms: of((x) => [x.norm(), F.normalize(x, { dim: 1 }), x.logsumexp(1)]),
  matmul: of(
    (x) => [x.matmul(ones([4, 2])), x.matmul(x.mT), x.matmul(ones([4])), x.at(0).matmul(ones([4, 2]))],
    [3, 4],
    "MatMul",
  ),
  einsum: of((x) => [torchEinsum("bij,bkj->bik", x), torchEinsum("bij,bij->b", x)]),
  "elementary functions": of((
    x,
  ) => [
    x.exp(),
    x.abs().log1p(),
    x.expm1(),
    x.sin(),
    x.atan(),
    x.abs().sqrt(),
    x.abs().add(1).rsqrt(),
    x.erf(),
    x.pow(3),
    x.floor(),
    x.trunc(),
    x.round(),
    x.sign(),
    x.reciprocal(),
    x.abs().log2(),
    x.exp2(),
  ]),
  "clamps and remainders": of((
    x,
  ) => [x.clamp(-0.5, 0.5), x.clamp({ min: 0.1 }), x.fmod(0.3), x.remainder(0.3), x.maximum(zeros([4]))]),
  "atan2 and hypot": of((x) => [x.atan2(x.cos()), x.hypot(x.add(1))]),
  comparisons: of((
    x,
  ) => [
    x.gt(0),
    x.le(0.5),
    x.eq(x),
    x.gt(0).logicalAnd(x.lt(1)),
    x.gt(0).any(1),
    x.gt(-9).all(),
    x.isnan(),
    x.gt(0).sum(1),
  ]),
  conversions: of((x) => [x.mul(3).int(), x.gt(0).float(), x.int().float().div(2)], [3, 4], "Cast"),
  "in place": of((x) => {
    const y = x.clone();
    y.at(":", 0).add_(1);
    y.setAt([":", 1], 7);
    return y.mul_(2);
  }),
  "what is known before": of((x) => [x.int().isfinite(), x.isreal(), x.gt(0).unsqueeze(1).mul(0)]),
  "bit shifts": of(
    (x) => [x.mul(9).int().bitwiseLeftShift(3), x.mul(9).int().bitwiseRightShift(1)],
    [3, 4],
    "BitShift",
  ),
  "parts of bools": of((x) => x.gt(0).sliceScatter(x.lt(0).narrow(1, 0, 2), { dim: 1, end: 2 })),
  roll: of((x) => x.roll(1, 2), [3, 4], "Gather"),
  diagonal: of((x) => x.diagonal(0, 1, 2)),
  "unfold of an axis": of((x) => x.unfold(2, 2, 1)),
  "repeat and tile": of((x) => [x.repeat([1, 2, 1]), x.repeatInterleave(2, 1)]),
  gather: {
    model: (
      x: Tensor,
      i: Tensor,
    ) => [x.gather(1, i), zeros([i.shape[0]!, 5]).scatter(1, i, x), zeros([i.shape[0]!, 5]).scatterAdd(1, i, x)],
    inputs: (n) => [randn([n, 5]), stack(Array.from({ length: n }, () => tensor([4, 0, 2, 1, 3])))],
    operators: "GatherElements ScatterElements",
  },
  "indexing by a tensor": {
    model: (x: Tensor, i: Tensor) => x.indexSelect(0, i),
    inputs: (n) => [randn([5, 3]), randint(0, 5, [n])],
    batch: [null, 0],
  },
  "one-hot": { model: (i: Tensor) => F.oneHot(i, 5), inputs: (n) => [randint(0, 5, [n, 2])] },
  integers: {
    model: (i: Tensor) => [i.mul(3), i.div(2, { roundingMode: "floor" }), i.remainder(3), i.bitwiseAnd(5), i.sum(1)],
    inputs: (n) => [randint(0, 9, [n, 4])],
  },
  "a mask": {
    model: (x: Tensor, m: Tensor) => x.maskedFill(m, 0).sum(1),
    inputs: (n) => [randn([n, 4]), randn([n, 4]).gt(0)],
  },
});

function torchEinsum(equation: string, x: Tensor): Tensor {
  return F.einsum(equation, x, x);
}
