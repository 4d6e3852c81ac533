/**
 * Normalizations: layers, groups, batches, instances.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { ShapeError, ValueError } from "../../kernels/mod.ts";
import { noGrad } from "../../tensor/grad_mode.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { add, mul, sub } from "../elementwise/arithmetic.ts";
import { div } from "../elementwise/division.ts";
import { sqrt } from "../elementwise/power.ts";
import { reshaped } from "../movement/reshape.ts";
import { requireFloat } from "../reduction/reduce.ts";
import { averaged } from "../reduction/sum.ts";
import { momentsOf, scaledByRms, standardized } from "./standardize.ts";

/** Options of normalizations. */
export interface NormalizationOptions {
  /** Factors of the normalized elements. */
  readonly weight?: Tensor | null;
  /** What is added to them. */
  readonly bias?: Tensor | null;
  /** Added to the variance; 1e-5 by default. */
  readonly eps?: number;
}

/** y · weight + bias, both shaped to broadcast. */
function affine(
  y: Tensor,
  weight: Tensor | null | undefined,
  bias: Tensor | null | undefined,
  shape: readonly number[],
): Tensor {
  const scaled = weight == null ? y : mul(y, reshaped(weight, shape));
  return bias == null ? scaled : add(scaled, reshaped(bias, shape));
}

/** The last axes of `x`, which must be `normalizedShape`. */
function lastAxes(
  operation: string,
  x: Tensor,
  normalizedShape: readonly number[],
  ...affine: (Tensor | null | undefined)[]
): number[] {
  const lead = x.ndim - normalizedShape.length;
  if (normalizedShape.length === 0 || lead < 0 || !kernels.sameShape(x.shape.slice(lead), normalizedShape)) {
    throw new ShapeError(
      `Cannot apply ${operation} with normalizedShape ${show(normalizedShape)} to a tensor of shape ${
        show(x.shape)
      }: ` +
        "its last dimensions must be normalizedShape",
    );
  }
  for (const t of affine) {
    if (t == null || kernels.sameShape(t.shape, normalizedShape)) continue;
    throw new ShapeError(
      `Cannot apply ${operation} with normalizedShape ${show(normalizedShape)} and a weight or bias of shape ${
        show(t.shape)
      }`,
    );
  }
  requireFloat(operation, x);
  return normalizedShape.map((_, i) => lead + i);
}

/**
 * Layer normalization: (x - mean) / √(variance + eps) · weight + bias, over the last dimensions of each element.
 *
 * @param normalizedShape extents of the last dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.layer_norm.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.layerNorm(tensor([[1, 2, 3, 4.5]]), [4]).sum().abs().lt(1e-6).item()); // true
 * ```
 */
export function layerNorm(x: Tensor, normalizedShape: readonly number[], options: NormalizationOptions = {}): Tensor {
  const { weight, bias, eps = 1e-5 } = options;
  const axes = lastAxes("layerNorm", x, normalizedShape, weight, bias);
  return affine(standardized(x, axes, eps), weight, bias, normalizedShape);
}

/** Options of `rmsNorm`. */
export interface RmsNormOptions {
  /** Factors of the normalized elements. */
  readonly weight?: Tensor | null;
  /** Added to the mean square; the dtype's machine epsilon by default. */
  readonly eps?: number | null;
}

/**
 * Root mean square normalization: x / √(mean of x² + eps) · weight, over the last dimensions of each element.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.rms_norm.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.rmsNorm(tensor([[3.5, -3.5]]), [2]).tolist()); // [[1, -1]]
 * ```
 */
export function rmsNorm(x: Tensor, normalizedShape: readonly number[], options: RmsNormOptions = {}): Tensor {
  const { weight, eps } = options;
  const axes = lastAxes("rmsNorm", x, normalizedShape, weight);
  const epsilon = eps ?? (x.dtype === "float64" ? Number.EPSILON : x.dtype === "float16" ? 2 ** -10 : 2 ** -23);
  return affine(scaledByRms(x, axes, epsilon), weight, null, normalizedShape);
}

