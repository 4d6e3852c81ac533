/**
 * Tensors joined along a new dimension, or side by side, on top of each other and behind each other.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { ShapeError, ValueError } from "../../kernels/mod.ts";
import { noted } from "../../tensor/operations.ts";
import { requireTensor, requireTensors } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { axisOf, named, show } from "../dims.ts";
import { cat } from "./cat.ts";
import { reshaped } from "./reshape.ts";
import type { DimOptions } from "./split.ts";

/**
 * The tensors, all of one shape, along a new dimension.
 *
 * @param tensors each [...]; n of them give [..., n, ...]
 * @param dim where the new dimension is put; 0 by default; by position or in options
 * @throws {ShapeError} where the shapes differ
 * @throws {ValueError} for an empty list of tensors
 * @throws {IndexError} for a place that the result does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.stack.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.stack([tensor([1, 2]), tensor([3, 4])]));
 * // tensor([[1, 2],
 * //         [3, 4]])
 * ```
 */
export function stack(tensors: readonly Tensor[], dim?: number | DimOptions): Tensor {
  requireTensors("stack", "tensors", tensors);
  const [first] = tensors;
  if (first === undefined) throw new ValueError("Cannot stack an empty list: give at least one tensor");
  const axis = axisOf("stack", named<DimOptions>(["dim"], dim).dim ?? 0, first.ndim + 1);
  for (const x of tensors) {
    if (kernels.sameShape(x.shape, first.shape)) continue;
    throw new ShapeError(
      `Cannot stack tensors of shapes ${show(first.shape)} and ${show(x.shape)}: all must have one shape`,
    );
  }
  const parts = tensors.map((x) => reshaped(x, [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)]));
  return noted("stack", cat(parts, axis), () => ({ inputs: tensors, attributes: { axis } }));
}

/**
 * x with at least one dimension.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.atleast_1d.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.atleast1d(tensor(1)).shape); // torch.Size([1])
 * ```
 */
export function atleast1d(x: Tensor): Tensor {
  requireTensor("atleast1d", "x", x);
  return x.ndim === 0 ? reshaped(x, [1]) : x;
}

/**
 * x with at least two dimensions, new ones in front.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.atleast_2d.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.atleast2d(tensor([1, 2])).shape); // torch.Size([1, 2])
 * ```
 */
export function atleast2d(x: Tensor): Tensor {
  requireTensor("atleast2d", "x", x);
  return x.ndim < 2 ? reshaped(x, [1, x.numel()]) : x;
}

/**
 * x with at least three dimensions: a vector becomes [1, n, 1], a matrix [m, n, 1].
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.atleast_3d.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.atleast3d(tensor([1, 2])).shape); // torch.Size([1, 2, 1])
 * ```
 */
export function atleast3d(x: Tensor): Tensor {
  requireTensor("atleast3d", "x", x);
  return x.ndim > 2 ? x : x.ndim === 2 ? reshaped(x, [...x.shape, 1]) : reshaped(x, [1, x.numel(), 1]);
}

/**
 * The tensors side by side: along the second dimension, or the only one.
 *
 * @param tensors [n] each, or [m, n, ...] that agree but in n
 * @throws {ShapeError} where other extents differ
 * @throws {ValueError} for an empty list of tensors
 * @see {@link https://pytorch.org/docs/stable/generated/torch.hstack.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.hstack([tensor([1, 2]), tensor([3])])); // tensor([1, 2, 3])
 * ```
 */
export function hstack(tensors: readonly Tensor[]): Tensor {
  requireTensors("hstack", "tensors", tensors);
  const parts = tensors.map(atleast1d);
  return cat(parts, parts[0]?.ndim === 1 ? 0 : 1);
}

/**
 * The tensors on top of each other, vectors as rows.
 *
 * @param tensors [n] each, or [m, n, ...] that agree but in m
 * @throws {ShapeError} where other extents differ
 * @throws {ValueError} for an empty list of tensors
 * @see {@link https://pytorch.org/docs/stable/generated/torch.vstack.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.vstack([tensor([1, 2]), tensor([3, 4])]));
 * // tensor([[1, 2],
 * //         [3, 4]])
 * ```
 */
export function vstack(tensors: readonly Tensor[]): Tensor {
  requireTensors("vstack", "tensors", tensors);
  return cat(tensors.map(atleast2d), 0);
}

/**
 * The same as `vstack`.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.row_stack.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.rowStack([tensor([1, 2]), tensor([3, 4])]));
 * // tensor([[1, 2],
 * //         [3, 4]])
 * ```
 */
export const rowStack: typeof vstack = vstack;

/**
 * The tensors behind each other, along the third dimension.
 *
 * @param tensors [n], [m, n] or [m, n, p, ...] that agree but in p
 * @throws {ShapeError} where other extents differ
 * @throws {ValueError} for an empty list of tensors
 * @see {@link https://pytorch.org/docs/stable/generated/torch.dstack.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.dstack([tensor([1, 2]), tensor([3, 4])]));
 * // tensor([[[1, 3],
 * //          [2, 4]]])
 * ```
 */
export function dstack(tensors: readonly Tensor[]): Tensor {
  requireTensors("dstack", "tensors", tensors);
  return cat(tensors.map(atleast3d), 2);
}

/**
 * The tensors side by side, vectors as columns.
 *
 * @param tensors [m], or [m, n, ...] that agree but in n
 * @throws {ShapeError} where other extents differ
 * @throws {ValueError} for an empty list of tensors
 * @see {@link https://pytorch.org/docs/stable/generated/torch.column_stack.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.columnStack([tensor([1, 2]), tensor([3, 4])]));
 * // tensor([[1, 3],
 * //         [2, 4]])
 * ```
 */
export function columnStack(tensors: readonly Tensor[]): Tensor {
  requireTensors("columnStack", "tensors", tensors);
  return hstack(tensors.map((x) => x.ndim < 2 ? reshaped(x, [x.numel(), 1]) : x));
}
