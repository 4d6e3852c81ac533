/**
 * Norms of vectors and matrices.
 *
 * @module
 */

import { type DType, ShapeError, ValueError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { axisOf, type Dims, named, reducedShape, show } from "../dims.ts";
import { abs } from "../elementwise/sign.ts";
import { div } from "../elementwise/division.ts";
import { mul } from "../elementwise/arithmetic.ts";
import { where } from "../elementwise/where.ts";
import { ne } from "../elementwise/comparison.ts";
import { filled } from "../host.ts";
import { movedim } from "../movement/permute.ts";
import { reshaped, squeeze } from "../movement/reshape.ts";
import { narrow } from "../movement/slice.ts";
import { amax, amin } from "../reduction/extremes.ts";
import { normOver } from "../reduction/norm.ts";
import { type ReduceOptions, reductionOf, requireFloat } from "../reduction/reduce.ts";
import { summed } from "../reduction/sum.ts";
import { requireMatrix, requireSquare } from "./batches.ts";
import { invEx } from "./solve.ts";
import { svdvals } from "./svd.ts";

/** Which norm of a matrix: a number, "fro" (Frobenius) or "nuc" (the sum of the singular values). */
export type MatrixOrder = number | "fro" | "nuc";

/** Options of `vectorNorm`. */
export interface VectorNormOptions extends ReduceOptions {
  /** The exponent; 2 by default. */
  readonly ord?: number;
}

/**
 * (Σ |x|^ord)^(1/ord) over the dimensions: for ord = Infinity the largest magnitude, for -Infinity the least, for 0 the number of
 * elements that are not 0.
 *
 * @param x any shape
 * @throws {DTypeError} for integers and bools
 * @throws {IndexError} for a dimension that x does not have
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.vectorNorm(tensor([3.5, -4.5]), { ord: 1 })); // tensor(8.)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.vector_norm.html}
 */
export function vectorNorm(
  x: Tensor,
  ord?: number | VectorNormOptions | null,
  dim?: Dims | VectorNormOptions | null,
  options?: VectorNormOptions,
): Tensor {
  const given = named<VectorNormOptions>(["ord", "dim"], ord, dim, options);
  const { axes, keepdim, dtype } = reductionOf("vectorNorm", x, given);
  const source = dtype === undefined ? x : toDtype(x, dtype);
  requireFloat("vectorNorm", source);
  return normOver(source, given.ord ?? 2, axes, keepdim);
}

/** Options of `matrixNorm`. */
export interface MatrixNormOptions {
  /** ±1: largest or least sum of a column; ±Infinity: of a row; ±2: singular value; "fro" (default); "nuc". */
  readonly ord?: MatrixOrder;
  /** The two dimensions that are matrices; the last two by default. */
  readonly dim?: readonly number[] | null;
  /** Keeps reduced dimensions with extent 1; false by default. */
  readonly keepdim?: boolean;
  /** Converts the elements first; none by default. */
  readonly dtype?: DType | null;
}

/**
 * A norm of each matrix.
 *
 * @param x [..., m, n]
 *
 * @throws {ShapeError} for less than two dimensions, and for other than two different ones
 * @throws {DTypeError} for integers and bools
 * @throws {ValueError} for another order
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.matrixNorm(tensor([[1.5, 2.5], [-3, 4]]), { ord: Infinity })); // tensor(7.)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.matrix_norm.html}
 */
export function matrixNorm(
  x: Tensor,
  ord?: MatrixOrder | MatrixNormOptions | null,
  dim?: readonly number[] | MatrixNormOptions | null,
  options?: MatrixNormOptions,
): Tensor {
  requireTensor("matrixNorm", "x", x);
  const given = named<MatrixNormOptions>(["ord", "dim"], ord, dim, options);
  const pair = given.dim ?? [-2, -1], keepdim = given.keepdim ?? false;
  const source = given.dtype == null ? x : toDtype(x, given.dtype);
  if (x.ndim < 2 || pair.length !== 2) {
    throw new ShapeError(
      `Cannot take the matrixNorm of shape ${show(x.shape)} over ${show(pair)}: name two dimensions`,
    );
  }
  requireFloat("matrixNorm", source);
  const [row, column] = pair.map((axis) => axisOf("matrixNorm", axis, x.ndim)) as [number, number];
  if (row === column) throw new ShapeError(`Cannot take the matrixNorm over ${show(pair)}: the two must differ`);
  const order = given.ord ?? "fro";
  const of = (values: Tensor) => keepdim ? reshaped(values, reducedShape(x.shape, [row, column], true)) : values;
  if (order === "fro") return normOver(source, 2, [row, column], keepdim);
  if (typeof order === "number" && [1, Infinity].includes(Math.abs(order))) {
    const [inner, outer] = Math.abs(order) === 1 ? [row, column] : [column, row];
    const sums = summed(abs(source), [inner], true);
    return of((order > 0 ? amax : amin)(sums, { dim: [inner, outer] }));
  }
  const values = () => svdvals(movedim(source, [row, column], [-2, -1]));
  if (order === "nuc") return of(summed(values(), [x.ndim - 2]));
  if (order === 2) return of(amax(values(), { dim: -1 }));
  if (order === -2) return of(amin(values(), { dim: -1 }));
  throw new ValueError(`Cannot take the matrixNorm with ord ${order}: it is ±1, ±2, ±Infinity, "fro" or "nuc"`);
}

/** Options of `norm`. */
export interface LinalgNormOptions {
  /** A number, of vectors or of matrices, "fro" or "nuc"; by default the length of all elements. */
  readonly ord?: MatrixOrder | null;
  /** One dimension for norms of vectors, two for norms of matrices. */
  readonly dim?: Dims | null;
  /** Keeps reduced dimensions with extent 1; false by default. */
  readonly keepdim?: boolean;
  /** Converts the elements first; none by default. */
  readonly dtype?: DType | null;
}

/**
 * A norm of vectors or matrices: `vectorNorm` where one dimension is given, the tensor has one, or no order is given; else
 * `matrixNorm`.
 *
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.norm(tensor([[1.5, 2.5], [-3, 4]]), { ord: 1 })); // tensor(6.5000)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.norm.html}
 */
export function norm(
  x: Tensor,
  ord?: MatrixOrder | LinalgNormOptions | null,
  dim?: Dims | LinalgNormOptions | null,
  options?: LinalgNormOptions,
): Tensor {
  requireTensor("norm", "x", x);
  const given = named<LinalgNormOptions>(["ord", "dim"], ord, dim, options);
  const dims = typeof given.dim === "number" ? [given.dim] : given.dim;
  const rest = { keepdim: given.keepdim ?? false, dtype: given.dtype ?? null };
  if (given.ord == null) return vectorNorm(x, { ...rest, dim: dims ?? null });
  const count = dims?.length ?? x.ndim;
  if (count === 2) return matrixNorm(x, { ...rest, ord: given.ord, dim: dims ?? null });
  if (count !== 1 || typeof given.ord === "string") {
    throw new ShapeError(
      `Cannot take the norm with ord ${given.ord} of shape ${show(x.shape)} over ${
        dims == null ? "all dimensions" : show(dims)
      }: name ${typeof given.ord === "string" ? "two dimensions" : "one dimension or two"}`,
    );
  }
  return vectorNorm(x, { ...rest, ord: given.ord, dim: dims ?? null });
}

/**
 * The condition number |A| · |A⁻¹|; Infinity for singular matrices.
 *
 * @param a [..., n, n], or [..., m, n] where p is 2 or -2
 * @param p Which norm, as of `matrixNorm`; 2 by default.
 *
 * @throws {ShapeError} for less than two dimensions, and where matrices are not square, unless p is 2 or -2
 * @throws {DTypeError} for other than float32 and float64
 * @example
 * ```ts
 * import { linalg, tensor } from "@tensaur/tensaur";
 *
 * console.log(linalg.cond(tensor([[4, 0], [0, 2]], { dtype: "float32" }))); // tensor(2.)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linalg.cond.html}
 */
export function cond(a: Tensor, p?: MatrixOrder | { readonly p?: MatrixOrder | null } | null): Tensor {
  requireMatrix("cond", a);
  const order = named<{ p?: MatrixOrder }>(["p"], p).p ?? 2;
  if (order === 2 || order === -2) {
    const values = svdvals(a), count = values.shape.at(-1)!;
    const largest = squeeze(narrow(values, -1, 0, 1), -1), least = squeeze(narrow(values, -1, count - 1, 1), -1);
    return order === 2 ? div(largest, least) : div(least, largest);
  }
  requireSquare("cond", a);
  if (a.numel() === 0) return filled(a.shape.slice(0, -2), 0, a.dtype, a.device);
  const { inverse, info } = invEx(a);
  const product = mul(matrixNorm(a, order), matrixNorm(inverse, order));
  return where(ne(info, 0), Infinity, product);
}
