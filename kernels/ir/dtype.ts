/**
 * Element types, and what each is on the host.
 *
 * PyTorch's int64 results (indices, counts, class labels) are int32 here: neither WGSL nor a typed array that mixes with
 * numbers has 64-bit integers.
 *
 * @module
 */

import { DeviceError } from "../errors.ts";

/** The type of a tensor's elements. */
export type DType = "float32" | "float64" | "float16" | "int32" | "uint32" | "uint8" | "bool";

/** The host array that holds elements of some dtype; bool is one byte an element, 0 or 1. */
export type TypedArray =
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>
  | Float16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

const constructors = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Float16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const;

/** Every dtype. */
export const DTYPES: readonly DType[] = Object.keys(constructors) as DType[];

/** Bytes of one element on the host and in a CPU buffer. */
export function itemSize(dtype: DType): number {
  return constructors[dtype].BYTES_PER_ELEMENT;
}

/** A zeroed host array of `length` elements. */
export function allocate(dtype: DType, length: number): TypedArray {
  try {
    return new constructors[dtype](length);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new DeviceError(
      `Cannot allocate ${length} elements of ${dtype} on the host: it has not that much memory. Use a smaller shape`,
      { cause: error },
    );
  }
}

/** A host array of `dtype` over `bytes`, without copying. */
export function viewBytes(dtype: DType, bytes: Uint8Array<ArrayBuffer>): TypedArray {
  const type = constructors[dtype];
  return new type(bytes.buffer, bytes.byteOffset, bytes.byteLength / type.BYTES_PER_ELEMENT);
}

/**
 * Whether values of `dtype` have a fraction.
 *
 * @example
 * ```ts
 * import { isFloat } from "@tensaur/tensaur";
 *
 * console.log(isFloat("float32"), isFloat("int32")); // true false
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/tensor_attributes.html}
 */
export function isFloat(dtype: DType): boolean {
  return dtype === "float32" || dtype === "float64" || dtype === "float16";
}

/** Whether `dtype` is a number type without fraction; bool is not. */
export function isInteger(dtype: DType): boolean {
  return dtype === "int32" || dtype === "uint32" || dtype === "uint8";
}

/** `value` as an element of `dtype` would hold it. */
export function roundTo(dtype: DType, value: number): number {
  switch (dtype) {
    case "float64":
      return value;
    case "float32":
      return Math.fround(value);
    case "float16":
      return Math.f16round(value);
    case "int32":
      return value | 0;
    case "uint32":
      return value >>> 0;
    case "uint8":
      return value & 255;
    case "bool":
      return value === 0 ? 0 : 1;
  }
}

/** The smallest and the largest value of a dtype; infinities for floats. They start `max` and `min` reductions. */
export function bounds(dtype: DType): { lowest: number; highest: number } {
  switch (dtype) {
    case "int32":
      return { lowest: -2147483648, highest: 2147483647 };
    case "uint32":
      return { lowest: 0, highest: 4294967295 };
    case "uint8":
      return { lowest: 0, highest: 255 };
    case "bool":
      return { lowest: 0, highest: 1 };
    default:
      return { lowest: -Infinity, highest: Infinity };
  }
}
