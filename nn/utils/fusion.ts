/**
 * Batch normalisations put into the layer before them.
 *
 * @module
 */

import * as F from "../../functional/mod.ts";
import { noGrad, onesLike, type Tensor, ValueError, zerosLike } from "../../tensor/mod.ts";
import type { ChannelNorm } from "../channel_norm.ts";
import { TransposedConvolution } from "../conv_transpose.ts";
import { deepcopy } from "../deepcopy.ts";
import type { Linear } from "../linear.ts";
import type { Convolution } from "../conv.ts";
import { Parameter } from "../parameter.ts";

/** A weight and a bias. */
export type WeightAndBias = [weight: Parameter, bias: Parameter];

/** [weight, bias] with the statistics and the affine map of a normalisation put in; outputs are dimension `dim` of the weight. */
function fused(weight: Tensor, bias: Tensor | null, norm: Statistics, dim: number): WeightAndBias {
  const { runningMean, runningVar, eps } = norm;
  const factor = F.mul(norm.weight ?? onesLike(runningVar), F.rsqrt(F.add(runningVar, eps)));
  const shape = weight.shape.map((_, i) => i === dim ? -1 : 1);
  const offset = F.mul(F.sub(bias ?? zerosLike(runningMean), runningMean), factor);
  return noGrad(() => [
    new Parameter(F.mul(weight, F.reshape(factor, shape)).detach(), { requiresGrad: weight.requiresGrad }),
    new Parameter(F.add(offset, norm.bias ?? zerosLike(runningMean)).detach(), { requiresGrad: weight.requiresGrad }),
  ]);
}

/** What a normalisation does in evaluation. */
export interface Statistics {
  /** The mean of each channel. */
  readonly runningMean: Tensor;
  /** The variance of each channel. */
  readonly runningVar: Tensor;
  /** What is added to the variance. */
  readonly eps: number;
  /** Factors of channels; null for 1. */
  readonly weight: Tensor | null;
  /** Offsets of channels; null for 0. */
  readonly bias: Tensor | null;
}

function statisticsOf(layer: { training: boolean }, norm: ChannelNorm): Statistics {
  const { runningMean, runningVar, eps, weight, bias } = norm;
  if (layer.training || norm.training) throw new ValueError("Cannot fuse modules that are being trained: call eval()");
  if (runningMean === null || runningVar === null) {
    throw new ValueError("Cannot fuse a normalisation without running statistics");
  }
  return { runningMean, runningVar, eps, weight, bias };
}

/**
 * A copy of a convolution that does what it and the batch normalisation after it do in evaluation. Transposed convolutions, too.
 *
 * Throws `ValueError` where a module is being trained, or the normalisation has no running statistics.
 *
 * ```ts
 * import { functional as F, nn, randn } from "@tensaur/tensaur";
 *
 * const conv = new nn.Conv2d(2, 3, 3).eval(), norm = new nn.BatchNorm2d(3).eval(), x = randn([1, 2, 5, 5]);
 * console.log(F.allclose(nn.utils.fuseConvBnEval(conv, norm)(x), norm(conv(x)), { atol: 1e-5 })); // true
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.fuse_conv_bn_eval.html}
 */
export function fuseConvBnEval<C extends Convolution>(conv: C, norm: ChannelNorm): C;
/** The same for a transposed convolution. */
export function fuseConvBnEval<C extends TransposedConvolution>(conv: C, norm: ChannelNorm): C;
export function fuseConvBnEval(
  conv: Convolution | TransposedConvolution,
  norm: ChannelNorm,
): Convolution | TransposedConvolution {
  const statistics = statisticsOf(conv, norm), copy = deepcopy(conv);
  const transpose = conv instanceof TransposedConvolution;
  [copy.weight, copy.bias] = fuseConvBnWeights(conv.weight, conv.bias, statistics, { transpose });
  return copy;
}

/** Options of `fuseConvBnWeights`. */
export interface FuseOptions {
  /** Whether the weight is that of a transposed convolution. Default false. */
  readonly transpose?: boolean;
}

/**
 * [weight, bias] of a convolution with a batch normalisation put in.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * const norm = { runningMean: ones([1]), runningVar: ones([1]), eps: 0, weight: null, bias: null };
 * const [weight, bias] = nn.utils.fuseConvBnWeights(ones([1, 1, 2]), null, norm);
 * console.log(weight.tolist(), bias.tolist()); // [ [ [ 1, 1 ] ] ] [ -1 ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.fuse_conv_bn_weights.html}
 */
export function fuseConvBnWeights(
  weight: Tensor,
  bias: Tensor | null,
  norm: Statistics,
  { transpose = false }: FuseOptions = {},
): WeightAndBias {
  return fused(weight, bias, norm, transpose ? 1 : 0);
}

/**
 * A copy of a linear layer that does what it and the batch normalisation after it do in evaluation.
 *
 * Throws `ValueError` where a module is being trained, or the normalisation has no running statistics.
 *
 * ```ts
 * import { functional as F, nn, randn } from "@tensaur/tensaur";
 *
 * const linear = new nn.Linear(2, 3).eval(), norm = new nn.BatchNorm1d(3).eval(), x = randn([4, 2]);
 * console.log(F.allclose(nn.utils.fuseLinearBnEval(linear, norm)(x), norm(linear(x)), { atol: 1e-5 })); // true
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.fuse_linear_bn_eval.html}
 */
export function fuseLinearBnEval(linear: Linear, norm: ChannelNorm): Linear {
  const statistics = statisticsOf(linear, norm), copy = deepcopy(linear);
  [copy.weight, copy.bias] = fuseLinearBnWeights(linear.weight, linear.bias, statistics);
  return copy;
}

/**
 * [weight, bias] of a linear layer with a batch normalisation put in.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * const norm = { runningMean: ones([1]), runningVar: ones([1]), eps: 0, weight: null, bias: null };
 * const [weight, bias] = nn.utils.fuseLinearBnWeights(ones([1, 2]), null, norm);
 * console.log(weight.tolist(), bias.tolist()); // [ [ 1, 1 ] ] [ -1 ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.fuse_linear_bn_weights.html}
 */
export function fuseLinearBnWeights(weight: Tensor, bias: Tensor | null, norm: Statistics): WeightAndBias {
  return fused(weight, bias, norm, 0);
}
