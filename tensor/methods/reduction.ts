/**
 * Reductions as methods.
 *
 * @module
 */

import * as F from "../../functional/mod.ts";
import type {
  CumulativeOptions,
  DiffOptions,
  Dims,
  ExtremeOptions,
  Histogram,
  HistogramOptions,
  MedianOptions,
  MinMax,
  NormOptions,
  QuantileOptions,
  ReduceOptions,
  SoftmaxOptions,
  ValuesIndices,
  VarianceOptions,
} from "../../functional/mod.ts";
import type { Operand } from "../promotion.ts";
import type { Tensor } from "../tensor.ts";
import { type Implementations, type InPlace, inPlace, methods } from "./define.ts";

/** Reductions: over all dimensions, or over those of `dim`, by position or in the options. */
export interface ReductionMethods extends ExtremeMethods, RunningMethods {
  /** The sum. */
  sum(dim?: Dims | ReduceOptions | null, options?: ReduceOptions): Tensor;
  /** The mean. */
  mean(dim?: Dims | ReduceOptions | null, options?: ReduceOptions): Tensor;
  /** The sum, where NaN counts as 0. */
  nansum(dim?: Dims | ReduceOptions | null, options?: ReduceOptions): Tensor;
  /** The mean of what is not NaN. */
  nanmean(dim?: Dims | ReduceOptions | null, options?: ReduceOptions): Tensor;
  /** The product. */
  prod(dim?: Dims | ReduceOptions | null, options?: ReduceOptions): Tensor;
  /** The largest elements. */
  amax(dim?: Dims | ReduceOptions, options?: ReduceOptions): Tensor;
  /** The smallest elements. */
  amin(dim?: Dims | ReduceOptions, options?: ReduceOptions): Tensor;
  /** The smallest and the largest elements. */
  aminmax(options?: ExtremeOptions): MinMax;
  /** The position of the first largest element. */
  argmax(dim?: number | ExtremeOptions, options?: ExtremeOptions): Tensor;
  /** The position of the first smallest element. */
  argmin(dim?: number | ExtremeOptions, options?: ExtremeOptions): Tensor;
  /** Whether any element is true. */
  any(dim?: Dims | ReduceOptions, options?: ReduceOptions): Tensor;
  /** Whether all elements are true. */
  all(dim?: Dims | ReduceOptions, options?: ReduceOptions): Tensor;
  /** How many elements are not 0. */
  countNonzero(dim?: Dims | { readonly dim?: Dims | null } | null): Tensor;
  /** The p-norm of x - other. */
  dist(other: Tensor, p?: number | { readonly p?: number }): Tensor;
  /** The most frequent elements along a dimension, the smallest of several, and where they were last found. */
  mode(dim?: number | MedianOptions, options?: MedianOptions): ValuesIndices;
  /** How many elements fall into each of `bins` equal intervals from `min` to `max`. */
  histc(
    bins?: number | { readonly bins?: number; readonly min?: number; readonly max?: number },
    min?: number,
    max?: number,
  ): Tensor;
  /** How many elements fall into each of some equal bins, or between the edges listed. */
  histogram(
    bins?: number | Tensor | (HistogramOptions & { readonly bins?: number }) | null,
    options?: HistogramOptions & { readonly bins?: number },
  ): Histogram;
  /** ln(e^x₀ + … + e^xᵢ) along a dimension. */
  logcumsumexp(dim: number): Tensor;
  /** Differences of neighbours along a dimension, `n` times over. */
  diff(n?: number | DiffOptions, dim?: number | DiffOptions): Tensor;
  /** The p-norm, or with "nuc" that of the singular values of matrices. */
  norm(p?: number | "fro" | "nuc" | NormOptions | null, dim?: Dims | NormOptions | null, options?: NormOptions): Tensor;
  /** The variance, with n - 1 as the divisor unless `correction` says otherwise. */
  var(dim?: Dims | VarianceOptions | null, options?: VarianceOptions): Tensor;
  /** The square root of the variance. */
  std(dim?: Dims | VarianceOptions | null, options?: VarianceOptions): Tensor;
  /** The value below which a share `q` of the elements lies; several for a tensor of shares. */
  quantile(q: Operand, dim?: number | QuantileOptions | null, options?: QuantileOptions): Tensor;
  /** `quantile` of what is not NaN. */
  nanquantile(q: Operand, dim?: number | QuantileOptions | null, options?: QuantileOptions): Tensor;
  /** e^x / Σ e^x along a dimension. */
  softmax(dim?: number | SoftmaxOptions, options?: SoftmaxOptions): Tensor;
  /** The logarithm of `softmax`. */
  logSoftmax(dim?: number | SoftmaxOptions, options?: SoftmaxOptions): Tensor;
  /** ln Σ e^x. */
  logsumexp(dim: Dims | ReduceOptions, options?: ReduceOptions): Tensor;
}

