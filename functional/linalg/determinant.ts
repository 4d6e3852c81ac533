/**
 * Determinants.
 *
 * @module
 */

import { eye } from "../../tensor/constant.ts";
import { record } from "../../tensor/grad_fn.ts";
import { noGrad } from "../../tensor/grad_mode.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { mul } from "../elementwise/arithmetic.ts";
import { eq } from "../elementwise/comparison.ts";
import { where } from "../elementwise/where.ts";
import { elementsOf } from "../host.ts";
import { matmul } from "../matrix/matmul.ts";
import { mT } from "../movement/permute.ts";
import { unsqueeze } from "../movement/reshape.ts";
import { withNames } from "../pairs.ts";
import { prod } from "../reduction/prod.ts";
import { matricesOf, requireSquare, tensorOf } from "./batches.ts";
import { determinant } from "./dense/lu.ts";
import { inverted } from "./solve.ts";
import { svd } from "./svd.ts";

/** A number for each matrix, as a column of rows that broadcasts against the matrices. */
function forEach(x: Tensor): Tensor {
  return unsqueeze(unsqueeze(x, -1), -1);
}

/** The matrices of cofactors, which are the gradients of the determinants; through the singular values where a matrix has no inverse. */
function cofactors(a: Tensor, value: Tensor): Tensor {
  if (elementsOf(value).every((x) => x !== 0)) return mul(forEach(value), mT(inverted(a)));
  const { U, S, Vh } = svd(a);
  const n = a.shape.at(-1)!;
  const others = prod(where(eye(n, { dtype: "bool", device: a.device }), 1, unsqueeze(S, -2)), -1);
  const sign = noGrad(() => mul(det(U), det(Vh)));
  return mul(forEach(new Tensor(sign.node)), matmul(mul(U, unsqueeze(others, -2)), Vh));
}

/**
 * The determinant of square matrices. Computed in float64 on the host, for which it waits for the device.
 *
 * @param a [..., n, n]
 *
 * @throws {ShapeError} where the matrices are not square
 * @throws {DTypeError} for other than float32 and float64
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.det(tensor([[1, 2], [3, 4]], { dtype: "float32" }))); // tensor(-2.)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.det.html}
 */
export function det(a: Tensor): Tensor {
  requireSquare("det", a);
  const { each, batch, rows } = matricesOf(a);
  const values = each.map((matrix) => determinant(matrix, rows).value);
  return record("linalgDet", tensorOf([values], batch, a).node, [a], [
    (grad, [a], value) => mul(forEach(grad), cofactors(a!, value)),
  ]);
}

/** The sign and the logarithm of the magnitude of determinants. */
export type SignLog = [sign: Tensor, logabsdet: Tensor] & {
  /** -1, 0 or 1. */
  readonly sign: Tensor;
  /** -Infinity for singular matrices. */
  readonly logabsdet: Tensor;
};

/**
 * The sign of the determinant and the logarithm of its magnitude, which neither overflows nor vanishes.
 *
 * @param a [..., n, n]
 *
 * @throws {ShapeError} where the matrices are not square
 * @throws {DTypeError} for other than float32 and float64
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * const { sign, logabsdet } = linalg.slogdet(tensor([[1, 2], [3, 4]], { dtype: "float32" }));
 * console.log(sign, logabsdet); // tensor(-1.) tensor(0.6931)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.slogdet.html}
 */
export function slogdet(a: Tensor): SignLog {
  requireSquare("slogdet", a);
  const { each, batch, rows } = matricesOf(a);
  const results = each.map((matrix) => determinant(matrix, rows));
  const sign = tensorOf([results.map((result) => result.sign)], batch, a);
  const logs = tensorOf([results.map((result) => result.log)], batch, a);
  const logabsdet = record("linalgSlogdet", logs.node, [a], [
    (grad, [a]) => mul(forEach(grad), mT(inverted(a!))),
  ]);
  return withNames([sign, logabsdet] as [Tensor, Tensor], { sign, logabsdet });
}

/**
 * The logarithm of the determinant: NaN where that is negative, -Infinity where it is 0.
 *
 * @param a [..., n, n]
 *
 * @throws {ShapeError} where the matrices are not square
 * @throws {DTypeError} for other than float32 and float64
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.logdet(tensor([[2, 0], [0, 4]], { dtype: "float32" }))); // tensor(2.0794)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.logdet.html}
 */
export function logdet(a: Tensor): Tensor {
  requireTensor("logdet", "a", a);
  const { sign, logabsdet } = slogdet(a);
  return where(eq(sign, -1), NaN, logabsdet);
}
