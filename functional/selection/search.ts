/**
 * Positions in sorted lists, and classes as vectors.
 *
 * @module
 */

import { type CheckMessage, ShapeError, ValueError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { noted } from "../../tensor/operations.ts";
import { type Operand, promote } from "../../tensor/promotion.ts";
import { requireOperand, requireTensor, requireTensorOrNone } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkIndex, requireIndex } from "../check_index.ts";
import { named, show } from "../dims.ts";
import { eq, ge, gt } from "../elementwise/comparison.ts";
import { logicalNot } from "../elementwise/logical.ts";
import { elementsOf, positions } from "../host.ts";
import { reshaped } from "../movement/reshape.ts";
import { summed } from "../reduction/sum.ts";
import { gathered } from "./primitives.ts";

/** Options of `searchsorted` and `bucketize`. */
export interface SearchOptions {
  /** Gives the position behind equal elements, not before them; false by default. */
  readonly right?: boolean;
  /** The same as a word. */
  readonly side?: "left" | "right" | null;
  /** The order that sorts the list, if it is not sorted; none by default. */
  readonly sorter?: Tensor | null;
}

/**
 * The positions (int32) at which `values` would have to be put into the last dimension of `sorted` to keep it in order.
 *
 * @param sorted [n], or [..., n] with the other dimensions of `values`
 * @param values any shape, which is that of the result, or a number
 * @param options `right` and `side`: behind equal elements; before them by default; `sorter`: the order that sorts the
 *   list
 * @throws {ShapeError} where the other dimensions do not agree
 * @throws {ValueError} for a `side` of "left" with `right`
 * @see {@link https://pytorch.org/docs/stable/generated/torch.searchsorted.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.searchsorted(tensor([1, 3, 5]), tensor([3, 9]), { right: true })); // tensor([2, 3])
 * ```
 */
export function searchsorted(sorted: Tensor, values: Operand, options: SearchOptions = {}): Tensor {
  requireTensor("searchsorted", "sorted", sorted);
  const { right, side, sorter } = options;
  requireTensorOrNone("searchsorted", "sorter", sorter);
  if (side === "left" && right) {
    throw new ValueError('Cannot searchsorted with side "left" and right: true: they contradict each other');
  }
  const list = sorter == null ? sorted : gathered(sorted, sorted.ndim - 1, toDtype(sorter, "int32"));
  const [edges, sought] = promote("searchsorted", [list, values]).tensors as [Tensor, Tensor];
  const lead = sorted.shape.slice(0, -1);
  if (
    sorted.ndim === 0 ||
    (sorted.ndim > 1 && lead.some((extent, i) => extent !== sought.shape[i]) ||
      (sorted.ndim > 1 && sought.ndim !== sorted.ndim))
  ) {
    throw new ShapeError(
      `Cannot searchsorted values of shape ${show(sought.shape)} in ${
        show(sorted.shape)
      }: all dimensions but the last must agree, or the list be one`,
    );
  }
  const one = sorted.ndim === 1;
  const aligned = reshaped(
    edges,
    one ? [...sought.shape.map(() => 1), sorted.numel()] : [...lead, 1, sorted.shape.at(-1)!],
  );
  const each = reshaped(sought, [...sought.shape, 1]);
  // Counting what comes before needs no branches; NaN comes behind everything.
  const behind = right || side === "right" ? gt(aligned, each) : ge(aligned, each);
  return summed(toDtype(logicalNot(behind), "int32"), [sought.ndim]);
}

/**
 * The number (int32) of the bucket between sorted `boundaries` that each element falls into.
 *
 * @param x any shape, which is that of the result, or a number
 * @param boundaries [n], ascending
 * @param options `right`: a boundary belongs to the bucket behind it; false by default
 * @throws {ShapeError} for boundaries of other than one dimension
 * @see {@link https://pytorch.org/docs/stable/generated/torch.bucketize.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.bucketize(tensor([1, 3, 6]), tensor([2, 4]))); // tensor([0, 1, 2])
 * ```
 */
export function bucketize(x: Operand, boundaries: Tensor, options: { readonly right?: boolean } = {}): Tensor {
  requireOperand("bucketize", "x", x);
  requireTensor("bucketize", "boundaries", boundaries);
  if (boundaries.ndim !== 1) {
    throw new ShapeError(`Cannot bucketize by boundaries of shape ${show(boundaries.shape)}: give a sorted list`);
  }
  return searchsorted(boundaries, x, options);
}

/**
 * Class `index` as a vector (int32) that is 1 there and 0 elsewhere. `numClasses` -1 reads the indices and takes the largest.
 *
 * @param index [...], integers; the result is [..., classes]
 * @param numClasses -1 by default; by position or in options
 * @throws {DTypeError} for an index that is no integer
 * @throws {ValueError} for fewer than one class, and for no elements without `numClasses`
 * @throws {IndexError} for a class out of range: when a result is read where the device knows it first
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.one_hot.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.oneHot(tensor([0, 2])));
 * // tensor([[1, 0, 0],
 * //         [0, 0, 1]])
 * ```
 */
export function oneHot(index: Tensor, numClasses?: number | { readonly numClasses?: number }): Tensor {
  requireTensor("oneHot", "index", index);
  requireIndex("oneHot", index);
  const given = named<{ numClasses?: number }>(["numClasses"], numClasses).numClasses ?? -1;
  const count = given === -1 ? largest(index) + 1 : given;
  if (!Number.isInteger(count) || count < 1) {
    throw new ValueError(`Cannot oneHot with ${count} classes: give a number above 0`);
  }
  const { index: at, message } = checkIndex("oneHot", index, count);
  // Out of range, a comparison would be false everywhere without a word: a look into the list of classes checks.
  const known = message === undefined ? at : lookedUp(at, count, message);
  const upright = reshaped(known, [...index.shape, 1]);
  const hot = toDtype(eq(upright, positions(count, index.ndim, index.ndim + 1, index.device)), "int32");
  return noted("oneHot", hot, () => ({ inputs: [index], attributes: { numClasses: count } }));
}

/** `index` itself, found in the list of all that it may be. */
function lookedUp(index: Tensor, count: number, message: CheckMessage): Tensor {
  const flat = reshaped(index, [index.numel()]);
  return reshaped(gathered(positions(count, 0, 1, index.device), 0, flat, message), index.shape);
}

function largest(index: Tensor): number {
  if (index.numel() === 0) throw new ValueError("Cannot infer the number of classes of no elements: pass numClasses");
  let most = 0;
  for (const value of elementsOf(index)) most = Math.max(most, value);
  return most;
}
