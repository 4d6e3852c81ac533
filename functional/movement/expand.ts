/**
 * Repetition: by broadcasting, which copies nothing, and by tiling.
 *
 * @module
 */

import { IndexError, sameShape, ShapeError, ValueError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { noted } from "../../tensor/operations.ts";
import { requireList, requireOperand, requireTensor, requireTensors } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { broadcastShape, expandTo, sumToShape } from "../broadcast.ts";
import { axisOf, type Dims, named, show } from "../dims.ts";
import { elementsOf, fromIntegers } from "../host.ts";
import { widened } from "../reduction/reduce.ts";
import { indexSelect } from "../selection/index_select.ts";
import { alias, unshared } from "./alias.ts";
import { flatten, reshaped } from "./reshape.ts";

function expandView(x: Tensor, shape: readonly number[]): Tensor {
  const whole = x.numel() === shape.reduce((a, b) => a * b, 1);
  const write = whole ? (base: Tensor, value: Tensor) => reshaped(value, base.node.shape) : undefined;
  return alias(x, (base) => expandTo(base, shape), write);
}

/**
 * x with dimensions of extent 1 repeated to `sizes`, and new ones in front; -1 keeps an extent. A view that cannot be written.
 *
 * @throws {ShapeError} where an extent other than 1 would change, or dimensions would vanish
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Tensor.expand.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.expand(tensor([[1], [2]]), [-1, 3]));
 * // tensor([[1, 1, 1],
 * //         [2, 2, 2]])
 * ```
 */
export function expand(x: Tensor, sizes: readonly number[]): Tensor {
  requireTensor("expand", "x", x);
  requireList("expand", "sizes", sizes);
  const lead = sizes.length - x.ndim;
  const shape = sizes.map((size, i) => size === -1 && i >= lead ? x.shape[i - lead]! : size);
  const fits = lead >= 0 &&
    shape.every((size, i) => size >= 0 && (i < lead || x.shape[i - lead] === 1 || x.shape[i - lead] === size));
  if (!fits) {
    throw new ShapeError(
      `Cannot expand a tensor of shape ${show(x.shape)} to ${
        show(sizes)
      }: only extents of 1 can grow, and new dimensions come first`,
    );
  }
  return expandView(x, shape);
}

/**
 * x repeated to the shape of `other`.
 *
 * @throws {ShapeError} where an extent other than 1 would change, or dimensions would vanish
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Tensor.expand_as.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.expandAs(tensor([1]), tensor([2, 3]))); // tensor([1, 1])
 * ```
 */
export function expandAs(x: Tensor, other: Tensor): Tensor {
  requireTensor("expandAs", "x", x);
  requireTensor("expandAs", "other", other);
  return expand(x, other.shape);
}

/**
 * x repeated to `shape`.
 *
 * @throws {ShapeError} where an extent other than 1 would change, or dimensions would vanish
 * @see {@link https://pytorch.org/docs/stable/generated/torch.broadcast_to.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.broadcastTo(tensor([1, 2]), [2, 2]));
 * // tensor([[1, 2],
 * //         [1, 2]])
 * ```
 */
export function broadcastTo(x: Tensor, shape: readonly number[]): Tensor {
  requireTensor("broadcastTo", "x", x);
  requireList("broadcastTo", "shape", shape);
  return expand(x, shape);
}

/**
 * The tensors repeated to their common shape.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @see {@link https://pytorch.org/docs/stable/generated/torch.broadcast_tensors.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.broadcastTensors(tensor([1, 2]), tensor([[3]]))); // [ tensor([[1, 2]]), tensor([[3, 3]]) ]
 * ```
 */
export function broadcastTensors(...tensors: Tensor[]): Tensor[] {
  requireTensors("broadcastTensors", "tensors", tensors);
  const shape = broadcastShape("broadcast", ...tensors.map((x) => x.shape));
  return tensors.map((x) => expandView(x, shape));
}

/**
 * The shape that tensors of these shapes broadcast to.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @see {@link https://pytorch.org/docs/stable/generated/torch.broadcast_shapes.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.broadcastShapes([2, 1], [3])); // [ 2, 3 ]
 * ```
 */
export function broadcastShapes(...shapes: Dims[]): number[] {
  return [...broadcastShape("broadcast", ...shapes.map((shape) => [shape].flat()))];
}

/**
 * x summed to `shape`, which must broadcast to that of x.
 *
 * @throws {ShapeError} where the shape does not broadcast to that of x
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Tensor.sum_to_size.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.sumToSize(tensor([[1, 2], [3, 4]]), [2, 1]));
 * // tensor([[3],
 * //         [7]])
 * ```
 */
export function sumToSize(x: Tensor, size: Dims): Tensor {
  requireTensor("sumToSize", "x", x);
  const shape = [size].flat();
  if (!sameShape(broadcastShape("sumToSize", x.shape, shape), x.shape)) {
    throw new ShapeError(
      `Cannot sum a tensor of shape ${show(x.shape)} to ${show(shape)}: that shape must broadcast to it`,
    );
  }
  return sumToShape(widened(x), shape);
}

/**
 * x set side by side with itself, `repeats[i]` times along dimension i; new dimensions come first.
 *
 * @throws {ShapeError} for fewer counts than x has dimensions, and for counts that are no integers from 0
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Tensor.repeat.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.repeat(tensor([1, 2]), [2, 2]));
 * // tensor([[1, 2, 1, 2],
 * //         [1, 2, 1, 2]])
 * ```
 */
export function repeat(x: Tensor, repeats: readonly number[]): Tensor {
  requireTensor("repeat", "x", x);
  requireList("repeat", "repeats", repeats);
  const lead = repeats.length - x.ndim;
  if (lead < 0 || repeats.some((times) => !Number.isInteger(times) || times < 0)) {
    throw new ShapeError(
      `Cannot repeat a tensor of shape ${show(x.shape)} by ${
        show(repeats)
      }: give a count from 0 for each of its dimensions`,
    );
  }
  const shape = [...new Array(lead).fill(1), ...x.shape];
  const apart = reshaped(x, shape.flatMap((extent) => [1, extent]));
  const full = expandTo(apart, shape.flatMap((extent, i) => [repeats[i]!, extent]));
  const result = unshared(reshaped(full, shape.map((extent, i) => extent * repeats[i]!)), x);
  return noted("repeat", result, () => ({ inputs: [x], attributes: { repeats } }));
}

/**
 * As `repeat`, but counts for the last dimensions suffice.
 *
 * @throws {ShapeError} for counts that are no integers from 0
 * @see {@link https://pytorch.org/docs/stable/generated/torch.tile.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.tile(tensor([[1, 2]]), [2])); // tensor([[1, 2, 1, 2]])
 * ```
 */
export function tile(x: Tensor, dims: readonly number[]): Tensor {
  requireTensor("tile", "x", x);
  requireList("tile", "dims", dims);
  return repeat(x, [...new Array(Math.max(0, x.ndim - dims.length)).fill(1), ...dims]);
}

/** Options of `repeatInterleave`. */
export interface RepeatInterleaveOptions {
  /** The dimension along which elements are repeated; without it the tensor is flattened first. */
  readonly dim?: number;
}

/**
 * Each element repeated in place, `repeats` times, or as often as a tensor of counts says (which is read).
 *
 * @param repeats a count, or one for each element along `dim`
 * @param dim the dimension; without it x is flattened first; by position or in options
 * @throws {ShapeError} where the counts are not as many as the elements
 * @throws {ValueError} for a count that is no integer from 0
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.repeat_interleave.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.repeatInterleave(tensor([1, 2]), 2)); // tensor([1, 1, 2, 2])
 * ```
 */
export function repeatInterleave(
  x: Tensor,
  repeats: number | Tensor,
  dim?: number | RepeatInterleaveOptions,
  options?: RepeatInterleaveOptions,
): Tensor {
  requireTensor("repeatInterleave", "x", x);
  requireOperand("repeatInterleave", "repeats", repeats);
  const at = named<RepeatInterleaveOptions>(["dim"], dim, options).dim;
  if (at !== undefined && x.ndim === 0) {
    throw new IndexError(`Cannot repeatInterleave along dimension ${at}: a 0-dimensional tensor has no dimensions`);
  }
  const source = at === undefined ? flatten(x) : x;
  const axis = axisOf("repeatInterleave", at ?? 0, source.ndim), extent = source.shape[axis]!;
  if (typeof repeats !== "number" && repeats.numel() !== 1) {
    const counts = Array.from(elementsOf(toDtype(repeats, "int32")));
    if (counts.length !== extent) {
      throw new ShapeError(
        `Cannot repeat ${extent} elements by ${counts.length} counts: give one count, or one for each element`,
      );
    }
    counts.forEach(requireCount);
    const indices = counts.flatMap((count, i) => new Array<number>(count).fill(i));
    return indexSelect(source, axis, fromIntegers(indices, [indices.length], x.device));
  }
  const times = typeof repeats === "number" ? repeats : elementsOf(repeats)[0]!;
  requireCount(times);
  const { shape } = source;
  const before = shape.slice(0, axis), after = shape.slice(axis + 1);
  const full = expandTo(reshaped(source, [...before, extent, 1, ...after]), [
    ...before,
    extent,
    times,
    ...after,
  ]);
  return unshared(reshaped(full, [...before, extent * times, ...after]), x);
}

function requireCount(times: number): void {
  if (Number.isInteger(times) && times >= 0) return;
  throw new ValueError(`Cannot repeat elements ${times} times: counts are integers from 0`);
}
