/**
 * Operations that pick elements by index, mask or order.
 *
 * @module
 */

import { functional as F, slice, type Tensor } from "../../mod.ts";
import { fixed, op, type Operation, real } from "./table.ts";

const rows = "rows are picked";
const shape = "the shape of the result depends on the values";
const order = { dtypes: ["float16", "int32", "uint8", "bool"] } as const;

const within = () => fixed([0, 2, 1, 1, 2, 0], [3, 2]);
/** Each position of a row once: what comes of two is left open. */
const apart = () => fixed([0, 2, 1, 3, 2, 0], [3, 2]);
/** Ascending. */
const ladder = () => fixed([-1, -0.5, 0, 0.7, 1.1], [5], "float32");

/** Operations that pick elements by index, mask or order. */
export const selections: readonly Operation[] = [
  op("gather", (x, i) => F.gather(x, 1, i), [real([3, 4]), within()], {
    rows: [0, 1],
    dtypes: ["float16", "int32", "uint8", "bool"],
  }),
  op("gather over-rows", (x, i) => F.gather(x, 0, i), [real([3, 4]), within()], { rows }),
  op("take", F.take, [real([3, 4]), fixed([1, -1, 5])], { rows }),
  op("takeAlongDim", (x, i) => F.takeAlongDim(x, i, 1), [real([3, 4]), within()], { rows: [0, 1] }),
  op("index", (x, i) => F.index(x, [slice(), i]), [real([3, 4]), fixed([2, 0, -1])], { rows: [0] }),
  op("index mask", (x, m) => F.index(x, [m]), [real([3, 4]), fixed([1, 0, 1], [3], "bool")], { rows }),
  op("index pairs", (x, i, j) => F.index(x, [i, j]), [real([3, 4]), fixed([2, 0]), fixed([1, 3])], { rows }),
  op("indexPut", (x, i, v) => F.indexPut(x, [i], v), [real([3, 4]), fixed([2, 0]), real([2, 4])], { rows }),
  op("indexPut accumulate", (x, i, v) => F.indexPut(x, [i], v, { accumulate: true }), [
    real([3, 4]),
    fixed([2, 2]),
    real([2, 4]),
  ], {
    rows,
  }),
  op("indexPut_", (x, i, v) => F.indexPut_(x.clone(), [i], v), [real([3, 4]), fixed([2, 0]), real([2, 4])], { rows }),
  op("indexSelect", (x, i) => F.indexSelect(x, 1, i), [real([3, 4]), fixed([3, 0, 0])], { rows: [0] }),
  op("indexAdd", (x, i, s) => F.indexAdd(x, 1, i, s, { alpha: 2 }), [real([3, 4]), fixed([0, 0, 2]), real([3, 3])], {
    rows: [0, 2],
  }),
  op("indexCopy", (x, i, s) => F.indexCopy(x, 1, i, s), [real([3, 4]), fixed([0, 2]), real([3, 2])], { rows: [0, 2] }),
  op("indexFill", (x, i) => F.indexFill(x, 1, i, 3), [real([3, 4]), fixed([0, 2])], { rows: [0] }),
  op("maskedFill", (x, m) => F.maskedFill(x, m, 3), [real([3, 4]), fixed([1, 0, 1, 0], [4], "bool")], { rows: [0] }),
  op("maskedSelect", (x, m) => F.maskedSelect(x, m), [real([3, 4]), fixed([1, 0, 1, 0], [4], "bool")], { rows: [0] }),
  op("maskedScatter", (x, m, s) => F.maskedScatter(x, m, s), [
    real([3, 4]),
    fixed([1, 0, 1, 0], [4], "bool"),
    real([6]),
  ], { rows }),
  op("nonzero", (x) => F.nonzero(F.gt(x, 0)), [real([3, 4])], { rows: shape }),
  op("nonzero as-tuple", (x) => F.nonzero(F.gt(x, 0), { asTuple: true }), [real([3, 4])], { rows: shape }),
  op("argwhere", (x) => F.argwhere(F.gt(x, 0)), [real([3, 4])], { rows: shape }),
  op("isin", (x, y) => F.isin(x, y), [fixed([1, 2, 3, 4], [2, 2]), fixed([2, 4])], { rows }),
  op("put", (x, i, s) => F.put(x, i, s), [real([3, 4]), fixed([1, -1]), real([2])], { rows }),
  op("put accumulate", (x, i, s) => F.put(x, i, s, { accumulate: true }), [real([3, 4]), fixed([1, 1]), real([2])], {
    rows,
  }),
  op("scatter", (x, i, s) => F.scatter(x, 1, i, s), [real([3, 4]), apart(), real([3, 2])], { rows: [0, 1, 2] }),
  op("scatter number", (x, i) => F.scatter(x, 1, i, 1.5), [real([3, 4]), within()], { rows: [0, 1] }),
  op("scatterAdd", (x, i, s) => F.scatterAdd(x, 1, i, s), [
    real([3, 4]),
    fixed([0, 0, 1, 1, 2, 2], [3, 2]),
    real([3, 2]),
  ], {
    rows: [0, 1, 2],
  }),
  ...(["sum", "prod", "mean", "amax", "amin"] as const).flatMap((reduce) =>
    [true, false].map((includeSelf) =>
      op(
        `scatterReduce ${reduce}${includeSelf ? "" : " without-self"}`,
        (x, i, s) => F.scatterReduce(x, 1, i, s, reduce, { includeSelf }),
        [real([3, 4], 0.5, 2), fixed([0, 0, 1, 2, 2, 2], [3, 2]), real([3, 2], 0.5, 2)],
        { rows: [0, 1, 2] },
      )
    )
  ),
  ...(["prod", "mean", "amax", "amin"] as const).map((reduce) =>
    op(
      `indexReduce ${reduce}`,
      (x, i, s) => F.indexReduce(x, 1, i, s, reduce),
      [real([3, 4], 0.5, 2), fixed([0, 0, 2]), real([3, 3], 0.5, 2)],
      { rows: [0, 2] },
    )
  ),
  op("searchsorted", (s, x) => F.searchsorted(s, x), [ladder(), real([3, 4])], { rows: [1] }),
  op("bucketize", (x, s) => F.bucketize(x, s, { right: true }), [real([3, 4]), ladder()], { rows: [0] }),
  op("oneHot", (i) => F.oneHot(i, 4), [fixed([3, 0, 1])], { rows: [0] }),
  op("sort", (x) => F.sort(x, 1), [real([3, 5])], order),
  op("sort descending", (x) => F.sort(x, { dim: 0, descending: true }), [real([3, 5])], { rows, dtypes: [] }),
  op("sort long", (x) => F.sort(x), [real([2, 700])], {
    rows: "70,000 long rows are too much",
    dtypes: [],
    slope: "as of short rows",
  }),
  op("argsort", (x) => F.argsort(x, 1), [real([3, 5])]),
  op("msort", F.msort, [real([3, 5])], { rows }),
  op("topk", (x) => F.topk(x, 2, 1), [real([3, 5])]),
  op("kthvalue", (x) => F.kthvalue(x, 2, 1), [real([3, 5])]),
  op("unique", (x) => F.unique(x), [fixed([3, 1, 1, 2])], { rows: shape }),
  op("unique counts", (x: Tensor) => F.unique(x, { returnInverse: true, returnCounts: true }), [fixed([3, 1, 1, 2])], {
    rows: shape,
  }),
  op("uniqueConsecutive", (x) => F.uniqueConsecutive(x), [fixed([3, 1, 1, 2])], { rows: shape }),
  op("bincount", (x) => F.bincount(x), [fixed([3, 1, 1, 2])], { rows: shape }),
  op("bincount weights", (x, weights) => F.bincount(x, { weights }), [fixed([3, 1, 1, 2]), real([4])], {
    rows: shape,
    slope: "counts have no gradient",
  }),
  op("embedding", (i, w) => F.embedding(i, w), [fixed([3, 0, 3], [3]), real([4, 2])], { rows: [0], summed: 1e-3 }),
  op("embedding paddingIdx", (i, w) => F.embedding(i, w, { paddingIdx: 0 }), [fixed([3, 0, 3], [3]), real([4, 2])], {
    rows: [0],
    summed: 1e-3,
    slope: "the padding row has no gradient",
  }),
  ...(["sum", "mean", "max"] as const).map((mode) =>
    op(`embeddingBag ${mode}`, (i, w) => F.embeddingBag(i, w, { mode }), [
      fixed([3, 0, 1, 2, 2, 1], [3, 2]),
      real([4, 2]),
    ], {
      rows: [0],
      summed: 1e-3,
    })
  ),
  op(
    "embeddingBag options",
    (i, w, offsets, perSampleWeights) =>
      F.embeddingBag(i, w, { offsets, mode: "sum", perSampleWeights, paddingIdx: 0 }),
    [fixed([1, 0, 2, 1, 1]), real([3, 2]), fixed([0, 2, 2]), real([5])],
    { rows: "bags are of different lengths" },
  ),
];
