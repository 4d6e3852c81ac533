/**
 * LU decompositions and what is solved with them.
 *
 * @module
 */

import { ShapeError, ValueError } from "../../kernels/mod.ts";
import { eye, zeros } from "../../tensor/constant.ts";
import { record } from "../../tensor/grad_fn.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { add, neg } from "../elementwise/mod.ts";
import { elementsOf, fromIntegers } from "../host.ts";
import { matmul } from "../matrix/matmul.ts";
import { cat } from "../movement/cat.ts";
import { tril, triu } from "../movement/diagonal.ts";
import { mT } from "../movement/permute.ts";
import { narrow } from "../movement/slice.ts";
import { withNames } from "../pairs.ts";
import { matricesOf, requireAlike, requireMatrix, requireSquare, tensorOf } from "./batches.ts";
import { luInPlace, rowsOf } from "./dense/lu.ts";
import { refuseInfo } from "./errors.ts";
import { type CheckErrorsOptions, singularity } from "./solve.ts";
import { solveTriangular } from "./triangular.ts";

/** Options of `lu` and `luFactor`. */
export interface LuOptions {
  /** Exchanges rows; true, the only choice, by default. */
  readonly pivot?: boolean;
}

/** Options of `luFactorEx`. */
export interface LuFactorExOptions extends LuOptions, CheckErrorsOptions {}

/** L and U in one, and the rows exchanged. */
export type PackedLu = [LU: Tensor, pivots: Tensor] & {
  /** U in and above the diagonal, L below. */
  readonly LU: Tensor;
  /** int32: row i was exchanged with row `pivots[i]` - 1. */
  readonly pivots: Tensor;
};

/** L and U in one, the rows exchanged, and how the elimination went. */
export type PackedLuInfo = [LU: Tensor, pivots: Tensor, info: Tensor] & {
  /** U in and above the diagonal, L below. */
  readonly LU: Tensor;
  /** int32: row i was exchanged with row `pivots[i]` - 1. */
  readonly pivots: Tensor;
  /** int32: 0, or the first pivot (from 1) that is 0. */
  readonly info: Tensor;
};

/** The matrix P of each list of pivots, for matrices of `rows` rows, in the dtype of `like`. */
function permutation(pivots: Tensor, rows: number, like: Tensor): Tensor {
  const count = pivots.shape.at(-1)!, batch = pivots.shape.slice(0, -1);
  const list = Int32Array.from(elementsOf(pivots));
  const matrices = Array.from({ length: batch.reduce((a, b) => a * b, 1) }, (_, i) => {
    const matrix = new Uint8Array(rows * rows);
    rowsOf(list.subarray(i * count, (i + 1) * count), rows).forEach((row, column) => matrix[row * rows + column] = 1);
    return matrix;
  });
  return tensorOf(matrices, [...batch, rows, rows], like);
}

/** Gradient of a matrix from that of its packed decomposition. */
function luGradient(grad: Tensor, lu: Tensor, pivots: Tensor): Tensor {
  const [m, n] = lu.shape.slice(-2) as [number, number], k = Math.min(m, n);
  const part = (x: Tensor, dim: -1 | -2, start: number) => narrow(x, dim, start, x.shape.at(dim)! - start);
  const head = (x: Tensor) => narrow(narrow(x, -2, 0, k), -1, 0, k);
  const square = head(lu), turned = mT(square);
  let inside = head(grad), rest: Tensor | undefined;
  if (n > m) {
    rest = solveTriangular(turned, part(grad, -1, k), { upper: true, unitriangular: true });
    inside = add(inside, tril(neg(matmul(rest, mT(part(lu, -1, k)))), -1));
  } else if (m > n) {
    rest = solveTriangular(turned, part(grad, -2, k), { upper: false, left: false });
    inside = add(inside, triu(neg(matmul(mT(part(lu, -2, k)), rest))));
  }
  const lower = add(tril(square, -1), eye(k, { dtype: lu.dtype, device: lu.device }));
  const both = add(tril(matmul(mT(lower), tril(inside, -1)), -1), triu(matmul(triu(inside), mT(triu(square)))));
  const left = solveTriangular(turned, both, { upper: true, unitriangular: true });
  const first = solveTriangular(turned, left, { upper: false, left: false });
  const all = rest === undefined ? first : cat([first, rest], n > m ? -1 : -2);
  return matmul(permutation(pivots, m, lu), all);
}

