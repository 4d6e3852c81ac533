/**
 * Eigenvalues and eigenvectors of symmetric matrices.
 *
 * @module
 */

import { ValueError } from "../../kernels/mod.ts";
import { recordJointly } from "../../tensor/grad_fn.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { add, mul, sub } from "../elementwise/arithmetic.ts";
import { div } from "../elementwise/division.ts";
import { matmul } from "../matrix/matmul.ts";
import { diagEmbed } from "../movement/diagonal.ts";
import { mT } from "../movement/permute.ts";
import { unsqueeze } from "../movement/reshape.ts";
import { eye } from "../../tensor/constant.ts";
import { withNames } from "../pairs.ts";
import { matricesOf, requireFinite, requireSquare, tensorOf } from "./batches.ts";
import { eigenSymmetric } from "./dense/symmetric.ts";
import { LinAlgError } from "./errors.ts";

/** Options of `eigh` and `eigvalsh`. */
export interface EighOptions {
  /** The triangle that counts, the lower one by default. */
  readonly UPLO?: "L" | "U" | "l" | "u";
}

/** Eigenvalues and eigenvectors. */
export type Eigenpairs = [eigenvalues: Tensor, eigenvectors: Tensor] & {
  /** Ascending, [..., n]. */
  readonly eigenvalues: Tensor;
  /** In the columns, [..., n, n]. */
  readonly eigenvectors: Tensor;
};

/** Differences xⱼ - xᵢ for all i and j, with 1 in the diagonal. */
export function gaps(x: Tensor): Tensor {
  const one = eye(x.shape.at(-1)!, { dtype: x.dtype, device: x.device });
  return add(sub(unsqueeze(x, -2), unsqueeze(x, -1)), one);
}

/** x - xᵀ. */
export function skew(x: Tensor): Tensor {
  return sub(x, mT(x));
}

/**
 * Λ and V with A = V · diag(Λ) · Vᵀ, for symmetric A, of which one triangle is looked at. Computed in float64 on the host, for
 * which it waits for the device. The sign of each vector is arbitrary, and so are vectors of equal eigenvalues: the
 * gradient through vectors is of use only where the loss depends on neither.
 *
 * @param a [..., n, n]
 * @throws {LinAlgError} where a matrix has NaN or infinite elements
 *
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.eigh(tensor([[2, 1], [1, 2]], { dtype: "float32" })).eigenvalues); // tensor([1., 3.])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.eigh.html}
 */
export function eigh(a: Tensor, { UPLO = "L" }: EighOptions = {}): Eigenpairs {
  requireSquare("eigh", a);
  if (!/^[LU]$/i.test(UPLO)) throw new ValueError(`Cannot apply eigh with UPLO "${UPLO}": it is "L" or "U"`);
  const read = matricesOf(UPLO.toUpperCase() === "U" ? mT(a) : a);
  const { each, batch, rows } = read;
  requireFinite("eigh", read);
  const results = each.map((matrix, i) => {
    const result = eigenSymmetric(matrix, rows);
    if (result === undefined) throw new LinAlgError(`Cannot apply eigh: matrix ${i} does not converge`);
    return result;
  });
  const values = tensorOf(results.map((result) => result.values), [...batch, rows], a);
  const vectors = tensorOf(results.map((result) => result.vectors), a.shape, a);
  const [eigenvalues, eigenvectors] = recordJointly("linalgEigh", [values.node, vectors.node], a, (grads, _, made) => {
    const [gradValues, gradVectors] = grads, [l, v] = made as [Tensor, Tensor];
    let inner = gradValues === undefined ? undefined : diagEmbed(gradValues);
    if (gradVectors !== undefined) {
      const turn = div(mul(skew(matmul(mT(v), gradVectors)), 0.5), gaps(l));
      inner = inner === undefined ? turn : add(inner, turn);
    }
    return matmul(v, matmul(inner!, mT(v)));
  }) as [Tensor, Tensor];
  return withNames([eigenvalues, eigenvectors] as [Tensor, Tensor], { eigenvalues, eigenvectors });
}

/**
 * The eigenvalues of symmetric matrices, ascending; see `eigh`.
 *
 * @param a [..., n, n]
 * @throws {ShapeError} where the matrices are not square
 * @throws {DTypeError} for other than float32 and float64
 * @throws {LinAlgError} where a matrix has NaN or infinite elements
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.eigvalsh(tensor([[2, 1], [1, 2]], { dtype: "float32" }))); // tensor([1., 3.])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.eigvalsh.html}
 */
export function eigvalsh(a: Tensor, options: EighOptions = {}): Tensor {
  requireTensor("eigvalsh", "a", a);
  return eigh(a, options).eigenvalues;
}
