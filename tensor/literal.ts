/**
 * Values as a program writes them down: numbers, nested arrays, typed arrays; their shape, and the dtype they suggest.
 *
 * @module
 */

import { type DType, ShapeError, ValueError } from "../kernels/mod.ts";
import { getDefaultDtype } from "./promotion.ts";
import type { Tensor } from "./tensor.ts";

/** Host arrays of numbers. */
export type ArrayData =
  | Float64Array
  | Float32Array
  | Float16Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array
  | Uint8ClampedArray
  | BigInt64Array
  | BigUint64Array;

/** Arrays of arrays of … numbers, all of one length at each depth. */
export type NestedArray = readonly (number | boolean | bigint | NestedArray | ArrayData)[];

/** What `tensor` makes a tensor of. */
export type TensorData = number | boolean | bigint | NestedArray | ArrayData | Tensor;

/** The elements of a literal, row-major. */
export interface Elements {
  /** Its extents. */
  readonly shape: readonly number[];
  /** In order. */
  readonly values: ArrayLike<number | boolean | bigint>;
  /** The dtype when none is asked for. */
  readonly suggested: DType;
}

const arrayTypes: readonly (readonly [new (length: number) => ArrayData, DType])[] = [
  [Float64Array, "float64"],
  [Float32Array, "float32"],
  [Float16Array, "float16"],
  [Uint32Array, "uint32"],
  [Uint8Array, "uint8"],
  [Uint8ClampedArray, "uint8"],
];

function isArrayData(data: unknown): data is ArrayData {
  return ArrayBuffer.isView(data) && !(data instanceof DataView);
}

/** The dtype of a typed array's elements; 8-, 16- and 64-bit integers are int32 here. */
function arrayType(data: ArrayData): DType {
  return arrayTypes.find(([type]) => data instanceof type)?.[1] ?? "int32";
}

/** The elements of `data`; throws where its parts have different lengths. */
export function elementsOf(data: Exclude<TensorData, Tensor>): Elements {
  if (isArrayData(data)) return { shape: [data.length], values: data, suggested: arrayType(data) };
  const shape: number[] = [];
  // Along the first elements, down to what holds numbers.
  let inner: unknown = data, typed: ArrayData | undefined;
  for (; Array.isArray(inner) || isArrayData(inner); inner = inner[0]) {
    shape.push(inner.length);
    if (isArrayData(inner)) typed = inner;
  }
  const values: (number | boolean | bigint)[] = [];
  collect(data, shape, 0, values);
  return { shape, values, suggested: typed === undefined ? suggest(values) : arrayType(typed) };
}

function collect(part: unknown, shape: readonly number[], dim: number, values: (number | boolean | bigint)[]): void {
  if (dim < shape.length) {
    const length = Array.isArray(part) || isArrayData(part) ? part.length : undefined;
    if (length !== shape[dim]) {
      const found = length === undefined ? `${part}` : `a list of ${length}`;
      throw new ShapeError(
        `Cannot create a tensor: expected lists of ${shape[dim]} at dimension ${dim}, found ${found}`,
      );
    }
    for (const inner of part as ArrayLike<unknown> & Iterable<unknown>) collect(inner, shape, dim + 1, values);
    return;
  }
  if (typeof part === "number" || typeof part === "boolean" || typeof part === "bigint") {
    values.push(part);
  } else if (Array.isArray(part) || isArrayData(part)) {
    throw new ShapeError(
      `Cannot create a tensor: expected a number at dimension ${dim}, found a list of ${part.length}`,
    );
  } else {
    const kind = part === null
      ? "null"
      : part === undefined
      ? "undefined"
      : `a value of type ${part.constructor?.name ?? typeof part}`;
    throw new ValueError(`Cannot create a tensor from ${kind}: use numbers and booleans, or stack() for tensors`);
  }
}

function suggest(values: readonly (number | boolean | bigint)[]): DType {
  if (values.length === 0) return getDefaultDtype();
  let dtype: DType = "bool";
  for (const value of values) {
    if (typeof value === "number" && !Number.isInteger(value)) return getDefaultDtype();
    if (typeof value !== "boolean") dtype = "int32";
  }
  return dtype;
}
