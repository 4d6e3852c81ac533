/**
 * Rows of a table looked up in bags, each of which becomes one row.
 *
 * @module
 */

import { IndexError, isInteger, ShapeError, ValueError } from "../kernels/mod.ts";
import { toDtype } from "../tensor/conversion.ts";
import { noGrad } from "../tensor/grad_mode.ts";
import { requireTensor, requireTensorOrNone } from "../tensor/require_tensor.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkIndex } from "./check_index.ts";
import { custom } from "./custom.ts";
import { named, show } from "./dims.ts";
import { mul } from "./elementwise/arithmetic.ts";
import { lt, ne } from "./elementwise/comparison.ts";
import { div } from "./elementwise/division.ts";
import { clampMin } from "./elementwise/extremes.ts";
import { logicalAnd } from "./elementwise/logical.ts";
import { where } from "./elementwise/where.ts";
import { expandTo } from "./broadcast.ts";
import { frequencies, paddingRow, renormalize } from "./embedding.ts";
import { elementsOf, filled, fromIntegers, positions } from "./host.ts";
import { reshaped } from "./movement/reshape.ts";
import { any } from "./reduction/logical.ts";
import { argmax } from "./reduction/extremes.ts";
import { summed } from "./reduction/sum.ts";
import { gathered } from "./selection/primitives.ts";

/** Options of `embeddingBag`. */
export interface EmbeddingBagOptions {
  /** Where each bag begins in a list of numbers; none by default. */
  readonly offsets?: Tensor | null;
  /** Rows that are looked up and have a larger norm are scaled down to it, in place; none by default. */
  readonly maxNorm?: number | null;
  /** Which norm that is; 2 by default. */
  readonly normType?: number;
  /** Divides the gradient of a row by how often it was looked up; not for `"max"`. */
  readonly scaleGradByFreq?: boolean;
  /** What a bag becomes; `"mean"` by default. */
  readonly mode?: "sum" | "mean" | "max";
  /** Factors of the rows, of the input's shape; for `"sum"`; none by default. */
  readonly perSampleWeights?: Tensor | null;
  /** Whether the last offset is where the last bag ends; false by default. */
  readonly includeLastOffset?: boolean;
  /** A row that counts for nothing; negative numbers count from the end; none by default. */
  readonly paddingIdx?: number | null;
}

/** Bags side by side: [B, L] positions in the list of numbers, and which of them are a bag's. */
interface Bags {
  readonly at: Tensor | undefined;
  readonly valid: Tensor | undefined;
  readonly shape: readonly [bags: number, longest: number];
}

function bagsOf(input: Tensor, { offsets, includeLastOffset = false }: EmbeddingBagOptions): Bags {
  if (input.ndim === 2) {
    if (offsets != null) {
      throw new ValueError(
        `Cannot embeddingBag an input of shape ${show(input.shape)} with offsets: its rows are the bags`,
      );
    }
    return { at: undefined, valid: undefined, shape: input.shape as readonly number[] as [number, number] };
  }
  if (input.ndim !== 1 || offsets == null || offsets.ndim !== 1 || !isInteger(offsets.dtype)) {
    throw new ShapeError(
      `Cannot embeddingBag an input of shape ${show(input.shape)}: it takes [B, L], or a list with a list of offsets`,
    );
  }
  const count = input.numel(), list = Array.from(elementsOf(offsets));
  if (list.some((at, i) => at < (list[i - 1] ?? 0) || at > count) || (list[0] ?? 0) !== 0) {
    throw new IndexError(
      `Cannot embeddingBag ${count} numbers with offsets ${show(list)}: they ascend from 0 to ${count}`,
    );
  }
  if (includeLastOffset && list.length === 0) throw new ValueError("Cannot embeddingBag with no offset but the last");
  const ends = includeLastOffset ? list.slice(1) : [...list.slice(1), count];
  const starts = includeLastOffset ? list.slice(0, -1) : list;
  const longest = starts.reduce((most, start, i) => Math.max(most, ends[i]! - start), 0);
  const bags = starts.length, upright = (values: number[]) => fromIntegers(values, [bags, 1], input.device);
  const sizes = starts.map((start, i) => ends[i]! - start);
  const inBag = positions(longest, 1, 2, input.device);
  const valid = lt(inBag, upright(sizes));
  const at = fromIntegers(
    starts.flatMap((start, i) => Array.from({ length: longest }, (_, k) => k < sizes[i]! ? start + k : 0)),
    [bags, longest],
    input.device,
  );
  return { at, valid, shape: [bags, longest] };
}

/** `x`, of the input's shape, with its bags side by side. */
function sideBySide(x: Tensor, { at, shape: [bags, longest] }: Bags): Tensor {
  return at === undefined ? x : reshaped(gathered(x, 0, reshaped(at, [bags * longest])), [bags, longest]);
}

