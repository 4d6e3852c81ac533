/**
 * Means and variances of what a mask leaves.
 *
 * @module
 */

import { toDtype } from "../../tensor/conversion.ts";
import { floatType } from "../../tensor/promotion.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Dims, named } from "../dims.ts";
import { square, sub } from "../elementwise/arithmetic.ts";
import { eq } from "../elementwise/comparison.ts";
import { div } from "../elementwise/division.ts";
import { clampMin } from "../elementwise/extremes.ts";
import { sqrt } from "../elementwise/power.ts";
import { where } from "../elementwise/where.ts";
import { averaged, summed } from "../reduction/sum.ts";
import { reductionOf } from "../reduction/reduce.ts";
import { variance as plainVariance } from "../reduction/variance.ts";
import { type MaskedReduceOptions, maskOf } from "./fill.ts";

/** Σ over the elements of `x` where `mask` holds, and how many these are. */
function counted(x: Tensor, mask: Tensor, axes: readonly number[], keepdim: boolean): { total: Tensor; count: Tensor } {
  return {
    total: summed(where(mask, x, 0), axes, keepdim),
    count: summed(toDtype(mask, x.dtype), axes, keepdim),
  };
}

/** total / count; NaN where there is nothing to count, whatever the device makes of 0 / 0. */
function ratio(total: Tensor, count: Tensor): Tensor {
  return where(eq(count, 0), NaN, div(total, count));
}

/**
 * Σ x / n over the n elements where the mask holds; NaN where it holds nowhere.
 *
 * @param options `dim`, `keepdim` and `dtype` as for `mean`, and `mask`
 * @throws {ShapeError} where the mask does not broadcast to x
 * @throws {IndexError} for a dimension that x does not have, and for a mask of more dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.masked.mean.html}
 * @example
 * ```ts
 * import { masked, tensor } from "@tensaur/tensaur";
 *
 * console.log(masked.mean(tensor([1, 9, 4]), { mask: tensor([true, false, true]) })); // tensor(2.5000)
 * ```
 */
export function mean(x: Tensor, dim?: Dims | MaskedReduceOptions | null, options?: MaskedReduceOptions): Tensor {
  const { mask, ...rest } = named<MaskedReduceOptions>(["dim"], dim, options);
  const { axes, keepdim, dtype } = reductionOf("mean", x, rest);
  const source = toDtype(x, floatType(dtype ?? x.dtype));
  if (mask == null) return averaged(source, axes, keepdim);
  const { total, count } = counted(source, maskOf("mean", x, mask), axes, keepdim);
  return ratio(total, count);
}

/** Options of masked `variance` and `std`. */
export interface MaskedVarianceOptions extends MaskedReduceOptions {
  /** The divisor is the number of elements less this; 1 by default (PyTorch before 2.1: 0). */
  readonly correction?: number;
  /** `false` is a correction of 0. */
  readonly unbiased?: boolean | null;
}

/**
 * Σ (x - mean)² / (n - correction) over the n elements where the mask holds; NaN where it holds nowhere.
 *
 * @param options `dim`, `keepdim` and `dtype` as for `var`, `correction`, and `mask`
 * @throws {ShapeError} where the mask does not broadcast to x
 * @throws {IndexError} for a dimension that x does not have, and for a mask of more dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.masked.var.html}
 * @example
 * ```ts
 * import { masked, tensor } from "@tensaur/tensaur";
 *
 * console.log(masked.var(tensor([1, 9, 4]), { mask: tensor([true, false, true]) })); // tensor(4.5000)
 * ```
 */
export function variance(
  x: Tensor,
  dim?: Dims | MaskedVarianceOptions | null,
  options?: MaskedVarianceOptions,
): Tensor {
  const { mask, unbiased, correction, ...rest } = named<MaskedVarianceOptions>(["dim"], dim, options);
  const { axes, keepdim, dtype } = reductionOf("var", x, rest);
  const source = toDtype(x, floatType(dtype ?? x.dtype)), less = correction ?? (unbiased === false ? 0 : 1);
  if (mask == null) return plainVariance(source, { dim: axes, keepdim, correction: less });
  const inside = maskOf("var", x, mask);
  const { total, count } = counted(source, inside, axes, true);
  const squares = counted(square(sub(source, ratio(total, count))), inside, axes, keepdim);
  return ratio(squares.total, clampMin(sub(squares.count, less), 0));
}

export { variance as var };

/**
 * The square root of the masked variance.
 *
 * @param options `dim`, `keepdim` and `dtype` as for `std`, `correction`, and `mask`
 * @throws {ShapeError} where the mask does not broadcast to x
 * @throws {IndexError} for a dimension that x does not have, and for a mask of more dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.masked.std.html}
 * @example
 * ```ts
 * import { masked, tensor } from "@tensaur/tensaur";
 *
 * console.log(masked.std(tensor([1, 9, 4]), { mask: tensor([true, false, true]) })); // tensor(2.1213)
 * ```
 */
export function std(x: Tensor, dim?: Dims | MaskedVarianceOptions | null, options?: MaskedVarianceOptions): Tensor {
  requireTensor("std", "x", x);
  return sqrt(variance(x, dim, options));
}
