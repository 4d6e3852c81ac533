/**
 * Diagonals and triangles of matrices.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { type Expr, expr, ShapeError } from "../../kernels/mod.ts";
import { record } from "../../tensor/grad_fn.ts";
import { noted } from "../../tensor/operations.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { axisOf, named, show } from "../dims.ts";
import { where } from "../elementwise/where.ts";
import { filled } from "../host.ts";
import { alias } from "./alias.ts";
import { reshaped } from "./reshape.ts";

/** Options of `diagonal` and `diagEmbed`. */
export interface DiagonalOptions {
  /** Which diagonal: 0 is the main one, above it are positive numbers; 0 by default. */
  readonly offset?: number;
  /** The dimension of the rows. */
  readonly dim1?: number;
  /** The dimension of the columns. */
  readonly dim2?: number;
}

/** A diagonal of the matrices in two axes of a shape. */
interface Place {
  readonly offset: number;
  readonly row: number;
  readonly column: number;
}

/** The elements of a diagonal as the last axis. */
function diagonalOf(x: Tensor, { offset, row, column }: Place): Tensor {
  const from = x.node.shape;
  const start = { row: Math.max(0, -offset), column: Math.max(0, offset) };
  const length = Math.max(0, Math.min(from[row]! - start.row, from[column]! - start.column));
  const rest = from.flatMap((_, i) => i === row || i === column ? [] : [i]);
  const shape = [...rest.map((i) => from[i]!), length];
  const node = kernels.view(x.node, `diagonal ${offset} ${row} ${column}`, shape, (axes) => ({
    index: from.map((_, i) => {
      if (i === row) return expr.binary("add", axes.at(-1)!, expr.int(start.row));
      if (i === column) return expr.binary("add", axes.at(-1)!, expr.int(start.column));
      return axes[rest.indexOf(i)]!;
    }),
  }));
  return record("diagonal", node, [x], [(grad) => onDiagonal(grad, { offset, row, column }, from)]);
}

/** A tensor of `shape` that is 0 but for a diagonal, which is the last axis of `x`. */
function onDiagonal(x: Tensor, place: Place, shape: readonly number[]): Tensor {
  const { offset, row, column } = place;
  const node = kernels.view(x.node, `onDiagonal ${offset} ${row} ${column}`, shape, (axes) => {
    const rest = axes.filter((_, i) => i !== row && i !== column);
    const at = expr.binary("sub", axes[row]!, expr.int(Math.max(0, -offset)));
    const mask = expr.and(
      expr.binary("eq", expr.binary("sub", axes[column]!, axes[row]!), expr.int(offset)),
      expr.binary("le", expr.int(0), at),
    );
    return { index: [...rest, at], mask };
  });
  return record("diagonalBackward", node, [x], [(grad) => diagonalOf(grad, place)]);
}

function placeOf(operation: string, x: Tensor, offset: number, dim1: number, dim2: number, rank: number): Place {
  const row = axisOf(operation, dim1, rank), column = axisOf(operation, dim2, rank);
  if (rank < 2 || row === column) {
    throw new ShapeError(
      `Cannot take the ${operation} of dimensions ${dim1} and ${dim2} of shape ${
        show(x.shape)
      }: name two different ones`,
    );
  }
  return { offset, row, column };
}

/**
 * The diagonal of the matrices in `dim1` and `dim2`, as the last dimension; a view.
 *
 * @param offset which diagonal: above the main one positive; 0 by default; by position or in options
 * @param dim1 the dimension of the rows; 0 by default
 * @param dim2 the dimension of the columns; 1 by default
 * @throws {ShapeError} where dim1 and dim2 are the same
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.diagonal.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.diagonal(tensor([[1, 2], [3, 4]]), 1)); // tensor([2])
 * ```
 */
export function diagonal(x: Tensor, offset?: number | DiagonalOptions, dim1?: number, dim2?: number): Tensor {
  requireTensor("diagonal", "x", x);
  const options = named<DiagonalOptions>(["offset", "dim1", "dim2"], offset, dim1, dim2);
  const place = placeOf("diagonal", x, options.offset ?? 0, options.dim1 ?? 0, options.dim2 ?? 1, x.ndim);
  return alias(
    x,
    (base) => diagonalOf(base, place),
    (base, value) => diagonalWritten(base, value, place),
  );
}

function diagonalWritten(base: Tensor, value: Tensor, place: Place): Tensor {
  const inside = onDiagonal(filled(value.node.shape, 1, "bool", base.device), place, base.shape);
  return where(inside, onDiagonal(value, place, base.shape), base);
}

/**
 * A copy of x with a diagonal replaced by `value`.
 *
 * @param value of the shape that `diagonal` gives
 * @param options `offset`, `dim1` and `dim2`: 0, 0 and 1 by default
 * @throws {ShapeError} where the value has another shape, or dim1 and dim2 are the same
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.diagonal_scatter.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.diagonalScatter(tensor([[1, 2], [3, 4]]), tensor([9, 9])));
 * // tensor([[9, 2],
 * //         [3, 9]])
 * ```
 */
export function diagonalScatter(x: Tensor, value: Tensor, options: DiagonalOptions = {}): Tensor {
  requireTensor("diagonalScatter", "x", x);
  requireTensor("diagonalScatter", "value", value);
  const place = placeOf("diagonalScatter", x, options.offset ?? 0, options.dim1 ?? 0, options.dim2 ?? 1, x.ndim);
  const part = diagonalOf(x, place);
  if (!kernels.sameShape(part.shape, value.shape)) {
    throw new ShapeError(
      `Cannot diagonalScatter a value of shape ${show(value.shape)}: the diagonal has shape ${show(part.shape)}`,
    );
  }
  return diagonalWritten(x, value, place);
}

