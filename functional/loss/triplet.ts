/**
 * Losses of triplets: an anchor should be nearer to one of its kind than to another, by a margin.
 *
 * @module
 */

import { ShapeError, ValueError } from "../../kernels/mod.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { pairwiseDistance } from "../distance.ts";
import { elementwise } from "../elementwise/define.ts";
import { minimum } from "../elementwise/extremes.ts";
import * as f from "../elementwise/formula.ts";
import { type MarginLossOptions, positive } from "./margin.ts";
import { reduced } from "./reduction.ts";

/** Options of `tripletMarginLoss`. */
export interface TripletMarginLossOptions extends MarginLossOptions {
  /** The exponent of the norm; 2 by default. */
  readonly p?: number;
  /** Added to every difference; 1e-6 by default. */
  readonly eps?: number;
  /**
   * Takes the distance of positive and negative where it is smaller than that of anchor and negative; false by default.
   */
  readonly swap?: boolean;
}

/** Options of `tripletMarginWithDistanceLoss`. */
export interface TripletMarginWithDistanceLossOptions extends MarginLossOptions {
  /** The distance of two tensors; `pairwiseDistance` by default. */
  readonly distanceFunction?: ((a: Tensor, b: Tensor) => Tensor) | null;
  /**
   * Takes the distance of positive and negative where it is smaller than that of anchor and negative; false by default.
   */
  readonly swap?: boolean;
}

const triplet = elementwise("tripletMarginLoss", (near, far, margin) => positive(f.add(f.sub(near, far), margin)));

/**
 * max(0, d(anchor, positive) - d(anchor, negative) + margin) for the distance d(x, y) = ‖x - y + eps‖ₚ.
 *
 * @param options `margin` is 1 by default
 * @param anchor [N, D] or [D], as are the others
 * @throws {ShapeError} where the dimensions are not as many, or do not broadcast
 * @throws {ValueError} for a margin not above 0, and for another reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.triplet_margin_loss.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * const [anchor, positive, negative] = [tensor([[0.5]]), tensor([[1.5]]), tensor([[0.5]])];
 * console.log(F.tripletMarginLoss(anchor, positive, negative, { eps: 0 }).item()); // 2
 * ```
 */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  { p = 2, eps = 1e-6, ...options }: TripletMarginLossOptions = {},
): Tensor {
  requireTensor("tripletMarginLoss", "anchor", anchor);
  requireTensor("tripletMarginLoss", "positive", positive);
  requireTensor("tripletMarginLoss", "negative", negative);
  if (anchor.ndim !== positive.ndim || anchor.ndim !== negative.ndim) {
    throw new ShapeError(
      `Cannot compute tripletMarginLoss of shapes ${show(anchor.shape)}, ${show(positive.shape)} and ${
        show(negative.shape)
      }: give all as many dimensions`,
    );
  }
  const distanceFunction = (a: Tensor, b: Tensor) => pairwiseDistance(a, b, { p, eps });
  return tripletMarginWithDistanceLoss(anchor, positive, negative, { ...options, distanceFunction });
}

/**
 * max(0, d(anchor, positive) - d(anchor, negative) + margin) for a distance of one's own.
 *
 * @param options `margin` is 1 by default
 * @throws {ValueError} for a margin not above 0, and for another reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.triplet_margin_with_distance_loss.html}
 * @example
 * ```ts
 * import { functional as F, randn } from "@tensaur/tensaur";
 * const [anchor, positive, negative] = [randn([4, 8]), randn([4, 8]), randn([4, 8])];
 * const loss = F.tripletMarginWithDistanceLoss(anchor, positive, negative, {
 *   distanceFunction: (a, b) => F.cosineSimilarity(a, b).neg().add(1),
 * });
 * console.log(loss.item() as number >= 0); // true
 * ```
 */
export function tripletMarginWithDistanceLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletMarginWithDistanceLossOptions = {},
): Tensor {
  requireTensor("tripletMarginWithDistanceLoss", "anchor", anchor);
  requireTensor("tripletMarginWithDistanceLoss", "positive", positive);
  requireTensor("tripletMarginWithDistanceLoss", "negative", negative);
  const { distanceFunction, margin = 1, swap = false, reduction } = options;
  if (!(margin > 0)) throw new ValueError(`Cannot compute tripletMarginLoss with margin ${margin}: it must be above 0`);
  const distance = distanceFunction ?? pairwiseDistance;
  const near = distance(anchor, positive), direct = distance(anchor, negative);
  const far = swap ? minimum(direct, distance(positive, negative)) : direct;
  return reduced("tripletMarginLoss", triplet(near, far, margin), reduction);
}
