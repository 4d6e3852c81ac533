/**
 * Layers that learn the size of their input when they first see one.
 *
 * @module
 */

import { empty, noGrad, ones, type Tensor, zeros } from "../tensor/mod.ts";
import { BatchNorm1d, BatchNorm2d, BatchNorm3d } from "./batch_norm.ts";
import type { BatchNormOptions, ChannelNorm } from "./channel_norm.ts";
import { Conv1d, Conv2d, Conv3d, type ConvOptions, type Extents } from "./conv.ts";
import {
  ConvTranspose1d,
  ConvTranspose2d,
  ConvTranspose3d,
  type ConvTransposeOptions,
  type TransposedConvolution,
} from "./conv_transpose.ts";
import { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from "./instance_norm.ts";
import { type BiasOptions, Linear } from "./linear.ts";
import type { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";

/** A field that is set once more, when the size of the input is known. */
type Late<M> = { -readonly [K in keyof M]: M[K] };

/** Gives a layer its weight, draws it, and makes the layer one of `become`, as PyTorch does. */
function settle<M extends Module & { weight: Parameter; resetParameters(): void }>(
  layer: M,
  become: abstract new (...args: never[]) => Module,
  shape: readonly number[],
): void {
  const { dtype, device } = layer.weight;
  layer.weight = new Parameter(empty([...shape], { dtype, device }));
  Object.setPrototypeOf(layer, become.prototype);
  layer.resetParameters();
}

/** The same for normalisations. */
function settleNorm(norm: ChannelNorm, become: abstract new (...args: never[]) => Module, channels: number): void {
  (norm as Late<ChannelNorm>).numFeatures = channels;
  noGrad(() => {
    const like = norm.weight ?? norm.runningMean;
    const options = like === null ? {} : { dtype: like.dtype, device: like.device };
    if (norm.weight !== null) norm.weight = new Parameter(ones([channels], options));
    if (norm.bias !== null) norm.bias = new Parameter(zeros([channels], options));
    if (norm.runningMean !== null) norm.runningMean = zeros([channels], options);
    if (norm.runningVar !== null) norm.runningVar = ones([channels], options);
  });
  Object.setPrototypeOf(norm, become.prototype);
}

/**
 * A `Linear` that learns the size of its input from the first one, and then is a `Linear`. Make an optimizer after that.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const layer = new nn.LazyLinear(4);
 * console.log(layer(randn([2, 8])).shape, layer); // torch.Size([2, 4]) Linear(in_features=8, out_features=4, bias=True)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyLinear.html}
 */
export class LazyLinear extends Linear {
  /** To `outFeatures` numbers. */
  constructor(outFeatures: number, options: BiasOptions = {}) {
    super(0, outFeatures, options);
  }

  /** Nothing is drawn before the size is known. */
  override resetParameters(): void {}

  /** `input` is [..., size]. */
  override forward(input: Tensor): Tensor {
    (this as Late<Linear>).inFeatures = input.shape.at(-1)!;
    settle(this, Linear, [this.outFeatures, this.inFeatures]);
    return this.forward(input);
  }
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
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyConv1d.html}
 */
export class LazyConv1d extends Conv1d {
  /** To `outChannels` channels. */
  constructor(outChannels: number, kernelSize: Extents, options: ConvOptions = {}) {
    super(0, outChannels, kernelSize, options);
  }

  /** Nothing is drawn before the size is known. */
  override resetParameters(): void {}

  /** `input` is [N, C, L] or [C, L]. */
  override forward(input: Tensor): Tensor {
    const channels = input.shape.at(-2) ?? 0;
    (this as Late<Conv1d>).inChannels = channels;
    settle(this, Conv1d, [this.outChannels, channels / this.groups, ...this.kernelSize]);
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
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyConv2d.html}
 */
export class LazyConv2d extends Conv2d {
  /** To `outChannels` channels. */
  constructor(outChannels: number, kernelSize: Extents, options: ConvOptions = {}) {
    super(0, outChannels, kernelSize, options);
  }

  /** Nothing is drawn before the size is known. */
  override resetParameters(): void {}

  /** `input` is [N, C, H, W] or [C, H, W]. */
  override forward(input: Tensor): Tensor {
    const channels = input.shape.at(-3) ?? 0;
    (this as Late<Conv2d>).inChannels = channels;
    settle(this, Conv2d, [this.outChannels, channels / this.groups, ...this.kernelSize]);
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
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyConv3d.html}
 */
export class LazyConv3d extends Conv3d {
  /** To `outChannels` channels. */
  constructor(outChannels: number, kernelSize: Extents, options: ConvOptions = {}) {
    super(0, outChannels, kernelSize, options);
  }

  /** Nothing is drawn before the size is known. */
  override resetParameters(): void {}

  /** `input` is [N, C, D, H, W] or [C, D, H, W]. */
  override forward(input: Tensor): Tensor {
    const channels = input.shape.at(-4) ?? 0;
    (this as Late<Conv3d>).inChannels = channels;
    settle(this, Conv3d, [this.outChannels, channels / this.groups, ...this.kernelSize]);
    return this.forward(input);
  }
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
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyConvTranspose1d.html}
 */
export class LazyConvTranspose1d extends ConvTranspose1d {
  /** To `outChannels` channels. */
  constructor(outChannels: number, kernelSize: Extents, options: ConvTransposeOptions = {}) {
    super(0, outChannels, kernelSize, options);
  }

  /** Nothing is drawn before the size is known. */
  override resetParameters(): void {}

  /** `input` is [N, C, L] or [C, L]. */
  override forward(input: Tensor, size = {}): Tensor {
    const channels = input.shape.at(-2) ?? 0;
    (this as Late<TransposedConvolution>).inChannels = channels;
    settle(this, ConvTranspose1d, [channels, this.outChannels / this.groups, ...this.kernelSize]);
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
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyConvTranspose2d.html}
 */
export class LazyConvTranspose2d extends ConvTranspose2d {
  /** To `outChannels` channels. */
  constructor(outChannels: number, kernelSize: Extents, options: ConvTransposeOptions = {}) {
    super(0, outChannels, kernelSize, options);
  }

  /** Nothing is drawn before the size is known. */
  override resetParameters(): void {}

  /** `input` is [N, C, H, W] or [C, H, W]. */
  override forward(input: Tensor, size = {}): Tensor {
    const channels = input.shape.at(-3) ?? 0;
    (this as Late<TransposedConvolution>).inChannels = channels;
    settle(this, ConvTranspose2d, [channels, this.outChannels / this.groups, ...this.kernelSize]);
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
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyConvTranspose3d.html}
 */
export class LazyConvTranspose3d extends ConvTranspose3d {
  /** To `outChannels` channels. */
  constructor(outChannels: number, kernelSize: Extents, options: ConvTransposeOptions = {}) {
    super(0, outChannels, kernelSize, options);
  }

  /** Nothing is drawn before the size is known. */
  override resetParameters(): void {}

  /** `input` is [N, C, D, H, W] or [C, D, H, W]. */
  override forward(input: Tensor, size = {}): Tensor {
    const channels = input.shape.at(-4) ?? 0;
    (this as Late<TransposedConvolution>).inChannels = channels;
    settle(this, ConvTranspose3d, [channels, this.outChannels / this.groups, ...this.kernelSize]);
    return this.forward(input, size);
  }
}

/**
 * A `BatchNorm1d` that learns the number of channels from the first input.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * console.log(new nn.LazyBatchNorm1d()(randn([2, 3, 4])).shape); // torch.Size([2, 3, 4])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyBatchNorm1d.html}
 */
export class LazyBatchNorm1d extends BatchNorm1d {
  /** With the options of `BatchNorm1d`. */
  constructor(options: BatchNormOptions = {}) {
    super(0, options);
  }

  /** `input` as `BatchNorm1d` takes it. */
  override forward(input: Tensor): Tensor {
    this.requireAxes(input);
    settleNorm(this, BatchNorm1d, input.shape[1]!);
    return this.forward(input);
  }
}

/**
 * A `BatchNorm2d` that learns the number of channels from the first input.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * console.log(new nn.LazyBatchNorm2d()(randn([2, 3, 4, 4])).shape); // torch.Size([2, 3, 4, 4])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyBatchNorm2d.html}
 */
export class LazyBatchNorm2d extends BatchNorm2d {
  /** With the options of `BatchNorm2d`. */
  constructor(options: BatchNormOptions = {}) {
    super(0, options);
  }

  /** `input` as `BatchNorm2d` takes it. */
  override forward(input: Tensor): Tensor {
    this.requireAxes(input);
    settleNorm(this, BatchNorm2d, input.shape[1]!);
    return this.forward(input);
  }
}

/**
 * A `BatchNorm3d` that learns the number of channels from the first input.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * console.log(new nn.LazyBatchNorm3d()(randn([2, 3, 4, 4, 4])).shape); // torch.Size([2, 3, 4, 4, 4])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyBatchNorm3d.html}
 */
export class LazyBatchNorm3d extends BatchNorm3d {
  /** With the options of `BatchNorm3d`. */
  constructor(options: BatchNormOptions = {}) {
    super(0, options);
  }

  /** `input` as `BatchNorm3d` takes it. */
  override forward(input: Tensor): Tensor {
    this.requireAxes(input);
    settleNorm(this, BatchNorm3d, input.shape[1]!);
    return this.forward(input);
  }
}

/**
 * An `InstanceNorm1d` that learns the number of channels from the first input.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * console.log(new nn.LazyInstanceNorm1d()(randn([2, 3, 4])).shape); // torch.Size([2, 3, 4])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyInstanceNorm1d.html}
 */
export class LazyInstanceNorm1d extends InstanceNorm1d {
  /** With the options of `InstanceNorm1d`; as in PyTorch, factors are learned and statistics gathered unless they say otherwise. */
  constructor(options: BatchNormOptions = {}) {
    super(0, { affine: true, trackRunningStats: true, ...options });
  }

  /** `input` as `InstanceNorm1d` takes it. */
  override forward(input: Tensor): Tensor {
    this.requireAxes(input);
    settleNorm(this, InstanceNorm1d, input.shape.at(-2)!);
    return this.forward(input);
  }
}

/**
 * An `InstanceNorm2d` that learns the number of channels from the first input.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * console.log(new nn.LazyInstanceNorm2d()(randn([2, 3, 4, 4])).shape); // torch.Size([2, 3, 4, 4])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyInstanceNorm2d.html}
 */
export class LazyInstanceNorm2d extends InstanceNorm2d {
  /** With the options of `InstanceNorm2d`; as in PyTorch, factors are learned and statistics gathered unless they say otherwise. */
  constructor(options: BatchNormOptions = {}) {
    super(0, { affine: true, trackRunningStats: true, ...options });
  }

  /** `input` as `InstanceNorm2d` takes it. */
  override forward(input: Tensor): Tensor {
    this.requireAxes(input);
    settleNorm(this, InstanceNorm2d, input.shape.at(-3)!);
    return this.forward(input);
  }
}

/**
 * An `InstanceNorm3d` that learns the number of channels from the first input.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * console.log(new nn.LazyInstanceNorm3d()(randn([2, 3, 4, 4, 4])).shape); // torch.Size([2, 3, 4, 4, 4])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyInstanceNorm3d.html}
 */
export class LazyInstanceNorm3d extends InstanceNorm3d {
  /** With the options of `InstanceNorm3d`; as in PyTorch, factors are learned and statistics gathered unless they say otherwise. */
  constructor(options: BatchNormOptions = {}) {
    super(0, { affine: true, trackRunningStats: true, ...options });
  }

  /** `input` as `InstanceNorm3d` takes it. */
  override forward(input: Tensor): Tensor {
    this.requireAxes(input);
    settleNorm(this, InstanceNorm3d, input.shape.at(-4)!);
    return this.forward(input);
  }
}
