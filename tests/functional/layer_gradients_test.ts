/**
 * Gradients of what layers are made of.
 *
 * @module
 */

import { functional as F, type Tensor, tensor } from "../../mod.ts";
import { operands, type Operation, slopes } from "./slopes.ts";

const on = (f: (x: Tensor) => Tensor): Operation => (x) => f(x!);

for (const mode of ["reflect", "replicate", "circular"] as const) {
  slopes(`pad by ${mode}`, on((x) => F.pad(x, [2, 1, -1, 2], { mode })), operands([[1, 2, 4, 4]]));
}

slopes("avgPool2d", on((x) => F.avgPool2d(x, 2, { padding: 1, ceilMode: true })), operands([[1, 2, 3, 4]]));
slopes("maxPool2d", on((x) => F.maxPool2d(x, 2, { stride: 1, padding: 1 })), operands([[1, 2, 3, 4]]));
slopes("lpPool1d", on((x) => F.lpPool1d(x, 3, 2)), operands([[1, 2, 4]], 0.5, 2));
slopes("adaptiveAvgPool2d", on((x) => F.adaptiveAvgPool2d(x, [2, 3])), operands([[1, 2, 3, 4]]));
slopes("adaptiveMaxPool2d", on((x) => F.adaptiveMaxPool2d(x, [2, 3])), operands([[1, 2, 3, 4]]));
slopes(
  "fractionalMaxPool2d",
  on((x) => {
    return F.fractionalMaxPool2d(x, 2, { outputSize: 3, randomSamples: tensor([[[0.2, 0.7]]], { dtype: "float64" }) });
  }),
  operands([[1, 1, 5, 6]]),
);
slopes("maxUnpool1d", on((x) => F.maxUnpool1d(x, tensor([[[1, 2]]]), 2)), operands([[1, 1, 2]]));

slopes(
  "convTranspose2d",
  (x, w, b) => F.convTranspose2d(x!, w!, b!, { stride: 2, padding: 1, outputPadding: 1, groups: 2 }),
  operands([[1, 2, 2, 3], [2, 1, 3, 2], [2]]),
);
slopes("unfold", on((x) => F.unfold(x, 2, { padding: 1, stride: 2 })), operands([[1, 2, 3, 4]]));
slopes("fold", on((x) => F.fold(x, [3, 3], 2)), operands([[1, 4, 4]]));

for (const mode of ["nearest", "nearest-exact", "bilinear", "bicubic", "area"] as const) {
  slopes(`interpolate by ${mode}`, on((x) => F.interpolate(x, { size: [5, 2], mode })), operands([[1, 1, 3, 4]]));
}
slopes(
  "interpolate with antialias",
  on((x) => {
    return F.interpolate(x, { size: [2, 3], mode: "bicubic", antialias: true });
  }),
  operands([[1, 1, 5, 4]]),
);
for (const mode of ["bilinear", "nearest", "bicubic"] as const) {
  for (const paddingMode of ["zeros", "border", "reflection"] as const) {
    slopes(
      `gridSample by ${mode} with ${paddingMode}`,
      (x, grid) => F.gridSample(x!, grid!, { mode, paddingMode }),
      [...operands([[1, 2, 3, 4]]), ...operands([[1, 2, 3, 2]], -1.4, 1.4)],
    );
  }
}
slopes(
  "gridSample of volumes",
  (x, grid) => F.gridSample(x!, grid!),
  operands([[1, 1, 2, 3, 2], [1, 1, 2, 2, 3]], -1, 1),
);
slopes("affineGrid", on((x) => F.affineGrid(x, [1, 1, 2, 3])), operands([[1, 2, 3]]));
slopes("pixelShuffle", on((x) => F.pixelShuffle(x, 2)), operands([[4, 2, 1]]));

