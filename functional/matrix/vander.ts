/**
 * Matrices of powers.
 *
 * @module
 */

import { ShapeError, ValueError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { named, show } from "../dims.ts";
import { rsub } from "../elementwise/arithmetic.ts";
import { pow } from "../elementwise/power.ts";
import { positions } from "../host.ts";
import { reshaped } from "../movement/reshape.ts";

/** Options of `vander`. */
export interface VanderOptions {
  /** The number of columns; that of the elements by default. */
  readonly N?: number | null;
  /** Whether powers increase from left to right; false by default. */
  readonly increasing?: boolean;
}

/**
 * The Vandermonde matrix, whose row i has the powers x[i]^(N - 1), …, x[i], 1.
 *
 * @throws {ShapeError} for other than one dimension
 * @throws {ValueError} for a number of columns below 0
 * @param x a list of n elements; the result is [n, N]
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.vander(tensor([1, 2, 3])));
 * // tensor([[1, 1, 1],
 * //         [4, 2, 1],
 * //         [9, 3, 1]])
 * ```
 * @see {@link https://pytorch.org/docs/stable/generated/torch.vander.html}
 */
export function vander(x: Tensor, columns?: number | VanderOptions | null, options?: VanderOptions): Tensor {
  requireTensor("vander", "x", x);
  const { N, increasing = false } = named<VanderOptions>(["N"], columns, options);
  if (x.ndim !== 1) throw new ShapeError(`Cannot apply vander to a tensor of shape ${show(x.shape)}: it takes a list`);
  const count = N ?? x.numel();
  if (!Number.isInteger(count) || count < 0) {
    throw new ValueError(`Cannot apply vander with ${count} columns: give an integer from 0`);
  }
  const source = x.dtype === "bool" || x.dtype === "uint8" ? toDtype(x, "int32") : x;
  const order = positions(count, 1, 2, x.device), exponents = increasing ? order : rsub(order, count - 1);
  return pow(reshaped(source, [x.numel(), 1]), toDtype(exponents, source.dtype));
}
