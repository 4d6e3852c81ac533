/**
 * Changing dtype, device or history, and overwriting all elements, as methods.
 *
 * @module
 */

import { DeviceError, type DeviceName, type DType, ShapeError, ValueError } from "../../kernels/mod.ts";
import { fitted } from "../../functional/broadcast.ts";
import { bitwiseLeftShift, bitwiseRightShift, diagonal } from "../../functional/mod.ts";
import { clone, toDevice, toDtype } from "../conversion.ts";
import { emptyStrided, full } from "../constant.ts";
import { type CreationOptions, tensor } from "../creation.ts";
import { record } from "../grad_fn.ts";
import type { TensorData } from "../literal.ts";
import type { Scalar } from "../promotion.ts";
import { requireTensor } from "../require_tensor.ts";
import { Tensor } from "../tensor.ts";
import { type Implementations, methods } from "./define.ts";

/** Where `to` takes a tensor. */
export interface ToOptions {
  /** The new element type. */
  readonly dtype?: DType;
  /** The new device. */
  readonly device?: DeviceName;
  /** Copies even where nothing changes. */
  readonly copy?: boolean;
}

/** Conversions. */
export interface ConversionMethods {
  /** x in another dtype, on another device, or both: `to("float64")`, `to("webgpu")`, `to({ dtype, device })`, `to(other)`. */
  to(target: DType | DeviceName | Tensor | ToOptions, dtype?: DType | ToOptions): Tensor;
  /** x on the CPU. */
  cpu(): Tensor;
  /** There is no CUDA here: throws, and says what to write instead. */
  cuda(): Tensor;
  /** x as float32. */
  float(): Tensor;
  /** x as float64. */
  double(): Tensor;
  /** x as float16. */
  half(): Tensor;
  /** x as int32. */
  int(): Tensor;
  /** x as int32, which stands for PyTorch's int64. */
  long(): Tensor;
  /** x wrapped to 16 bits, as int32: there is no int16. */
  short(): Tensor;
  /** x wrapped to 8 bits with sign, as int32: there is no int8. */
  char(): Tensor;
  /** x as uint8. */
  byte(): Tensor;
  /** Whether elements are not 0. */
  bool(): Tensor;
  /** x in another dtype. */
  type(dtype: DType): Tensor;
  /** x in the dtype of `other`. */
  typeAs(other: Tensor): Tensor;
  /** x itself: there are no complex numbers to conjugate. */
  resolveConj(): Tensor;
  /** x itself: its elements are never kept negated. */
  resolveNeg(): Tensor;
  /** A copy through which gradients flow. */
  clone(): Tensor;
  /** x itself: elements are always in row-major order. */
  contiguous(): Tensor;
  /** Copies the elements of `source`, which broadcasts, converting as needed. */
  copy_(source: Tensor): Tensor;
  /** Makes all elements `value`, a number or a 0-d tensor. */
  fill_(value: Scalar | Tensor): Tensor;
  /** Makes the elements of a matrix's main diagonal `value`. */
  fillDiagonal_(value: Scalar): Tensor;
  /** Makes all elements 0. */
  zero_(): Tensor;
  /** A tensor of `data` with the dtype and device of x. */
  newTensor(data: TensorData, options?: CreationOptions): Tensor;
  /** Zeros with the dtype and device of x. */
  newZeros(shape: readonly number[], options?: CreationOptions): Tensor;
  /** Ones with the dtype and device of x. */
  newOnes(shape: readonly number[], options?: CreationOptions): Tensor;
  /** A tensor to be filled later with the dtype and device of x; it holds zeros. */
  newEmpty(shape: readonly number[], options?: CreationOptions): Tensor;
  /** A tensor to be filled later with the dtype and device of x; it holds zeros, in row-major order whatever the strides. */
  newEmptyStrided(size: readonly number[], stride: readonly number[], options?: CreationOptions): Tensor;
  /** A filled tensor with the dtype and device of x. */
  newFull(shape: readonly number[], value: Scalar, options?: CreationOptions): Tensor;
}

const devices: readonly string[] = ["cpu", "webgpu"] satisfies DeviceName[];
const dtypes: readonly string[] = [
  "float32",
  "float64",
  "float16",
  "int32",
  "uint32",
  "uint8",
  "bool",
] satisfies DType[];

