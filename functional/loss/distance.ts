/**
 * Losses of the difference between numbers.
 *
 * @module
 */

import { ShapeError, ValueError } from "../../kernels/mod.ts";
import type { Operand } from "../../tensor/promotion.ts";
import { requireTensor, requireTensorOrNone } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { broadcastShape } from "../broadcast.ts";
import { show } from "../dims.ts";
import { elementwise } from "../elementwise/define.ts";
import * as f from "../elementwise/formula.ts";
import { mul } from "../elementwise/arithmetic.ts";
import { reduced, type WeightedLossOptions } from "./reduction.ts";

const squaredError = elementwise("mseLoss", (x, t) => f.square(f.sub(x, t)));
const absoluteError = elementwise("l1Loss", (x, t) => f.abs(f.sub(x, t)));
const smoothError = elementwise("smoothL1Loss", (x, t, beta) => {
  const d = f.abs(f.sub(x, t));
  return f.where(f.lt(d, beta), f.div(f.mul(f.mul(d, d), 0.5), beta), f.sub(d, f.mul(beta, 0.5)));
});
const huberError = elementwise("huberLoss", (x, t, delta) => {
  const d = f.abs(f.sub(x, t));
  return f.where(f.le(d, delta), f.mul(f.mul(d, d), 0.5), f.mul(delta, f.sub(d, f.mul(delta, 0.5))));
});

function loss(
  operation: string,
  error: (...operands: Operand[]) => Tensor,
  operands: [Tensor, Tensor, ...number[]],
  { weight, reduction }: WeightedLossOptions,
): Tensor {
  const [input, target] = operands;
  requireTensor(operation, "input", input);
  requireTensor(operation, "target", target);
  requireTensorOrNone(operation, "weight", weight);
  broadcastShape(operation, input.shape, target.shape);
  const losses = error(...operands);
  if (weight == null) return reduced(operation, losses, reduction);
  if (show(broadcastShape(operation, losses.shape, weight.shape)) !== show(losses.shape)) {
    throw new ShapeError(`Cannot weight ${operation} of shape ${show(losses.shape)} with shape ${show(weight.shape)}`);
  }
  return reduced(operation, mul(losses, weight), reduction);
}

/**
 * Squared error: (x - t)².
 *
 * @param target broadcasts against the input
 * @param options `reduction`: "mean" by default; `weight`: broadcasts to the losses; none by default
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for another reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.mse_loss.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.mseLoss(tensor([1.5, 2.5]), tensor([1.5, 0.5])).item()); // 2
 * ```
 */
export function mseLoss(input: Tensor, target: Tensor, options: WeightedLossOptions = {}): Tensor {
  return loss("mseLoss", squaredError, [input, target], options);
}

/**
 * Absolute error: |x - t|.
 *
 * @param target broadcasts against the input
 * @param options `reduction`: "mean" by default; `weight`: broadcasts to the losses; none by default
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for another reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.l1_loss.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.l1Loss(tensor([1.5, 2.5]), tensor([1.5, 0.5])).item()); // 1
 * ```
 */
export function l1Loss(input: Tensor, target: Tensor, options: WeightedLossOptions = {}): Tensor {
  return loss("l1Loss", absoluteError, [input, target], options);
}

/** Options of `smoothL1Loss`. */
export interface SmoothL1LossOptions extends WeightedLossOptions {
  /** Where the square gives way to the absolute value, 0 or more; 1 by default. */
  readonly beta?: number;
}

/**
 * Absolute error, rounded off near zero: d²/(2β) for d = |x - t| below β, else d - β/2.
 *
 * @param target broadcasts against the input
 * @param options `beta`: 1 by default; `reduction`: "mean"; `weight`: broadcasts to the losses; none by default
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a negative beta, and for another reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.smooth_l1_loss.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.smoothL1Loss(tensor([1.5, 2.5]), tensor([1.5, 0.5])).item()); // 0.75
 * ```
 */
export function smoothL1Loss(input: Tensor, target: Tensor, options: SmoothL1LossOptions = {}): Tensor {
  const { beta = 1 } = options;
  if (!(beta >= 0)) throw new ValueError(`Cannot compute smoothL1Loss with beta ${beta}: it must not be negative`);
  if (beta === 0) return l1Loss(input, target, options);
  return loss("smoothL1Loss", smoothError, [input, target, beta], options);
}

/** Options of `huberLoss`. */
export interface HuberLossOptions extends WeightedLossOptions {
  /** Where the square gives way to the absolute value, above 0; 1 by default. */
  readonly delta?: number;
}

/**
 * Huber's loss: d²/2 for d = |x - t| up to δ, else δ · (d - δ/2).
 *
 * @param target broadcasts against the input
 * @param options `delta`: 1 by default; `reduction`: "mean"; `weight`: broadcasts to the losses; none by default
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a delta not above 0, and for another reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.huber_loss.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.huberLoss(tensor([1.5, 2.5]), tensor([1.5, 0.5])).item()); // 0.75
 * ```
 */
export function huberLoss(input: Tensor, target: Tensor, options: HuberLossOptions = {}): Tensor {
  const { delta = 1 } = options;
  if (!(delta > 0)) throw new ValueError(`Cannot compute huberLoss with delta ${delta}: it must be above 0`);
  return loss("huberLoss", huberError, [input, target, delta], options);
}
