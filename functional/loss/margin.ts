/**
 * Losses with a margin: nothing is lost where scores or distances are right by at least that much.
 *
 * @module
 */

import { ShapeError, ValueError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { floatType, resultType } from "../../tensor/promotion.ts";
import { requireTensor, requireTensorOrNone } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { broadcastShape } from "../broadcast.ts";
import { checkIndex } from "../check_index.ts";
import { show } from "../dims.ts";
import { add, mul, square } from "../elementwise/arithmetic.ts";
import { eq, ne } from "../elementwise/comparison.ts";
import { elementwise } from "../elementwise/define.ts";
import { div } from "../elementwise/division.ts";
import * as f from "../elementwise/formula.ts";
import type { Expr } from "../elementwise/formula.ts";
import { logicalAnd, logicalNot } from "../elementwise/logical.ts";
import { sqrt } from "../elementwise/power.ts";
import { where } from "../elementwise/where.ts";
import { positions } from "../host.ts";
import { reshaped } from "../movement/reshape.ts";
import { cumprod } from "../reduction/cumulative.ts";
import { any } from "../reduction/logical.ts";
import { requireFloat } from "../reduction/reduce.ts";
import { summed } from "../reduction/sum.ts";
import { gathered } from "../selection/primitives.ts";
import { type LossOptions, reduced, requireSameShape } from "./reduction.ts";

/** Options of losses with a margin. */
export interface MarginLossOptions extends LossOptions {
  /** By how much things have to be right. */
  readonly margin?: number;
}

/** `z` where it is not negative, and there alone a gradient. */
export const positive = (z: Expr) => f.where(f.ge(z, 0), z, 0);

const ranking = elementwise("marginRankingLoss", (a, b, t, margin) => {
  return positive(f.add(f.mul(f.neg(t), f.sub(a, b)), margin));
}, { computes: "float" });

/**
 * max(0, -t · (x1 - x2) + margin): with t = 1 the first score should be higher, with t = -1 the second.
 *
 * @param options `margin` is 0 by default
 * @param target 1 or -1; broadcasts against the inputs
 * @throws {ShapeError} where the dimensions are not as many, or do not broadcast
 * @throws {ValueError} for another reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.margin_ranking_loss.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.marginRankingLoss(tensor([1.5]), tensor([2.5]), tensor([1])).item()); // 1
 * ```
 */
export function marginRankingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  { margin = 0, reduction }: MarginLossOptions = {},
): Tensor {
  requireTensor("marginRankingLoss", "input1", input1);
  requireTensor("marginRankingLoss", "input2", input2);
  requireTensor("marginRankingLoss", "target", target);
  if (input1.ndim !== input2.ndim || input1.ndim !== target.ndim) {
    throw new ShapeError(
      `Cannot compute marginRankingLoss of shapes ${show(input1.shape)}, ${show(input2.shape)} and ${
        show(target.shape)
      }: give all as many dimensions`,
    );
  }
  broadcastShape("marginRankingLoss", input1.shape, input2.shape, target.shape);
  return reduced("marginRankingLoss", ranking(input1, input2, target, margin), reduction);
}

const hinge = elementwise("hingeEmbeddingLoss", (x, t, margin) => {
  const near = f.where(f.ne(t, -1), x, 0), far = f.where(f.ne(t, 1), positive(f.sub(margin, x)), 0);
  return f.add(near, far);
}, { computes: "float" });

/**
 * A distance where t = 1, max(0, margin - distance) where t = -1.
 *
 * @param options `margin` is 1 by default
 * @param target 1 or -1; broadcasts against the input
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for another reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.hinge_embedding_loss.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.hingeEmbeddingLoss(tensor([0.25, 0.25]), tensor([1, -1]), { reduction: "sum" }).item()); // 1
 * ```
 */
