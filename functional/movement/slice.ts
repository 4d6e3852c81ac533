/**
 * Strided parts of a tensor, and putting them back.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { IndexError, type Range, ShapeError } from "../../kernels/mod.ts";
import { clone } from "../../tensor/conversion.ts";
import { record } from "../../tensor/grad_fn.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { axisOf, show } from "../dims.ts";
import { elementsOf, filled } from "../host.ts";
import { where } from "../elementwise/where.ts";
import { alias, unshared } from "./alias.ts";
import { reshaped } from "./reshape.ts";

/** The elements of `x` at `ranges`, one for each axis. For the library: no view. */
export function sliced(x: Tensor, ranges: readonly Range[]): Tensor {
  return record("slice", kernels.slice(x.node, ranges), [x], [(grad, [x]) => placed(grad, ranges, x!.node.shape)]);
}

/** A tensor of `shape` that is 0 but for the elements at `ranges`, which are those of `x`. */
export function placed(x: Tensor, ranges: readonly Range[], shape: readonly number[]): Tensor {
  return record("sliceBackward", kernels.unslice(x.node, ranges, shape), [x], [(grad) => sliced(grad, ranges)]);
}

/** `base` with the elements at `ranges` replaced by those of `value`. */
export function spliced(base: Tensor, value: Tensor, ranges: readonly Range[]): Tensor {
  const inside = placed(filled(ranges.map((r) => r.size), 1, "bool", base.device), ranges, base.shape);
  return where(inside, placed(value, ranges, base.shape), base);
}

/** The elements of `x` at `ranges`, one for each axis, as a view. */
export function sliceView(x: Tensor, ranges: readonly Range[]): Tensor {
  return alias(x, (base) => sliced(base, ranges), (base, value) => spliced(base, value, ranges));
}

/** Ranges that are all of `shape` but along one axis. */
export function rangesOf(shape: readonly number[], axis: number, start: number, size: number, step = 1): Range[] {
  return shape.map((extent, i) => i === axis ? { start, size, step } : { start: 0, size: extent, step: 1 });
}

/**
 * Elements `start` to `start + length - 1` along `dim`, as a view.
 *
 * @param x [..., n, ...]; the result is [..., length, ...]
 * @param start a number, or a tensor that holds one, which is read; negative ones count from the end
 * @throws {IndexError} where the elements are not all within the dimension, or x does not have it
 * @throws {ShapeError} for a 0-dimensional tensor
 * @see {@link https://pytorch.org/docs/stable/generated/torch.narrow.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.narrow(tensor([1, 2, 3, 4]), 0, 1, 2)); // tensor([2, 3])
 * ```
 */
export function narrow(x: Tensor, dim: number, start: number | Tensor, length: number): Tensor {
  requireTensor("narrow", "x", x);
  if (x.ndim === 0) throw new ShapeError("Cannot narrow a 0-dimensional tensor: it has no dimension to take a part of");
  const axis = axisOf("narrow", dim, x.ndim), extent = x.shape[axis]!;
  const given = typeof start === "number" ? start : elementsOf(start)[0]!;
  const first = given < 0 ? given + extent : given;
  if (first < 0 || length < 0 || first + length > extent) {
    throw new IndexError(
      `Cannot narrow dimension ${dim} of extent ${extent} to ${length} elements from ${given}: it ends at ${extent}`,
    );
  }
  return sliceView(x, rangesOf(x.shape, axis, first, length));
}

/**
 * A copy of what `narrow` shows.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Tensor.narrow_copy.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.narrowCopy(tensor([1, 2, 3, 4]), 0, 1, 2)); // tensor([2, 3])
 * ```
 */
export function narrowCopy(x: Tensor, dim: number, start: number | Tensor, length: number): Tensor {
  requireTensor("narrowCopy", "x", x);
  return clone(narrow(x, dim, start, length));
}

/**
 * Element `index` along `dim`, which vanishes; a view.
 *
 * @param index negative ones count from the end
 * @throws {IndexError} for an element or a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.select.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.select(tensor([[1, 2], [3, 4]]), 1, 0)); // tensor([1, 3])
 * ```
 */
export function select(x: Tensor, dim: number, index: number): Tensor {
  requireTensor("select", "x", x);
  if (x.ndim === 0) throw new IndexError("Cannot select from a 0-dimensional tensor: use item() to read its number");
  const { axis, at } = element("select", x, dim, index);
  const ranges = rangesOf(x.shape, axis, at, 1);
  const rest = x.shape.filter((_, i) => i !== axis);
  return alias(
    x,
    (base) => reshaped(sliced(base, ranges), rest),
    (base, value) => spliced(base, reshaped(value, ranges.map((r) => r.size)), ranges),
  );
}

function element(operation: string, x: Tensor, dim: number, index: number): { axis: number; at: number } {
  const axis = axisOf(operation, dim, x.ndim), extent = x.shape[axis]!;
  const at = index < 0 ? index + extent : index;
  if (!Number.isInteger(index) || at < 0 || at >= extent) {
    throw new IndexError(
      `Cannot ${operation} element ${index} of dimension ${dim} with extent ${extent}: elements are ${-extent} to ${
        extent - 1
      }`,
    );
  }
  return { axis, at };
}

