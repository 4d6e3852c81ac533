/**
 * Distances as losses.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { HuberLossOptions, SmoothL1LossOptions } from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { Loss } from "./loss.ts";
import { requireInput } from "./require_input.ts";

/**
 * The squared distance: (x - y)². Target and input have one shape, or broadcast. `reduction` is "mean" by default; "none" keeps the shape.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.MSELoss()(tensor([1.5, 2.5]), tensor([1.5, 0.5]))); // tensor(2.)
 * ```
 *
 * @throws {ShapeError} for shapes that do not broadcast, {ValueError} for an unknown reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MSELoss.html}
 */
export class MSELoss extends Loss {
  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor): Tensor {
    requireInput(this, "input", input);
    requireInput(this, "target", target);
    const { reduction } = this;
    return F.mseLoss(input, target, { reduction });
  }
}

/**
 * The distance: |x - y|. Target and input have one shape, or broadcast. `reduction` is "mean" by default; "none" keeps the shape.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.L1Loss()(tensor([1.5, 2.5]), tensor([1.5, 0.5]))); // tensor(1.)
 * console.log(new nn.L1Loss({ reduction: "none" })(tensor([1.5, 2.5]), tensor([1.5, 0.5]))); // tensor([0., 2.])
 * ```
 *
 * @throws {ShapeError} for shapes that do not broadcast, {ValueError} for an unknown reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.L1Loss.html}
 */
export class L1Loss extends Loss {
  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor): Tensor {
    requireInput(this, "input", input);
    requireInput(this, "target", target);
    const { reduction } = this;
    return F.l1Loss(input, target, { reduction });
  }
}

/**
 * (x - y)² / (2 beta) for distances below beta, |x - y| - beta / 2 beyond. Target and input have one shape, or broadcast. `beta` is 1,
 * `reduction` "mean" by default.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.SmoothL1Loss()(tensor([1.5, 2.5]), tensor([1.5, 0.5]))); // tensor(0.7500)
 * ```
 *
 * @throws {ShapeError} for shapes that do not broadcast, {ValueError} for a negative beta or an unknown reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.SmoothL1Loss.html}
 */
export class SmoothL1Loss extends Loss {
  /** The distance at which square becomes linear. */
  readonly beta: number;

  /** The loss with these options. */
  constructor({ beta = 1, ...options }: SmoothL1LossOptions = {}) {
    super(options);
    this.beta = beta;
  }

  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor): Tensor {
    requireInput(this, "input", input);
    requireInput(this, "target", target);
    const { reduction, beta } = this;
    return F.smoothL1Loss(input, target, { reduction, beta });
  }
}

/**
 * (x - y)² / 2 up to a distance of delta, delta · (|x - y| - delta / 2) beyond. Target and input have one shape, or broadcast. `delta` is 1,
 * `reduction` "mean" by default.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.HuberLoss({ delta: 0.5 })(tensor([1.5, 2.5]), tensor([1.5, 0.5]))); // tensor(0.4375)
 * ```
 *
 * @throws {ShapeError} for shapes that do not broadcast, {ValueError} for a delta that is not above 0 or an unknown reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html}
 */
export class HuberLoss extends Loss {
  /** The distance at which square becomes linear. */
  readonly delta: number;

  /** The loss with these options. */
  constructor({ delta = 1, ...options }: HuberLossOptions = {}) {
    super(options);
    this.delta = delta;
  }

  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor): Tensor {
    requireInput(this, "input", input);
    requireInput(this, "target", target);
    const { reduction, delta } = this;
    return F.huberLoss(input, target, { reduction, delta });
  }
}
