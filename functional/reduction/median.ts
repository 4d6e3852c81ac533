/**
 * Medians and quantiles.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { isFloat, ValueError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { type Operand, scalarOperand } from "../../tensor/promotion.ts";
import { requireOperand, requireTensor } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { axisOf, named } from "../dims.ts";
import { lerp, mul, sub } from "../elementwise/arithmetic.ts";
import { isnan } from "../elementwise/comparison.ts";
import { clamp, clampMin } from "../elementwise/extremes.ts";
import { div } from "../elementwise/division.ts";
import { logicalNot } from "../elementwise/logical.ts";
import { ceil, floor, round } from "../elementwise/rounding.ts";
import { where } from "../elementwise/where.ts";
import { expandTo } from "../broadcast.ts";
import { flatten, reshaped } from "../movement/reshape.ts";
import { movedim } from "../movement/permute.ts";
import { type ValuesIndices, valuesIndices } from "../pairs.ts";
import { gathered } from "../selection/primitives.ts";
import { sort } from "../selection/sort.ts";
import { requireElements } from "./reduce.ts";
import { any } from "./logical.ts";
import { summed } from "./sum.ts";

/** Options of `median` and `nanmedian`. */
export interface MedianOptions {
  /** The dimension; all by default. */
  readonly dim?: number;
  /** Keeps the dimension with extent 1; false by default. */
  readonly keepdim?: boolean;
}

/** The middle element of each list along the last axis; of an even number, the lower one of the two. */
function middle(x: Tensor, ignoreNaN: boolean): ValuesIndices {
  const axis = x.ndim - 1, extent = x.shape[axis]!;
  const { values, indices } = sort(x, axis);
  const missing = isnan(new Tensor(x.node));
  const present = summed(toDtype(logicalNot(missing), "int32"), [axis], true);
  const among = ignoreNaN ? present : scalarOperand(extent, "int32", x.device);
  const lower = clampMin(div(sub(among, 1), 2, { roundingMode: "floor" }), 0);
  // NaN sorts to the end: where it counts, the first one is the result.
  const at = ignoreNaN
    ? lower
    : where(any(missing, axis, { keepdim: true }), clamp(present, { max: extent - 1 }), lower);
  const position = expandTo(toDtype(at, "int32"), [...x.shape.slice(0, axis), 1]);
  return valuesIndices(gathered(values, axis, position), gathered(indices, axis, position));
}

function medianOf(
  operation: string,
  x: Tensor,
  ignoreNaN: boolean,
  dim: number | MedianOptions | undefined,
  options: MedianOptions | undefined,
): Tensor | ValuesIndices {
  const given = named<MedianOptions>(["dim"], dim, options);
  if (given.dim === undefined) {
    if (x.numel() === 0 && isFloat(x.dtype)) return new Tensor(kernels.scalar(NaN, x.dtype, x.device));
    requireElements(operation, x, [...x.shape.keys()]);
    return reshaped(middle(flatten(x), ignoreNaN).values, []);
  }
  const axis = axisOf(operation, given.dim, x.ndim);
  const source = x.ndim === 0 ? reshaped(x, [1]) : x;
  requireElements(operation, source, [axis]);
  const { values, indices } = middle(movedim(source, axis, -1), ignoreNaN);
  const shape = x.ndim === 0 ? [] : x.shape.flatMap((extent, i) => i !== axis ? [extent] : given.keepdim ? [1] : []);
  return valuesIndices(reshaped(values, shape), reshaped(indices, shape));
}

/**
 * The middle element of all, the lower of two; NaN if there is one.
 *
 * @throws {IndexError} for a dimension that x does not have, and for no elements; floats without `dim` give NaN then
 * @see {@link https://pytorch.org/docs/stable/generated/torch.median.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.median(tensor([3, 1, 2]))); // tensor(2)
 * ```
 */
export function median(x: Tensor): Tensor;
/** The middle elements along `dim`, the lower of two, and where they were. */
export function median(x: Tensor, dim: number, options?: MedianOptions): ValuesIndices;
/** The middle elements along the `dim` of the options, and where they were. */
export function median(x: Tensor, options: MedianOptions & { readonly dim: number }): ValuesIndices;
export function median(x: Tensor, dim?: number | MedianOptions, options?: MedianOptions): Tensor | ValuesIndices {
  requireTensor("median", "x", x);
  return medianOf("median", x, false, dim, options);
}

/**
 * The middle element of what is not NaN.
 *
 * @throws {IndexError} for a dimension that x does not have, and for no elements; floats without `dim` give NaN then
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nanmedian.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.nanmedian(tensor([3, NaN, 2]))); // tensor(2.)
 * ```
 */
export function nanmedian(x: Tensor): Tensor;
/** The middle elements of what is not NaN along `dim`, and where they were. */
export function nanmedian(x: Tensor, dim: number, options?: MedianOptions): ValuesIndices;
/** The middle elements of what is not NaN along the `dim` of the options, and where they were. */
export function nanmedian(x: Tensor, options: MedianOptions & { readonly dim: number }): ValuesIndices;
export function nanmedian(x: Tensor, dim?: number | MedianOptions, options?: MedianOptions): Tensor | ValuesIndices {
  requireTensor("nanmedian", "x", x);
  return medianOf("nanmedian", x, true, dim, options);
}

