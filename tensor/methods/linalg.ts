/**
 * Decompositions of matrices, and what they compute, as methods.
 *
 * @module
 */

import * as F from "../../functional/mod.ts";
import type {
  CholeskyOptions,
  Eigenpairs,
  OrmqrOptions,
  PackedLu,
  PackedLuInfo,
  QR,
  Reflections,
  SignLog,
  SymeigOptions,
  TorchLuOptions,
  TorchQrOptions,
  TorchSvdOptions,
  TriangularSolution,
  TriangularSolveOptions,
  USV,
} from "../../functional/mod.ts";
import type { Tensor } from "../tensor.ts";
import { type Implementations, methods } from "./define.ts";

/** Decompositions of matrices, and what they compute. */
export interface LinalgMethods {
  /** The determinant. */
  det(): Tensor;
  /** The logarithm of the determinant. */
  logdet(): Tensor;
  /** The sign of the determinant and the logarithm of its magnitude. */
  slogdet(): SignLog;
  /** The inverse. */
  inverse(): Tensor;
  /** The pseudoinverse. */
  pinverse(rcond?: number | { readonly rcond?: number }): Tensor;
  /** The lower triangular L with x = L · Lᵀ. */
  cholesky(options?: CholeskyOptions): Tensor;
  /** The inverse of the matrix whose Cholesky factor this is. */
  choleskyInverse(options?: CholeskyOptions): Tensor;
  /** The solution for this right side of the system whose Cholesky factor is `factor`. */
  choleskySolve(factor: Tensor, options?: CholeskyOptions): Tensor;
  /** L and U in one matrix, and the rows exchanged. */
  lu(options?: TorchLuOptions): PackedLu | PackedLuInfo;
  /** The solution for this right side of the system that `lu` decomposes. */
  luSolve(lu: Tensor, pivots: Tensor): Tensor;
  /** Q with orthonormal columns and an upper triangular R, whose product this is. */
  qr(some?: boolean | TorchQrOptions): QR;
  /** R and the reflections that make Q. */
  geqrf(): Reflections;
  /** The Q that these reflections make. */
  orgqr(tau: Tensor): Tensor;
  /** The product of the Q that these reflections make with `other`. */
  ormqr(tau: Tensor, other: Tensor, options?: OrmqrOptions): Tensor;
  /** U, S and V, whose product U · diag(S) · Vᵀ this is. */
  svd(some?: boolean | TorchSvdOptions, computeUv?: boolean): USV;
  /** Eigenvalues and eigenvectors of a symmetric matrix. */
  symeig(options?: SymeigOptions): Eigenpairs;
  /** The solution for this right side of a triangular system. */
  triangularSolve(a: Tensor, options?: TriangularSolveOptions): TriangularSolution;
  /** The power of a matrix. */
  matrixPower(n: number): Tensor;
  /** The exponential of a matrix. */
  matrixExp(): Tensor;
}

const functions: Implementations<LinalgMethods> = {
  det: F.det,
  logdet: F.logdet,
  slogdet: F.slogdet,
  inverse: F.inverse,
  pinverse: F.pinverse,
  cholesky: F.cholesky,
  choleskyInverse: F.choleskyInverse,
  choleskySolve: F.choleskySolve,
  lu: F.lu,
  luSolve: F.luSolve,
  qr: F.qr,
  geqrf: F.geqrf,
  orgqr: F.orgqr,
  ormqr: F.ormqr,
  svd: F.svd,
  symeig: F.symeig,
  triangularSolve: F.triangularSolve,
  matrixPower: F.matrixPower,
  matrixExp: F.matrixExp,
};

/** Descriptors for the prototype. */
export const linalg: PropertyDescriptorMap = methods(functions);
