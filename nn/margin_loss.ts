/**
 * Losses with a margin.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type {
  LossOptions,
  LossReduction,
  MarginLossOptions,
  MultiMarginLossOptions,
  TripletMarginLossOptions,
  TripletMarginWithDistanceLossOptions,
} from "../functional/mod.ts";
import { type Tensor, ValueError } from "../tensor/mod.ts";
import { optionsOf } from "../tensor/arguments.ts";
import { Module } from "./module.ts";

/**
 * max(0, -t · (x1 - x2) + margin): which of two scores should be higher.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.MarginRankingLoss()(tensor([1.5]), tensor([2.5]), tensor([1])).item()); // 1
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MarginRankingLoss.html}
 */
export class MarginRankingLoss extends Module {
  /** By how much things have to be right. */
  readonly margin: number;
  /** What becomes of the elements' losses. */
  readonly reduction: LossReduction;

  /** The loss with these options. */
  constructor({ margin = 0, reduction = "mean" }: MarginLossOptions = {}) {
    super();
    this.margin = margin;
    this.reduction = reduction;
  }

  /** The loss of two scores where `target` is 1 or -1. */
  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    const { margin, reduction } = this;
    return F.marginRankingLoss(input1, input2, target, { margin, reduction });
  }
}

/**
 * A distance where t = 1, max(0, margin - distance) where t = -1.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.HingeEmbeddingLoss({ margin: 2 })(tensor([0.5]), tensor([-1])).item()); // 1.5
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.HingeEmbeddingLoss.html}
 */
export class HingeEmbeddingLoss extends Module {
  /** By how much things have to be right. */
  readonly margin: number;
  /** What becomes of the elements' losses. */
  readonly reduction: LossReduction;

  /** The loss with these options. */
  constructor({ margin = 1, reduction = "mean" }: MarginLossOptions = {}) {
    super();
    this.margin = margin;
    this.reduction = reduction;
  }

  /** The loss of distances where `target` is 1 or -1. */
  override forward(input: Tensor, target: Tensor): Tensor {
    const { margin, reduction } = this;
    return F.hingeEmbeddingLoss(input, target, { margin, reduction });
  }
}

/**
 * 1 - cos(x1, x2) where t = 1, max(0, cos(x1, x2) - margin) where t = -1.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.CosineEmbeddingLoss()(tensor([[1.5, 0]]), tensor([[0, 2.5]]), tensor([1])).item()); // 1
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.CosineEmbeddingLoss.html}
 */
export class CosineEmbeddingLoss extends Module {
  /** By how much things have to be right. */
  readonly margin: number;
  /** What becomes of the elements' losses. */
  readonly reduction: LossReduction;

  /** The loss with these options. */
  constructor({ margin = 0, reduction = "mean" }: MarginLossOptions = {}) {
    super();
    this.margin = margin;
    this.reduction = reduction;
  }

  /** The loss of pairs of vectors where `target` is 1 or -1. */
  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    const { margin, reduction } = this;
    return F.cosineEmbeddingLoss(input1, input2, target, { margin, reduction });
  }
}

/**
 * max(0, d(anchor, positive) - d(anchor, negative) + margin) for the distance of a norm.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const loss = new nn.TripletMarginLoss({ margin: 0.5 });
 * console.log(loss(randn([4, 8]), randn([4, 8]), randn([4, 8])).shape); // torch.Size([])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.TripletMarginLoss.html}
 */
export class TripletMarginLoss extends Module {
  /** By how much things have to be right. */
  readonly margin: number;
  /** The exponent of the norm. */
  readonly p: number;
  /** What is added to every difference. */
  readonly eps: number;
  /** Whether the distance of positive and negative counts where it is smaller. */
  readonly swap: boolean;
  /** What becomes of the elements' losses. */
  readonly reduction: LossReduction;

  /** The loss with these options. */
  constructor({ margin = 1, p = 2, eps = 1e-6, swap = false, reduction = "mean" }: TripletMarginLossOptions = {}) {
    super();
    this.margin = requirePositive("TripletMarginLoss", margin);
    this.p = p;
    this.eps = eps;
    this.swap = swap;
    this.reduction = reduction;
  }

