/**
 * Singular value decompositions.
 *
 * @module
 */

import { recordJointly } from "../../tensor/grad_fn.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { add, mul, square, sub } from "../elementwise/arithmetic.ts";
import { div } from "../elementwise/division.ts";
import { matmul } from "../matrix/matmul.ts";
import { diagEmbed } from "../movement/diagonal.ts";
import { mT } from "../movement/permute.ts";
import { unsqueeze } from "../movement/reshape.ts";
import { narrow } from "../movement/slice.ts";
import { filled } from "../host.ts";
import { withNames } from "../pairs.ts";
import { matricesOf, requireFinite, requireMatrix, tensorOf } from "./batches.ts";
import { singular, transposed } from "./dense/svd.ts";
import { gaps, skew } from "./eigh.ts";
import { LinAlgError } from "./errors.ts";

/** Options of `svd`. */
export interface SvdOptions {
  /** Whether U and Vh are square; true by default. */
  readonly fullMatrices?: boolean;
}

/** The three factors of A = U · diag(S) · Vh. */
export type USVh = [U: Tensor, S: Tensor, Vh: Tensor] & {
  /** Orthonormal columns. */
  readonly U: Tensor;
  /** Singular values, descending, [..., k]. */
  readonly S: Tensor;
  /** Orthonormal rows. */
  readonly Vh: Tensor;
};

/** Gradient of A from those of its factors, of which U and Vh have as many columns and rows as there are singular values. */
function svdGradient(
  gradU: Tensor | undefined,
  gradS: Tensor | undefined,
  gradVh: Tensor | undefined,
  u: Tensor,
  s: Tensor,
  vh: Tensor,
): Tensor {
  const k = s.shape.at(-1)!, row = unsqueeze(s, -2), column = unsqueeze(s, -1);
  const distances = gaps(square(s));
  // The gradient is U · inner · Vh, and what lies outside of the spaces that U and Vh span.
  let inner = gradS === undefined ? filled([...s.shape, k], 0, s.dtype, s.device) : diagEmbed(gradS);
  if (gradU !== undefined) inner = add(inner, mul(div(skew(matmul(mT(u), gradU)), distances), row));
  if (gradVh !== undefined) inner = add(inner, mul(div(skew(matmul(vh, mT(gradVh))), distances), column));
  let whole = matmul(u, matmul(inner, vh));
  if (gradU !== undefined && u.shape.at(-2)! > k) {
    const scaled = div(gradU, row);
    whole = add(whole, matmul(sub(scaled, matmul(u, matmul(mT(u), scaled))), vh));
  }
  if (gradVh !== undefined && vh.shape.at(-1)! > k) {
    const scaled = div(gradVh, column);
    whole = add(whole, matmul(u, sub(scaled, matmul(matmul(scaled, mT(vh)), vh))));
  }
  return whole;
}

/**
 * U, S and Vh with A = U · diag(S) · Vh: orthonormal columns, singular values in descending order, orthonormal rows. Computed
 * in float64 on the host, for which it waits for the device. The sign of each pair of vectors is arbitrary, and so are vectors of
 * equal singular values and those that `fullMatrices` adds: the gradient through vectors is of use only where the loss depends
 * on none of these.
 *
 * @param a [..., m, n]; k is the shorter side
 * @throws {LinAlgError} where a matrix has NaN or infinite elements
 *
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.svd(tensor([[3, 0], [0, -4]], { dtype: "float32" })).S); // tensor([4., 3.])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.svd.html}
 */
export function svd(a: Tensor, { fullMatrices = true }: SvdOptions = {}): USVh {
  requireMatrix("svd", a);
  const read = matricesOf(a);
  const { each, batch, rows: m, columns: n } = read, k = Math.min(m, n);
  requireFinite("svd", read);
  const results = each.map((matrix, i) => {
    const result = singular(matrix, m, n, fullMatrices);
    if (result === undefined) throw new LinAlgError(`Cannot apply svd: matrix ${i} does not converge`);
    return result;
  });
  const columns = fullMatrices ? m : k, rows = fullMatrices ? n : k;
  const left = results.map((result) => transposed(joined(result.left, m), columns, m));
  const right = results.map((result) => joined(result.right, n));
  const nodes = [
    tensorOf(left, [...batch, m, columns], a).node,
    tensorOf(results.map((result) => result.values), [...batch, k], a).node,
    tensorOf(right, [...batch, rows, n], a).node,
  ];
  const [U, S, Vh] = recordJointly("linalgSvd", nodes, a, ([gradU, gradS, gradVh], _, [u, s, vh]) => {
    const first = (x: Tensor | undefined, dim: number) => x && narrow(x, dim, 0, k);
    return svdGradient(first(gradU, -1), gradS, first(gradVh, -2), first(u, -1)!, s!, first(vh, -2)!);
  }) as [Tensor, Tensor, Tensor];
  return withNames([U, S, Vh] as [Tensor, Tensor, Tensor], { U, S, Vh });
}

/** The vectors one after another. */
function joined(vectors: readonly Float64Array[], length: number): Float64Array {
  const result = new Float64Array(vectors.length * length);
  vectors.forEach((vector, i) => result.set(vector, i * length));
  return result;
}

/**
 * The singular values, descending; see `svd`.
 *
 * @param a [..., m, n]
 * @throws {ShapeError} for less than two dimensions
 * @throws {DTypeError} for other than float32 and float64
 * @throws {LinAlgError} where a matrix has NaN or infinite elements
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.svdvals(tensor([[3, 0], [0, -4]], { dtype: "float32" }))); // tensor([4., 3.])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.svdvals.html}
 */
export function svdvals(a: Tensor): Tensor {
  requireTensor("svdvals", "a", a);
  return svd(a, { fullMatrices: false }).S;
}
