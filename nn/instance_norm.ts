/**
 * Normalisation of each sample's channels.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { ShapeError, type Tensor } from "../tensor/mod.ts";
import { type BatchNormOptions, ChannelNorm } from "./channel_norm.ts";
import { requireInput } from "./require_input.ts";

/**
 * Base of `InstanceNorm1d`, `InstanceNorm2d` and `InstanceNorm3d`: (x - mean) / √(variance + eps) for each channel of each sample. By
 * default nothing is learned (`affine: false`) or gathered (`trackRunningStats: false`).
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const norm: nn.InstanceNorm = new nn.InstanceNorm2d(3);
 * console.log(norm.weight, norm.runningMean); // null null
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes, or for other channels where factors are learned
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.InstanceNorm2d.html}
 */
export abstract class InstanceNorm extends ChannelNorm {
  /** Normalises `numFeatures` channels. */
  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super(numFeatures, options, { affine: false, trackRunningStats: false });
  }

  /** Each channel of each sample of `input` normalised over its positions. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    this.requireAxes(input);
    const [batched] = this.expected.axes as [number, number];
    const channels = input.shape[input.ndim === batched ? 1 : 0]!;
    if (this.affine && channels !== this.numFeatures) {
      throw new ShapeError(
        `Cannot apply ${this.constructor.name} of ${this.numFeatures} channels to ${channels} channels`,
      );
    }
    const { weight, bias, eps, runningMean, runningVar } = this;
    const useInputStats = this.training || !this.trackRunningStats;
    const options = { weight, bias, eps, runningMean, runningVar, useInputStats, momentum: this.momentum ?? 0 };
    if (input.ndim === batched) return F.instanceNorm(input, options);
    return F.instanceNorm(input.unsqueeze(0), options).squeeze(0);
  }
}

/**
 * Mean 0 and variance 1 of each channel of each sample over its positions: (x - mean) / √(variance + eps). The input is [N, C, L] or [C, L],
 * the result the same. Defaults: eps 1e-5, momentum 0.1, affine false, trackRunningStats false. From https://arxiv.org/abs/1607.08022.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.InstanceNorm1d(1)(tensor([[[1.5, 2.5, 3.5]]]))); // tensor([[[-1.2247,  0.0000,  1.2247]]])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes, or for other channels where factors are learned or statistics gathered
 * @throws {ValueError} in `forward`, while training on one position
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.InstanceNorm1d.html}
 */
export class InstanceNorm1d extends InstanceNorm {
  /** Shapes that can be normalised. */
  protected override get expected(): { axes: readonly number[]; shape: string } {
    return { axes: [3, 2], shape: "[N, C, L] or [C, L]" };
  }
}

/**
 * Mean 0 and variance 1 of each channel of each sample over an image: (x - mean) / √(variance + eps). The input is [N, C, H, W] or [C, H,
 * W], the result the same. Defaults: eps 1e-5, momentum 0.1, affine false, trackRunningStats false. From https://arxiv.org/abs/1607.08022.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * console.log(new nn.InstanceNorm2d(3)(randn([2, 3, 4, 4])).shape); // torch.Size([2, 3, 4, 4])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes, or for other channels where factors are learned or statistics gathered
 * @throws {ValueError} in `forward`, while training on one position
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.InstanceNorm2d.html}
 */
export class InstanceNorm2d extends InstanceNorm {
  /** Shapes that can be normalised. */
  protected override get expected(): { axes: readonly number[]; shape: string } {
    return { axes: [4, 3], shape: "[N, C, H, W] or [C, H, W]" };
  }
}

/**
 * Mean 0 and variance 1 of each channel of each sample over a volume: (x - mean) / √(variance + eps). The input is [N, C, D, H, W] or [C, D,
 * H, W], the result the same. Defaults: eps 1e-5, momentum 0.1, affine false, trackRunningStats false. From
 * https://arxiv.org/abs/1607.08022.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * console.log(new nn.InstanceNorm3d(3)(randn([2, 3, 4, 4, 4])).shape); // torch.Size([2, 3, 4, 4, 4])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other axes, or for other channels where factors are learned or statistics gathered
 * @throws {ValueError} in `forward`, while training on one position
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.InstanceNorm3d.html}
 */
export class InstanceNorm3d extends InstanceNorm {
  /** Shapes that can be normalised. */
  protected override get expected(): { axes: readonly number[]; shape: string } {
    return { axes: [5, 4], shape: "[N, C, D, H, W] or [C, D, H, W]" };
  }
}
