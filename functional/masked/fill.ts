/**
 * Masks of tensors: what is masked out is replaced by what the operation does not notice.
 *
 * @module
 */

import { IndexError, ShapeError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { scalarOperand } from "../../tensor/promotion.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { broadcastShape, expandTo } from "../broadcast.ts";
import { show } from "../dims.ts";
import { where } from "../elementwise/where.ts";
import type { ReduceOptions } from "../reduction/reduce.ts";

/** The option that all masked operations have. */
export interface MaskOptions {
  /** Which elements take part, as bool or as numbers that are not 0; broadcasts to the input. All by default. */
  readonly mask?: Tensor | null;
}

/** Options of masked reductions. */
export interface MaskedReduceOptions extends ReduceOptions, MaskOptions {}

/** `mask` as bool in the shape of `x`. */
export function maskOf(operation: string, x: Tensor, mask: Tensor): Tensor {
  requireTensor(operation, "mask", mask);
  if (mask.ndim > x.ndim) {
    throw new IndexError(
      `Cannot take the masked ${operation} of shape ${show(x.shape)} with a mask of shape ${
        show(mask.shape)
      }: the mask must not have more dimensions`,
    );
  }
  if (broadcastShape(`take the masked ${operation} of`, x.shape, mask.shape).some((size, i) => size !== x.shape[i])) {
    throw new ShapeError(
      `Cannot take the masked ${operation} of shape ${show(x.shape)} with a mask of shape ${
        show(mask.shape)
      }: the mask must broadcast to the input`,
    );
  }
  return expandTo(toDtype(mask, "bool"), x.shape);
}

/** `x` with `identity` where the mask does not hold. */
export function kept(operation: string, x: Tensor, mask: Tensor | null | undefined, identity: number): Tensor {
  return mask == null ? x : where(maskOf(operation, x, mask), x, scalarOperand(identity, x.dtype, x.device));
}
