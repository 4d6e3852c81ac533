/**
 * Tensors of evenly spaced numbers, and of the indices of triangles.
 *
 * @module
 */

import {
  allocate,
  type DeviceName,
  type DType,
  expr,
  fromHost,
  iota,
  isFloat,
  map,
  type Node,
  roundTo,
  scalar,
  ValueError,
} from "../kernels/mod.ts";
import { optionsOf } from "./arguments.ts";
import { called } from "./calls.ts";
import { checkShape, converted, created, type CreationOptions, target, tensor } from "./creation.ts";
import { checkFits, getDefaultDtype, type Scalar } from "./promotion.ts";
import type { Tensor } from "./tensor.ts";

/** For the library: the elements `at(0)`, `at(1)`, …, computed on the host, as a tensor of one axis. */
export function fromFunction(length: number, at: (i: number) => number, options: CreationOptions): Tensor {
  const { dtype, device } = target(options, getDefaultDtype());
  const elements = allocate(dtype, length);
  for (let i = 0; i < length; i++) {
    const value = at(i);
    checkFits(value, dtype);
    elements[i] = converted(value, dtype);
  }
  return created(fromHost(elements, [length], dtype, device), options);
}

/** Options of `arange`. */
export interface RangeOptions extends CreationOptions {
  /** The distance of neighbours; 1 by default. */
  readonly step?: Scalar;
}

/**
 * 0, 1, … up to but without `end`.
 *
 * @example
 * ```ts
 * import { arange } from "@tensaur/tensaur";
 *
 * console.log(arange(3), arange(1, 2, 0.5)); // tensor([0, 1, 2]) tensor([1.0000, 1.5000])
 * ```
 *
 * @throws {ValueError} for a step of 0, or one that leads away from the end
 * @see {@link https://pytorch.org/docs/stable/generated/torch.arange.html}
 */
export function arange(end: Scalar, options?: RangeOptions): Tensor;
/** `start`, `start + step`, … up to but without `end`; `step` is 1 by default. */
export function arange(start: Scalar, end: Scalar, step?: Scalar, options?: RangeOptions): Tensor;
/** `start`, `start + step`, … up to but without `end`. */
export function arange(start: Scalar, end: Scalar, options: RangeOptions): Tensor;
export function arange(...args: (Scalar | RangeOptions | undefined)[]): Tensor {
  const numbers = args.filter((x) => typeof x === "number" || typeof x === "boolean").map(Number);
  const { step: named, ...options } = (args.find((x) => typeof x === "object") ?? {}) as RangeOptions;
  // As in PyTorch, a range of integers is computed from integers.
  const whole = (x: number) => options.dtype === undefined || isFloat(options.dtype) ? x : Math.trunc(x);
  const [start, end] = (numbers.length === 1 ? [0, numbers[0]!] : numbers).map(whole) as [number, number];
  const step = whole(numbers[2] ?? Number(named ?? 1));
  if (![start, end, step].every(Number.isFinite) || step === 0) {
    throw new ValueError(
      `Cannot create a range from ${start} to ${end} in steps of ${step}: they must be finite, and the step not 0`,
    );
  }
  if ((end - start) * step < 0) {
    throw new ValueError(
      `Cannot create a range from ${start} to ${end} in steps of ${step}: the step leads away from the end`,
    );
  }
  const length = Math.ceil((end - start) / step);
  const last = start + step * length;
  if (![start, step, last].every((x) => Number.isInteger(x) && Math.abs(x) < 2 ** 31)) {
    const { dtype } = target(options, getDefaultDtype());
    // Before there is memory for all of them.
    if (length > 0) [start, start + step * (length - 1)].forEach((value) => checkFits(value, dtype));
    return fromFunction(length, (i) => start + step * i, options);
  }
  const { dtype, device } = target(options, "int32");
  const make = () => created(integerRange(start, step, length, dtype, device), options);
  return called("arange", [start, end, step, { dtype }], make);
}

/** Computed where it is used: nothing to upload. */
function integerRange(start: number, step: number, length: number, dtype: DType, device: DeviceName): Node {
  if (length > 0) [start, start + step * (length - 1)].forEach((value) => checkFits(value, dtype));
  const index = iota(length, device);
  if (start === 0 && step === 1 && dtype === "int32") return index;
  const value = expr.binary(
    "add",
    expr.binary("mul", expr.arg(0, "int32"), expr.arg(1, "int32")),
    expr.arg(2, "int32"),
  );
  return map(expr.cast(dtype, value), [index, scalar(step, "int32", device), scalar(start, "int32", device)]);
}

