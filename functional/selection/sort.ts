/**
 * Sorting and what follows from it. NaN sorts as the largest.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { IndexError, ShapeError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { noted } from "../../tensor/operations.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { axisOf, named } from "../dims.ts";
import { permuted } from "../movement/permute.ts";
import { reshaped } from "../movement/reshape.ts";
import { rangesOf, sliced } from "../movement/slice.ts";
import { type ValuesIndices, valuesIndices } from "../pairs.ts";
import { gathered } from "./primitives.ts";

/** Options of `sort` and `argsort`. */
export interface SortOptions {
  /** The dimension; -1 by default. */
  readonly dim?: number;
  /** The largest first; false by default. */
  readonly descending?: boolean;
  /** Keeps the order of equal elements, which is so in any case. */
  readonly stable?: boolean | null;
}

/** The positions that sort an axis, all or those that `countOf` its extent says, and the axis; a scalar is a list of one. */
function order(
  operation: string,
  x: Tensor,
  dim: number,
  descending: boolean,
  countOf = (extent: number): number => extent,
): { source: Tensor; axis: number; indices: Tensor } {
  const axis = axisOf(operation, dim, x.ndim);
  const source = x.ndim === 0 ? reshaped(x, [1]) : x;
  const count = countOf(source.shape[axis]!);
  const keys = toDtype(new Tensor(source.node), x.dtype === "bool" ? "int32" : x.dtype);
  const axes = [...source.shape.keys()];
  const last = [...axes.filter((i) => i !== axis), axis];
  const sorted = new Tensor(kernels.argsort(permuted(keys, last).node, descending, count));
  return { source, axis, indices: permuted(sorted, axes.map((i) => last.indexOf(i))) };
}

/**
 * The elements along a dimension in ascending order, and where they were.
 *
 * @param dim the dimension; -1 by default; by position or in options
 * @param options `descending`: the largest first; false by default; equal elements keep their order in any case
 * @returns values and indices (int32), both of the shape of x
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.sort.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.sort(tensor([3, 1, 2]), { descending: true })); // [ tensor([3, 2, 1]), tensor([0, 2, 1]) ]
 * ```
 */
export function sort(x: Tensor, dim?: number | SortOptions, options?: SortOptions): ValuesIndices {
  requireTensor("sort", "x", x);
  const given = named<SortOptions>(["dim"], dim, options);
  const { source, axis, indices } = order("sort", x, given.dim ?? -1, given.descending ?? false);
  const sorted = valuesIndices(reshaped(gathered(source, axis, indices), x.shape), reshaped(indices, x.shape));
  const largest = given.descending ?? false;
  return noted("topk", sorted, () => ({ inputs: [x], attributes: { axis, k: source.shape[axis], largest } }));
}

/**
 * The positions (int32) that sort a dimension.
 *
 * @param dim the dimension; -1 by default; by position or in options
 * @param options `descending`: the largest first; false by default; equal elements keep their order in any case
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.argsort.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.argsort(tensor([3, 1, 2]))); // tensor([1, 2, 0])
 * ```
 */
export function argsort(x: Tensor, dim?: number | SortOptions, options?: SortOptions): Tensor {
  requireTensor("argsort", "x", x);
  const given = named<SortOptions>(["dim"], dim, options);
  return reshaped(order("argsort", x, given.dim ?? -1, given.descending ?? false).indices, x.shape);
}

/**
 * The elements along the first dimension in ascending order.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.msort.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.msort(tensor([[3, 1], [2, 5]])));
 * // tensor([[2, 1],
 * //         [3, 5]])
 * ```
 */
export function msort(x: Tensor): Tensor {
  requireTensor("msort", "x", x);
  return sort(x, 0).values;
}

/** Options of `topk`. */
export interface TopkOptions {
  /** The dimension; -1 by default. */
  readonly dim?: number;
  /** The largest elements, or the smallest; true by default. */
  readonly largest?: boolean;
  /** In order, which is so in any case. */
  readonly sorted?: boolean;
}

/**
 * The `k` largest elements along a dimension, and where they were.
 *
 * @param dim the dimension, which has extent k in the result; -1 by default; by position or in options
 * @param options `largest`: whether the largest or the smallest; true by default; they are sorted in any case
 * @returns values and indices (int32)
 * @throws {ShapeError} for a k that is not from 0 to the extent
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.topk.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.topk(tensor([3, 1, 2]), 2)); // [ tensor([3, 2]), tensor([0, 2]) ]
 * ```
 */
export function topk(x: Tensor, k: number, dim?: number | TopkOptions, options?: TopkOptions): ValuesIndices {
  requireTensor("topk", "x", x);
  const given = named<TopkOptions>(["dim"], dim, options);
  const largest = given.largest ?? true;
  const { source, axis, indices: kept } = order("topk", x, given.dim ?? -1, largest, (extent) => {
    if (Number.isInteger(k) && k >= 0 && k <= extent) return k;
    throw new ShapeError(`Cannot take the topk of ${extent} elements with k = ${k}: k is 0 to ${extent}`);
  });
  const shape = x.ndim === 0 ? [k].slice(1) : kept.shape;
  const found = valuesIndices(reshaped(gathered(source, axis, kept), shape), reshaped(kept, shape));
  return noted("topk", found, () => ({ inputs: [x], attributes: { axis, k, largest } }));
}

/** Options of `kthvalue`. */
export interface KthvalueOptions {
  /** The dimension; -1 by default. */
  readonly dim?: number;
  /** Keeps the dimension with extent 1; false by default. */
  readonly keepdim?: boolean;
}

/**
 * The `k`-th smallest element along a dimension, counted from 1, and where it was.
 *
 * @param dim the dimension; -1 by default; by position or in options
 * @param options `keepdim`: keeps it with extent 1; false by default
 * @returns values and indices (int32)
 * @throws {IndexError} for a k that is not from 1 to the extent, and for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.kthvalue.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.kthvalue(tensor([3, 1, 2]), 2)); // [ tensor(2), tensor(2) ]
 * ```
 */
export function kthvalue(
  x: Tensor,
  k: number,
  dim?: number | KthvalueOptions,
  options?: KthvalueOptions,
): ValuesIndices {
  requireTensor("kthvalue", "x", x);
  const given = named<KthvalueOptions>(["dim"], dim, options);
  const { source, axis, indices } = order("kthvalue", x, given.dim ?? -1, false, (extent) => {
    if (Number.isInteger(k) && k >= 1 && k <= extent) return k;
    throw new IndexError(`Cannot take the kthvalue of ${extent} elements with k = ${k}: k is 1 to ${extent}`);
  });
  const kept = sliced(indices, rangesOf(indices.shape, axis, k - 1, 1));
  const shape = x.ndim === 0 ? [] : given.keepdim ? kept.shape : x.shape.filter((_, i) => i !== axis);
  return valuesIndices(reshaped(gathered(source, axis, kept), shape), reshaped(kept, shape));
}
