/**
 * Layers of transformers: attention and a small network, each added to its input and normalised.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { type Tensor, ValueError } from "../tensor/mod.ts";
import { optionsOf } from "../tensor/arguments.ts";
import { Dropout } from "./dropout.ts";
import { type BiasOptions, Linear } from "./linear.ts";
import { Module } from "./module.ts";
import { MultiheadAttention, type MultiheadAttentionCallOptions } from "./multihead_attention.ts";
import { LayerNorm } from "./norm.ts";
import { requireInput } from "./require_input.ts";

/** A function between the two maps of a transformer layer: a name, any function, or a module. */
export type TransformerActivation = "relu" | "gelu" | ((x: Tensor) => Tensor);

/** Options of `TransformerEncoderLayer` and `TransformerDecoderLayer`. */
export interface TransformerLayerOptions extends BiasOptions {
  /** Size of what lies between the two maps. Default 2048. */
  readonly dimFeedforward?: number;
  /** Probability that an element is dropped while training. Default 0.1. */
  readonly dropout?: number;
  /** What is applied between the two maps. Default "relu". */
  readonly activation?: TransformerActivation;
  /** What normalisations add to the variance. Default 1e-5. */
  readonly layerNormEps?: number;
  /** Whether the batch is the first dimension rather than the second. Default false. */
  readonly batchFirst?: boolean;
  /** Whether inputs are normalised before each part rather than sums after it. Default false. */
  readonly normFirst?: boolean;
}

/** Masks of `TransformerEncoderLayer`, as `nn.MultiheadAttention` takes them. */
export interface EncoderLayerMasks {
  /** Which positions a position does not see, [S, S] or [N · nhead, S, S]. */
  readonly srcMask?: Tensor | null;
  /** Which positions nobody sees, [N, S]. */
  readonly srcKeyPaddingMask?: Tensor | null;
  /** Says that `srcMask` is the causal one. Default false. */
  readonly isCausal?: boolean;
}

/** Masks of `TransformerDecoderLayer` and `TransformerDecoder`, as `nn.MultiheadAttention` takes them. */
export interface DecoderMasks {
  /** Which positions of the target a position does not see, [T, T] or [N · nhead, T, T]. */
  readonly tgtMask?: Tensor | null;
  /** Which positions of the memory a position does not see, [T, S] or [N · nhead, T, S]. */
  readonly memoryMask?: Tensor | null;
  /** Which positions of the target nobody sees, [N, T]. */
  readonly tgtKeyPaddingMask?: Tensor | null;
  /** Which positions of the memory nobody sees, [N, S]. */
  readonly memoryKeyPaddingMask?: Tensor | null;
  /** Says that `tgtMask` is the causal one. Default false. */
  readonly tgtIsCausal?: boolean;
  /** Says that `memoryMask` is the causal one. Default false. */
  readonly memoryIsCausal?: boolean;
}

/** Masks by position, by name, or the first ones by position and the rest by name. */
export type MaskArguments<O> = readonly (Tensor | O | null | undefined)[];

/**
 * Base of `TransformerEncoderLayer` and `TransformerDecoderLayer`: attention, a small network at each position, and normalisations.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer: nn.TransformerLayer = new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16 });
 * console.log(layer.linear1.weight.shape); // torch.Size([16, 8])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.TransformerEncoderLayer.html}
 */
export abstract class TransformerLayer extends Module {
  /** Attention of positions to each other. */
  declare selfAttn: MultiheadAttention;
  /** The first map of the small network. */
  declare linear1: Linear;
  /** Dropout between the maps. */
  declare dropout: Dropout;
  /** The second map. */
  declare linear2: Linear;
  /** Whether inputs are normalised before each part rather than sums after it. */
  declare readonly normFirst: boolean;
  /** The first normalisation. */
  declare norm1: LayerNorm;
  /** The second normalisation. */
  declare norm2: LayerNorm;
  /** Dropout after the first part. */
  declare dropout1: Dropout;
  /** Dropout after the second part. */
  declare dropout2: Dropout;
  /** What is applied between the two maps. */
  declare activation: (x: Tensor) => Tensor;

  /** A layer with the kinds of attention named, in the order in which PyTorch makes its parts. */
  constructor(
    attentions: readonly ("selfAttn" | "multiheadAttn")[],
    dModel: number,
    nhead: number,
    options: TransformerLayerOptions,
  ) {
    super();
    const {
      dimFeedforward = 2048,
      dropout = 0.1,
      activation = "relu",
      layerNormEps: eps = 1e-5,
      batchFirst = false,
      normFirst = false,
      ...layer
    } = options;
    const parts = [...attentions.keys(), attentions.length].map((i) => i + 1);
    for (const name of attentions) {
      this.registerModule(name, new MultiheadAttention(dModel, nhead, { dropout, batchFirst, ...layer }));
    }
    this.linear1 = new Linear(dModel, dimFeedforward, layer);
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel, layer);
    this.normFirst = normFirst;
    for (const i of parts) this.registerModule(`norm${i}`, new LayerNorm(dModel, { eps, ...layer }));
    for (const i of parts) this.registerModule(`dropout${i}`, new Dropout(dropout));
    this.activation = activationOf(activation);
  }

  /** x with a part's result added, normalised before the part or after the sum. */
  protected residual(x: Tensor, norm: LayerNorm, part: (x: Tensor) => Tensor): Tensor {
    return this.normFirst ? x.add(part(norm(x))) : norm(x.add(part(x)));
  }

  /** What the positions of `x` find in those of `memory`, of which something is dropped. */
  protected attended(
    attention: MultiheadAttention,
    drop: Dropout,
    x: Tensor,
    memory: Tensor,
    masks: MultiheadAttentionCallOptions,
  ): Tensor {
    return drop(attention(x, memory, memory, { ...masks, needWeights: false })[0]);
  }

  /** The small network, without the dropout that follows it. */
  protected feedForward(x: Tensor): Tensor {
    return this.linear2(this.dropout(this.activation(this.linear1(x))));
  }
}

