/**
 * `x[…]` and `x[…] = value`.
 *
 * @module
 */

import { type CheckMessage, IndexError, numel, sameShape, ShapeError } from "../../kernels/mod.ts";
import { clone, toDevice, toDtype } from "../../tensor/conversion.ts";
import { tensor } from "../../tensor/creation.ts";
import type { Index } from "../../tensor/indexing.ts";
import type { NestedArray } from "../../tensor/literal.ts";
import { type Scalar, scalarOperand } from "../../tensor/promotion.ts";
import { requireOperand, requireTensor } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { broadcastShape, expandTo } from "../broadcast.ts";
import { checkIndex } from "../check_index.ts";
import { show } from "../dims.ts";
import { add, mul } from "../elementwise/arithmetic.ts";
import { ge, lt } from "../elementwise/comparison.ts";
import { logicalAnd } from "../elementwise/logical.ts";
import { where } from "../elementwise/where.ts";
import { alias } from "../movement/alias.ts";
import { permuted } from "../movement/permute.ts";
import { reshaped } from "../movement/reshape.ts";
import { sliced, spliced } from "../movement/slice.ts";
import { type IndexPlan, isMask, type Pick, planIndex } from "./index_plan.ts";
import { nonzero } from "./masked.ts";
import { gathered, scatterSet, scatterSum } from "./primitives.ts";

/** What can be assigned to a part of a tensor. */
export type Assignable = Tensor | Scalar | NestedArray;

/** Options of `indexPut`. */
export interface IndexPutOptions {
  /** Adds to the elements instead of replacing them; false by default. */
  readonly accumulate?: boolean;
}

/**
 * Python's `x[i, j, …]`. Integers, slices and new axes give a view; masks and index tensors pick elements into a copy. Index tensors
 * broadcast against each other; their dimensions come where the index tensors were, or in front where these were apart.
 *
 * @throws {IndexError} for a position that x does not have, and for more indices than dimensions
 * @example
 * ```ts
 * import { arange, slice } from "@tensaur/tensaur";
 *
 * const x = arange(12).reshape(3, 4);
 * console.log(x.at(0)); // tensor([0, 1, 2, 3])
 * console.log(x.at(":", slice(1, 3)).shape); // torch.Size([3, 2])
 * console.log(x.at([0, 2], [1, 3])); // tensor([ 1, 11])
 * console.log(x.at(x.gt(8))); // tensor([ 9, 10, 11])
 * ```
 *
 * @see {@link https://pytorch.org/cppdocs/notes/tensor_indexing.html}
 */
export function index(x: Tensor, indices: readonly Index[]): Tensor {
  requireTensor("index", "x", x);
  const plan = planIndex("index", x, indices);
  if (plan.picks.length === 0) return viewOf(x, plan);
  const { order, axis, flat, at, message, shape } = place(plan, x);
  const source = reshaped(permuted(partOf(x, plan), order), flat);
  return reshaped(gathered(source, axis, at, message), shape);
}

/**
 * A copy of x with Python's `x[i, j, …] = value` done to it.
 *
 * @param indices integers, slices, masks and index tensors, as for `at`
 * @param value broadcasts to the shape of `x[i, j, …]`
 * @param options `accumulate`: adds instead of replacing; false by default
 * @throws {ShapeError} where the value does not fit
 * @throws {IndexError} for a position that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Tensor.index_put.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.indexPut(tensor([1, 2, 3]), [tensor([0, 2])], tensor([8, 9]))); // tensor([8, 2, 9])
 * ```
 */
export function indexPut(
  x: Tensor,
  indices: readonly Index[],
  value: Assignable,
  options: IndexPutOptions = {},
): Tensor {
  requireTensor("indexPut", "x", x);
  const copy = clone(x);
  return indexPut_(copy, indices, value, options);
}

/**
 * Python's `x[i, j, …] = value`. The value broadcasts; of equal positions the last is kept, unless values accumulate.
 *
 * @param indices integers, slices, masks and index tensors, as for `at`
 * @param value broadcasts to the shape of `x[i, j, …]`
 * @param options `accumulate`: adds instead of replacing; false by default
 * @throws {ShapeError} where the value does not fit
 * @throws {IndexError} for a position that x does not have
 * @throws {AutogradError} for a leaf that requires a gradient
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Tensor.index_put_.html}
 * @example
 * ```ts
 * import { zeros } from "@tensaur/tensaur";
 *
 * const x = zeros(2, 3);
 * x.setAt([0, "1:"], 5);
 * console.log(x.setAt([x.eq(0)], -1));
 * // tensor([[-1.,  5.,  5.],
 * //         [-1., -1., -1.]])
 * ```
 */
export function indexPut_(
  x: Tensor,
  indices: readonly Index[],
  value: Assignable,
  { accumulate = false }: IndexPutOptions = {},
): Tensor {
  requireTensor("indexPut_", "x", x);
  const plan = planIndex("indexPut_", x, indices);
  const source = valueOf(value, x);
  const target = isWhole(x, plan) ? x : viewOf(x, plan);
  target.assign(written(target, plan, source, accumulate), "indexPut_");
  return x;
}

/** The elements of `x` that the plan's ranges keep. */
function partOf(x: Tensor, { ranges, shape }: IndexPlan): Tensor {
  return reshaped(sliced(x, ranges), shape);
}

function viewOf(x: Tensor, plan: IndexPlan): Tensor {
  const sizes = plan.ranges.map((range) => range.size);
  return alias(x, (base) => partOf(base, plan), (base, value) => spliced(base, reshaped(value, sizes), plan.ranges));
}

