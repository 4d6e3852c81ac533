/**
 * Local response normalization.
 *
 * @module
 */

import { ShapeError, ValueError } from "../../kernels/mod.ts";
import { noted } from "../../tensor/operations.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { add, mul, square } from "../elementwise/arithmetic.ts";
import { div } from "../elementwise/division.ts";
import { pow } from "../elementwise/power.ts";
import { bordered } from "../movement/pad.ts";
import { reshaped } from "../movement/reshape.ts";
import { summed } from "../reduction/sum.ts";
import { windowed } from "../windows.ts";

/** Options of `localResponseNorm`. */
export interface LocalResponseNormOptions {
  /** Factor of the mean square; 1e-4 by default. */
  readonly alpha?: number;
  /** The exponent; 0.75 by default. */
  readonly beta?: number;
  /** Added to the mean square; 1 by default. */
  readonly k?: number;
}

/**
 * x / (k + alpha · mean of x² over `size` neighbouring channels)^beta, where missing neighbours count as 0.
 *
 * @param x [N, C, …] with at least one spatial dimension
 * @throws {ShapeError} for less than three dimensions
 * @throws {ValueError} for a size that is no whole number from 1
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.local_response_norm.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * const x = tensor([[[1.5], [0]]]);
 * console.log(F.localResponseNorm(x, 1, { alpha: 1, beta: 1, k: 0.75 }).tolist()); // [ [ [ 0.5 ], [ 0 ] ] ]
 * ```
 */
export function localResponseNorm(x: Tensor, size: number, options: LocalResponseNormOptions = {}): Tensor {
  requireTensor("localResponseNorm", "x", x);
  const { alpha = 1e-4, beta = 0.75, k = 1 } = options;
  if (x.ndim < 3) {
    throw new ShapeError(
      `Cannot apply localResponseNorm to a tensor of shape ${show(x.shape)}: it takes [N, C, …] with positions`,
    );
  }
  if (!Number.isInteger(size) || size < 1) {
    throw new ValueError(`Cannot apply localResponseNorm over ${size} channels: give a whole number from 1`);
  }
  if (x.numel() === 0) return x;
  const [n, c] = x.shape as readonly number[] as [number, number], rest = x.numel() / (n * c);
  const before = Math.floor(size / 2);
  const squares = bordered(square(reshaped(x, [n, c, rest])), [[0, 0], [before, size - 1 - before], [0, 0]]);
  const window = [{ size, stride: 1, dilation: 1 }, { size: 1, stride: 1, dilation: 1 }];
  const mean = div(reshaped(summed(windowed(squares, window), [3, 4]), x.shape), size);
  return noted("localResponseNorm", div(x, pow(add(mul(mean, alpha), k), beta)), () => ({
    inputs: [x],
    attributes: { size, alpha, beta, k },
  }));
}
