/**
 * Normalization of channels over a batch, or of each element's channels, with running averages.
 *
 * @module
 */

import { ShapeError, ValueError } from "../../kernels/mod.ts";
import { noGrad } from "../../tensor/grad_mode.ts";
import { noted } from "../../tensor/operations.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { named, show } from "../dims.ts";
import { add, mul, sub } from "../elementwise/arithmetic.ts";
import { div } from "../elementwise/division.ts";
import { sqrt } from "../elementwise/power.ts";
import { reshaped } from "../movement/reshape.ts";
import { requireFloat } from "../reduction/reduce.ts";
import { averaged } from "../reduction/sum.ts";
import { affine, type NormalizationOptions, requirePerChannel } from "./each.ts";
import { momentsOf, standardized } from "./standardize.ts";

/** Options of `batchNorm` and `instanceNorm`. */
export interface BatchNormOptions extends NormalizationOptions {
  /** Running averages of each channel's mean, shape [C]; updated in place while training; none by default. */
  readonly runningMean?: Tensor | null;
  /** Running averages of each channel's variance, shape [C]; updated in place while training; none by default. */
  readonly runningVar?: Tensor | null;
  /** Share of the new value in the running averages; 0.1 by default. */
  readonly momentum?: number;
  /** For `batchNorm`: normalizes by the batch rather than by the running averages; false by default. */
  readonly training?: boolean;
  /** For `instanceNorm`: normalizes by each element rather than by the running averages; true by default. */
  readonly useInputStats?: boolean;
}

/** Running averages, weight and bias by position or by name, and other options. */
export type BatchNormArguments = [
  runningMean?: Tensor | BatchNormOptions | null,
  runningVar?: Tensor | BatchNormOptions | null,
  weight?: Tensor | BatchNormOptions | null,
  bias?: Tensor | BatchNormOptions | null,
  options?: BatchNormOptions,
];

function batchNormOptions(args: BatchNormArguments): BatchNormOptions {
  return named<BatchNormOptions>(["runningMean", "runningVar", "weight", "bias"], ...args);
}

/** Moves the running averages towards the moments of `count` elements a channel. */
function updateRunning(
  { runningMean, runningVar, momentum = 0.1 }: BatchNormOptions,
  { mean, variance }: { mean: Tensor; variance: Tensor },
  count: number,
): void {
  noGrad(() => {
    const step = (running: Tensor, value: Tensor) =>
      add(mul(running, 1 - momentum), mul(reshaped(value, running.shape), momentum));
    if (runningMean != null) runningMean.assign(step(runningMean, mean), "batchNorm");
    if (runningVar != null) runningVar.assign(step(runningVar, mul(variance, count / (count - 1))), "batchNorm");
  });
}

/**
 * Batch normalization: each channel normalized over the batch and all positions (`training`), or by its running averages.
 *
 * @param x [N, C, …]
 * @throws {ShapeError} where x has less than two dimensions, or a parameter is not [C]
 * @throws {DTypeError} for integers and bools
 * @throws {ValueError} in training with one value per channel, and without training where there are no running averages
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.batch_norm.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.batchNorm(tensor([[1.5], [2.5]]), null, null, { training: true }).round().tolist());
 * // [ [ -1 ], [ 1 ] ]
 * ```
 */
export function batchNorm(x: Tensor, ...args: BatchNormArguments): Tensor {
  requireTensor("batchNorm", "x", x);
  const options = batchNormOptions(args);
  const { weight, bias, eps = 1e-5, runningMean, runningVar, training = false } = options;
  const channels = x.shape[1];
  if (channels === undefined && x.ndim === 1 && x.numel() === 0) return mul(x, 1);
  if (channels === undefined) {
    throw new ShapeError(`Cannot apply batchNorm to a tensor of shape ${show(x.shape)}: it takes [N, C, …]`);
  }
  requireFloat("batchNorm", x);
  requirePerChannel("batchNorm", channels, { weight, bias, runningMean, runningVar });
  const shape = x.shape.map((extent, i) => i === 1 ? extent : 1);
  const axes = x.shape.map((_, i) => i).filter((i) => i !== 1);
  if (!training) {
    if (runningMean == null || runningVar == null) {
      throw new ValueError(
        "Cannot apply batchNorm without training and without running averages: pass runningMean and runningVar",
      );
    }
    const centered = sub(x, reshaped(runningMean, shape));
    const normal = affine(div(centered, sqrt(add(reshaped(runningVar, shape), eps))), weight, bias, shape);
    return noted("batchNorm", normal, () => ({
      inputs: [x, weight, bias, runningMean, runningVar],
      attributes: { eps },
    }));
  }
  const count = x.numel() / channels;
  if (count <= 1) {
    throw new ValueError(
      `Cannot train batchNorm on a tensor of shape ${show(x.shape)}: it needs more than one value per channel`,
    );
  }
  const moments = noGrad(() => momentsOf(x, axes));
  updateRunning(options, moments, count);
  return affine(standardized(x, axes, eps, moments), weight, bias, shape);
}

/**
 * Instance normalization: each channel of each element normalized over its positions (`useInputStats`), or by running averages.
 *
 * @param x [N, C, …] with at least one spatial dimension
 * @throws {ShapeError} for less than three dimensions, and where a parameter is not [C]
 * @throws {DTypeError} for integers and bools
 * @throws {ValueError} for a single spatial element
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.instance_norm.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.instanceNorm(tensor([[[1.5, 2.5]]])).round().tolist()); // [ [ [ -1, 1 ] ] ]
 * ```
 */
export function instanceNorm(x: Tensor, ...args: BatchNormArguments): Tensor {
  requireTensor("instanceNorm", "x", x);
  const options = batchNormOptions(args);
  const { weight, bias, eps = 1e-5, useInputStats = true, runningMean, runningVar } = options;
  if (x.ndim < 3) {
    throw new ShapeError(
      `Cannot apply instanceNorm to a tensor of shape ${show(x.shape)}: it takes [N, C, …] with positions`,
    );
  }
  if (!useInputStats) return batchNorm(x, { ...options, training: false });
  requireFloat("instanceNorm", x);
  requirePerChannel("instanceNorm", x.shape[1]!, { weight, bias, runningMean, runningVar });
  const axes = x.shape.map((_, i) => i).slice(2), count = axes.reduce((n, axis) => n * x.shape[axis]!, 1);
  if (count <= 1) {
    throw new ValueError(
      `Cannot apply instanceNorm to a tensor of shape ${show(x.shape)}: it needs more than one position`,
    );
  }
  const moments = noGrad(() => momentsOf(x, axes));
  if (runningMean != null || runningVar != null) {
    const overBatch = (t: Tensor) => averaged(t, [0]);
    noGrad(() =>
      updateRunning(options, { mean: overBatch(moments.mean), variance: overBatch(moments.variance) }, count)
    );
  }
  const shape = x.shape.map((extent, i) => i === 1 ? extent : 1);
  return noted("instanceNorm", affine(standardized(x, axes, eps, moments), weight, bias, shape), () => ({
    inputs: [x, weight, bias],
    attributes: { eps },
  }));
}
