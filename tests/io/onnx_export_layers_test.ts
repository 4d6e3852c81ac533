import { functional as F, nn, randint, randn, tensor } from "../../mod.ts";
import { type Case, testExports } from "./onnx_export_runtime.ts";

/** A module on one input [batch, …]. */
const on = (model: nn.Module, shape: readonly number[], operators?: string): () => Case => () => ({
  model,
  inputs: (batch) => [randn([batch, ...shape])],
  ...operators !== undefined && { operators },
});

testExports("linear maps", {
  linear: on(new nn.Linear(3, 2), [3], "Gemm !MatMul"),
  "linear without bias": on(new nn.Linear(3, 2, { bias: false }), [3], "Gemm"),
  "linear over sequences": on(new nn.Linear(3, 2), [4, 3], "MatMul Add"),
  bilinear: { model: new nn.Bilinear(3, 2, 4), inputs: (n) => [randn([n, 3]), randn([n, 2])] },
  identity: on(new nn.Identity(), [3]),
});

testExports("convolutions", {
  conv1d: on(new nn.Conv1d(3, 4, 3, { stride: 2, padding: 1 }), [3, 8], "Conv !Pad"),
  conv2d: on(
    new nn.Conv2d(4, 6, [3, 2], { stride: [2, 1], padding: [1, 0], dilation: [1, 2], groups: 2 }),
    [4, 7, 8],
    "Conv",
  ),
  "conv2d same": on(new nn.Conv2d(2, 3, 4, { padding: "same" }), [2, 5, 6], "Conv"),
  "conv2d without bias": on(new nn.Conv2d(2, 3, 3, { bias: false }), [2, 5, 6], "Conv"),
  conv3d: on(new nn.Conv3d(2, 3, 2, { padding: 1 }), [2, 3, 4, 3], "Conv"),
  "conv2d reflect": on(new nn.Conv2d(2, 3, 3, { padding: 1, paddingMode: "reflect" }), [2, 5, 6], "Pad Conv"),
  "conv2d circular": on(new nn.Conv2d(2, 3, 3, { padding: 1, paddingMode: "circular" }), [2, 5, 6], "Pad Conv"),
  "conv2d replicate": on(new nn.Conv2d(2, 3, 3, { padding: 1, paddingMode: "replicate" }), [2, 5, 6], "Pad Conv"),
  convTranspose1d: on(
    new nn.ConvTranspose1d(3, 2, 3, { stride: 2, padding: 1, outputPadding: 1 }),
    [3, 5],
    "ConvTranspose",
  ),
  convTranspose2d: on(
    new nn.ConvTranspose2d(4, 4, 3, { stride: 2, groups: 2, dilation: 2 }),
    [4, 4, 3],
    "ConvTranspose",
  ),
  convTranspose3d: on(new nn.ConvTranspose3d(2, 3, 2, { stride: 2 }), [2, 2, 3, 2], "ConvTranspose"),
  "conv2d of one image": {
    model: new nn.Conv2d(2, 3, 3),
    inputs: () => [randn([2, 5, 6])],
    batch: null,
    operators: "Conv",
  },
  unfold: on(new nn.Unfold([2, 3], { padding: 1, stride: 2 }), [2, 5, 6]),
  fold: on(new nn.Fold([5, 6], [2, 3], { padding: 1 }), [12, 36]),
});

testExports("pooling", {
  maxPool1d: on(new nn.MaxPool1d(3, { stride: 2 }), [2, 9], "MaxPool"),
  maxPool2d: on(new nn.MaxPool2d(3, { stride: 2, padding: 1 }), [2, 7, 8], "MaxPool"),
  "maxPool2d ceilMode": on(new nn.MaxPool2d(3, { stride: 2, ceilMode: true }), [2, 6, 8], "MaxPool"),
  "maxPool2d dilation": on(new nn.MaxPool2d(2, { stride: 1, dilation: 2 }), [2, 6, 8], "MaxPool"),
  "maxPool2d indices": on(new nn.MaxPool2d(2, { returnIndices: true }), [2, 6, 8], "MaxPool"),
  "maxPool2d indices with padding": on(
    new nn.MaxPool2d(3, { padding: 1, stride: 2, returnIndices: true }),
    [2, 6, 8],
    "MaxPool",
  ),
  "maxPool2d of one image": {
    model: new nn.MaxPool2d(2, { returnIndices: true }),
    inputs: () => [randn([2, 6, 8])],
    batch: null,
    operators: "MaxPool",
  },
  "maxUnpool2d": {
    model: (x: ReturnType<typeof randn>) => {
      const [values, indices] = F.maxPool2d(x, 2, { returnIndices: true });
      return F.maxUnpool2d(values, indices, 2);
    },
    inputs: (n) => [randn([n, 2, 6, 8])],
  },
  maxPool3d: on(new nn.MaxPool3d(2), [2, 4, 4, 5], "MaxPool"),
  avgPool1d: on(new nn.AvgPool1d(2), [2, 9], "AveragePool"),
  avgPool2d: on(new nn.AvgPool2d(3, { stride: 2, padding: 1 }), [2, 7, 8], "AveragePool"),
  "avgPool2d countIncludePad": on(
    new nn.AvgPool2d(3, { padding: 1, countIncludePad: false }),
    [2, 7, 8],
    "AveragePool",
  ),
  "avgPool2d ceilMode": on(new nn.AvgPool2d(3, { stride: 2, ceilMode: true }), [2, 6, 8]),
  "avgPool2d divisorOverride": on(new nn.AvgPool2d(2, { divisorOverride: 3 }), [2, 6, 8]),
  avgPool3d: on(new nn.AvgPool3d(2), [2, 4, 4, 5], "AveragePool"),
  "adaptiveAvgPool2d to 1": on(new nn.AdaptiveAvgPool2d(1), [2, 5, 6], "GlobalAveragePool"),
  "adaptiveAvgPool2d that divides": on(new nn.AdaptiveAvgPool2d([3, 2]), [2, 6, 8], "AveragePool"),
  "adaptiveAvgPool2d that does not": on(new nn.AdaptiveAvgPool2d([3, 2]), [2, 5, 7]),
  adaptiveAvgPool1d: on(new nn.AdaptiveAvgPool1d(3), [2, 6], "AveragePool"),
  "adaptiveMaxPool2d that divides": on(new nn.AdaptiveMaxPool2d(2), [2, 6, 8], "MaxPool"),
  "adaptiveMaxPool2d that does not": on(new nn.AdaptiveMaxPool2d(2), [2, 5, 7]),
  lpPool2d: on(new nn.LPPool2d(2, 3), [2, 6, 9]),
});