/**
 * What `luFactor` gives, with a report for each matrix instead of an error for singular ones.
 *
 * @param a [..., m, n]
 * @throws {ShapeError} for less than two dimensions
 * @throws {DTypeError} for other than float32 and float64
 * @throws {ValueError} for `pivot: false`
 * @throws {LinAlgError} with `checkErrors`, where one is singular
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.luFactorEx(tensor([[1, 2], [2, 4]], { dtype: "float32" })).info.item()); // 2
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.lu_factor_ex.html}
 */
export function luFactorEx(
  a: Tensor,
  { pivot = true, checkErrors = false }: LuFactorExOptions = {},
): PackedLuInfo {
  requireTensor("luFactorEx", "a", a);
  requireMatrix("luFactor", a);
  if (!pivot) throw new ValueError("Cannot apply luFactor without pivoting: as in PyTorch, only pivot: true is there");
  const { each, batch, rows, columns } = matricesOf(a);
  const results = each.map((matrix) => luInPlace(matrix, rows, columns));
  const exchanged = results.flatMap((result) => [...result.pivots]), infos = results.map(({ info }) => info);
  if (checkErrors) refuseInfo("luFactor", infos, singularity);
  const pivots = fromIntegers(exchanged, [...batch, Math.min(rows, columns)], a.device);
  const LU = record("linalgLuFactorEx", tensorOf(each, a.shape, a).node, [a], [
    (grad, _, lu) => luGradient(grad, lu, pivots),
  ]);
  const info = fromIntegers(infos, batch, a.device);
  return withNames([LU, pivots, info] as [Tensor, Tensor, Tensor], { LU, pivots, info });
}

/**
 * L and U of A = P · L · U in one matrix, and the rows exchanged, for `luSolve` and `luUnpack`. Computed in float64 on the
 * host, for which it waits for the device.
 *
 * @param a [..., m, n]
 * @throws {LinAlgError} where a pivot is 0
 *
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * const { LU, pivots } = linalg.luFactor(tensor([[2, 1], [4, 4]], { dtype: "float32" }));
 * console.log(LU, pivots);
 * // tensor([[ 4.0000,  4.0000],
 * //         [ 0.5000, -1.0000]]) tensor([2, 2])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.lu_factor.html}
 */
export function luFactor(a: Tensor, options: LuOptions = {}): PackedLu {
  requireTensor("luFactor", "a", a);
  const { LU, pivots } = luFactorEx(a, { ...options, checkErrors: true });
  return withNames([LU, pivots] as [Tensor, Tensor], { LU, pivots });
}

/** The three factors of A = P · L · U. */
export type PLU = [P: Tensor, L: Tensor, U: Tensor] & {
  /** A permutation, [..., m, m]. */
  readonly P: Tensor;
  /** Lower triangular with ones in the diagonal, [..., m, k], k being the shorter side. */
  readonly L: Tensor;
  /** Upper triangular, [..., k, n]. */
  readonly U: Tensor;
};

/** Options of `luUnpack`. */
export interface LuUnpackOptions {
  /** Gives L and U, which are empty otherwise; true by default. */
  readonly unpackData?: boolean;
  /** Gives P, which is empty otherwise; true by default. */
  readonly unpackPivots?: boolean;
}

/**
 * P, L and U from what `luFactor` gave.
 *
 * @param lu [..., m, n]
 * @param pivots int32, [..., min(m, n)]
 *
 * @throws {ShapeError} where the pivots do not fit
 * @throws {DTypeError} for other than float32 and float64
 * @example
 * ```ts
 * import { functional as F, linalg, tensor } from "@tensaur/tensaur";
 *
 * const a = tensor([[2, 1], [4, 4]], { dtype: "float32" });
 * const { LU, pivots } = linalg.luFactor(a);
 * const { P, L, U } = F.luUnpack(LU, pivots);
 * console.log(P.matmul(L).matmul(U).equal(a)); // true
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.lu_unpack.html}
 */
