/**
 * What batch and instance normalisation have in common.
 *
 * @module
 */

import { noGrad, ones, ShapeError, type Tensor, tensor, zeros } from "../tensor/mod.ts";
import { pythonFloat, pythonValue } from "../tensor/python_format.ts";
import type { LayerOptions } from "./linear.ts";
import { Module } from "./module.ts";
import type { StateDict } from "./module_state.ts";
import { resetAffine } from "./norm.ts";
import { Parameter } from "./parameter.ts";

/** Options of batch and instance normalisation. */
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

/**
 * Base of batch and instance normalisation: factors, offsets and running statistics for each channel, which become (1 - momentum) · old +
 * momentum · new while training.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const norms: nn.ChannelNorm[] = [new nn.BatchNorm1d(2), new nn.InstanceNorm1d(2)];
 * console.log(norms.map((norm) => norm.affine)); // [ true, false ]
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html}
 */
export abstract class ChannelNorm extends Module {
  /** Number of channels. */
  readonly numFeatures: number;
  /** What is added to the variance. */
  readonly eps: number;
  /** The share of a new batch in the running statistics; null for their plain mean. */
  momentum: number | null;
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
  constructor(
    numFeatures: number,
    options: BatchNormOptions,
    defaults: Pick<ChannelNorm, "affine" | "trackRunningStats">,
  ) {
    super();
    const { eps, momentum, affine, trackRunningStats, ...layer } = {
      eps: 1e-5,
      momentum: 0.1,
      ...defaults,
      ...options,
    };
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
    if (trackRunningStats) this.registerLoadStateDictPreHook(keepCount);
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
    // A lazy layer has none yet.
    if (this.numFeatures === 0) return;
    this.resetRunningStats();
    resetAffine(this);
  }

  /** Refuses an input with other axes. */
  protected requireAxes(input: Tensor): void {
    if (this.expected.axes.includes(input.ndim)) return;
    throw new ShapeError(
      `Cannot apply ${this.constructor.name} to shape [${input.shape.join(", ")}]: expected ${this.expected.shape}`,
    );
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `${this.numFeatures}, eps=${pythonFloat(this.eps)}, momentum=${pythonValue(this.momentum)}, ` +
      `affine=${pythonValue(this.affine)}, track_running_stats=${pythonValue(this.trackRunningStats)}`;
  }
}

/** What was saved before PyTorch counted batches has no count of them. */
function keepCount(norm: ChannelNorm, state: StateDict, prefix: string): void {
  const key = `${prefix}num_batches_tracked`;
  if (!Object.hasOwn(state, key) && norm.numBatchesTracked !== null) state[key] = norm.numBatchesTracked;
}
