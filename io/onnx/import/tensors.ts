/**
 * Tensors in ONNX files, and what they become here.
 *
 * @module
 */

import { availableDtype } from "../../../tensor/creation.ts";
import { type DeviceName, type DType, DTypeError, ShapeError, type Tensor, ValueError } from "../../../tensor/mod.ts";
import { storedLength, storedSize, storedTensor, type StoredType } from "../../stored_types.ts";
import { type TensorProto, TensorType } from "../model.ts";
import { HostArray, narrowed, rounded } from "./values.ts";

/** Gives bytes of another file: its name, where they start, and how many there are if that is told. */
export type ExternalData = (location: string, offset: number, length: number | undefined) => Uint8Array;

/** What types of elements are called, by number; those of 4 bits and texts are none that files of weights have. */
const storedTypes: Readonly<Record<number, StoredType>> = {
  [TensorType.FLOAT]: "F32",
  [TensorType.UINT8]: "U8",
  [TensorType.INT8]: "I8",
  [TensorType.UINT16]: "U16",
  [TensorType.INT16]: "I16",
  [TensorType.INT32]: "I32",
  [TensorType.INT64]: "I64",
  [TensorType.BOOL]: "BOOL",
  [TensorType.FLOAT16]: "F16",
  [TensorType.DOUBLE]: "F64",
  [TensorType.UINT32]: "U32",
  [TensorType.UINT64]: "U64",
  [TensorType.BFLOAT16]: "BF16",
  [TensorType.FLOAT8E4M3FN]: "F8_E4M3",
  [TensorType.FLOAT8E5M2]: "F8_E5M2",
};

const dtypes: Partial<Record<StoredType, DType>> = {
  F64: "float64",
  F16: "float16",
  U64: "uint32",
  U32: "uint32",
  U8: "uint8",
  BOOL: "bool",
  I64: "int32",
  I32: "int32",
  I16: "int32",
  U16: "int32",
  I8: "int32",
};

/** The name of a type of elements, as ONNX writes it; of one that is not told, its number. */
export function typeName(type: number): string {
  const found = Object.entries(TensorType).find(([, number]) => number === type && number !== TensorType.UNDEFINED);
  return found === undefined ? `type ${type}` : found[0].toLowerCase();
}

/** The dtype that elements of a type have here, on a device. */
export function dtypeOf(type: number, device: DeviceName): DType {
  const stored = storedTypes[type];
  const packed = type === TensorType.INT4 ? "int32" : type === TensorType.UINT4 ? "uint8" : undefined;
  if (stored === undefined && packed === undefined) {
    throw new DTypeError(`elements of ${typeName(type)} have no dtype here`);
  }
  return packed ?? availableDtype(dtypes[stored!] ?? "float32", { device });
}

/** The typed field of a tensor that elements of a type are in, if they are not raw. */
function typedField({ dataType: type, ...tensor }: TensorProto): ArrayBufferView | undefined {
  switch (type) {
    case TensorType.FLOAT:
      return tensor.floatData;
    case TensorType.DOUBLE:
      return tensor.doubleData;
    case TensorType.INT64:
      return tensor.int64Data;
    case TensorType.UINT64:
      return tensor.uint64Data;
    case TensorType.UINT32:
      return tensor.uint64Data && Uint32Array.from(tensor.uint64Data, Number);
    case TensorType.INT32:
      return tensor.int32Data;
    case TensorType.INT16:
    case TensorType.UINT16:
    case TensorType.FLOAT16:
    case TensorType.BFLOAT16:
      return tensor.int32Data && Uint16Array.from(tensor.int32Data);
    default:
      return tensor.int32Data && Uint8Array.from(tensor.int32Data);
  }
}

function integerField(fields: Readonly<Record<string, string>>, name: string): number | undefined {
  const text = fields[name];
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ValueError(`its external data has the ${name} ${JSON.stringify(text)}`);
}

