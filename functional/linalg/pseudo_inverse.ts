/**
 * Pseudoinverses and least squares.
 *
 * @module
 */

import { ShapeError, ValueError } from "../../kernels/mod.ts";
import { record } from "../../tensor/grad_fn.ts";
import { noGrad } from "../../tensor/grad_mode.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { add, mul, neg, square, sub } from "../elementwise/mod.ts";
import { gt } from "../elementwise/comparison.ts";
import { div } from "../elementwise/division.ts";
import { clampMin } from "../elementwise/extremes.ts";
import { abs } from "../elementwise/sign.ts";
import { where } from "../elementwise/where.ts";
import { elementsOf, filled } from "../host.ts";
import { matmul } from "../matrix/matmul.ts";
import { mT } from "../movement/permute.ts";
import { squeeze, unsqueeze } from "../movement/reshape.ts";
import { withNames } from "../pairs.ts";
import { amax } from "../reduction/extremes.ts";
import { summed } from "../reduction/sum.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { broadcastBatches, requireAlike, requireMatrix, requireSquare } from "./batches.ts";
import { eigh } from "./eigh.ts";
import { svd, svdvals } from "./svd.ts";

/** Below which singular values count as 0. */
export interface ToleranceOptions {
  /** Absolute bound, a number or one for each matrix; 0 by default. */
  readonly atol?: number | Tensor | null;
  /** Bound relative to the largest; max(m, n) · ε by default, or 0 where `atol` is given and above 0. */
  readonly rtol?: number | Tensor | null;
  /** Takes the matrices as symmetric, looking at the lower triangle only; false by default. */
  readonly hermitian?: boolean;
}

/** The gap between 1 and the next number. */
function epsilon(x: Tensor): number {
  return x.dtype === "float64" ? 2 ** -52 : 2 ** -23;
}

/** Which of `sizes`, [..., k], are above the bounds, for matrices of the shape of `a`. */
function significant(sizes: Tensor, a: Tensor, { atol, rtol }: ToleranceOptions): Tensor {
  const whole = epsilon(a) * Math.max(a.shape.at(-1)!, a.shape.at(-2)!);
  const relative = rtol ??
    (atol == null ? whole : typeof atol === "number" ? (atol > 0 ? 0 : whole) : where(gt(atol, 0), 0, whole));
  const column = (x: number | Tensor) => typeof x === "number" ? x : unsqueeze(x, -1);
  const largest = amax(sizes, { dim: -1, keepdim: true });
  const bound = mul(largest, column(relative));
  return gt(sizes, atol == null ? bound : clampMin(bound, column(atol)));
}

/** Gradient of A from that of its pseudoinverse, which exists where the rank does not change. */
function pseudoGradient(grad: Tensor, a: Tensor, p: Tensor): Tensor {
  const g = mT(grad), q = mT(p);
  if (a.shape.at(-2)! <= a.shape.at(-1)!) {
    const k = matmul(g, p), kq = matmul(k, q);
    const rest = matmul(matmul(q, p), sub(g, matmul(k, a)));
    return add(sub(add(neg(mT(matmul(p, k))), kq), matmul(matmul(a, p), kq)), rest);
  }
  const k = matmul(p, g), qk = matmul(q, k);
  const rest = matmul(matmul(sub(g, matmul(a, k)), p), q);
  return sub(add(add(neg(mT(matmul(k, p))), rest), qk), matmul(matmul(qk, p), a));
}

/**
 * The Moore-Penrose pseudoinverse: singular values above the tolerance are inverted, the others dropped.
 *
 * @param a [..., m, n]
 *
 * @throws {ShapeError} for less than two dimensions, and with `hermitian` where the matrices are not square
 * @throws {DTypeError} for other than float32 and float64
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.pinv(tensor([[2, 0], [0, 0]], { dtype: "float32" })));
 * // tensor([[0.5000, 0.0000],
 * //         [0.0000, 0.0000]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.pinv.html}
 */
export function pinv(a: Tensor, options: ToleranceOptions = {}): Tensor {
  if (options.hermitian) requireSquare("pinv", a);
  else requireMatrix("pinv", a);
  const inverse = noGrad(() => {
    if (a.numel() === 0) {
      return filled([...a.shape.slice(0, -2), a.shape.at(-1)!, a.shape.at(-2)!], 0, a.dtype, a.device);
    }
    const [u, s, vh] = options.hermitian ? symmetric(a) : svd(a, { fullMatrices: false });
    const kept = where(significant(abs(s), a, options), div(1, s), 0);
    return matmul(mul(mT(vh), unsqueeze(kept, -2)), mT(u));
  });
  return record("linalgPinv", inverse.node, [a], [(grad, [a], p) => pseudoGradient(grad, a!, p)]);
}

