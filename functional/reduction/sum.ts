/**
 * Sums and means.
 *
 * @module
 */

import { toDtype } from "../../tensor/conversion.ts";
import { record } from "../../tensor/grad_fn.ts";
import { noted } from "../../tensor/operations.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Dims } from "../dims.ts";
import { add } from "../elementwise/arithmetic.ts";
import { div } from "../elementwise/division.ts";
import { isnan, ne } from "../elementwise/comparison.ts";
import { logicalNot } from "../elementwise/logical.ts";
import { where } from "../elementwise/where.ts";
import {
  countOf,
  reduceNode,
  type ReduceOptions,
  type Reduction,
  reductionOf,
  requireFloat,
  spread,
  widened,
} from "./reduce.ts";

/** `x` summed over `axes`. For the library. */
export function summed(x: Tensor, axes: readonly number[], keepdim = false): Tensor {
  return record("sum", reduceNode("sum", x, axes, keepdim), [x], [(grad, [x]) => spread(grad, x!, axes)]);
}

/** `x` averaged over `axes`. For the library. */
export function averaged(x: Tensor, axes: readonly number[], keepdim = false): Tensor {
  const count = countOf(x, axes), total = summed(x, axes, keepdim);
  // Not every device divides 0 by 0 as it should.
  const mean = count === 0 ? add(total, NaN) : div(total, count);
  return noted("mean", mean, () => ({ inputs: [x], attributes: { axes, keepdim } }));
}

/**
 * Σ x. Sums of bool and uint8 are int32.
 *
 * @param dim the dimensions; all by default; by position or in options
 * @param options `keepdim`: keeps them with extent 1; false by default; `dtype`: converts the elements first; none by
 *   default
 * @throws {IndexError} for a dimension that x does not have
 * @throws {ShapeError} for a dimension that is named twice
 * @see {@link https://pytorch.org/docs/stable/generated/torch.sum.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.sum(tensor([[1, 2], [3, 4]]), 1, { keepdim: true }));
 * // tensor([[3],
 * //         [7]])
 * ```
 */
export function sum(x: Tensor, dim?: Dims | ReduceOptions | null, options?: ReduceOptions): Tensor {
  const { axes, keepdim, dtype } = reductionOf("sum", x, dim, options);
  return summed(dtype === undefined ? widened(x) : toDtype(x, dtype), axes, keepdim);
}

/**
 * Σ x / n.
 *
 * @param dim the dimensions; all by default; by position or in options
 * @param options `keepdim`: keeps them with extent 1; false by default; `dtype`: converts the elements first; none by
 *   default
 * @throws {DTypeError} for integers and bools without a float `dtype`
 * @throws {IndexError} for a dimension that x does not have
 * @throws {ShapeError} for a dimension that is named twice
 * @see {@link https://pytorch.org/docs/stable/generated/torch.mean.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.mean(tensor([[1.5, 2], [3, 4]]), 1)); // tensor([1.7500, 3.5000])
 * ```
 */
export function mean(x: Tensor, dim?: Dims | ReduceOptions | null, options?: ReduceOptions): Tensor {
  const { axes, keepdim, dtype } = reductionOf("mean", x, dim, options);
  const source = dtype === undefined ? x : toDtype(x, dtype);
  requireFloat("mean", source);
  return averaged(source, axes, keepdim);
}

/**
 * Σ x, where NaN counts as 0.
 *
 * @param dim the dimensions; all by default; by position or in options
 * @param options `keepdim`: keeps them with extent 1; false by default; `dtype`: converts the elements first; none by
 *   default
 * @throws {IndexError} for a dimension that x does not have
 * @throws {ShapeError} for a dimension that is named twice
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nansum.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.nansum(tensor([1.5, NaN, 2.5]))); // tensor(4.)
 * ```
 */
export function nansum(x: Tensor, dim?: Dims | ReduceOptions | null, options?: ReduceOptions): Tensor {
  const { axes, keepdim, dtype } = reductionOf("nansum", x, dim, options);
  const source = dtype === undefined ? widened(x) : toDtype(x, dtype);
  return summed(where(isnan(source), 0, source), axes, keepdim);
}

/**
 * The mean of what is not NaN.
 *
 * @param dim the dimensions; all by default; by position or in options
 * @param options `keepdim`: keeps them with extent 1; false by default; `dtype`: converts the elements first; none by
 *   default
 * @throws {DTypeError} for integers and bools without a float `dtype`
 * @throws {IndexError} for a dimension that x does not have
 * @throws {ShapeError} for a dimension that is named twice
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nanmean.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.nanmean(tensor([1.5, NaN, 2.5]))); // tensor(2.)
 * ```
 */
export function nanmean(x: Tensor, dim?: Dims | ReduceOptions | null, options?: ReduceOptions): Tensor {
  const { axes, keepdim, dtype } = reductionOf("nanmean", x, dim, options);
  const source = dtype === undefined ? x : toDtype(x, dtype);
  requireFloat("nanmean", source);
  const missing = isnan(source);
  const count = summed(toDtype(logicalNot(missing), source.dtype), axes, keepdim);
  return div(summed(where(missing, 0, source), axes, keepdim), count);
}

/**
 * How many elements are not 0.
 *
 * @param dim the dimensions; all by default; by position or in options
 * @returns int32
 * @throws {IndexError} for a dimension that x does not have
 * @throws {ShapeError} for a dimension that is named twice
 * @see {@link https://pytorch.org/docs/stable/generated/torch.count_nonzero.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.countNonzero(tensor([0, 1, 2]))); // tensor(2)
 * ```
 */
export function countNonzero(x: Tensor, dim?: Dims | { readonly dim?: Dims | null } | null): Tensor {
  const { axes }: Reduction = reductionOf("countNonzero", x, dim);
  return summed(toDtype(ne(x, 0), "int32"), axes);
}
