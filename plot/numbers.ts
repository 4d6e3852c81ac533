/**
 * What is drawn, as numbers.
 *
 * @module
 */

import { ShapeError, Tensor, ValueError } from "../tensor/mod.ts";

/** Numbers in a row: a tensor of one dimension, or an array. */
export type Numbers = Tensor | ArrayLike<number>;

/** Rows of numbers: a tensor of two dimensions, or an array of rows. */
export type Matrix = Tensor | readonly Numbers[];

/** Rows of numbers, one after the other. */
export interface Grid {
  /** How many rows. */
  readonly rows: number;
  /** How many numbers a row has. */
  readonly columns: number;
  /** The numbers. */
  readonly data: Float64Array;
}

/** The elements of a tensor of any shape. */
export function elementsOf(x: Tensor): Float64Array {
  return Float64Array.from(x.detach().dataSync() as ArrayLike<number>);
}

/** Numbers in a row; `what` names them in errors, such as "the curve loss". */
export function numbersOf(values: Numbers, what: string): Float64Array {
  if (values instanceof Tensor) {
    if (values.ndim < 2) return elementsOf(values);
    throw new ShapeError(
      `Cannot draw ${what} from a tensor of shape [${values.shape.join(", ")}]: it has one dimension. Use flatten()`,
    );
  }
  return Float64Array.from(values, (value, i) => {
    if (typeof value === "number" || typeof value === "boolean") return Number(value);
    const remedy = (value as unknown) instanceof Tensor ? "a tensor: keep item() of it instead" : `a ${typeof value}`;
    throw new ValueError(`Cannot draw ${what}: element ${i} is ${remedy}`);
  });
}

/** Rows of numbers; numbers in a row are one row. */
export function gridOf(values: Matrix | Numbers, what: string): Grid {
  if (values instanceof Tensor) {
    if (values.ndim > 2) {
      throw new ShapeError(
        `Cannot draw ${what} from a tensor of shape [${values.shape.join(", ")}]: it has two dimensions. ` +
          "Use flatten(1), or at() for one of its matrices",
      );
    }
    const [rows, columns] = values.ndim === 2 ? values.shape : [1, values.numel()];
    return { rows: rows!, columns: columns!, data: elementsOf(values) };
  }
  if (values.length === 0 || typeof values[0] === "number") {
    const data = numbersOf(values as ArrayLike<number>, what);
    return { rows: values.length === 0 ? 0 : 1, columns: data.length, data };
  }
  const rows = Array.from(values as readonly Numbers[], (row, i) => numbersOf(row, `row ${i} of ${what}`));
  const columns = rows[0]!.length, odd = rows.findIndex((row) => row.length !== columns);
  if (odd >= 0) {
    throw new ShapeError(`Cannot draw ${what}: row ${odd} has ${rows[odd]!.length} numbers, row 0 has ${columns}`);
  }
  const data = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => data.set(row, i * columns));
  return { rows: rows.length, columns, data };
}

/** The least and the largest of the finite numbers; undefined where there is none. */
export function extentOf(values: Float64Array): [least: number, largest: number] | undefined {
  let least = Infinity, largest = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > largest) largest = value;
  }
  return least <= largest ? [least, largest] : undefined;
}

/** A range with these ends; of equal ends a wider one about them. */
export function padded([least, largest]: readonly [number, number]): readonly [number, number] {
  const pad = least < largest ? 0 : Math.abs(least) / 10 || 1;
  return [least - pad, largest + pad];
}

/** A sentence about numbers that a picture can't show; none where there are none. */
export function notFinite(values: Float64Array): string[] {
  let count = 0;
  for (const value of values) if (!Number.isFinite(value)) count++;
  if (count === 0) return [];
  return [`${grouped(count)} of ${grouped(values.length)} values ${count === 1 ? "is" : "are"} not finite`];
}

/** A count as people write it: 12,345. */
export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

/** A number in a few digits. */
export function short(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return `${value}`;
  const rounded = Number(value.toPrecision(3)), size = Math.abs(rounded);
  return size >= 1e6 || size < 1e-3 && size > 0 ? rounded.toExponential().replace("e+", "e") : `${rounded}`;
}

/** A pair from the least to the largest, as `range` options give it. */
export function checkRange(range: readonly [number, number], what: string): readonly [number, number] {
  if (range.length === 2 && range.every(Number.isFinite) && range[0] < range[1]) return range;
  throw new ValueError(
    `Cannot draw ${what} with the range [${range.join(", ")}]: it goes from a number to a larger one`,
  );
}
