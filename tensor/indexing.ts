/**
 * What goes between the brackets of `x[…]` in PyTorch: integers, slices, new axes, masks and index tensors.
 *
 * @module
 */

import { ValueError } from "../kernels/mod.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Python's `start:stop:step`.
 *
 * @example
 * ```ts
 * import { arange, slice } from "@tensaur/tensaur";
 *
 * const odd = slice(1, null, 2);
 * console.log(odd.step, arange(5).at(odd)); // 2 tensor([1, 3])
 * ```
 *
 * @throws {ShapeError} where it is used, for a step that is not a whole number above 0
 * @see {@link https://pytorch.org/docs/stable/tensors.html}
 */
export class Slice {
  /** Use `slice()`. */
  constructor(
    /** The first position; from the start where null. Negative ones count from the end, here and for `stop`. */
    readonly start: number | null,
    /** The position before which the slice ends; the end where null. */
    readonly stop: number | null,
    /** Distance between positions, above 0. */
    readonly step: number,
  ) {}
}

/**
 * Positions `start`, `start + step`, … before `stop`: `slice(1, 3)` is Python's `1:3`, `slice()` is `:`, `slice(2)` is `2:`.
 *
 * @example
 * ```ts
 * import { arange, slice } from "@tensaur/tensaur";
 *
 * console.log(arange(5).at(slice(1, 3)), arange(5).at(slice(-2))); // tensor([1, 2]) tensor([3, 4])
 * ```
 *
 * @throws {ShapeError} where it is used, for a step that is not a whole number above 0
 * @see {@link https://pytorch.org/docs/stable/tensors.html}
 */
export function slice(start: number | null = null, stop: number | null = null, step = 1): Slice {
  return new Slice(start, stop, step);
}

/** Positions or truth values written as lists. */
export type IndexList = readonly (number | boolean | IndexList)[];

/**
 * One index. An integer takes its dimension away. `slice(1, 3)` or `"1:3"` keeps a part of it. `null` puts in a new dimension of extent 1.
 * `"..."` stands for all dimensions that no other index names. A bool tensor or list of booleans picks where it is true; an integer
 * tensor or list of numbers picks positions.
 */
export type Index = number | boolean | null | Slice | "..." | `${string}:${string}` | Tensor | IndexList;

/** The slice that a text such as "1:3", ":" or "::2" stands for. */
export function parseSlice(text: string): Slice {
  const parts = text.split(":").map((part) => part.trim());
  const [start, stop, step] = parts.map((part) => part === "" ? null : Number(part));
  if (parts.length < 2 || parts.length > 3 || [start, stop, step].some((at) => at != null && !Number.isInteger(at))) {
    throw new ValueError(
      `Cannot index with "${text}": a slice is written "start:stop" or "start:stop:step", and "..." is the rest`,
    );
  }
  return slice(start ?? null, stop ?? null, step ?? 1);
}
