/**
 * Dimensions as users give them: negative ones count from the end.
 *
 * @module
 */

import { IndexError, ShapeError } from "../kernels/mod.ts";
import { Tensor } from "../tensor/tensor.ts";

/** One dimension or several. */
export type Dims = number | readonly number[];

/** A shape as error messages show it. */
export function show(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

/**
 * `dim` counted from the front, for an operation on `rank` dimensions. A 0-d tensor is taken as having one. Throws IndexError when it is
 * out of range.
 */
export function axisOf(operation: string, dim: number, rank: number): number {
  const count = Math.max(1, rank);
  if (!Number.isInteger(dim) || dim < -count || dim >= count) {
    throw new IndexError(
      `Cannot ${operation} over dimension ${dim} of a ${rank}-dimensional tensor: dimensions are ${-count} to ${
        count - 1
      }`,
    );
  }
  return dim < 0 ? dim + count : dim;
}

/** `dims` counted from the front and ascending; all of them where none is given. Throws on a repeated one. */
export function axesOf(operation: string, dims: Dims | undefined, rank: number): number[] {
  if (dims === undefined || (typeof dims !== "number" && dims.length === 0)) {
    return Array.from({ length: rank }, (_, i) => i);
  }
  const list = typeof dims === "number" ? [dims] : dims;
  const axes = list.map((dim) => axisOf(operation, dim, rank)).sort((a, b) => a - b);
  axes.forEach((axis, i) => {
    if (axis === axes[i + 1]) throw new ShapeError(`Cannot ${operation} over dimension ${axis} twice: ${show(list)}`);
  });
  return rank === 0 ? [] : axes;
}

/**
 * Options given by position, as an object, or first one way and then the other: `sum(x, 1, { keepdim: true })`,
 * `sum(x, { dim: 1, keepdim: true })`. `keys` are the names of the positions.
 */
export function named<O extends object>(keys: readonly (keyof O)[], ...values: readonly unknown[]): O {
  const options: Partial<O> = {};
  values.forEach((value, i) => {
    if (value === undefined || value === null) return;
    const plain = typeof value === "object" && !Array.isArray(value) && !(value instanceof Tensor) &&
      !ArrayBuffer.isView(value);
    if (plain) Object.assign(options, value);
    else options[keys[i]!] = value as O[keyof O];
  });
  return options as O;
}

/** `shape` without `axes`, or with extent 1 there. */
export function reducedShape(shape: readonly number[], axes: readonly number[], keepdim: boolean): number[] {
  return keepdim ? shape.map((extent, i) => axes.includes(i) ? 1 : extent) : shape.filter((_, i) => !axes.includes(i));
}