/**
 * Sums, means or maxima of the rows of `weight` that each bag of numbers names: bags are the rows of [B, L], or parts of a list that begin
 * at `offsets`. The rows of a bag are not stored on the way. An empty bag is 0.
 *
 * @returns [B, D]
 * @throws {ShapeError} where the shapes do not fit
 * @throws {ValueError} for another mode, and for offsets or options that do not go together
 * @throws {IndexError} for a number out of range: at once where the input is on the host, else when a result is read
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.embedding_bag.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * const table = tensor([[0.5, 1.5], [2.5, 3.5], [4.5, 5.5]]);
 * const bags = F.embeddingBag(tensor([0, 1, 2]), table, { offsets: tensor([0, 2]), mode: "sum" });
 * console.log(bags.tolist()); // [ [ 3, 5 ], [ 4.5, 5.5 ] ]
 * ```
 */
export function embeddingBag(
  input: Tensor,
  weight: Tensor,
  offsets?: Tensor | EmbeddingBagOptions | null,
  rest?: EmbeddingBagOptions,
): Tensor {
  requireTensor("embeddingBag", "input", input);
  requireTensor("embeddingBag", "weight", weight);
  const options = named<EmbeddingBagOptions>(["offsets"], offsets, rest);
  const { mode = "mean", maxNorm, normType = 2, scaleGradByFreq = false, perSampleWeights } = options;
  requireTensorOrNone("embeddingBag", "offsets", options.offsets);
  requireTensorOrNone("embeddingBag", "perSampleWeights", perSampleWeights);
  if (mode !== "sum" && mode !== "mean" && mode !== "max") {
    throw new ValueError(`Cannot embeddingBag by "${mode}": modes are sum, mean and max`);
  }
  if (weight.ndim !== 2) {
    throw new ShapeError(`Cannot look up rows of a table of shape ${show(weight.shape)}: it must be [V, D]`);
  }
  const [rows, size] = weight.shape as readonly number[] as [number, number];
  checkWeights(input, mode, perSampleWeights, scaleGradByFreq);
  const padding = paddingRow(options.paddingIdx, rows);
  const bags = bagsOf(input, options), [count, longest] = bags.shape;
  const { index, message } = checkIndex("embeddingBag", input, rows);
  if (maxNorm != null) renormalize(index, weight, maxNorm, normType);
  if (count === 0 || longest === 0) return filled([count, size], 0, weight.dtype, weight.device);

  const numbers = sideBySide(index, bags);
  const known = padding === undefined ? undefined : ne(numbers, padding);
  const counted = bags.valid === undefined || known === undefined ? bags.valid ?? known : logicalAnd(bags.valid, known);
  const wide = (x: Tensor) => reshaped(x, [count, longest, 1]);
  const at = reshaped(expandTo(wide(numbers), [count, longest, size]), [count * longest, size]);
  const found = reshaped(gathered(weight, 0, at, message), [count, longest, size]);
  if (mode === "max") return largest(weight, numbers, found, counted);
  const looked = scaleGradByFreq ? scaledBack(found, wide(sideBySide(occurrences(index, rows, found), bags))) : found;
  const weighed = perSampleWeights == null ? looked : mul(looked, wide(sideBySide(perSampleWeights, bags)));
  const total = summed(counted === undefined ? weighed : where(wide(counted), weighed, 0), [1]);
  if (mode === "sum") return total;
  if (counted === undefined) return div(total, longest);
  return div(total, clampMin(summed(toDtype(counted, weight.dtype), [1], true), 1));
}

/** How often the row of each number is looked up, in the input's shape. */
function occurrences(index: Tensor, rows: number, like: Tensor): Tensor {
  return noGrad(() => reshaped(frequencies(index, rows, like), index.shape));
}

/** `x`, whose gradient is divided by `factor`. */
function scaledBack(x: Tensor, factor: Tensor): Tensor {
  return custom("embeddingBag", [x], () => mul(x, 1), [(grad) => div(grad, factor)]);
}

/** The largest element of each column of each bag; the gradient goes to the row where it was first found. */
function largest(weight: Tensor, numbers: Tensor, found: Tensor, counted: Tensor | undefined): Tensor {
  const [count, longest, size] = found.shape as readonly number[] as [number, number, number];
  const wide = (x: Tensor) => reshaped(x, [count, longest, 1]);
  const row = noGrad(() => {
    const first = argmax(counted === undefined ? found : where(wide(counted), found, -Infinity), 1);
    return gathered(expandTo(wide(numbers), found.shape), 1, reshaped(first, [count, 1, size]));
  });
  const values = gathered(weight, 0, reshaped(row, [count, size]));
  return counted === undefined ? values : where(reshaped(any(counted, 1), [count, 1]), values, 0);
}

function checkWeights(
  input: Tensor,
  mode: string,
  weights: Tensor | null | undefined,
  scaleGradByFreq: boolean,
): void {
  if (mode === "max" && scaleGradByFreq) throw new ValueError('Cannot embeddingBag by "max" with scaleGradByFreq');
  if (weights == null) return;
  if (mode !== "sum") {
    throw new ValueError(`Cannot embeddingBag by "${mode}" with perSampleWeights: they are for "sum"`);
  }
  if (show(weights.shape) !== show(input.shape)) {
    throw new ShapeError(
      `Cannot embeddingBag an input of shape ${show(input.shape)} with perSampleWeights of shape ${
        show(weights.shape)
      }: they must be equal`,
    );
  }
}
