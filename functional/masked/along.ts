/**
 * Operations along a dimension that skip what a mask leaves out.
 *
 * @module
 */

import { toDtype } from "../../tensor/conversion.ts";
import { floatType } from "../../tensor/promotion.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { div } from "../elementwise/division.ts";
import { logaddexp as logOfSum } from "../elementwise/exponential.ts";
import { clampMin } from "../elementwise/extremes.ts";
import * as cumulative from "../reduction/cumulative.ts";
import * as normalized from "../reduction/softmax.ts";
import { requireFloat } from "../reduction/reduce.ts";
import { kept, type MaskedReduceOptions, type MaskOptions } from "./fill.ts";
import { norm } from "./reductions.ts";

/** Options of masked operations along a dimension. */
export interface MaskedAlongOptions extends MaskOptions {
  /** Converts the elements first. */
  readonly dtype?: MaskedReduceOptions["dtype"];
}

function cast(x: Tensor, { dtype }: MaskedAlongOptions): Tensor {
  return dtype == null ? x : toDtype(x, dtype);
}

/**
 * Running sums along `dim`, where elements that are masked out count as 0.
 *
 * @throws {ShapeError} where the mask does not broadcast to x
 * @throws {IndexError} for a dimension that x does not have, and for a mask of more dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.masked.cumsum.html}
 * @example
 * ```ts
 * import { masked, tensor } from "@tensaur/tensaur";
 *
 * console.log(masked.cumsum(tensor([1, 2, 3]), 0, { mask: tensor([true, false, true]) })); // tensor([1, 1, 4])
 * ```
 */
export function cumsum(x: Tensor, dim: number, options: MaskedAlongOptions = {}): Tensor {
  requireTensor("cumsum", "x", x);
  return cumulative.cumsum(kept("cumsum", cast(x, options), options.mask, 0), dim);
}

/**
 * Running products along `dim`, where elements that are masked out count as 1.
 *
 * @throws {ShapeError} where the mask does not broadcast to x
 * @throws {IndexError} for a dimension that x does not have, and for a mask of more dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.masked.cumprod.html}
 * @example
 * ```ts
 * import { masked, tensor } from "@tensaur/tensaur";
 *
 * console.log(masked.cumprod(tensor([2, 3, 4]), 0, { mask: tensor([true, false, true]) })); // tensor([2, 2, 8])
 * ```
 */
export function cumprod(x: Tensor, dim: number, options: MaskedAlongOptions = {}): Tensor {
  requireTensor("cumprod", "x", x);
  return cumulative.cumprod(kept("cumprod", cast(x, options), options.mask, 1), dim);
}

/**
 * e^x / Σ e^x along `dim` over the elements where the mask holds; others get 0, and NaN where it holds nowhere.
 *
 * @throws {ShapeError} where the mask does not broadcast to x
 * @throws {IndexError} for a dimension that x does not have, and for a mask of more dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.masked.softmax.html}
 * @example
 * ```ts
 * import { masked, tensor } from "@tensaur/tensaur";
 *
 * console.log(masked.softmax(tensor([0.5, 2, 0.5]), 0, { mask: tensor([true, false, true]) }));
 * // tensor([0.5000, 0.0000, 0.5000])
 * ```
 */
export function softmax(x: Tensor, dim: number, options: MaskedAlongOptions = {}): Tensor {
  return normalized.softmax(kept("softmax", cast(x, options), options.mask, -Infinity), dim);
}

/**
 * The logarithm of masked `softmax`: -Infinity for elements that are masked out.
 *
 * @throws {ShapeError} where the mask does not broadcast to x
 * @throws {IndexError} for a dimension that x does not have, and for a mask of more dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.masked.log_softmax.html}
 * @example
 * ```ts
 * import { masked, tensor } from "@tensaur/tensaur";
 *
 * console.log(masked.logSoftmax(tensor([0.5, 2, 0.5]), 0, { mask: tensor([true, false, true]) }));
 * // tensor([-0.6931,    -inf, -0.6931])
 * ```
 */