export function luUnpack(
  lu: Tensor,
  pivots: Tensor,
  { unpackData = true, unpackPivots = true }: LuUnpackOptions = {},
): PLU {
  requireTensor("luUnpack", "pivots", pivots);
  requireMatrix("luUnpack", lu, "lu");
  const [m, n] = lu.shape.slice(-2) as [number, number], k = Math.min(m, n);
  if (show([...lu.shape.slice(0, -2), k]) !== show(pivots.shape)) {
    throw new ShapeError(
      `Cannot apply luUnpack to shapes ${show(lu.shape)} and ${show(pivots.shape)}: they do not fit`,
    );
  }
  const like = { dtype: lu.dtype, device: lu.device };
  const P = unpackPivots ? permutation(pivots, m, lu) : zeros([0], like);
  const L = unpackData ? add(tril(narrow(lu, -1, 0, k), -1), eye(m, k, like)) : zeros([0], like);
  const U = unpackData ? triu(narrow(lu, -2, 0, k)) : zeros([0], like);
  return withNames([P, L, U] as [Tensor, Tensor, Tensor], { P, L, U });
}

/**
 * P, L and U with A = P · L · U: a permutation, a lower triangular matrix with ones in the diagonal, and an upper triangular one.
 *
 * @param a [..., m, n]
 *
 * @throws {ShapeError} for less than two dimensions
 * @throws {DTypeError} for other than float32 and float64
 * @throws {ValueError} for `pivot: false`
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.lu(tensor([[2, 1], [4, 4]], { dtype: "float32" })).U);
 * // tensor([[ 4.,  4.],
 * //         [ 0., -1.]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.lu.html}
 */
export function lu(a: Tensor, { pivot = true }: LuOptions = {}): PLU {
  requireTensor("lu", "a", a);
  const { LU, pivots } = luFactorEx(a, { pivot });
  return luUnpack(LU, pivots);
}

/** Options of `luSolve`. */
export interface LuSolveOptions {
  /** Solves A · X = B, or X · A = B; true by default. */
  readonly left?: boolean;
  /** Takes Aᵀ in place of A; false by default. */
  readonly adjoint?: boolean;
}

/**
 * X of A · X = B, from what `luFactor` gave for A.
 *
 * @param lu [..., n, n]
 * @param pivots int32, [..., n]
 * @param b [..., n, k], or [..., k, n] with `left: false`; batch dimensions broadcast
 *
 * @throws {ShapeError} where the matrices are not square, or do not fit
 * @throws {DTypeError} for other than float32 and float64, and where the dtypes differ
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * const { LU, pivots } = linalg.luFactor(tensor([[2, 1], [4, 4]], { dtype: "float32" }));
 * console.log(linalg.luSolve(LU, pivots, tensor([[3], [8]], { dtype: "float32" })));
 * // tensor([[1.],
 * //         [1.]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.lu_solve.html}
 */
export function luSolve(
  lu: Tensor,
  pivots: Tensor,
  b: Tensor,
  { left = true, adjoint = false }: LuSolveOptions = {},
): Tensor {
  requireTensor("luSolve", "pivots", pivots);
  requireSquare("luSolve", lu, "lu");
  requireMatrix("luSolve", b, "b");
  requireAlike("luSolve", lu, b);
  const n = lu.shape.at(-1)!;
  if (b.shape.at(left ? -2 : -1) !== n || show(pivots.shape) !== show(lu.shape.slice(0, -1))) {
    throw new ShapeError(
      `Cannot apply luSolve to a decomposition of shape ${show(lu.shape)} with pivots ${show(pivots.shape)} ` +
        `and a right side ${show(b.shape)}: expected pivots ${show(lu.shape.slice(0, -1))} and a right side of ${n} ${
          left ? "rows" : "columns"
        }`,
    );
  }
  if (!left) return mT(luSolve(lu, pivots, mT(b), { adjoint: !adjoint }));
  const order = permutation(pivots, n, lu);
  if (adjoint) {
    const inner = solveTriangular(mT(lu), b, { upper: false });
    return matmul(order, solveTriangular(mT(lu), inner, { upper: true, unitriangular: true }));
  }
  const inner = solveTriangular(lu, matmul(mT(order), b), { upper: false, unitriangular: true });
  return solveTriangular(lu, inner, { upper: true });
}
