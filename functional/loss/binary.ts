/**
 * Losses of independent yes-or-no decisions.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { ValueError } from "../../kernels/mod.ts";
import { requireTensor, requireTensorOrNone } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { elementwise } from "../elementwise/define.ts";
import * as f from "../elementwise/formula.ts";
import { add, mul, sub } from "../elementwise/arithmetic.ts";
import { mean } from "../reduction/sum.ts";
import { type LossOptions, reduced, requireSameShape, type WeightedLossOptions } from "./reduction.ts";

const SMALLEST_LOG = -100;

const crossEntropyOfProbability = elementwise("binaryCrossEntropy", (x, t) => {
  const yes = f.max(f.log(x), SMALLEST_LOG), no = f.max(f.log1p(f.neg(x)), SMALLEST_LOG);
  return f.sub(f.mul(f.sub(t, 1), no), f.mul(t, yes));
}, {
  gradients: [
    (grad, [x, t]) => f.mul(grad, f.div(f.sub(x!, t!), f.max(f.mul(f.sub(1, x!), x!), 1e-12))),
    (grad, [x]) => f.mul(grad, f.sub(f.max(f.log1p(f.neg(x!)), SMALLEST_LOG), f.max(f.log(x!), SMALLEST_LOG))),
  ],
});

/**
 * Binary cross entropy of probabilities: -w · (t · ln x + (1 - t) · ln(1 - x)), the logarithms no smaller than -100.
 *
 * @param input probabilities, 0 to 1
 * @param target of the same shape, 0 to 1
 * @param options `reduction`: "mean" by default; `weight`: broadcasts against the input; none by default
 * @throws {ShapeError} where the shapes differ
 * @throws {ValueError} for an input outside of 0 to 1 where it is on the host, and for another reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.binaryCrossEntropy(tensor([0.75, 0.25]), tensor([1, 0], { dtype: "float32" })).item());
 * // 0.28768205642700195
 * ```
 */
export function binaryCrossEntropy(input: Tensor, target: Tensor, options: WeightedLossOptions = {}): Tensor {
  requireTensor("binaryCrossEntropy", "input", input);
  requireTensor("binaryCrossEntropy", "target", target);
  requireTensorOrNone("binaryCrossEntropy", "weight", options.weight);
  requireSameShape("binaryCrossEntropy", input, target);
  const bad = kernels.hostData(input.node)?.find((p) => !(p >= 0 && p <= 1) && !Number.isNaN(p));
  if (bad !== undefined) {
    throw new ValueError(
      `Cannot compute binaryCrossEntropy of an input of ${bad}: probabilities lie between 0 and 1. ` +
        "Apply sigmoid() first, or use binaryCrossEntropyWithLogits",
    );
  }
  const losses = crossEntropyOfProbability(input, target);
  return reduced(
    "binaryCrossEntropy",
    options.weight == null ? losses : mul(losses, options.weight),
    options.reduction,
  );
}

/** Options of `binaryCrossEntropyWithLogits`. */
export interface BinaryCrossEntropyWithLogitsOptions extends WeightedLossOptions {
  /** Factor of the positive term, one for each class; broadcasts against the input; none by default. */
  readonly posWeight?: Tensor | null;
}

/** ln(1 + e^-x), stable. */
const negativeLogSigmoid = (x: f.Expr) => f.add(f.log1p(f.exp(f.neg(f.abs(x)))), f.max(f.neg(x), 0));

const withLogits = elementwise(
  "binaryCrossEntropyWithLogits",
  (x, t) => f.add(f.mul(f.sub(1, t), x), negativeLogSigmoid(x)),
  { gradients: [(grad, [x, t]) => f.mul(grad, f.sub(f.sigmoid(x!), t!)), (grad, [x]) => f.neg(f.mul(grad, x!))] },
);

const withLogitsAndWeight = elementwise(
  "binaryCrossEntropyWithLogits",
  (x, t, p) => f.add(f.mul(f.sub(1, t), x), f.mul(f.add(f.mul(f.sub(p, 1), t), 1), negativeLogSigmoid(x))),
);

