/**
 * Variance and standard deviation.
 *
 * @module
 */

import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { custom } from "../custom.ts";
import { type Dims, named } from "../dims.ts";
import { mul, square, sub } from "../elementwise/arithmetic.ts";
import { eq } from "../elementwise/comparison.ts";
import { div } from "../elementwise/division.ts";
import { sqrt } from "../elementwise/power.ts";
import { where } from "../elementwise/where.ts";
import { averaged, summed } from "./sum.ts";
import { countOf, reductionOf, requireFloat, restored } from "./reduce.ts";

/** Options of `var` and `std`. */
export interface VarianceOptions {
  /** The dimensions; all by default. */
  readonly dim?: Dims | null;
  /** Keeps reduced dimensions with extent 1; false by default. */
  readonly keepdim?: boolean;
  /** The divisor is the number of elements less this; 1 by default. */
  readonly correction?: number;
  /** `false` is a correction of 0. */
  readonly unbiased?: boolean;
}

function varianceOf(
  operation: string,
  x: Tensor,
  dim?: Dims | VarianceOptions | null,
  options?: VarianceOptions,
): Tensor {
  requireFloat(operation, x);
  const given = named<VarianceOptions>(["dim"], dim, options);
  const { axes, keepdim } = reductionOf(operation, x, given);
  const correction = given.correction ?? (given.unbiased === false ? 0 : 1);
  const divisor = Math.max(0, countOf(x, axes) - correction);
  const deviations = (x: Tensor) => sub(x, averaged(x, axes, true));
  return custom("var", [x], () => div(summed(square(deviations(x)), axes, keepdim), divisor), [
    (grad, [x]) => mul(mul(restored(grad, x!, axes), 2 / divisor), deviations(x!)),
  ]);
}

/**
 * Σ (x - mean)² / (n - correction).
 *
 * @param dim the dimensions; all by default; by position or in options
 * @param options `keepdim`: false by default; `correction`: 1 by default; `unbiased`: false is a correction of 0
 * @throws {DTypeError} for integers and bools
 * @throws {IndexError} for a dimension that x does not have
 * @throws {ShapeError} for a dimension that is named twice
 * @see {@link https://pytorch.org/docs/stable/generated/torch.var.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.variance(tensor([1.5, 2.5, 4]), { correction: 0 })); // tensor(1.0556)
 * ```
 */
export function variance(x: Tensor, dim?: Dims | VarianceOptions | null, options?: VarianceOptions): Tensor {
  requireTensor("variance", "x", x);
  return varianceOf("var", x, dim, options);
}

export { variance as var };

/**
 * The square root of the variance.
 *
 * @param dim the dimensions; all by default; by position or in options
 * @param options `keepdim`: false by default; `correction`: 1 by default; `unbiased`: false is a correction of 0
 * @throws {DTypeError} for integers and bools
 * @throws {IndexError} for a dimension that x does not have
 * @throws {ShapeError} for a dimension that is named twice
 * @see {@link https://pytorch.org/docs/stable/generated/torch.std.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.std(tensor([1.5, 2.5, 4]))); // tensor(1.2583)
 * ```
 */
export function std(x: Tensor, dim?: Dims | VarianceOptions | null, options?: VarianceOptions): Tensor {
  requireTensor("std", "x", x);
  const squared = varianceOf("std", x, dim, options);
  // Where all elements are equal, PyTorch chooses 0 as the gradient.
  return custom("std", [squared], () => sqrt(squared), [
    (grad, _inputs, y) => where(eq(y, 0), 0, div(grad, mul(y, 2))),
  ]);
}

function meanOf(x: Tensor, dim?: Dims | VarianceOptions | null, options?: VarianceOptions): Tensor {
  const { axes, keepdim } = reductionOf("mean", x, named<VarianceOptions>(["dim"], dim, options));
  return averaged(x, axes, keepdim);
}

/**
 * Variance and mean.
 *
 * @param dim the dimensions; all by default; by position or in options
 * @param options `keepdim`: false by default; `correction`: 1 by default; `unbiased`: false is a correction of 0
 * @throws {DTypeError} for integers and bools
 * @throws {IndexError} for a dimension that x does not have
 * @throws {ShapeError} for a dimension that is named twice
 * @see {@link https://pytorch.org/docs/stable/generated/torch.var_mean.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.varMean(tensor([1.5, 2.5, 4]))); // [ tensor(1.5833), tensor(2.6667) ]
 * ```
 */
export function varMean(
  x: Tensor,
  dim?: Dims | VarianceOptions | null,
  options?: VarianceOptions,
): [variance: Tensor, mean: Tensor] {
  requireTensor("varMean", "x", x);
  return [variance(x, dim, options), meanOf(x, dim, options)];
}

/**
 * Standard deviation and mean.
 *
 * @param dim the dimensions; all by default; by position or in options
 * @param options `keepdim`: false by default; `correction`: 1 by default; `unbiased`: false is a correction of 0
 * @throws {DTypeError} for integers and bools
 * @throws {IndexError} for a dimension that x does not have
 * @throws {ShapeError} for a dimension that is named twice
 * @see {@link https://pytorch.org/docs/stable/generated/torch.std_mean.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.stdMean(tensor([1.5, 2.5, 4]))); // [ tensor(1.2583), tensor(2.6667) ]
 * ```
 */
export function stdMean(
  x: Tensor,
  dim?: Dims | VarianceOptions | null,
  options?: VarianceOptions,
): [std: Tensor, mean: Tensor] {
  requireTensor("stdMean", "x", x);
  return [std(x, dim, options), meanOf(x, dim, options)];
}