export function hingeEmbeddingLoss(
  input: Tensor,
  target: Tensor,
  { margin = 1, reduction }: MarginLossOptions = {},
): Tensor {
  requireTensor("hingeEmbeddingLoss", "input", input);
  requireTensor("hingeEmbeddingLoss", "target", target);
  broadcastShape("hingeEmbeddingLoss", input.shape, target.shape);
  return reduced("hingeEmbeddingLoss", hinge(input, target, margin), reduction);
}

const byAngle = elementwise("cosineEmbeddingLoss", (cosine, t, margin) => {
  const same = f.where(f.eq(t, 1), f.sub(1, cosine), 0);
  return f.add(same, f.where(f.eq(t, -1), positive(f.sub(cosine, margin)), 0));
});

/**
 * 1 - cos(x1, x2) where t = 1, max(0, cos(x1, x2) - margin) where t = -1.
 *
 * @param input1 [N, D] or [D]
 * @param input2 of the same shape
 * @param target [N] or []
 * @param options `margin` is 0 by default
 * @throws {ShapeError} where the shapes do not fit
 * @throws {ValueError} for another reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.cosine_embedding_loss.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.cosineEmbeddingLoss(tensor([[1.5, 0]]), tensor([[0, 2.5]]), tensor([1])).item()); // 1
 * ```
 */
export function cosineEmbeddingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  { margin = 0, reduction }: MarginLossOptions = {},
): Tensor {
  requireTensor("cosineEmbeddingLoss", "input1", input1);
  requireTensor("cosineEmbeddingLoss", "input2", input2);
  requireTensor("cosineEmbeddingLoss", "target", target);
  const shape = broadcastShape("cosineEmbeddingLoss", input1.shape, input2.shape);
  if (target.ndim > 1 || shape.length !== target.ndim + 1 || (target.ndim === 1 && target.shape[0] !== shape[0])) {
    throw new ShapeError(
      `Cannot compute cosineEmbeddingLoss of inputs of shape ${show(shape)} and a target of shape ${
        show(target.shape)
      }: they are [N, D] and [N], or [D] and []`,
    );
  }
  const dtype = floatType(resultType(input1, input2));
  const a = toDtype(input1, dtype), b = toDtype(input2, dtype), axis = [shape.length - 1];
  const size = (x: Tensor) => add(summed(square(x), [x.ndim - 1]), 1e-12);
  const cosine = div(summed(mul(a, b), axis), sqrt(mul(size(a), size(b))));
  return reduced("cosineEmbeddingLoss", byAngle(cosine, target, margin), reduction);
}

/** Options of `multiMarginLoss`. */
export interface MultiMarginLossOptions extends MarginLossOptions {
  /** The exponent, 1 or 2; 1 by default. */
  readonly p?: number;
  /** A factor for each class, shape [C]; none by default. */
  readonly weight?: Tensor | null;
}

const excess = elementwise("multiMarginLoss", (x, right, margin) => positive(f.add(f.sub(margin, right), x)));

/**
 * Σ_{i ≠ y} w_y · max(0, margin - x_y + x_i)^p / C for the target's class y.
 *
 * @param input [N, C], [C] or []
 * @param target classes, [N] or []
 * @param options `margin` is 1 by default
 * @throws {ShapeError} where the shapes do not fit
 * @throws {DTypeError} for an input of integers or bools, and for a target that is no integer
 * @throws {ValueError} for a p other than 1 and 2, and for another reduction
 * @throws {IndexError} for a class out of range: when a result is read where the device knows it first
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.multi_margin_loss.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.multiMarginLoss(tensor([[0.5, 1.5]]), tensor([0])).item()); // 1
 * ```
 */
