/**
 * Attention of several heads, each with its own projections of queries, keys and values.
 *
 * @module
 */

import { DTypeError, isFloat, sameShape, ShapeError, ValueError } from "../kernels/mod.ts";
import { requireTensor, requireTensorOrNone } from "../tensor/require_tensor.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { attend } from "./attention.ts";
import { show } from "./dims.ts";
import { add } from "./elementwise/arithmetic.ts";
import { where } from "./elementwise/where.ts";
import { filled } from "./host.ts";
import { linear } from "./matrix/linear.ts";
import { cat } from "./movement/cat.ts";
import { expand } from "./movement/expand.ts";
import { constantPadNd } from "./movement/pad.ts";
import { permute } from "./movement/permute.ts";
import { reshape, squeeze, unsqueeze } from "./movement/reshape.ts";
import { chunk, split } from "./movement/split.ts";
import { mean } from "./reduction/sum.ts";

/** Options of `multiHeadAttentionForward`. */
export interface MultiHeadAttentionOptions {
  /** Whether attention weights are dropped. Default true. */
  readonly training?: boolean;
  /**
   * Which keys nobody sees, [N, S], or [S] without N: where true (bool), or what is added to the scores (float); none
   * by default.
   */
  readonly keyPaddingMask?: Tensor | null;
  /** Whether the attention weights are returned, too. Default true. */
  readonly needWeights?: boolean;
  /**
   * Which keys a query does not see, [L, S] or [N · heads, L, S]: where true (bool), or what is added to the scores
   * (float); none by default.
   */
  readonly attnMask?: Tensor | null;
  /** Whether the projections are `qProjWeight`, `kProjWeight` and `vProjWeight` rather than thirds of one weight. Default false. */
  readonly useSeparateProjWeight?: boolean;
  /** The projection of queries, [E, E]; none by default. */
  readonly qProjWeight?: Tensor | null;
  /** The projection of keys, [E, Ek]; none by default. */
  readonly kProjWeight?: Tensor | null;
  /** The projection of values, [E, Ev]; none by default. */
  readonly vProjWeight?: Tensor | null;
  /** Keys that replace the projected ones, [N · heads, S, E / heads]; none by default. */
  readonly staticK?: Tensor | null;
  /** Values that replace the projected ones, [N · heads, S, E / heads]; none by default. */
  readonly staticV?: Tensor | null;
  /** Whether the returned weights are the mean over heads. Default true. */
  readonly averageAttnWeights?: boolean;
  /** Says that `attnMask` is the causal one; it must be given all the same. Default false. */
  readonly isCausal?: boolean;
}

/** The options that are tensors. */
const optional = [
  "keyPaddingMask",
  "attnMask",
  "qProjWeight",
  "kProjWeight",
  "vProjWeight",
  "staticK",
  "staticV",
] as const;

type Three = [query: Tensor, key: Tensor, value: Tensor];

/**
 * [output, attention weights] of several heads: each head attends with its own projections, and a last one joins what they found.
 * `nn.MultiheadAttention` has the parameters.
 *
 * A query that no key is left for gets NaN where weights are needed and zeros where not, as in PyTorch from 2.5 on.
 *
 * @param query [L, N, E] or [L, E]
 * @param key [S, N, Ek] or [S, Ek]
 * @param value [S, N, Ev] or [S, Ev]
 * @param embedDimToCheck E
 * @param numHeads Heads, each with E / heads of the numbers
 * @param inProjWeight The projections of queries, keys and values on top of each other, [3 E, E]
 * @param inProjBias What is added to the three projections, [3 E]
 * @param biasK A key added at the end, [1, 1, E]; goes with `biasV`
 * @param biasV A value added at the end, [1, 1, E]
 * @param addZeroAttn Whether a key and a value of zeros are added at the end
 * @param dropoutP Probability that an attention weight is dropped while training
 * @param outProjWeight The last projection, [E, E]
 * @param outProjBias What is added to it, [E]
 * @param options Masks and the rest
 * @returns The output as `query`, and the weights, [N, L, S], or [N, heads, L, S] where they are not averaged; null where not needed
 * @throws {ShapeError} where the shapes do not fit
 * @throws {ValueError} for options that do not go together, and for heads that do not divide E
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html}
 * @example
 * ```ts
 * import { eye, functional as F, randn } from "@tensaur/tensaur";
 * const x = randn([5, 2, 4]), weight = randn([12, 4]);
 * const [y, w] = F.multiHeadAttentionForward(x, x, x, 4, 2, weight, null, null, null, false, 0, eye(4), null);
 * console.log(`${y.shape} ${w?.shape}`); // torch.Size([5, 2, 4]) torch.Size([2, 5, 5])
 * ```
 */
