/**
 * Tensors from values: literals, typed arrays, other tensors.
 *
 * @module
 */

import {
  allocate,
  defaultDevice,
  type DeviceName,
  type DType,
  fromHost,
  hasDtype,
  type Node,
  numel,
  requireDevice,
  scalar,
  type Shape,
  ShapeError,
  type TypedArray,
  ValueError,
} from "../kernels/mod.ts";
import { called } from "./calls.ts";
import { clone, toDevice, toDtype } from "./conversion.ts";
import { described } from "./describe.ts";
import { noGrad } from "./grad_mode.ts";
import { type ArrayData, elementsOf, type NestedArray, type TensorData } from "./literal.ts";
import { checkFits, getDefaultDtype } from "./promotion.ts";
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
  args.forEach((arg, i) => requireShapeArgument(operation, arg, i, args.length));
  const last = args.at(-1);
  const options = typeof last === "object" && !Array.isArray(last) ? last as CreationOptions : {};
  const first = args[0];
  const shape = Array.isArray(first) ? [...first] : args.filter((x) => typeof x === "number");
  checkShape(operation, shape);
  return { shape, options };
}

/** Refuses what is neither a size, nor a list of sizes in front, nor options at the end. */
function requireShapeArgument(operation: string, arg: unknown, i: number, count: number): void {
  if (typeof arg === "number" || arg === undefined || (Array.isArray(arg) && i === 0)) return;
  const options = typeof arg === "object" && arg !== null && !Array.isArray(arg) && !(arg instanceof Tensor) &&
    !ArrayBuffer.isView(arg);
  if (options && i === count - 1) return;
  throw notShape(operation, arg);
}

function notShape(operation: string, given: unknown): ShapeError {
  return new ShapeError(`Cannot create ${operation} from ${described(given)}: give its sizes as numbers, as in [2, 3]`);
}

/** For the library: throws unless all extents are whole numbers from 0. */
export function checkShape(operation: string, shape: Shape): void {
  if (!Array.isArray(shape) && !ArrayBuffer.isView(shape)) throw notShape(operation, shape);
  for (const extent of shape) {
    if (!Number.isInteger(extent) || extent < 0) {
      const sizes = shape.map((size: unknown) => typeof size === "string" ? JSON.stringify(size) : String(size));
      throw new ShapeError(`Cannot create ${operation} of shape [${sizes.join(", ")}]: sizes are whole numbers from 0`);
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
 * @throws {ShapeError} for values that do not fill the shape, or lists of different lengths
 * @throws {DTypeError} for a value that the dtype cannot hold
 * @example
 * ```ts
 * import { tensor } from "@tensaur/tensaur";
 *
 * console.log(tensor([[1, 0.5], [2, -3]]));
 * // tensor([[ 1.0000,  0.5000],
 * //         [ 2.0000, -3.0000]])
 * console.log(tensor(new Float32Array(6), { shape: [2, 3] }).shape); // torch.Size([2, 3])
 * ```
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

/**
 * `data` itself where it is a tensor of that dtype and device, else a tensor of its values.
 *
 * @example
 * ```ts
 * import { asTensor, ones } from "@tensaur/tensaur";
 *
 * const x = ones([2]);
 * console.log(asTensor(x) === x, asTensor([0.5, 2])); // true tensor([0.5000, 2.0000])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.as_tensor.html}
 */
export function asTensor(data: TensorData, options: Omit<CreationOptions, "requiresGrad"> = {}): Tensor {
  if (!(data instanceof Tensor)) return tensor(data, options);
  return toDevice(toDtype(data, options.dtype ?? data.dtype), options.device ?? data.device);
}

/** Options of `asarray`. */
export interface AsarrayOptions extends CreationOptions {
  /** Whether the elements are copied; by default only where they have to be. */
  readonly copy?: boolean | null;
}

/**
 * A tensor of `data`: without options, and unless `copy` is true, one with the same elements where `data` is a tensor, which has no history,
 * and no gradient unless `requiresGrad` is true. Numbers and lists are always copied.
 *
 * @example
 * ```ts
 * import { asarray, ones } from "@tensaur/tensaur";
 *
 * const x = ones([2]), same = asarray(x), copy = asarray(x, { copy: true });
 * x.mul_(3);
 * console.log(same, copy); // tensor([3., 3.]) tensor([1., 1.])
 * ```
 *
 * @throws {ValueError} for `copy: false` where the elements have to be copied
 * @see {@link https://pytorch.org/docs/stable/generated/torch.asarray.html}
 */
export function asarray(
  data: TensorData,
  { copy = null, requiresGrad = false, ...options }: AsarrayOptions = {},
): Tensor {
  const given = data instanceof Tensor ? data.detach() : undefined;
  const found = asTensor(given ?? data, options);
  if (copy === false && found !== given) {
    throw new ValueError("Cannot make a tensor without a copy of numbers, or of a tensor of another dtype or device");
  }
  const result = copy && found === given ? noGrad(() => clone(found)) : found;
  if (requiresGrad) result.requiresGrad = true;
  return result;
}
