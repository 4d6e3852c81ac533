/**
 * Differences of neighbours, and areas under sampled curves.
 *
 * @module
 */

import { DTypeError, ShapeError, ValueError } from "../../kernels/mod.ts";
import { clone } from "../../tensor/conversion.ts";
import { requireTensor, requireTensorOrNone } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { axisOf, named } from "../dims.ts";
import { add, mul, sub } from "../elementwise/arithmetic.ts";
import { ne } from "../elementwise/comparison.ts";
import { div } from "../elementwise/division.ts";
import { cat } from "../movement/cat.ts";
import { rangesOf, sliced } from "../movement/slice.ts";
import { reshaped } from "../movement/reshape.ts";
import { cumsum } from "./cumulative.ts";
import { powerNorm } from "./norm.ts";
import { summed } from "./sum.ts";

/** Options of `diff`. */
export interface DiffOptions {
  /** How often differences are taken; 1 by default. */
  readonly n?: number;
  /** The dimension; -1 by default. */
  readonly dim?: number;
  /** Comes in front first; none by default. */
  readonly prepend?: Tensor | null;
  /** Comes behind first; none by default. */
  readonly append?: Tensor | null;
}

/** All elements along an axis but the last, and all but the first. */
function neighbours(x: Tensor, axis: number): [Tensor, Tensor] {
  const length = Math.max(0, x.shape[axis]! - 1);
  return [
    sliced(x, rangesOf(x.shape, axis, 0, length)),
    sliced(x, rangesOf(x.shape, axis, x.shape[axis]! - length, length)),
  ];
}

/**
 * xᵢ₊₁ - xᵢ along a dimension; whether they differ, for bool.
 *
 * @param n how often differences are taken; 1 by default; by position or in options
 * @param dim the dimension, which becomes n shorter; -1 by default; in options also `prepend` and `append`
 * @throws {ShapeError} for a 0-dimensional tensor
 * @throws {ValueError} for a negative n
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.diff.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.diff(tensor([1, 3, 6]))); // tensor([2, 3])
 * ```
 */
export function diff(x: Tensor, n?: number | DiffOptions, dim?: number | DiffOptions): Tensor {
  requireTensor("diff", "x", x);
  const options = named<DiffOptions>(["n", "dim"], n, dim);
  if (x.ndim === 0) throw new ShapeError("Cannot take the diff of a 0-dimensional tensor: it has no neighbours");
  const axis = axisOf("diff", options.dim ?? -1, x.ndim);
  if (options.n !== undefined && options.n < 0) {
    throw new ValueError(`Cannot take the diff ${options.n} times: n must not be negative`);
  }
  // As in PyTorch, what comes in front and behind counts only where differences are taken.
  if (options.n === 0) return clone(x);
  requireTensorOrNone("diff", "prepend", options.prepend);
  requireTensorOrNone("diff", "append", options.append);
  const parts = [options.prepend, x, options.append].filter((part) => part != null);
  let result = parts.length === 1 ? x : cat(parts, axis);
  for (let i = 0; i < (options.n ?? 1); i++) {
    const [before, after] = neighbours(result, axis);
    result = result.dtype === "bool" ? ne(after, before) : sub(after, before);
  }
  return result;
}

/** Options of `trapezoid` and `cumulativeTrapezoid`. */
export interface TrapezoidOptions {
  /** Distance of the samples; 1 by default. */
  readonly dx?: number;
  /** The dimension; -1 by default. */
  readonly dim?: number;
}

function trapezoids(
  y: Tensor,
  x: Tensor | undefined,
  { dx = 1, dim = -1 }: TrapezoidOptions,
): { areas: Tensor; axis: number } {
  if (y.ndim === 0) throw new ShapeError("Cannot take the areas under a 0-dimensional tensor: it has no neighbours");
  const axis = axisOf("trapezoid", dim, y.ndim);
  if (y.dtype === "bool" || x?.dtype === "bool") {
    throw new DTypeError('Cannot take the area under bools: convert them with to("float32")');
  }
  const [left, right] = neighbours(y, axis);
  const heights = div(add(left, right), 2);
  if (x === undefined) return { areas: mul(heights, dx), axis };
  // Samples at x, which is a list along the dimension or has the shape of y.
  const places = x.ndim === 1 ? reshaped(x, y.shape.map((_, i) => i === axis ? x.numel() : 1)) : x;
  const widths = diff(places, 1, x.ndim === 1 ? axis : dim);
  return { areas: mul(heights, widths), axis };
}

/**
 * The area under a curve through the samples y, at distance `dx` or at the places x.
 *
 * Σ (xᵢ₊₁ - xᵢ) · (yᵢ + yᵢ₊₁) / 2 along a dimension.
 *
 * @param x [n] along the dimension, or the shape of y
 * @param options `dx`: distance of the samples without x; 1 by default; `dim`: -1 by default
 * @throws {ShapeError} for a 0-dimensional tensor
 * @throws {DTypeError} for bools
 * @throws {IndexError} for a dimension that y does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.trapezoid.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.trapezoid(tensor([1.5, 2, 4]))); // tensor(4.7500)
 * ```
 */
export function trapezoid(y: Tensor, x?: Tensor | TrapezoidOptions, options?: TrapezoidOptions): Tensor {
  requireTensor("trapezoid", "y", y);
  const given = x instanceof Tensor ? x : undefined;
  const { areas, axis } = trapezoids(
    y,
    given,
    named<TrapezoidOptions>([], given === undefined ? x : undefined, options),
  );
  return summed(areas, [axis]);
}

/**
 * The same as `trapezoid`.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.trapz.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.trapz(tensor([1.5, 2, 4]), { dx: 2 })); // tensor(9.5000)
 * ```
 */
export const trapz: typeof trapezoid = trapezoid;

/**
 * The area up to each sample but the first.
 *
 * @param x [n] along the dimension, or the shape of y
 * @param options `dx`: distance of the samples without x; 1 by default; `dim`: -1 by default
 * @returns one element less than y along the dimension
 * @throws {ShapeError} for a 0-dimensional tensor
 * @throws {DTypeError} for bools
 * @throws {IndexError} for a dimension that y does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.cumulative_trapezoid.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.cumulativeTrapezoid(tensor([1.5, 2, 4]))); // tensor([1.7500, 4.7500])
 * ```
 */
export function cumulativeTrapezoid(y: Tensor, x?: Tensor | TrapezoidOptions, options?: TrapezoidOptions): Tensor {
  requireTensor("cumulativeTrapezoid", "y", y);
  const given = x instanceof Tensor ? x : undefined;
  const { areas, axis } = trapezoids(
    y,
    given,
    named<TrapezoidOptions>([], given === undefined ? x : undefined, options),
  );
  return cumsum(areas, axis);
}

/**
 * The p-norm of a - b over all elements.
 *
 * (Σ |a - b|^p)^(1/p).
 *
 * @param b broadcasts against a
 * @param p 2 by default; by position or in options
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.dist.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.dist(tensor([0.5, 0]), tensor([3.5, 4]))); // tensor(5.)
 * ```
 */
export function dist(a: Tensor, b: Tensor, p: number | { readonly p?: number } = 2): Tensor {
  requireTensor("dist", "a", a);
  requireTensor("dist", "b", b);
  return powerNorm(sub(a, b), named<{ p?: number }>(["p"], p));
}
