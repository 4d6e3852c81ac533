/**
 * Convolutions.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { empty, type Tensor, ValueError } from "../tensor/mod.ts";
import { pythonValue } from "../tensor/python_format.ts";
import * as init from "./init.ts";
import type { BiasOptions } from "./linear.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import { requireInput } from "./require_input.ts";

/** One number for all axes, or one for each. */
export type Extents = number | readonly number[];

/** Options of convolutions. */
export interface ConvOptions extends BiasOptions {
  /** How far apart the windows are. Default 1. */
  readonly stride?: Extents;
  /** Zeros added at both ends of each axis; "same" for as many as keep the extents, "valid" for none. Default 0. */
  readonly padding?: Extents | "same" | "valid";
  /** How far apart the elements of a window are. Default 1. */
  readonly dilation?: Extents;
  /** Into how many groups the channels fall, each convolved by itself. Default 1. */
  readonly groups?: number;
  /** What the padding is made of. Default "zeros". */
  readonly paddingMode?: "zeros" | "reflect" | "replicate" | "circular";
}

/** `value` for each of `axes` axes. */
export function eachAxis(value: Extents, axes: number): readonly number[] {
  return typeof value === "number" ? new Array<number>(axes).fill(value) : [...value];
}

/** Weights and biases of a convolution, uniform by the number of channels and the size of the window. */
export function drawWeights(
  { inChannels, weight, bias }: { inChannels: number; weight: Parameter; bias: Parameter | null },
): void {
  // A lazy layer has none yet.
  if (inChannels === 0) return;
  init.kaimingUniform_(weight, { a: Math.sqrt(5) });
  const { fanIn } = init.calculateFans(weight), bound = 1 / Math.sqrt(fanIn);
  if (bias !== null && fanIn > 0) init.uniform_(bias, -bound, bound);
}

/**
 * Base of `Conv1d`, `Conv2d` and `Conv3d`: out[n, o, p] = bias[o] + Σ_{c, k} input[n, c, p · stride + k · dilation - padding] · weight[o, c,
 * k]. Weight and bias start uniform within ±1 / √(inChannels / groups · the window's size).
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer: nn.Convolution = new nn.Conv2d(3, 8, 3, { stride: 2 });
 * console.log(layer.kernelSize, layer.stride, layer.weight.shape); // [ 3, 3 ] [ 2, 2 ] torch.Size([8, 3, 3, 3])
 * ```
 *
 * @throws {ValueError} where `groups` does not divide the channels, or for padding "same" with a stride
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html}
 */
export abstract class Convolution extends Module {
  /** Number of channels of the input. */
  readonly inChannels: number;
  /** Number of channels of the output. */
  readonly outChannels: number;
  /** Extents of the window. */
  readonly kernelSize: readonly number[];
  /** How far apart the windows are. */
  readonly stride: readonly number[];
  /** Zeros added at both ends of each axis. */
  readonly padding: readonly number[] | "same" | "valid";
  /** How far apart the elements of a window are. */
  readonly dilation: readonly number[];
  /** Into how many groups the channels fall. */
  readonly groups: number;
  /** What the padding is made of. */
  readonly paddingMode: "zeros" | "reflect" | "replicate" | "circular";
  /** The windows' factors, of shape [outChannels, inChannels / groups, ...kernelSize]. */
  weight: Parameter;
  /** What is added to each channel; null without bias. */
  bias: Parameter | null;

  /** A convolution over `axes` axes. */
  constructor(axes: number, inChannels: number, outChannels: number, kernelSize: Extents, options: ConvOptions) {
    super();
    const { stride = 1, padding = 0, dilation = 1, groups = 1, paddingMode = "zeros", bias = true, ...layer } = options;
    if (!(groups > 0) || inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new ValueError(`Cannot divide ${inChannels} and ${outChannels} channels into ${groups} groups`);
    }
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = eachAxis(kernelSize, axes);
    this.stride = eachAxis(stride, axes);
    this.padding = typeof padding === "string" ? padding : eachAxis(padding, axes);
    this.dilation = eachAxis(dilation, axes);
    this.groups = groups;
    this.paddingMode = paddingMode;
    if (padding === "same" && this.stride.some((s) => s !== 1)) {
      throw new ValueError(`Cannot keep the extents with padding "same" and stride ${stride}: pass numbers as padding`);
    }
    this.weight = new Parameter(empty([outChannels, inChannels / groups, ...this.kernelSize], layer));
    this.bias = bias ? new Parameter(empty([outChannels], layer)) : null;
    this.resetParameters();
  }

  /** Draws new weights. */
  resetParameters(): void {
    drawWeights(this);
  }

  /** What `functional` calls the options. */
  protected get options(): Required<Pick<ConvOptions, "stride" | "padding" | "dilation" | "groups">> {
    const { stride, dilation, groups } = this;
    return { stride, padding: this.paddingMode === "zeros" ? this.padding : 0, dilation, groups };
  }