export function multiHeadAttentionForward(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  embedDimToCheck: number,
  numHeads: number,
  inProjWeight: Tensor | null,
  inProjBias: Tensor | null,
  biasK: Tensor | null,
  biasV: Tensor | null,
  addZeroAttn: boolean,
  dropoutP: number,
  outProjWeight: Tensor,
  outProjBias: Tensor | null,
  options: MultiHeadAttentionOptions = {},
): [output: Tensor, weights: Tensor | null] {
  requireTensor("multiHeadAttentionForward", "query", query);
  requireTensor("multiHeadAttentionForward", "key", key);
  requireTensor("multiHeadAttentionForward", "value", value);
  requireTensorOrNone("multiHeadAttentionForward", "inProjWeight", inProjWeight);
  requireTensorOrNone("multiHeadAttentionForward", "inProjBias", inProjBias);
  requireTensorOrNone("multiHeadAttentionForward", "biasK", biasK);
  requireTensorOrNone("multiHeadAttentionForward", "biasV", biasV);
  requireTensor("multiHeadAttentionForward", "outProjWeight", outProjWeight);
  requireTensorOrNone("multiHeadAttentionForward", "outProjBias", outProjBias);
  const { training = true, needWeights = true, averageAttnWeights = true } = options;
  for (const name of optional) requireTensorOrNone("multiHeadAttentionForward", name, options[name]);
  const staticK = options.staticK ?? null, staticV = options.staticV ?? null;
  checkInputs([query, key, value], embedDimToCheck, numHeads, options);
  if ((biasK === null) !== (biasV === null) || (biasK !== null && (staticK !== null || staticV !== null))) {
    throw new ValueError("Cannot attend with one of biasK and biasV alone, or with them and staticK or staticV");
  }
  const unbatched = query.ndim === 2, width = embedDimToCheck;
  const batch = unbatched ? 1 : query.shape[1]!, length = query.shape[0]!, size = width / numHeads;

  let [q, k, v] = projected([query, key, value], inProjWeight, inProjBias, options);
  if (unbatched) [q, k, v] = [unsqueeze(q, 1), unsqueeze(k, 1), unsqueeze(v, 1)];
  if (biasK !== null && biasV !== null) {
    k = cat([k, expand(biasK, [1, batch, width])]);
    v = cat([v, expand(biasV, [1, batch, width])]);
  }
  const heads = (x: Tensor): Tensor => permute(reshape(x, [-1, batch, numHeads, size]), [1, 2, 0, 3]);
  const given = (x: Tensor): Tensor => reshape(x, [batch, numHeads, x.shape[1]!, size]);
  [q, k, v] = [heads(q), staticK === null ? heads(k) : given(staticK), staticV === null ? heads(v) : given(staticV)];
  if (addZeroAttn) [k, v] = [constantPadNd(k, [0, 0, 0, 1]), constantPadNd(v, [0, 0, 0, 1])];

  const added = (biasK === null ? 0 : 1) + (addZeroAttn ? 1 : 0);
  const mask = maskOf(options, [batch, numHeads, length, k.shape[2]!], added, unbatched, q);
  const how = { mask, dropoutP: training ? dropoutP : 0, scale: null, safe: !needWeights };
  const [found, attention] = attend(q, k, v, how);
  const output = linear(reshape(permute(found, [2, 0, 1, 3]), [length, batch, width]), outProjWeight, outProjBias);
  const seen = !needWeights ? null : averageAttnWeights ? mean(attention, 1) : attention;
  return unbatched ? [squeeze(output, 1), seen && squeeze(seen, 0)] : [output, seen];
}