slopes("layerNorm", (x, w, b) => F.layerNorm(x!, [4], w!, b!), operands([[2, 4], [4], [4]]));
slopes("groupNorm", (x, w, b) => F.groupNorm(x!, 2, w!, b!), operands([[2, 4, 2], [4], [4]]));
slopes(
  "batchNorm",
  (x, w, b) => F.batchNorm(x!, null, null, w!, b!, { training: true }),
  operands([[3, 2, 2], [2], [2]]),
);
slopes("instanceNorm", on((x) => F.instanceNorm(x)), operands([[2, 2, 4]]));
slopes("rmsNorm", (x, w) => F.rmsNorm(x!, [4], w!), operands([[2, 4], [4]]));
slopes("localResponseNorm", on((x) => F.localResponseNorm(x, 3, { alpha: 0.5 })), operands([[1, 4, 2]]));

slopes("cosineSimilarity", (a, b) => F.cosineSimilarity(a!, b!), operands([[2, 3], [2, 3]]));
slopes("pairwiseDistance", (a, b) => F.pairwiseDistance(a!, b!, { p: 3 }), operands([[2, 3], [3]]));
slopes("normalize", on((x) => F.normalize(x)), operands([[2, 3]]));
slopes("pdist", on((x) => F.pdist(x)), operands([[4, 3]]));
for (const p of [1, 2, 2.5]) {
  slopes(`cdist with p ${p}`, (a, b) => F.cdist(a!, b!, { p }), operands([[2, 3, 2], [4, 2]]));
}
slopes(
  "cdist by a matrix product",
  (a, b) => F.cdist(a!, b!, { computeMode: "use_mm_for_euclid_dist" }),
  operands([[3, 2], [4, 2]]),
);

const classes = tensor([1, 0]), signs = tensor([1, -1]);
slopes("marginRankingLoss", (a, b) => F.marginRankingLoss(a!, b!, signs, { margin: 0.3 }), operands([[2], [2]]));
slopes("hingeEmbeddingLoss", on((x) => F.hingeEmbeddingLoss(x, signs, { margin: 3 })), operands([[2]]));
slopes(
  "cosineEmbeddingLoss",
  (a, b) => F.cosineEmbeddingLoss(a!, b!, signs, { margin: -1 }),
  operands([[2, 3], [2, 3]]),
);
slopes(
  "tripletMarginLoss",
  (a, b, c) => F.tripletMarginLoss(a!, b!, c!, { margin: 3, swap: true }),
  operands([[2, 3], [2, 3], [2, 3]]),
);
slopes("multiMarginLoss", on((x) => F.multiMarginLoss(x, classes, { p: 2, margin: 2 })), operands([[2, 3]]));
slopes(
  "multilabelMarginLoss",
  on((x) => {
    return F.multilabelMarginLoss(x, tensor([[2, 0, -1], [1, -1, 0]]));
  }),
  operands([[2, 3]]),
);
slopes(
  "ctcLoss of logits",
  on((x) => {
    return F.ctcLoss(F.logSoftmax(x, 2), tensor([[1, 1], [2, 0]]), [4, 3], [2, 1]);
  }),
  operands([[4, 2, 3]]),
);
slopes("adaptiveLogSoftmaxWithLoss", (x, head, projection, weight) => {
  const layers: F.AdaptiveSoftmax = { cutoffs: [2, 5], head: [head!, null], tails: [[projection!, weight!]] };
  return F.adaptiveLogSoftmaxWithLoss(x!, tensor([0, 4, 2]), layers).output;
}, operands([[3, 2], [3, 2], [2, 2], [3, 2]]));

const offsets = tensor([0, 2, 2]), bag = tensor([1, 0, 2, 1, 1]);
for (const mode of ["sum", "mean", "max"] as const) {
  slopes(`embeddingBag by ${mode}`, on((x) => F.embeddingBag(bag, x, offsets, { mode })), operands([[3, 2]]));
}
slopes("embeddingBag with weights", (x, w) => {
  return F.embeddingBag(bag, x!, { offsets, mode: "sum", perSampleWeights: w!, paddingIdx: 0 });
}, operands([[3, 2], [5]]));
