/**
 * Elements picked or replaced under a mask, and finding them.
 *
 * @module
 */

import { DTypeError, numel, ShapeError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { type Operand, scalarOperand } from "../../tensor/promotion.ts";
import { requireOperand, requireTensor } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { broadcastShape, expandTo } from "../broadcast.ts";
import { show } from "../dims.ts";
import { where } from "../elementwise/where.ts";
import { elementsOf, fromIntegers } from "../host.ts";
import { sub } from "../elementwise/arithmetic.ts";
import { clampMin } from "../elementwise/extremes.ts";
import { reshaped } from "../movement/reshape.ts";
import { running } from "../reduction/cumulative.ts";
import { gathered } from "./primitives.ts";

function requireMask(operation: string, mask: Tensor): void {
  if (mask.dtype === "bool" || mask.dtype === "uint8") return;
  throw new DTypeError(
    `Cannot ${operation} with a mask of dtype ${mask.dtype}: compare to get a bool tensor, as in x.gt(0)`,
  );
}

/**
 * A copy of x with a number where the mask holds.
 *
 * @param mask bool; broadcasts against x
 * @param value a number or a 0-dimensional tensor
 * @throws {DTypeError} for a mask that is not bool or uint8
 * @throws {ShapeError} where the mask does not broadcast, and for a value of some dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Tensor.masked_fill.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.maskedFill(tensor([1, 2]), tensor([true, false]), 9)); // tensor([9, 2])
 * ```
 */
export function maskedFill(x: Tensor, mask: Tensor, value: Operand): Tensor {
  requireTensor("maskedFill", "x", x);
  requireTensor("maskedFill", "mask", mask);
  requireOperand("maskedFill", "value", value);
  requireMask("maskedFill", mask);
  if (value instanceof Tensor && value.ndim > 0) {
    throw new ShapeError(`Cannot maskedFill with a tensor of shape ${show(value.shape)}: give a number, or use where`);
  }
  const number = value instanceof Tensor ? toDtype(value, x.dtype) : scalarOperand(value, x.dtype, x.device);
  return where(mask, number, x);
}

/** The positions in a flattened tensor of what is not 0; waits for the device. */
function found(x: Tensor): Int32Array<ArrayBuffer> {
  const elements = elementsOf(x), positions = new Int32Array(elements.length);
  let count = 0;
  for (let i = 0; i < elements.length; i++) if (elements[i] !== 0) positions[count++] = i;
  return positions.slice(0, count);
}

/**
 * The elements of x where the mask holds, in a list. Reads the mask, since the result's length depends on it.
 *
 * @param mask bool; broadcasts against x
 * @returns [n], where n is how often the mask holds
 * @throws {DTypeError} for a mask that is not bool or uint8
 * @throws {ShapeError} where the shapes do not broadcast
 * @see {@link https://pytorch.org/docs/stable/generated/torch.masked_select.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.maskedSelect(tensor([1, 2, 3]), tensor([true, false, true]))); // tensor([1, 3])
 * ```
 */
export function maskedSelect(x: Tensor, mask: Tensor): Tensor {
  requireTensor("maskedSelect", "x", x);
  requireTensor("maskedSelect", "mask", mask);
  requireMask("maskedSelect", mask);
  const shape = broadcastShape("maskedSelect", x.shape, mask.shape), count = numel(shape);
  const positions = found(expandTo(mask, shape));
  const flat = reshaped(expandTo(x, shape), [count]);
  return gathered(flat, 0, fromIntegers(positions, [positions.length], x.device));
}

/**
 * A copy of x with the elements of `source`, in order, where the mask holds.
 *
 * @param mask bool; broadcasts against x
 * @param source of the dtype of x, with at least as many elements as the mask holds
 * @throws {DTypeError} for a mask that is not bool or uint8, and where the dtypes differ
 * @throws {ShapeError} where the shapes do not broadcast; when the result is read, where elements are missing
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Tensor.masked_scatter.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.maskedScatter(tensor([1, 2, 3]), tensor([true, false, true]), tensor([8, 9])));
 * // tensor([8, 2, 9])
 * ```
 */
export function maskedScatter(x: Tensor, mask: Tensor, source: Tensor): Tensor {
  requireTensor("maskedScatter", "x", x);
  requireTensor("maskedScatter", "mask", mask);
  requireTensor("maskedScatter", "source", source);
  requireMask("maskedScatter", mask);
  if (x.dtype !== source.dtype) {
    throw new DTypeError(
      `Cannot maskedScatter ${source.dtype} elements to a ${x.dtype} tensor: convert them with to("${x.dtype}")`,
    );
  }
  const shape = broadcastShape("maskedScatter", x.shape, mask.shape), count = numel(shape);
  const inside = expandTo(toDtype(mask, "bool"), shape);
  const order = running(toDtype(reshaped(inside, [count]), "int32"), 0);
  const at = clampMin(sub(order, 1), 0);
  const message = (value: number) =>
    new ShapeError(`Cannot maskedScatter ${source.numel()} elements to more places: element ${value} is missing`);
  const values = gathered(reshaped(source, [source.numel()]), 0, at, message);
  return where(inside, reshaped(values, shape), expandTo(x, shape));
}

/** Options of `nonzero`. */
export interface NonzeroOptions {
  /** Gives one list of indices for each dimension; false by default. */
  readonly asTuple?: boolean;
}

/**
 * The indices (int32) of the elements that are not 0, a row for each. Reads the elements.
 *
 * @returns [how many, x.ndim], or with `asTuple` x.ndim lists
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nonzero.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.nonzero(tensor([[0, 3], [4, 0]])));
 * // tensor([[0, 1],
 * //         [1, 0]])
 * ```
 */
export function nonzero(x: Tensor): Tensor;
/** The indices (int32) of the elements that are not 0, as a list for each dimension. Reads the elements. */
export function nonzero(x: Tensor, options: { readonly asTuple: true }): Tensor[];
/** The indices (int32) of the elements that are not 0. Reads the elements. */
export function nonzero(x: Tensor, options: NonzeroOptions): Tensor | Tensor[];
export function nonzero(x: Tensor, { asTuple = false }: NonzeroOptions = {}): Tensor | Tensor[] {
  requireTensor("nonzero", "x", x);
  const positions = found(x), { shape } = x;
  const count = positions.length, rank = shape.length;
  /** The indices along an axis, put at `to[start]`, `to[start + step]`, … */
  const put = (axis: number, to: Int32Array, start: number, step: number): void => {
    const stride = numel(shape.slice(axis + 1)), extent = shape[axis]!;
    for (let i = 0; i < count; i++) to[start + i * step] = (positions[i]! / stride | 0) % extent;
  };
  if (!asTuple) {
    const rows = new Int32Array(count * rank);
    for (let axis = 0; axis < rank; axis++) put(axis, rows, axis, rank);
    return fromIntegers(rows, [count, rank], x.device);
  }
  return Array.from({ length: Math.max(1, rank) }, (_, axis) => {
    const list = new Int32Array(count);
    if (rank > 0) put(axis, list, 0, 1);
    return fromIntegers(list, [count], x.device);
  });
}

/**
 * The indices (int32) of the elements that are not 0, a row for each. Reads the elements.
 *
 * @returns [how many, x.ndim]
 * @see {@link https://pytorch.org/docs/stable/generated/torch.argwhere.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.argwhere(tensor([0, 3, 4])));
 * // tensor([[1],
 * //         [2]])
 * ```
 */
export function argwhere(x: Tensor): Tensor {
  requireTensor("argwhere", "x", x);
  return nonzero(x);
}
