/**
 * Tensors from values: literals, typed arrays, constants, ranges.
 *
 * @module
 */

import {
  allocate,
  defaultDevice,
  type DeviceName,
  type DType,
  expand,
  expr,
  fromHost,
  iota,
  isFloat,
  map,
  type Node,
  numel,
  requireDevice,
  reshape,
  roundTo,
  scalar,
  type Shape,
  ShapeError,
  type TypedArray,
  ValueError,
} from "../kernels/mod.ts";
import { clone, toDevice, toDtype } from "./conversion.ts";
import { noGrad } from "./grad_mode.ts";
import { type ArrayData, elementsOf, type NestedArray, type TensorData } from "./literal.ts";
import { checkFits, getDefaultDtype, type Scalar, scalarType } from "./promotion.ts";
import { Tensor } from "./tensor.ts";

export type { ArrayData, NestedArray, TensorData };

/** Options of every function that creates a tensor. */
export interface CreationOptions {
  /** Element type; float32 by default, or what the values suggest. */
  readonly dtype?: DType;
  /** Where the elements live; the default device by default. */
  readonly device?: DeviceName;
  /** Whether operations on the tensor are recorded for differentiation. */
  readonly requiresGrad?: boolean;
}

/** Options of `tensor`. */
export interface TensorOptions extends CreationOptions {
  /** The shape of a flat array's elements, row-major. */
  readonly shape?: Shape;
}

/** A shape as a list, or number by number with options at the end: `zeros([2, 3])`, `zeros(2, 3, { dtype: "int32" })`. */
export type ShapeArguments = readonly (number | Shape | CreationOptions | undefined)[];

/** The shape and the options in the arguments of a function such as `zeros`. */
export function shapeArguments(operation: string, args: ShapeArguments): { shape: Shape; options: CreationOptions } {
  const last = args.at(-1);
  const options = typeof last === "object" && !Array.isArray(last) ? last as CreationOptions : {};
  const first = args[0];
  const shape = Array.isArray(first) ? [...first] : args.filter((x) => typeof x === "number");
  checkShape(operation, shape);
  return { shape, options };
}

function checkShape(operation: string, shape: Shape): void {
  for (const extent of shape) {
    if (!Number.isInteger(extent) || extent < 0) {
      throw new ShapeError(`Cannot create ${operation} of shape [${shape.join(", ")}]: sizes are whole numbers from 0`);
    }
  }
}

/** The tensor of a node, as the options want it. */
function created(node: Node, options: CreationOptions): Tensor {
  const x = new Tensor(node);
  if (options.requiresGrad) x.requiresGrad = true;
  return x;
}

function target(options: CreationOptions, dtype: DType): { dtype: DType; device: DeviceName } {
  const device = options.device ?? defaultDevice();
  requireDevice(device, options.dtype ?? dtype);
  return { dtype: options.dtype ?? dtype, device };
}

/**
 * A tensor of the given values: a number, boolean, nested array of these, or typed array.
 *
 * Without a dtype, booleans give bool, whole numbers int32 (PyTorch's int64), numbers with a fraction the default float dtype. JavaScript
 * does not tell `1.` from `1`, so `tensor([1., 2.])` is int32: pass `{ dtype: "float32" }`. With `requiresGrad` numbers are always floats.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.tensor.html}
 */
export function tensor(data: TensorData, options: TensorOptions = {}): Tensor {
  if (data instanceof Tensor) {
    return created(noGrad(() => clone(asTensor(data, options))).node, options);
  }
  const { shape: natural, values, suggested } = elementsOf(data);
  const { dtype, device } = target(
    options,
    suggested === "int32" && options.requiresGrad ? getDefaultDtype() : suggested,
  );
  const shape = options.shape ?? natural;
  checkShape("a tensor", shape);
  if (numel(shape) !== values.length) {
    throw new ShapeError(`Cannot put ${values.length} values in a tensor of shape [${shape.join(", ")}]`);
  }
  if (values.length === 1 && shape.length === 0) {
    checkFits(Number(values[0]), dtype);
    return created(scalar(converted(Number(values[0]), dtype), dtype, device), options);
  }
  const elements = allocate(dtype, values.length);
  if (dtype === suggested && values.constructor === elements.constructor) {
    elements.set(values as TypedArray);
  } else {
    for (let i = 0; i < values.length; i++) {
      const value = Number(values[i]);
      checkFits(value, dtype);
      elements[i] = converted(value, dtype);
    }
  }
  return created(fromHost(elements, [...shape], dtype, device), options);
}

/** What storing `value` does not do by itself: anything but 0 is true. */
function converted(value: number, dtype: DType): number {
  return dtype === "bool" ? Number(value !== 0) : value;
}

/** `data` itself where it is a tensor of that dtype and device, else a tensor of its values. */
export function asTensor(data: TensorData, options: Omit<CreationOptions, "requiresGrad"> = {}): Tensor {
  if (!(data instanceof Tensor)) return tensor(data, options);
  return toDevice(toDtype(data, options.dtype ?? data.dtype), options.device ?? data.device);
}

/** A 0-d float tensor, or one of the given dtype. */
export function scalarTensor(value: Scalar, options: CreationOptions = {}): Tensor {
  return full([], value, { ...options, dtype: options.dtype ?? getDefaultDtype() });
}

/** A tensor of `shape` filled with one value, whose kind gives the dtype. */
export function full(shape: Shape, value: Scalar, options: CreationOptions = {}): Tensor {
  checkShape("a tensor", shape);
  const { dtype, device } = target(options, scalarType(value));
  checkFits(Number(value), dtype);
  return created(expand(scalar(Number(value), dtype, device), [...shape]), options);
}

