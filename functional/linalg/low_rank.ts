/**
 * The few largest singular values of a matrix, by random projections.
 *
 * @module
 */

import { ShapeError, ValueError } from "../../kernels/mod.ts";
import { randn } from "../../tensor/random.ts";
import { requireTensorOrNone } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { named, show } from "../dims.ts";
import { sub } from "../elementwise/arithmetic.ts";
import { matmul } from "../matrix/matmul.ts";
import { mT } from "../movement/permute.ts";
import { mean } from "../reduction/sum.ts";
import { requireMatrix } from "./batches.ts";
import { qr } from "./qr.ts";
import { svd } from "./svd.ts";
import { type USV, usv } from "./torch_names.ts";

/** Options of `svdLowrank`. */
export interface SvdLowrankOptions {
  /** How many singular values; somewhat more than are of interest. Default 6. */
  readonly q?: number;
  /** How often the projection is sharpened. Default 2. */
  readonly niter?: number;
  /** What is subtracted from the matrix; nothing by default. */
  readonly M?: Tensor | null;
}

/** Options of `pcaLowrank`. */
export interface PcaLowrankOptions {
  /** How many components; 6 by default, or as many as there are. */
  readonly q?: number | null;
  /** Whether the mean of each column is subtracted. Default true. */
  readonly center?: boolean;
  /** How often the projection is sharpened. Default 2. */
  readonly niter?: number;
}

/**
 * U, S and V of a low rank with A - M ≈ U · diag(S) · Vᵀ, for A of shape [..., m, n]: U is [..., m, q], S [..., q], V [..., n, q]. Uses
 * Halko et al., https://arxiv.org/abs/0909.4061; the default generator draws the projection.
 *
 * @example
 * ```ts
 * import { svdLowrank, tensor } from "@tensaur/tensaur";
 *
 * const [U, S, V] = svdLowrank(tensor([[3, 0], [0, 4], [0, 0]], { dtype: "float32" }), { q: 2 });
 * console.log(U.shape, S, V.shape); // torch.Size([3, 2]) tensor([4., 3.]) torch.Size([2, 2])
 * ```
 *
 * @throws {ShapeError} for less than a matrix, or more singular values than it has
 * @throws {DTypeError} for other than float32 and float64
 * @see {@link https://pytorch.org/docs/stable/generated/torch.svd_lowrank.html}
 */
export function svdLowrank(
  a: Tensor,
  q?: number | SvdLowrankOptions,
  niter?: number | SvdLowrankOptions,
  options?: SvdLowrankOptions,
): USV {
  const given = named<SvdLowrankOptions>(["q", "niter"], q, niter, options);
  requireMatrix("svdLowrank", a);
  requireTensorOrNone("svdLowrank", "M", given.M);
  const { q: count = 6, niter: times = 2 } = given, difference = given.M == null ? a : sub(a, given.M);
  const [m, n] = difference.shape.slice(-2) as [number, number];
  if (!Number.isInteger(count) || count < 0 || count > Math.min(m, n)) {
    throw new ShapeError(`Cannot find ${count} singular values of shape ${show(a.shape)}: it has ${Math.min(m, n)}`);
  }
  // Of the two equal ways, the one that decomposes the smaller matrix.
  if (m < n || n > count) {
    const basis = basisOf(mT(difference), count, times), { U, S, Vh } = svd(matmul(difference, basis), narrow);
    return usv(U, S, matmul(basis, mT(Vh)));
  }
  const basis = basisOf(difference, count, times), { U, S, Vh } = svd(matmul(mT(basis), difference), narrow);
  return usv(matmul(basis, U), S, mT(Vh));
}

/**
 * The principal components of the rows of A, [..., m, n]: U, S and V with A - its mean ≈ U · diag(S) · Vᵀ; the columns of V are the
 * directions, and S² / (m - 1) the variances along them.
 *
 * @example
 * ```ts
 * import { pcaLowrank, tensor } from "@tensaur/tensaur";
 *
 * const { S } = pcaLowrank(tensor([[1, 2], [3, 4], [5, 6]], { dtype: "float32" }), { q: 1 });
 * console.log(S); // tensor([4.])
 * ```
 *
 * @throws {ShapeError} for less than a matrix
 * @throws {ValueError} for more components than there are
 * @throws {DTypeError} for other than float32 and float64
 * @see {@link https://pytorch.org/docs/stable/generated/torch.pca_lowrank.html}
 */
export function pcaLowrank(
  a: Tensor,
  q?: number | PcaLowrankOptions | null,
  center?: boolean | PcaLowrankOptions,
  niter?: number | PcaLowrankOptions,
  options?: PcaLowrankOptions,
): USV {
  const given = named<PcaLowrankOptions>(["q", "center", "niter"], q, center, niter, options);
  requireMatrix("pcaLowrank", a);
  const most = Math.min(...a.shape.slice(-2)), count = given.q ?? Math.min(6, most), times = given.niter ?? 2;
  if (!(count >= 0 && count <= most)) {
    throw new ValueError(`Cannot find ${count} components of shape ${show(a.shape)}: it has ${most}`);
  }
  if (!(times >= 0)) throw new ValueError(`Cannot sharpen a projection ${times} times`);
  const centred = given.center ?? true ? sub(a, mean(a, -2, { keepdim: true })) : a;
  return svdLowrank(centred, { q: count, niter: times });
}

const narrow = { fullMatrices: false };

/** Orthonormal columns that nearly span what the largest singular values of a matrix span. */
function basisOf(a: Tensor, count: number, times: number): Tensor {
  const start = randn([a.shape.at(-1)!, count], { dtype: a.dtype, device: a.device });
  let basis = qr(matmul(a, start)).Q;
  for (let i = 0; i < times; i++) basis = qr(matmul(a, qr(matmul(mT(a), basis)).Q)).Q;
  return basis;
}