function bytesOf(tensor: TensorProto, length: number, external: ExternalData): Uint8Array {
  if (tensor.dataLocation === 1) {
    const fields = tensor.externalData ?? {}, { location } = fields;
    if (location === undefined) throw new ValueError("its data is external, and nothing says where");
    const told = integerField(fields, "length");
    if (told !== undefined && told !== length) {
      throw new ShapeError(`its external data has ${told} bytes, not ${length}`);
    }
    return external(location, integerField(fields, "offset") ?? 0, length);
  }
  const field = tensor.rawData ?? typedField(tensor);
  return field === undefined ? new Uint8Array() : new Uint8Array(field.buffer, field.byteOffset, field.byteLength);
}

/** Numbers of 4 bits, the lower half of a byte first, as bytes. */
function unpacked(tensor: TensorProto, count: number, external: ExternalData): Uint8Array<ArrayBuffer> {
  const bytes = bytesOf(tensor, Math.ceil(count / 2), external), signed = tensor.dataType === TensorType.INT4;
  return Uint8Array.from({ length: count }, (_, i) => {
    const half = bytes[i >> 1]! >> (i % 2 === 0 ? 0 : 4) & 15;
    return signed ? half << 28 >> 28 : half;
  });
}

interface Elements {
  readonly type: StoredType;
  readonly shape: readonly number[];
  /** A copy, little-endian, at the start of its buffer. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The elements of a tensor, after a check that they are as many as its shape says: nothing is allocated before it. */
function elementsOf(tensor: TensorProto, external: ExternalData): Elements {
  const { dims, dataType } = tensor, fourBits = dataType === TensorType.INT4 || dataType === TensorType.UINT4;
  const type = fourBits ? dataType === TensorType.INT4 ? "I8" : "U8" : storedTypes[dataType];
  if (type === undefined) throw new DTypeError(`it has elements of ${typeName(dataType)}, which have no dtype here`);
  const length = storedLength(type, dims);
  if (length === undefined || dims.length > 64) {
    throw new ShapeError(`it has the shape [${dims.slice(0, 64).join(", ")}], which no tensor can have`);
  }
  const count = length / storedSize(type), expected = fourBits ? Math.ceil(count / 2) : length;
  const found = bytesOf(tensor, expected, external);
  if (found.length !== expected) {
    throw new ShapeError(
      `it has the shape [${dims.join(", ")}], ${expected} bytes of ${
        typeName(dataType)
      }, but ${found.length} bytes of data`,
    );
  }
  return { type, shape: dims, bytes: fourBits ? unpacked(tensor, count, external) : new Uint8Array(found) };
}

/** The elements of a small tensor as numbers; 64-bit integers beyond 2^53 become the nearest. */
export function hostArrayOf(tensor: TensorProto, device: DeviceName, external: ExternalData): HostArray {
  const { type, shape, bytes } = elementsOf(tensor, external), dtype = dtypeOf(tensor.dataType, device);
  if (type === "I64") return new HostArray(shape, dtype, Array.from(new BigInt64Array(bytes.buffer), Number));
  if (type === "U64") return new HostArray(shape, dtype, Array.from(new BigUint64Array(bytes.buffer), Number));
  const elements = storedTensor(bytes, type, [bytes.length / storedSize(type)], { device: "cpu" }, "it").dataSync();
  return new HostArray(shape, dtype, Array.from(elements, (value) => rounded(Number(value), dtype)));
}

/** A tensor of a file as one of a device. */
export function readTensor(proto: TensorProto, device: DeviceName, external: ExternalData): Tensor {
  const { type, shape, bytes } = elementsOf(proto, external);
  if (type !== "I64") return storedTensor(bytes, type, shape, { device }, "it");
  const integers = new BigInt64Array(bytes.buffer), into = new Int32Array(integers.length);
  for (let i = 0; i < into.length; i++) {
    const fits = narrowed(Number(integers[i]!));
    if (fits === undefined) {
      throw new ValueError(
        `its element ${i} is ${integers[i]}, and 64-bit integers become int32, which does not hold it`,
      );
    }
    into[i] = fits;
  }
  return storedTensor(new Uint8Array(into.buffer), "I32", shape, { device }, "it");
}