function isWhole(x: Tensor, { ranges, shape }: IndexPlan): boolean {
  return sameShape(x.shape, shape) && ranges.every((range, i) => range.size === x.shape[i] && range.step === 1);
}

/** A value in the dtype and on the device of `x`. */
function valueOf(value: Assignable, x: Tensor): Tensor {
  if (value instanceof Tensor) return toDevice(toDtype(value, x.dtype), x.device);
  if (typeof value === "object" && value !== null) return tensor(value, { dtype: x.dtype, device: x.device });
  requireOperand("indexPut", "value", value);
  return scalarOperand(value, x.dtype, x.device);
}

/** `value` repeated to `shape`; extents of 1 in front of it count for nothing. */
function fitted(value: Tensor, shape: readonly number[]): Tensor {
  let lead = 0;
  while (value.ndim - lead > shape.length && value.shape[lead] === 1) lead++;
  const trimmed = lead === 0 ? value : reshaped(value, value.shape.slice(lead));
  const fits = trimmed.ndim <= shape.length && trimmed.shape.every((extent, i) => {
    return extent === 1 || extent === shape[shape.length - trimmed.ndim + i];
  });
  if (!fits) {
    throw new ShapeError(`Cannot assign a value of shape ${show(value.shape)} to elements of shape ${show(shape)}`);
  }
  return expandTo(trimmed, shape);
}

/** What `target` becomes. */
function written(target: Tensor, plan: IndexPlan, value: Tensor, accumulate: boolean): Tensor {
  const { picks } = plan;
  if (picks.length === 0) {
    const fitting = fitted(value, target.shape);
    return accumulate ? add(target, fitting) : clone(fitting);
  }
  const [only] = picks;
  if (picks.length === 1 && isMask(only!.index) && value.numel() === 1) {
    // The usual x[mask] = 0 need not wait to see the mask.
    const number = reshaped(value, []);
    return where(uprightMask(target, only!), accumulate ? add(target, number) : number, target);
  }
  const { order, axis, flat, at, message, shape } = place(plan, target);
  const source = reshaped(fitted(value, shape), at.shape);
  const combine = accumulate ? scatterSum : scatterSet;
  const moved = permuted(target, order);
  const result = at.numel() === 0
    ? clone(moved)
    : reshaped(combine(reshaped(moved, flat), axis, at, source, message), moved.shape);
  return permuted(result, order.map((_, i) => order.indexOf(i)));
}

/** A mask in a shape that broadcasts against `x`. */
function uprightMask(x: Tensor, { axis, index }: Pick): Tensor {
  const after = x.ndim - axis - index.ndim;
  return reshaped(toDevice(toDtype(index, "bool"), x.device), [...index.shape, ...new Array(after).fill(1)]);
}

/** Where picked elements are: in `x` with its dimensions in `order`, in shape `flat`, at the positions `at` along `axis`. */
interface Placement {
  readonly order: readonly number[];
  readonly flat: readonly number[];
  readonly axis: number;
  readonly at: Tensor;
  readonly message: CheckMessage | undefined;
  /** Of the picked elements. */
  readonly shape: readonly number[];
}

function place({ shape, picks }: IndexPlan, x: Tensor): Placement {
  const lists = picks.flatMap(({ axis, index }) =>
    isMask(index)
      ? nonzero(index, { asTuple: true }).map((list, i) => ({ axis: axis + i, index: list }))
      : [{ axis, index }]
  );
  const axes = lists.map((list) => list.axis);
  const rest = shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const together = axes.at(-1)! - axes[0]! === axes.length - 1;
  const axis = together ? axes[0]! : 0;
  const order = together ? shape.map((_, i) => i) : [...axes, ...rest];
  const around = rest.map((i) => shape[i]!);
  const before = around.slice(0, axis), after = around.slice(axis);
  const extents = axes.map((i) => shape[i]!);

  const { position, message } = combined(lists.map((list) => toDevice(list.index, x.device)), extents);
  const picked = position.shape, count = numel(picked);
  const upright = reshaped(position, [...before.map(() => 1), count, ...after.map(() => 1)]);
  return {
    order,
    axis,
    flat: [...before, numel(extents), ...after],
    at: expandTo(upright, [...before, count, ...after]),
    message,
    shape: [...before, ...picked, ...after],
  };
}

/** Positions in several dimensions of these extents as positions in one that they are merged to. */
function combined(
  indices: readonly Tensor[],
  extents: readonly number[],
): { position: Tensor; message: CheckMessage | undefined } {
  const shape = broadcastShape("index", ...indices.map((index) => index.shape));
  const checked = indices.map((index, i) => checkIndex("index", index, extents[i]!, -extents[i]!));
  const fromFront = checked.map(({ index }, i) => where(lt(index, 0), add(index, extents[i]!), index));
  const position = fromFront.reduce((sum, index, i) => add(mul(sum, extents[i]!), index));
  const message = checked.find((c) => c.message !== undefined)?.message;
  if (message === undefined) return { position: expandTo(position, shape), message };
  if (indices.length === 1) {
    // A negative index comes back as it was given.
    return { position, message: (value) => message(value < 0 ? value - extents[0]! : value) };
  }
  // Merged, an index out of range in one dimension could pass for one in the next row.
  const valid = fromFront.map((index, i) => logicalAnd(ge(index, 0), lt(index, extents[i]!))).reduce((a, b) =>
    logicalAnd(a, b)
  );
  return {
    position: expandTo(where(valid, position, -1), shape),
    message: () => new IndexError(`Cannot index dimensions of extents ${show(extents)}: an index is out of range`),
  };
}
