/**
 * Linear algebra: PyTorch's `torch.linalg`.
 *
 * Decompositions read their input on the host, for which they wait for the device, compute in float64 and round to the
 * input's dtype, float32 or float64. Their gradients are tensor operations, so that gradients of any order exist where PyTorch's do.
 *
 * There are no complex tensors, and so no `eig` and `eigvals`, whose results are complex for real matrices too; `eigh` and `eigvalsh` are
 * those of symmetric matrices.
 *
 * @module
 */

export { cholesky, choleskyEx, type CholeskyExOptions, type CholeskyOptions, type FactorInfo } from "./cholesky.ts";
export { det, type SignLog, slogdet } from "./determinant.ts";
export { type Eigenpairs, eigh, type EighOptions, eigvalsh } from "./eigh.ts";
export { LinAlgError } from "./errors.ts";
export { householderProduct } from "./householder.ts";
export {
  ldlFactor,
  ldlFactorEx,
  type LdlFactorExOptions,
  type LdlOptions,
  ldlSolve,
  type PackedLdl,
  type PackedLdlInfo,
} from "./ldl.ts";
export {
  lu,
  luFactor,
  luFactorEx,
  type LuFactorExOptions,
  type LuOptions,
  luSolve,
  type LuSolveOptions,
  type PackedLu,
  type PackedLuInfo,
  type PLU,
} from "./lu.ts";
export { matmul } from "../matrix/matmul.ts";
export {
  cond,
  type LinalgNormOptions,
  matrixNorm,
  type MatrixNormOptions,
  type MatrixOrder,
  norm,
  vectorNorm,
  type VectorNormOptions,
} from "./norm.ts";
export { matrixExp, matrixPower, multiDot } from "./power.ts";
export {
  cross,
  diagonal,
  type DimOption,
  type LinalgDiagonalOptions,
  vander,
  type VanderOptions,
  vecdot,
} from "./products.ts";
export {
  type LeastSquares,
  lstsq,
  type LstsqOptions,
  matrixRank,
  pinv,
  type ToleranceOptions,
} from "./pseudo_inverse.ts";
export { type QR, qr, type QrOptions } from "./qr.ts";
export {
  type CheckErrorsOptions,
  inv,
  type InverseInfo,
  invEx,
  type ResultInfo,
  solve,
  solveEx,
  type SolveExOptions,
  type SolveOptions,
} from "./solve.ts";
export { svd, type SvdOptions, svdvals, type USVh } from "./svd.ts";
export { tensorinv, type TensorinvOptions, tensorsolve, type TensorsolveOptions } from "./tensors.ts";
export { solveTriangular, type SolveTriangularOptions } from "./triangular.ts";