function to(x: Tensor, target: DType | DeviceName | Tensor | ToOptions, second?: DType | ToOptions): Tensor {
  const { dtype = x.dtype, device = x.device, copy = false } = {
    ...optionsOf(target),
    ...(second && optionsOf(second)),
  };
  const result = toDevice(toDtype(x, dtype), device);
  return copy && result === x ? clone(x) : result;
}

function optionsOf(target: DType | DeviceName | Tensor | ToOptions): ToOptions {
  if (target instanceof Tensor) return { dtype: target.dtype, device: target.device };
  if (typeof target === "object") return target;
  if (dtypes.includes(target)) return { dtype: target as DType };
  if (devices.includes(target)) return { device: target as DeviceName };
  if (target.startsWith("cuda")) throw noCuda();
  throw new ValueError(
    `Cannot convert to "${target}": it is neither a dtype (${dtypes.join(", ")}) nor a device (${devices.join(", ")})`,
  );
}

function noCuda(): DeviceError {
  return new DeviceError('Cannot move a tensor to CUDA: the GPU is reached through WebGPU here. Use to("webgpu")');
}

function copy_(x: Tensor, source: Tensor): Tensor {
  requireTensor("copy_", "source", source);
  return x.assign(clone(fitted("copy_", toDtype(toDevice(source, x.device), x.dtype), x.shape)), "copy_");
}

function fill_(x: Tensor, value: Scalar | Tensor): Tensor {
  if (!(value instanceof Tensor)) {
    const { node } = full(x.shape, value, { dtype: x.dtype, device: x.device });
    return x.assign(record("fill", node, [x], [(grad) => full(grad.shape, 0, like(grad))]), "fill_");
  }
  if (value.ndim > 0) {
    throw new ValueError(
      `Cannot fill_ with a tensor of shape [${value.shape.join(", ")}]: one number is needed. Use copy_`,
    );
  }
  return copy_(x, value);
}

/** The low bits of x as a signed number. */
function wrapped(x: Tensor, bits: number): Tensor {
  return bitwiseRightShift(bitwiseLeftShift(toDtype(x, "int32"), 32 - bits), 32 - bits);
}

function like(x: Tensor, options?: CreationOptions): CreationOptions {
  return { dtype: x.dtype, device: x.device, ...options };
}

const functions: Implementations<ConversionMethods> = {
  to,
  cpu: (x) => toDevice(x, "cpu"),
  cuda: () => {
    throw noCuda();
  },
  float: (x) => toDtype(x, "float32"),
  double: (x) => toDtype(x, "float64"),
  half: (x) => toDtype(x, "float16"),
  int: (x) => toDtype(x, "int32"),
  long: (x) => toDtype(x, "int32"),
  short: (x) => wrapped(x, 16),
  char: (x) => wrapped(x, 8),
  byte: (x) => toDtype(x, "uint8"),
  bool: (x) => toDtype(x, "bool"),
  type: toDtype,
  typeAs(x, other) {
    requireTensor("typeAs", "other", other);
    return toDtype(x, other.dtype);
  },
  clone,
  contiguous: (x) => x,
  resolveConj: (x) => x,
  resolveNeg: (x) => x,
  copy_,
  fill_,
  fillDiagonal_(x, value) {
    if (x.ndim !== 2) throw new ShapeError(`Cannot fillDiagonal_ of shape [${x.shape.join(", ")}]: it takes a matrix`);
    fill_(diagonal(x), value);
    return x;
  },
  zero_: (x) => fill_(x, 0),
  newTensor: (x, data, options) => tensor(data, like(x, options)),
  newZeros: (x, shape, options) => full(shape, 0, like(x, options)),
  newOnes: (x, shape, options) => full(shape, 1, like(x, options)),
  newEmpty: (x, shape, options) => full(shape, 0, like(x, options)),
  newEmptyStrided: (x, size, stride, options) => emptyStrided(size, stride, like(x, options)),
  newFull: (x, shape, value, options) => full(shape, value, like(x, options)),
};

/** Descriptors for the prototype. */
export const conversion: PropertyDescriptorMap = methods(functions);
