/**
 * Normalisation of each sample by itself.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { ones, type Tensor, ValueError, zeros } from "../tensor/mod.ts";
import { pythonFloat, pythonValue } from "../tensor/python_format.ts";
import * as init from "./init.ts";
import type { LayerOptions } from "./linear.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import { requireInput } from "./require_input.ts";

/** Options of `LayerNorm`. */
export interface LayerNormOptions extends LayerOptions {
  /** What is added to the variance. Default 1e-5. */
  readonly eps?: number;
  /** Whether a factor and an offset are learned for each element. Default true. */
  readonly elementwiseAffine?: boolean;
  /** Whether the offset is learned, too. Default true. */
  readonly bias?: boolean;
}

/**
 * Mean 0 and variance 1 over the last axes, then a learned factor and offset for each element: (x - mean) / √(variance + eps) · weight +
 * bias. The input is [..., ...normalizedShape], the result the same. Defaults: eps 1e-5, elementwiseAffine true, bias true. From
 * https://arxiv.org/abs/1607.06450.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const layer = new nn.LayerNorm(3, { elementwiseAffine: false });
 * console.log(layer(tensor([1.5, 2.5, 3.5]))); // tensor([-1.2247,  0.0000,  1.2247])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other last axes
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html}
 */
export class LayerNorm extends Module {
  /** Extents of the last axes. */
  readonly normalizedShape: readonly number[];
  /** What is added to the variance. */
  readonly eps: number;
  /** Whether a factor and an offset are learned. */
  readonly elementwiseAffine: boolean;
  /** The factors; null where none are learned. */
  weight: Parameter | null;
  /** The offsets; null where none are learned. */
  bias: Parameter | null;

  /** Normalises over axes of the given extents. */
  constructor(normalizedShape: number | readonly number[], options: LayerNormOptions = {}) {
    super();
    const { eps = 1e-5, elementwiseAffine = true, bias = true, ...layer } = options;
    this.normalizedShape = typeof normalizedShape === "number" ? [normalizedShape] : [...normalizedShape];
    this.eps = eps;
    this.elementwiseAffine = elementwiseAffine;
    this.weight = elementwiseAffine ? new Parameter(ones(this.normalizedShape, layer)) : null;
    this.bias = elementwiseAffine && bias ? new Parameter(zeros(this.normalizedShape, layer)) : null;
  }

  /** Sets factors to 1 and offsets to 0. */
  resetParameters(): void {
    resetAffine(this);
  }

  /** `input` is [..., ...normalizedShape]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    const { weight, bias, eps } = this;
    return F.layerNorm(input, this.normalizedShape, { weight, bias, eps });
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `${pythonValue(this.normalizedShape)}, eps=${pythonFloat(this.eps)}, ` +
      `elementwise_affine=${pythonValue(this.elementwiseAffine)}`;
  }
}

/** Sets learned factors to 1 and offsets to 0. */
export function resetAffine({ weight, bias }: { weight: Parameter | null; bias?: Parameter | null }): void {
  if (weight !== null) init.ones_(weight);
  if (bias != null) init.zeros_(bias);
}

/** Options of `RMSNorm`. */
export interface RMSNormOptions extends LayerOptions {
  /** What is added to the mean square; null, the default, for the dtype's own precision. */
  readonly eps?: number | null;
  /** Whether a factor is learned for each element. Default true. */
  readonly elementwiseAffine?: boolean;
}

/**
 * Mean square 1 over the last axes, then a learned factor for each element: x / √(mean of x² + eps) · weight. The input is [...,
 * ...normalizedShape], the result the same. Defaults: eps the dtype's own precision, elementwiseAffine true. From
 * https://arxiv.org/abs/1910.07467.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const layer = new nn.RMSNorm(2, { elementwiseAffine: false });
 * console.log(layer(tensor([0.5, 3.5]))); // tensor([0.2000, 1.4000])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other last axes
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.RMSNorm.html}
 */
export class RMSNorm extends Module {
  /** Extents of the last axes. */
  readonly normalizedShape: readonly number[];
  /** What is added to the mean square; null for the dtype's own precision. */
  readonly eps: number | null;
  /** Whether a factor is learned. */
  readonly elementwiseAffine: boolean;
  /** The factors; null where none are learned. */
  weight: Parameter | null;

  /** Normalises over axes of the given extents. */
  constructor(normalizedShape: number | readonly number[], options: RMSNormOptions = {}) {
    super();
    const { eps = null, elementwiseAffine = true, ...layer } = options;
    this.normalizedShape = typeof normalizedShape === "number" ? [normalizedShape] : [...normalizedShape];
    this.eps = eps;
    this.elementwiseAffine = elementwiseAffine;
    this.weight = elementwiseAffine ? new Parameter(ones(this.normalizedShape, layer)) : null;
  }

  /** Sets factors to 1. */
  resetParameters(): void {
    resetAffine(this);
  }

  /** `input` is [..., ...normalizedShape]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.rmsNorm(input, this.normalizedShape, { weight: this.weight, eps: this.eps });
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `${pythonValue(this.normalizedShape)}, eps=${pythonValue(this.eps)}, ` +
      `elementwise_affine=${pythonValue(this.elementwiseAffine)}`;
  }
}

/** Options of `GroupNorm`. */
export interface GroupNormOptions extends LayerOptions {
  /** What is added to the variance. Default 1e-5. */
  readonly eps?: number;
  /** Whether a factor and an offset are learned for each channel. Default true. */
  readonly affine?: boolean;
}

/**
 * Mean 0 and variance 1 of each sample over groups of channels and all positions, then a learned factor and offset for each channel: (x -
 * mean) / √(variance + eps) · weight + bias. The input is [N, numChannels, ...], the result the same. Defaults: eps 1e-5, affine true. From
 * https://arxiv.org/abs/1803.08494.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const layer = new nn.GroupNorm(2, 6);
 * console.log(layer(randn([20, 6, 10, 10])).shape); // torch.Size([20, 6, 10, 10])
 * ```
 *
 * @throws {ValueError} where the groups are not of equal size
 * @throws {ShapeError} in `forward`, for other channels
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html}
 */
export class GroupNorm extends Module {
  /** Number of groups. */
  readonly numGroups: number;
  /** Number of channels. */
  readonly numChannels: number;
  /** What is added to the variance. */
  readonly eps: number;
  /** Whether a factor and an offset are learned. */
  readonly affine: boolean;
  /** The factors; null where none are learned. */
  weight: Parameter | null;
  /** The offsets; null where none are learned. */
  bias: Parameter | null;

  /** Normalises over `numGroups` groups of `numChannels` channels. */
  constructor(numGroups: number, numChannels: number, { eps = 1e-5, affine = true, ...layer }: GroupNormOptions = {}) {
    super();
    if (numChannels % numGroups !== 0) {
      throw new ValueError(`Cannot divide ${numChannels} channels into ${numGroups} groups of equal size`);
    }
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.eps = eps;
    this.affine = affine;
    this.weight = affine ? new Parameter(ones([numChannels], layer)) : null;
    this.bias = affine ? new Parameter(zeros([numChannels], layer)) : null;
  }

  /** Sets factors to 1 and offsets to 0. */
  resetParameters(): void {
    resetAffine(this);
  }

  /** `input` is [N, numChannels, ...]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    const { weight, bias, eps } = this;
    return F.groupNorm(input, this.numGroups, { weight, bias, eps });
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `${this.numGroups}, ${this.numChannels}, eps=${pythonFloat(this.eps)}, affine=${pythonValue(this.affine)}`;
  }
}
