/**
 * Losses with a margin.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type {
  MarginLossOptions,
  MultiMarginLossOptions,
  TripletMarginLossOptions,
  TripletMarginWithDistanceLossOptions,
} from "../functional/mod.ts";
import { type Tensor, ValueError } from "../tensor/mod.ts";
import { optionsOf } from "../tensor/arguments.ts";
import { Loss, WeightedLoss } from "./loss.ts";
import { requireInput } from "./require_input.ts";

/**
 * max(0, -t · (x1 - x2) + margin): which of two scores should be higher, the first where t is 1, the second where it is -1. All have as many
 * axes, and broadcast. Defaults: margin 0, reduction "mean".
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.MarginRankingLoss()(tensor([1.5]), tensor([2.5]), tensor([1]))); // tensor(1.)
 * ```
 *
 * @throws {ShapeError} in `forward`, where the shapes do not fit
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MarginRankingLoss.html}
 */
export class MarginRankingLoss extends Loss {
  /** By how much things have to be right. */
  readonly margin: number;

  /** The loss with these options. */
  constructor({ margin = 0, ...options }: MarginLossOptions = {}) {
    super(options);
    this.margin = margin;
  }

  /** The loss of two scores where `target` is 1 or -1. */
  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    requireInput(this, "input1", input1);
    requireInput(this, "input2", input2);
    requireInput(this, "target", target);
    const { margin, reduction } = this;
    return F.marginRankingLoss(input1, input2, target, { margin, reduction });
  }
}

/**
 * A distance where t = 1, max(0, margin - distance) where t = -1. Distances and targets have one shape, or broadcast. Defaults: margin 1,
 * reduction "mean".
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.HingeEmbeddingLoss({ margin: 2 })(tensor([0.5]), tensor([-1]))); // tensor(1.5000)
 * ```
 *
 * @throws {ShapeError} in `forward`, where the shapes do not fit
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.HingeEmbeddingLoss.html}
 */
export class HingeEmbeddingLoss extends Loss {
  /** By how much things have to be right. */
  readonly margin: number;

  /** The loss with these options. */
  constructor({ margin = 1, ...options }: MarginLossOptions = {}) {
    super(options);
    this.margin = margin;
  }

  /** The loss of distances where `target` is 1 or -1. */
  override forward(input: Tensor, target: Tensor): Tensor {
    requireInput(this, "input", input);
    requireInput(this, "target", target);
    const { margin, reduction } = this;
    return F.hingeEmbeddingLoss(input, target, { margin, reduction });
  }
}

/**
 * 1 - cos(x1, x2) where t = 1, max(0, cos(x1, x2) - margin) where t = -1. Inputs are [N, D] with targets [N], or [D] with []. Defaults:
 * margin 0, reduction "mean".
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.CosineEmbeddingLoss()(tensor([[1.5, 0]]), tensor([[0, 2.5]]), tensor([1]))); // tensor(1.)
 * ```
 *
 * @throws {ShapeError} in `forward`, where the shapes do not fit
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.CosineEmbeddingLoss.html}
 */
export class CosineEmbeddingLoss extends Loss {
  /** By how much things have to be right. */
  readonly margin: number;

  /** The loss with these options. */
  constructor({ margin = 0, ...options }: MarginLossOptions = {}) {
    super(options);
    this.margin = margin;
  }

  /** The loss of pairs of vectors where `target` is 1 or -1. */
  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    requireInput(this, "input1", input1);
    requireInput(this, "input2", input2);
    requireInput(this, "target", target);
    const { margin, reduction } = this;
    return F.cosineEmbeddingLoss(input1, input2, target, { margin, reduction });
  }
}

/**
 * max(0, d(anchor, positive) - d(anchor, negative) + margin) for the distance d(x, y) = ‖x - y + eps‖ₚ. All are [N, D] or [D]; unreduced
 * losses are [N] or []. With `swap`, d(positive, negative) counts where it is smaller than d(anchor, negative). Defaults: margin 1, p 2, eps
 * 1e-6, swap false, reduction "mean".
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const [anchor, positive, negative] = [tensor([[0.5]]), tensor([[1.5]]), tensor([[3]])];
 * console.log(new nn.TripletMarginLoss({ margin: 2 })(anchor, positive, negative)); // tensor(0.5000)
 * ```
 *
 * @throws {ValueError} for a margin that is not above 0, as in PyTorch 2
 * @throws {ShapeError} in `forward`, for different numbers of axes
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.TripletMarginLoss.html}
 */
export class TripletMarginLoss extends Loss {
  /** By how much things have to be right. */
  readonly margin: number;
  /** The exponent of the norm. */
  readonly p: number;
  /** What is added to every difference. */
  readonly eps: number;
  /** Whether the distance of positive and negative counts where it is smaller. */
  readonly swap: boolean;

