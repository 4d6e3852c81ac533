/**
 * Whole slices picked, replaced or added by a list of positions.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { type CheckMessage, DTypeError, ShapeError, ValueError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { noted } from "../../tensor/operations.ts";
import { type Operand, scalarOperand } from "../../tensor/promotion.ts";
import { requireOperand, requireTensor } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { expandTo } from "../broadcast.ts";
import { checkIndex } from "../check_index.ts";
import { axisOf, show } from "../dims.ts";
import { mul } from "../elementwise/arithmetic.ts";
import { reshaped } from "../movement/reshape.ts";
import { gathered, scatterSet, scatterSum } from "./primitives.ts";
import type { ScatterReduceOptions } from "./scatter.ts";
import { reduceAt } from "./scatter_reduce.ts";

/** A list of positions along an axis, repeated over the others. */
function along(
  operation: string,
  x: Tensor,
  axis: number,
  index: Tensor,
): { index: Tensor; message: CheckMessage | undefined } {
  if (index.ndim > 1) {
    throw new ShapeError(`Cannot ${operation} with an index of shape ${show(index.shape)}: it must be a list`);
  }
  const extent = x.shape[axis]!;
  const { index: list, message } = checkIndex(operation, index, extent);
  const count = index.numel();
  const upright = reshaped(list, x.shape.map((_, i) => i === axis ? count : 1));
  return { index: expandTo(upright, x.shape.map((extent, i) => i === axis ? count : extent)), message };
}

/**
 * The slices of x at the positions `index` along `dim`.
 *
 * @param index [n], integers; the result has extent n along `dim`
 * @throws {ShapeError} for an index of several dimensions
 * @throws {DTypeError} for an index that is no integer
 * @throws {IndexError} for a dimension or a position that x does not have: the latter when a result is read where the
 *   device knows it first
 * @see {@link https://pytorch.org/docs/stable/generated/torch.index_select.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.indexSelect(tensor([[1, 2], [3, 4]]), 1, tensor([1, 1])));
 * // tensor([[2, 2],
 * //         [4, 4]])
 * ```
 */
export function indexSelect(x: Tensor, dim: number, index: Tensor): Tensor {
  requireTensor("indexSelect", "x", x);
  requireTensor("indexSelect", "index", index);
  const axis = axisOf("indexSelect", dim, x.ndim);
  if (x.ndim === 0) return reshaped(indexSelect(reshaped(x, [1]), 0, index), []);
  const at = along("indexSelect", x, axis, index);
  return noted("indexSelect", gathered(x, axis, at.index, at.message), () => ({
    inputs: [x, index],
    attributes: { axis },
  }));
}

/** `source` and index in the shape in which they are written to `x`. */
function written(operation: string, x: Tensor, dim: number, index: Tensor, source: Tensor) {
  const axis = axisOf(operation, dim, x.ndim);
  if (x.dtype !== source.dtype) {
    throw new DTypeError(
      `Cannot ${operation} ${source.dtype} elements to a ${x.dtype} tensor: convert them with to("${x.dtype}")`,
    );
  }
  const base = x.ndim === 0 ? reshaped(x, [1]) : x;
  const at = along(operation, base, axis, index);
  const values = source.ndim === 0 ? reshaped(source, [1]) : source;
  if (!kernels.sameShape(values.shape, at.index.shape)) {
    throw new ShapeError(
      `Cannot ${operation} a source of shape ${
        show(source.shape)
      } at ${index.numel()} positions along dimension ${dim} of shape ` +
        `${show(x.shape)}: it must have shape ${show(at.index.shape)}`,
    );
  }
  return { base, axis, index: at.index, message: at.message, values };
}

/**
 * A copy of x with `alpha` times the slices of `source` added at the positions `index` along `dim`.
 *
 * @param index [n], integers
 * @param source of the shape of x, but n along `dim`, and of its dtype
 * @param options `alpha`: the factor; 1 by default
 * @throws {ShapeError} where the source does not fit, and for an index of several dimensions
 * @throws {DTypeError} where the dtypes differ, and for an index that is no integer
 * @throws {IndexError} for a dimension or a position that x does not have: the latter when a result is read where the
 *   device knows it first
 * @see {@link https://pytorch.org/docs/stable/generated/torch.index_add.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.indexAdd(tensor([1, 1, 1]), 0, tensor([0, 0]), tensor([10, 20]))); // tensor([31,  1,  1])
 * ```
 */
