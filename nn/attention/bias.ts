/**
 * Causal masks for `functional.scaledDotProductAttention` where there are not as many queries as keys.
 *
 * @module
 */

import * as F from "../../functional/mod.ts";
import { type DeviceName, ones, type Tensor } from "../../tensor/mod.ts";

/** Where a mask lives. */
export interface CausalBiasOptions {
  /** The device; the default one by default. */
  readonly device?: DeviceName;
}

/**
 * Lets query i see keys 0 to i: a truth value for each query and key, [queries, keys], true on and below the diagonal that begins in the
 * upper left corner. Nothing is stored: attention computes it where it needs it.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * console.log(nn.attention.bias.causalUpperLeft(2, 3).int().tolist()); // [ [ 1, 0, 0 ], [ 1, 1, 0 ] ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.attention.bias.causal_upper_left.html}
 */
export function causalUpperLeft(queries: number, keys: number, options: CausalBiasOptions = {}): Tensor {
  return diagonalMask(queries, keys, 0, options);
}

/**
 * Lets the last query see all keys, the one before it all but the last, and so on: a truth value for each query and key, [queries, keys], true
 * on and below the diagonal that ends in the lower right corner. With more queries than keys the first ones see nothing.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * console.log(nn.attention.bias.causalLowerRight(2, 3).int().tolist()); // [ [ 1, 1, 0 ], [ 1, 1, 1 ] ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.attention.bias.causal_lower_right.html}
 */
export function causalLowerRight(queries: number, keys: number, options: CausalBiasOptions = {}): Tensor {
  return diagonalMask(queries, keys, keys - queries, options);
}

function diagonalMask(queries: number, keys: number, diagonal: number, options: CausalBiasOptions): Tensor {
  return F.tril(ones([queries, keys], { dtype: "bool", ...options }), diagonal);
}