/**
 * Binary cross entropy of logits, stable for large ones: w · ((1 - t) · x + (1 + (p - 1) · t) · ln(1 + e^-x)) with `posWeight` p.
 *
 * @param target of the input's shape, 0 to 1
 * @param options `reduction`: "mean" by default; `weight` and `posWeight`: broadcast against the input; none by default
 * @throws {ShapeError} where the shapes differ
 * @throws {ValueError} for another reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy_with_logits.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.binaryCrossEntropyWithLogits(tensor([2.5, -200.5]), tensor([1, 0], { dtype: "float32" })).item());
 * // 0.03944486752152443
 * ```
 */
export function binaryCrossEntropyWithLogits(
  input: Tensor,
  target: Tensor,
  options: BinaryCrossEntropyWithLogitsOptions = {},
): Tensor {
  requireTensor("binaryCrossEntropyWithLogits", "input", input);
  requireTensor("binaryCrossEntropyWithLogits", "target", target);
  requireSameShape("binaryCrossEntropyWithLogits", input, target);
  const { weight, posWeight, reduction } = options;
  requireTensorOrNone("binaryCrossEntropyWithLogits", "weight", weight);
  requireTensorOrNone("binaryCrossEntropyWithLogits", "posWeight", posWeight);
  const losses = posWeight == null ? withLogits(input, target) : withLogitsAndWeight(input, target, posWeight);
  return reduced("binaryCrossEntropyWithLogits", weight == null ? losses : mul(losses, weight), reduction);
}

const softMargin = elementwise("softMarginLoss", (x, t) => negativeLogSigmoid(f.mul(x, t)));

/**
 * The logistic loss of targets 1 and -1: ln(1 + e^{-t x}).
 *
 * @param target of the input's shape, 1 or -1
 * @param options `reduction`: "mean" by default
 * @throws {ShapeError} where the shapes differ
 * @throws {ValueError} for another reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.soft_margin_loss.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.softMarginLoss(tensor([0.5, -1.5]), tensor([1, -1])).item()); // 0.33774513006210327
 * ```
 */
export function softMarginLoss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  requireTensor("softMarginLoss", "input", input);
  requireTensor("softMarginLoss", "target", target);
  requireSameShape("softMarginLoss", input, target);
  return reduced("softMarginLoss", softMargin(input, target), options.reduction);
}

const logSigmoidLoss = elementwise("multilabelSoftMarginLoss", negativeLogSigmoid);

/**
 * One-versus-all logistic loss of several labels an element, averaged over the classes of the last dimension:
 * -w_c · (t_c · ln σ(x_c) + (1 - t_c) · ln σ(-x_c)).
 *
 * @param input [C] or [N, C]
 * @param target of the same shape, 0 or 1
 * @param options `reduction`: "mean" by default; `weight`: [C]; none by default
 * @throws {ShapeError} where the shapes differ
 * @throws {ValueError} for another reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.multilabel_soft_margin_loss.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.multilabelSoftMarginLoss(tensor([[0.5, -1.5]]), tensor([[1, 0]])).item()); // 0.33774513006210327
 * ```
 */
export function multilabelSoftMarginLoss(input: Tensor, target: Tensor, options: WeightedLossOptions = {}): Tensor {
  requireTensor("multilabelSoftMarginLoss", "input", input);
  requireTensor("multilabelSoftMarginLoss", "target", target);
  requireTensorOrNone("multilabelSoftMarginLoss", "weight", options.weight);
  requireSameShape("multilabelSoftMarginLoss", input, target);
  const positive = mul(target, logSigmoidLoss(input));
  const negative = mul(sub(1, target), logSigmoidLoss(mul(input, -1)));
  const losses = add(positive, negative);
  const weighted = options.weight == null ? losses : mul(losses, options.weight);
  return reduced("multilabelSoftMarginLoss", mean(weighted, -1), options.reduction);
}
