/**
 * Cholesky decompositions and what is solved with them.
 *
 * @module
 */

import { ShapeError } from "../../kernels/mod.ts";
import { eye } from "../../tensor/constant.ts";
import { record } from "../../tensor/grad_fn.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { custom } from "../custom.ts";
import { add, mul, neg } from "../elementwise/mod.ts";
import { fromIntegers } from "../host.ts";
import { matmul } from "../matrix/matmul.ts";
import { tril } from "../movement/diagonal.ts";
import { mT } from "../movement/permute.ts";
import { withNames } from "../pairs.ts";
import { broadcastBatches, matricesOf, requireAlike, requireMatrix, requireSquare, tensorOf } from "./batches.ts";
import { choleskyInPlace } from "./dense/cholesky.ts";
import { refuseInfo } from "./errors.ts";
import type { CheckErrorsOptions } from "./solve.ts";
import { solveTriangular } from "./triangular.ts";

/** Options of `cholesky`. */
export interface CholeskyOptions {
  /** Gives, or takes, U = Lᵀ, reading the upper triangle; false by default. */
  readonly upper?: boolean;
}

/** Options of `choleskyEx`. */
export interface CholeskyExOptions extends CholeskyOptions, CheckErrorsOptions {}

/** A factor, and how the decomposition of each matrix went. */
export type FactorInfo = [L: Tensor, info: Tensor] & {
  /** The factor. */
  readonly L: Tensor;
  /** int32: 0, or the order of the first leading minor that is not positive. */
  readonly info: Tensor;
};

/** L of the lower triangles; what the decompositions reported goes to `infos`. */
function factor(a: Tensor, infos: number[]): Tensor {
  const { each, rows } = matricesOf(a);
  for (const matrix of each) infos.push(choleskyInPlace(matrix, rows));
  return record("linalgCholeskyEx", tensorOf(each, a.shape, a).node, [a], [(grad, _, l) => {
    // Half of the diagonal: that of a symmetric change is in both triangles.
    const both = matmul(mT(l), grad);
    const half = mul(add(tril(both), tril(both, -1)), 0.5);
    const inner = solveTriangular(mT(l), half, { upper: true });
    const whole = solveTriangular(l, inner, { upper: false, left: false });
    return mul(add(whole, mT(whole)), 0.5);
  }]);
}

/**
 * What `cholesky` gives, with a report for each matrix instead of an error.
 *
 * @param a [..., n, n]
 * @throws {ShapeError} where the matrices are not square
 * @throws {DTypeError} for other than float32 and float64
 * @throws {LinAlgError} with `checkErrors`, where one has no result
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.choleskyEx(tensor([[1, 2], [2, 1]], { dtype: "float32" })).info.item()); // 2
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.cholesky_ex.html}
 */
export function choleskyEx(a: Tensor, { upper = false, checkErrors = false }: CholeskyExOptions = {}): FactorInfo {
  requireTensor("choleskyEx", "a", a);
  requireSquare("cholesky", a);
  const infos: number[] = [];
  const L = upper ? mT(factor(mT(a), infos)) : factor(a, infos);
  if (checkErrors) {
    refuseInfo(
      "cholesky",
      infos,
      (order) => `is not positive definite: its leading minor of order ${order} is not positive`,
    );
  }
  const info = fromIntegers(infos, a.shape.slice(0, -2), a.device);
  return withNames([L, info] as [Tensor, Tensor], { L, info });
}

/**
 * The lower triangular L with A = L · Lᵀ, for symmetric positive definite A, of which one triangle is looked at. Computed in
 * float64 on the host, for which it waits for the device.
 *
 * @param a [..., n, n]
 * @throws {LinAlgError} where a matrix is not positive definite
 *
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.cholesky(tensor([[4, 2], [2, 10]], { dtype: "float32" })));
 * // tensor([[2., 0.],
 * //         [1., 3.]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.cholesky.html}
 */
export function cholesky(a: Tensor, { upper = false }: CholeskyOptions = {}): Tensor {
  requireTensor("cholesky", "a", a);
  return choleskyEx(a, { upper, checkErrors: true }).L;
}

/** X of A · X = B for a lower factor, where the shapes fit already. */
function solvedByFactor(b: Tensor, l: Tensor): Tensor {
  const compute = () => solveTriangular(mT(l), solveTriangular(l, b, { upper: false }), { upper: true });
  return custom("choleskySolve", [b, l], compute, [
    (grad, [, l]) => solvedByFactor(grad, l!),
    (grad, [, l], x) => {
      const common = matmul(solvedByFactor(grad, l!), mT(x));
      return neg(matmul(add(common, mT(common)), l!));
    },
  ]);
}

/**
 * X of A · X = B, where `l` is the Cholesky factor of A. As in PyTorch, the gradient of `l` is that of A = L · Lᵀ with all elements of L.
 *
 * @param b [..., n, k]
 * @param l [..., n, n], lower triangular, or upper with `upper`; batch dimensions broadcast
 *
 * @throws {ShapeError} where the matrices are not square, or do not fit
 * @throws {DTypeError} for other than float32 and float64, and where the dtypes differ
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * const l = tensor([[2, 0], [1, 3]], { dtype: "float32" }), b = tensor([[4], [2]], { dtype: "float32" });
 * console.log(F.choleskySolve(b, l));
 * // tensor([[1.],
 * //         [0.]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.cholesky_solve.html}
 */
export function choleskySolve(b: Tensor, l: Tensor, { upper = false }: CholeskyOptions = {}): Tensor {
  requireMatrix("choleskySolve", b, "b");
  requireSquare("choleskySolve", l, "l");
  requireAlike("choleskySolve", b, l);
  if (b.shape.at(-2) !== l.shape.at(-1)) {
    throw new ShapeError(
      `Cannot apply choleskySolve to shapes ${show(b.shape)} and ${show(l.shape)}: the first must have ${
        l.shape.at(-1)
      } rows`,
    );
  }
  const [right, lower] = broadcastBatches("choleskySolve", b, upper ? mT(l) : l);
  return solvedByFactor(right, lower);
}

/**
 * A⁻¹, where `l` is the Cholesky factor of A.
 *
 * @param l [..., n, n], lower triangular, or upper with `upper`
 *
 * @throws {ShapeError} where the matrices are not square
 * @throws {DTypeError} for other than float32 and float64
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.choleskyInverse(tensor([[2, 0], [0, 1]], { dtype: "float32" })));
 * // tensor([[0.2500, 0.0000],
 * //         [0.0000, 1.0000]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.cholesky_inverse.html}
 */
export function choleskyInverse(l: Tensor, options: CholeskyOptions = {}): Tensor {
  requireSquare("choleskyInverse", l, "l");
  return choleskySolve(eye(l.shape.at(-1)!, { dtype: l.dtype, device: l.device }), l, options);
}