export function multiMarginLoss(input: Tensor, target: Tensor, options: MultiMarginLossOptions = {}): Tensor {
  requireTensor("multiMarginLoss", "input", input);
  requireTensor("multiMarginLoss", "target", target);
  const { p = 1, margin = 1, weight, reduction } = options;
  requireTensorOrNone("multiMarginLoss", "weight", weight);
  requireFloat("multiMarginLoss", input);
  if (p !== 1 && p !== 2) throw new ValueError(`Cannot compute multiMarginLoss with p ${p}: it is 1 or 2`);
  const classes = input.shape.at(-1) ?? 1, count = input.ndim === 2 ? input.shape[0]! : 1;
  if (input.ndim > 2 || classes === 0 || target.ndim > 1 || target.numel() !== count) {
    throw new ShapeError(
      `Cannot compute multiMarginLoss of an input of shape ${show(input.shape)} and a target of shape ${
        show(target.shape)
      }: they are [N, C] and [N], or [C] and []`,
    );
  }
  if (weight != null && (weight.ndim !== 1 || weight.shape[0] !== classes)) {
    throw new ShapeError(
      `Cannot compute multiMarginLoss of ${classes} classes with a weight of shape ${
        show(weight.shape)
      }: it must be [${classes}]`,
    );
  }
  const { index, message } = checkIndex("multiMarginLoss", reshaped(target, [count]), classes);
  const x = reshaped(input, [count, classes]), right = reshaped(index, [count, 1]);
  const over = excess(x, gathered(x, 1, right, message), margin);
  const each = p === 1 ? over : square(over);
  const others = where(ne(positions(classes, 1, 2, input.device), right), each, 0);
  const weighed = weight == null ? others : mul(others, reshaped(gathered(weight, 0, index, message), [count, 1]));
  const losses = div(summed(weighed, [1]), classes);
  return reduced("multiMarginLoss", reshaped(losses, target.shape), reduction);
}

/**
 * Σ max(0, 1 - x_y + x_i) / C over the target's classes y and all classes i that are not among them.
 *
 * @param input [N, C], [C] or []
 * @param target of the same shape: classes, and -1 behind the last of them
 * @throws {ShapeError} where the shapes differ or are others
 * @throws {DTypeError} for an input of integers or bools, and for a target that is no integer
 * @throws {ValueError} for another reduction
 * @throws {IndexError} for a class out of range: when a result is read where the device knows it first
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.multilabel_margin_loss.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.multilabelMarginLoss(tensor([0.5, 1.5]), tensor([0, -1])).item()); // 1
 * ```
 */
export function multilabelMarginLoss(input: Tensor, target: Tensor, { reduction }: LossOptions = {}): Tensor {
  requireTensor("multilabelMarginLoss", "input", input);
  requireTensor("multilabelMarginLoss", "target", target);
  requireFloat("multilabelMarginLoss", input);
  requireSameShape("multilabelMarginLoss", input, target);
  const classes = input.shape.at(-1) ?? 1, count = input.ndim === 2 ? input.shape[0]! : 1;
  if (input.ndim > 2 || classes === 0) {
    throw new ShapeError(`Cannot compute multilabelMarginLoss of shape ${show(input.shape)}: it takes [N, C] or [C]`);
  }
  const { index, message } = checkIndex("multilabelMarginLoss", reshaped(target, [count, classes]), classes, -1);
  // Only what stands before the first -1 counts.
  const valid = eq(cumprod(toDtype(ne(index, -1), "int32"), 1), 1);
  const labels = where(valid, index, 0), x = reshaped(input, [count, classes]);
  const across = (t: Tensor) => reshaped(t, [count, classes, 1]),
    along = (t: Tensor) => reshaped(t, [count, 1, classes]);
  const named = any(logicalAnd(along(valid), eq(along(labels), positions(classes, 1, 3, input.device))), 2);
  const over = excess(along(x), across(gathered(x, 1, labels, message)), 1);
  const counted = where(logicalAnd(across(valid), logicalNot(along(named))), over, 0);
  const losses = div(summed(counted, [1, 2]), classes);
  return reduced("multilabelMarginLoss", reshaped(losses, input.shape.slice(0, input.ndim === 2 ? 1 : 0)), reduction);
}
