/**
 * Borders of a constant.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { ShapeError } from "../../kernels/mod.ts";
import { record } from "../../tensor/grad_fn.ts";
import { requireList, requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { unshared } from "./alias.ts";
import { sliced } from "./slice.ts";

/** How many elements are added before and after an axis; negative numbers cut. */
export type Border = readonly [before: number, after: number];

/** `x` within borders of `value`, one for each axis. */
export function bordered(x: Tensor, borders: readonly Border[], value = 0): Tensor {
  const { shape } = x;
  const inner = borders.map(([before, after], i) => ({
    start: Math.max(0, -before),
    size: shape[i]! + Math.min(0, before) + Math.min(0, after),
    step: 1,
  }));
  const outer = borders.map(([before, after]): Border => [Math.max(0, before), Math.max(0, after)]);
  const kept = sliced(x, inner);
  const back = outer.map(([before], i) => ({ start: before, size: inner[i]!.size, step: 1 }));
  return record("constantPadNd", kernels.pad(kept.node, outer, value), [kept], [(grad) => sliced(grad, back)]);
}

/** Throws unless borders are whole numbers. */
export function checkWhole(x: Tensor, pad: readonly number[]): void {
  if (pad.every(Number.isInteger)) return;
  throw new ShapeError(`Cannot pad a tensor of shape ${show(x.shape)} by ${show(pad)}: give whole numbers`);
}

/**
 * x within borders of `value`. `pad` lists [before, after] for the last dimension, then for the one before it, and so on; negative
 * numbers cut elements off.
 *
 * @param pad two numbers for each of the last dimensions
 * @param value 0 by default
 * @throws {ShapeError} for an odd count of numbers, for more than x has dimensions, for numbers that are not whole, and where less
 *   than nothing would remain
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.pad.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.constantPadNd(tensor([1, 2]), [1, 2], 9)); // tensor([9, 1, 2, 9, 9])
 * ```
 */
export function constantPadNd(x: Tensor, pad: readonly number[], value = 0): Tensor {
  requireTensor("constantPadNd", "x", x);
  requireList("constantPadNd", "pad", pad);
  const count = pad.length / 2;
  if (!Number.isInteger(count) || count > x.ndim) {
    throw new ShapeError(
      `Cannot pad a tensor of shape ${show(x.shape)} by ${show(pad)}: give two numbers for each of its last dimensions`,
    );
  }
  checkWhole(x, pad);
  const borders = x.shape.map((extent, i): Border => {
    const at = 2 * (x.ndim - 1 - i);
    const [before, after] = [pad[at] ?? 0, pad[at + 1] ?? 0];
    if (extent + before + after < 0) {
      throw new ShapeError(
        `Cannot pad dimension ${i} of extent ${extent} by ${before} and ${after}: less than nothing would remain`,
      );
    }
    return [before, after];
  });
  return unshared(bordered(x, borders, value), x);
}
