/**
 * Whether elements occur among others, and writing to a flattened tensor.
 *
 * @module
 */

import { DTypeError, ShapeError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { type Operand, promote } from "../../tensor/promotion.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkIndex } from "../check_index.ts";
import { add } from "../elementwise/arithmetic.ts";
import { eq, lt } from "../elementwise/comparison.ts";
import { logicalNot } from "../elementwise/logical.ts";
import { where } from "../elementwise/where.ts";
import { flatten, reshaped } from "../movement/reshape.ts";
import { any } from "../reduction/logical.ts";
import { scatterSet, scatterSum } from "./primitives.ts";

/** Options of `isin`. */
export interface IsinOptions {
  /** Whether they do not occur; false by default. */
  readonly invert?: boolean;
  /** Changes nothing: only speed depends on it elsewhere. */
  readonly assumeUnique?: boolean;
}

/**
 * For each element whether it occurs in `candidates`.
 *
 * @param elements any shape, which is that of the result; a number for one
 * @param candidates any shape; a number for one
 * @param options `invert`: whether they do not occur; false by default
 * @throws {ValueError} for two numbers
 * @see {@link https://pytorch.org/docs/stable/generated/torch.isin.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.isin(tensor([1, 2, 3]), tensor([2, 3]))); // tensor([False,  True,  True])
 * ```
 */
export function isin(elements: Operand, candidates: Operand, { invert = false }: IsinOptions = {}): Tensor {
  const [x, y] = promote("isin", [elements, candidates]).tensors as [Tensor, Tensor];
  const found = any(eq(reshaped(x, [...x.shape, 1]), reshaped(y, [y.numel()])), -1);
  return invert ? logicalNot(found) : found;
}

/** Options of `put`. */
export interface PutOptions {
  /** Adds to the elements instead of replacing them; false by default. */
  readonly accumulate?: boolean;
}

/**
 * A copy of x with its elements at `index`, taken as flat, replaced by `source`; negative indices count from the end.
 *
 * @param index integers of any shape
 * @param source as many elements, of the dtype of x
 * @param options `accumulate`: adds instead of replacing; false by default
 * @throws {ShapeError} where the elements are not as many as the positions
 * @throws {DTypeError} where the dtypes differ, and for an index that is no integer
 * @throws {IndexError} for a position that x does not have: when a result is read where the device knows it first
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Tensor.put_.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.put(tensor([1, 2, 3]), tensor([0, -1]), tensor([8, 9]))); // tensor([8, 2, 9])
 * ```
 */
export function put(x: Tensor, index: Tensor, source: Tensor, { accumulate = false }: PutOptions = {}): Tensor {
  requireTensor("put", "x", x);
  requireTensor("put", "index", index);
  requireTensor("put", "source", source);
  if (x.dtype !== source.dtype) {
    throw new DTypeError(
      `Cannot put ${source.dtype} elements in a ${x.dtype} tensor: convert them with to("${x.dtype}")`,
    );
  }
  if (index.numel() !== source.numel()) {
    throw new ShapeError(`Cannot put ${source.numel()} elements at ${index.numel()} places: give one for each`);
  }
  const count = x.numel();
  const { index: at, message } = checkIndex("put", index, count, -count);
  const flat = flatten(at), fromFront = toDtype(where(lt(flat, 0), add(flat, count), flat), "int32");
  const write = accumulate ? scatterSum : scatterSet;
  return reshaped(write(reshaped(x, [count]), 0, fromFront, reshaped(source, [source.numel()]), message), x.shape);
}