function activationOf(activation: TransformerActivation): (x: Tensor) => Tensor {
  if (typeof activation === "function") return activation;
  if (activation === "relu") return F.relu;
  if (activation === "gelu") return F.gelu;
  throw new ValueError(`Cannot use activation "${activation}": expected "relu", "gelu" or a function`);
}

/**
 * A layer of an encoder: x ← norm₁(x + attention(x)), x ← norm₂(x + linear₂(activation(linear₁(x)))); with `normFirst`
 * x ← x + attention(norm₁(x)) and so on. From "Attention Is All You Need", https://arxiv.org/abs/1706.03762.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const layer = new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16, batchFirst: true });
 * const srcMask = nn.Transformer.generateSquareSubsequentMask(5);
 * console.log(layer(randn([3, 5, 8]), { srcMask, isCausal: true }).shape); // torch.Size([3, 5, 8])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.TransformerEncoderLayer.html}
 */
export class TransformerEncoderLayer extends TransformerLayer {
  /** A layer on `dModel` numbers a position with `nhead` heads of attention. */
  constructor(dModel: number, nhead: number, options: TransformerLayerOptions = {}) {
    super(["selfAttn"], dModel, nhead, options);
  }

  /** `src` is [S, N, dModel], [N, S, dModel] with `batchFirst`, or [S, dModel], and so is the result. Masks: `srcMask`, `srcKeyPaddingMask`. */
  override forward(src: Tensor, ...masks: MaskArguments<EncoderLayerMasks>): Tensor {
    requireInput(this, "src", src);
    const names = ["srcMask", "srcKeyPaddingMask"] as const;
    const { srcMask = null, srcKeyPaddingMask = null, isCausal = false } = optionsOf<EncoderLayerMasks>(
      names,
      ...masks,
    );
    const own = { attnMask: srcMask, keyPaddingMask: srcKeyPaddingMask, isCausal };
    const x = this.residual(src, this.norm1, (x) => this.attended(this.selfAttn, this.dropout1, x, x, own));
    return this.residual(x, this.norm2, (x) => this.dropout2(this.feedForward(x)));
  }
}

/**
 * A layer of a decoder: x ← norm₁(x + attention(x)), x ← norm₂(x + attention(x, memory)),
 * x ← norm₃(x + linear₂(activation(linear₁(x)))); with `normFirst` x ← x + attention(norm₁(x)) and so on. From
 * "Attention Is All You Need", https://arxiv.org/abs/1706.03762.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const layer = new nn.TransformerDecoderLayer(8, 2, { dimFeedforward: 16 });
 * console.log(layer(randn([4, 3, 8]), randn([5, 3, 8])).shape); // torch.Size([4, 3, 8])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.TransformerDecoderLayer.html}
 */
export class TransformerDecoderLayer extends TransformerLayer {
  /** Attention of the target's positions to those of the memory. */
  declare multiheadAttn: MultiheadAttention;
  /** The third normalisation. */
  declare norm3: LayerNorm;
  /** Dropout after the third part. */
  declare dropout3: Dropout;

  /** A layer on `dModel` numbers a position with `nhead` heads of attention. */
  constructor(dModel: number, nhead: number, options: TransformerLayerOptions = {}) {
    super(["selfAttn", "multiheadAttn"], dModel, nhead, options);
  }

  /**
   * `tgt` is [T, N, dModel], [N, T, dModel] with `batchFirst`, or [T, dModel], and so is the result; `memory`, what the encoder made, has S in
   * the place of T. Masks: `tgtMask`, `memoryMask`, `tgtKeyPaddingMask`, `memoryKeyPaddingMask`.
   */
  override forward(tgt: Tensor, memory: Tensor, ...masks: MaskArguments<DecoderMasks>): Tensor {
    requireInput(this, "tgt", tgt);
    requireInput(this, "memory", memory);
    const names = ["tgtMask", "memoryMask", "tgtKeyPaddingMask", "memoryKeyPaddingMask"] as const;
    const given = optionsOf<DecoderMasks>(names, ...masks);
    const own = {
      attnMask: given.tgtMask ?? null,
      keyPaddingMask: given.tgtKeyPaddingMask ?? null,
      isCausal: given.tgtIsCausal ?? false,
    };
    const other = {
      attnMask: given.memoryMask ?? null,
      keyPaddingMask: given.memoryKeyPaddingMask ?? null,
      isCausal: given.memoryIsCausal ?? false,
    };
    let x = this.residual(tgt, this.norm1, (x) => this.attended(this.selfAttn, this.dropout1, x, x, own));
    x = this.residual(x, this.norm2, (x) => this.attended(this.multiheadAttn, this.dropout2, x, memory, other));
    return this.residual(x, this.norm3, (x) => this.dropout3(this.feedForward(x)));
  }
}
