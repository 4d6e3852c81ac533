/**
 * Losses that are negative log-likelihoods or divergences.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { GaussianNllLossOptions, KlDivOptions, PoissonNllLossOptions } from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { Loss } from "./loss.ts";
import { Module } from "./module.ts";
import { requireInput } from "./require_input.ts";

/**
 * The negative log-likelihood of counts y under Poisson distributions: exp(x) - y · x, or x - y · log(x + eps) with `logInput: false`.
 * `full` adds y · log y - y + log(2π y) / 2 for counts above 1, Stirling's approximation of log y!. Defaults: logInput true, full false, eps
 * 1e-8, reduction "mean".
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.PoissonNLLLoss()(tensor([0.5, 1.5]), tensor([2, 4]))); // tensor(-0.4348)
 * ```
 *
 * @throws {ShapeError} for shapes that do not broadcast, {ValueError} for an unknown reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.PoissonNLLLoss.html}
 */
export class PoissonNLLLoss extends Loss {
  /** Whether the input is the logarithm of the rate. */
  readonly logInput: boolean;
  /** Whether Stirling's approximation of the factorial is added. */
  readonly full: boolean;
  /** What keeps the logarithm of a rate finite. */
  readonly eps: number;

  /** The loss with these options. */
  constructor({ logInput = true, full = false, eps = 1e-8, ...options }: PoissonNllLossOptions = {}) {
    super(options);
    this.logInput = logInput;
    this.full = full;
    this.eps = eps;
  }

  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor): Tensor {
    requireInput(this, "input", input);
    requireInput(this, "target", target);
    const { logInput, full, eps, reduction } = this;
    return F.poissonNllLoss(input, target, { logInput, full, eps, reduction });
  }
}

/**
 * The negative log-likelihood of numbers y under normal distributions: (log v + (x - y)² / v) / 2, where v is the variance, but eps at
 * least. `full` adds log(2π) / 2. The variance has the input's shape, or 1 as its last extent, or lacks that axis. Defaults: full false, eps
 * 1e-6, reduction "mean".
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const loss = new nn.GaussianNLLLoss();
 * console.log(loss(tensor([0.5, 1.5]), tensor([0.5, 2.5]), tensor([1, 4]))); // tensor(0.4091)
 * ```
 *
 * @throws {ShapeError} for other shapes
 * @throws {ValueError} for a negative variance, where it is on the host, or an unknown reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.GaussianNLLLoss.html}
 */
export class GaussianNLLLoss extends Loss {
  /** Whether the constant term is added. */
  readonly full: boolean;
  /** The smallest variance. */
  readonly eps: number;

  /** The loss with these options. */
  constructor({ full = false, eps = 1e-6, ...options }: GaussianNllLossOptions = {}) {
    super(options);
    this.full = full;
    this.eps = eps;
  }

  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor, variance: Tensor): Tensor {
    requireInput(this, "input", input);
    requireInput(this, "target", target);
    requireInput(this, "variance", variance);
    const { full, eps, reduction } = this;
    return F.gaussianNllLoss(input, target, variance, { full, eps, reduction });
  }
}

/**
 * The Kullback-Leibler divergence of log-probabilities x from probabilities y: y · (log y - x), or exp(y) · (y - x) with `logTarget`. Only
 * `reduction: "batchmean"`, the sum divided by the first extent, gives the divergence by its definition; the default is "mean". `logTarget`
 * is false by default.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const x = new nn.LogSoftmax(1)(tensor([[0.5, 1.5]]));
 * console.log(new nn.KLDivLoss({ reduction: "batchmean" })(x, tensor([[0.5, 0.5]]))); // tensor(0.1201)
 * ```
 *
 * @throws {ShapeError} for shapes that do not broadcast, {ValueError} for an unknown reduction
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
    requireInput(this, "input", input);
    requireInput(this, "target", target);
    const { reduction, logTarget } = this;
    return F.klDiv(input, target, { reduction, logTarget });
  }
}
