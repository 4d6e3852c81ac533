/**
 * Losses.
 *
 * @module
 */

import { functional as F } from "../../mod.ts";
import { fixed, op, type Operation, real } from "./table.ts";

const none = { reduction: "none" } as const;
const mean = { dtypes: [], rows: "the rows are averaged" };
const pair = () => [real([3, 4]), real([3, 4])];
const chances = () => [real([3, 4], 0.1, 0.9), real([3, 4], 0.1, 0.9)];
const classes = () => [real([3, 4]), fixed([2, 0, 3])];
const signs = () => fixed([1, -1, -1]);
const both = { rows: [0, 1] };
const all = { rows: [0, 1, 2] };

/** Losses. */
export const losses: readonly Operation[] = [
  ...(["mseLoss", "l1Loss", "smoothL1Loss", "huberLoss"] as const).flatMap((name) => [
    op(name, (x, y) => F[name](x, y, none), pair()),
    op(`${name} mean`, (x, y) => F[name](x, y), pair(), mean),
  ]),
  op("crossEntropy", (x, y) => F.crossEntropy(x, y, none), classes(), both),
  op("crossEntropy mean", (x, y) => F.crossEntropy(x, y), classes(), mean),
  op(
    "crossEntropy options",
    (x, y, weight) => F.crossEntropy(x, y, { weight, labelSmoothing: 0.1, ignoreIndex: 0 }),
    [
      ...classes(),
      real([4], 0.5, 2),
    ],
    mean,
  ),
  op("crossEntropy probabilities", (x, y) => F.crossEntropy(x, F.softmax(y, 1), none), pair()),
  op("crossEntropy positions", (x, y) => F.crossEntropy(x, y, none), [
    real([2, 4, 3]),
    fixed([2, 0, 3, 1, 1, 0], [2, 3]),
  ], both),
  op("nllLoss", (x, y) => F.nllLoss(x, y, none), classes(), both),
  op("nllLoss weight", (x, y, weight) => F.nllLoss(x, y, { weight }), [
    ...classes(),
    real([4], 0.5, 2),
  ], mean),
  op("binaryCrossEntropy", (x, y) => F.binaryCrossEntropy(x, y, none), chances()),
  op("binaryCrossEntropy mean", (x, y) => F.binaryCrossEntropy(x, y), chances(), mean),
  op("binaryCrossEntropyWithLogits", (x, y) => F.binaryCrossEntropyWithLogits(x, y, none), pair()),
  op(
    "binaryCrossEntropyWithLogits posWeight",
    (x, y, posWeight) => F.binaryCrossEntropyWithLogits(x, y, { posWeight }),
    [
      ...pair(),
      real([4], 0.5, 2),
    ],
    mean,
  ),
  op("klDiv", (x, y) => F.klDiv(x, y, none), [real([3, 4]), real([3, 4], 0.1, 0.9)]),
  op("klDiv log", (x, y) => F.klDiv(x, y, { ...none, logTarget: true }), pair()),
  op("klDiv batchmean", (x, y) => F.klDiv(x, y, { reduction: "batchmean" }), chances(), mean),
  op("poissonNllLoss", (x, y) => F.poissonNllLoss(x, y, none), pair()),
  op("poissonNllLoss full", (x, y) => F.poissonNllLoss(x, y, { ...none, full: true, logInput: false }), [
    real([3, 4], 0.5, 2),
    real([3, 4], 2, 4),
  ]),
  op("gaussianNllLoss", (x, y, v) => F.gaussianNllLoss(x, y, v, none), [...pair(), real([3, 4], 0.5, 2)]),
  op("softMarginLoss", (x, y) => F.softMarginLoss(x, y, none), pair()),
  op("multilabelSoftMarginLoss", (x, y) => F.multilabelSoftMarginLoss(x, y, none), pair()),
  op("multilabelMarginLoss", (x, y) => F.multilabelMarginLoss(x, y, none), [
    real([3, 4]),
    fixed([2, 0, -1, 1, 1, -1, 0, 0, 3, 2, 1, -1], [3, 4]),
  ], both),
  op("multiMarginLoss", (x, y) => F.multiMarginLoss(x, y, { ...none, p: 2, margin: 2 }), classes(), both),
  op("marginRankingLoss", (a, b, y) => F.marginRankingLoss(a, b, y, { ...none, margin: 0.3 }), [
    real([3]),
    real([3]),
    signs(),
  ], all),
  op("hingeEmbeddingLoss", (x, y) => F.hingeEmbeddingLoss(x, y, { ...none, margin: 3 }), [real([3]), signs()], both),
  op(
    "cosineEmbeddingLoss",
    (a, b, y) => F.cosineEmbeddingLoss(a, b, y, { ...none, margin: -1 }),
    [...pair(), signs()],
    all,
  ),
  op("tripletMarginLoss", (a, b, c) => F.tripletMarginLoss(a, b, c, { ...none, margin: 3, swap: true }), [
    ...pair(),
    real([3, 4]),
  ]),
  op("tripletMarginWithDistanceLoss", (a, b, c) => F.tripletMarginWithDistanceLoss(a, b, c, { ...none, margin: 3 }), [
    ...pair(),
    real([3, 4]),
  ]),
  op("ctcLoss", (x, y) => F.ctcLoss(F.logSoftmax(x, 2), y, [4, 3], [2, 1], none), [
    real([4, 2, 3]),
    fixed([1, 1, 2, 0], [2, 2]),
  ], {
    rows: "the first dimension is time",
  }),
  op(
    "adaptiveLogSoftmaxWithLoss",
    (x, target, head, projection, weight) => {
      const layers: F.AdaptiveSoftmax = { cutoffs: [2, 5], head: [head, null], tails: [[projection, weight]] };
      return [F.adaptiveLogSoftmaxWithLoss(x, target, layers).output];
    },
    [real([3, 2]), fixed([0, 4, 2]), real([3, 2]), real([2, 2]), real([3, 2])],
    both,
  ),
  op(
    "adaptiveLogProb",
    (x, head, projection, weight) => {
      return F.adaptiveLogProb(x, { cutoffs: [2, 5], head: [head, null], tails: [[projection, weight]] });
    },
    [real([3, 2]), real([3, 2]), real([2, 2]), real([3, 2])],
    { rows: [0] },
  ),
];
