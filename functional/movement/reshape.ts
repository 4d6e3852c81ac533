/**
 * Other shapes for the same elements, in row-major order. All are views.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { numel, ShapeError } from "../../kernels/mod.ts";
import { record } from "../../tensor/grad_fn.ts";
import { requireList, requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { axesOf, axisOf, type Dims, named, show } from "../dims.ts";
import { alias } from "./alias.ts";

/** The elements of `x` in `shape`, which must have as many. For the library: no view. */
export function reshaped(x: Tensor, shape: readonly number[]): Tensor {
  return record("view", kernels.reshape(x.node, shape), [x], [(grad, [x]) => reshaped(grad, x!.node.shape)]);
}

function reshapeView(x: Tensor, shape: readonly number[]): Tensor {
  return alias(x, (base) => reshaped(base, shape), (base, value) => reshaped(value, base.node.shape));
}

/** `shape` with the extent that -1 stands for. */
function inferred(operation: string, x: Tensor, shape: readonly number[]): number[] {
  const count = x.numel(), at = shape.indexOf(-1);
  const known = numel(shape.filter((extent) => extent !== -1));
  const fits = at < 0 ? known === count : known === 0 ? count === 0 : count % known === 0;
  const valid = shape.every((extent) => Number.isInteger(extent) && extent >= -1) && at === shape.lastIndexOf(-1);
  if (!fits || !valid || (at >= 0 && known === 0)) {
    const remedy = valid ? `it has ${count} elements` : "extents are integers from 0, and one of them may be -1";
    throw new ShapeError(`Cannot ${operation} a tensor of shape ${show(x.shape)} to ${show(shape)}: ${remedy}`);
  }
  return shape.map((extent) => extent === -1 ? count / known : extent);
}

/**
 * The elements of x, row-major, in another shape; one extent may be -1 and follows from the others.
 *
 * @throws {ShapeError} where the shape has not as many elements
 * @see {@link https://pytorch.org/docs/stable/generated/torch.reshape.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.reshape(tensor([1, 2, 3, 4]), [2, -1]));
 * // tensor([[1, 2],
 * //         [3, 4]])
 * ```
 */
export function reshape(x: Tensor, shape: readonly number[]): Tensor {
  requireTensor("reshape", "x", x);
  requireList("reshape", "shape", shape);
  return reshapeView(x, inferred("reshape", x, shape));
}

/**
 * The same as `reshape`.
 *
 * @throws {ShapeError} where the shape has not as many elements
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Tensor.view.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.view(tensor([1, 2, 3, 4]), [2, 2]));
 * // tensor([[1, 2],
 * //         [3, 4]])
 * ```
 */
export function view(x: Tensor, shape: readonly number[]): Tensor {
  requireTensor("view", "x", x);
  requireList("view", "shape", shape);
  return reshapeView(x, inferred("view", x, shape));
}

/**
 * x in the shape of `other`.
 *
 * @throws {ShapeError} where `other` has not as many elements
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Tensor.view_as.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.viewAs(tensor([1, 2]), tensor([[3], [4]])));
 * // tensor([[1],
 * //         [2]])
 * ```
 */
export function viewAs(x: Tensor, other: Tensor): Tensor {
  requireTensor("viewAs", "x", x);
  requireTensor("viewAs", "other", other);
  return view(x, other.shape);
}

/**
 * x in the shape of `other`.
 *
 * @throws {ShapeError} where `other` has not as many elements
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Tensor.reshape_as.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.reshapeAs(tensor([1, 2]), tensor([[3], [4]])));
 * // tensor([[1],
 * //         [2]])
 * ```
 */
export function reshapeAs(x: Tensor, other: Tensor): Tensor {
  requireTensor("reshapeAs", "x", x);
  requireTensor("reshapeAs", "other", other);
  return reshape(x, other.shape);
}

/** Options of `flatten`. */
export interface FlattenOptions {
  /** The first dimension that is merged; 0 by default. */
  readonly startDim?: number;
  /** The last one; -1 by default. */
  readonly endDim?: number;
}

