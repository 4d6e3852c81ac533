/**
 * Transposed convolutions.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { empty, ShapeError, type Tensor, ValueError } from "../tensor/mod.ts";
import { pythonValue } from "../tensor/python_format.ts";
import { drawWeights, eachAxis, type Extents } from "./conv.ts";
import type { BiasOptions } from "./linear.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import { requireInput } from "./require_input.ts";

/** Options of transposed convolutions. */
export interface ConvTransposeOptions extends BiasOptions {
  /** How far apart the windows are in the result. Default 1. */
  readonly stride?: Extents;
  /** Elements cut off at both ends of each axis of the result. Default 0. */
  readonly padding?: Extents;
  /** Elements added at the far end of each axis of the result. Default 0. */
  readonly outputPadding?: Extents;
  /** Into how many groups the channels fall. Default 1. */
  readonly groups?: number;
  /** How far apart the elements of a window are. Default 1. */
  readonly dilation?: Extents;
}

/** Which of several possible extents the result has. */
export interface ConvTransposeSize {
  /** The shape of the result, or its spatial extents. */
  readonly outputSize?: readonly number[] | null;
}

/**
 * Base of `ConvTranspose1d`, `ConvTranspose2d` and `ConvTranspose3d`: the gradient of a convolution for its input, as a layer. Each extent L
 * becomes (L - 1) · stride - 2 · padding + dilation · (kernelSize - 1) + outputPadding + 1.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer: nn.TransposedConvolution = new nn.ConvTranspose2d(3, 8, 2);
 * console.log(layer.kernelSize, layer.weight.shape); // [ 2, 2 ] torch.Size([3, 8, 2, 2])
 * ```
 *
 * @throws {ValueError} where `groups` does not divide the channels
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html}
 */
export abstract class TransposedConvolution extends Module {
  /** Number of channels of the input. */
  readonly inChannels: number;
  /** Number of channels of the output. */
  readonly outChannels: number;
  /** Extents of the window. */
  readonly kernelSize: readonly number[];
  /** How far apart the windows are in the result. */
  readonly stride: readonly number[];
  /** Elements cut off at both ends of each axis of the result. */
  readonly padding: readonly number[];
  /** Elements added at the far end of each axis of the result. */
  readonly outputPadding: readonly number[];
  /** Into how many groups the channels fall. */
  readonly groups: number;
  /** How far apart the elements of a window are. */
  readonly dilation: readonly number[];
  /** The windows' factors, of shape [inChannels, outChannels / groups, ...kernelSize]. */
  weight: Parameter;
  /** What is added to each channel; null without bias. */
  bias: Parameter | null;

  /** A transposed convolution over `axes` axes. */
  constructor(
    axes: number,
    inChannels: number,
    outChannels: number,
    kernelSize: Extents,
    options: ConvTransposeOptions,
  ) {
    super();
    const { stride = 1, padding = 0, outputPadding = 0, groups = 1, bias = true, dilation = 1, ...layer } = options;
    if (!(groups > 0) || inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new ValueError(`Cannot divide ${inChannels} and ${outChannels} channels into ${groups} groups`);
    }
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = eachAxis(kernelSize, axes);
    this.stride = eachAxis(stride, axes);
    this.padding = eachAxis(padding, axes);
    this.outputPadding = eachAxis(outputPadding, axes);
    this.groups = groups;
    this.dilation = eachAxis(dilation, axes);
    this.weight = new Parameter(empty([inChannels, outChannels / groups, ...this.kernelSize], layer));
    this.bias = bias ? new Parameter(empty([outChannels], layer)) : null;
    this.resetParameters();
  }

  /** Draws new weights. */
  resetParameters(): void {
    drawWeights(this);
  }

  /** What `functional` calls the options, so that the result has the extents that are asked for. */
  protected optionsFor(input: Tensor, { outputSize }: ConvTransposeSize): Required<F.ConvTransposeOptions> {
    const { stride, padding, groups, dilation } = this;
    if (outputSize == null) return { stride, padding, outputPadding: this.outputPadding, groups, dilation };
    const axes = stride.length, spatial = input.shape.slice(-axes), wanted = outputSize.slice(-axes);
    const outputPadding = stride.map((step, i) => {
      const least = (spatial[i]! - 1) * step - 2 * padding[i]! + dilation[i]! * (this.kernelSize[i]! - 1) + 1;
      const extra = (wanted[i] ?? NaN) - least;
      if (extra >= 0 && extra < step) return extra;
      throw new ShapeError(
        `Cannot make the output size [${wanted.join(", ")}] from shape [${
          input.shape.join(", ")
        }]: axis ${i} may have ${least} to ${least + step - 1} elements`,
      );
    });
    return { stride, padding, outputPadding, groups, dilation };
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    const { padding, outputPadding, dilation, groups } = this;
    let text = `${this.inChannels}, ${this.outChannels}, kernel_size=${pythonValue(this.kernelSize)}`;
    text += `, stride=${pythonValue(this.stride)}`;
    if (padding.some((p) => p !== 0)) text += `, padding=${pythonValue(padding)}`;
    if (dilation.some((d) => d !== 1)) text += `, dilation=${pythonValue(dilation)}`;
    if (outputPadding.some((p) => p !== 0)) text += `, output_padding=${pythonValue(outputPadding)}`;
    if (groups !== 1) text += `, groups=${groups}`;
    if (this.bias === null) text += ", bias=False";
    return text;
  }
}