/**
 * `steps` numbers from `start` to `end`, both included, evenly spaced.
 *
 * @example
 * ```ts
 * import { linspace } from "@tensaur/tensaur";
 *
 * console.log(linspace(0, 1, 5)); // tensor([0.0000, 0.2500, 0.5000, 0.7500, 1.0000])
 * ```
 *
 * @throws {ValueError} for a number of steps below 0
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linspace.html}
 */
export function linspace(start: number, end: number, steps: number, options: CreationOptions = {}): Tensor {
  checkShape("a linspace", [steps]);
  return fromFunction(steps, spaced(start, end, steps, options.dtype), options);
}

/**
 * `base` to the power of `steps` evenly spaced exponents from `start` to `end`.
 *
 * @example
 * ```ts
 * import { logspace } from "@tensaur/tensaur";
 *
 * console.log(logspace(0, 2, 3)); // tensor([  1.,  10., 100.])
 * ```
 *
 * @throws {ValueError} for a number of steps below 0
 * @see {@link https://pytorch.org/docs/stable/generated/torch.logspace.html}
 */
export function logspace(
  start: number,
  end: number,
  steps: number,
  options: CreationOptions & { readonly base?: number } = {},
): Tensor {
  checkShape("a logspace", [steps]);
  const exponent = spaced(start, end, steps, options.dtype), base = options.base ?? 10;
  return fromFunction(steps, (i) => base ** exponent(i), options);
}

/** Counted from the nearer end, so that both ends are exact; with the step rounded as PyTorch rounds it. */
function spaced(start: number, end: number, steps: number, dtype = getDefaultDtype()): (i: number) => number {
  const round = (x: number) => isFloat(dtype) ? roundTo(dtype, x) : x;
  const first = round(start), last = round(end);
  const step = steps > 1 ? round(round(last - first) / (steps - 1)) : 0;
  const middle = Math.max(1, Math.floor(steps / 2));
  return (i) => i < middle ? first + step * i : last - step * (steps - 1 - i);
}

/** Options of `trilIndices` and `triuIndices`. */
export interface TriangleOptions extends CreationOptions {
  /** The diagonal that bounds the triangle; 0, the main one, by default. */
  readonly offset?: number;
}

/**
 * Row and column indices, as [2, count], of the lower triangle of a matrix, up to diagonal `offset`.
 *
 * @example
 * ```ts
 * import { trilIndices } from "@tensaur/tensaur";
 *
 * console.log(trilIndices(2, 2));
 * // tensor([[0, 1, 1],
 * //         [0, 0, 1]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.tril_indices.html}
 */
export function trilIndices(
  rows: number,
  columns: number,
  offset?: number | TriangleOptions,
  options?: TriangleOptions,
): Tensor {
  const { offset: diagonal = 0, ...rest } = optionsOf<TriangleOptions>(["offset"], offset, options);
  return triangle(rows, columns, (i, j) => j <= i + diagonal, rest);
}

/**
 * Row and column indices, as [2, count], of the upper triangle of a matrix, from diagonal `offset` on.
 *
 * @example
 * ```ts
 * import { triuIndices } from "@tensaur/tensaur";
 *
 * console.log(triuIndices(2, 2));
 * // tensor([[0, 0, 1],
 * //         [0, 1, 1]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.triu_indices.html}
 */
export function triuIndices(
  rows: number,
  columns: number,
  offset?: number | TriangleOptions,
  options?: TriangleOptions,
): Tensor {
  const { offset: diagonal = 0, ...rest } = optionsOf<TriangleOptions>(["offset"], offset, options);
  return triangle(rows, columns, (i, j) => j >= i + diagonal, rest);
}

function triangle(
  rows: number,
  columns: number,
  inside: (i: number, j: number) => boolean,
  options: CreationOptions,
): Tensor {
  checkShape("triangle indices", [rows, columns]);
  const at: [number[], number[]] = [[], []];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      if (!inside(i, j)) continue;
      at[0].push(i);
      at[1].push(j);
    }
  }
  return tensor([...at[0], ...at[1]], { ...options, dtype: options.dtype ?? "int32", shape: [2, at[0].length] });
}
