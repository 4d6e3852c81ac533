/**
 * What layers are made of: convolution, pooling, normalization, attention, recurrence, images, dropout.
 *
 * @module
 */

import { functional as F, type Tensor } from "../../mod.ts";
import { fixed, op, type Operation, type Range, real, type Settings } from "./table.ts";

const image = () => real([2, 2, 4, 5]);
const line = () => real([2, 2, 7]);
const volume = () => real([2, 1, 3, 4, 4]);
const first: Settings = { rows: [0] };
const without: Settings = { dtypes: [], rows: "as without options" };
const noise = { rows: "each element is dropped by itself" };

const convolutions: readonly Operation[] = [
  op("conv1d", (x, w, b) => F.conv1d(x, w, b, { padding: 1 }), [line(), real([3, 2, 3]), real([3])], first),
  op("conv2d", (x, w, b) => F.conv2d(x, w, b), [image(), real([3, 2, 3, 2]), real([3])], first),
  op("conv2d options", (x, w) => F.conv2d(x, w, null, { stride: 2, padding: 1, dilation: 2, groups: 2 }), [
    real([2, 2, 6, 7]),
    real([4, 1, 2, 3]),
  ], without),
  op("conv3d", (x, w, b) => F.conv3d(x, w, b), [volume(), real([2, 1, 2, 2, 3]), real([2])], first),
  op(
    "conv3d stride",
    (x, w) => F.conv3d(x, w, null, { stride: [1, 2, 1] }),
    [volume(), real([2, 1, 2, 2, 3])],
    without,
  ),
  op("convTbc", (x, w, b) => F.convTbc(x, w, b, 1), [real([5, 2, 2]), real([3, 2, 3]), real([3])], {
    rows: "the first dimension is time",
  }),
  op("convTranspose1d", (x, w, b) => F.convTranspose1d(x, w, b, { stride: 2 }), [
    real([2, 2, 4]),
    real([2, 3, 3]),
    real([3]),
  ], first),
  op(
    "convTranspose2d",
    (x, w, b) => F.convTranspose2d(x, w, b, { stride: 2, padding: 1, outputPadding: 1, groups: 2 }),
    [
      real([2, 2, 2, 3]),
      real([2, 1, 3, 2]),
      real([2]),
    ],
    first,
  ),
  op("convTranspose3d", (x, w) => F.convTranspose3d(x, w), [real([2, 1, 2, 2, 3]), real([1, 2, 2, 2, 2])], {
    ...first,
    ...without,
  }),
  op("unfold blocks", (x) => F.unfold(x, 2, { padding: 1, stride: 2 }), [image()]),
  op("fold", (x) => F.fold(x, [3, 3], 2), [real([2, 4, 4])]),
];

type Pool = (x: Tensor, size: number | number[], options?: object) => unknown;

