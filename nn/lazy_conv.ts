/**
 * Convolutions that learn the number of their input's channels.
 *
 * @module
 */

import type { Tensor } from "../tensor/mod.ts";
import { Conv1d, Conv2d, Conv3d, type Convolution, type ConvOptions, type Extents } from "./conv.ts";
import { requireInput } from "./require_input.ts";
import { postpone, settleConvolution, type Settled } from "./settle.ts";

function settleForward<M extends Convolution>(layer: M, become: Settled<M>, input: Tensor): void {
  const { outChannels, groups, kernelSize } = layer;
  settleConvolution(layer, become, input, (channels) => [outChannels, channels / groups, ...kernelSize]);
}

/**
 * A `Conv1d` that learns the number of its input's channels from the first input.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * console.log(new nn.LazyConv1d(4, 3)(randn([1, 2, 5])).shape); // torch.Size([1, 4, 3])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes
 * @throws {ValueError} where `groups` does not divide the channels
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyConv1d.html}
 */
export class LazyConv1d extends Conv1d {
  /** To `outChannels` channels. */
  constructor(outChannels: number, kernelSize: Extents, options: ConvOptions = {}) {
    super(0, outChannels, kernelSize, { ...options, bias: false });
    postpone(this, options);
  }

  /** `input` is [N, C, L] or [C, L]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    settleForward(this, Conv1d, input);
    return this.forward(input);
  }
}

/**
 * A `Conv2d` that learns the number of its input's channels from the first input.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * console.log(new nn.LazyConv2d(4, 3)(randn([1, 2, 5, 5])).shape); // torch.Size([1, 4, 3, 3])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes
 * @throws {ValueError} where `groups` does not divide the channels
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyConv2d.html}
 */
export class LazyConv2d extends Conv2d {
  /** To `outChannels` channels. */
  constructor(outChannels: number, kernelSize: Extents, options: ConvOptions = {}) {
    super(0, outChannels, kernelSize, { ...options, bias: false });
    postpone(this, options);
  }

  /** `input` is [N, C, H, W] or [C, H, W]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    settleForward(this, Conv2d, input);
    return this.forward(input);
  }
}

/**
 * A `Conv3d` that learns the number of its input's channels from the first input.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * console.log(new nn.LazyConv3d(4, 3)(randn([1, 2, 5, 5, 5])).shape); // torch.Size([1, 4, 3, 3, 3])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes
 * @throws {ValueError} where `groups` does not divide the channels
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyConv3d.html}
 */
export class LazyConv3d extends Conv3d {
  /** To `outChannels` channels. */
  constructor(outChannels: number, kernelSize: Extents, options: ConvOptions = {}) {
    super(0, outChannels, kernelSize, { ...options, bias: false });
    postpone(this, options);
  }

  /** `input` is [N, C, D, H, W] or [C, D, H, W]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    settleForward(this, Conv3d, input);
    return this.forward(input);
  }
}
