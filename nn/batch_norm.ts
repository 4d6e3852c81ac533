/**
 * Normalisation over a batch.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { noGrad, ones, ShapeError, type Tensor, tensor, zeros } from "../tensor/mod.ts";
import { pythonFloat, pythonValue } from "../tensor/python_format.ts";
import type { LayerOptions } from "./linear.ts";
import { Module } from "./module.ts";
import { resetAffine } from "./norm.ts";
import { Parameter } from "./parameter.ts";

/** Options of batch normalisation. */
export interface BatchNormOptions extends LayerOptions {
  /** What is added to the variance. Default 1e-5. */
  readonly eps?: number;
  /** The share of a new batch in the running statistics; null for their plain mean. Default 0.1. */
  readonly momentum?: number | null;
  /** Whether a factor and an offset are learned for each channel. Default true. */
  readonly affine?: boolean;
  /** Whether statistics are gathered while training and used in evaluation. Default true. */
  readonly trackRunningStats?: boolean;
}

/** What batch normalisations of all dimensions have in common. */
export abstract class BatchNorm extends Module {
  /** Number of channels. */
  readonly numFeatures: number;
  /** What is added to the variance. */
  readonly eps: number;
  /** The share of a new batch in the running statistics; null for their plain mean. */
  readonly momentum: number | null;
  /** Whether a factor and an offset are learned. */
  readonly affine: boolean;
  /** Whether statistics are gathered while training and used in evaluation. */
  readonly trackRunningStats: boolean;
  /** The factors; null where none are learned. */
  weight: Parameter | null;
  /** The offsets; null where none are learned. */
  bias: Parameter | null;
  /** Running mean of each channel; null where none is gathered. */
  runningMean: Tensor | null;
  /** Running variance of each channel; null where none is gathered. */
  runningVar: Tensor | null;
  /** Number of batches in the running statistics; null where none are gathered. */
  numBatchesTracked: Tensor | null;

  /** Normalises `numFeatures` channels. */
  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super();
    const { eps = 1e-5, momentum = 0.1, affine = true, trackRunningStats = true, ...layer } = options;
    this.numFeatures = numFeatures;
    this.eps = eps;
    this.momentum = momentum;
    this.affine = affine;
    this.trackRunningStats = trackRunningStats;
    this.weight = affine ? new Parameter(ones([numFeatures], layer)) : null;
    this.bias = affine ? new Parameter(zeros([numFeatures], layer)) : null;
    this.runningMean = trackRunningStats ? zeros([numFeatures], layer) : null;
    this.runningVar = trackRunningStats ? ones([numFeatures], layer) : null;
    this.numBatchesTracked = trackRunningStats ? tensor(0, { ...layer, dtype: "int32" }) : null;
    this.registerBuffer("runningMean", this.runningMean);
    this.registerBuffer("runningVar", this.runningVar);
    this.registerBuffer("numBatchesTracked", this.numBatchesTracked);
  }

  /** Whether an input with this many axes can be normalised, and how to say which can. */
  protected abstract readonly expected: { readonly axes: readonly number[]; readonly shape: string };

  /** Forgets the running statistics. */
  resetRunningStats(): void {
    noGrad(() => {
      this.runningMean?.zero_();
      this.runningVar?.fill_(1);
      this.numBatchesTracked?.zero_();
    });
  }

  /** Forgets the running statistics, sets factors to 1 and offsets to 0. */
  resetParameters(): void {
    this.resetRunningStats();
    resetAffine(this);
  }

  /** `input` normalised over all axes but the second. */
  override forward(input: Tensor): Tensor {
    if (!this.expected.axes.includes(input.ndim)) {
      throw new ShapeError(
        `Cannot apply ${this.constructor.name} to shape [${input.shape.join(", ")}]: expected ${this.expected.shape}`,
      );
    }
    const { weight, bias, eps, trackRunningStats } = this;
    const gathers = this.training && trackRunningStats;
    if (gathers) this.numBatchesTracked!.add_(1);
    const momentum = this.momentum ?? (gathers ? 1 / Number(this.numBatchesTracked!.item()) : 0);
    const known = !this.training || trackRunningStats;
    const runningMean = known ? this.runningMean : null, runningVar = known ? this.runningVar : null;
    const training = this.training || runningMean === null;
    return F.batchNorm(input, { runningMean, runningVar, weight, bias, training, momentum, eps });
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `${this.numFeatures}, eps=${pythonFloat(this.eps)}, momentum=${pythonValue(this.momentum)}, ` +
      `affine=${pythonValue(this.affine)}, track_running_stats=${pythonValue(this.trackRunningStats)}`;
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