  /** The loss with these options. */
  constructor({ margin = 1, p = 2, eps = 1e-6, swap = false, ...options }: TripletMarginLossOptions = {}) {
    super(options);
    this.margin = requirePositive("TripletMarginLoss", margin);
    this.p = p;
    this.eps = eps;
    this.swap = swap;
  }

  /** The loss of triplets. */
  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    requireInput(this, "anchor", anchor);
    requireInput(this, "positive", positive);
    requireInput(this, "negative", negative);
    const { margin, p, eps, swap, reduction } = this;
    return F.tripletMarginLoss(anchor, positive, negative, { margin, p, eps, swap, reduction });
  }
}

/**
 * max(0, d(anchor, positive) - d(anchor, negative) + margin) for a distance d of one's own, the Euclidean one by default. With `swap`,
 * d(positive, negative) counts where it is smaller than d(anchor, negative). Defaults: margin 1, swap false, reduction "mean".
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const loss = new nn.TripletMarginWithDistanceLoss({ distanceFunction: (a, b) => a.sub(b).abs().amax(1) });
 * console.log(loss(tensor([[0.5, 0]]), tensor([[1.5, 0]]), tensor([[0.5, 0.5]]))); // tensor(1.5000)
 * ```
 *
 * @throws {ValueError} for a margin that is not above 0, as in PyTorch 2
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.TripletMarginWithDistanceLoss.html}
 */
export class TripletMarginWithDistanceLoss extends Loss {
  /** The distance; null for the Euclidean one. */
  readonly distanceFunction: ((a: Tensor, b: Tensor) => Tensor) | null;
  /** By how much things have to be right. */
  readonly margin: number;
  /** Whether the distance of positive and negative counts where it is smaller. */
  readonly swap: boolean;

  /** The loss with these options. */
  constructor(
    { distanceFunction = null, margin = 1, swap = false, ...options }: TripletMarginWithDistanceLossOptions = {},
  ) {
    super(options);
    this.distanceFunction = distanceFunction;
    this.margin = requirePositive("TripletMarginWithDistanceLoss", margin);
    this.swap = swap;
  }

  /** The loss of triplets. */
  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    requireInput(this, "anchor", anchor);
    requireInput(this, "positive", positive);
    requireInput(this, "negative", negative);
    const { distanceFunction, margin, swap, reduction } = this;
    return F.tripletMarginWithDistanceLoss(anchor, positive, negative, { distanceFunction, margin, swap, reduction });
  }
}

/**
 * Σ max(0, 1 - x_y + x_i) / C over the target's classes y and the classes i that are not among them. The input is [N, C] or [C]; so is the
 * target, which lists classes up to the first -1. `reduction` is "mean" by default; unreduced losses are [N] or [].
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.MultiLabelMarginLoss()(tensor([0.5, 1.5]), tensor([0, -1]))); // tensor(1.)
 * ```
 *
 * @throws {ShapeError} in `forward`, where the shapes differ; {IndexError} for a class out of range
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MultiLabelMarginLoss.html}
 */
export class MultiLabelMarginLoss extends Loss {
  /** The loss of scores for lists of classes that end at -1. */
  override forward(input: Tensor, target: Tensor): Tensor {
    requireInput(this, "input", input);
    requireInput(this, "target", target);
    const { reduction } = this;
    return F.multilabelMarginLoss(input, target, { reduction });
  }
}

/**
 * Σ w_y · max(0, margin - x_y + x_i)^p / C over all classes i but the target's class y. The input is [N, C] or [C], the target [N] or [].
 * Defaults: p 1, margin 1, no weight, reduction "mean".
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.MultiMarginLoss()(tensor([[0.5, 1.5]]), tensor([0]))); // tensor(1.)
 * ```
 *
 * @throws {ValueError} for a p other than 1 and 2
 * @throws {ShapeError} in `forward`, where the shapes do not fit; {IndexError} for a class out of range
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MultiMarginLoss.html}
 */
export class MultiMarginLoss extends WeightedLoss {
  /** The exponent, 1 or 2. */
  readonly p: number;
  /** By how much the right class has to be above the others. */
  readonly margin: number;

  /** The loss with these options. */
  constructor(p?: number | MultiMarginLossOptions, options?: MultiMarginLossOptions) {
    const given = optionsOf<MultiMarginLossOptions>(["p"], p, options);
    super(given);
    this.p = given.p ?? 1;
    if (this.p !== 1 && this.p !== 2) {
      throw new ValueError(`Cannot make a MultiMarginLoss with p ${this.p}: it is 1 or 2`);
    }
    this.margin = given.margin ?? 1;
  }

  /** The loss of scores for classes. */
  override forward(input: Tensor, target: Tensor): Tensor {
    requireInput(this, "input", input);
    requireInput(this, "target", target);
    const { p, margin, weight, reduction } = this;
    return F.multiMarginLoss(input, target, { p, margin, weight, reduction });
  }
}

function requirePositive(name: string, margin: number): number {
  if (margin > 0) return margin;
  throw new ValueError(`Cannot make a ${name} with margin ${margin}: it must be above 0`);
}
