/**
 * Dropout.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { type Tensor, ValueError } from "../tensor/mod.ts";
import { pythonValue } from "../tensor/python_format.ts";
import { optionsOf } from "../tensor/arguments.ts";
import { Module } from "./module.ts";
import { requireInput } from "./require_input.ts";

/** Options of dropouts. */
export interface DropoutOptions {
  /** The probability of an element, or a channel, to be dropped. Default 0.5. */
  readonly p?: number;
  /** Whether the input itself is overwritten. Default false. */
  readonly inplace?: boolean;
}

/**
 * Base of all dropouts: keeps the probability `p`, default 0.5. In evaluation a dropout returns its input.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layers: nn.DropoutBase[] = [new nn.Dropout(0.1), new nn.AlphaDropout()];
 * console.log(layers.map((layer) => layer.p)); // [ 0.1, 0.5 ]
 * ```
 *
 * @throws {ValueError} for a probability outside of [0, 1]
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Dropout.html}
 */
export abstract class DropoutBase extends Module {
  /** The probability of an element, or a channel, to be dropped. */
  readonly p: number;
  /** Whether the input itself is overwritten. */
  readonly inplace: boolean;

  /** Drops with probability `p`. */
  constructor(probability?: number | DropoutOptions, options?: DropoutOptions) {
    super();
    const { p = 0.5, inplace = false } = optionsOf<DropoutOptions>(["p"], probability, options);
    if (!(p >= 0 && p <= 1)) {
      throw new ValueError(`Cannot drop elements with probability ${p}: expected a number from 0 to 1`);
    }
    this.p = p;
    this.inplace = inplace;
  }

  /** The function. */
  protected abstract drop(input: Tensor, options: { p: number; training: boolean }): Tensor;

  /** `input`, of which something is dropped while training. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    const output = this.drop(input, { p: this.p, training: this.training });
    return this.inplace ? input.copy_(output) : output;
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `p=${pythonValue(this.p)}, inplace=${pythonValue(this.inplace)}`;
  }
}

/**
 * While training, zeroes elements with probability `p`, default 0.5, and scales the others by 1 / (1 - p); in evaluation it returns its
 * input. Any shape. From https://arxiv.org/abs/1207.0580.
 *
 * ```ts
 * import { manualSeed, nn, ones } from "@tensaur/tensaur";
 *
 * manualSeed(0);
 * console.log(new nn.Dropout(0.2)(ones([6]))); // tensor([0.0000, 1.2500, 1.2500, 0.0000, 1.2500, 1.2500])
 * ```
 *
 * @throws {ValueError} for a probability outside of [0, 1]
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Dropout.html}
 */
export class Dropout extends DropoutBase {
  /** The function. */
  protected override drop(input: Tensor, options: { p: number; training: boolean }): Tensor {
    return F.dropout(input, options);
  }
}

/**
 * While training, zeroes whole channels of [N, C, L] or [C, L] with probability `p`, default 0.5, and scales the others by 1 / (1 - p); in
 * evaluation it returns its input. From https://arxiv.org/abs/1411.4280.
 *
 * ```ts
 * import { manualSeed, nn, ones } from "@tensaur/tensaur";
 *
 * manualSeed(0);
 * console.log(new nn.Dropout1d(0.5)(ones([1, 4, 2])).flatten()); // tensor([0., 0., 0., 0., 2., 2., 0., 0.])
 * ```
 *
 * @throws {ValueError} for a probability outside of [0, 1]
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Dropout1d.html}
 */
export class Dropout1d extends DropoutBase {
  /** The function. */
  protected override drop(input: Tensor, options: { p: number; training: boolean }): Tensor {
    return F.dropout1d(input, options);
  }
}

/**
 * While training, zeroes whole channels of [N, C, H, W] with probability `p`, default 0.5, and scales the others by 1 / (1 - p); in
 * evaluation it returns its input. From https://arxiv.org/abs/1411.4280.
 *
 * ```ts
 * import { manualSeed, nn, ones } from "@tensaur/tensaur";
 *
 * manualSeed(0);
 * console.log(new nn.Dropout2d(0.5)(ones([1, 4, 1, 2])).flatten()); // tensor([0., 0., 0., 0., 2., 2., 0., 0.])
 * ```
 *
 * @throws {ValueError} for a probability outside of [0, 1]
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Dropout2d.html}
 */
export class Dropout2d extends DropoutBase {
  /** The function. */
  protected override drop(input: Tensor, options: { p: number; training: boolean }): Tensor {
    return F.dropout2d(input, options);
  }
}

/**
 * While training, zeroes whole channels of [N, C, D, H, W] or [C, D, H, W] with probability `p`, default 0.5, and scales the others by 1 /
 * (1 - p); in evaluation it returns its input. From https://arxiv.org/abs/1411.4280.
 *
 * ```ts
 * import { manualSeed, nn, ones } from "@tensaur/tensaur";
 *
 * manualSeed(0);
 * console.log(new nn.Dropout3d(0.5)(ones([1, 4, 1, 1, 2])).flatten()); // tensor([0., 0., 0., 0., 2., 2., 0., 0.])
 * ```
 *
 * @throws {ValueError} for a probability outside of [0, 1]
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Dropout3d.html}
 */
export class Dropout3d extends DropoutBase {
  /** The function. */
  protected override drop(input: Tensor, options: { p: number; training: boolean }): Tensor {
    return F.dropout3d(input, options);
  }
}

/**
 * While training, drops elements with probability `p`, default 0.5, to the value that `SELU` has towards minus infinity, and keeps mean 0
 * and variance 1; in evaluation it returns its input. Any shape. From https://arxiv.org/abs/1706.02515.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * const layer = new nn.AlphaDropout(0.2);
 * console.log(layer(ones([4, 8])).shape, layer.eval()(ones([2]))); // torch.Size([4, 8]) tensor([1., 1.])
 * ```
 *
 * @throws {ValueError} for a probability outside of [0, 1]
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.AlphaDropout.html}
 */
export class AlphaDropout extends DropoutBase {
  /** The function. */
  protected override drop(input: Tensor, options: { p: number; training: boolean }): Tensor {
    return F.alphaDropout(input, options);
  }
}

/**
 * While training, drops whole channels of [N, C, ...] with probability `p`, default 0.5, as `AlphaDropout` does elements; in evaluation it
 * returns its input. From https://arxiv.org/abs/1706.02515.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * const layer = new nn.FeatureAlphaDropout(0.2);
 * console.log(layer(ones([4, 8, 5])).shape, layer.eval()(ones([2]))); // torch.Size([4, 8, 5]) tensor([1., 1.])
 * ```
 *
 * @throws {ValueError} for a probability outside of [0, 1]
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.FeatureAlphaDropout.html}
 */
export class FeatureAlphaDropout extends DropoutBase {
  /** The function. */
  protected override drop(input: Tensor, options: { p: number; training: boolean }): Tensor {
    return F.featureAlphaDropout(input, options);
  }
}
