/**
 * Products of vectors and matrices as methods.
 *
 * @module
 */

import * as F from "../../functional/mod.ts";
import type { CombinationOptions, CovOptions } from "../../functional/mod.ts";
import type { Tensor } from "../tensor.ts";
import { type Implementations, type InPlace, inPlace, methods } from "./define.ts";

/** Products of vectors and matrices. */
export interface MatrixMethods extends CombinationMethods {
  /** The product with `other`: of vectors, matrices or batches of matrices. */
  matmul(other: Tensor): Tensor;
  /** The product of matrices. */
  mm(other: Tensor): Tensor;
  /** The products of batches of matrices. */
  bmm(other: Tensor): Tensor;
  /** The product of a matrix and a vector. */
  mv(vector: Tensor): Tensor;
  /** The sum of products of two vectors. */
  dot(other: Tensor): Tensor;
  /** The same as `dot`. */
  vdot(other: Tensor): Tensor;
  /** All products of the elements of two vectors. */
  outer(other: Tensor): Tensor;
  /** The same as `outer`. */
  ger(other: Tensor): Tensor;
  /** Sums of products over the last dimension of both. */
  inner(other: Tensor): Tensor;
  /** The covariances of variables, which are the rows. */
  cov(options?: CovOptions): Tensor;
  /** The correlations of variables, which are the rows. */
  corrcoef(): Tensor;
  /** The sum of a matrix's diagonal. */
  trace(): Tensor;
  /** The Kronecker product. */
  kron(other: Tensor): Tensor;
  /** The cross product of vectors of three elements. */
  cross(other: Tensor, dim?: number | { readonly dim?: number | null } | null): Tensor;
}

/** Products added to a tensor: beta · x + alpha · a · b. */
export interface CombinationMethods {
  /** beta · x + alpha · a · b of matrices. */
  addmm(a: Tensor, b: Tensor, options?: CombinationOptions): Tensor;
  /** beta · x + alpha · a · b of a matrix and a vector. */
  addmv(a: Tensor, b: Tensor, options?: CombinationOptions): Tensor;
  /** beta · x + alpha · a · bᵀ of vectors. */
  addr(a: Tensor, b: Tensor, options?: CombinationOptions): Tensor;
  /** beta · x + alpha · a · b of batches of matrices. */
  baddbmm(a: Tensor, b: Tensor, options?: CombinationOptions): Tensor;
  /** beta · x + alpha · Σ a · b over batches of matrices. */
  addbmm(a: Tensor, b: Tensor, options?: CombinationOptions): Tensor;
}

/** `x.addmm_(a, b)` changes x to x + a · b, and so on. */
export interface MatrixInPlaceMethods extends InPlace<CombinationMethods> {}

const combinations: Implementations<CombinationMethods> = {
  addmm: F.addmm,
  addmv: F.addmv,
  addr: F.addr,
  baddbmm: F.baddbmm,
  addbmm: F.addbmm,
};

const functions: Implementations<MatrixMethods> = {
  ...combinations,
  matmul: F.matmul,
  mm: F.mm,
  bmm: F.bmm,
  mv: F.mv,
  dot: F.dot,
  vdot: F.vdot,
  outer: F.outer,
  ger: F.ger,
  inner: F.inner,
  cov: F.cov,
  corrcoef: F.corrcoef,
  trace: F.trace,
  kron: F.kron,
  cross: F.cross,
};

/** Descriptors for the prototype. */
export const matrix: PropertyDescriptorMap = { ...methods(functions), ...inPlace(combinations) };