const poolings: readonly Operation[] = [1, 2, 3].flatMap((rank): Operation[] => {
  const x = () => [line(), image(), volume()][rank - 1]!;
  const sizes = [3, 2, 2].slice(0, rank).slice(0, rank);
  const of = (name: string): Pool => F[`${name}${rank}d` as "avgPool2d"] as Pool;
  return [
    op(`avgPool${rank}d`, (x) => of("avgPool")(x, 2), [x()]),
    op(
      `avgPool${rank}d options`,
      (x) => of("avgPool")(x, 2, { padding: 1, ceilMode: true, stride: 1 }),
      [x()],
      without,
    ),
    op(`maxPool${rank}d`, (x) => of("maxPool")(x, 2, { returnIndices: true }), [x()]),
    op(`maxPool${rank}d options`, (x) => of("maxPool")(x, 2, { stride: 1, padding: 1 }), [x()], without),
    op(`lpPool${rank}d`, (x) => (F[`lpPool${rank}d` as "lpPool1d"])(x, 3, 2), [
      rank === 3 ? real([2, 1, 2, 2, 4], 0.5, 2) : rank === 2 ? real([2, 2, 4, 4], 0.5, 2) : real([2, 2, 6], 0.5, 2),
    ]),
    op(`adaptiveAvgPool${rank}d`, (x) => of("adaptiveAvgPool")(x, sizes), [x()]),
    op(`adaptiveMaxPool${rank}d`, (x) => of("adaptiveMaxPool")(x, sizes), [x()]),
  ];
}).concat([
  op("maxUnpool1d", (x, i) => F.maxUnpool1d(x, i, 2), [real([2, 1, 2]), fixed([1, 2, 0, 3], [2, 1, 2])], {
    rows: [0, 1],
  }),
  op("maxUnpool2d", (x, i) => F.maxUnpool2d(x, i, 2), [real([2, 1, 1, 2]), fixed([1, 6, 0, 3], [2, 1, 1, 2])], {
    rows: [0, 1],
  }),
  op("maxUnpool3d", (x, i) => F.maxUnpool3d(x, i, 2), [real([2, 1, 1, 1, 2]), fixed([1, 6, 0, 15], [2, 1, 1, 1, 2])], {
    rows: [0, 1],
  }),
  op("fractionalMaxPool2d", (x, randomSamples) => F.fractionalMaxPool2d(x, 2, { outputSize: 3, randomSamples }), [
    real([2, 1, 5, 6]),
    fixed([0.2, 0.7, 0.4, 0.1], [2, 1, 2], "float32"),
  ], { dtypes: [], rows: [0, 1] }),
  op("fractionalMaxPool3d", (x, randomSamples) => F.fractionalMaxPool3d(x, 2, { outputSize: 2, randomSamples }), [
    real([1, 1, 4, 5, 4]),
    fixed([0.2, 0.7, 0.4], [1, 1, 3], "float32"),
  ], { dtypes: [], rows: [0, 1] }),
]);

const normalizations: readonly Operation[] = [
  op("layerNorm", (x, w, b) => F.layerNorm(x, [4], w, b), [real([3, 4]), real([4]), real([4])], first),
  op("layerNorm two-dims", (x) => F.layerNorm(x, [3, 4]), [real([2, 3, 4])], without),
  op("rmsNorm", (x, w) => F.rmsNorm(x, [4], w), [real([3, 4]), real([4])], first),
  op("groupNorm", (x, w, b) => F.groupNorm(x, 2, w, b), [real([2, 4, 3]), real([4]), real([4])], first),
  op("batchNorm", (x, w, b) => F.batchNorm(x, null, null, w, b, { training: true }), [
    real([4, 2, 3]),
    real([2]),
    real([2]),
  ], {
    rows: "the rows are normalized together",
  }),
  op(
    "batchNorm running",
    (x, mean, variance) => {
      const means = mean.detach().clone(), variances = variance.detach().clone();
      return [F.batchNorm(x, means, variances, null, null, { training: true }), means, variances];
    },
    [real([4, 2, 3]), fixed([0.5, 1], [2], "float32"), fixed([2, 1], [2], "float32")],
    {
      dtypes: [],
      rows: "the rows are normalized together",
      slope: "the averages are float32",
    },
  ),
  op("batchNorm eval", (x, mean, variance) => F.batchNorm(x, mean, variance), [
    real([4, 2, 3]),
    real([2]),
    real([2], 0.5, 2),
  ], first),
  op("instanceNorm", (x, w, b) => F.instanceNorm(x, null, null, w, b), [real([2, 2, 5]), real([2]), real([2])], first),
  op(
    "nativeLayerNorm",
    (x, w, b) => F.nativeLayerNorm(x, [4], w, b, 1e-5),
    [real([3, 4]), real([4]), real([4])],
    first,
  ),
  op("nativeBatchNorm", (x, w, b) => F.nativeBatchNorm(x, w, b, null, null, true, 0.1, 1e-5), [
    real([4, 2, 3]),
    real([2]),
    real([2]),
  ], {
    rows: "the rows are normalized together",
  }),
  op("localResponseNorm", (x) => F.localResponseNorm(x, 3, { alpha: 0.5 }), [real([2, 4, 3])]),
  op("normalize", (x) => F.normalize(x), [real([3, 4])]),
];

