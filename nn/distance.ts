/**
 * Distances and angles between vectors.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { CosineSimilarityOptions, PairwiseDistanceOptions } from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { optionsOf } from "../tensor/arguments.ts";
import { Module } from "./module.ts";
import { requireInput } from "./require_input.ts";

/**
 * The cosine of the angle between vectors along `dim`: x · y / (max(‖x‖, eps) · max(‖y‖, eps)). The inputs broadcast; the result lacks the
 * axis. Defaults: dim 1, eps 1e-8.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.CosineSimilarity()(tensor([[3, 4]]), tensor([[4.5, 6]]))); // tensor([1.])
 * ```
 *
 * @throws {ShapeError} in `forward`, for shapes that do not broadcast
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.CosineSimilarity.html}
 */
export class CosineSimilarity extends Module {
  /** The axis of the vectors. */
  readonly dim: number;
  /** The least length that is divided by. */
  readonly eps: number;

  /** Of vectors along `dim`. Default 1. */
  constructor(dim?: number | CosineSimilarityOptions, eps?: number | CosineSimilarityOptions) {
    super();
    const given = optionsOf<CosineSimilarityOptions>(["dim", "eps"], dim, eps);
    this.dim = given.dim ?? 1;
    this.eps = given.eps ?? 1e-8;
  }

  /** The cosines of vectors of `x1` and `x2`. */
  override forward(x1: Tensor, x2: Tensor): Tensor {
    requireInput(this, "x1", x1);
    requireInput(this, "x2", x2);
    return F.cosineSimilarity(x1, x2, { dim: this.dim, eps: this.eps });
  }
}

/**
 * The distance between vectors along the last axis: ‖x - y + eps‖ₚ. The inputs are [N, D] or [D], the result [N] or []. Defaults: p 2, eps
 * 1e-6, keepdim false, which says whether the last axis stays, of extent 1.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.PairwiseDistance(1, { eps: 0 })(tensor([[0.5, 0]]), tensor([[0, 1.5]]))); // tensor([2.])
 * ```
 *
 * @throws {ShapeError} in `forward`, for shapes that do not broadcast
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.PairwiseDistance.html}
 */
export class PairwiseDistance extends Module {
  /** The exponent of the norm. */
  readonly norm: number;
  /** What is added to every difference. */
  readonly eps: number;
  /** Whether the last axis stays, with extent 1. */
  readonly keepdim: boolean;

  /** By the norm with exponent `p`. Default 2. */
  constructor(p?: number | PairwiseDistanceOptions, options?: PairwiseDistanceOptions) {
    super();
    const given = optionsOf<PairwiseDistanceOptions>(["p"], p, options);
    this.norm = given.p ?? 2;
    this.eps = given.eps ?? 1e-6;
    this.keepdim = given.keepdim ?? false;
  }

  /** The distances of vectors of `x1` and `x2`. */
  override forward(x1: Tensor, x2: Tensor): Tensor {
    requireInput(this, "x1", x1);
    requireInput(this, "x2", x2);
    return F.pairwiseDistance(x1, x2, { p: this.norm, eps: this.eps, keepdim: this.keepdim });
  }
}
