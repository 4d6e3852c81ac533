/**
 * Distinct elements and counts. These read their operand, since the size of the result depends on it.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import {
  allocate,
  type DeviceName,
  DTypeError,
  isFloat,
  isInteger,
  numel,
  ShapeError,
  type TypedArray,
  ValueError,
} from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { requireTensor, requireTensorOrNone } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { axisOf } from "../dims.ts";
import { elementsOf, filled, fromIntegers } from "../host.ts";
import { movedim } from "../movement/permute.ts";
import { flatten } from "../movement/reshape.ts";
import { scatterSum } from "./primitives.ts";

/** Options of `unique` and `uniqueConsecutive`. */
export interface UniqueOptions {
  /** In ascending order, which is so in any case. */
  readonly sorted?: boolean;
  /** Also gives for each element where its like is in the result; false by default. */
  readonly returnInverse?: boolean;
  /** Also gives how often each occurs; false by default. */
  readonly returnCounts?: boolean;
  /** Compares whole slices along this dimension; by default single elements. */
  readonly dim?: number | null;
}

/** Rows of equal length on the host. */
interface Rows {
  readonly data: TypedArray;
  readonly count: number;
  readonly length: number;
}

function compare({ data, length }: Rows, a: number, b: number): number {
  for (let i = 0; i < length; i++) {
    const x = data[a * length + i]!, y = data[b * length + i]!;
    if (x < y || (Number.isNaN(y) && !Number.isNaN(x))) return -1;
    if (x > y || (Number.isNaN(x) && !Number.isNaN(y))) return 1;
    // As in PyTorch, no NaN equals another.
    if (Number.isNaN(x)) return a - b;
  }
  return 0;
}

/** Equal rows together: the first of each group, how many they are, and for each row its group. */
interface Groups {
  readonly firsts: readonly number[];
  readonly counts: readonly number[];
  readonly inverse: Int32Array;
}

/** Groups of neighbours that are equal, after the rows were sorted if asked for. */
function rowGroups(rows: Rows, sorted: boolean): Groups {
  const order = Array.from({ length: rows.count }, (_, i) => i);
  if (sorted) order.sort((a, b) => compare(rows, a, b) || a - b);
  const firsts: number[] = [], counts: number[] = [], inverse = new Int32Array(rows.count);
  order.forEach((row, i) => {
    if (i === 0 || compare(rows, order[i - 1]!, row) !== 0) {
      firsts.push(row);
      counts.push(0);
    }
    counts[counts.length - 1]!++;
    inverse[row] = firsts.length - 1;
  });
  return { firsts, counts, inverse };
}

/** Groups of single elements in ascending order: found by hashing, so that only the groups have to be sorted. */
function elementGroups(data: TypedArray): Groups {
  const known = new Map<number, number>(), inverse = new Int32Array(data.length);
  const firsts: number[] = [], counts: number[] = [];
  data.forEach((value, i) => {
    // As in PyTorch, no NaN equals another.
    let group = Number.isNaN(value) ? undefined : known.get(value);
    if (group === undefined) {
      known.set(value, group = firsts.length);
      firsts.push(i);
      counts.push(0);
    }
    counts[group]!++;
    inverse[i] = group;
  });
  const rows: Rows = { data, count: data.length, length: 1 };
  const order = [...firsts.keys()].sort((a, b) => compare(rows, firsts[a]!, firsts[b]!));
  const rank = new Int32Array(order.length);
  order.forEach((group, i) => rank[group] = i);
  return {
    firsts: order.map((group) => firsts[group]!),
    counts: order.map((group) => counts[group]!),
    inverse: inverse.map((group) => rank[group]!),
  };
}

function distinct(x: Tensor, options: UniqueOptions, sorted: boolean): Tensor | Tensor[] {
  const { dim, returnInverse = false, returnCounts = false } = options;
  const detached = new Tensor(x.node);
  const axis = dim == null ? undefined : axisOf("unique", dim, x.ndim);
  const source = axis === undefined ? flatten(detached) : movedim(detached, axis, 0);
  const [count = 1, ...inner] = source.shape;
  const rows: Rows = { data: elementsOf(source), count, length: numel(inner) };
  const { firsts, counts, inverse } = sorted && rows.length === 1 ? elementGroups(rows.data) : rowGroups(rows, sorted);
  const picked = rowsOf(rows, firsts, [firsts.length, ...inner], x.dtype, x.device);
  const values = axis === undefined ? picked : movedim(picked, 0, axis);
  const results = [values];
  if (returnInverse) results.push(fromIntegers(inverse, axis === undefined ? x.shape : [count], x.device));
  if (returnCounts) results.push(fromIntegers(counts, [counts.length], x.device));
  return results.length === 1 ? values : results;
}