export function indexAdd(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  { alpha = 1 }: { readonly alpha?: number } = {},
): Tensor {
  requireTensor("indexAdd", "x", x);
  requireTensor("indexAdd", "index", index);
  requireTensor("indexAdd", "source", source);
  const to = written("indexAdd", x, dim, index, source);
  const values = alpha === 1 ? to.values : toDtype(mul(to.values, alpha), x.dtype);
  return reshaped(scatterSum(to.base, to.axis, to.index, values, to.message), x.shape);
}

/** How `indexReduce` combines. */
export type IndexReduction = "prod" | "mean" | "amax" | "amin";

const reductions: readonly IndexReduction[] = ["prod", "mean", "amax", "amin"];

/**
 * A copy of x with the slices of `source` combined into those at the positions `index` along `dim`.
 *
 * @param reduce "prod", "mean", "amax" or "amin"
 * @param options `includeSelf`: whether the elements of x take part; true by default
 * @param index [n], integers
 * @param source of the shape of x, but n along `dim`, and of its dtype
 * @throws {ShapeError} where the source does not fit, and for an index of several dimensions
 * @throws {DTypeError} where the dtypes differ, and for an index that is no integer
 * @throws {ValueError} for another `reduce`
 * @throws {IndexError} for a dimension or a position that x does not have: the latter when a result is read where the
 *   device knows it first
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Tensor.index_reduce_.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.indexReduce(tensor([1, 2, 3]), 0, tensor([0, 0]), tensor([10, 20]), "prod")); // tensor([200,   2,   3])
 * ```
 */
export function indexReduce(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  reduce: IndexReduction,
  { includeSelf = true }: ScatterReduceOptions = {},
): Tensor {
  requireTensor("indexReduce", "x", x);
  requireTensor("indexReduce", "index", index);
  requireTensor("indexReduce", "source", source);
  if (!reductions.includes(reduce)) {
    throw new ValueError(
      `Cannot indexReduce with "${reduce}": it is one of ${reductions.join(", ")}. Use indexAdd for sums`,
    );
  }
  const { values, ...to } = written("indexReduce", x, dim, index, source);
  return reshaped(reduceAt({ ...to, source: values, reduce, includeSelf }), x.shape);
}

/**
 * A copy of x with the slices at the positions `index` along `dim` replaced by those of `source`.
 *
 * @param index [n], integers; of equal ones the last counts
 * @param source of the shape of x, but n along `dim`, and of its dtype
 * @throws {ShapeError} where the source does not fit, and for an index of several dimensions
 * @throws {DTypeError} where the dtypes differ, and for an index that is no integer
 * @throws {IndexError} for a dimension or a position that x does not have: the latter when a result is read where the
 *   device knows it first
 * @see {@link https://pytorch.org/docs/stable/generated/torch.index_copy.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.indexCopy(tensor([1, 1, 1]), 0, tensor([2, 0]), tensor([10, 20]))); // tensor([20,  1, 10])
 * ```
 */
export function indexCopy(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  requireTensor("indexCopy", "x", x);
  requireTensor("indexCopy", "index", index);
  requireTensor("indexCopy", "source", source);
  const to = written("indexCopy", x, dim, index, source);
  return reshaped(scatterSet(to.base, to.axis, to.index, to.values, to.message), x.shape);
}

/**
 * A copy of x with the slices at the positions `index` along `dim` filled with a number.
 *
 * @param index [n], integers
 * @param value a number or a 0-dimensional tensor
 * @throws {ShapeError} for an index or a value of several dimensions
 * @throws {DTypeError} for an index that is no integer
 * @throws {IndexError} for a dimension or a position that x does not have: the latter when a result is read where the
 *   device knows it first
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Tensor.index_fill.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.indexFill(tensor([1, 1, 1]), 0, tensor([0, 2]), 9)); // tensor([9, 1, 9])
 * ```
 */
export function indexFill(x: Tensor, dim: number, index: Tensor, value: Operand): Tensor {
  requireTensor("indexFill", "x", x);
  requireTensor("indexFill", "index", index);
  requireOperand("indexFill", "value", value);
  if (value instanceof Tensor && value.ndim > 0) {
    throw new ShapeError(
      `Cannot indexFill with a tensor of shape ${show(value.shape)}: give a number or a 0-dimensional tensor`,
    );
  }
  const axis = axisOf("indexFill", dim, x.ndim);
  const base = x.ndim === 0 ? reshaped(x, [1]) : x;
  const at = along("indexFill", base, axis, index);
  const number = value instanceof Tensor ? toDtype(value, x.dtype) : scalarOperand(value, x.dtype, x.device);
  return reshaped(scatterSet(base, axis, at.index, expandTo(number, at.index.shape), at.message), x.shape);
}
