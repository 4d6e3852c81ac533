/**
 * Transposed convolutions that learn the number of their input's channels.
 *
 * @module
 */

import type { Tensor } from "../tensor/mod.ts";
import type { Extents } from "./conv.ts";
import {
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  type ConvTransposeOptions,
  type ConvTransposeSize,
  type TransposedConvolution,
} from "./conv_transpose.ts";
import { requireInput } from "./require_input.ts";
import { postpone, settleConvolution, type Settled } from "./settle.ts";

function settleTransposed<M extends TransposedConvolution>(layer: M, become: Settled<M>, input: Tensor): void {
  const { outChannels, groups, kernelSize } = layer;
  settleConvolution(layer, become, input, (channels) => [channels, outChannels / groups, ...kernelSize]);
}

/**
 * A `ConvTranspose1d` that learns the number of its input's channels from the first input.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * console.log(new nn.LazyConvTranspose1d(4, 2)(randn([1, 2, 3])).shape); // torch.Size([1, 4, 4])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes
 * @throws {ValueError} where `groups` does not divide the channels
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyConvTranspose1d.html}
 */
export class LazyConvTranspose1d extends ConvTranspose1d {
  /** To `outChannels` channels. */
  constructor(outChannels: number, kernelSize: Extents, options: ConvTransposeOptions = {}) {
    super(0, outChannels, kernelSize, { ...options, bias: false });
    postpone(this, options);
  }

  /** `input` is [N, C, L] or [C, L]. */
  override forward(input: Tensor, size: ConvTransposeSize = {}): Tensor {
    requireInput(this, "input", input);
    settleTransposed(this, ConvTranspose1d, input);
    return this.forward(input, size);
  }
}

/**
 * A `ConvTranspose2d` that learns the number of its input's channels from the first input.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * console.log(new nn.LazyConvTranspose2d(4, 2)(randn([1, 2, 3, 3])).shape); // torch.Size([1, 4, 4, 4])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes
 * @throws {ValueError} where `groups` does not divide the channels
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyConvTranspose2d.html}
 */
export class LazyConvTranspose2d extends ConvTranspose2d {
  /** To `outChannels` channels. */
  constructor(outChannels: number, kernelSize: Extents, options: ConvTransposeOptions = {}) {
    super(0, outChannels, kernelSize, { ...options, bias: false });
    postpone(this, options);
  }

  /** `input` is [N, C, H, W] or [C, H, W]. */
  override forward(input: Tensor, size: ConvTransposeSize = {}): Tensor {
    requireInput(this, "input", input);
    settleTransposed(this, ConvTranspose2d, input);
    return this.forward(input, size);
  }
}

/**
 * A `ConvTranspose3d` that learns the number of its input's channels from the first input.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * console.log(new nn.LazyConvTranspose3d(4, 2)(randn([1, 2, 3, 3, 3])).shape); // torch.Size([1, 4, 4, 4, 4])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes
 * @throws {ValueError} where `groups` does not divide the channels
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyConvTranspose3d.html}
 */
export class LazyConvTranspose3d extends ConvTranspose3d {
  /** To `outChannels` channels. */
  constructor(outChannels: number, kernelSize: Extents, options: ConvTransposeOptions = {}) {
    super(0, outChannels, kernelSize, { ...options, bias: false });
    postpone(this, options);
  }

  /** `input` is [N, C, D, H, W] or [C, D, H, W]. */
  override forward(input: Tensor, size: ConvTransposeSize = {}): Tensor {
    requireInput(this, "input", input);
    settleTransposed(this, ConvTranspose3d, input);
    return this.forward(input, size);
  }
}