  /** `input` with the border that the convolution itself does not make. */
  protected bordered(input: Tensor): Tensor {
    if (this.paddingMode === "zeros") return input;
    const ends = this.kernelSize.flatMap((size, i): [number, number] => {
      if (typeof this.padding !== "string") return [this.padding[i]!, this.padding[i]!];
      const total = this.padding === "same" ? this.dilation[i]! * (size - 1) : 0, before = Math.floor(total / 2);
      return [before, total - before];
    });
    const lastFirst = this.kernelSize.flatMap((_, i) => ends.slice(ends.length - 2 - 2 * i, ends.length - 2 * i));
    return F.pad(input, lastFirst, { mode: this.paddingMode });
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    const { padding, dilation, groups } = this;
    let text = `${this.inChannels}, ${this.outChannels}, kernel_size=${pythonValue(this.kernelSize)}`;
    text += `, stride=${pythonValue(this.stride)}`;
    if (typeof padding === "string") text += `, padding=${padding}`;
    else if (padding.some((p) => p !== 0)) text += `, padding=${pythonValue(padding)}`;
    if (dilation.some((d) => d !== 1)) text += `, dilation=${pythonValue(dilation)}`;
    if (groups !== 1) text += `, groups=${groups}`;
    if (this.bias === null) text += ", bias=False";
    if (this.paddingMode !== "zeros") text += `, padding_mode=${this.paddingMode}`;
    return text;
  }
}

/**
 * A convolution over one axis: [N, C, L] to [N, outChannels, ⌊(L + 2 · padding - dilation · (kernelSize - 1) - 1) / stride⌋ + 1], or both
 * without N. Defaults: stride 1, padding 0, dilation 1, groups 1, bias true, paddingMode "zeros".
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const layer = new nn.Conv1d(16, 33, 3, { stride: 2 });
 * console.log(layer(randn([20, 16, 50])).shape); // torch.Size([20, 33, 24])
 * ```
 *
 * @throws {ValueError} where `groups` does not divide the channels, or for padding "same" with a stride
 * @throws {ShapeError} in `forward`, for other channels, or a window larger than the padded input
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Conv1d.html}
 */
export class Conv1d extends Convolution {
  /** From `inChannels` to `outChannels` channels. */
  constructor(inChannels: number, outChannels: number, kernelSize: Extents, options: ConvOptions = {}) {
    super(1, inChannels, outChannels, kernelSize, options);
  }

  /** `input` is [N, C, L] or [C, L]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.conv1d(this.bordered(input), this.weight, this.bias, this.options);
  }
}

/**
 * A convolution over two axes: [N, C, H, W] to [N, outChannels, H', W'], where H' is ⌊(H + 2 · padding - dilation · (kernelSize - 1) - 1) /
 * stride⌋ + 1 and W' likewise, or both without N. Defaults: stride 1, padding 0, dilation 1, groups 1, bias true, paddingMode "zeros".
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const layer = new nn.Conv2d(1, 8, 3, { padding: 1 });
 * console.log(layer(randn([4, 1, 16, 16])).shape); // torch.Size([4, 8, 16, 16])
 * ```
 *
 * @throws {ValueError} where `groups` does not divide the channels, or for padding "same" with a stride
 * @throws {ShapeError} in `forward`, for other channels, or a window larger than the padded input
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html}
 */
export class Conv2d extends Convolution {
  /** From `inChannels` to `outChannels` channels. */
  constructor(inChannels: number, outChannels: number, kernelSize: Extents, options: ConvOptions = {}) {
    super(2, inChannels, outChannels, kernelSize, options);
  }

  /** `input` is [N, C, H, W] or [C, H, W]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.conv2d(this.bordered(input), this.weight, this.bias, this.options);
  }
}

/**
 * A convolution over three axes: [N, C, D, H, W] to [N, outChannels, D', H', W'], where D' is ⌊(D + 2 · padding - dilation · (kernelSize -
 * 1) - 1) / stride⌋ + 1 and H', W' likewise, or both without N. Defaults: stride 1, padding 0, dilation 1, groups 1, bias true, paddingMode
 * "zeros".
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const layer = new nn.Conv3d(2, 4, [1, 3, 3], { stride: [1, 2, 2] });
 * console.log(layer(randn([1, 2, 3, 7, 7])).shape); // torch.Size([1, 4, 3, 3, 3])
 * ```
 *
 * @throws {ValueError} where `groups` does not divide the channels, or for padding "same" with a stride
 * @throws {ShapeError} in `forward`, for other channels, or a window larger than the padded input
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Conv3d.html}
 */
export class Conv3d extends Convolution {
  /** From `inChannels` to `outChannels` channels. */
  constructor(inChannels: number, outChannels: number, kernelSize: Extents, options: ConvOptions = {}) {
    super(3, inChannels, outChannels, kernelSize, options);
  }

  /** `input` is [N, C, D, H, W] or [C, D, H, W]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.conv3d(this.bordered(input), this.weight, this.bias, this.options);
  }
}
