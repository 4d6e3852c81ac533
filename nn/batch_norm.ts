/**
 * Normalisation of channels over a batch.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { type BatchNormOptions, ChannelNorm } from "./channel_norm.ts";
import { requireInput } from "./require_input.ts";

/**
 * Base of `BatchNorm1d`, `BatchNorm2d` and `BatchNorm3d`: (x - mean) / √(variance + eps) · weight + bias for each channel. While training,
 * mean and variance are the batch's, and the running ones are updated, the variance without bias; in evaluation they are the running ones.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const norm: nn.BatchNorm = new nn.BatchNorm2d(3);
 * console.log(norm.numFeatures, norm.runningVar); // 3 tensor([1., 1., 1.])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes or channels
 * @throws {ValueError} in `forward`, while training on one value per channel
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html}
 */
export abstract class BatchNorm extends ChannelNorm {
  /** Normalises `numFeatures` channels. */
  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super(numFeatures, options, { affine: true, trackRunningStats: true });
  }

  /** `input` normalised over all axes but the second. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    this.requireAxes(input);
    const { weight, bias, eps, trackRunningStats } = this;
    const gathers = this.training && trackRunningStats;
    if (gathers) this.numBatchesTracked!.add_(1);
    const momentum = this.momentum ?? (gathers ? 1 / Number(this.numBatchesTracked!.item()) : 0);
    const known = !this.training || trackRunningStats;
    const runningMean = known ? this.runningMean : null, runningVar = known ? this.runningVar : null;
    const training = this.training || runningMean === null;
    return F.batchNorm(input, { runningMean, runningVar, weight, bias, training, momentum, eps });
  }
}

/**
 * Mean 0 and variance 1 of each channel over a batch of vectors or sequences, then a learned factor and offset: (x - mean) / √(variance +
 * eps) · weight + bias. The input is [N, C] or [N, C, L], the result the same. Defaults: eps 1e-5, momentum 0.1, affine true,
 * trackRunningStats true. From https://arxiv.org/abs/1502.03167.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const layer = new nn.BatchNorm1d(2);
 * console.log(layer(tensor([[0.5, 20], [1.5, 60]])).round().tolist()); // [ [ -1, -1 ], [ 1, 1 ] ]
 * console.log(layer.runningMean); // tensor([0.1000, 4.0000])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes or channels
 * @throws {ValueError} in `forward`, while training on one value per channel
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html}
 */
export class BatchNorm1d extends BatchNorm {
  /** Shapes that can be normalised. */
  protected override get expected(): { axes: readonly number[]; shape: string } {
    return { axes: [2, 3], shape: "[N, C] or [N, C, L]" };
  }
}

/**
 * Mean 0 and variance 1 of each channel over a batch of images, then a learned factor and offset: (x - mean) / √(variance + eps) · weight +
 * bias. The input is [N, C, H, W], the result the same. Defaults: eps 1e-5, momentum 0.1, affine true, trackRunningStats true. From
 * https://arxiv.org/abs/1502.03167.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const layer = new nn.BatchNorm2d(3);
 * console.log(layer(randn([4, 3, 8, 8])).shape); // torch.Size([4, 3, 8, 8])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes or channels
 * @throws {ValueError} in `forward`, while training on one value per channel
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html}
 */
export class BatchNorm2d extends BatchNorm {
  /** Shapes that can be normalised. */
  protected override get expected(): { axes: readonly number[]; shape: string } {
    return { axes: [4], shape: "[N, C, H, W]" };
  }
}

/**
 * Mean 0 and variance 1 of each channel over a batch of volumes, then a learned factor and offset: (x - mean) / √(variance + eps) · weight +
 * bias. The input is [N, C, D, H, W], the result the same. Defaults: eps 1e-5, momentum 0.1, affine true, trackRunningStats true. From
 * https://arxiv.org/abs/1502.03167.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const layer = new nn.BatchNorm3d(3, { affine: false });
 * console.log(layer(randn([2, 3, 4, 4, 4])).shape); // torch.Size([2, 3, 4, 4, 4])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes or channels
 * @throws {ValueError} in `forward`, while training on one value per channel
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm3d.html}
 */
export class BatchNorm3d extends BatchNorm {
  /** Shapes that can be normalised. */
  protected override get expected(): { axes: readonly number[]; shape: string } {
    return { axes: [5], shape: "[N, C, D, H, W]" };
  }
}