/**
 * Group normalization: the channels in `numGroups` groups, each normalized over its channels and all positions.
 *
 * @param x [N, C, …]
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.group_norm.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.groupNorm(tensor([[1.5, 2.5, 8.5, 9.5]]), 2).round().tolist()); // [[-1, 1, -1, 1]]
 * ```
 */
export function groupNorm(x: Tensor, numGroups: number, options: NormalizationOptions = {}): Tensor {
  const { weight, bias, eps = 1e-5 } = options;
  const [n, c] = x.shape;
  if (n === undefined || c === undefined || !Number.isInteger(numGroups) || numGroups < 1 || c % numGroups !== 0) {
    throw new ShapeError(
      `Cannot apply groupNorm to a tensor of shape ${
        show(x.shape)
      } in ${numGroups} groups: groups must divide dimension 1`,
    );
  }
  requireFloat("groupNorm", x);
  const rest = x.shape.slice(2);
  const apart = reshaped(x, [n, numGroups, c / numGroups, ...rest]);
  const normal = standardized(apart, Array.from({ length: apart.ndim - 2 }, (_, i) => i + 2), eps);
  return affine(reshaped(normal, x.shape), weight, bias, [1, c, ...rest.map(() => 1)]);
}

/** Options of `batchNorm` and `instanceNorm`. */
export interface BatchNormOptions extends NormalizationOptions {
  /** Running averages of each channel's mean, shape [C]; updated in place while training. */
  readonly runningMean?: Tensor | null;
  /** Running averages of each channel's variance, shape [C]; updated in place while training. */
  readonly runningVar?: Tensor | null;
  /** Share of the new value in the running averages; 0.1 by default. */
  readonly momentum?: number;
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
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.batch_norm.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.batchNorm(tensor([[1.5], [2.5]]), { training: true }).round().tolist()); // [[-1], [1]]
 * ```
 */
export function batchNorm(x: Tensor, options: BatchNormOptions & { readonly training?: boolean } = {}): Tensor {
  const { weight, bias, eps = 1e-5, runningMean, runningVar, training = false } = options;
  const channels = x.shape[1];
  if (channels === undefined) {
    throw new ShapeError(`Cannot apply batchNorm to a tensor of shape ${show(x.shape)}: it takes [N, C, …]`);
  }
  requireFloat("batchNorm", x);
  for (const [name, t] of Object.entries({ weight, bias, runningMean, runningVar })) {
    if (t != null && t.numel() !== channels) {
      throw new ShapeError(
        `Cannot apply batchNorm to ${channels} channels with ${name} of shape ${
          show(t.shape)
        }: it must be [${channels}]`,
      );
    }
  }
  const shape = x.shape.map((extent, i) => i === 1 ? extent : 1);
  const axes = x.shape.map((_, i) => i).filter((i) => i !== 1);
  if (!training) {
    if (runningMean == null || runningVar == null) {
      throw new ValueError(
        "Cannot apply batchNorm without training and without running averages: pass runningMean and runningVar",
      );
    }
    const centered = sub(x, reshaped(runningMean, shape));
    return affine(div(centered, sqrt(add(reshaped(runningVar, shape), eps))), weight, bias, shape);
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
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.instance_norm.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.instanceNorm(tensor([[[1.5, 2.5]]])).round().tolist()); // [[[-1, 1]]]
 * ```
 */
export function instanceNorm(x: Tensor, options: BatchNormOptions & { readonly useInputStats?: boolean } = {}): Tensor {
  const { weight, bias, eps = 1e-5, useInputStats = true, runningMean, runningVar } = options;
  if (x.ndim < 3) {
    throw new ShapeError(
      `Cannot apply instanceNorm to a tensor of shape ${show(x.shape)}: it takes [N, C, …] with positions`,
    );
  }
  if (!useInputStats) return batchNorm(x, { ...options, training: false });
  requireFloat("instanceNorm", x);
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
  return affine(standardized(x, axes, eps, moments), weight, bias, x.shape.map((extent, i) => i === 1 ? extent : 1));
}
