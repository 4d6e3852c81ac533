/**
 * Losses that are likelihoods or divergences of distributions.
 *
 * @module
 */

import { ShapeError, ValueError } from "../../kernels/mod.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { broadcastShape } from "../broadcast.ts";
import { show } from "../dims.ts";
import { elementwise } from "../elementwise/define.ts";
import * as f from "../elementwise/formula.ts";
import { div } from "../elementwise/division.ts";
import { elementsOf } from "../host.ts";
import { reshaped } from "../movement/reshape.ts";
import { sum } from "../reduction/sum.ts";
import { type LossOptions, reduced } from "./reduction.ts";

/** Options of `klDiv`. */
export interface KlDivOptions {
  /**
   * `"batchmean"` divides the sum by the first dimension, which is the divergence by its definition; `"mean"` by
   * default.
   */
  readonly reduction?: "none" | "mean" | "sum" | "batchmean";
  /** Whether the target holds log probabilities; false by default. */
  readonly logTarget?: boolean;
}

/** t · ln t, 0 where t is 0. */
const xlogx = (t: f.Expr) => f.where(f.eq(t, 0), 0, f.mul(t, f.log(t)));

const divergence = elementwise("klDiv", (x, t) => f.sub(xlogx(t), f.mul(t, x)));
const logDivergence = elementwise("klDiv", (x, t) => f.mul(f.exp(t), f.sub(t, x)));

/**
 * The Kullback-Leibler divergence, element by element: t · (ln t - x), where x holds log probabilities.
 *
 * @param target broadcasts against the input
 * @param options `reduction`: "mean" by default; `logTarget`: whether the target holds log probabilities; false by
 *   default
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for another reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.kl_div.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * const input = F.logSoftmax(tensor([[0.5, 1.5]]), 1);
 * console.log(F.klDiv(input, tensor([[0.5, 0.5]]), { reduction: "batchmean" }).item()); // 0.12011446058750153
 * ```
 */
export function klDiv(
  input: Tensor,
  target: Tensor,
  { reduction = "mean", logTarget = false }: KlDivOptions = {},
): Tensor {
  requireTensor("klDiv", "input", input);
  requireTensor("klDiv", "target", target);
  broadcastShape("klDiv", input.shape, target.shape);
  const losses = logTarget ? logDivergence(input, target) : divergence(input, target);
  if (reduction !== "batchmean") return reduced("klDiv", losses, reduction);
  return div(sum(losses), input.shape[0] ?? 1);
}

/** Options of `poissonNllLoss`. */
export interface PoissonNllLossOptions extends LossOptions {
  /** Whether the input is the logarithm of the rate; true by default. */
  readonly logInput?: boolean;
  /** Adds Stirling's approximation of ln t! for targets above 1; false by default. */
  readonly full?: boolean;
  /** Keeps the logarithm of a rate finite; 1e-8 by default. */
  readonly eps?: number;
}

/** t ln t - t + ln(2πt)/2 above 1, else 0. */
const stirling = (t: f.Expr) => {
  const safe = f.where(f.gt(t, 1), t, 1);
  const sum = f.add(f.sub(f.mul(safe, f.log(safe)), safe), f.mul(f.log(f.mul(safe, 2 * Math.PI)), 0.5));
  return f.where(f.gt(t, 1), sum, 0);
};
const ofLogRate = (x: f.Expr, t: f.Expr) => f.sub(f.exp(x), f.mul(t, x));
const ofRate = (x: f.Expr, t: f.Expr, eps: f.Expr) => f.sub(x, f.mul(t, f.log(f.add(x, eps))));
const poissonLog = elementwise("poissonNllLoss", ofLogRate, { computes: "float" });
const poissonLogFull = elementwise("poissonNllLoss", (x, t) => f.add(ofLogRate(x, t), stirling(t)), {
  computes: "float",
});
const poisson = elementwise("poissonNllLoss", ofRate, { computes: "float" });
const poissonFull = elementwise("poissonNllLoss", (x, t, eps) => f.add(ofRate(x, t, eps), stirling(t)), {
  computes: "float",
});