const distances: readonly Operation[] = [
  op("cosineSimilarity", (a, b) => F.cosineSimilarity(a, b), [real([3, 4]), real([3, 4])]),
  op("pairwiseDistance", (a, b) => F.pairwiseDistance(a, b), [real([3, 4]), real([3, 4])]),
  op("pairwiseDistance p", (a, b) => F.pairwiseDistance(a, b, { p: 3 }), [real([3, 4]), real([3, 4])], without),
  op("pdist", (x) => F.pdist(x), [real([4, 3])], { rows: "each row meets each other" }),
  ...[1, 2, 2.5, Infinity].map((p) =>
    op(`cdist ${p}`, (a, b) => F.cdist(a, b, { p }), [real([3, 2]), real([4, 2])], first)
  ),
  op("cdist by-a-product", (a, b) => F.cdist(a, b, { computeMode: "use_mm_for_euclid_dist" }), [
    real([3, 2]),
    real([4, 2]),
  ], {
    ...first,
    absolute: 1e-4,
  }),
];

const query = () => [real([2, 3, 4]), real([2, 5, 4]), real([2, 5, 2])];

const attentions: readonly Operation[] = [
  op("scaledDotProductAttention", (q, k, v) => F.scaledDotProductAttention(q, k, v), query()),
  op(
    "scaledDotProductAttention causal",
    (q, k, v) => F.scaledDotProductAttention(q, k, v, { isCausal: true }),
    query(),
  ),
  op("scaledDotProductAttention mask", (q, k, v, m) => F.scaledDotProductAttention(q, k, v, { attnMask: m }), [
    ...query(),
    fixed([1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0], [3, 5], "bool"),
  ], without),
];

const heads: Operation = op(
  "multiHeadAttentionForward",
  (q, weight, bias, out) => F.multiHeadAttentionForward(q, q, q, 4, 2, weight, bias, null, null, false, 0, out, null),
  [real([3, 2, 4]), real([12, 4], -1, 1), real([12], -1, 1), real([4, 4], -1, 1)],
  { rows: "the first dimension is time", upTo: [3, "products of larger ones exceed float32, as they do in PyTorch"] },
);

const cells = (
  gates: number,
): Range[] => [real([3, 2]), real([3, 4]), real([4 * gates, 2]), real([4 * gates, 4]), real([4 * gates])];
const time = { rows: "the first dimension is time" };

const recurrences: readonly Operation[] = [
  op("rnnTanhCell", (x, h, i, w, b) => F.rnnTanhCell(x, h, i, w, b, b), cells(1), { rows: [0, 1] }),
  op("rnnReluCell", (x, h, i, w, b) => F.rnnReluCell(x, h, i, w, b, b), cells(1), { rows: [0, 1] }),
  op("gruCell", (x, h, i, w, b) => F.gruCell(x, h, i, w, b, b), cells(3), { rows: [0, 1] }),
  op("lstmCell", (x, h, i, w, b) => F.lstmCell(x, [h, F.tanh(h)], i, w, b, b), cells(4), { rows: [0, 1] }),
  op("rnnTanh", (x, i, w, b) => F.rnnTanh(x, null, [i, w, b, b]), [real([3, 2, 2]), ...cells(1).slice(2)], time),
  op("rnnRelu", (x, i, w, b) => F.rnnRelu(x, null, [i, w, b, b]), [real([3, 2, 2]), ...cells(1).slice(2)], time),
  op("gru", (x, i, w, b) => F.gru(x, null, [i, w, b, b]), [real([3, 2, 2]), ...cells(3).slice(2)], time),
  op("lstm", (x, i, w, b) => F.lstm(x, null, [i, w, b, b]), [real([3, 2, 2]), ...cells(4).slice(2)], time),
  op("lstm both-ways", (x, i, w, b) => F.lstm(x, null, [i, w, b, b, i, w, b, b], { bidirectional: true }), [
    real([3, 2, 2]),
    ...cells(4).slice(2),
  ], { ...time, ...without }),
];

