/**
 * Rows of a table by number.
 *
 * @module
 */

import { IndexError, ShapeError } from "../kernels/mod.ts";
import { noGrad } from "../tensor/grad_mode.ts";
import { noted } from "../tensor/operations.ts";
import { requireTensor } from "../tensor/require_tensor.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { expandTo } from "./broadcast.ts";
import { checkIndex } from "./check_index.ts";
import { show } from "./dims.ts";
import { add, mul } from "./elementwise/arithmetic.ts";
import { eq, gt } from "./elementwise/comparison.ts";
import { div } from "./elementwise/division.ts";
import { where } from "./elementwise/where.ts";
import { record } from "../tensor/grad_fn.ts";
import * as kernels from "../kernels/mod.ts";
import { elementsOf, filled, fromIntegers } from "./host.ts";
import { reshaped } from "./movement/reshape.ts";
import { normOver } from "./reduction/norm.ts";
import { gathered, scatterSet, scatterSum } from "./selection/primitives.ts";

/** Options of `embedding`. */
export interface EmbeddingOptions {
  /** A row that gathers no gradient; negative numbers count from the end; none by default. */
  readonly paddingIdx?: number | null;
  /** Rows that are looked up and have a larger norm are scaled down to it, in place; none by default. */
  readonly maxNorm?: number | null;
  /** Which norm that is; 2 by default. */
  readonly normType?: number;
  /** Divides the gradient of a row by how often it was looked up; false by default. */
  readonly scaleGradByFreq?: boolean;
}

/**
 * The rows of `weight` at the numbers in `input`, which become the last dimension: [...] and [V, D] to [..., D].
 *
 * @throws {IndexError} for a number out of range: at once where the input is on the host, else when a result is read.
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.embedding.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * const table = tensor([[0.5, 1.5], [2.5, 3.5], [4.5, 5.5]]);
 * console.log(F.embedding(tensor([2, 0]), table).tolist()); // [ [ 4.5, 5.5 ], [ 0.5, 1.5 ] ]
 * ```
 */
export function embedding(input: Tensor, weight: Tensor, options: EmbeddingOptions = {}): Tensor {
  requireTensor("embedding", "input", input);
  requireTensor("embedding", "weight", weight);
  const { paddingIdx, maxNorm, normType = 2, scaleGradByFreq = false } = options;
  if (weight.ndim !== 2) {
    throw new ShapeError(`Cannot look up rows of a table of shape ${show(weight.shape)}: it must be [V, D]`);
  }
  const [rows, size] = weight.shape as readonly number[] as [number, number];
  const padding = paddingRow(paddingIdx, rows);
  const { index, message } = checkIndex("embedding", input, rows);
  if (maxNorm != null) renormalize(index, weight, maxNorm, normType);
  const count = index.numel();
  const upright = reshaped(index, [count, 1]), at = expandTo(upright, [count, size]);
  const node = kernels.gather(weight.node, 0, at.node, message);
  const found = record("embedding", node, [weight], [(grad) => {
    const kept = padding === undefined ? grad : where(eq(upright, padding), 0, grad);
    const scaled = scaleGradByFreq ? div(kept, frequencies(index, rows, grad)) : kept;
    return scatterSum(filled([rows, size], 0, grad.dtype, grad.device), 0, at, scaled);
  }]);
  return noted("embedding", reshaped(found, [...input.shape, size]), () => ({
    inputs: [weight, input],
    attributes: { paddingIdx, maxNorm, normType, scaleGradByFreq },
  }));
}

/** The row that `paddingIdx` means, if any. For the library. */
export function paddingRow(paddingIdx: number | null | undefined, rows: number): number | undefined {
  if (paddingIdx == null) return undefined;
  const row = paddingIdx < 0 ? paddingIdx + rows : paddingIdx;
  if (Number.isInteger(row) && row >= 0 && row < rows) return row;
  throw new IndexError(
    `Cannot use paddingIdx ${paddingIdx} with ${rows} rows: it must lie between ${-rows} and ${rows - 1}`,
  );
}

/** How often the row of each looked-up number occurs, [count, 1]. For the library. */
export function frequencies(index: Tensor, rows: number, like: Tensor): Tensor {
  const count = index.numel(), flat = reshaped(index, [count]);
  const ones = filled([count], 1, like.dtype, like.device);
  const occurrences = scatterSum(filled([rows], 0, like.dtype, like.device), 0, flat, ones);
  return reshaped(gathered(occurrences, 0, flat), [count, 1]);
}

/** Scales rows that are looked up down to norm `maxNorm`, in the table itself. For the library. */
export function renormalize(index: Tensor, weight: Tensor, maxNorm: number, normType: number): void {
  noGrad(() => {
    const unique = Int32Array.from(new Set(elementsOf(index)));
    const rows = expandTo(reshaped(fromIntegers(unique, [unique.length], weight.device), [unique.length, 1]), [
      unique.length,
      weight.shape[1]!,
    ]);
    const found = gathered(weight, 0, rows), norms = normOver(found, normType, [1], true);
    const factor = where(gt(norms, maxNorm), div(maxNorm, add(norms, 1e-7)), 1);
    weight.assign(scatterSet(weight, 0, rows, mul(found, factor)), "embedding");
  });
}
