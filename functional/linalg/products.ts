/**
 * Products and arrangements of vectors under the names of `torch.linalg`.
 *
 * @module
 */

import { ShapeError, ValueError } from "../../kernels/mod.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { broadcastShape, expandTo } from "../broadcast.ts";
import { axisOf, named, show } from "../dims.ts";
import { mul } from "../elementwise/arithmetic.ts";
import { filled } from "../host.ts";
import { cross as crossOf } from "../matrix/tensordot.ts";
import { cat } from "../movement/cat.ts";
import { diagonal as diagonalOf } from "../movement/diagonal.ts";
import { unsqueeze } from "../movement/reshape.ts";
import { cumprod } from "../reduction/cumulative.ts";
import { sum } from "../reduction/sum.ts";

/** Options with a dimension. */
export interface DimOption {
  /** The dimension; -1 by default. */
  readonly dim?: number;
}

/**
 * The cross product of vectors of three elements along `dim`; other dimensions broadcast.
 *
 * @param dim the dimension of extent 3; -1 by default; by position or in options
 * @throws {ShapeError} where the dimensions are not as many, do not broadcast, or the extent is not 3
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.cross(tensor([1, 0, 0]), tensor([0, 1, 0]))); // tensor([0, 0, 1])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.cross.html}
 */
export function cross(a: Tensor, b: Tensor, dim?: number | DimOption): Tensor {
  requireTensor("cross", "a", a);
  requireTensor("cross", "b", b);
  if (a.ndim !== b.ndim) {
    throw new ShapeError(
      `Cannot take the cross product of shapes ${show(a.shape)} and ${
        show(b.shape)
      }: both must have as many dimensions`,
    );
  }
  const given = named<DimOption>(["dim"], dim).dim ?? -1;
  const axis = axisOf("cross", given, a.ndim);
  if (a.shape[axis] !== 3 || b.shape[axis] !== 3) {
    throw new ShapeError(
      `Cannot take the cross product of shapes ${show(a.shape)} and ${
        show(b.shape)
      }: dimension ${given} must have extent 3`,
    );
  }
  return crossOf(a, b, axis);
}

/**
 * Σ x · y along `dim`; other dimensions broadcast.
 *
 * @param dim the dimension that is summed over; -1 by default; by position or in options
 * @throws {ShapeError} where the shapes do not broadcast
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.vecdot(tensor([[1, 2], [3, 4]]), tensor([1, 1]))); // tensor([3, 7])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.vecdot.html}
 */
export function vecdot(x: Tensor, y: Tensor, dim?: number | DimOption): Tensor {
  requireTensor("vecdot", "x", x);
  requireTensor("vecdot", "y", y);
  broadcastShape("vecdot", x.shape, y.shape);
  const product = mul(x, y);
  return sum(product, named<DimOption>(["dim"], dim).dim ?? -1);
}

/** Options of `vander`. */
export interface VanderOptions {
  /** Number of columns; as many as elements by default. */
  readonly N?: number;
}

/**
 * The powers 0, 1, …, N - 1 of each element as rows: Vandermonde's matrix.
 *
 * @param x [..., n]
 *
 * @param options `N`: as many as elements by default
 * @throws {ValueError} for an N that is no integer above 1
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.vander(tensor([2, 3]), { N: 3 }));
 * // tensor([[1, 2, 4],
 * //         [1, 3, 9]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.vander.html}
 */
export function vander(x: Tensor, { N }: VanderOptions = {}): Tensor {
  requireTensor("vander", "x", x);
  const list = x.ndim === 0 ? unsqueeze(x, 0) : x;
  const count = N ?? list.shape.at(-1)!;
  if (!Number.isInteger(count) || (N !== undefined && N < 2)) {
    throw new ValueError(`Cannot make a vander of ${N} columns: N must be an integer above 1`);
  }
  const first = filled([...list.shape, 1], 1, x.dtype, x.device);
  if (count < 2) return first;
  const repeated = expandTo(unsqueeze(list, -1), [...list.shape, count - 1]);
  return cat([first, cumprod(repeated, -1)], -1);
}

/** Options of `diagonal`. */
export interface LinalgDiagonalOptions {
  /** How far above the main diagonal; 0 by default. */
  readonly offset?: number;
  /** The dimension of the rows; -2 by default. */
  readonly dim1?: number;
  /** The dimension of the columns; -1 by default. */
  readonly dim2?: number;
}

/**
 * The diagonal of each matrix, as the last dimension; a view.
 *
 * @param options `offset`: 0 by default; `dim1` and `dim2`: -2 and -1
 * @throws {ShapeError} where dim1 and dim2 are the same
 * @throws {IndexError} for a dimension that a does not have
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.diagonal(tensor([[1, 2], [3, 4]]))); // tensor([1, 4])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.diagonal.html}
 */
export function diagonal(a: Tensor, { offset = 0, dim1 = -2, dim2 = -1 }: LinalgDiagonalOptions = {}): Tensor {
  requireTensor("diagonal", "a", a);
  return diagonalOf(a, { offset, dim1, dim2 });
}
