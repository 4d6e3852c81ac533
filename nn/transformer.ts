/**
 * Transformers: stacks of layers that encode and decode sequences.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { type CreationOptions, full, ShapeError, type Tensor } from "../tensor/mod.ts";
import { optionsOf } from "../tensor/arguments.ts";
import { deepcopy } from "./deepcopy.ts";
import * as init from "./init.ts";
import { Module } from "./module.ts";
import { ModuleList } from "./module_list.ts";
import { LayerNorm } from "./norm.ts";
import { requireInput } from "./require_input.ts";
import type { Layer } from "./sequential.ts";
import {
  type DecoderMasks,
  type EncoderLayerMasks,
  type MaskArguments,
  TransformerDecoderLayer,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
} from "./transformer_layer.ts";

/** Masks of `TransformerEncoder`, as `nn.MultiheadAttention` takes them. */
export interface EncoderMasks {
  /** Which positions a position does not see, [S, S] or [N · nhead, S, S]. */
  readonly mask?: Tensor | null;
  /** Which positions nobody sees, [N, S]. */
  readonly srcKeyPaddingMask?: Tensor | null;
  /** Says that `mask` is the causal one. Default false. */
  readonly isCausal?: boolean;
}

/** Masks of `Transformer`, as `nn.MultiheadAttention` takes them. */
export interface TransformerMasks extends DecoderMasks {
  /** Which positions of the source a position does not see, [S, S] or [N · nhead, S, S]. */
  readonly srcMask?: Tensor | null;
  /** Which positions of the source nobody sees, [N, S]. */
  readonly srcKeyPaddingMask?: Tensor | null;
  /** Says that `srcMask` is the causal one. Default false. */
  readonly srcIsCausal?: boolean;
}

/** Layers that an encoder can be made of. */
export type EncoderLayer = Module & ((src: Tensor, masks: EncoderLayerMasks) => Tensor);

/** Layers that a decoder can be made of. */
export type DecoderLayer = Module & ((tgt: Tensor, memory: Tensor, masks: DecoderMasks) => Tensor);

/**
 * Base of `TransformerEncoder` and `TransformerDecoder`: copies of one layer, one after another, and a normalisation at the end.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const encoder = new nn.TransformerEncoder(new nn.TransformerEncoderLayer(8, 2), 3);
 * const stack: nn.TransformerStack<nn.EncoderLayer> = encoder;
 * console.log(stack.layers.length); // 3
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.TransformerEncoder.html}
 */
export abstract class TransformerStack<L extends Module> extends Module {
  /** The layers. */
  layers: ModuleList<L>;
  /** How many there are. */
  readonly numLayers: number;
  /** What the last layer's output goes through; null for nothing. */
  norm: Layer | null;

  /** `numLayers` copies of a layer, all with its weights. */
  constructor(layer: L, numLayers: number, norm?: Layer | StackOptions | null) {
    super();
    this.layers = new ModuleList(Array.from({ length: numLayers }, () => deepcopy(layer)));
    this.numLayers = numLayers;
    this.norm = optionsOf<StackOptions>(["norm"], norm).norm ?? null;
  }

  /** What the layers make of `x`, each of what the one before made. */
  protected through(x: Tensor, step: (layer: L, x: Tensor) => Tensor): Tensor {
    for (const layer of this.layers) x = step(layer, x);
    return this.norm === null ? x : this.norm(x);
  }
}

/** Options of `TransformerEncoder` and `TransformerDecoder`. */
export interface StackOptions {
  /** What the last layer's output goes through. Default null, nothing. */
  readonly norm?: Layer | null;
}

/**
 * `numLayers` copies of an encoder layer, one after another. As in PyTorch, all copies begin with the same weights.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const encoder = new nn.TransformerEncoder(new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16 }), 3);
 * const mask = nn.Transformer.generateSquareSubsequentMask(5);
 * console.log(encoder(randn([5, 3, 8]), mask).shape); // torch.Size([5, 3, 8])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.TransformerEncoder.html}
 */
export class TransformerEncoder extends TransformerStack<EncoderLayer> {
  /** `src` is what the layers take; so is the result. Masks: `mask`, `srcKeyPaddingMask`. */
  override forward(src: Tensor, ...masks: MaskArguments<EncoderMasks>): Tensor {
    requireInput(this, "src", src);
    const { mask: srcMask = null, ...rest } = optionsOf<EncoderMasks>(["mask", "srcKeyPaddingMask"], ...masks);
    return this.through(src, (layer, x) => layer(x, { srcMask, ...rest }));
  }
}

/**
 * `numLayers` copies of a decoder layer, one after another. As in PyTorch, all copies begin with the same weights.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const decoder = new nn.TransformerDecoder(new nn.TransformerDecoderLayer(8, 2, { dimFeedforward: 16 }), 3);
 * console.log(decoder(randn([4, 3, 8]), randn([5, 3, 8])).shape); // torch.Size([4, 3, 8])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.TransformerDecoder.html}
 */
export class TransformerDecoder extends TransformerStack<DecoderLayer> {
  /** `tgt` and `memory` are what the layers take; the result is as `tgt`. Masks: those of the layers, in their order. */
  override forward(tgt: Tensor, memory: Tensor, ...masks: MaskArguments<DecoderMasks>): Tensor {
    requireInput(this, "tgt", tgt);
    requireInput(this, "memory", memory);
    const names = ["tgtMask", "memoryMask", "tgtKeyPaddingMask", "memoryKeyPaddingMask"] as const;
    const given = optionsOf<DecoderMasks>(names, ...masks);
    return this.through(tgt, (layer, x) => layer(x, memory, given));
  }
}

