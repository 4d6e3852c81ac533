/**
 * Cross entropy, and the negative log likelihood that it is made of.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { isFloat, ShapeError, ValueError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { isGradEnabled, noGrad } from "../../tensor/grad_mode.ts";
import { noted } from "../../tensor/operations.ts";
import { requireTensor, requireTensorOrNone } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { custom } from "../custom.ts";
import { show } from "../dims.ts";
import { add, mul, neg, sub } from "../elementwise/arithmetic.ts";
import { div } from "../elementwise/division.ts";
import { log } from "../elementwise/exponential.ts";
import { where } from "../elementwise/where.ts";
import { reshaped } from "../movement/reshape.ts";
import { requireFloat } from "../reduction/reduce.ts";
import { logSoftmax, normalizer, share, softmax } from "../reduction/softmax.ts";
import { sum, summed } from "../reduction/sum.ts";
import { gathered } from "../selection/primitives.ts";
import { checkReduction, type LossOptions, type LossReduction } from "./reduction.ts";
import { atClass, type ClassTargets, classTargets, picked } from "./targets.ts";

/** Options of `nllLoss`. */
export interface NllLossOptions extends LossOptions {
  /** A factor for each class, shape [C]; none by default. */
  readonly weight?: Tensor | null;
  /** Targets with this class count for nothing; -100 by default. */
  readonly ignoreIndex?: number;
}

/** Options of `crossEntropy`. */
export interface CrossEntropyOptions extends NllLossOptions {
  /** Share of the target that is spread over all classes, 0 to 1; 0 by default. */
  readonly labelSmoothing?: number;
}

function classAxis(operation: string, input: Tensor): number {
  if (input.ndim === 0) {
    throw new ShapeError(
      `Cannot compute ${operation} of a 0-dimensional input: it needs a dimension of classes, [C] or [N, C, …]`,
    );
  }
  return input.ndim === 1 ? 0 : 1;
}

function checkWeight(operation: string, weight: Tensor | null | undefined, classes: number): void {
  requireTensorOrNone(operation, "weight", weight);
  if (weight == null || (weight.ndim === 1 && weight.shape[0] === classes)) return;
  throw new ShapeError(
    `Cannot compute ${operation} of ${classes} classes with a weight of shape ${
      show(weight.shape)
    }: it must be [${classes}]`,
  );
}

/** Losses of elements, weighted by their classes and 0 where the target is ignored, and what the mean divides their sum by. */
function weightedLosses(
  losses: Tensor,
  { index, valid, count, message }: ClassTargets,
  weight: Tensor | null | undefined,
): { losses: Tensor; divisor: () => Tensor | number } {
  // where rather than a product alone: an ignored element contributes nothing even if it is infinite.
  if (weight == null) {
    return { losses: where(valid, losses, 0), divisor: () => count ?? sum(toDtype(valid, losses.dtype)) };
  }
  const flat = reshaped(index, [index.numel()]);
  const factors = where(valid, reshaped(gathered(weight, 0, flat, message), index.shape), 0);
  return { losses: where(valid, mul(losses, factors), 0), divisor: () => sum(factors) };
}

function combined(losses: Tensor, divisor: () => Tensor | number, reduction: LossReduction): Tensor {
  if (reduction === "none") return losses;
  return reduction === "sum" ? sum(losses) : div(sum(losses), divisor());
}

/**
 * The negative log likelihood: -w_c · x_c for the target's class c, where x holds log probabilities.
 *
 * `"mean"` divides the sum by the sum of the weights w_c of the targets. `input` is [C], [N, C] or [N, C, d1, …], `target` the same
 * without C, with classes 0 to C - 1.
 *
 * @throws {IndexError} for a class out of range: at once where the target is on the host, else when a result is read.
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.nll_loss.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * const logProbabilities = F.logSoftmax(tensor([[0.5, 2.5], [1.5, 0.5]]), 1);
 * console.log(F.nllLoss(logProbabilities, tensor([1, 0])).item()); // 0.22009485960006714
 * ```
 */
export function nllLoss(input: Tensor, target: Tensor, options: NllLossOptions = {}): Tensor {
  requireTensor("nllLoss", "input", input);
  requireTensor("nllLoss", "target", target);
  const { weight, ignoreIndex = -100, reduction = "mean" } = options;
  checkReduction("nllLoss", reduction);
  const axis = classAxis("nllLoss", input);
  checkWeight("nllLoss", weight, input.shape[axis]!);
  const targets = classTargets("nllLoss", input, axis, target, ignoreIndex);
  const likelihood = neg(picked(input, axis, targets.index, targets.message));
  const { losses, divisor } = weightedLosses(likelihood, targets, weight);
  return combined(losses, divisor, reduction);
}