/**
 * A copy of x with element `index` along `dim` replaced by `value`.
 *
 * @param value of the shape that `select` gives
 * @throws {ShapeError} where the value has another shape
 * @throws {IndexError} for an element or a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.select_scatter.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.selectScatter(tensor([[1, 2], [3, 4]]), tensor([8, 9]), 0, 1));
 * // tensor([[1, 2],
 * //         [8, 9]])
 * ```
 */
export function selectScatter(x: Tensor, value: Tensor, dim: number, index: number): Tensor {
  requireTensor("selectScatter", "x", x);
  requireTensor("selectScatter", "value", value);
  const { axis, at } = element("selectScatter", x, dim, index);
  const ranges = rangesOf(x.shape, axis, at, 1);
  const rest = x.shape.filter((_, i) => i !== axis);
  if (!kernels.sameShape(value.shape, rest)) {
    throw new ShapeError(
      `Cannot selectScatter a value of shape ${show(value.shape)}: the selected part has shape ${show(rest)}`,
    );
  }
  return spliced(x, reshaped(value, ranges.map((r) => r.size)), ranges);
}

/** Options of `sliceScatter`. */
export interface SliceScatterOptions {
  /** The dimension; 0 by default. */
  readonly dim?: number;
  /** The first element; 0 by default. */
  readonly start?: number | null;
  /** The element before which the part ends; the extent by default. */
  readonly end?: number | null;
  /** Distance between elements; 1 by default. */
  readonly step?: number;
}

/**
 * A copy of x with the elements `start`, `start + step`, … below `end` along `dim` replaced by `value`.
 *
 * @param value of the shape of the part
 * @param options `dim`: 0 by default; `start`: 0; `end`: the extent; `step`: 1; bounds beyond the ends are cut
 * @throws {ShapeError} where the value has another shape, and for a step that is no integer above 0
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.slice_scatter.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.sliceScatter(tensor([1, 2, 3, 4]), tensor([8, 9]), { start: 1, end: 3 }));
 * // tensor([1, 8, 9, 4])
 * ```
 */
export function sliceScatter(x: Tensor, value: Tensor, options: SliceScatterOptions = {}): Tensor {
  requireTensor("sliceScatter", "x", x);
  requireTensor("sliceScatter", "value", value);
  const axis = axisOf("sliceScatter", options.dim ?? 0, x.ndim);
  const ranges = rangesOf(x.shape, axis, 0, 0);
  ranges[axis] = rangeOf(x.shape[axis]!, options.start, options.end, options.step);
  const sizes = ranges.map((r) => r.size);
  if (!kernels.sameShape(value.shape, sizes)) {
    throw new ShapeError(
      `Cannot sliceScatter a value of shape ${show(value.shape)}: the part has shape ${show(sizes)}`,
    );
  }
  return spliced(x, value, ranges);
}

/** Python's `start:end:step` on `extent` elements; bounds beyond the ends are cut. */
export function rangeOf(extent: number, start?: number | null, end?: number | null, step = 1): Range {
  if (!Number.isInteger(step) || step <= 0) {
    throw new ShapeError(`Cannot slice with step ${step}: steps are integers above 0. Use flip`);
  }
  const bound = (at: number) => Math.min(Math.max(at < 0 ? at + extent : at, 0), extent);
  const first = bound(start ?? 0), last = bound(end ?? extent);
  return { start: first, size: Math.max(0, Math.ceil((last - first) / step)), step };
}

/**
 * x with the order of elements reversed along each of `dims`.
 *
 * @throws {ShapeError} for a dimension that is named twice
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.flip.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.flip(tensor([[1, 2], [3, 4]]), [0, 1]));
 * // tensor([[4, 3],
 * //         [2, 1]])
 * ```
 */
export function flip(x: Tensor, dims: number | readonly number[]): Tensor {
  requireTensor("flip", "x", x);
  const axes = [dims].flat().map((dim) => axisOf("flip", dim, x.ndim));
  if (new Set(axes).size !== axes.length) throw new ShapeError(`Cannot flip a dimension twice: ${show([dims].flat())}`);
  const reversed = sliced(
    x,
    x.shape.map((size, i) =>
      axes.includes(i) && size > 0 ? { start: size - 1, size, step: -1 } : { start: 0, size, step: 1 }
    ),
  );
  return unshared(reversed, x);
}

/**
 * x with its columns in reverse order.
 *
 * @param x [m, n, ...]
 * @throws {ShapeError} for less than two dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.fliplr.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.fliplr(tensor([[1, 2], [3, 4]])));
 * // tensor([[2, 1],
 * //         [4, 3]])
 * ```
 */
export function fliplr(x: Tensor): Tensor {
  requireTensor("fliplr", "x", x);
  if (x.ndim < 2) throw new ShapeError(`Cannot fliplr a tensor of shape ${show(x.shape)}: it needs 2 dimensions`);
  return flip(x, 1);
}

/**
 * x with its rows in reverse order.
 *
 * @param x [m, ...]
 * @throws {ShapeError} for a 0-dimensional tensor
 * @see {@link https://pytorch.org/docs/stable/generated/torch.flipud.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.flipud(tensor([[1, 2], [3, 4]])));
 * // tensor([[3, 4],
 * //         [1, 2]])
 * ```
 */
export function flipud(x: Tensor): Tensor {
  requireTensor("flipud", "x", x);
  if (x.ndim < 1) throw new ShapeError("Cannot flipud a 0-dimensional tensor: it needs a dimension");
  return flip(x, 0);
}
