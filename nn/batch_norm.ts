/**
 * Normalisation of channels over a batch.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { type BatchNormOptions, ChannelNorm } from "./channel_norm.ts";

/** What batch normalisations of all dimensions have in common. */
export abstract class BatchNorm extends ChannelNorm {
  /** Normalises `numFeatures` channels. */
  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super(numFeatures, options, { affine: true, trackRunningStats: true });
  }

  /** `input` normalised over all axes but the second. */
  override forward(input: Tensor): Tensor {
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
 * Mean 0 and variance 1 of each channel over a batch of vectors or sequences.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html}
 */
export class BatchNorm1d extends BatchNorm {
  /** Shapes that can be normalised. */
  protected override get expected(): { axes: readonly number[]; shape: string } {
    return { axes: [2, 3], shape: "[N, C] or [N, C, L]" };
  }
}

/**
 * Mean 0 and variance 1 of each channel over a batch of images.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html}
 */
export class BatchNorm2d extends BatchNorm {
  /** Shapes that can be normalised. */
  protected override get expected(): { axes: readonly number[]; shape: string } {
    return { axes: [4], shape: "[N, C, H, W]" };
  }
}

/**
 * Mean 0 and variance 1 of each channel over a batch of volumes.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm3d.html}
 */
export class BatchNorm3d extends BatchNorm {
  /** Shapes that can be normalised. */
  protected override get expected(): { axes: readonly number[]; shape: string } {
    return { axes: [5], shape: "[N, C, D, H, W]" };
  }
}