testExports("normalization", {
  batchNorm1d: on(new nn.BatchNorm1d(3), [3], "BatchNormalization"),
  batchNorm2d: on(new nn.BatchNorm2d(3), [3, 4, 5], "BatchNormalization"),
  "batchNorm2d without affine": on(new nn.BatchNorm2d(3, { affine: false }), [3, 4, 5], "BatchNormalization"),
  instanceNorm2d: on(new nn.InstanceNorm2d(3, { affine: true }), [3, 4, 5], "InstanceNormalization"),
  groupNorm: on(new nn.GroupNorm(2, 4), [4, 3, 5], "GroupNormalization"),
  layerNorm: on(new nn.LayerNorm(5), [4, 5], "LayerNormalization !Sqrt"),
  "layerNorm of two dimensions": on(new nn.LayerNorm([4, 5]), [3, 4, 5], "LayerNormalization"),
  "layerNorm without affine": on(new nn.LayerNorm(5, { elementwiseAffine: false }), [4, 5], "LayerNormalization"),
  rmsNorm: on(new nn.RMSNorm(5), [4, 5]),
  "localResponseNorm of sequences": on(new nn.LocalResponseNorm(3), [5, 4]),
  localResponseNorm: on(new nn.LocalResponseNorm(3), [5, 4, 4], "LRN"),
  "localResponseNorm of even size": on(new nn.LocalResponseNorm(2), [5, 4, 4]),
  "batchNorm2d in opset 18": () => ({ ...on(new nn.BatchNorm2d(3), [3, 4, 5])(), options: { opsetVersion: 18 } }),
  "groupNorm in opset 20": () => ({ ...on(new nn.GroupNorm(2, 4), [4, 3, 5])(), options: { opsetVersion: 20 } }),
});

testExports("activations", {
  ...Object.fromEntries(
    ([
      ["relu", new nn.ReLU(), "Relu"],
      ["relu6", new nn.ReLU6(), "Clip"],
      ["leakyRelu", new nn.LeakyReLU(0.2), "LeakyRelu"],
      ["prelu", new nn.PReLU(3), "PRelu"],
      ["rrelu", new nn.RReLU(), "LeakyRelu"],
      ["elu", new nn.ELU(0.5), "Elu"],
      ["selu", new nn.SELU(), "Selu"],
      ["celu", new nn.CELU(0.5), "Celu"],
      ["gelu", new nn.GELU(), "Gelu"],
      ["gelu tanh", new nn.GELU({ approximate: "tanh" }), "Gelu"],
      ["silu", new nn.SiLU(), "Sigmoid Mul"],
      ["mish", new nn.Mish(), "Mish"],
      ["sigmoid", new nn.Sigmoid(), "Sigmoid"],
      ["tanh", new nn.Tanh(), "Tanh"],
      ["softplus", new nn.Softplus(), "Softplus"],
      ["softplus with beta", new nn.Softplus(2, 10), ""],
      ["softsign", new nn.Softsign(), "Softsign"],
      ["softshrink", new nn.Softshrink(0.3), "Shrink"],
      ["hardshrink", new nn.Hardshrink(0.3), "Shrink"],
      ["hardtanh", new nn.Hardtanh(-0.5, 0.7), "Clip"],
      ["hardsigmoid", new nn.Hardsigmoid(), "HardSigmoid"],
      ["hardswish", new nn.Hardswish(), "HardSwish"],
      ["tanhshrink", new nn.Tanhshrink(), "Tanh"],
      ["logsigmoid", new nn.LogSigmoid(), ""],
      ["threshold", new nn.Threshold(0.1, 20), "Where"],
      ["glu", new nn.GLU(2), "Sigmoid"],
      ["softmax", new nn.Softmax(1), "Softmax"],
      ["softmax2d", new nn.Softmax2d(), "Softmax"],
      ["softmin", new nn.Softmin(-1), "Softmax"],
      ["logSoftmax", new nn.LogSoftmax(-1), "LogSoftmax"],
      ["dropout", new nn.Dropout(), ""],
      ["alphaDropout", new nn.AlphaDropout(), ""],
    ] as const).map(([name, model, operators]) => [name, on(model, [3, 4, 2], operators || undefined)]),
  ),
  "gelu in opset 18": () => ({ ...on(new nn.GELU(), [3], "Erf")(), options: { opsetVersion: 18 } }),
});