  /** The loss of triplets. */
  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { margin, p, eps, swap, reduction } = this;
    return F.tripletMarginLoss(anchor, positive, negative, { margin, p, eps, swap, reduction });
  }
}

/**
 * max(0, d(anchor, positive) - d(anchor, negative) + margin) for a distance of one's own.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const loss = new nn.TripletMarginWithDistanceLoss({ distanceFunction: (a, b) => a.sub(b).abs().amax(1) });
 * console.log(loss(randn([4, 8]), randn([4, 8]), randn([4, 8])).shape); // torch.Size([])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.TripletMarginWithDistanceLoss.html}
 */
export class TripletMarginWithDistanceLoss extends Module {
  /** The distance; null for the Euclidean one. */
  readonly distanceFunction: ((a: Tensor, b: Tensor) => Tensor) | null;
  /** By how much things have to be right. */
  readonly margin: number;
  /** Whether the distance of positive and negative counts where it is smaller. */
  readonly swap: boolean;
  /** What becomes of the elements' losses. */
  readonly reduction: LossReduction;

  /** The loss with these options. */
  constructor(
    { distanceFunction = null, margin = 1, swap = false, reduction = "mean" }: TripletMarginWithDistanceLossOptions =
      {},
  ) {
    super();
    this.distanceFunction = distanceFunction;
    this.margin = requirePositive("TripletMarginWithDistanceLoss", margin);
    this.swap = swap;
    this.reduction = reduction;
  }

  /** The loss of triplets. */
  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { distanceFunction, margin, swap, reduction } = this;
    return F.tripletMarginWithDistanceLoss(anchor, positive, negative, { distanceFunction, margin, swap, reduction });
  }
}

/**
 * Σ max(0, 1 - x_y + x_i) / C over the target's classes y and the classes i that are not among them.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.MultiLabelMarginLoss()(tensor([0.5, 1.5]), tensor([0, -1])).item()); // 1
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MultiLabelMarginLoss.html}
 */
export class MultiLabelMarginLoss extends Module {
  /** What becomes of the elements' losses. */
  readonly reduction: LossReduction;

  /** The loss with these options. */
  constructor({ reduction = "mean" }: LossOptions = {}) {
    super();
    this.reduction = reduction;
  }

  /** The loss of scores for lists of classes that end at -1. */
  override forward(input: Tensor, target: Tensor): Tensor {
    const { reduction } = this;
    return F.multilabelMarginLoss(input, target, { reduction });
  }
}

/**
 * Σ w_y · max(0, margin - x_y + x_i)^p / C over all classes i but the target's class y.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.MultiMarginLoss()(tensor([[0.5, 1.5]]), tensor([0])).item()); // 1
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MultiMarginLoss.html}
 */
export class MultiMarginLoss extends Module {
  /** The exponent, 1 or 2. */
  readonly p: number;
  /** By how much the right class has to be above the others. */
  readonly margin: number;
  /** A factor for each class. */
  weight: Tensor | null;
  /** What becomes of the elements' losses. */
  readonly reduction: LossReduction;

  /** The loss with these options. */
  constructor(p?: number | MultiMarginLossOptions, options?: MultiMarginLossOptions) {
    super();
    const given = optionsOf<MultiMarginLossOptions>(["p"], p, options);
    this.p = given.p ?? 1;
    if (this.p !== 1 && this.p !== 2) {
      throw new ValueError(`Cannot make a MultiMarginLoss with p ${this.p}: it is 1 or 2`);
    }
    this.margin = given.margin ?? 1;
    this.weight = given.weight ?? null;
    this.registerBuffer("weight", this.weight);
    this.reduction = given.reduction ?? "mean";
  }

  /** The loss of scores for classes. */
  override forward(input: Tensor, target: Tensor): Tensor {
    const { p, margin, weight, reduction } = this;
    return F.multiMarginLoss(input, target, { p, margin, weight, reduction });
  }
}

function requirePositive(name: string, margin: number): number {
  if (margin > 0) return margin;
  throw new ValueError(`Cannot make a ${name} with margin ${margin}: it must be above 0`);
}