const images: readonly Operation[] = [
  ...(["nearest", "nearest-exact", "bilinear", "bicubic", "area"] as const).map((mode) =>
    op(`interpolate ${mode}`, (x) => F.interpolate(x, { size: [5, 2], mode }), [real([2, 1, 3, 4])])
  ),
  op("interpolate antialias", (x) => F.interpolate(x, { size: [2, 3], mode: "bicubic", antialias: true }), [
    real([2, 1, 5, 4]),
  ], without),
  op(
    "interpolate linear",
    (x) => F.interpolate(x, { scaleFactor: 2, mode: "linear", alignCorners: true }),
    [line()],
    without,
  ),
  op("interpolate trilinear", (x) => F.interpolate(x, { size: [2, 3, 5], mode: "trilinear" }), [volume()], without),
  op("upsample", (x) => F.upsample(x, { scaleFactor: 2 }), [image()], without),
  op("upsampleNearest", (x) => F.upsampleNearest(x, { scaleFactor: 2 }), [image()], without),
  op("upsampleBilinear", (x) => F.upsampleBilinear(x, { scaleFactor: 2 }), [image()], without),
  ...(["bilinear", "nearest", "bicubic"] as const).flatMap((mode) =>
    (["zeros", "border", "reflection"] as const).map((paddingMode) =>
      op(
        `gridSample ${mode} ${paddingMode}`,
        (x, grid) => F.gridSample(x, grid, { mode, paddingMode, alignCorners: false }),
        [
          real([2, 1, 3, 4]),
          real([2, 2, 3, 2], -1.4, 1.4),
        ],
        { dtypes: [] },
      )
    )
  ),
  op("gridSample volumes", (x, grid) => F.gridSample(x, grid, { alignCorners: true }), [
    real([2, 1, 2, 3, 2]),
    real([2, 1, 2, 2, 3], -1, 1),
  ], without),
  op("affineGrid", (x) => F.affineGrid(x, [2, 1, 2, 3], { alignCorners: false }), [real([2, 2, 3])], {
    rows: "the size says how many",
  }),
  op("pixelShuffle", (x) => F.pixelShuffle(x, 2), [real([2, 4, 2, 1])], without),
  op("pixelUnshuffle", (x) => F.pixelUnshuffle(x, 2), [real([2, 1, 2, 4])], without),
  op("channelShuffle", (x) => F.channelShuffle(x, 2), [real([2, 4, 2])], without),
];

const dropouts: readonly Operation[] = [
  ...(["dropout", "alphaDropout"] as const).map((name) => op(name, (x) => F[name](x, 0.4), [real([3, 4])], noise)),
  op("dropout1d", (x) => F.dropout1d(x, 0.4), [real([2, 3, 4])], { ...noise, ...without }),
  op("dropout2d", (x) => F.dropout2d(x, 0.4), [real([2, 3, 2, 2])], { ...noise, ...without }),
  op("dropout3d", (x) => F.dropout3d(x, 0.4), [real([2, 3, 2, 2, 1])], { ...noise, ...without }),
  ...(["featureAlphaDropout", "featureDropout"] as const).map((name) =>
    op(name, (x) => F[name](x, 0.4), [real([2, 3, 4])], { ...noise, ...without })
  ),
  ...(["dropout_", "alphaDropout_", "featureDropout_", "featureAlphaDropout_"] as const).map((name) =>
    op(name, (x) => F[name](x.clone(), 0.4), [real([2, 3, 4])], { ...noise, ...without })
  ),
  op("dropout p", (x) => [F.dropout(x, 0), F.dropout(x, 1), F.dropout(x, 0.5, { training: false })], [real([3, 4])], {
    ...noise,
    ...without,
  }),
];

/** What layers are made of. */
export const layers: readonly Operation[] = [
  ...convolutions,
  ...poolings,
  ...normalizations,
  ...distances,
  ...attentions,
  heads,
  ...recurrences,
  ...images,
  ...dropouts,
];
