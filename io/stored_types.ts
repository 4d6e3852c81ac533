/**
 * The types of elements in files, and the tensors that they become.
 *
 * @module
 */

import { adopted, availableDtype } from "../tensor/creation.ts";
import { type DeviceName, type DType, type Tensor, type TypedArray, ValueError } from "../tensor/mod.ts";
import { smallFloats } from "./small_floats.ts";

/** A type of elements in a file, as safetensors calls it; C128, which it does not have, is a complex number of two F64. */
export type StoredType =
  | "C128"
  | "C64"
  | "F64"
  | "F32"
  | "F16"
  | "BF16"
  | "F8_E4M3"
  | "F8_E5M2"
  | "F8_E4M3FNUZ"
  | "F8_E5M2FNUZ"
  | "F8_E8M0"
  | "F6_E2M3"
  | "F6_E3M2"
  | "F4"
  | "I64"
  | "I32"
  | "I16"
  | "I8"
  | "U64"
  | "U32"
  | "U16"
  | "U8"
  | "BOOL";

/** Options of everything that reads tensors. */
export interface ReadOptions {
  /** Where the tensors are put; the default device by default. */
  readonly device?: DeviceName;
}

type Elements = readonly [dtype: DType, elements: TypedArray];
/** What elements become; the type is F64 or F16 only where the device has float64 or float16, else the elements become float32. */
type Decoder = (bytes: Uint8Array<ArrayBuffer>, options: ReadOptions, label: string) => Elements;

const bits: Readonly<Record<StoredType, number>> = {
  C128: 128,
  C64: 64,
  F64: 64,
  F32: 32,
  F16: 16,
  BF16: 16,
  F8_E4M3: 8,
  F8_E5M2: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  F8_E8M0: 8,
  F6_E2M3: 6,
  F6_E3M2: 6,
  F4: 4,
  I64: 64,
  I32: 32,
  I16: 16,
  I8: 8,
  U64: 64,
  U32: 32,
  U16: 16,
  U8: 8,
  BOOL: 8,
};

/** Bytes of one element; a fraction where several share a byte. */
export function storedSize(type: StoredType): number {
  return bits[type] / 8;
}

/** The type under a name that a safetensors file gives; undefined where there is none of that name. */
export function storedType(name: unknown): StoredType | undefined {
  return typeof name === "string" && name !== "C128" && Object.hasOwn(bits, name) ? name as StoredType : undefined;
}

/** How a file writes elements of a dtype. */
export const typeOfDtype: Readonly<Record<DType, StoredType>> = {
  float64: "F64",
  float32: "F32",
  float16: "F16",
  int32: "I32",
  uint32: "U32",
  uint8: "U8",
  bool: "BOOL",
};

function bfloat16(bytes: Uint8Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const halves = new Uint16Array(bytes.buffer), words = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) words[i] = halves[i]! << 16;
  return new Float32Array(words.buffer);
}

/** Puts 64-bit integers in 32 bits; the position of the first that does not fit, or -1. */
function narrowed(bytes: Uint8Array<ArrayBuffer>, into: Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): number {
  const words = new Uint32Array(bytes.buffer), signed = into instanceof Int32Array;
  for (let i = 0; i < into.length; i++) {
    const low = words[2 * i]!, high = words[2 * i + 1]!;
    if (high !== (signed ? low >> 31 >>> 0 : 0)) return i;
    into[i] = low;
  }
  return -1;
}

/** 64-bit integers, of which there are none here, in the first of the types that holds them all. */
function integers64(
  bytes: Uint8Array<ArrayBuffer>,
  candidates: readonly ("int32" | "uint32")[],
  label: string,
): Elements {
  let misfit = -1;
  for (const dtype of candidates) {
    const into = dtype === "int32" ? new Int32Array(bytes.length / 8) : new Uint32Array(bytes.length / 8);
    misfit = narrowed(bytes, into);
    if (misfit < 0) return [dtype, into];
  }
  const view = new DataView(bytes.buffer), signed = candidates.includes("int32");
  const value = signed ? view.getBigInt64(8 * misfit, true) : view.getBigUint64(8 * misfit, true);
  throw new ValueError(
    `Cannot read ${label}: its element ${misfit} is ${value}, and 64-bit integers become ${
      candidates.join(" or ")
    }, which ` +
      "does not hold all of them. Store such numbers as F64",
  );
}

