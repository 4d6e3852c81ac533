/**
 * Losses that are negative log-likelihoods or divergences.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { GaussianNllLossOptions, KlDivOptions, LossReduction, PoissonNllLossOptions } from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { Module } from "./module.ts";

/**
 * The negative log-likelihood of counts under Poisson distributions.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.PoissonNLLLoss.html}
 */
export class PoissonNLLLoss extends Module {
  /** Whether the input is the logarithm of the rate. */
  readonly logInput: boolean;
  /** Whether Stirling's approximation of the factorial is added. */
  readonly full: boolean;
  /** What keeps the logarithm of a rate finite. */
  readonly eps: number;
  /** What becomes of the elements' losses. */
  readonly reduction: LossReduction;

  /** The loss with these options. */
  constructor({ logInput = true, full = false, eps = 1e-8, reduction = "mean" }: PoissonNllLossOptions = {}) {
    super();
    this.logInput = logInput;
    this.full = full;
    this.eps = eps;
    this.reduction = reduction;
  }

  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor): Tensor {
    const { logInput, full, eps, reduction } = this;
    return F.poissonNllLoss(input, target, { logInput, full, eps, reduction });
  }
}

/**
 * The negative log-likelihood of numbers under normal distributions.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.GaussianNLLLoss.html}
 */
export class GaussianNLLLoss extends Module {
  /** Whether the constant term is added. */
  readonly full: boolean;
  /** The smallest variance. */
  readonly eps: number;
  /** What becomes of the elements' losses. */
  readonly reduction: LossReduction;

  /** The loss with these options. */
  constructor({ full = false, eps = 1e-6, reduction = "mean" }: GaussianNllLossOptions = {}) {
    super();
    this.full = full;
    this.eps = eps;
    this.reduction = reduction;
  }

  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor, variance: Tensor): Tensor {
    const { full, eps, reduction } = this;
    return F.gaussianNllLoss(input, target, variance, { full, eps, reduction });
  }
}

/**
 * The Kullback-Leibler divergence of log-probabilities from probabilities.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html}
 */
export class KLDivLoss extends Module {
  /** What becomes of the elements' losses. */
  readonly reduction: "none" | "mean" | "sum" | "batchmean";
  /** Whether targets are log-probabilities too. */
  readonly logTarget: boolean;

  /** The loss with these options. */
  constructor({ reduction = "mean", logTarget = false }: KlDivOptions = {}) {
    super();
    this.reduction = reduction;
    this.logTarget = logTarget;
  }

  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor): Tensor {
    const { reduction, logTarget } = this;
    return F.klDiv(input, target, { reduction, logTarget });
  }
}