/** Options of `Transformer`. */
export interface TransformerOptions extends TransformerLayerOptions {
  /** Numbers a position. Default 512. */
  readonly dModel?: number;
  /** Heads of attention. Default 8. */
  readonly nhead?: number;
  /** Layers of the encoder. Default 6. */
  readonly numEncoderLayers?: number;
  /** Layers of the decoder. Default 6. */
  readonly numDecoderLayers?: number;
  /** An encoder to take rather than one of these options. */
  readonly customEncoder?: Module | null;
  /** A decoder to take rather than one of these options. */
  readonly customDecoder?: Module | null;
}

/** Encoders that a transformer can be made of. */
export type Encoder = Module & ((src: Tensor, masks: EncoderMasks) => Tensor);

/**
 * An encoder of one sequence, and a decoder that makes another one with a view of what the encoder made. Both end with a layer
 * normalisation. From "Attention Is All You Need", https://arxiv.org/abs/1706.03762.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const transformer = new nn.Transformer(8, 2, { numEncoderLayers: 1, numDecoderLayers: 1, dimFeedforward: 16 });
 * const tgtMask = nn.Transformer.generateSquareSubsequentMask(4);
 * console.log(transformer(randn([5, 3, 8]), randn([4, 3, 8]), { tgtMask }).shape); // torch.Size([4, 3, 8])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes, batches or sizes
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Transformer.html}
 */
export class Transformer extends Module {
  /** Makes the memory of the source. */
  encoder: Encoder;
  /** Makes the output of the target and the memory. */
  decoder: DecoderLayer;
  /** Numbers a position. */
  readonly dModel: number;
  /** Heads of attention. */
  readonly nhead: number;
  /** Whether the batch is the first dimension rather than the second. */
  readonly batchFirst: boolean;

  /** A transformer on `dModel` numbers a position with `nhead` heads of attention. */
  constructor(dModel?: number | TransformerOptions, nhead?: number | TransformerOptions, options?: TransformerOptions) {
    super();
    const given = optionsOf<TransformerOptions>(["dModel", "nhead"], dModel, nhead, options);
    const {
      dModel: size = 512,
      nhead: heads = 8,
      numEncoderLayers = 6,
      numDecoderLayers = 6,
      customEncoder,
      customDecoder,
      ...layer
    } = given;
    const { layerNormEps: eps = 1e-5, device, dtype, bias = true } = layer;
    const norm = (): LayerNorm =>
      new LayerNorm(size, { eps, bias, ...(device && { device }), ...(dtype && { dtype }) });
    const encoder = customEncoder ??
      new TransformerEncoder(new TransformerEncoderLayer(size, heads, layer), numEncoderLayers, norm());
    const decoder = customDecoder ??
      new TransformerDecoder(new TransformerDecoderLayer(size, heads, layer), numDecoderLayers, norm());
    this.encoder = encoder as Encoder;
    this.decoder = decoder as DecoderLayer;
    this.dModel = size;
    this.nhead = heads;
    this.batchFirst = layer.batchFirst ?? false;
    this.resetParameters();
  }

  /** Draws new matrices. */
  resetParameters(): void {
    for (const parameter of this.parameters()) if (parameter.ndim > 1) init.xavierUniform_(parameter);
  }

  /**
   * `src` is [S, N, dModel] and `tgt` [T, N, dModel], with `batchFirst` [N, S, dModel] and [N, T, dModel], or both without N; the result is as
   * `tgt`. Masks: `srcMask`, `tgtMask`, `memoryMask`, `srcKeyPaddingMask`, `tgtKeyPaddingMask`, `memoryKeyPaddingMask`.
   */
  override forward(src: Tensor, tgt: Tensor, ...masks: MaskArguments<TransformerMasks>): Tensor {
    requireInput(this, "src", src);
    requireInput(this, "tgt", tgt);
    const batch = this.batchFirst ? 0 : 1;
    if (
      src.ndim !== tgt.ndim || (src.ndim === 3 && src.shape[batch] !== tgt.shape[batch]) ||
      src.shape.at(-1) !== this.dModel || tgt.shape.at(-1) !== this.dModel
    ) {
      throw new ShapeError(
        `Cannot transform a source of shape [${src.shape.join(", ")}] and a target of shape [${
          tgt.shape.join(", ")
        }]: ` +
          `they need as many batches, and ${this.dModel} numbers a position`,
      );
    }
    const names = [
      "srcMask",
      "tgtMask",
      "memoryMask",
      "srcKeyPaddingMask",
      "tgtKeyPaddingMask",
      "memoryKeyPaddingMask",
    ] as const;
    const { srcMask = null, srcKeyPaddingMask = null, srcIsCausal = false, ...rest } = optionsOf<TransformerMasks>(
      names,
      ...masks,
    );
    const memory = this.encoder(src, { mask: srcMask, srcKeyPaddingMask, isCausal: srcIsCausal });
    return this.decoder(tgt, memory, rest);
  }

  /** The mask that lets a position see itself and those before it: -∞ above the diagonal of [size, size], else 0. */
  static generateSquareSubsequentMask(size: number, options: CreationOptions = {}): Tensor {
    return F.triu(full([size, size], -Infinity, options), 1);
  }
}
