/**
 * Distances as losses.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { HuberLossOptions, LossOptions, LossReduction, SmoothL1LossOptions } from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { Module } from "./module.ts";

/**
 * The squared distance: (x - y)².
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MSELoss.html}
 */
export class MSELoss extends Module {
  /** What becomes of the elements' losses. */
  readonly reduction: LossReduction;

  /** The loss with these options. */
  constructor({ reduction = "mean" }: LossOptions = {}) {
    super();
    this.reduction = reduction;
  }

  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor): Tensor {
    const { reduction } = this;
    return F.mseLoss(input, target, { reduction });
  }
}

/**
 * The distance: |x - y|.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.L1Loss.html}
 */
export class L1Loss extends Module {
  /** What becomes of the elements' losses. */
  readonly reduction: LossReduction;

  /** The loss with these options. */
  constructor({ reduction = "mean" }: LossOptions = {}) {
    super();
    this.reduction = reduction;
  }

  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor): Tensor {
    const { reduction } = this;
    return F.l1Loss(input, target, { reduction });
  }
}

/**
 * (x - y)² / (2 beta) up to a distance of beta, |x - y| - beta / 2 beyond.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.SmoothL1Loss.html}
 */
export class SmoothL1Loss extends Module {
  /** What becomes of the elements' losses. */
  readonly reduction: LossReduction;
  /** The distance at which square becomes linear. */
  readonly beta: number;

  /** The loss with these options. */
  constructor({ reduction = "mean", beta = 1 }: SmoothL1LossOptions = {}) {
    super();
    this.reduction = reduction;
    this.beta = beta;
  }

  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor): Tensor {
    const { reduction, beta } = this;
    return F.smoothL1Loss(input, target, { reduction, beta });
  }
}

/**
 * (x - y)² / 2 up to a distance of delta, delta · (|x - y| - delta / 2) beyond.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html}
 */
export class HuberLoss extends Module {
  /** What becomes of the elements' losses. */
  readonly reduction: LossReduction;
  /** The distance at which square becomes linear. */
  readonly delta: number;

  /** The loss with these options. */
  constructor({ reduction = "mean", delta = 1 }: HuberLossOptions = {}) {
    super();
    this.reduction = reduction;
    this.delta = delta;
  }

  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor): Tensor {
    const { reduction, delta } = this;
    return F.huberLoss(input, target, { reduction, delta });
  }
}
