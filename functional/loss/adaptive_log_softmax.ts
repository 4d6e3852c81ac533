/**
 * Adaptive softmax: frequent classes are scored directly, rare ones in clusters that are looked into only where they are needed.
 *
 * @module
 */

import { IndexError, isInteger, ShapeError } from "../../kernels/mod.ts";
import { requireTensor, requireTensorOrNone, requireTensors } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { add, neg } from "../elementwise/arithmetic.ts";
import { elementsOf, filled, fromIntegers } from "../host.ts";
import { linear } from "../matrix/linear.ts";
import { cat } from "../movement/cat.ts";
import { reshaped } from "../movement/reshape.ts";
import { rangesOf, sliced } from "../movement/slice.ts";
import { logSoftmax } from "../reduction/softmax.ts";
import { mean } from "../reduction/sum.ts";
import { gathered } from "../selection/primitives.ts";
import { indexAdd, indexSelect } from "../selection/index_select.ts";

/** What scores the classes: `cutoffs` ascend, and the last is the number of classes. */
export interface AdaptiveSoftmax {
  /** The first class of each cluster, then the number of classes. */
  readonly cutoffs: readonly number[];
  /** Scores frequent classes and clusters: weight, [cutoffs[0] + clusters, D], and bias. */
  readonly head: readonly [weight: Tensor, bias: Tensor | null];
  /** For each cluster, a projection and the scores of its classes. */
  readonly tails: readonly (readonly [projection: Tensor, weight: Tensor])[];
}

/** Log probabilities of targets, and their negative mean. */
export interface AdaptiveLogSoftmaxOutput {
  /** The log probability of each target, [N] or []. */
  readonly output: Tensor;
  /** The negative log likelihood of all. */
  readonly loss: Tensor;
}

/** Log probabilities of classes within cluster `i`. */
function withinCluster(input: Tensor, { tails }: AdaptiveSoftmax, i: number): Tensor {
  const [projection, weight] = tails[i]!;
  return logSoftmax(linear(linear(input, projection), weight), 1);
}

/** The log probability of class `classes[r]` in each row of [N, C]. */
function chosen(logProbs: Tensor, classes: readonly number[]): Tensor {
  const at = fromIntegers(classes, [classes.length, 1], logProbs.device);
  return reshaped(gathered(logProbs, 1, at), [classes.length]);
}

function requireLayers(operation: string, { head: [weight, bias], tails }: AdaptiveSoftmax): void {
  requireTensor(operation, "head[0]", weight);
  requireTensorOrNone(operation, "head[1]", bias);
  tails.forEach((tail, i) => requireTensors(operation, `tails[${i}]`, tail));
}

/**
 * The log probability of each target under adaptive softmax. The targets are read, and a cluster computes only the rows whose target
 * lies in it.
 *
 * @param input [N, D] or [D]
 * @param target classes, [N] or []
 * @throws {ShapeError} where the target has not the shape of the input without its last dimension
 * @throws {IndexError} for a class out of range
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveLogSoftmaxWithLoss.html}
 * @example
 * ```ts
 * import { functional as F, randn, tensor } from "@tensaur/tensaur";
 * const layers: F.AdaptiveSoftmax = { cutoffs: [2, 5], head: [randn([3, 4]), null], tails: [[randn([2, 4]), randn([3, 2])]] };
 * console.log(F.adaptiveLogSoftmaxWithLoss(randn([3, 4]), tensor([0, 4, 2]), layers).output.shape); // torch.Size([3])
 * ```
 */
export function adaptiveLogSoftmaxWithLoss(
  input: Tensor,
  target: Tensor,
  layers: AdaptiveSoftmax,
): AdaptiveLogSoftmaxOutput {
  requireTensor("adaptiveLogSoftmaxWithLoss", "input", input);
  requireTensor("adaptiveLogSoftmaxWithLoss", "target", target);
  requireLayers("adaptiveLogSoftmaxWithLoss", layers);
  const fits = isInteger(target.dtype) && input.ndim === target.ndim + 1 && target.ndim <= 1 &&
    (target.ndim === 0 || target.shape[0] === input.shape[0]);
  if (!fits) {
    throw new ShapeError(
      `Cannot compute adaptiveLogSoftmaxWithLoss of an input of shape ${
        show(input.shape)
      } and a ${target.dtype} target of ` +
        `shape ${show(target.shape)}: they are [N, D] and integers [N], or [D] and []`,
    );
  }
  const x = reshaped(input, [target.numel(), input.shape.at(-1)!]);
  const { cutoffs } = layers, [short] = cutoffs as [number], classes = Array.from(elementsOf(target));
  const bad = classes.find((c) => c < 0 || c >= cutoffs.at(-1)!);
  if (bad !== undefined) {
    throw new IndexError(
      `Cannot compute adaptiveLogSoftmaxWithLoss with target class ${bad}: there are ${cutoffs.at(-1)} classes`,
    );
  }
  const clusterOf = (c: number) => cutoffs.findIndex((cutoff) => c < cutoff) - 1;
  const head = logSoftmax(linear(x, ...layers.head), 1);
  const direct = chosen(head, classes.map((c) => c < short ? c : short + clusterOf(c)));
  const output = layers.tails.reduce((sum, _, i) => {
    const rows = classes.flatMap((c, row) => clusterOf(c) === i ? [row] : []);
    if (rows.length === 0) return sum;
    const at = fromIntegers(rows, [rows.length], x.device);
    const within = withinCluster(indexSelect(x, 0, at), layers, i);
    return indexAdd(sum, 0, at, chosen(within, rows.map((row) => classes[row]! - cutoffs[i]!)));
  }, add(direct, filled([classes.length], 0, direct.dtype, direct.device)));
  return { output: reshaped(output, target.shape), loss: neg(mean(output)) };
}

/**
 * The log probabilities of all classes under adaptive softmax, [N, number of classes].
 *
 * @param input [N, D]
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveLogSoftmaxWithLoss.html}
 * @example
 * ```ts
 * import { functional as F, randn } from "@tensaur/tensaur";
 * const layers: F.AdaptiveSoftmax = { cutoffs: [2, 5], head: [randn([3, 4]), null], tails: [[randn([2, 4]), randn([3, 2])]] };
 * console.log(F.adaptiveLogProb(randn([3, 4]), layers).shape); // torch.Size([3, 5])
 * ```
 */
export function adaptiveLogProb(input: Tensor, layers: AdaptiveSoftmax): Tensor {
  requireTensor("adaptiveLogProb", "input", input);
  requireLayers("adaptiveLogProb", layers);
  const short = layers.cutoffs[0]!;
  const head = logSoftmax(linear(input, ...layers.head), 1);
  const column = (start: number, size: number) => sliced(head, rangesOf(head.shape, 1, start, size));
  const tails = layers.tails.map((_, i) => add(withinCluster(input, layers, i), column(short + i, 1)));
  return cat([column(0, short), ...tails], 1);
}
