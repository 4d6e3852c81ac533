/**
 * Reductions of what a mask leaves.
 *
 * @module
 */

import { bounds, isFloat, ValueError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { floatType } from "../../tensor/promotion.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Dims, named } from "../dims.ts";
import { isnan } from "../elementwise/comparison.ts";
import * as extremes from "../reduction/extremes.ts";
import { any } from "../reduction/logical.ts";
import { nanmedian } from "../reduction/median.ts";
import { normOver } from "../reduction/norm.ts";
import { prod as product } from "../reduction/prod.ts";
import { reductionOf, requireFloat } from "../reduction/reduce.ts";
import { logsumexp as logOfSum } from "../reduction/softmax.ts";
import { sum as total } from "../reduction/sum.ts";
import { kept, type MaskedReduceOptions, type MaskOptions } from "./fill.ts";

function given(dim: Dims | MaskedReduceOptions | null | undefined, options?: MaskedReduceOptions): MaskedReduceOptions {
  return named<MaskedReduceOptions>(["dim"], dim, options);
}

/** In the dtype asked for, if any. */
function cast(x: Tensor, dtype: MaskedReduceOptions["dtype"]): Tensor {
  return dtype == null ? x : toDtype(x, dtype);
}

/**
 * Σ x over the elements where the mask holds; 0 where it holds nowhere.
 *
 * @param options `dim`, `keepdim` and `dtype` as for `sum`, and `mask`
 * @throws {ShapeError} where the mask does not broadcast to x
 * @throws {IndexError} for a dimension that x does not have, and for a mask of more dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.masked.sum.html}
 * @example
 * ```ts
 * import { masked, tensor } from "@tensaur/tensaur";
 *
 * console.log(masked.sum(tensor([1, 2, 4]), { mask: tensor([true, false, true]) })); // tensor(5)
 * ```
 */
export function sum(x: Tensor, dim?: Dims | MaskedReduceOptions | null, options?: MaskedReduceOptions): Tensor {
  const { mask, ...rest } = given(dim, options);
  return total(kept("sum", x, mask, 0), rest);
}

/**
 * Π x over the elements where the mask holds; 1 where it holds nowhere.
 *
 * @param options `dim`, `keepdim` and `dtype` as for `prod`, and `mask`
 * @throws {ShapeError} where the mask does not broadcast to x
 * @throws {IndexError} for a dimension that x does not have, and for a mask of more dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.masked.prod.html}
 * @example
 * ```ts
 * import { masked, tensor } from "@tensaur/tensaur";
 *
 * console.log(masked.prod(tensor([3, 2, 4]), { mask: tensor([true, false, true]) })); // tensor(12)
 * ```
 */
export function prod(x: Tensor, dim?: Dims | MaskedReduceOptions | null, options?: MaskedReduceOptions): Tensor {
  const { mask, ...rest } = given(dim, options);
  return product(kept("prod", x, mask, 1), rest);
}

/**
 * The largest of the elements where the mask holds; the lowest value of the dtype where it holds nowhere.
 *
 * @param options `dim` and `keepdim` as for `amax`, the result's `dtype`, and `mask`
 * @throws {ShapeError} where the mask does not broadcast to x
 * @throws {IndexError} for a dimension that x does not have, and for a mask of more dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.masked.amax.html}
 * @example
 * ```ts
 * import { masked, tensor } from "@tensaur/tensaur";
 *
 * console.log(masked.amax(tensor([3, 9, 4]), { mask: tensor([true, false, true]) })); // tensor(4)
 * ```
 */
export function amax(x: Tensor, dim?: Dims | MaskedReduceOptions | null, options?: MaskedReduceOptions): Tensor {
  requireTensor("amax", "x", x);
  const { mask, dtype, ...rest } = given(dim, options);
  return cast(extremes.amax(kept("amax", x, mask, bounds(x.dtype).lowest), rest), dtype);
}

/**
 * The smallest of the elements where the mask holds; the highest value of the dtype where it holds nowhere.
 *
 * @param options `dim` and `keepdim` as for `amin`, the result's `dtype`, and `mask`
 * @throws {ShapeError} where the mask does not broadcast to x
 * @throws {IndexError} for a dimension that x does not have, and for a mask of more dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.masked.amin.html}
 * @example
 * ```ts
 * import { masked, tensor } from "@tensaur/tensaur";
 *
 * console.log(masked.amin(tensor([3, 1, 4]), { mask: tensor([true, false, true]) })); // tensor(3)
 * ```
 */
export function amin(x: Tensor, dim?: Dims | MaskedReduceOptions | null, options?: MaskedReduceOptions): Tensor {
  requireTensor("amin", "x", x);
  const { mask, dtype, ...rest } = given(dim, options);
  return cast(extremes.amin(kept("amin", x, mask, bounds(x.dtype).highest), rest), dtype);
}

/** Options of masked `argmax` and `argmin`. */
export interface MaskedPositionOptions extends MaskOptions {
  /** The dimension; all elements, flattened, by default. */
  readonly dim?: number | null;
  /** Keeps the dimension with extent 1; false by default. */
  readonly keepdim?: boolean;
  /** The result's dtype; that of the input by default, as in PyTorch. */
  readonly dtype?: MaskedReduceOptions["dtype"];
}

function positionOf(
  operation: "argmax" | "argmin",
  x: Tensor,
  dim: number | MaskedPositionOptions | null | undefined,
  options: MaskedPositionOptions | undefined,
): Tensor {
  const chosen = named<MaskedPositionOptions>(["dim"], dim, options), { lowest, highest } = bounds(x.dtype);
  const source = kept(operation, x, chosen.mask, operation === "argmax" ? lowest : highest);
  const where = { keepdim: chosen.keepdim ?? false, ...(chosen.dim == null ? {} : { dim: chosen.dim }) };
  return toDtype(extremes[operation](source, where), chosen.dtype ?? x.dtype);
}

/**
 * The position of the first largest of the elements where the mask holds, in the dtype of x unless `dtype` says otherwise.
 *
 * @throws {ShapeError} where the mask does not broadcast to x
 * @throws {IndexError} for a dimension that x does not have, and for a mask of more dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.masked.argmax.html}
 * @example
 * ```ts
 * import { masked, tensor } from "@tensaur/tensaur";
 *
 * console.log(masked.argmax(tensor([3, 9, 4]), 0, { mask: tensor([true, false, true]) })); // tensor(2)
 * ```
 */
export function argmax(
  x: Tensor,
  dim?: number | MaskedPositionOptions | null,
  options?: MaskedPositionOptions,
): Tensor {
  requireTensor("argmax", "x", x);
  return positionOf("argmax", x, dim, options);
}

/**
 * The position of the first smallest of the elements where the mask holds, in the dtype of x unless `dtype` says otherwise.
 *
 * @throws {ShapeError} where the mask does not broadcast to x
 * @throws {IndexError} for a dimension that x does not have, and for a mask of more dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.masked.argmin.html}
 * @example
 * ```ts
 * import { masked, tensor } from "@tensaur/tensaur";
 *
 * console.log(masked.argmin(tensor([3, 1, 4]), 0, { mask: tensor([true, false, true]) })); // tensor(0)
 * ```
 */
export function argmin(
  x: Tensor,
  dim?: number | MaskedPositionOptions | null,
  options?: MaskedPositionOptions,
): Tensor {
  requireTensor("argmin", "x", x);
  return positionOf("argmin", x, dim, options);
}

/** Options of masked `median`. */
export interface MaskedMedianOptions extends MaskOptions {
  /** The dimension; -1 by default. */
  readonly dim?: number;
  /** Keeps the dimension with extent 1; false by default. */
  readonly keepdim?: boolean;
  /** For integers, the result's dtype; that of the input by default. */
  readonly dtype?: MaskedReduceOptions["dtype"];
}

/**
 * The middle one, the lower of two, of the elements along `dim` where the mask holds; NaN where it holds nowhere.
 *
 * @throws {ValueError} where integers have no element left, for they have no NaN; reads the result
 * @see {@link https://pytorch.org/docs/stable/generated/torch.masked.median.html}
 * @example
 * ```ts
 * import { masked, tensor } from "@tensaur/tensaur";
 *
 * console.log(masked.median(tensor([3.5, 1, 4]), { mask: tensor([true, false, true]) })); // tensor(3.5000)
 * ```
 */
export function median(x: Tensor, dim?: number | MaskedMedianOptions, options?: MaskedMedianOptions): Tensor {
  requireTensor("median", "x", x);
  const { mask, dim: axis = -1, keepdim = false, dtype } = named<MaskedMedianOptions>(["dim"], dim, options);
  const source = kept("median", toDtype(x, floatType(x.dtype)), mask, NaN);
  const { values } = nanmedian(source, axis, { keepdim });
  if (isFloat(x.dtype)) return values;
  if (any(isnan(values)).item<boolean>()) {
    throw new ValueError(`Cannot take the masked median of ${x.dtype} rows without elements: convert to float32 first`);
  }
  return toDtype(values, dtype ?? x.dtype);
}

/**
 * ln Σ e^x over the elements where the mask holds; -Infinity where it holds nowhere.
 *
 * @param options `dim` and `keepdim` as for `logsumexp`, the result's `dtype` (that of the input by default, as in PyTorch), and `mask`
 * @throws {ShapeError} where the mask does not broadcast to x
 * @throws {IndexError} for a dimension that x does not have, and for a mask of more dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.masked.logsumexp.html}
 * @example
 * ```ts
 * import { masked, tensor } from "@tensaur/tensaur";
 *
 * console.log(masked.logsumexp(tensor([0.5, 7, 0.5]), { mask: tensor([true, false, true]) })); // tensor(1.1931)
 * ```
 */
export function logsumexp(x: Tensor, dim?: Dims | MaskedReduceOptions | null, options?: MaskedReduceOptions): Tensor {
  requireTensor("logsumexp", "x", x);
  const { mask, dtype, ...rest } = given(dim, options);
  const source = toDtype(x, floatType(x.dtype));
  return toDtype(logOfSum(kept("logsumexp", source, mask, bounds(x.dtype).lowest), rest), dtype ?? x.dtype);
}

/** Options of masked `norm`. */
export interface MaskedNormOptions extends MaskedReduceOptions {
  /** The exponent; 2 by default. */
  readonly ord?: number;
}

/**
 * (Σ |x|^ord)^(1/ord) over the elements where the mask holds; 0 where it holds nowhere, and Infinity for `ord` -Infinity.
 *
 * @param options `ord`, `dim`, `keepdim` and `dtype` as for `norm`, and `mask`
 * @throws {ShapeError} where the mask does not broadcast to x
 * @throws {IndexError} for a dimension that x does not have, and for a mask of more dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.masked.norm.html}
 * @example
 * ```ts
 * import { masked, tensor } from "@tensaur/tensaur";
 *
 * console.log(masked.norm(tensor([3, 7.5, 4]), 2, { mask: tensor([true, false, true]) })); // tensor(5.)
 * ```
 */
export function norm(
  x: Tensor,
  ord?: number | MaskedNormOptions,
  dim?: Dims | MaskedNormOptions | null,
  options?: MaskedNormOptions,
): Tensor {
  const { ord: power = 2, mask, ...rest } = named<MaskedNormOptions>(["ord", "dim"], ord, dim, options);
  const { axes, keepdim, dtype } = reductionOf("norm", x, rest);
  const source = cast(x, dtype);
  requireFloat("norm", source);
  return normOver(kept("norm", source, mask, power === -Infinity ? Infinity : 0), power, axes, keepdim);
}