/**
 * Matrices in `dim1` and `dim2` that are 0 but for a diagonal, which is the last dimension of x.
 *
 * @param x [..., n]; the result is [..., n + |offset|, n + |offset|] where the dimensions are the last two
 * @param options `offset`: 0 by default; `dim1` and `dim2`: -2 and -1 by default
 * @throws {ShapeError} where dim1 and dim2 are the same
 * @throws {IndexError} for a dimension that the result does not have, and for a 0-dimensional tensor
 * @see {@link https://pytorch.org/docs/stable/generated/torch.diag_embed.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.diagEmbed(tensor([1, 2]), { offset: 1 }));
 * // tensor([[0, 1, 0],
 * //         [0, 0, 2],
 * //         [0, 0, 0]])
 * ```
 */
export function diagEmbed(x: Tensor, options: DiagonalOptions = {}): Tensor {
  requireTensor("diagEmbed", "x", x);
  const { offset = 0, dim1 = -2, dim2 = -1 } = options;
  const place = placeOf("diagEmbed", x, offset, dim1, dim2, x.ndim + 1);
  if (x.ndim === 0) throw new ShapeError("Cannot diagEmbed a 0-dimensional tensor: it needs a dimension");
  const extent = x.shape.at(-1)! + Math.abs(offset);
  const shape = [...x.shape.slice(0, -1)];
  for (const axis of [place.row, place.column].sort((a, b) => a - b)) shape.splice(axis, 0, extent);
  return onDiagonal(x, place, shape);
}

/**
 * The diagonal of a matrix, or the square matrix whose diagonal is a vector.
 *
 * @param x [n] or [m, n]
 * @param diagonal which diagonal: above the main one positive; 0 by default; by position or in options
 * @throws {ShapeError} for other than one or two dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.diag.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.diag(tensor([1, 2])));
 * // tensor([[1, 0],
 * //         [0, 2]])
 * ```
 */
export function diag(x: Tensor, diagonal?: number | { readonly diagonal?: number }): Tensor {
  requireTensor("diag", "x", x);
  const offset = named<{ diagonal?: number }>(["diagonal"], diagonal).diagonal ?? 0;
  if (x.ndim === 1) return diagEmbed(x, { offset });
  if (x.ndim === 2) return diagonalOf(x, { offset, row: 0, column: 1 });
  throw new ShapeError(
    `Cannot take the diag of a tensor of shape ${
      show(x.shape)
    }: it takes vectors and matrices. Use diagonal or diagEmbed`,
  );
}

/**
 * The square matrix whose diagonal is x, flattened.
 *
 * @param offset which diagonal: above the main one positive; 0 by default; by position or in options
 * @see {@link https://pytorch.org/docs/stable/generated/torch.diagflat.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.diagflat(tensor([[1], [2]])));
 * // tensor([[1, 0],
 * //         [0, 2]])
 * ```
 */
export function diagflat(x: Tensor, offset?: number | { readonly offset?: number }): Tensor {
  requireTensor("diagflat", "x", x);
  return diagEmbed(reshaped(x, [x.numel()]), named<{ offset?: number }>(["offset"], offset));
}

/** `keeps` compares column - row with the diagonal's number. */
function triangle(x: Tensor, operation: "tril" | "triu", diagonal: number): Tensor {
  const node = kernels.view(x.node, `${operation} ${diagonal}`, x.node.shape, (axes) => {
    const row = axes.at(-2)!, column = axes.at(-1)!;
    const limit: Expr = expr.binary("add", row, expr.int(diagonal));
    return {
      index: axes,
      mask: operation === "tril" ? expr.binary("le", column, limit) : expr.binary("le", limit, column),
    };
  });
  const result = record(operation, node, [x], [(grad) => triangle(grad, operation, diagonal)]);
  return noted("triangle", result, () => ({ inputs: [x], attributes: { upper: operation === "triu", diagonal } }));
}

function triangleOf(
  x: Tensor,
  operation: "tril" | "triu",
  diagonal: number | { readonly diagonal?: number } | undefined,
): Tensor {
  if (x.ndim < 2) {
    throw new ShapeError(`Cannot take the ${operation} of a tensor of shape ${show(x.shape)}: it needs 2 dimensions`);
  }
  return triangle(x, operation, named<{ diagonal?: number }>(["diagonal"], diagonal).diagonal ?? 0);
}

/**
 * The part of matrices on and below a diagonal; the rest is 0.
 *
 * @param x [..., m, n]
 * @param diagonal the last one that is kept: above the main one positive; 0 by default; by position or in options
 * @throws {ShapeError} for less than two dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.tril.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.tril(tensor([[1, 2], [3, 4]])));
 * // tensor([[1, 0],
 * //         [3, 4]])
 * ```
 */
export function tril(x: Tensor, diagonal?: number | { readonly diagonal?: number }): Tensor {
  requireTensor("tril", "x", x);
  return triangleOf(x, "tril", diagonal);
}

/**
 * The part of matrices on and above a diagonal; the rest is 0.
 *
 * @param x [..., m, n]
 * @param diagonal the first one that is kept: above the main one positive; 0 by default; by position or in options
 * @throws {ShapeError} for less than two dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.triu.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.triu(tensor([[1, 2], [3, 4]]), 1));
 * // tensor([[0, 2],
 * //         [0, 0]])
 * ```
 */
export function triu(x: Tensor, diagonal?: number | { readonly diagonal?: number }): Tensor {
  requireTensor("triu", "x", x);
  return triangleOf(x, "triu", diagonal);
}