/**
 * Negative log likelihood of counts t under a Poisson distribution: e^x - t · x, or with `logInput: false` x - t · ln(x + eps).
 *
 * @param target broadcasts against the input
 * @param options `logInput`: true by default; `full`: false; `eps`: 1e-8; `reduction`: "mean"
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for another reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.poisson_nll_loss.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.poissonNllLoss(tensor([0.5, 1.5]), tensor([1, 4])).item()); // -0.18479490280151367
 * ```
 */
export function poissonNllLoss(input: Tensor, target: Tensor, options: PoissonNllLossOptions = {}): Tensor {
  requireTensor("poissonNllLoss", "input", input);
  requireTensor("poissonNllLoss", "target", target);
  const { logInput = true, full = false, eps = 1e-8, reduction } = options;
  broadcastShape("poissonNllLoss", input.shape, target.shape);
  const losses = logInput
    ? (full ? poissonLogFull : poissonLog)(input, target)
    : (full ? poissonFull : poisson)(input, target, eps);
  return reduced("poissonNllLoss", losses, reduction);
}

/** Options of `gaussianNllLoss`. */
export interface GaussianNllLossOptions extends LossOptions {
  /** Adds the constant ln(2π)/2; false by default. */
  readonly full?: boolean;
  /** Least variance; 1e-6 by default. */
  readonly eps?: number;
}

// As in PyTorch the gradient passes the bound on the variance unchanged.
const atLeast = elementwise("clamp", (v, eps) => f.max(v, eps), { gradients: [(grad) => grad] });
const gaussian = elementwise(
  "gaussianNllLoss",
  (x, t, v) => f.mul(f.add(f.log(v), f.div(f.square(f.sub(x, t)), v)), 0.5),
);
const plusConstant = elementwise("add", (x) => f.add(x, 0.5 * Math.log(2 * Math.PI)));

/**
 * Negative log likelihood of targets under normal distributions of given means and variances: (ln v + (x - t)² / v) / 2, v at least
 * eps.
 *
 * @param variance of the input's shape, with a last dimension of 1, or without the last dimension
 * @param target broadcasts against the input
 * @param options `full`: adds ln(2π)/2; false by default; `eps`: 1e-6; `reduction`: "mean"
 * @throws {ShapeError} where the shapes do not fit
 * @throws {ValueError} for a negative variance, which is read, and for another reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.gaussian_nll_loss.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.gaussianNllLoss(tensor([0.5, 1.5]), tensor([1.5, 1.5]), tensor([0.5, 2.5])).item());
 * // 0.5557858943939209
 * ```
 */
export function gaussianNllLoss(
  input: Tensor,
  target: Tensor,
  variance: Tensor,
  options: GaussianNllLossOptions = {},
): Tensor {
  requireTensor("gaussianNllLoss", "input", input);
  requireTensor("gaussianNllLoss", "target", target);
  requireTensor("gaussianNllLoss", "variance", variance);
  const { full = false, eps = 1e-6, reduction } = options;
  const bounded = atLeast(fitVariance(input, variance), eps);
  if (elementsOf(variance).some((v) => v < 0)) {
    throw new ValueError("Cannot compute gaussianNllLoss with a negative variance");
  }
  broadcastShape("gaussianNllLoss", input.shape, target.shape);
  const losses = gaussian(input, target, bounded);
  return reduced("gaussianNllLoss", full ? plusConstant(losses) : losses, reduction);
}

function fitVariance(input: Tensor, variance: Tensor): Tensor {
  const lead = input.shape.slice(0, -1), shape = show(variance.shape);
  if (shape === show(input.shape) || shape === show([...lead, 1])) return variance;
  if (shape === show(lead)) return reshaped(variance, [...lead, 1]);
  throw new ShapeError(
    `Cannot compute gaussianNllLoss of an input of shape ${show(input.shape)} with a variance of shape ${shape}: ` +
      `it must be ${show(input.shape)}, ${show([...lead, 1])} or ${show(lead)}`,
  );
}