/** The three projections. What is projected alike at once is one product: all of self-attention, keys and values of one memory. */
function projected(
  [query, key, value]: Three,
  weight: Tensor | null,
  bias: Tensor | null,
  { useSeparateProjWeight = false, qProjWeight, kProjWeight, vProjWeight }: MultiHeadAttentionOptions,
): Three {
  if (useSeparateProjWeight) {
    if (qProjWeight == null || kProjWeight == null || vProjWeight == null) {
      throw new ValueError("Cannot attend with useSeparateProjWeight and without all three weights");
    }
    const [q, k, v] = bias === null ? [] : chunk(bias, 3);
    return [linear(query, qProjWeight, q), linear(key, kProjWeight, k), linear(value, vProjWeight, v)];
  }
  if (weight === null) throw new ValueError("Cannot attend without inProjWeight unless useSeparateProjWeight is true");
  if (query === key && key === value) return chunk(linear(query, weight, bias), 3, -1) as Three;
  const width = weight.shape[0]! / 3;
  if (key === value) {
    const [qWeight, kvWeight] = split(weight, [width, 2 * width]) as [Tensor, Tensor];
    const [qBias, kvBias] = bias === null ? [] : split(bias, [width, 2 * width]);
    return [linear(query, qWeight, qBias), ...chunk(linear(key, kvWeight, kvBias), 2, -1)] as Three;
  }
  const weights = chunk(weight, 3), biases = bias === null ? [] : chunk(bias, 3);
  return [query, key, value].map((x, i) => linear(x, weights[i]!, biases[i])) as Three;
}

function checkInputs(
  [query, key, value]: Three,
  embedDim: number,
  numHeads: number,
  options: MultiHeadAttentionOptions,
): void {
  const { ndim } = query, same = options.useSeparateProjWeight ? ndim - 1 : ndim;
  const fits = (ndim === 2 || ndim === 3) && key.ndim === ndim && value.ndim === ndim &&
    query.shape.at(-1) === embedDim && sameShape(key.shape.slice(0, same), value.shape.slice(0, same)) &&
    (ndim === 2 || key.shape[1] === query.shape[1]);
  if (!fits) {
    throw new ShapeError(
      `Cannot attend with queries ${show(query.shape)}, keys ${show(key.shape)} and values ${show(value.shape)}: ` +
        `they must be [L, N, ${embedDim}], [S, N, Ek] and [S, N, Ev], or the same without N`,
    );
  }
  if (!Number.isInteger(numHeads) || numHeads <= 0 || embedDim % numHeads !== 0) {
    throw new ValueError(`Cannot divide ${embedDim} numbers among ${numHeads} heads of equal size`);
  }
  if (options.isCausal && options.attnMask == null) {
    throw new ValueError("Cannot attend with isCausal alone: it says what attnMask is, so give that, too");
  }
}

/** What is added to scores of a shape; null for nothing. The last `added` keys are those that everybody sees. */
function maskOf(
  { attnMask, keyPaddingMask }: MultiHeadAttentionOptions,
  [batch, heads, queries, keys]: readonly [batch: number, heads: number, queries: number, keys: number],
  added: number,
  unbatched: boolean,
  like: Tensor,
): Tensor | null {
  const own = keys - added, masks: Tensor[] = [];
  if (attnMask != null) {
    const each = attnMask.ndim === 3;
    const mask = checkedMask("attnMask", attnMask, each ? [batch * heads, queries, own] : [queries, own]);
    masks.push(reshape(mask, each ? [batch, heads, queries, own] : [1, 1, queries, own]));
  }
  if (keyPaddingMask != null) {
    const mask = checkedMask("keyPaddingMask", keyPaddingMask, unbatched ? [own] : [batch, own]);
    masks.push(reshape(mask, [batch, 1, 1, own]));
  }
  if (masks.length === 0) return null;
  const sum = masks.map((mask) => additive(mask, like)).reduce((a, b) => add(a, b));
  return added === 0 ? sum : constantPadNd(sum, [0, added]);
}

function checkedMask(name: string, mask: Tensor, expected: readonly number[]): Tensor {
  if (mask.dtype !== "bool" && !isFloat(mask.dtype)) {
    throw new DTypeError(`Cannot attend with ${name} of ${mask.dtype}: it must be bool or floating-point`);
  }
  if (sameShape(mask.shape, expected)) return mask;
  throw new ShapeError(`Cannot attend with ${name} of shape ${show(mask.shape)}: expected ${show(expected)}`);
}

/** -∞ where a mask of truth values holds, else 0; other masks are added as they are. */
function additive(mask: Tensor, { dtype, device }: Tensor): Tensor {
  if (mask.dtype !== "bool") return mask;
  return where(mask, filled([], -Infinity, dtype, device), filled([], 0, dtype, device));
}
