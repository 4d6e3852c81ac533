/**
 * Normalisation over neighbouring channels.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { LocalResponseNormOptions } from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { pythonValue } from "../tensor/python_format.ts";
import { Module } from "./module.ts";
import { requireInput } from "./require_input.ts";

/**
 * x / (k + alpha · mean of x² over `size` neighbouring channels)^beta. The input is [N, C, ...] with positions, the result the same.
 * Defaults: alpha 1e-4, beta 0.75, k 1.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.LocalResponseNorm(2)(ones([4, 6, 5])).shape); // torch.Size([4, 6, 5])
 * ```
 *
 * @throws {ShapeError} in `forward`, for fewer than three axes; {ValueError} for a size that is no positive integer
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LocalResponseNorm.html}
 */
export class LocalResponseNorm extends Module {
  /** How many channels are looked at. */
  readonly size: number;
  /** The factor of the mean square. */
  readonly alpha: number;
  /** The exponent. */
  readonly beta: number;
  /** What is added to the mean square. */
  readonly k: number;

  /** Over `size` channels. */
  constructor(size: number, { alpha = 1e-4, beta = 0.75, k = 1 }: LocalResponseNormOptions = {}) {
    super();
    this.size = size;
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
  }

  /** `input` is [N, C, ...]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    const { alpha, beta, k } = this;
    return F.localResponseNorm(input, this.size, { alpha, beta, k });
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `${this.size}, alpha=${pythonValue(this.alpha)}, beta=${pythonValue(this.beta)}, k=${pythonValue(this.k)}`;
  }
}

/**
 * The same as `LocalResponseNorm` for images, under Caffe's name.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * console.log(new nn.CrossMapLRN2d(3)(ones([4, 6, 5, 5])).shape); // torch.Size([4, 6, 5, 5])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.CrossMapLRN2d.html}
 */
export class CrossMapLRN2d extends LocalResponseNorm {}
