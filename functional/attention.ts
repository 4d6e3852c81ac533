/**
 * Scaled dot product attention.
 *
 * @module
 */

import { ShapeError, ValueError } from "../kernels/mod.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { show } from "./dims.ts";
import { dropout } from "./dropout.ts";
import { add, mul } from "./elementwise/arithmetic.ts";
import { le } from "./elementwise/comparison.ts";
import { where } from "./elementwise/where.ts";
import { positions } from "./host.ts";
import { matmul } from "./matrix/matmul.ts";
import { mT } from "./movement/permute.ts";
import { softmax } from "./reduction/softmax.ts";

/** Options of `scaledDotProductAttention`. */
export interface AttentionOptions {
  /** Added to the scores (float), or which keys a query may see (bool); broadcasts to [..., L, S]. */
  readonly attnMask?: Tensor | null;
  /** Probability that an attention weight is dropped; 0 by default. */
  readonly dropoutP?: number;
  /** Lets query i see keys 0 to i. */
  readonly isCausal?: boolean;
  /** Factor of the scores; 1 / √E by default. */
  readonly scale?: number | null;
}

/**
 * softmax(Q Kᵀ · scale + mask) V.
 *
 * @param query [..., L, E]
 * @param key [..., S, E]
 * @param value [..., S, Ev]
 * @returns [..., L, Ev]
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html}
 * @example
 * ```ts
 * import { functional as F, randn } from "@tensaur/tensaur";
 * const [q, k, v] = [randn([2, 4, 8]), randn([2, 6, 8]), randn([2, 6, 3])];
 * console.log(`${F.scaledDotProductAttention(q, k, v).shape}`); // torch.Size([2, 4, 3])
 * ```
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: AttentionOptions = {},
): Tensor {
  const { attnMask, dropoutP = 0, isCausal = false, scale } = options;
  if (
    [query, key, value].some((t) => t.ndim < 2) || query.shape.at(-1) !== key.shape.at(-1) ||
    key.shape.at(-2) !== value.shape.at(-2)
  ) {
    throw new ShapeError(
      `Cannot attend with queries ${show(query.shape)}, keys ${show(key.shape)} and values ${show(value.shape)}: ` +
        "they must be [..., L, E], [..., S, E] and [..., S, Ev]",
    );
  }
  if (isCausal && attnMask != null) {
    throw new ValueError("Cannot attend with both isCausal and attnMask: put the causal mask into attnMask");
  }
  const scores = matmul(mul(query, scale ?? 1 / Math.sqrt(query.shape.at(-1)!)), mT(key));
  const weights = softmax(masked(scores, attnMask, isCausal), -1);
  return matmul(dropoutP > 0 ? dropout(weights, { p: dropoutP }) : weights, value);
}

function masked(scores: Tensor, mask: Tensor | null | undefined, isCausal: boolean): Tensor {
  if (isCausal) {
    const [queries, keys] = scores.shape.slice(-2) as [number, number];
    const seen = le(positions(keys, 1, 2, scores.device), positions(queries, 0, 2, scores.device));
    return where(seen, scores, -Infinity);
  }
  if (mask == null) return scores;
  return mask.dtype === "bool" ? where(mask, scores, -Infinity) : add(scores, mask);
}