testExports("shapes and images", {
  flatten: on(new nn.Flatten(), [2, 3, 4]),
  unflatten: on(new nn.Unflatten(1, [2, 3]), [6, 4]),
  pixelShuffle: on(new nn.PixelShuffle(2), [8, 3, 4]),
  pixelUnshuffle: on(new nn.PixelUnshuffle(2), [2, 4, 6]),
  channelShuffle: on(new nn.ChannelShuffle(2), [4, 3, 3]),
  zeroPad2d: on(new nn.ZeroPad2d([1, 2, 0, 1]), [2, 3, 4], "Pad"),
  "zeroPad2d that cuts": on(new nn.ZeroPad2d([-1, 2, 0, -1]), [2, 3, 4]),
  constantPad1d: on(new nn.ConstantPad1d([1, 2], 0.5), [2, 3], "Pad"),
  reflectionPad2d: on(new nn.ReflectionPad2d([1, 2, 0, 1]), [2, 3, 4], "Pad"),
  replicationPad2d: on(new nn.ReplicationPad2d([1, 2, 0, 1]), [2, 3, 4], "Pad"),
  circularPad2d: on(new nn.CircularPad2d([1, 2, 0, 1]), [2, 3, 4], "Pad"),
  "upsample nearest": on(new nn.Upsample({ scaleFactor: 2 }), [2, 3, 4], "Resize"),
  "upsample nearest to a size": on(new nn.Upsample({ size: [6, 2] }), [2, 3, 4], "Resize"),
  "upsample nearest by a fraction": on(new nn.Upsample({ scaleFactor: 2.3 }), [2, 3, 8], "!Resize"),
  "upsample bilinear": on(new nn.Upsample({ scaleFactor: 2, mode: "bilinear" }), [2, 3, 4], "Resize"),
  "upsample bilinear with corners": on(new nn.Upsample({ size: [5, 7], mode: "bilinear", alignCorners: true }), [
    2,
    3,
    4,
  ], "Resize"),
  "upsample bicubic": on(new nn.Upsample({ scaleFactor: 2, mode: "bicubic" }), [2, 4, 4], "Resize"),
  "upsample linear": on(new nn.Upsample({ scaleFactor: 3, mode: "linear" }), [2, 4], "Resize"),
  "upsample trilinear": on(new nn.Upsample({ scaleFactor: 2, mode: "trilinear" }), [2, 2, 3, 3], "Resize"),
  "interpolate nearest-exact": () => ({
    model: (x: ReturnType<typeof randn>) => F.interpolate(x, { size: [6, 2], mode: "nearest-exact" }),
    inputs: (n) => [randn([n, 2, 3, 4])],
    operators: "Resize",
  }),
  "interpolate with antialias": () => ({
    model: (x: ReturnType<typeof randn>) => F.interpolate(x, { size: [3, 3], mode: "bilinear", antialias: true }),
    inputs: (n) => [randn([n, 2, 7, 6])],
  }),
  gridSample: () => ({
    model: (x: ReturnType<typeof randn>, grid: ReturnType<typeof randn>) => F.gridSample(x, grid),
    inputs: (n) => [randn([n, 2, 4, 5]), randn([n, 3, 3, 2])],
    operators: "GridSample",
  }),
  cosineSimilarity: { model: new nn.CosineSimilarity(), inputs: (n) => [randn([n, 4]), randn([n, 4])] },
  pairwiseDistance: { model: new nn.PairwiseDistance(), inputs: (n) => [randn([n, 4]), randn([n, 4])] },
});

testExports("look-ups", {
  embedding: {
    model: new nn.Embedding(7, 3),
    inputs: (n) => [randint(0, 7, [n, 4])],
    operators: "Gather !GatherElements",
  },
  embeddingBag: { model: new nn.EmbeddingBag(7, 3), inputs: (n) => [randint(0, 7, [n, 4])] },
  indexSelect: {
    model: (x: ReturnType<typeof randn>) => x.indexSelect(1, tensor([2, 0])),
    inputs: (n) => [randn([n, 3])],
    operators: "Gather",
  },
});