export function logSoftmax(x: Tensor, dim: number, options: MaskedAlongOptions = {}): Tensor {
  return normalized.logSoftmax(kept("logSoftmax", cast(x, options), options.mask, -Infinity), dim);
}

/**
 * e^-x / Σ e^-x along `dim` over the elements where the mask holds; others get 0, and NaN where it holds nowhere.
 *
 * @throws {ShapeError} where the mask does not broadcast to x
 * @throws {IndexError} for a dimension that x does not have, and for a mask of more dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.masked.softmin.html}
 * @example
 * ```ts
 * import { masked, tensor } from "@tensaur/tensaur";
 *
 * console.log(masked.softmin(tensor([0.5, 2, 0.5]), 0, { mask: tensor([true, false, true]) }));
 * // tensor([0.5000, 0.0000, 0.5000])
 * ```
 */
export function softmin(x: Tensor, dim: number, options: MaskedAlongOptions = {}): Tensor {
  requireTensor("softmin", "x", x);
  return normalized.softmin(kept("softmin", cast(x, options), options.mask, Infinity), dim);
}

/** Options of masked `normalize`. */
export interface MaskedNormalizeOptions extends MaskedAlongOptions {
  /** The least divisor; 1e-12 by default. */
  readonly eps?: number;
}

/**
 * x / max(norm, eps), the norm taken with exponent `ord` along `dim` over the elements where the mask holds; others get 0.
 *
 * @throws {ShapeError} where the mask does not broadcast to x
 * @throws {IndexError} for a dimension that x does not have, and for a mask of more dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.masked.normalize.html}
 * @example
 * ```ts
 * import { masked, tensor } from "@tensaur/tensaur";
 *
 * console.log(masked.normalize(tensor([3, 7.5, 4]), 2, 0, { mask: tensor([true, false, true]) }));
 * // tensor([0.6000, 0.0000, 0.8000])
 * ```
 */
export function normalize(x: Tensor, ord: number, dim: number, options: MaskedNormalizeOptions = {}): Tensor {
  requireTensor("normalize", "x", x);
  const { mask = null, eps = 1e-12 } = options, source = cast(x, options);
  requireFloat("normalize", source);
  const length = norm(source, ord, dim, { keepdim: true, mask });
  return div(kept("normalize", source, mask, 0), clampMin(length, eps));
}

/** Options of masked `logaddexp`. */
export interface MaskedLogaddexpOptions {
  /** Which elements of the first operand take part; all by default. */
  readonly inputMask?: Tensor | null;
  /** Which elements of the second operand take part; all by default. */
  readonly otherMask?: Tensor | null;
  /** The result's dtype. */
  readonly dtype?: MaskedReduceOptions["dtype"];
}

/**
 * ln(e^a + e^b), where an operand that is masked out counts as e^-∞ = 0.
 *
 * @see {@link https://pytorch.org/docs/stable/masked.html}
 * @example
 * ```ts
 * import { masked, tensor } from "@tensaur/tensaur";
 *
 * const a = tensor([0.5, 1.5]), b = tensor([0.5, 2.5]);
 * console.log(masked.logaddexp(a, b, { inputMask: tensor([true, false]) })); // tensor([1.1931, 2.5000])
 * ```
 */
export function logaddexp(a: Tensor, b: Tensor, options: MaskedLogaddexpOptions = {}): Tensor {
  requireTensor("logaddexp", "a", a);
  requireTensor("logaddexp", "b", b);
  const operand = (x: Tensor, mask: Tensor | null | undefined) =>
    kept("logaddexp", toDtype(x, floatType(x.dtype)), mask, -Infinity);
  return cast(logOfSum(operand(a, options.inputMask), operand(b, options.otherMask)), options);
}
