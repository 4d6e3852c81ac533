/**
 * Tensors from values: literals, typed arrays, constants.
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
  hasDtype,
  iota,
  map,
  type Node,
  numel,
  requireDevice,
  reshape,
  scalar,
  type Shape,
  ShapeError,
  type TypedArray,
} from "../kernels/mod.ts";
import { called } from "./calls.ts";
import { clone, toDevice, toDtype } from "./conversion.ts";
import { noGrad } from "./grad_mode.ts";
import { type ArrayData, elementsOf, type NestedArray, type TensorData } from "./literal.ts";
import { checkFits, getDefaultDtype, type Scalar } from "./promotion.ts";
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

/** For the library: throws unless all extents are whole numbers from 0. */
export function checkShape(operation: string, shape: Shape): void {
  for (const extent of shape) {
    if (!Number.isInteger(extent) || extent < 0) {
      throw new ShapeError(`Cannot create ${operation} of shape [${shape.join(", ")}]: sizes are whole numbers from 0`);
    }
  }
}

/** For the library: the tensor of a node, as the options want it. */
export function created(node: Node, options: CreationOptions): Tensor {
  const x = new Tensor(node);
  if (options.requiresGrad) x.requiresGrad = true;
  return x;
}

/** For the library: the dtype and the device that the options choose. */
export function target(options: CreationOptions, dtype: DType): { dtype: DType; device: DeviceName } {
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
 * @example
 * ```ts
 * import { tensor } from "@tensaur/tensaur";
 *
 * console.log(tensor([[1, 0.5], [2, -3]]));
 * // tensor([[ 1.0000,  0.5000],
 * //         [ 2.0000, -3.0000]])
 * console.log(tensor(new Float32Array(6), { shape: [2, 3] }).shape); // torch.Size([2, 3])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.tensor.html}
 */
export function tensor(data: TensorData, options: TensorOptions = {}): Tensor {
  return called("tensor", [data, options], () => ofValues(data, options));
}

function ofValues(data: TensorData, options: TensorOptions): Tensor {
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

/** For the library: `dtype` where the device that the options choose has it, else float32. */
export function availableDtype(dtype: DType, { device = defaultDevice() }: CreationOptions = {}): DType {
  return hasDtype(device, dtype) ? dtype : "float32";
}

/** For the library: a tensor of elements that nobody else writes or reads from here on; they are not copied. */
export function adopted(elements: TypedArray, shape: Shape, dtype: DType, options: CreationOptions = {}): Tensor {
  const { device } = target({ ...options, dtype }, dtype);
  return created(fromHost(elements, [...shape], dtype, device), options);
}

/** For the library: does what storing `value` doesn't do by itself: anything but 0 is true. */
export function converted(value: number, dtype: DType): number {
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

/**
 * A tensor of `shape` filled with one value: bool for a boolean, else float32 unless `dtype` says otherwise. PyTorch makes integers of
 * an integral value; JavaScript does not tell 0.0 from 0.
 */
export function full(shape: Shape, value: Scalar, options: CreationOptions = {}): Tensor {
  checkShape("a tensor", shape);
  const { dtype, device } = target(options, typeof value === "boolean" ? "bool" : getDefaultDtype());
  checkFits(Number(value), dtype);
  const make = () => created(expand(scalar(Number(value), dtype, device), [...shape]), options);
  return called("full", [shape, value, { dtype }], make);
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

/**
 * A tensor to be filled later; here it holds zeros. Elements are always in row-major order, so the strides only have to be valid.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.empty_strided.html}
 */
export function emptyStrided(size: Shape, stride: Shape, options: CreationOptions = {}): Tensor {
  checkShape("a stride", stride);
  if (size.length !== stride.length) {
    throw new ShapeError(
      `Cannot create a tensor of size [${size.join(", ")}] with stride [${stride.join(", ")}]: give as many of each`,
    );
  }
  return empty(size, options);
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
