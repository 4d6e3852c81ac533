/**
 * Normalisations that learn the number of their input's channels.
 *
 * @module
 */

import type { Tensor } from "../tensor/mod.ts";
import { BatchNorm1d, BatchNorm2d, BatchNorm3d } from "./batch_norm.ts";
import type { BatchNormOptions } from "./channel_norm.ts";
import { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from "./instance_norm.ts";
import { requireInput } from "./require_input.ts";
import { postponeNorm, settleNorm } from "./settle.ts";

/**
 * A `BatchNorm1d` that learns the number of channels from the first input.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * console.log(new nn.LazyBatchNorm1d()(randn([2, 3, 4])).shape); // torch.Size([2, 3, 4])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyBatchNorm1d.html}
 */
export class LazyBatchNorm1d extends BatchNorm1d {
  /** With the options of `BatchNorm1d`. */
  constructor(options: BatchNormOptions = {}) {
    super(0, options);
    postponeNorm(this, options);
  }

  /** `input` as `BatchNorm1d` takes it. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
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
 * @throws {ShapeError} in `forward`, for other axes
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyBatchNorm2d.html}
 */
export class LazyBatchNorm2d extends BatchNorm2d {
  /** With the options of `BatchNorm2d`. */
  constructor(options: BatchNormOptions = {}) {
    super(0, options);
    postponeNorm(this, options);
  }

  /** `input` as `BatchNorm2d` takes it. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
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
 * @throws {ShapeError} in `forward`, for other axes
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyBatchNorm3d.html}
 */
export class LazyBatchNorm3d extends BatchNorm3d {
  /** With the options of `BatchNorm3d`. */
  constructor(options: BatchNormOptions = {}) {
    super(0, options);
    postponeNorm(this, options);
  }

  /** `input` as `BatchNorm3d` takes it. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
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
 * @throws {ShapeError} in `forward`, for other axes
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyInstanceNorm1d.html}
 */
export class LazyInstanceNorm1d extends InstanceNorm1d {
  /** With the options of `InstanceNorm1d`; as in PyTorch, factors are learned and statistics gathered unless they say otherwise. */
  constructor(options: BatchNormOptions = {}) {
    super(0, { affine: true, trackRunningStats: true, ...options });
    postponeNorm(this, options);
  }

  /** `input` as `InstanceNorm1d` takes it. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
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
 * @throws {ShapeError} in `forward`, for other axes
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyInstanceNorm2d.html}
 */
export class LazyInstanceNorm2d extends InstanceNorm2d {
  /** With the options of `InstanceNorm2d`; as in PyTorch, factors are learned and statistics gathered unless they say otherwise. */
  constructor(options: BatchNormOptions = {}) {
    super(0, { affine: true, trackRunningStats: true, ...options });
    postponeNorm(this, options);
  }

  /** `input` as `InstanceNorm2d` takes it. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
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
 * @throws {ShapeError} in `forward`, for other axes
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyInstanceNorm3d.html}
 */
export class LazyInstanceNorm3d extends InstanceNorm3d {
  /** With the options of `InstanceNorm3d`; as in PyTorch, factors are learned and statistics gathered unless they say otherwise. */
  constructor(options: BatchNormOptions = {}) {
    super(0, { affine: true, trackRunningStats: true, ...options });
    postponeNorm(this, options);
  }

  /** `input` as `InstanceNorm3d` takes it. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    this.requireAxes(input);
    settleNorm(this, InstanceNorm3d, input.shape.at(-4)!);
    return this.forward(input);
  }
}
