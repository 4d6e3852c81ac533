/**
 * Running sums, products and extremes.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { type DType, expr, type ReduceOp } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { record } from "../../tensor/grad_fn.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { axisOf } from "../dims.ts";
import { mul } from "../elementwise/arithmetic.ts";
import { eq } from "../elementwise/comparison.ts";
import { formula } from "../elementwise/derive.ts";
import { div } from "../elementwise/division.ts";
import * as f from "../elementwise/formula.ts";
import { logicalAnd } from "../elementwise/logical.ts";
import { where } from "../elementwise/where.ts";
import { filled, positions } from "../host.ts";
import { reshaped } from "../movement/reshape.ts";
import { flip } from "../movement/slice.ts";
import { type ValuesIndices, valuesIndices } from "../pairs.ts";
import { scatterSum } from "../selection/primitives.ts";
import { widened } from "./reduce.ts";

/** Options of `cumsum` and `cumprod`. */
export interface CumulativeOptions {
  /** Converts the elements first; none by default. */
  readonly dtype?: DType | null;
}

/** `run` along an axis; a scalar is a list of one. */
function along(operation: string, x: Tensor, dim: number, run: (x: Tensor, axis: number) => Tensor): Tensor {
  const axis = axisOf(operation, dim, x.ndim);
  return x.ndim === 0 ? reshaped(run(reshaped(x, [1]), axis), []) : run(x, axis);
}

function scan(op: ReduceOp, x: Tensor, axis: number): Tensor {
  return new Tensor(kernels.scan(op, x.node, axis));
}

/** Running sums along `axis`. For the library. */
export function running(x: Tensor, axis: number): Tensor {
  return record("cumsum", kernels.scan("sum", x.node, axis), [x], [(grad) => runningBack(grad, axis)]);
}

/** Running sums from the end. */
function runningBack(x: Tensor, axis: number): Tensor {
  return flip(running(flip(x, axis), axis), axis);
}

/**
 * x₀ + … + xᵢ along `dim`. Sums of bool and uint8 are int32.
 *
 * @param options `dtype`: converts the elements first; none by default
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.cumsum.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.cumsum(tensor([1, 2, 3]), 0)); // tensor([1, 3, 6])
 * ```
 */
export function cumsum(x: Tensor, dim: number, { dtype }: CumulativeOptions = {}): Tensor {
  requireTensor("cumsum", "x", x);
  return along("cumsum", dtype == null ? widened(x) : toDtype(x, dtype), dim, running);
}

function runningProduct(x: Tensor, axis: number): Tensor {
  return record("cumprod", kernels.scan("prod", x.node, axis), [x], [
    (grad, [x], y) => productGradient(grad, x!, y, axis),
  ]);
}

/**
 * Up to the first zero, the gradient is Σ grad · y / x; at the first zero, the products that leave it out; 0 behind it.
 */
function productGradient(grad: Tensor, x: Tensor, y: Tensor, axis: number): Tensor {
  const zero = eq(x, 0);
  const zeros = scan("sum", toDtype(zero, "int32"), axis);
  const first = logicalAnd(zero, eq(zeros, 1));
  const withoutFirst = runningProduct(where(first, 1, x), axis);
  const before = div(runningBack(where(eq(zeros, 0), mul(grad, y), 0), axis), where(zero, 1, x));
  const at = runningBack(where(eq(zeros, 0), 0, mul(grad, withoutFirst)), axis);
  return where(first, at, where(eq(zeros, 0), before, 0));
}

/**
 * x₀ · … · xᵢ along `dim`. Products of bool and uint8 are int32.
 *
 * @param options `dtype`: converts the elements first; none by default
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.cumprod.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.cumprod(tensor([1, 2, 3]), 0)); // tensor([1, 2, 6])
 * ```
 */
export function cumprod(x: Tensor, dim: number, { dtype }: CumulativeOptions = {}): Tensor {
  requireTensor("cumprod", "x", x);
  return along("cumprod", dtype == null ? widened(x) : toDtype(x, dtype), dim, runningProduct);
}

const found = formula(
  "found",
  (x, extreme, position, none) => expr.where(f.or(f.eq(x, extreme), f.isnan(x)), position, none),
);

function runningExtreme(op: "max" | "min", operation: string, x: Tensor, dim: number): ValuesIndices {
  const axis = axisOf(operation, dim, x.ndim);
  const source = x.ndim === 0 ? reshaped(x, [1]) : x;
  const detached = new Tensor(source.node);
  const extremes = scan(op, detached, axis);
  const zero = new Tensor(kernels.scalar(0, "int32", x.device));
  const at = found(detached, extremes, positions(source.shape[axis]!, axis, source.ndim, x.device), zero);
  const indices = scan("max", at, axis);
  const values = record(operation, extremes.node, [source], [
    (grad, [source]) => scatterSum(filled(source!.shape, 0, grad.dtype, grad.device), axis, indices, grad),
  ]);
  return valuesIndices(reshaped(values, x.shape), reshaped(indices, x.shape));
}

/**
 * max(x₀, …, xᵢ) along `dim`, and where it was last found.
 *
 * @returns values and indices (int32), both of the shape of x
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.cummax.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.cummax(tensor([1, 3, 2]), 0)); // [ tensor([1, 3, 3]), tensor([0, 1, 1]) ]
 * ```
 */
export function cummax(x: Tensor, dim: number): ValuesIndices {
  requireTensor("cummax", "x", x);
  return runningExtreme("max", "cummax", x, dim);
}

/**
 * min(x₀, …, xᵢ) along `dim`, and where it was last found.
 *
 * @returns values and indices (int32), both of the shape of x
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.cummin.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.cummin(tensor([3, 1, 2]), 0)); // [ tensor([3, 1, 1]), tensor([0, 1, 1]) ]
 * ```
 */
export function cummin(x: Tensor, dim: number): ValuesIndices {
  requireTensor("cummin", "x", x);
  return runningExtreme("min", "cummin", x, dim);
}