/** Options of `quantile` and `nanquantile`. */
export interface QuantileOptions {
  /** The dimension; all elements by default. */
  readonly dim?: number | null;
  /** Keeps the dimension with extent 1; false by default. */
  readonly keepdim?: boolean;
  /** What is between two elements; "linear" by default. */
  readonly interpolation?: "linear" | "lower" | "higher" | "midpoint" | "nearest";
}

function quantileOf(x: Tensor, q: Operand, ignoreNaN: boolean, options: QuantileOptions): Tensor {
  requireOperand(ignoreNaN ? "nanquantile" : "quantile", "q", q);
  const { dim, keepdim = false, interpolation = "linear" } = options;
  if (!isFloat(x.dtype) || x.numel() === 0) {
    throw new ValueError(`Cannot take a quantile of ${x.numel()} ${x.dtype} elements: give floats, at least one`);
  }
  const axis = dim == null ? 0 : axisOf("quantile", dim, x.ndim);
  const rows = dim == null ? flatten(x) : x.ndim === 0 ? reshaped(x, [1]) : movedim(x, axis, -1);
  const level = q instanceof Tensor ? toDtype(q, x.dtype) : scalarOperand(q, x.dtype, x.device);
  if (level.ndim > 1) {
    throw new ValueError("Cannot take quantiles at a tensor of several dimensions: give a number or a list");
  }
  // What the device has yet to compute is not waited for.
  const levels = q instanceof Tensor ? kernels.hostData(q.node) ?? [] : [Number(q)];
  for (const share of levels) {
    if (!(share >= 0 && share <= 1)) throw new ValueError(`Cannot take the quantile at ${share}: it is from 0 to 1`);
  }
  const { values } = sort(rows, -1);
  const last = rows.ndim - 1, extent = rows.shape[last]!;
  const missing = isnan(new Tensor(rows.node));
  const present = ignoreNaN
    ? summed(toDtype(logicalNot(missing), x.dtype), [last], true)
    : scalarOperand(extent, x.dtype, x.device);
  const rank = clamp(mul(reshaped(level, [level.numel()]), sub(present, 1)), { min: 0 });
  const at = (t: Tensor) =>
    gathered(values, last, expandTo(toDtype(t, "int32"), [...rows.shape.slice(0, last), level.numel()]));
  const between = (): Tensor => {
    switch (interpolation) {
      case "lower":
        return at(floor(rank));
      case "higher":
        return at(ceil(rank));
      case "nearest":
        return at(round(rank));
      case "midpoint":
        return lerp(at(floor(rank)), at(ceil(rank)), 0.5);
      case "linear":
        return lerp(at(floor(rank)), at(ceil(rank)), sub(rank, floor(rank)));
      default:
        throw new ValueError(`Cannot take a quantile with interpolation "${interpolation}"`);
    }
  };
  const found = ignoreNaN ? between() : where(any(missing, last, { keepdim: true }), NaN, between());
  // The levels come first, then what was not reduced.
  const moved = movedim(found, -1, 0);
  const rest = dim == null
    ? (keepdim ? x.shape.map(() => 1) : [])
    : x.shape.flatMap((n, i) => i !== axis ? [n] : keepdim ? [1] : []);
  return reshaped(moved, level.ndim === 0 ? rest : [level.numel(), ...rest]);
}

/**
 * The number below which a share `q` of the elements lies; a list of shares gives a list in front.
 *
 * The element of rank q · (n - 1), counted from 0 in ascending order, or what `interpolation` makes of its two
 *  neighbours.
 *
 * @param q a number from 0 to 1, or a tensor of them with at most one dimension
 * @param dim the dimension; all elements by default; by position or in options
 * @param options `keepdim`: false by default; `interpolation`: "linear", the default, "lower", "higher", "midpoint" or
 *   "nearest"
 * @throws {ValueError} for integers, bools and no elements, for a q on the host outside of 0 to 1, and for another
 *   interpolation
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.quantile.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.quantile(tensor([3.5, 1.5, 2.5]), 0.25)); // tensor(2.)
 * ```
 */
export function quantile(
  x: Tensor,
  q: Operand,
  dim?: number | QuantileOptions | null,
  options?: QuantileOptions,
): Tensor {
  requireTensor("quantile", "x", x);
  requireOperand("quantile", "q", q);
  return quantileOf(x, q, false, named<QuantileOptions>(["dim"], dim, options));
}

/**
 * `quantile` of what is not NaN.
 *
 * @param q a number from 0 to 1, or a tensor of them with at most one dimension
 * @param dim the dimension; all elements by default; by position or in options
 * @param options `keepdim`: false by default; `interpolation`: "linear", the default, "lower", "higher", "midpoint" or
 *   "nearest"
 * @throws {ValueError} for integers, bools and no elements, for a q on the host outside of 0 to 1, and for another
 *   interpolation
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nanquantile.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.nanquantile(tensor([3.5, NaN, 1.5]), 0.5)); // tensor(2.5000)
 * ```
 */
export function nanquantile(
  x: Tensor,
  q: Operand,
  dim?: number | QuantileOptions | null,
  options?: QuantileOptions,
): Tensor {
  requireTensor("nanquantile", "x", x);
  requireOperand("nanquantile", "q", q);
  return quantileOf(x, q, true, named<QuantileOptions>(["dim"], dim, options));
}
