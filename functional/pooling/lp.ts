/**
 * Power average pooling.
 *
 * @module
 */

import type { Tensor } from "../../tensor/tensor.ts";
import { mul } from "../elementwise/arithmetic.ts";
import { pow } from "../elementwise/power.ts";
import { abs, sign } from "../elementwise/sign.ts";
import { relu } from "../activation/relu.ts";
import { type PerDimension, perDimension } from "../windows.ts";
import { avgPool } from "./avg.ts";
import { requireFloats } from "./layout.ts";

/** Options of power average pooling. */
export interface LpPoolOptions {
  /** Distance between windows; the window's size by default. */
  readonly stride?: PerDimension | null;
  /** Lets the last window reach past the end; false by default. */
  readonly ceilMode?: boolean;
}

function lpPool(
  operation: string,
  rank: number,
  input: Tensor,
  normType: number,
  kernelSize: PerDimension,
  { stride, ceilMode = false }: LpPoolOptions,
): Tensor {
  requireFloats(operation, input);
  const size = perDimension(operation, "kernelSize", kernelSize, rank, 1).reduce((a, b) => a * b, 1);
  const means = avgPool(operation, rank, pow(input, normType), kernelSize, { stride: stride ?? null, ceilMode });
  // A negative sum, which odd powers can have, counts as 0.
  return pow(mul(mul(sign(means), relu(abs(means))), size), 1 / normType);
}

/**
 * (Σ x^p)^(1/p) over every window along one dimension. The gradient of a window whose sum is 0 is not finite.
 *
 * @param normType p
 * @throws {ShapeError} where the input has other dimensions, or no window fits
 * @throws {DTypeError} for integers and bools
 * @throws {ValueError} for windows that cannot be
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.lp_pool1d.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.lpPool1d(tensor([[[3, 4, 0, 2.5]]]), 2, 2).tolist()); // [ [ [ 5, 2.5 ] ] ]
 * ```
 */
export function lpPool1d(
  input: Tensor,
  normType: number,
  kernelSize: PerDimension,
  options: LpPoolOptions = {},
): Tensor {
  return lpPool("lpPool1d", 1, input, normType, kernelSize, options);
}

/**
 * (Σ x^p)^(1/p) over every window over two dimensions.
 *
 * @param normType p
 * @throws {ShapeError} where the input has other dimensions, or no window fits
 * @throws {DTypeError} for integers and bools
 * @throws {ValueError} for windows that cannot be
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.lp_pool2d.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.lpPool2d(tensor([[[[1, 2], [3.5, 0.5]]]]), 1, 2).item()); // 7
 * ```
 */
export function lpPool2d(
  input: Tensor,
  normType: number,
  kernelSize: PerDimension,
  options: LpPoolOptions = {},
): Tensor {
  return lpPool("lpPool2d", 2, input, normType, kernelSize, options);
}

/**
 * (Σ x^p)^(1/p) over every window over three dimensions.
 *
 * @param normType p
 * @throws {ShapeError} where the input has other dimensions, or no window fits
 * @throws {DTypeError} for integers and bools
 * @throws {ValueError} for windows that cannot be
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.lp_pool3d.html}
 * @example
 * ```ts
 * import { functional as F, ones } from "@tensaur/tensaur";
 * console.log(F.lpPool3d(ones([1, 1, 2, 2, 2]), 1, 2).item()); // 8
 * ```
 */
export function lpPool3d(
  input: Tensor,
  normType: number,
  kernelSize: PerDimension,
  options: LpPoolOptions = {},
): Tensor {
  return lpPool("lpPool3d", 3, input, normType, kernelSize, options);
}