/**
 * A transposed convolution over one axis, the gradient of `Conv1d` for its input: [N, C, L] to [N, outChannels, L'], where L' is (L - 1) ·
 * stride - 2 · padding + dilation · (kernelSize - 1) + outputPadding + 1, or both without N; `outputSize`, given in the call, chooses among
 * several extents. Defaults: stride 1, padding 0, outputPadding 0, groups 1, bias true, dilation 1.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const layer = new nn.ConvTranspose1d(4, 2, 2, { stride: 2 });
 * console.log(layer(randn([1, 4, 3])).shape); // torch.Size([1, 2, 6])
 * console.log(layer(randn([1, 4, 3]), { outputSize: [7] }).shape); // torch.Size([1, 2, 7])
 * ```
 *
 * @throws {ValueError} where `groups` does not divide the channels
 * @throws {ShapeError} in `forward`, for other channels or an impossible `outputSize`
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose1d.html}
 */
export class ConvTranspose1d extends TransposedConvolution {
  /** From `inChannels` to `outChannels` channels. */
  constructor(inChannels: number, outChannels: number, kernelSize: Extents, options: ConvTransposeOptions = {}) {
    super(1, inChannels, outChannels, kernelSize, options);
  }

  /** `input` is [N, C, L] or [C, L]. */
  override forward(input: Tensor, size: ConvTransposeSize = {}): Tensor {
    requireInput(this, "input", input);
    return F.convTranspose1d(input, this.weight, this.bias, this.optionsFor(input, size));
  }
}

/**
 * A transposed convolution over two axes, the gradient of `Conv2d` for its input: [N, C, H, W] to [N, outChannels, H', W'], where H' is (H -
 * 1) · stride - 2 · padding + dilation · (kernelSize - 1) + outputPadding + 1 and W' likewise, or both without N; `outputSize`, given in the
 * call, chooses among several extents. Defaults: stride 1, padding 0, outputPadding 0, groups 1, bias true, dilation 1.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const layer = new nn.ConvTranspose2d(4, 2, 2, { stride: 2 });
 * console.log(layer(randn([1, 4, 3, 3])).shape); // torch.Size([1, 2, 6, 6])
 * console.log(layer(randn([1, 4, 3, 3]), { outputSize: [7, 7] }).shape); // torch.Size([1, 2, 7, 7])
 * ```
 *
 * @throws {ValueError} where `groups` does not divide the channels
 * @throws {ShapeError} in `forward`, for other channels or an impossible `outputSize`
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html}
 */
export class ConvTranspose2d extends TransposedConvolution {
  /** From `inChannels` to `outChannels` channels. */
  constructor(inChannels: number, outChannels: number, kernelSize: Extents, options: ConvTransposeOptions = {}) {
    super(2, inChannels, outChannels, kernelSize, options);
  }

  /** `input` is [N, C, H, W] or [C, H, W]. */
  override forward(input: Tensor, size: ConvTransposeSize = {}): Tensor {
    requireInput(this, "input", input);
    return F.convTranspose2d(input, this.weight, this.bias, this.optionsFor(input, size));
  }
}

/**
 * A transposed convolution over three axes, the gradient of `Conv3d` for its input: [N, C, D, H, W] to [N, outChannels, D', H', W'], where
 * D' is (D - 1) · stride - 2 · padding + dilation · (kernelSize - 1) + outputPadding + 1 and H', W' likewise, or both without N;
 * `outputSize`, given in the call, chooses among several extents. Defaults: stride 1, padding 0, outputPadding 0, groups 1, bias true,
 * dilation 1.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const layer = new nn.ConvTranspose3d(4, 2, 2, { stride: 2 });
 * console.log(layer(randn([1, 4, 3, 3, 3])).shape); // torch.Size([1, 2, 6, 6, 6])
 * console.log(layer(randn([1, 4, 3, 3, 3]), { outputSize: [7, 7, 7] }).shape); // torch.Size([1, 2, 7, 7, 7])
 * ```
 *
 * @throws {ValueError} where `groups` does not divide the channels
 * @throws {ShapeError} in `forward`, for other channels or an impossible `outputSize`
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose3d.html}
 */
export class ConvTranspose3d extends TransposedConvolution {
  /** From `inChannels` to `outChannels` channels. */
  constructor(inChannels: number, outChannels: number, kernelSize: Extents, options: ConvTransposeOptions = {}) {
    super(3, inChannels, outChannels, kernelSize, options);
  }

  /** `input` is [N, C, D, H, W] or [C, D, H, W]. */
  override forward(input: Tensor, size: ConvTransposeSize = {}): Tensor {
    requireInput(this, "input", input);
    return F.convTranspose3d(input, this.weight, this.bias, this.optionsFor(input, size));
  }
}
