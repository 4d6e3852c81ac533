/**
 * Products.
 *
 * @module
 */

import { toDtype } from "../../tensor/conversion.ts";
import { record } from "../../tensor/grad_fn.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Dims } from "../dims.ts";
import { mul } from "../elementwise/arithmetic.ts";
import { eq } from "../elementwise/comparison.ts";
import { div } from "../elementwise/division.ts";
import { where } from "../elementwise/where.ts";
import { reduceNode, type ReduceOptions, reductionOf, spread, widened } from "./reduce.ts";
import { summed } from "./sum.ts";

/** `x` multiplied over `axes`. */
function multiplied(x: Tensor, axes: readonly number[], keepdim: boolean): Tensor {
  return record("prod", reduceNode("prod", x, axes, keepdim), [x], [
    (grad, [x]) => mul(spread(grad, x!, axes), productOfOthers(x!, axes)),
  ]);
}

/** For each element the product of all others, also where some are 0. */
function productOfOthers(x: Tensor, axes: readonly number[]): Tensor {
  const zero = eq(x, 0);
  const zeros = summed(toDtype(zero, "int32"), axes, true);
  const rest = multiplied(where(zero, 1, x), axes, true);
  const alone = where(eq(zeros, 1), rest, 0);
  const usual = where(eq(zeros, 0), div(rest, where(zero, 1, x)), 0);
  return where(zero, alone, usual);
}

/**
 * Π x. Products of bool and uint8 are int32.
 *
 * @param dim the dimensions; all by default; by position or in options
 * @param options `keepdim`: keeps them with extent 1; false by default; `dtype`: converts the elements first; none by
 *   default
 * @throws {IndexError} for a dimension that x does not have
 * @throws {ShapeError} for a dimension that is named twice
 * @see {@link https://pytorch.org/docs/stable/generated/torch.prod.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.prod(tensor([2, 3, 4]))); // tensor(24)
 * ```
 */
export function prod(x: Tensor, dim?: Dims | ReduceOptions | null, options?: ReduceOptions): Tensor {
  const { axes, keepdim, dtype } = reductionOf("prod", x, dim, options);
  return multiplied(dtype === undefined ? widened(x) : toDtype(x, dtype), axes, keepdim);
}