/** Running reductions along a dimension, and bounded norms. */
export interface RunningMethods {
  /** x with each part along `dim` whose p-norm is above `maxnorm` scaled down to it. */
  renorm(p: number, dim: number, maxnorm: number): Tensor;
  /** Running sums. */
  cumsum(dim: number, options?: CumulativeOptions): Tensor;
  /** Running products. */
  cumprod(dim: number, options?: CumulativeOptions): Tensor;
}

/** `x.cumsum_(dim)` and its kin. */
export interface RunningInPlaceMethods extends InPlace<RunningMethods> {}

/** The largest, the smallest and the middle elements, with their positions. */
export interface ExtremeMethods {
  /** The largest element so far, and where it was last found. */
  cummax(dim: number): ValuesIndices;
  /** The smallest element so far, and where it was last found. */
  cummin(dim: number): ValuesIndices;
  /** The largest element of all. */
  max(): Tensor;
  /** The larger of x and `other`, element by element. */
  max(other: Tensor): Tensor;
  /** The largest elements along `dim`, and the positions where they were first found. */
  max(dim: number, options?: ExtremeOptions): ValuesIndices;
  /** The largest elements along the `dim` of the options, and the positions where they were first found. */
  max(options: ExtremeOptions & { readonly dim: number }): ValuesIndices;
  /** The smallest element of all. */
  min(): Tensor;
  /** The smaller of x and `other`, element by element. */
  min(other: Tensor): Tensor;
  /** The smallest elements along `dim`, and the positions where they were first found. */
  min(dim: number, options?: ExtremeOptions): ValuesIndices;
  /** The smallest elements along the `dim` of the options, and the positions where they were first found. */
  min(options: ExtremeOptions & { readonly dim: number }): ValuesIndices;
  /** The middle element of all, the lower of two. */
  median(): Tensor;
  /** The middle elements along `dim`, and where they were. */
  median(dim: number, options?: MedianOptions): ValuesIndices;
  /** The middle elements along the `dim` of the options, and where they were. */
  median(options: MedianOptions & { readonly dim: number }): ValuesIndices;
  /** The middle element of what is not NaN. */
  nanmedian(): Tensor;
  /** The middle elements of what is not NaN along `dim`, and where they were. */
  nanmedian(dim: number, options?: MedianOptions): ValuesIndices;
  /** The middle elements of what is not NaN along the `dim` of the options, and where they were. */
  nanmedian(options: MedianOptions & { readonly dim: number }): ValuesIndices;
}

const running: Implementations<RunningMethods> = { cumsum: F.cumsum, cumprod: F.cumprod, renorm: F.renorm };

const functions: Implementations<ReductionMethods> = {
  ...running,
  cummax: F.cummax,
  cummin: F.cummin,
  sum: F.sum,
  mean: F.mean,
  nansum: F.nansum,
  nanmean: F.nanmean,
  prod: F.prod,
  max: F.max as Implementations<ExtremeMethods>["max"],
  min: F.min as Implementations<ExtremeMethods>["min"],
  median: F.median as Implementations<ExtremeMethods>["median"],
  nanmedian: F.nanmedian as Implementations<ExtremeMethods>["nanmedian"],
  quantile: F.quantile,
  nanquantile: F.nanquantile,
  amax: F.amax,
  amin: F.amin,
  aminmax: F.aminmax,
  argmax: F.argmax,
  argmin: F.argmin,
  any: F.any,
  all: F.all,
  countNonzero: F.countNonzero,
  mode: F.mode,
  histc: F.histc,
  histogram: F.histogram,
  logcumsumexp: F.logcumsumexp,
  dist: F.dist,
  diff: F.diff,
  norm: F.norm,
  var: F.var,
  std: F.std,
  softmax: F.softmax,
  logSoftmax: F.logSoftmax,
  logsumexp: F.logsumexp,
};

/** Descriptors for the prototype. */
export const reduction: PropertyDescriptorMap = { ...methods(functions), ...inPlace(running) };