function filled(operation: string, value: number, args: ShapeArguments): Tensor {
  const { shape, options } = shapeArguments(operation, args);
  return full(shape, value, { ...options, dtype: options.dtype ?? getDefaultDtype() });
}

/** Zeros: `zeros(2, 3)` or `zeros([2, 3])`. */
export function zeros(shape: Shape, options?: CreationOptions): Tensor;
/** Zeros, the sizes one by one. */
export function zeros(...sizesAndOptions: (number | CreationOptions)[]): Tensor;
export function zeros(...args: ShapeArguments): Tensor {
  return filled("zeros", 0, args);
}

/** Ones: `ones(2, 3)` or `ones([2, 3])`. */
export function ones(shape: Shape, options?: CreationOptions): Tensor;
/** Ones, the sizes one by one. */
export function ones(...sizesAndOptions: (number | CreationOptions)[]): Tensor;
export function ones(...args: ShapeArguments): Tensor {
  return filled("ones", 1, args);
}

/** A tensor to be filled later; here it holds zeros, so that runs repeat. */
export function empty(shape: Shape, options?: CreationOptions): Tensor;
/** A tensor to be filled later, the sizes one by one. */
export function empty(...sizesAndOptions: (number | CreationOptions)[]): Tensor;
export function empty(...args: ShapeArguments): Tensor {
  return filled("an empty tensor", 0, args);
}

/** `full` with the shape, dtype and device of `x`. */
export function fullLike(x: Tensor, value: Scalar, options: CreationOptions = {}): Tensor {
  return full(x.shape, value, { dtype: x.dtype, device: x.device, ...options });
}

/** Zeros with the shape, dtype and device of `x`. */
export function zerosLike(x: Tensor, options: CreationOptions = {}): Tensor {
  return fullLike(x, 0, options);
}

/** Ones with the shape, dtype and device of `x`. */
export function onesLike(x: Tensor, options: CreationOptions = {}): Tensor {
  return fullLike(x, 1, options);
}

/** A tensor to be filled later with the shape, dtype and device of `x`; it holds zeros. */
export function emptyLike(x: Tensor, options: CreationOptions = {}): Tensor {
  return fullLike(x, 0, options);
}

/** The identity matrix of `n` rows and `m` (by default `n`) columns. */
export function eye(n: number, m?: number, options?: CreationOptions): Tensor;
/** The square identity matrix. */
export function eye(n: number, options: CreationOptions): Tensor;
export function eye(n: number, m?: number | CreationOptions, options: CreationOptions = {}): Tensor {
  if (typeof m === "object") return eye(n, n, m);
  const columns = m ?? n;
  checkShape("an identity matrix", [n, columns]);
  const { dtype, device } = target(options, getDefaultDtype());
  const diagonal = expr.binary("eq", expr.arg(0, "int32"), expr.arg(1, "int32"));
  return created(map(expr.cast(dtype, diagonal), [reshape(iota(n, device), [n, 1]), iota(columns, device)]), options);
}

/** The elements `at(0)`, `at(1)`, …, computed on the host, as a tensor of one axis. */
function fromFunction(length: number, at: (i: number) => number, options: CreationOptions): Tensor {
  const { dtype, device } = target(options, getDefaultDtype());
  const elements = allocate(dtype, length);
  for (let i = 0; i < length; i++) {
    const value = at(i);
    checkFits(value, dtype);
    elements[i] = converted(value, dtype);
  }
  return created(fromHost(elements, [length], dtype, device), options);
}

/** 0, 1, … up to but without `end`. */
export function arange(end: number, options?: CreationOptions): Tensor;
/** `start`, `start + step`, … up to but without `end`; `step` is 1 by default. */
export function arange(start: number, end: number, step?: number, options?: CreationOptions): Tensor;
/** `start`, `start + 1`, … up to but without `end`. */
export function arange(start: number, end: number, options: CreationOptions): Tensor;
export function arange(...args: (number | CreationOptions | undefined)[]): Tensor {
  const numbers = args.filter((x) => typeof x === "number");
  const options = args.find((x) => typeof x === "object") ?? {};
  const [start, end, step = 1] = numbers.length === 1 ? [0, numbers[0]!] : numbers as [number, number, number?];
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
    return fromFunction(length, (i) => start + step * i, options);
  }
  const { dtype, device } = target(options, "int32");
  return created(integerRange(start, step, length, dtype, device), options);
}

/** Computed where it is used: nothing to upload. */
function integerRange(start: number, step: number, length: number, dtype: DType, device: DeviceName): Node {
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
 * @see {@link https://pytorch.org/docs/stable/generated/torch.linspace.html}
 */
export function linspace(start: number, end: number, steps: number, options: CreationOptions = {}): Tensor {
  checkShape("a linspace", [steps]);
  return fromFunction(steps, spaced(start, end, steps, options.dtype), options);
}

/** `base` to the power of `steps` evenly spaced exponents from `start` to `end`. */
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
  return (i) => i < steps / 2 ? first + step * i : last - step * (steps - 1 - i);
}

/** Row and column indices, as [2, count], of the lower triangle of a matrix, up to diagonal `offset`. */
export function trilIndices(rows: number, columns: number, offset = 0, options: CreationOptions = {}): Tensor {
  return triangle(rows, columns, (i, j) => j <= i + offset, options);
}

/** Row and column indices, as [2, count], of the upper triangle of a matrix, from diagonal `offset` on. */
export function triuIndices(rows: number, columns: number, offset = 0, options: CreationOptions = {}): Tensor {
  return triangle(rows, columns, (i, j) => j >= i + offset, options);
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