function symmetric(a: Tensor): [Tensor, Tensor, Tensor] {
  const [values, vectors] = eigh(a);
  return [vectors, values, mT(vectors)];
}

/**
 * The number of singular values above the tolerance, int32.
 *
 * @param a [..., m, n]
 *
 * @throws {ShapeError} for less than two dimensions, and with `hermitian` where the matrices are not square
 * @throws {DTypeError} for other than float32 and float64
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.matrixRank(tensor([[1, 2], [2, 4]], { dtype: "float32" }))); // tensor(1)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.matrix_rank.html}
 */
export function matrixRank(a: Tensor, options: ToleranceOptions = {}): Tensor {
  if (options.hermitian) requireSquare("matrixRank", a);
  else requireMatrix("matrixRank", a);
  if (a.numel() === 0) return filled(a.shape.slice(0, -2), 0, "int32", a.device);
  return noGrad(() => {
    const sizes = options.hermitian ? abs(eigh(a).eigenvalues) : svdvals(a);
    return summed(toDtype(significant(sizes, a, options), "int32"), [a.ndim - 2]);
  });
}

/** Options of `lstsq`. */
export interface LstsqOptions {
  /** Singular values below `rcond` times the largest count as 0; max(m, n) · ε by default. */
  readonly rcond?: number | null;
  /**
   * LAPACK's name of what is computed: "gelsy" (default) gives the solution and the rank, "gelsd" and "gelss" the singular values
   * too, "gels" the solution of matrices of full rank.
   */
  readonly driver?: "gelsy" | "gels" | "gelsd" | "gelss" | null;
}

/** What `lstsq` finds. */
export type LeastSquares = [solution: Tensor, residuals: Tensor, rank: Tensor, singularValues: Tensor] & {
  /** X, [..., n, k]. */
  readonly solution: Tensor;
  /** Σ (A · X - B)², [..., k], where A has more rows than columns and full rank; else empty. */
  readonly residuals: Tensor;
  /** int32; empty with "gels". */
  readonly rank: Tensor;
  /** Empty but with "gelsd" and "gelss". */
  readonly singularValues: Tensor;
};

/**
 * The X of least length that makes |A · X - B| least.
 *
 * @param a [..., m, n]
 * @param b [..., m, k], or [..., m] with the batch dimensions of A; batch dimensions broadcast
 *
 * @throws {ShapeError} where the shapes do not fit
 * @throws {DTypeError} for other than float32 and float64, and where the dtypes differ
 * @throws {ValueError} for another driver
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * const a = tensor([[1, 0], [1, 1], [1, 2]], { dtype: "float32" }), b = tensor([[1], [3], [5]], { dtype: "float32" });
 * console.log(linalg.lstsq(a, b).solution.round({ decimals: 3 }));
 * // tensor([[1.],
 * //         [2.]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.lstsq.html}
 */
export function lstsq(a: Tensor, b: Tensor, { rcond, driver }: LstsqOptions = {}): LeastSquares {
  requireTensor("lstsq", "b", b);
  requireMatrix("lstsq", a);
  requireAlike("lstsq", a, b);
  const name = driver ?? "gelsy";
  if (!["gelsy", "gels", "gelsd", "gelss"].includes(name)) {
    throw new ValueError(`Cannot apply lstsq with driver "${name}": it is "gelsy", "gels", "gelsd" or "gelss"`);
  }
  const vector = b.ndim === a.ndim - 1;
  const right = vector ? unsqueeze(b, -1) : b;
  requireMatrix("lstsq", right);
  const [m, n] = a.shape.slice(-2) as [number, number];
  if (right.shape.at(-2) !== m) {
    throw new ShapeError(
      `Cannot apply lstsq to shapes ${show(a.shape)} and ${show(b.shape)}: both must have ${m} rows`,
    );
  }
  const [matrix, target] = broadcastBatches("lstsq", a, right);
  const tolerance = { rtol: rcond ?? null };
  const found = matmul(pinv(matrix, tolerance), target);
  const empty = filled([0], 0, a.dtype, a.device), none = filled([0], 0, "int32", a.device);
  const known = noGrad(() => matrixRank(matrix, tolerance));
  const whole = m > n && elementsOf(known).every((x) => x === n);
  const residuals = whole ? summed(square(sub(matmul(matrix, found), target)), [target.ndim - 2]) : empty;
  const rank = name === "gels" ? none : known;
  const singularValues = name === "gelsd" || name === "gelss" ? noGrad(() => svdvals(matrix)) : empty;
  const solution = vector ? squeeze(found, -1) : found;
  const list: [Tensor, Tensor, Tensor, Tensor] = [solution, residuals, rank, singularValues];
  return withNames(list, { solution, residuals, rank, singularValues });
}
