/**
 * Operations that combine elements along dimensions.
 *
 * @module
 */

export { cummax, cummin, cumprod, cumsum, type CumulativeOptions } from "./cumulative.ts";
export {
  cumulativeTrapezoid,
  diff,
  type DiffOptions,
  dist,
  trapezoid,
  type TrapezoidOptions,
  trapz,
} from "./difference.ts";
export { amax, amin, aminmax, argmax, argmin, type ExtremeOptions, max, min } from "./extremes.ts";
export { all, any } from "./logical.ts";
export { median, type MedianOptions, nanmedian, nanquantile, quantile, type QuantileOptions } from "./median.ts";
export { type NormOptions, renorm } from "./norm.ts";
export { prod } from "./prod.ts";
export { logSoftmax, logsumexp, softmax, type SoftmaxOptions, softmin } from "./softmax.ts";
export { countNonzero, mean, nanmean, nansum, sum } from "./sum.ts";
export { std, stdMean, var, variance, type VarianceOptions, varMean } from "./variance.ts";
export type { ReduceOptions } from "./reduce.ts";
export { gradient, type GradientOptions } from "./gradient.ts";
export { histc, histogram, histogramdd, type HistogramOptions } from "./histogram.ts";
export { logcumsumexp } from "./log_cumulative.ts";
export { mode } from "./mode.ts";
export { type SegmentOptions, segmentReduce, type SegmentReduction } from "./segments.ts";
