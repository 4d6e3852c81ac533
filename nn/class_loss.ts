/**
 * Losses of classifiers.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type {
  BinaryCrossEntropyWithLogitsOptions,
  CrossEntropyOptions,
  LossOptions,
  LossReduction,
  NllLossOptions,
  WeightedLossOptions,
} from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { optionsOf } from "../tensor/arguments.ts";
import { Module } from "./module.ts";

/**
 * The negative log-likelihood of classes, or of probabilities of classes, under softmax.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html}
 */
export class CrossEntropyLoss extends Module {
  /** A factor for each class. */
  weight: Tensor | null;
  /** The class that counts for nothing. */
  readonly ignoreIndex: number;
  /** What becomes of the elements' losses. */
  readonly reduction: LossReduction;
  /** The share of each target that is spread over all classes. */
  readonly labelSmoothing: number;

  /** The loss with these options. */
  constructor(weight?: Tensor | CrossEntropyOptions | null, options?: CrossEntropyOptions) {
    super();
    const given = optionsOf<CrossEntropyOptions>(["weight"], weight, options);
    this.weight = given.weight ?? null;
    this.registerBuffer("weight", this.weight);
    this.ignoreIndex = given.ignoreIndex ?? -100;
    this.reduction = given.reduction ?? "mean";
    this.labelSmoothing = given.labelSmoothing ?? 0;
  }

  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction, labelSmoothing } = this;
    return F.crossEntropy(input, target, { weight, ignoreIndex, reduction, labelSmoothing });
  }
}

/**
 * The negative of the log-probability of the right class.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html}
 */
export class NLLLoss extends Module {
  /** A factor for each class. */
  weight: Tensor | null;
  /** The class that counts for nothing. */
  readonly ignoreIndex: number;
  /** What becomes of the elements' losses. */
  readonly reduction: LossReduction;

  /** The loss with these options. */
  constructor(weight?: Tensor | NllLossOptions | null, options?: NllLossOptions) {
    super();
    const given = optionsOf<NllLossOptions>(["weight"], weight, options);
    this.weight = given.weight ?? null;
    this.registerBuffer("weight", this.weight);
    this.ignoreIndex = given.ignoreIndex ?? -100;
    this.reduction = given.reduction ?? "mean";
  }

  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction } = this;
    return F.nllLoss(input, target, { weight, ignoreIndex, reduction });
  }
}

/**
 * The negative log-likelihood of yes or no under probabilities.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.BCELoss.html}
 */
export class BCELoss extends Module {
  /** A factor for each element. */
  weight: Tensor | null;
  /** What becomes of the elements' losses. */
  readonly reduction: LossReduction;

  /** The loss with these options. */
  constructor(weight?: Tensor | WeightedLossOptions | null, options?: WeightedLossOptions) {
    super();
    const given = optionsOf<WeightedLossOptions>(["weight"], weight, options);
    this.weight = given.weight ?? null;
    this.registerBuffer("weight", this.weight);
    this.reduction = given.reduction ?? "mean";
  }

  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, reduction } = this;
    return F.binaryCrossEntropy(input, target, { weight, reduction });
  }
}

/**
 * The negative log-likelihood of yes or no under sigmoid.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html}
 */
export class BCEWithLogitsLoss extends Module {
  /** A factor for each element. */
  weight: Tensor | null;
  /** A factor for the yes of each class. */
  posWeight: Tensor | null;
  /** What becomes of the elements' losses. */
  readonly reduction: LossReduction;

  /** The loss with these options. */
  constructor(
    weight?: Tensor | BinaryCrossEntropyWithLogitsOptions | null,
    options?: BinaryCrossEntropyWithLogitsOptions,
  ) {
    super();
    const given = optionsOf<BinaryCrossEntropyWithLogitsOptions>(["weight"], weight, options);
    this.weight = given.weight ?? null;
    this.registerBuffer("weight", this.weight);
    this.posWeight = given.posWeight ?? null;
    this.registerBuffer("posWeight", this.posWeight);
    this.reduction = given.reduction ?? "mean";
  }

  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, posWeight, reduction } = this;
    return F.binaryCrossEntropyWithLogits(input, target, { weight, posWeight, reduction });
  }
}

/**
 * The mean over the classes of the negative log-likelihood of yes or no under sigmoid.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MultiLabelSoftMarginLoss.html}
 */
export class MultiLabelSoftMarginLoss extends Module {
  /** A factor for each class. */
  weight: Tensor | null;
  /** What becomes of the elements' losses. */
  readonly reduction: LossReduction;

  /** The loss with these options. */
  constructor(weight?: Tensor | WeightedLossOptions | null, options?: WeightedLossOptions) {
    super();
    const given = optionsOf<WeightedLossOptions>(["weight"], weight, options);
    this.weight = given.weight ?? null;
    this.registerBuffer("weight", this.weight);
    this.reduction = given.reduction ?? "mean";
  }

  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, reduction } = this;
    return F.multilabelSoftMarginLoss(input, target, { weight, reduction });
  }
}

/**
 * log(1 + exp(-y · x)) for targets of 1 and -1.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.SoftMarginLoss.html}
 */
export class SoftMarginLoss extends Module {
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
    return F.softMarginLoss(input, target, { reduction });
  }
}
