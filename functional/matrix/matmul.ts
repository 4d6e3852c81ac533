/**
 * Matrix products.
 *
 * @module
 */

import { ShapeError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { noted } from "../../tensor/operations.ts";
import { resultType } from "../../tensor/promotion.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { broadcastShape, expandTo } from "../broadcast.ts";
import { show } from "../dims.ts";
import { reshaped } from "../movement/reshape.ts";
import { permuted } from "../movement/permute.ts";
import { contracted } from "./contract.ts";

function requireRank(operation: string, x: Tensor, rank: number, what: string): void {
  if (x.ndim === rank) return;
  throw new ShapeError(
    `Cannot ${operation} with ${what} of shape ${
      show(x.shape)
    }: it must have ${rank} dimensions. Use matmul for others`,
  );
}

function requireInner(operation: string, a: Tensor, b: Tensor, inner: number, other: number): void {
  if (inner === other) return;
  throw new ShapeError(
    `Cannot ${operation} shapes ${show(a.shape)} and ${
      show(b.shape)
    }: the first's rows have ${inner} elements, the second's columns ${other}`,
  );
}

/**
 * The product of vectors, matrices, or matrices in the last two dimensions, the others being broadcast. A vector on the left is a row,
 * one on the right a column, and the product loses that dimension again.
 *
 * @param a [..., m, k], or [k]
 * @param b [..., k, n], or [k]; the result is [..., m, n] without the dimensions that a vector lacks
 * @throws {ShapeError} for 0-dimensional tensors, and where the inner extents differ or the batches do not broadcast
 * @throws {DTypeError} where the dtypes differ
 * @see {@link https://pytorch.org/docs/stable/generated/torch.matmul.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.matmul(tensor([[1, 2], [3, 4]]), tensor([1, 1]))); // tensor([3, 7])
 * ```
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  requireTensor("matmul", "a", a);
  requireTensor("matmul", "b", b);
  if (a.ndim === 0 || b.ndim === 0) {
    throw new ShapeError(
      `Cannot matmul shapes ${show(a.shape)} and ${show(b.shape)}: both need a dimension. Use mul for numbers`,
    );
  }
  requireInner("matmul", a, b, a.shape.at(-1)!, b.shape.at(b.ndim === 1 ? 0 : -2)!);
  return noted("matmul", multiplied(a, b), () => ({ inputs: [a, b] }));
}

function multiplied(a: Tensor, b: Tensor): Tensor {
  // Where one side has no batch, the other's is just more rows or columns.
  if (b.ndim <= 2) return contracted("mm", a, b, { batch: 0, m: a.ndim - 1, n: b.ndim - 1, k: 1 });
  if (a.ndim === 1) return rowTimes(a, b);
  if (a.ndim === 2) return matrixTimes(a, b);
  const batch = broadcastShape("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
  const left = expandTo(a, [...batch, ...a.shape.slice(-2)]), right = expandTo(b, [...batch, ...b.shape.slice(-2)]);
  return contracted("bmm", left, right, { batch: batch.length, m: 1, n: 1, k: 1 });
}

/** `b` with its rows before everything else. */
function rowsFirst(b: Tensor): Tensor {
  const axes = [...b.shape.keys()], row = b.ndim - 2;
  return permuted(b, [row, ...axes.filter((i) => i !== row)]);
}

function rowTimes(a: Tensor, b: Tensor): Tensor {
  return contracted("mm", a, rowsFirst(b), { batch: 0, m: 0, n: b.ndim - 1, k: 1 });
}

function matrixTimes(a: Tensor, b: Tensor): Tensor {
  const product = contracted("mm", a, rowsFirst(b), { batch: 0, m: 1, n: b.ndim - 1, k: 1 });
  const axes = [...product.node.shape.keys()];
  return permuted(product, [...axes.slice(1, -1), 0, axes.length - 1]);
}

/**
 * The product of two matrices.
 *
 * @param a [m, k]
 * @param b [k, n]; the result is [m, n]
 * @throws {ShapeError} where one is no matrix, or the inner extents differ
 * @throws {DTypeError} where the dtypes differ
 * @see {@link https://pytorch.org/docs/stable/generated/torch.mm.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.mm(tensor([[1, 2]]), tensor([[3], [4]]))); // tensor([[11]])
 * ```
 */
export function mm(a: Tensor, b: Tensor): Tensor {
  requireTensor("mm", "a", a);
  requireTensor("mm", "b", b);
  requireRank("mm", a, 2, "a tensor");
  requireRank("mm", b, 2, "a tensor");
  requireInner("mm", a, b, a.shape[1]!, b.shape[0]!);
  return contracted("mm", a, b, { batch: 0, m: 1, n: 1, k: 1 });
}

/**
 * The products of as many pairs of matrices.
 *
 * @param a [N, m, k]
 * @param b [N, k, n]; the result is [N, m, n]
 * @throws {ShapeError} where one has no three dimensions, or the batches or inner extents differ
 * @throws {DTypeError} where the dtypes differ
 * @see {@link https://pytorch.org/docs/stable/generated/torch.bmm.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.bmm(tensor([[[1, 2]]]), tensor([[[3], [4]]]))); // tensor([[[11]]])
 * ```
 */
export function bmm(a: Tensor, b: Tensor): Tensor {
  requireTensor("bmm", "a", a);
  requireTensor("bmm", "b", b);
  requireBatches("bmm", a, b);
  return contracted("bmm", a, b, { batch: 1, m: 1, n: 1, k: 1 });
}

/** For the library: the sum of the products of as many pairs of matrices, as one product. */
export function bmmSum(operation: string, a: Tensor, b: Tensor): Tensor {
  requireBatches(operation, a, b);
  return contracted(operation, permuted(a, [1, 0, 2]), b, { batch: 0, m: 1, n: 1, k: 2 });
}

function requireBatches(operation: string, a: Tensor, b: Tensor): void {
  requireRank(operation, a, 3, "a batch");
  requireRank(operation, b, 3, "a batch");
  if (a.shape[0] !== b.shape[0]) {
    throw new ShapeError(
      `Cannot ${operation} shapes ${show(a.shape)} and ${
        show(b.shape)
      }: both need as many matrices. Use matmul to broadcast`,
    );
  }
  requireInner(operation, a, b, a.shape[2]!, b.shape[1]!);
}

/**
 * The product of a matrix and a vector.
 *
 * @param a [m, k]
 * @param b [k]; the result is [m]
 * @throws {ShapeError} where a is no matrix, b no vector, or the inner extents differ
 * @throws {DTypeError} where the dtypes differ
 * @see {@link https://pytorch.org/docs/stable/generated/torch.mv.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.mv(tensor([[1, 2], [3, 4]]), tensor([1, 1]))); // tensor([3, 7])
 * ```
 */
export function mv(a: Tensor, b: Tensor): Tensor {
  requireTensor("mv", "a", a);
  requireTensor("mv", "b", b);
  requireRank("mv", a, 2, "a matrix");
  requireRank("mv", b, 1, "a vector");
  requireInner("mv", a, b, a.shape[1]!, b.shape[0]!);
  return contracted("mv", a, b, { batch: 0, m: 1, n: 0, k: 1 });
}

/**
 * Σ aᵢ · bᵢ of two vectors.
 *
 * @param a [n]
 * @param b [n]; the result is a scalar
 * @throws {ShapeError} where one is no vector, or the lengths differ
 * @throws {DTypeError} where the dtypes differ
 * @see {@link https://pytorch.org/docs/stable/generated/torch.dot.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.dot(tensor([1, 2]), tensor([3, 4]))); // tensor(11)
 * ```
 */
export function dot(a: Tensor, b: Tensor): Tensor {
  requireTensor("dot", "a", a);
  requireTensor("dot", "b", b);
  requireRank("dot", a, 1, "a tensor");
  requireRank("dot", b, 1, "a tensor");
  requireInner("dot", a, b, a.numel(), b.numel());
  return contracted("dot", a, b, { batch: 0, m: 0, n: 0, k: 1 });
}

/**
 * Σ aᵢ · bᵢ of two vectors; it differs from `dot` for complex numbers only.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.vdot.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.vdot(tensor([1, 2]), tensor([3, 4]))); // tensor(11)
 * ```
 */
export const vdot: typeof dot = dot;

/**
 * aᵢ · bⱼ of two vectors.
 *
 * @param a [m]
 * @param b [n]; the result is [m, n]
 * @throws {ShapeError} where one is no vector
 * @see {@link https://pytorch.org/docs/stable/generated/torch.outer.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.outer(tensor([1, 2]), tensor([3, 4])));
 * // tensor([[3, 4],
 * //         [6, 8]])
 * ```
 */
export function outer(a: Tensor, b: Tensor): Tensor {
  requireTensor("outer", "a", a);
  requireTensor("outer", "b", b);
  requireRank("outer", a, 1, "a tensor");
  requireRank("outer", b, 1, "a tensor");
  const dtype = resultType(a, b);
  return contracted("outer", toDtype(a, dtype), toDtype(b, dtype), { batch: 0, m: 1, n: 1, k: 0 });
}

/**
 * The same as `outer`.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.ger.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.ger(tensor([1, 2]), tensor([3, 4])));
 * // tensor([[3, 4],
 * //         [6, 8]])
 * ```
 */
export const ger: typeof outer = outer;

/**
 * Sums of products over the last dimension of both.
 *
 * @param a [..., k]
 * @param b [..., k]; the result has the other dimensions of a, then those of b; a scalar multiplies every element
 * @throws {ShapeError} where the last extents differ
 * @throws {DTypeError} where the dtypes differ
 * @see {@link https://pytorch.org/docs/stable/generated/torch.inner.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.inner(tensor([[1, 2], [3, 4]]), tensor([1, 1]))); // tensor([3, 7])
 * ```
 */
export function inner(a: Tensor, b: Tensor): Tensor {
  requireTensor("inner", "a", a);
  requireTensor("inner", "b", b);
  if (a.ndim === 0 || b.ndim === 0) {
    const [scalar, x] = a.ndim === 0 ? [a, b] : [b, a];
    return contracted("inner", reshaped(scalar, []), x, { batch: 0, m: 0, n: x.ndim, k: 0 });
  }
  requireInner("inner", a, b, a.shape.at(-1)!, b.shape.at(-1)!);
  const axes = [...b.shape.keys()], last = b.ndim - 1;
  const columns = permuted(b, [last, ...axes.slice(0, last)]);
  return contracted("inner", a, columns, { batch: 0, m: a.ndim - 1, n: last, k: 1 });
}
