/**
 * Scaled dot product attention.
 *
 * @module
 */

import { DTypeError, isFloat, ShapeError, ValueError } from "../kernels/mod.ts";
import { noted } from "../tensor/operations.ts";
import { requireTensor, requireTensorOrNone } from "../tensor/require_tensor.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { broadcastShape } from "./broadcast.ts";
import { show } from "./dims.ts";
import { dropout } from "./dropout.ts";
import { add, mul } from "./elementwise/arithmetic.ts";
import { le } from "./elementwise/comparison.ts";
import { where } from "./elementwise/where.ts";
import { positions } from "./host.ts";
import { matmul } from "./matrix/matmul.ts";
import { repeatInterleave } from "./movement/expand.ts";
import { mT } from "./movement/permute.ts";
import { safeSoftmax, softmax } from "./reduction/softmax.ts";

/** Options of `scaledDotProductAttention`. */
export interface AttentionOptions {
  /** Added to the scores (float), or which keys a query may see (bool); broadcasts to [..., L, S]; none by default. */
  readonly attnMask?: Tensor | null;
  /** Probability that an attention weight is dropped, whether or not anything is trained; 0 by default. */
  readonly dropoutP?: number;
  /** Lets query i see keys 0 to i. Default false. */
  readonly isCausal?: boolean;
  /** Factor of the scores; 1 / √E by default. */
  readonly scale?: number | null;
  /** Whether [..., heads, L, E] may have several heads of queries for each of keys and values. Default false. */
  readonly enableGqa?: boolean;
}

/**
 * softmax(Q Kᵀ · scale + mask) V.
 *
 * As in PyTorch from 2.5 on, a query that no key is left for gets zeros (before, NaN).
 *
 * @param query [..., L, E]
 * @param key [..., S, E]
 * @param value [..., S, Ev]
 * @returns [..., L, Ev]
 * @throws {ShapeError} where the shapes do not fit
 * @throws {DTypeError} where the dtypes differ
 * @throws {ValueError} for isCausal with attnMask
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
  requireTensor("scaledDotProductAttention", "query", query);
  requireTensor("scaledDotProductAttention", "key", key);
  requireTensor("scaledDotProductAttention", "value", value);
  const { attnMask, dropoutP = 0, isCausal = false, scale, enableGqa = false } = options;
  checkShapes(query, key, value);
  if (enableGqa) [key, value] = [forHeadsOf(query, key), forHeadsOf(query, value)];
  requireTensorOrNone("scaledDotProductAttention", "attnMask", attnMask);
  if (isCausal && attnMask != null) {
    throw new ValueError("Cannot attend with both isCausal and attnMask: put the causal mask into attnMask");
  }
  const lead = broadcastShape("attend with", ...[query, key, value].map((x) => x.shape.slice(0, -2)));
  const queries = query.shape.at(-2)!, keys = key.shape.at(-2)!;
  if (attnMask != null) checkMask(attnMask, query, [...lead, queries, keys]);
  const mask = isCausal
    ? le(positions(keys, 1, 2, query.device), positions(queries, 0, 2, query.device))
    : attnMask ?? null;
  const [result] = attend(query, key, value, { mask, dropoutP, scale: scale ?? null, safe: true });
  return noted("scaledDotProductAttention", result, () => ({
    inputs: [query, key, value, attnMask],
    attributes: { dropoutP, isCausal, ...(scale == null ? {} : { scale }) },
  }));
}

/** How `attend` attends. */
interface Attending {
  /** Added to the scores (float), or which keys a query may see (bool); null for all. */
  readonly mask: Tensor | null;
  /** Probability that a weight is dropped. */
  readonly dropoutP: number;
  /** Factor of the scores; null for 1 / √E. */
  readonly scale: number | null;
  /** Whether a query without a key gets zeros rather than NaN. */
  readonly safe: boolean;
}

/** [result, weights] of attention, for shapes that fit. For the library. */
export function attend(query: Tensor, key: Tensor, value: Tensor, how: Attending): [Tensor, Tensor] {
  const { mask, dropoutP, safe } = how;
  const scores = mul(matmul(query, mT(key)), how.scale ?? 1 / Math.sqrt(query.shape.at(-1)!));
  const masked = mask === null ? scores : mask.dtype === "bool" ? where(mask, scores, -Infinity) : add(scores, mask);
  const weights = safe ? safeSoftmax(masked) : softmax(masked, -1);
  const kept = dropoutP > 0 ? dropout(weights, { p: dropoutP }) : weights;
  return [matmul(kept, value), kept];
}

function checkShapes(query: Tensor, key: Tensor, value: Tensor): void {
  const all = [query, key, value];
  if (
    all.some((t) => t.ndim < 2) || query.shape.at(-1) !== key.shape.at(-1) || key.shape.at(-2) !== value.shape.at(-2)
  ) {
    throw new ShapeError(
      `Cannot attend with queries ${show(query.shape)}, keys ${show(key.shape)} and values ${show(value.shape)}: ` +
        "they must be [..., L, E], [..., S, E] and [..., S, Ev]",
    );
  }
  if (all.some((t) => !isFloat(t.dtype) || t.dtype !== query.dtype)) {
    throw new DTypeError(
      `Cannot attend with queries, keys and values of ${all.map((t) => t.dtype).join(", ")}: ` +
        "they must have one floating-point dtype",
    );
  }
}

function checkMask(mask: Tensor, query: Tensor, scores: readonly number[]): void {
  if (mask.dtype !== "bool" && mask.dtype !== query.dtype) {
    throw new DTypeError(
      `Cannot attend with attnMask of ${mask.dtype}: it must be bool, or ${query.dtype} as the queries are`,
    );
  }
  const lead = scores.length - mask.ndim;
  if (lead >= 0 && mask.shape.every((extent, i) => extent === 1 || extent === scores[lead + i])) return;
  throw new ShapeError(
    `Cannot attend with attnMask of shape ${show(mask.shape)}: it must broadcast to the scores' ${show(scores)}`,
  );
}

/** Keys or values with each head repeated for the queries' heads that share it. */
function forHeadsOf(query: Tensor, x: Tensor): Tensor {
  const heads = query.shape.at(-3), own = x.shape.at(-3);
  if (heads === undefined || own === undefined || own === 0 || heads % own !== 0) {
    throw new ShapeError(
      `Cannot share the heads of ${show(x.shape)} among those of queries ${show(query.shape)}: ` +
        "with enableGqa both are [..., heads, length, size], and the queries' heads a multiple of the others'",
    );
  }
  return own === heads ? x : repeatInterleave(x, heads / own, x.ndim - 3);
}
