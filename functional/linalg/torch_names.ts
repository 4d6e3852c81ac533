/**
 * Linear algebra under the names and with the arguments of `torch.*`, where these differ from those of `torch.linalg.*`.
 *
 * @module
 */

import { ValueError } from "../../kernels/mod.ts";
import { clone } from "../../tensor/conversion.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Dims, named } from "../dims.ts";
import { filled } from "../host.ts";
import { mT } from "../movement/permute.ts";
import { type NormOptions, powerNorm } from "../reduction/norm.ts";
import { withNames } from "../pairs.ts";
import { type Eigenpairs, eigh } from "./eigh.ts";
import { luFactor, luFactorEx, luSolve as luSolveOf, type PackedLu, type PackedLuInfo } from "./lu.ts";
import { pinv } from "./pseudo_inverse.ts";
import { type QR, qr as qrOf } from "./qr.ts";
import { svd as svdOf, svdvals } from "./svd.ts";
import { matrixNorm } from "./norm.ts";
import { solveTriangular } from "./triangular.ts";

/**
 * (Σ |x|^p)^(1/p): for p = Infinity the largest magnitude, for p = 0 the number of elements that are not 0; with "nuc" the sum of the
 * singular values of matrices.
 *
 * @throws {ValueError} for "nuc" over one dimension
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.norm(tensor([3.5, 4.5]))); // tensor(5.7009)
 * ```
 * @see {@link https://pytorch.org/docs/stable/generated/torch.norm.html}
 */
export function norm(
  x: Tensor,
  p?: number | "fro" | "nuc" | NormOptions | null,
  dim?: Dims | NormOptions | null,
  options?: NormOptions,
): Tensor {
  const given = named<NormOptions>(["p", "dim"], p, dim, options);
  if (given.p !== "nuc") return powerNorm(x, given);
  if (typeof given.dim === "number") {
    throw new ValueError(`Cannot take the norm with p = "nuc" over dimension ${given.dim}: name two dimensions`);
  }
  return matrixNorm(x, {
    ord: "nuc",
    dim: given.dim ?? null,
    keepdim: given.keepdim ?? false,
    dtype: given.dtype ?? null,
  });
}

/** Options of `qr`. */
export interface TorchQrOptions {
  /** The reduced decomposition, or the complete one; true by default. */
  readonly some?: boolean;
}

/**
 * Q and R with A = Q · R; `linalg.qr` under the name it had first.
 *
 * @throws {ShapeError} for less than two dimensions
 * @throws {DTypeError} for other than float32 and float64
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.qr(tensor([[3], [4]], { dtype: "float32" })).R); // tensor([[-5.]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.qr.html}
 */
export function qr(a: Tensor, some?: boolean | TorchQrOptions): QR {
  return qrOf(a, { mode: named<TorchQrOptions>(["some"], some).some ?? true ? "reduced" : "complete" });
}

/** Options of `svd`. */
export interface TorchSvdOptions {
  /** Only the vectors that belong to singular values; true by default. */
  readonly some?: boolean;
  /** Gives zeros in place of the vectors where false; true by default. */
  readonly computeUv?: boolean;
}

/** The three factors of A = U · diag(S) · Vᵀ. */
export type USV = [U: Tensor, S: Tensor, V: Tensor] & {
  /** Orthonormal columns. */
  readonly U: Tensor;
  /** Singular values, descending. */
  readonly S: Tensor;
  /** Orthonormal columns. */
  readonly V: Tensor;
};

/**
 * U, S and V with A = U · diag(S) · Vᵀ; `linalg.svd`, which gives Vᵀ, under the name it had first.
 *
 * @throws {ShapeError} for less than two dimensions
 * @throws {DTypeError} for other than float32 and float64
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.svd(tensor([[3, 0], [0, -4]], { dtype: "float32" })).S); // tensor([4., 3.])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.svd.html}
 */
export function svd(a: Tensor, some?: boolean | TorchSvdOptions, computeUv?: boolean): USV {
  const given = named<TorchSvdOptions>(["some", "computeUv"], some, computeUv);
  if (given.computeUv ?? true) {
    const { U, S, Vh } = svdOf(a, { fullMatrices: !(given.some ?? true) });
    return usv(U, S, mT(Vh));
  }
  const S = svdvals(a), batch = a.shape.slice(0, -2);
  const square = (extent: number) => filled([...batch, extent, extent], 0, a.dtype, a.device);
  const U = square(a.shape.at(-2)!), V = square(a.shape.at(-1)!);
  return usv(U, S, V);
}

/** The three factors with their names. */
export function usv(U: Tensor, S: Tensor, V: Tensor): USV {
  return withNames([U, S, V] as [Tensor, Tensor, Tensor], { U, S, V });
}

/** Options of `symeig`. */
export interface SymeigOptions {
  /** Gives the vectors too, else none; false by default. */
  readonly eigenvectors?: boolean;
  /** Which triangle counts; true, the upper one, by default. */
  readonly upper?: boolean;
}

/**
 * Eigenvalues and eigenvectors of symmetric matrices: `linalg.eigh` as PyTorch 1 called it.
 *
 * @param a [..., n, n]
 * @param options `eigenvectors`: false by default; `upper`: true by default
 * @throws {ShapeError} where the matrices are not square
 * @throws {DTypeError} for other than float32 and float64
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.symeig(tensor([[2, 1], [1, 2]], { dtype: "float32" })).eigenvalues); // tensor([1., 3.])
 * ```
 *
 * @see {@link https://pytorch.org/docs/1.13/generated/torch.symeig.html}
 */
