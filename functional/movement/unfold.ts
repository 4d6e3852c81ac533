/**
 * Sliding windows along one dimension.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { ShapeError, ValueError } from "../../kernels/mod.ts";
import { record } from "../../tensor/grad_fn.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { axisOf } from "../dims.ts";
import { permuted } from "./permute.ts";
import { reshaped } from "./reshape.ts";

/** Windows of the last axis, which becomes two: how many, and how long. */
function windows(x: Tensor, size: number, step: number): Tensor {
  const node = kernels.window(x.node, [{ size, stride: step, dilation: 1 }]);
  return record("unfold", node, [x], [(grad, [x]) => overlaid(grad, size, step, x!.node.shape.at(-1)!)]);
}

/** The windows added up where they lie. */
function overlaid(x: Tensor, size: number, step: number, extent: number): Tensor {
  const apart = kernels.unwindow(x.node, [{ size, stride: step, dilation: 1 }], [extent]);
  const node = kernels.reduce("sum", apart, [apart.shape.length - 1]);
  return record("unfoldBackward", node, [x], [(grad) => windows(grad, size, step)]);
}

/**
 * Windows of `size` elements along `dimension`, `step` apart; the elements of a window are a new last dimension.
 *
 * @param x [..., n, ...]; the result is [..., ⌊(n - size) / step⌋ + 1, ..., size]
 * @throws {ShapeError} for windows longer than the dimension
 * @throws {ValueError} for a step that is not above 0
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Tensor.unfold.html}
 * @example
 * ```ts
 * import { tensor } from "@tensaur/tensaur";
 *
 * console.log(tensor([1, 2, 3, 4]).unfold(0, 2, 1));
 * // tensor([[1, 2],
 * //         [2, 3],
 * //         [3, 4]])
 * ```
 */
export function unfold(x: Tensor, dimension: number, size: number, step: number): Tensor {
  const axis = axisOf("unfold", dimension, x.ndim), extent = x.shape[axis] ?? 1;
  if (size < 0 || size > extent) {
    throw new ShapeError(`Cannot unfold extent ${extent} into windows of ${size} elements: they are too long`);
  }
  if (step <= 0) throw new ValueError(`Cannot unfold with step ${step}: it must be above 0`);
  const source = x.ndim === 0 ? reshaped(x, [1]) : x;
  const last = source.ndim - 1, rest = [...source.shape.keys()].filter((i) => i !== axis);
  const apart = windows(permuted(source, [...rest, axis]), size, step);
  const order = rest.keys().toArray();
  const result = permuted(apart, [...order.slice(0, axis), last, ...order.slice(axis), last + 1]);
  return x.ndim === 0 ? reshaped(result, [size]) : result;
}
