/**
 * Householder's reflections: what `qr` leaves them at, and products with them.
 *
 * @module
 */

import { ShapeError } from "../../kernels/mod.ts";
import { eye } from "../../tensor/constant.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { add, mul, sub } from "../elementwise/mod.ts";
import { matmul } from "../matrix/matmul.ts";
import { tril, triu } from "../movement/diagonal.ts";
import { mT } from "../movement/permute.ts";
import { unsqueeze } from "../movement/reshape.ts";
import { narrow } from "../movement/slice.ts";
import { withNames } from "../pairs.ts";
import { matricesOf, requireAlike, requireMatrix, tensorOf } from "./batches.ts";
import { qrInPlace } from "./dense/householder.ts";
import { solveTriangular } from "./triangular.ts";

/** A QR decomposition as LAPACK stores it. */
export type Reflections = [a: Tensor, tau: Tensor] & {
  /** R in and above the diagonal, below it the vectors of the reflections, which start with an implied 1. */
  readonly a: Tensor;
  /** Their factors. */
  readonly tau: Tensor;
};

/**
 * The QR decomposition as reflections, for `householderProduct` and `ormqr`. Without a gradient, as in PyTorch.
 *
 * @param a [..., m, n]
 *
 * @throws {ShapeError} for less than two dimensions
 * @throws {DTypeError} for other than float32 and float64
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.geqrf(tensor([[3, 1], [4, 2]], { dtype: "float32" })).tau); // tensor([1.6000, 0.0000])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.geqrf.html}
 */
export function geqrf(a: Tensor): Reflections {
  requireMatrix("geqrf", a);
  const { each, batch, rows, columns } = matricesOf(a);
  const factors = each.map((matrix) => qrInPlace(matrix, rows, columns));
  const packed = tensorOf(each, a.shape, a), tau = tensorOf(factors, [...batch, Math.min(rows, columns)], a);
  return withNames([packed, tau] as [Tensor, Tensor], { a: packed, tau });
}

/** The parts of H₁ · H₂ · … = I - V · M⁻¹ · D · Vᵀ: the vectors, a triangular matrix and the factors as a column. */
function compact(operation: string, a: Tensor, tau: Tensor): { vectors: Tensor; triangle: Tensor; column: Tensor } {
  requireMatrix(operation, a);
  requireAlike(operation, a, tau);
  const [m, n] = a.shape.slice(-2) as [number, number], k = tau.shape.at(-1) ?? 0;
  if (m < n || tau.ndim !== a.ndim - 1 || k > n || show(tau.shape.slice(0, -1)) !== show(a.shape.slice(0, -2))) {
    throw new ShapeError(
      `Cannot apply ${operation} to vectors of shape ${show(a.shape)} with factors of shape ${show(tau.shape)}: ` +
        "the first must have at least as many rows as columns, the second at most one factor for each column",
    );
  }
  const like = { dtype: a.dtype, device: a.device };
  const vectors = add(tril(narrow(a, -1, 0, k), -1), eye(m, k, like));
  const column = unsqueeze(tau, -1);
  const triangle = add(mul(column, triu(matmul(mT(vectors), vectors), 1)), eye(k, like));
  return { vectors, triangle, column };
}

/**
 * The first n columns of the product H₁ · H₂ · … of reflections I - tau · v · vᵀ: the Q of `geqrf`.
 *
 * @param a [..., m, n], m >= n: the vectors below the diagonal
 * @param tau [..., k], k <= n: the factors
 *
 * @throws {ShapeError} where the shapes do not fit
 * @throws {DTypeError} for other than float32 and float64, and where the dtypes differ
 * @example
 * ```ts
 * import { functional as F, linalg, tensor } from "@tensaur/tensaur";
 *
 * const { a, tau } = F.geqrf(tensor([[3, 1], [4, 2]], { dtype: "float32" }));
 * console.log(linalg.householderProduct(a, tau));
 * // tensor([[-0.6000, -0.8000],
 * //         [-0.8000,  0.6000]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.householder_product.html}
 */
export function householderProduct(a: Tensor, tau: Tensor): Tensor {
  requireTensor("householderProduct", "tau", tau);
  const { vectors, triangle, column } = compact("householderProduct", a, tau);
  const [m, n] = a.shape.slice(-2) as [number, number];
  const first = eye(m, n, { dtype: a.dtype, device: a.device });
  return sub(first, matmul(vectors, solveTriangular(triangle, mul(column, matmul(mT(vectors), first)), unit)));
}

const unit = { upper: true, unitriangular: true } as const;

/** Options of `ormqr`. */
export interface OrmqrOptions {
  /** Multiplies from the left, Q · C, or from the right, C · Q; true by default. */
  readonly left?: boolean;
  /** Takes Qᵀ in place of Q; false by default. */
  readonly transpose?: boolean;
}

/**
 * The product of the whole Q of `geqrf`, [..., m, m], with another matrix.
 *
 * @param a [..., m, k]: the vectors below the diagonal
 * @param tau [..., k]: the factors
 * @param other [..., m, n], or [..., n, m] with `left: false`
 *
 * @throws {ShapeError} where the shapes do not fit
 * @throws {DTypeError} for other than float32 and float64, and where the dtypes differ
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * const { a, tau } = F.geqrf(tensor([[3], [4]], { dtype: "float32" }));
 * console.log(F.ormqr(a, tau, tensor([[3], [4]], { dtype: "float32" }), { transpose: true }));
 * // tensor([[-5.],
 * //         [ 0.]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.ormqr.html}
 */
export function ormqr(
  a: Tensor,
  tau: Tensor,
  other: Tensor,
  { left = true, transpose = false }: OrmqrOptions = {},
): Tensor {
  requireTensor("ormqr", "tau", tau);
  requireTensor("ormqr", "other", other);
  const { vectors, triangle, column } = compact("ormqr", a, tau);
  requireMatrix("ormqr", other, "other");
  requireAlike("ormqr", a, other);
  const m = a.shape.at(-2)!;
  if (other.shape.at(left ? -2 : -1) !== m) {
    throw new ShapeError(
      `Cannot apply ormqr to vectors of shape ${show(a.shape)} and a matrix of shape ${show(other.shape)}: ` +
        `the matrix must have ${m} ${left ? "rows" : "columns"}`,
    );
  }
  if (!left) return mT(ormqr(a, tau, mT(other), { transpose: !transpose }));
  const inner = matmul(mT(vectors), other);
  const middle = transpose
    ? mul(column, solveTriangular(mT(triangle), inner, { upper: false, unitriangular: true }))
    : solveTriangular(triangle, mul(column, inner), unit);
  return sub(other, matmul(vectors, middle));
}
