/**
 * Operations that combine elements along dimensions.
 *
 * @module
 */

import { functional as F, type Tensor } from "../../mod.ts";
import { fixed, op, type Operation, real, type Settings } from "./table.ts";

type OverDim = (x: Tensor, dim: number) => Tensor | Tensor[];

const EVERY: Settings = { dtypes: ["float16", "int32", "uint8", "bool"] };
const all: Settings = { dtypes: ["float16", "int32"], rows: "the rows are combined" };

const overDim =
  "sum mean prod amax amin max min std logsumexp softmax logSoftmax softmin median nanmedian cumsum cumprod cummax cummin argmax argmin " +
  "var variance nansum nanmean countNonzero any all";
const overAll =
  "sum mean prod amax amin max min std median nanmedian argmax argmin var nansum nanmean countNonzero any all aminmax";

const counted: Settings = {
  dtypes: [],
  rows: "the rows are combined",
  slope: "counts have none",
};

/** Rows of one zero, two and none. */
const zeros = () => fixed([0, 1, 1, 0, 0, 1, 1, 1, 1], [3, 3], "float32");

/** Operations that combine elements along dimensions. */
export const reductions: readonly Operation[] = [
  ...overDim.split(" ").map((name) => op(name, (x) => (F[name as "sum"] as OverDim)(x, 1), [real([3, 5])], EVERY)),
  ...overDim.split(" ").map((name) =>
    op(`${name} over-rows`, (x) => (F[name as "sum"] as OverDim)(x, 0), [real([3, 5])], all)
  ),
  ...overAll.split(" ").map((name) => op(`${name} of-all`, (x) => F[name as "sum"](x), [real([3, 5])], all)),
  op("sum two-dims", (x) => F.sum(x, [0, 2], { keepdim: true }), [real([2, 3, 4])], all),
  op("mean two-dims", (x) => F.mean(x, [0, 2]), [real([2, 3, 4])], { rows: "the rows are combined" }),
  op("sum of-a-long-row", (x) => F.sum(F.mul(x, x), 1), [real([2, 3000])], {
    dtypes: [],
    absolute: 1e-3,
    rows: "70,000 long rows are too much",
    slope: "as of short rows",
  }),
  op("softmax of-a-long-row", (x) => F.softmax(x, 1), [real([2, 3000])], {
    dtypes: [],
    rows: "70,000 long rows are too much",
    slope: "as of short rows",
  }),
  op("aminmax", (x) => F.aminmax(x, { dim: 1 }), [real([3, 5])]),
  op("max of-two", (a, b) => F.max(a, b), [real([3, 5]), real([3, 5])]),
  op("min of-two", (a, b) => F.min(a, b), [real([3, 5]), real([3, 5])]),
  op("std correction", (x) => F.std(x, { dim: 1, correction: 0 }), [real([3, 5])]),
  op("stdMean", (x) => F.stdMean(x, 1), [real([3, 5])]),
  op("varMean", (x) => F.varMean(x, 1), [real([3, 5])]),
  ...[0, 0.5, 1, 2, 3, Infinity, -Infinity].map((p) => op(`norm ${p}`, (x) => F.norm(x, p, 1), [real([3, 5])])),
  op("norm of-all", (x) => F.norm(x), [real([3, 5])], { rows: "the rows are combined" }),
  op("quantile", (x) => F.quantile(x, 0.3, { dim: 1 }), [real([3, 5])], { dtypes: [] }),
  op("nanquantile", (x) => F.nanquantile(x, 0.3, { dim: 1 }), [real([3, 5])], { dtypes: [] }),
  ...(["prod", "cumprod"] as const).map((name) =>
    op(`${name} with-zeros`, (x, zeros) => F[name](F.mul(x, zeros), 1), [real([3, 3]), zeros()], { rows: [0, 1] })
  ),
  op("logcumsumexp", (x) => F.logcumsumexp(x, 1), [real([3, 5])]),
  op("mode", (x) => F.mode(x, 1), [real([3, 5])]),
  op("renorm", (x) => F.renorm(x, 2, 0, 1), [real([3, 5])]),
  op("gradient", (x) => F.gradient(x), [real([3, 5])], { rows: "the rows are combined" }),
  op("histc", (x) => F.histc(x, { bins: 4, min: -2, max: 2 }), [real([3, 5])], counted),
  op("histogram", (x) => F.histogram(x, 4), [real([15])], counted),
  op("histogramdd", (x) => F.histogramdd(x, [2, 3]), [real([5, 2])], counted),
  ...(["sum", "mean", "max", "min", "prod"] as const).map((reduce) =>
    op(`segmentReduce ${reduce}`, (x, lengths) => F.segmentReduce(x, reduce, { lengths }), [
      real([6]),
      fixed([2, 1, 3]),
    ], {
      rows: "the rows are combined",
    })
  ),
  op("diff", (x) => F.diff(x), [real([3, 5])], EVERY),
  op("diff twice", (x) => F.diff(x, 2, 0), [real([3, 5])], { rows: "the rows are combined" }),
  op("trapezoid", (y, x) => F.trapezoid(y, x), [real([3, 5]), real([3, 5])]),
  op("cumulativeTrapezoid", (y, x) => F.cumulativeTrapezoid(y, x), [real([3, 5]), real([3, 5])]),
  op("dist", (a, b) => F.dist(a, b, 3), [real([3, 5]), real([3, 5])], { rows: "the rows are combined" }),
];