const float64: Decoder = ({ buffer }, options) =>
  availableDtype("float64", options) === "float64"
    ? ["float64", new Float64Array(buffer)]
    : ["float32", new Float32Array(new Float64Array(buffer))];

const float6: Decoder = (_, __, label) => {
  throw new ValueError(
    `Cannot read ${label}: its elements are floats of 6 bits, and how they lie in bytes is not written down. ` +
      "Store them as F8_E4M3 or BF16",
  );
};

const decoders: Readonly<Record<StoredType, Decoder>> = {
  C128: float64,
  C64: ({ buffer }) => ["float32", new Float32Array(buffer)],
  F64: float64,
  F32: ({ buffer }) => ["float32", new Float32Array(buffer)],
  F16: ({ buffer }, options) =>
    availableDtype("float16", options) === "float16"
      ? ["float16", new Float16Array(buffer)]
      : ["float32", new Float32Array(new Float16Array(buffer))],
  BF16: (bytes) => ["float32", bfloat16(bytes)],
  F8_E4M3: (bytes) => ["float32", smallFloats("F8_E4M3", bytes)],
  F8_E5M2: (bytes) => ["float32", smallFloats("F8_E5M2", bytes)],
  F8_E4M3FNUZ: (bytes) => ["float32", smallFloats("F8_E4M3FNUZ", bytes)],
  F8_E5M2FNUZ: (bytes) => ["float32", smallFloats("F8_E5M2FNUZ", bytes)],
  F8_E8M0: (bytes) => ["float32", smallFloats("F8_E8M0", bytes)],
  F6_E2M3: float6,
  F6_E3M2: float6,
  F4: (bytes) => ["float32", smallFloats("F4", bytes)],
  I64: (bytes, _, label) => integers64(bytes, ["int32", "uint32"], label),
  I32: ({ buffer }) => ["int32", new Int32Array(buffer)],
  I16: ({ buffer }) => ["int32", new Int32Array(new Int16Array(buffer))],
  I8: ({ buffer }) => ["int32", new Int32Array(new Int8Array(buffer))],
  U64: (bytes, _, label) => integers64(bytes, ["uint32"], label),
  U32: ({ buffer }) => ["uint32", new Uint32Array(buffer)],
  U16: ({ buffer }) => ["int32", new Int32Array(new Uint16Array(buffer))],
  U8: (bytes) => ["uint8", bytes],
  BOOL: (bytes) => {
    for (let i = 0; i < bytes.length; i++) bytes[i] = Number(bytes[i] !== 0);
    return ["bool", bytes];
  },
};

/** A tensor has no more dimensions than in PyTorch. */
export const MOST_DIMENSIONS = 64;

/** Whether elements are complex numbers, which become one more dimension of two: the real and the imaginary parts. */
export function isComplex(type: StoredType): boolean {
  return type === "C64" || type === "C128";
}

/**
 * The tensor of little-endian elements. `bytes` begins its buffer and fills it, and belongs to the tensor from here on; `label` is
 * what messages call it.
 */
export function storedTensor(
  bytes: Uint8Array<ArrayBuffer>,
  type: StoredType,
  shape: readonly number[],
  options: ReadOptions,
  label: string,
): Tensor {
  if (shape.length > MOST_DIMENSIONS) {
    throw new ValueError(
      `Cannot read ${label}: it has ${shape.length} dimensions, and ${MOST_DIMENSIONS} are the most`,
    );
  }
  const [dtype, elements] = decoders[type](bytes, options, label);
  return adopted(elements, isComplex(type) ? [...shape, 2] : shape, dtype, options);
}

/** Bytes that elements of a type and shape take; undefined where that is no number that a file can have. */
export function storedLength(type: StoredType, shape: readonly number[]): number | undefined {
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) return undefined;
  const length = shape.includes(0) ? 0 : shape.reduce((product, extent) => product * extent, bits[type]) / 8;
  return Number.isSafeInteger(length) ? length : undefined;
}

/** Bytes of a tensor's elements. */
export function tensorLength(x: Tensor): number {
  return x.numel() * x.elementSize();
}

/** The elements of a tensor, row-major and little-endian. */
export function tensorBytes(x: Tensor): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = x.dataSync();
  return new Uint8Array(buffer, byteOffset, byteLength);
}
