/**
 * Powers, exponentials and chains of products of matrices.
 *
 * @module
 */

import { ShapeError, ValueError } from "../../kernels/mod.ts";
import { eye } from "../../tensor/constant.ts";
import { record } from "../../tensor/grad_fn.ts";
import { requireTensor, requireTensors } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { expandTo } from "../broadcast.ts";
import { show } from "../dims.ts";
import { filled } from "../host.ts";
import { chained } from "../matrix/chain.ts";
import { matmul } from "../matrix/matmul.ts";
import { cat } from "../movement/cat.ts";
import { mT } from "../movement/permute.ts";
import { squeeze, unsqueeze } from "../movement/reshape.ts";
import { narrow } from "../movement/slice.ts";
import { matricesOf, requireSquare, tensorOf } from "./batches.ts";
import { exponential } from "./dense/exponential.ts";
import { inv } from "./solve.ts";

/**
 * Aⁿ by repeated squaring; the inverse's for negative n.
 *
 * @param a [..., m, m]
 *
 * @throws {ShapeError} where the matrices are not square
 * @throws {ValueError} for an n that is no integer
 * @throws {LinAlgError} for a negative n where a matrix is singular
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.matrixPower(tensor([[1, 1], [0, 1]], { dtype: "float32" }), 5));
 * // tensor([[1., 5.],
 * //         [0., 1.]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.matrix_power.html}
 */
export function matrixPower(a: Tensor, n: number): Tensor {
  requireTensor("matrixPower", "a", a);
  if (a.ndim < 2 || a.shape.at(-1) !== a.shape.at(-2)) {
    throw new ShapeError(`Cannot take a matrixPower of a tensor of shape ${show(a.shape)}: matrices must be square`);
  }
  if (!Number.isInteger(n)) throw new ValueError(`Cannot take the matrixPower ${n}: it must be an integer`);
  if (n < 0) return matrixPower(inv(a), -n);
  if (n === 0) {
    const identity = expandTo(eye(a.shape.at(-1)!, { dtype: a.dtype, device: a.device }), a.shape);
    return record("linalgMatrixPower", identity.node, [a], [(grad) => filled(a.shape, 0, grad.dtype, grad.device)]);
  }
  if (n === 1) return a;
  const half = matrixPower(a, Math.floor(n / 2));
  const square = matmul(half, half);
  return n % 2 === 0 ? square : matmul(square, a);
}

/**
 * The exponential I + A + A²/2! + A³/3! + … of square matrices. Computed in float64 on the host, for which it waits for the
 * device, by a Padé approximant with scaling and squaring (Higham 2005).
 *
 * @param a [..., n, n]
 *
 * @throws {ShapeError} where the matrices are not square
 * @throws {DTypeError} for other than float32 and float64
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.matrixExp(tensor([[0, 1], [0, 0]], { dtype: "float32" })));
 * // tensor([[1., 1.],
 * //         [0., 1.]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.matrix_exp.html}
 */
export function matrixExp(a: Tensor): Tensor {
  requireSquare("matrixExp", a);
  const { each, rows: n } = matricesOf(a);
  const node = tensorOf(each.map((matrix) => exponential(matrix, n)), a.shape, a).node;
  return record("linalgMatrixExp", node, [a], [(grad, [a]) => {
    // The derivative in direction G is the upper right block of the exponential of [[A, G], [0, A]].
    const turned = mT(a!), zero = filled(a!.shape, 0, a!.dtype, a!.device);
    const block = cat([cat([turned, grad], -1), cat([zero, turned], -1)], -2);
    return narrow(narrow(matrixExp(block), -2, 0, n), -1, n, n);
  }]);
}

/**
 * The product of several matrices, in the order of multiplication that takes the least work. The first may be a row and the last
 * a column, given as vectors.
 *
 * @param tensors at least two, [m, n] each; the first may be [n], the last [m]
 * @throws {ShapeError} where the shapes do not fit
 * @throws {ValueError} for fewer than two tensors
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.multiDot([tensor([1, 2]), tensor([[3], [4]]), tensor([5])])); // tensor(55)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.multi_dot.html}
 */
export function multiDot(tensors: readonly Tensor[]): Tensor {
  requireTensors("multiDot", "tensors", tensors);
  const count = tensors.length;
  if (count < 2) throw new ValueError(`Cannot multiDot ${count} tensors: expected at least 2`);
  const row = tensors[0]!.ndim === 1, column = tensors[count - 1]!.ndim === 1;
  const matrices = tensors.map((x, i) => {
    if (x.ndim === 1 && i === 0) return unsqueeze(x, 0);
    if (x.ndim === 1 && i === count - 1) return unsqueeze(x, 1);
    if (x.ndim === 2) return x;
    throw new ShapeError(`Cannot multiDot with a tensor of shape ${show(x.shape)} at place ${i}: it must be a matrix`);
  });
  let product = chained("multiDot", matrices);
  if (column) product = squeeze(product, 1);
  return row ? squeeze(product, 0) : product;
}