/**
 * Dimensions `startDim` to `endDim` merged into one.
 *
 * @param startDim the first dimension that is merged; 0 by default; by position or in options
 * @param endDim the last one; -1 by default
 * @throws {ShapeError} where startDim comes after endDim
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.flatten.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.flatten(tensor([[1, 2], [3, 4]]))); // tensor([1, 2, 3, 4])
 * ```
 */
export function flatten(x: Tensor, startDim?: number | FlattenOptions, endDim?: number): Tensor {
  requireTensor("flatten", "x", x);
  const options = named<FlattenOptions>(["startDim", "endDim"], startDim, endDim);
  const start = axisOf("flatten", options.startDim ?? 0, x.ndim), end = axisOf("flatten", options.endDim ?? -1, x.ndim);
  if (start > end) {
    throw new ShapeError(`Cannot flatten from dimension ${start} to ${end}: startDim comes after endDim`);
  }
  const shape = x.ndim === 0 ? [1] : x.shape;
  return reshapeView(x, [...shape.slice(0, start), numel(shape.slice(start, end + 1)), ...shape.slice(end + 1)]);
}

/**
 * All elements in one dimension.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.ravel.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.ravel(tensor([[1, 2], [3, 4]]))); // tensor([1, 2, 3, 4])
 * ```
 */
export function ravel(x: Tensor): Tensor {
  requireTensor("ravel", "x", x);
  return flatten(x);
}

/**
 * Dimension `dim` split into `sizes`, of which one may be -1.
 *
 * @throws {ShapeError} where the product of the sizes is not the dimension's extent
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.unflatten.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.unflatten(tensor([1, 2, 3, 4]), 0, [2, 2]));
 * // tensor([[1, 2],
 * //         [3, 4]])
 * ```
 */
export function unflatten(x: Tensor, dim: number, sizes: readonly number[]): Tensor {
  requireTensor("unflatten", "x", x);
  requireList("unflatten", "sizes", sizes);
  const axis = axisOf("unflatten", dim, x.ndim), extent = x.shape[axis] ?? 1;
  const known = numel(sizes.filter((size) => size !== -1));
  const fits = sizes.includes(-1) ? known !== 0 && extent % known === 0 : known === extent;
  if (sizes.length === 0 || !fits) {
    throw new ShapeError(
      `Cannot unflatten dimension ${dim} of extent ${extent} into ${show(sizes)}: their product must be ${extent}`,
    );
  }
  const whole = sizes.map((size) => size === -1 ? extent / known : size);
  return reshapeView(x, [...x.shape.slice(0, axis), ...whole, ...x.shape.slice(axis + 1)]);
}

/**
 * x without its dimensions of extent 1, or without those of `dim` that have it.
 *
 * @param dim the dimensions; all by default; by position or in options
 * @throws {IndexError} for a dimension that x does not have
 * @throws {ShapeError} for a dimension that is named twice
 * @see {@link https://pytorch.org/docs/stable/generated/torch.squeeze.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.squeeze(tensor([[[1, 2]]]), 0).shape); // torch.Size([1, 2])
 * ```
 */
export function squeeze(x: Tensor, dim?: Dims | { readonly dim?: Dims }): Tensor {
  requireTensor("squeeze", "x", x);
  const options = named<{ dim?: Dims }>(["dim"], dim);
  const axes = axesOf("squeeze", options.dim, x.ndim);
  return reshapeView(x, x.shape.filter((extent, i) => extent !== 1 || !axes.includes(i)));
}

/**
 * x with a dimension of extent 1 put in before `dim`.
 *
 * @param dim from -(x.ndim + 1) to x.ndim
 * @throws {IndexError} for a place that the result does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.unsqueeze.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.unsqueeze(tensor([1, 2]), 1));
 * // tensor([[1],
 * //         [2]])
 * ```
 */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  requireTensor("unsqueeze", "x", x);
  const axis = axisOf("unsqueeze", dim, x.ndim + 1);
  return reshapeView(x, [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)]);
}