export function symeig(a: Tensor, { eigenvectors: wanted = false, upper = true }: SymeigOptions = {}): Eigenpairs {
  requireTensor("symeig", "a", a);
  const pairs = eigh(a, { UPLO: upper ? "U" : "L" });
  if (wanted) return pairs;
  const { eigenvalues } = pairs, eigenvectors = filled([0], 0, a.dtype, a.device);
  return withNames([eigenvalues, eigenvectors] as [Tensor, Tensor], { eigenvalues, eigenvectors });
}

/** Options of `lu`. */
export interface TorchLuOptions {
  /** Exchanges rows; true, the only choice, by default. */
  readonly pivot?: boolean;
  /** Gives a report for each matrix in place of an error; false by default. */
  readonly getInfos?: boolean;
}

/**
 * L and U in one matrix, and the rows exchanged: `linalg.luFactor` under the name it had first; with `getInfos`, also how each
 * elimination went.
 *
 * @param a [..., m, n]; L and U come in [..., m, n], the rows exchanged, from 1, in [..., min(m, n)]
 * @param options `pivot`: true, the only choice, by default; `getInfos`: false by default
 *
 * @throws {ShapeError} for less than two dimensions
 * @throws {DTypeError} for other than float32 and float64
 * @throws {ValueError} for `pivot: false`
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.lu(tensor([[2, 1], [4, 4]], { dtype: "float32" }))[1]); // tensor([2, 2])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.lu.html}
 */
export function lu(a: Tensor, options: TorchLuOptions & { readonly getInfos: true }): PackedLuInfo;
/** L and U in one matrix, and the rows exchanged. */
export function lu(a: Tensor, options?: TorchLuOptions): PackedLu | PackedLuInfo;
export function lu(a: Tensor, { pivot = true, getInfos = false }: TorchLuOptions = {}): PackedLu | PackedLuInfo {
  requireTensor("lu", "a", a);
  return getInfos ? luFactorEx(a, { pivot }) : luFactor(a, { pivot });
}

/**
 * X of A · X = B, from what `lu` gave for A; `linalg.luSolve` takes B last.
 *
 * @param b [..., n, k]
 * @param lu [..., n, n]
 * @param pivots int32, [..., n]
 * @throws {ShapeError} where the matrices are not square, or do not fit
 * @throws {DTypeError} for other than float32 and float64, and where the dtypes differ
 * @example
 * ```ts
 * import { functional as F, linalg, tensor } from "@tensaur/tensaur";
 *
 * const { LU, pivots } = linalg.luFactor(tensor([[2, 1], [4, 4]], { dtype: "float32" }));
 * console.log(F.luSolve(tensor([[3], [8]], { dtype: "float32" }), LU, pivots));
 * // tensor([[1.],
 * //         [1.]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.lu_solve.html}
 */
export function luSolve(b: Tensor, lu: Tensor, pivots: Tensor): Tensor {
  requireTensor("luSolve", "pivots", pivots);
  return luSolveOf(lu, pivots, b);
}

/** Options of `triangularSolve`. */
export interface TriangularSolveOptions {
  /** Which triangle counts; true, the upper one, by default. */
  readonly upper?: boolean;
  /** Takes Aᵀ in place of A; false by default. */
  readonly transpose?: boolean;
  /** Takes the diagonal of A as 1; false by default. */
  readonly unitriangular?: boolean;
}

/** A solution, and the matrix of the system. */
export type TriangularSolution = [solution: Tensor, clonedCoefficient: Tensor] & {
  /** X. */
  readonly solution: Tensor;
  /** A. */
  readonly clonedCoefficient: Tensor;
};

/**
 * X of A · X = B for triangular A, and A; `linalg.solveTriangular` under the name it had first.
 *
 * @param b [..., n, k]
 * @param a [..., n, n]
 * @param options `upper`: true by default; `transpose` and `unitriangular`: false
 * @throws {ShapeError} where the matrices are not square, or do not fit
 * @throws {DTypeError} for other than float32 and float64, and where the dtypes differ
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * const a = tensor([[2, 1], [0, 4]], { dtype: "float32" }), b = tensor([[4], [8]], { dtype: "float32" });
 * console.log(F.triangularSolve(b, a).solution);
 * // tensor([[1.],
 * //         [2.]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.triangular_solve.html}
 */
export function triangularSolve(
  b: Tensor,
  a: Tensor,
  { upper = true, transpose = false, unitriangular = false }: TriangularSolveOptions = {},
): TriangularSolution {
  requireTensor("triangularSolve", "b", b);
  requireTensor("triangularSolve", "a", a);
  const [matrix, triangle] = transpose ? [mT(a), !upper] : [a, upper];
  const solution = solveTriangular(matrix, b, { upper: triangle, unitriangular });
  const clonedCoefficient = clone(a);
  return withNames([solution, clonedCoefficient] as [Tensor, Tensor], { solution, clonedCoefficient });
}

/**
 * The pseudoinverse; `linalg.pinv` with the relative tolerance `rcond`, 1e-15 by default.
 *
 * @param a [..., m, n]
 * @param rcond 1e-15 by default; by position or in options
 * @throws {ShapeError} for less than two dimensions
 * @throws {DTypeError} for other than float32 and float64
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.pinverse(tensor([[2], [0]], { dtype: "float32" }))); // tensor([[0.5000, 0.0000]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.pinverse.html}
 */
export function pinverse(a: Tensor, rcond?: number | { readonly rcond?: number }): Tensor {
  requireTensor("pinverse", "a", a);
  return pinv(a, { rtol: named<{ rcond?: number }>(["rcond"], rcond).rcond ?? 1e-15 });
}
