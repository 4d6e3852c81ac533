/**
 * What of linear algebra is found in `torch` itself.
 *
 * @module
 */

export { cholesky, choleskyInverse, type CholeskyOptions, choleskySolve } from "./cholesky.ts";
export { det, logdet, type SignLog, slogdet } from "./determinant.ts";
export type { Eigenpairs } from "./eigh.ts";
export { geqrf, householderProduct as orgqr, ormqr, type OrmqrOptions, type Reflections } from "./householder.ts";
export { pcaLowrank, type PcaLowrankOptions, svdLowrank, type SvdLowrankOptions } from "./low_rank.ts";
export { luUnpack, type LuUnpackOptions, type PackedLu, type PackedLuInfo, type PLU } from "./lu.ts";
export { matrixExp, matrixPower } from "./power.ts";
export type { QR } from "./qr.ts";
export { inv as inverse } from "./solve.ts";
export {
  lu,
  luSolve,
  norm,
  pinverse,
  qr,
  svd,
  symeig,
  type SymeigOptions,
  type TorchLuOptions,
  type TorchQrOptions,
  type TorchSvdOptions,
  type TriangularSolution,
  triangularSolve,
  type TriangularSolveOptions,
  type USV,
} from "./torch_names.ts";
