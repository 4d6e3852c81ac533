/**
 * Normalizations that give the moments they used as well.
 *
 * @module
 */

import { noGrad } from "../../tensor/grad_mode.ts";
import { requireList, requireTensor, requireTensorOrNone } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { zeros } from "../../tensor/constant.ts";
import { add } from "../elementwise/arithmetic.ts";
import { rsqrt } from "../elementwise/power.ts";
import { reshaped } from "../movement/reshape.ts";
import { batchNorm } from "./batch.ts";
import { layerNorm } from "./each.ts";
import { momentsOf } from "./standardize.ts";

/** The mean of `x` over `axes` and 1 / √(variance + eps), through which no gradient flows. */
function statistics(x: Tensor, axes: readonly number[], eps: number): { mean: Tensor; scale: Tensor } {
  return noGrad(() => {
    const { mean, variance } = momentsOf(x, axes);
    return { mean, scale: rsqrt(add(variance, eps)) };
  });
}

/**
 * `batchNorm`, with the batch's mean and 1 / √(variance + eps) for each channel; these are empty unless `training`.
 *
 * @param x [N, C, …]; all others but numbers are [C]
 * @returns the normalized tensor, the means [C] and the factors [C]
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.batch_norm.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * const [, mean, scale] = F.nativeBatchNorm(tensor([[1.5], [3.5]]), null, null, null, null, true, 0.1, 0);
 * console.log(mean, scale); // tensor([2.5000]) tensor([1.])
 * ```
 */
export function nativeBatchNorm(
  x: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  training: boolean,
  momentum: number,
  eps: number,
): [y: Tensor, mean: Tensor, scale: Tensor] {
  requireTensor("nativeBatchNorm", "x", x);
  requireTensorOrNone("nativeBatchNorm", "weight", weight);
  requireTensorOrNone("nativeBatchNorm", "bias", bias);
  requireTensorOrNone("nativeBatchNorm", "runningMean", runningMean);
  requireTensorOrNone("nativeBatchNorm", "runningVar", runningVar);
  const y = batchNorm(x, { weight, bias, runningMean, runningVar, training, momentum, eps });
  if (!training) {
    const none = () => zeros([0], { dtype: x.dtype, device: x.device });
    return [y, none(), none()];
  }
  const { mean, scale } = statistics(x, [...x.shape.keys()].filter((axis) => axis !== 1), eps);
  return [y, reshaped(mean, [x.shape[1]!]), reshaped(scale, [x.shape[1]!])];
}

/**
 * `layerNorm`, with the mean and 1 / √(variance + eps) of each element.
 *
 * @param normalizedShape extents of the last dimensions, and the shape of `weight` and `bias`
 * @returns the normalized tensor, the means and the factors; these have extent 1 in the normalized dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.layer_norm.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * const [, mean, scale] = F.nativeLayerNorm(tensor([[1.5, 3.5]]), [2], null, null, 0);
 * console.log(mean, scale); // tensor([[2.5000]]) tensor([[1.]])
 * ```
 */
export function nativeLayerNorm(
  x: Tensor,
  normalizedShape: readonly number[],
  weight: Tensor | null,
  bias: Tensor | null,
  eps: number,
): [y: Tensor, mean: Tensor, scale: Tensor] {
  requireTensor("nativeLayerNorm", "x", x);
  requireTensorOrNone("nativeLayerNorm", "weight", weight);
  requireTensorOrNone("nativeLayerNorm", "bias", bias);
  requireList("nativeLayerNorm", "normalizedShape", normalizedShape);
  const y = layerNorm(x, normalizedShape, { weight, bias, eps });
  const { mean, scale } = statistics(x, normalizedShape.map((_, i) => x.ndim - normalizedShape.length + i), eps);
  const shape = x.shape.map((extent, i) => i < x.ndim - normalizedShape.length ? extent : 1);
  return [y, reshaped(mean, shape), reshaped(scale, shape)];
}
