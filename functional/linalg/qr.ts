/**
 * QR decompositions.
 *
 * @module
 */

import { AutogradError, ValueError } from "../../kernels/mod.ts";
import { recordJointly } from "../../tensor/grad_fn.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { add, sub } from "../elementwise/mod.ts";
import { filled } from "../host.ts";
import { matmul } from "../matrix/matmul.ts";
import { cat } from "../movement/cat.ts";
import { triu } from "../movement/diagonal.ts";
import { mT } from "../movement/permute.ts";
import { narrow } from "../movement/slice.ts";
import { withNames } from "../pairs.ts";
import { matricesOf, requireMatrix, tensorOf } from "./batches.ts";
import { orthogonalColumns, qrInPlace } from "./dense/householder.ts";
import { solveTriangular } from "./triangular.ts";

/** Which parts of a QR decomposition are wanted. */
export interface QrOptions {
  /** "reduced", the default: Q [..., m, k] and R [..., k, n]; "complete": Q [..., m, m] and R [..., m, n]; "r": R alone. */
  readonly mode?: "reduced" | "complete" | "r";
}

/** The two factors of A = Q · R. */
export type QR = [Q: Tensor, R: Tensor] & {
  /** Orthonormal columns. */
  readonly Q: Tensor;
  /** Upper triangular. */
  readonly R: Tensor;
};

/** Gradient of a matrix with at least as many rows as columns, from those of its Q and R. */
function tallGradient(gradQ: Tensor, gradR: Tensor, q: Tensor, r: Tensor): Tensor {
  const inner = triu(sub(matmul(gradR, mT(r)), matmul(mT(q), gradQ)));
  const symmetric = add(inner, mT(triu(inner, 1)));
  return solveTriangular(mT(r), add(gradQ, matmul(q, symmetric)), { upper: false, left: false });
}

/** Gradient of A from those of Q and R. A wide matrix is decomposed by its first columns; Qᵀ times the others is the rest of R. */
function qrGradient(gradQ: Tensor, gradR: Tensor, a: Tensor, q: Tensor, r: Tensor): Tensor {
  const [m, n] = a.shape.slice(-2) as [number, number];
  if (m >= n) return tallGradient(gradQ, gradR, q, r);
  const gradRest = narrow(gradR, -1, m, n - m), rest = narrow(a, -1, m, n - m);
  const total = add(gradQ, matmul(rest, mT(gradRest)));
  return cat([tallGradient(total, narrow(gradR, -1, 0, m), q, narrow(r, -1, 0, m)), matmul(q, gradRest)], -1);
}

/**
 * Q with orthonormal columns and an upper triangular R with A = Q · R, by Householder's reflections, with LAPACK's signs.
 * Computed in float64 on the host, for which it waits for the device.
 *
 * As in PyTorch, there is no gradient for mode "r", nor for "complete" where A has more rows than columns.
 *
 * @param a [..., m, n]; k is the shorter side
 *
 * @throws {ShapeError} for less than two dimensions
 * @throws {DTypeError} for other than float32 and float64
 * @throws {ValueError} for another mode
 * @throws {AutogradError} backward, where there is no gradient
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.qr(tensor([[3, 1], [4, 2]], { dtype: "float32" })).R);
 * // tensor([[-5.0000, -2.2000],
 * //         [ 0.0000,  0.4000]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.qr.html}
 */
export function qr(a: Tensor, { mode = "reduced" }: QrOptions = {}): QR {
  requireMatrix("qr", a);
  if (!["reduced", "complete", "r"].includes(mode)) {
    throw new ValueError(`Cannot apply qr with mode "${mode}": it is "reduced", "complete" or "r"`);
  }
  const { each, batch, rows: m, columns: n } = matricesOf(a);
  const width = mode === "complete" ? m : Math.min(m, n);
  const columns: Float64Array[] = [], triangles: Float64Array[] = [];
  for (const matrix of each) {
    const tau = qrInPlace(matrix, m, n);
    columns.push(orthogonalColumns(matrix, tau, m, n, width));
    for (let i = 0; i < m; i++) matrix.fill(0, i * n, i * n + Math.min(i, n));
    triangles.push(matrix.subarray(0, width * n));
  }
  const nodes = [tensorOf(columns, [...batch, m, width], a).node, tensorOf(triangles, [...batch, width, n], a).node];
  const [Q, R] = recordJointly("linalgQr", nodes, a, ([gradQ, gradR], a, [q, r]) => {
    if (mode === "r" || (mode === "complete" && m > n)) {
      throw new AutogradError(
        `Cannot go backward through qr with mode "${mode}"${
          mode === "r" ? "" : ` of ${m} rows and ${n} columns`
        }: use mode "reduced"`,
      );
    }
    const zero = (x: Tensor) => filled(x.shape, 0, x.dtype, x.device);
    return qrGradient(gradQ ?? zero(q!), gradR ?? zero(r!), a, q!, r!);
  }) as [Tensor, Tensor];
  if (mode !== "r") return withNames([Q, R] as [Tensor, Tensor], { Q, R });
  const none = filled([0], 0, a.dtype, a.device);
  return withNames([none, R] as [Tensor, Tensor], { Q: none, R });
}