/**
 * Cross entropy between logits and classes: -w_c · ln(e^{x_c} / Σ_j e^{x_j}) for the target's class c; the same as `nllLoss` of
 * `logSoftmax`.
 *
 * `input` is [C], [N, C] or [N, C, d1, …]. `target` holds either classes 0 to C - 1 (int32, the input's shape without C) or the probability
 * of every class (float, the input's shape), for which the loss is -Σ_c w_c · p_c · ln softmax(x)_c. With `labelSmoothing` ε the target
 * is mixed with the uniform distribution: (1 - ε) · target + ε / C.
 *
 * @throws {IndexError} for a class out of range: at once where the target is on the host, else when a result is read.
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * const logits = tensor([[0.5, 2.5], [1.5, 0.5]]);
 * const classes = F.crossEntropy(logits, tensor([1, 0])).item();
 * const probabilities = F.crossEntropy(logits, tensor([[0, 1], [1, 0]], { dtype: "float32" })).item();
 * console.log(classes === probabilities); // true
 * ```
 */
export function crossEntropy(input: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  requireTensor("crossEntropy", "input", input);
  requireTensor("crossEntropy", "target", target);
  const { weight, ignoreIndex = -100, reduction = "mean", labelSmoothing = 0 } = options;
  checkReduction("crossEntropy", reduction);
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new ValueError(
      `Cannot compute crossEntropy with labelSmoothing ${labelSmoothing}: it must lie between 0 and 1`,
    );
  }
  const axis = classAxis("crossEntropy", input);
  checkWeight("crossEntropy", weight, input.shape[axis]!);
  if (isFloat(target.dtype)) return softCrossEntropy(input, logSoftmax(input, axis), axis, target, options);
  const targets = classTargets("crossEntropy", input, axis, target, ignoreIndex);
  if (labelSmoothing === 0) {
    const { losses, divisor } = weightedLosses(surprises(input, axis, targets), targets, weight);
    return combined(losses, divisor, reduction);
  }
  const logProbabilities = logSoftmax(input, axis);
  const likelihood = neg(picked(logProbabilities, axis, targets.index, targets.message));
  const { losses, divisor } = weightedLosses(likelihood, targets, weight);
  // The smoothed part is weighted class by class already.
  const spread = where(targets.valid, neg(summed(weighted(logProbabilities, axis, weight), [axis])), 0);
  const smooth = add(mul(losses, 1 - labelSmoothing), mul(spread, labelSmoothing / input.shape[axis]!));
  return combined(smooth, divisor, reduction);
}

/**
 * Minus the log-probability of each element's class. The gradient, softmax(x) less 1 at the class, takes over what the probability was
 * computed from, unless it is itself to be differentiated.
 */
function surprises(input: Tensor, axis: number, { index, message }: ClassTargets): Tensor {
  requireFloat("crossEntropy", input);
  const { shifted, powers, total } = noGrad(() => normalizer(input, [axis]));
  const loss = () => {
    const logs = noted(
      "logSoftmax",
      sub(shifted, log(total)),
      () => ({ inputs: [input], attributes: { axes: [axis] } }),
    );
    return neg(picked(logs, axis, index, message));
  };
  return custom("crossEntropy", [input], loss, [(grad, [x]) => {
    const kept = x!.shape.map((extent, i) => i === axis ? 1 : extent);
    const likely = isGradEnabled() ? softmax(x!, axis) : share(powers, total);
    return mul(reshaped(grad, kept), sub(likely, toDtype(atClass(x!, axis, index), grad.dtype)));
  }]);
}

/** `x` times the weight of each class. */
function weighted(x: Tensor, axis: number, weight: Tensor | null | undefined): Tensor {
  if (weight == null) return x;
  return mul(x, reshaped(weight, x.shape.map((extent, i) => i === axis ? extent : 1)));
}

function softCrossEntropy(
  input: Tensor,
  logProbabilities: Tensor,
  axis: number,
  target: Tensor,
  { weight, reduction = "mean", labelSmoothing = 0 }: CrossEntropyOptions,
): Tensor {
  if (!kernels.sameShape(input.shape, target.shape)) {
    throw new ShapeError(
      `Cannot compute crossEntropy of an input of shape ${show(input.shape)} and probabilities of shape ${
        show(target.shape)
      }: ` +
        "the shapes must be equal. For class indices convert the target with long()",
    );
  }
  const classes = input.shape[axis]!;
  const mixed = labelSmoothing === 0 ? target : add(mul(target, 1 - labelSmoothing), labelSmoothing / classes);
  const losses = neg(summed(mul(weighted(logProbabilities, axis, weight), mixed), [axis]));
  if (reduction === "none") return losses;
  const total = sum(losses);
  return reduction === "sum" ? total : div(total, losses.numel());
}
