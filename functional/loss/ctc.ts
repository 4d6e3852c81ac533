/**
 * Connectionist temporal classification: the likelihood of a sequence of labels under all its alignments with a longer one of frames.
 *
 * A target of S labels has 2 · S + 1 states: its labels with blanks before, between and behind them. An alignment stays in a state, goes
 * to the next, or skips a blank between two different labels. Each frame is one kernel, which sums over the ways into every state.
 *
 * @module
 */

import { ShapeError, ValueError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { isGradEnabled, noGrad } from "../../tensor/grad_mode.ts";
import { requireList, requireTensor } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { expandTo } from "../broadcast.ts";
import { custom } from "../custom.ts";
import { show } from "../dims.ts";
import { add, mul, neg, sub } from "../elementwise/arithmetic.ts";
import { eq, gt, isinf, lt, ne } from "../elementwise/comparison.ts";
import { elementwise } from "../elementwise/define.ts";
import { div } from "../elementwise/division.ts";
import { exp } from "../elementwise/exponential.ts";
import * as f from "../elementwise/formula.ts";
import { logicalAnd } from "../elementwise/logical.ts";
import { where } from "../elementwise/where.ts";
import { elementsOf, filled, fromIntegers, positions } from "../host.ts";
import { cat } from "../movement/cat.ts";
import { bordered } from "../movement/pad.ts";
import { reshaped } from "../movement/reshape.ts";
import { rangesOf, sliced } from "../movement/slice.ts";
import { logsumexp } from "../reduction/softmax.ts";
import { sum } from "../reduction/sum.ts";
import { gathered } from "../selection/primitives.ts";
import { checkReduction, type LossOptions } from "./reduction.ts";

/** Options of `ctcLoss`. */
export interface CtcLossOptions extends LossOptions {
  /** The class that stands for no label; 0 by default. */
  readonly blank?: number;
  /**
   * Makes 0 of the infinite losses of targets that are longer than their input, and of their gradients; false by
   * default.
   */
  readonly zeroInfinity?: boolean;
}

/** ln(eᵃ + eᵇ + eᶜ), also where some or all are -Infinity. */
const either = elementwise("logaddexp", (a, b, c) => {
  const most = f.max(f.max(a, b), c), base = f.where(f.eq(most, -Infinity), 0, most);
  const part = (x: f.Expr) => f.exp(f.sub(x, base));
  return f.add(f.log(f.add(f.add(part(a), part(b)), part(c))), base);
}, {
  gradients: [0, 1, 2].map((i): (grad: f.Expr, x: readonly f.Expr[], y: f.Expr) => f.Expr => (grad, x, y) =>
    f.where(f.eq(x[i]!, -Infinity), 0, f.mul(grad, f.exp(f.sub(x[i]!, y))))
  ),
});

/** What does not depend on the probabilities. */
interface Alignment {
  readonly frames: number;
  /** [N, states]: whether a state can be reached past the blank before it. */
  readonly skips: Tensor;
  /** [N, states]: 0 for the states in which an alignment may end, -Infinity for the others. */
  readonly ends: Tensor;
  /** [N, 1]: how many frames count. */
  readonly lengths: Tensor;
}

/** The frame `t` of [T, N, states]. */
function frame(x: Tensor, t: number): Tensor {
  return reshaped(sliced(x, rangesOf(x.shape, 0, t, 1)), x.shape.slice(1));
}

/** `x` moved by `by` states, -Infinity coming in. */
function moved(x: Tensor, by: number): Tensor {
  return bordered(x, [[0, 0], [by, -by]], -Infinity);
}

/** For each frame, the logarithm of the sum over all ways that lead to each state. */
function forwards(x: Tensor, { frames, skips, lengths }: Alignment): Tensor[] {
  const started = lt(positions(x.shape[2]!, 1, 2, x.device), 2);
  const all = [where(started, frame(x, 0), -Infinity)];
  for (let t = 1; t < frames; t++) {
    const before = all[t - 1]!;
    const ways = either(before, moved(before, 1), where(skips, moved(before, 2), -Infinity));
    all.push(where(gt(lengths, t), add(ways, frame(x, t)), before));
  }
  return all;
}

/** For each frame, the logarithm of the sum over all ways from each state to an end. */
function backwards(x: Tensor, { frames, skips, ends, lengths }: Alignment): Tensor[] {
  const all = [ends];
  for (let t = frames - 2; t >= 0; t--) {
    const after = add(all[0]!, frame(x, t + 1));
    const ways = either(after, moved(after, -1), moved(where(skips, after, -Infinity), -2));
    all.unshift(where(gt(lengths, t + 1), ways, ends));
  }
  return all;
}

function total(alphas: readonly Tensor[], ends: Tensor): Tensor {
  return logsumexp(add(alphas.at(-1)!, ends), 1);
}

/** [T, N, states]: how likely an alignment is in each state at each frame. */
function occupancy(x: Tensor, alphas: readonly Tensor[], alignment: Alignment): Tensor {
  const { frames, ends, lengths } = alignment, [, n, states] = x.shape as readonly number[] as [number, number, number];
  const betas = backwards(x, alignment);
  const both = cat(alphas.map((alpha, t) => reshaped(add(alpha, betas[t]!), [1, n, states])), 0);
  const whole = reshaped(total(alphas, ends), [n, 1]);
  const counted = lt(positions(frames, 0, 3, x.device), reshaped(lengths, [1, n, 1]));
  return where(counted, exp(sub(both, whole)), 0);
}

/** -ln p of each target, from the log probabilities of its states, [T, N, states]. */
function negativeLikelihood(x: Tensor, alignment: Alignment): Tensor {
  const known = noGrad(() => forwards(x, alignment));
  return custom("ctcLoss", [x], () => neg(total(known, alignment.ends)), [(grad, [x]) => {
    // For gradients of gradients the sums have to depend on x again.
    const alphas = isGradEnabled() ? forwards(x!, alignment) : known;
    const factor = reshaped(grad, [1, grad.numel(), 1]);
    // An impossible target has no gradient, which must not spoil the others where its loss does not count.
    return where(eq(factor, 0), 0, mul(neg(factor), occupancy(x!, alphas, alignment)));
  }]);
}

/** 0, with the gradient that the probabilities of a frame have because they sum to one; NaN, as in PyTorch, for impossible targets. */
function normalization(logProbs: Tensor, losses: Tensor, { frames, lengths }: Alignment): Tensor {
  const n = losses.numel(), loss = new Tensor(losses.node);
  return custom("ctcLoss", [logProbs], () => filled([n], 0, logProbs.dtype, logProbs.device), [(grad, [x]) => {
    const counted = lt(positions(frames, 0, 3, x!.device), reshaped(lengths, [1, n, 1]));
    const factor = reshaped(grad, [1, n, 1]), possible = add(exp(x!), reshaped(mul(loss, 0), [1, n, 1]));
    return where(logicalAnd(counted, ne(factor, 0)), mul(possible, factor), 0);
  }]);
}

/**
 * The negative log likelihood of label sequences, summed over all alignments with the frames. `"mean"` divides each loss by its target's
 * length before it averages.
 *
 * As PyTorch's, the gradient takes for granted that `logProbs` come from `logSoftmax`.
 *
 * @param logProbs [T, N, C] or [T, C]
 * @param targets [N, S], or all labels in one list, [sum of targetLengths]; none is `blank`
 * @param inputLengths how many frames of each element count, at most T
 * @param targetLengths how many labels of each element count
 * @throws {ShapeError} where the shapes do not fit
 * @throws {ValueError} for lengths, labels or a blank that do not fit
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.ctc_loss.html}
 * @example
 * ```ts
 * import { functional as F, randn, tensor } from "@tensaur/tensaur";
 * const logProbs = F.logSoftmax(randn([12, 2, 5], { requiresGrad: true }), 2);
 * const loss = F.ctcLoss(logProbs, tensor([[1, 2, 2], [4, 1, 0]]), [12, 10], [3, 2]);
 * loss.backward();
 * console.log(loss.item() as number > 0); // true
 * ```
 */
export function ctcLoss(
  logProbs: Tensor,
  targets: Tensor,
  inputLengths: Tensor | readonly number[],
  targetLengths: Tensor | readonly number[],
  options: CtcLossOptions = {},
): Tensor {
  requireTensor("ctcLoss", "logProbs", logProbs);
  requireTensor("ctcLoss", "targets", targets);
  const { blank = 0, reduction = "mean", zeroInfinity = false } = options;
  checkReduction("ctcLoss", reduction);
  if (logProbs.ndim !== 3 && logProbs.ndim !== 2) {
    throw new ShapeError(`Cannot compute ctcLoss of shape ${show(logProbs.shape)}: it takes [T, N, C] or [T, C]`);
  }
  const batched = logProbs.ndim === 3, frames = logProbs.shape[0]!;
  const n = batched ? logProbs.shape[1]! : 1, classes = logProbs.shape.at(-1)!;
  const x = reshaped(logProbs, [frames, n, classes]);
  const inputs = lengthsOf("inputLengths", inputLengths, n), lengths = lengthsOf("targetLengths", targetLengths, n);
  checkLengths(inputs, frames, blank, classes);
  const labels = labelsOf(targets, lengths, n, classes);

  const longest = Math.max(0, ...lengths), states = 2 * longest + 1;
  const classOf = (i: number, s: number) => s % 2 === 1 ? labels[i]![(s - 1) / 2] ?? blank : blank;
  const table = (value: (i: number, s: number) => number) =>
    fromIntegers(
      Array.from({ length: n * states }, (_, k) => value(Math.floor(k / states), k % states)),
      [n, states],
      x.device,
    );
  const skips = eq(table((i, s) => Number(s % 2 === 1 && s > 1 && classOf(i, s) !== classOf(i, s - 2))), 1);
  const atEnd = eq(table((i, s) => Number(s === 2 * lengths[i]! || s === 2 * lengths[i]! - 1)), 1);
  const alignment: Alignment = {
    frames,
    skips,
    ends: where(atEnd, filled([], 0, x.dtype, x.device), -Infinity),
    lengths: fromIntegers(inputs, [n, 1], x.device),
  };
  const of = expandTo(reshaped(table(classOf), [1, n, states]), [frames, n, states]);
  const likelihood = negativeLikelihood(gathered(x, 2, of), alignment);
  const each = add(likelihood, normalization(x, likelihood, alignment));
  const losses = zeroInfinity ? where(isinf(each), 0, each) : each;
  if (reduction === "none") return batched ? losses : reshaped(losses, []);
  if (reduction === "sum") return sum(losses);
  const divisor = toDtype(fromIntegers(lengths.map((length) => Math.max(1, length)), [n], x.device), x.dtype);
  return div(sum(div(losses, divisor)), n);
}

function lengthsOf(name: string, lengths: Tensor | readonly number[], n: number): number[] {
  if (!(lengths instanceof Tensor)) requireList("ctcLoss", name, lengths);
  const list = Array.from(lengths instanceof Tensor ? elementsOf(lengths) : lengths);
  if (list.length === n && list.every((length) => Number.isInteger(length) && length >= 0)) return list;
  throw new ValueError(`Cannot compute ctcLoss with ${name} ${show(list)}: give ${n} whole numbers from 0`);
}

function checkLengths(inputs: readonly number[], frames: number, blank: number, classes: number): void {
  if (!Number.isInteger(blank) || blank < 0 || blank >= classes) {
    throw new ValueError(`Cannot compute ctcLoss with blank ${blank}: it is one of ${classes} classes`);
  }
  if (frames === 0 || inputs.some((length) => length > frames || length < 1)) {
    throw new ValueError(`Cannot compute ctcLoss with inputLengths ${show(inputs)}: there are ${frames} frames`);
  }
}

/** The labels of each element that count. */
function labelsOf(targets: Tensor, lengths: readonly number[], n: number, classes: number): number[][] {
  const flat = Array.from(elementsOf(targets)), total = lengths.reduce((a, b) => a + b, 0);
  const rows = targets.ndim === 2 && targets.shape[0] === n;
  const width = rows ? targets.shape[1]! : 0;
  if (rows ? lengths.some((length) => length > width) : targets.ndim !== 1 || flat.length < total) {
    throw new ShapeError(
      `Cannot compute ctcLoss with targets of shape ${show(targets.shape)} and targetLengths ${show(lengths)}: ` +
        `targets are [${n}, S], or all labels in one list`,
    );
  }
  let start = 0;
  return lengths.map((length, i) => {
    const from = rows ? i * width : start;
    start += length;
    const labels = flat.slice(from, from + length);
    const bad = labels.find((label) => label < 0 || label >= classes);
    if (bad !== undefined) {
      throw new ValueError(`Cannot compute ctcLoss with label ${bad}: there are ${classes} classes`);
    }
    return labels;
  });
}
