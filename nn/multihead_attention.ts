/**
 * Attention of several heads.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { empty, type Tensor, ValueError } from "../tensor/mod.ts";
import * as init from "./init.ts";
import { type BiasOptions, Linear } from "./linear.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import { requireInput } from "./require_input.ts";

/** Options of `MultiheadAttention`. */
export interface MultiheadAttentionOptions extends BiasOptions {
  /** Probability that an attention weight is dropped while training. Default 0. */
  readonly dropout?: number;
  /** Whether a learned key and value are added at the end. Default false. */
  readonly addBiasKv?: boolean;
  /** Whether a key and value of zeros are added at the end. Default false. */
  readonly addZeroAttn?: boolean;
  /** Size of each key; that of queries by default. */
  readonly kdim?: number | null;
  /** Size of each value; that of queries by default. */
  readonly vdim?: number | null;
  /** Whether the batch is the first dimension rather than the second. Default false. */
  readonly batchFirst?: boolean;
}

/** Options of a call of `MultiheadAttention`: masks, and which weights are returned. */
export type MultiheadAttentionCallOptions = Pick<
  F.MultiHeadAttentionOptions,
  "keyPaddingMask" | "needWeights" | "attnMask" | "averageAttnWeights" | "isCausal"
>;

/** PyTorch's name for a layer that is a plain linear map. */
class NonDynamicallyQuantizableLinear extends Linear {}

/**
 * Attention of several heads: concat(head₁, …, headₕ) Wᴼ with headᵢ = softmax(Q Wᵢᑫ (K Wᵢᴷ)ᵀ / √headDim + mask) V Wᵢⱽ.
 *
 * Throws `ValueError` unless `embedDim` divides among the heads. From "Attention Is All You Need", https://arxiv.org/abs/1706.03762.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const attention = new nn.MultiheadAttention(8, 2, { batchFirst: true });
 * const x = randn([3, 5, 8]);
 * const [output, weights] = attention(x, x, x);
 * console.log(`${output.shape} ${weights?.shape}`); // torch.Size([3, 5, 8]) torch.Size([3, 5, 5])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html}
 */
export class MultiheadAttention extends Module {
  /** Size of each query and output. */
  readonly embedDim: number;
  /** Size of each key. */
  readonly kdim: number;
  /** Size of each value. */
  readonly vdim: number;
  /** Number of heads. */
  readonly numHeads: number;
  /** Probability that an attention weight is dropped. */
  readonly dropout: number;
  /** Whether the batch is the first dimension. */
  readonly batchFirst: boolean;
  /** Size of each head. */
  readonly headDim: number;
  /** Whether a key and value of zeros are added. */
  readonly addZeroAttn: boolean;
  /** The three projections, of shape [3 · embedDim, embedDim]; null where their sizes differ. */
  inProjWeight: Parameter | null;
  /** The projection of queries where sizes differ. */
  qProjWeight: Parameter | null;
  /** The projection of keys where sizes differ. */
  kProjWeight: Parameter | null;
  /** The projection of values where sizes differ. */
  vProjWeight: Parameter | null;
  /** What is added to projections; null without bias. */
  inProjBias: Parameter | null;
  /** The learned key; null for none. */
  biasK: Parameter | null;
  /** The learned value; null for none. */
  biasV: Parameter | null;
  /** The map from all heads to the output. */
  outProj: Linear;

  /** Attention over `embedDim` numbers by `numHeads` heads. */
  constructor(embedDim: number, numHeads: number, options: MultiheadAttentionOptions = {}) {
    super();
    const { dropout = 0, bias = true, addBiasKv = false, addZeroAttn = false, batchFirst = false, ...rest } = options;
    const { kdim, vdim, ...layer } = rest;
    if (!(embedDim > 0 && numHeads > 0) || embedDim % numHeads !== 0) {
      throw new ValueError(`Cannot divide ${embedDim} numbers among ${numHeads} heads of equal size`);
    }
    this.embedDim = embedDim;
    this.kdim = kdim ?? embedDim;
    this.vdim = vdim ?? embedDim;
    this.numHeads = numHeads;
    this.dropout = dropout;
    this.batchFirst = batchFirst;
    this.headDim = embedDim / numHeads;
    this.addZeroAttn = addZeroAttn;

    const same = this.kdim === embedDim && this.vdim === embedDim;
    const parameter = (present: boolean, ...shape: number[]): Parameter | null =>
      present ? new Parameter(empty(shape, layer)) : null;
    this.inProjWeight = parameter(same, 3 * embedDim, embedDim);
    this.qProjWeight = parameter(!same, embedDim, embedDim);
    this.kProjWeight = parameter(!same, embedDim, this.kdim);
    this.vProjWeight = parameter(!same, embedDim, this.vdim);
    this.inProjBias = parameter(bias, 3 * embedDim);
    this.biasK = parameter(addBiasKv, 1, 1, embedDim);
    this.biasV = parameter(addBiasKv, 1, 1, embedDim);
    this.outProj = new NonDynamicallyQuantizableLinear(embedDim, embedDim, { bias, ...layer });
    this.resetParameters();
  }

  /** Draws new projections. */
  resetParameters(): void {
    for (const weight of [this.inProjWeight, this.qProjWeight, this.kProjWeight, this.vProjWeight]) {
      if (weight !== null) init.xavierUniform_(weight);
    }
    for (const bias of [this.inProjBias, this.inProjBias && this.outProj.bias]) if (bias !== null) init.zeros_(bias);
    for (const bias of [this.biasK, this.biasV]) if (bias !== null) init.xavierNormal_(bias);
  }

  /**
   * [output, attention weights]; the weights are null without `needWeights`. `query`, `key` and `value` are [L, N, embedDim],
   * [S, N, kdim] and [S, N, vdim], with the batch first by `batchFirst`, or without N. Where they are the same tensor, it is
   * projected once.
   */
  override forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    options: MultiheadAttentionCallOptions = {},
  ): [output: Tensor, weights: Tensor | null] {
    requireInput(this, "query", query);
    requireInput(this, "key", key);
    requireInput(this, "value", value);
    const turned = this.batchFirst && query.ndim === 3;
    if (turned) [query, key, value] = batchSecond([query, key, value]);
    const { qProjWeight, kProjWeight, vProjWeight, training } = this;
    const [output, weights] = F.multiHeadAttentionForward(
      query,
      key,
      value,
      this.embedDim,
      this.numHeads,
      this.inProjWeight,
      this.inProjBias,
      this.biasK,
      this.biasV,
      this.addZeroAttn,
      this.dropout,
      this.outProj.weight,
      this.outProj.bias,
      { ...options, training, useSeparateProjWeight: qProjWeight !== null, qProjWeight, kProjWeight, vProjWeight },
    );
    return [turned ? output.transpose(0, 1) : output, weights];
  }
}

/** The tensors with their first two dimensions swapped; what was one tensor stays one. */
function batchSecond<T extends readonly Tensor[]>(tensors: T): T {
  const swapped = new Map([...new Set(tensors)].map((x) => [x, x.ndim > 1 ? x.transpose(0, 1) : x]));
  return tensors.map((x) => swapped.get(x)!) as unknown as T;
}