function rowsOf(
  { data, length }: Rows,
  rows: readonly number[],
  shape: readonly number[],
  dtype: kernels.DType,
  device: DeviceName,
): Tensor {
  const result = allocate(dtype, rows.length * length);
  rows.forEach((row, i) => result.set(data.subarray(row * length, (row + 1) * length), i * length));
  return new Tensor(kernels.fromHost(result, shape, dtype, device));
}

/**
 * The distinct elements in ascending order, with the inverse and counts that the options ask for.
 *
 * @param options `dim`: distinct slices along it; none by default; `returnInverse` and `returnCounts`: false by default
 * @returns the elements as a list; [elements, inverse, counts], of which those asked for, where one is
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.unique.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.unique(tensor([3, 1, 3]))); // tensor([1, 3])
 * ```
 */
export function unique(
  x: Tensor,
  options: UniqueOptions & ({ readonly returnInverse: true } | { readonly returnCounts: true }),
): Tensor[];
/** The distinct elements in ascending order. */
export function unique(x: Tensor, options?: UniqueOptions): Tensor;
export function unique(x: Tensor, options: UniqueOptions = {}): Tensor | Tensor[] {
  requireTensor("unique", "x", x);
  return distinct(x, options, true);
}

/**
 * The elements without those that equal the one before, with the inverse and counts that the options ask for.
 *
 * @param options `dim`: slices along it; none by default; `returnInverse` and `returnCounts`: false by default
 * @returns the elements as a list; [elements, inverse, counts], of which those asked for, where one is
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.unique_consecutive.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.uniqueConsecutive(tensor([1, 1, 2, 1]))); // tensor([1, 2, 1])
 * ```
 */
export function uniqueConsecutive(
  x: Tensor,
  options: UniqueOptions & ({ readonly returnInverse: true } | { readonly returnCounts: true }),
): Tensor[];
/** The elements without those that equal the one before. */
export function uniqueConsecutive(x: Tensor, options?: UniqueOptions): Tensor;
export function uniqueConsecutive(x: Tensor, options: UniqueOptions = {}): Tensor | Tensor[] {
  requireTensor("uniqueConsecutive", "x", x);
  return distinct(x, options, false);
}

/** Options of `bincount`. */
export interface BincountOptions {
  /** What each element counts; 1 by default. */
  readonly weights?: Tensor | null;
  /** The least length of the result; 0 by default. */
  readonly minlength?: number;
}

/**
 * How often each of 0, 1, … occurs in a list of integers from 0. Reads the list.
 *
 * @param x [n], integers from 0
 * @param options `weights`: [n], what each counts, 1 by default; `minlength`: the least length of the result, 0 by
 *   default
 * @throws {DTypeError} for other than a list of integers
 * @throws {ShapeError} for weights that are not as many
 * @throws {ValueError} for negative elements or a negative minlength
 * @see {@link https://pytorch.org/docs/stable/generated/torch.bincount.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.bincount(tensor([0, 2, 2]))); // tensor([1, 0, 2])
 * ```
 */
export function bincount(x: Tensor, { weights, minlength = 0 }: BincountOptions = {}): Tensor {
  requireTensor("bincount", "x", x);
  if (x.ndim !== 1 || !isInteger(x.dtype)) {
    throw new DTypeError(`Cannot bincount a ${x.dtype} tensor of ${x.ndim} dimensions: give a list of integers`);
  }
  if (minlength < 0) throw new ValueError(`Cannot bincount with minlength ${minlength}: it must not be negative`);
  requireTensorOrNone("bincount", "weights", weights);
  if (weights != null && (weights.ndim !== 1 || weights.numel() !== x.numel())) {
    throw new ShapeError(`Cannot bincount ${x.numel()} elements with ${weights.numel()} weights: give one for each`);
  }
  const elements = elementsOf(x);
  let length = minlength;
  for (const value of elements) {
    if (value < 0) throw new ValueError(`Cannot bincount the negative number ${value}: counts start at 0`);
    length = Math.max(length, value + 1);
  }
  const each = weights == null
    ? filled(x.shape, 1, "int32", x.device)
    : isFloat(weights.dtype)
    ? weights
    : toDtype(weights, x.device === "cpu" ? "float64" : "float32");
  return scatterSum(filled([length], 0, each.dtype, x.device), 0, toDtype(x, "int32"), each);
}
