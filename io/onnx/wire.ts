/**
 * A look over the bytes of an ONNX file before they are decoded: every field has the form that the decoder takes it to have and lies
 * within its message, nesting is bounded, and so is what decoding will allocate. Files come from strangers, and the decoder trusts them.
 *
 * @module
 */

import { ValueError } from "../../tensor/mod.ts";

/** How a field is written: a text or bytes, one number, or many, packed or not; or a message. */
type Form = "bytes" | "float" | "int32" | "int64" | "floats" | "doubles" | "int32s" | "int64s" | Nested;
type Nested = readonly [name: string, message: () => Message];
type Message = Readonly<Record<number, Form>>;

/** Messages in messages that a file may have: a graph in a branch takes three. */
const DEEPEST = 96;
/** Fields that a file may have. */
const MOST_FIELDS = 2 ** 22;
/** Numbers that a file may have in lists, outside raw data; those of 64 bits count four times, as they take as much memory. */
const MOST_NUMBERS = 2 ** 26;

/** Fields that are texts or bytes, by number. */
const texts = (...fields: readonly number[]): Message =>
  Object.fromEntries(fields.map((field): [number, Form] => [field, "bytes"]));

const entry: Message = texts(1, 2);
const opset: Message = { 1: "bytes", 2: "int64" };
const segment: Message = { 1: "int64", 2: "int64" };
const tensor: Message = {
  ...texts(6, 8, 9, 12),
  1: "int64s",
  2: "int32",
  3: ["segment", () => segment],
  4: "floats",
  5: "int32s",
  7: "int64s",
  10: "doubles",
  11: "int64s",
  13: ["external_data", () => entry],
  14: "int32",
};
const sparse: Message = { 1: ["values", () => tensor], 2: ["indices", () => tensor], 3: "int64s" };
const dimension: Message = { ...texts(2, 3), 1: "int64" };
const shape: Message = { 1: ["dim", () => dimension] };
const tensorType: Message = { 1: "int32", 2: ["shape", () => shape] };
const listType: Message = { 1: ["elem_type", () => type] };
const mapType: Message = { 1: "int32", 2: ["value_type", () => type] };
const type: Message = {
  1: ["tensor_type", () => tensorType],
  4: ["sequence_type", () => listType],
  5: ["map_type", () => mapType],
  6: "bytes",
  8: ["sparse_tensor_type", () => tensorType],
  9: ["optional_type", () => listType],
};
const valueInfo: Message = { ...texts(1, 3), 2: ["type", () => type] };
const attribute: Message = {
  ...texts(1, 4, 9, 13, 21),
  2: "float",
  3: "int64",
  5: ["t", () => tensor],
  6: ["g", () => graph],
  7: "floats",
  8: "int64s",
  10: ["tensors", () => tensor],
  11: ["graphs", () => graph],
  14: ["tp", () => type],
  15: ["type_protos", () => type],
  20: "int32",
  22: ["sparse_tensor", () => sparse],
  23: ["sparse_tensors", () => sparse],
};
const node: Message = { ...texts(1, 2, 3, 4, 6, 7), 5: ["attribute", () => attribute] };
const annotation: Message = { 1: "bytes", 2: ["quant_parameter_tensor_names", () => entry] };
const graph: Message = {
  ...texts(2, 10),
  1: ["node", () => node],
  5: ["initializer", () => tensor],
  11: ["input", () => valueInfo],
  12: ["output", () => valueInfo],
  13: ["value_info", () => valueInfo],
  14: ["quantization_annotation", () => annotation],
  15: ["sparse_initializer", () => sparse],
};
const training: Message = {
  1: ["initialization", () => graph],
  2: ["algorithm", () => graph],
  3: ["initialization_binding", () => entry],
  4: ["update_binding", () => entry],
};
const definition: Message = {
  ...texts(1, 4, 5, 6, 8, 10),
  7: ["node", () => node],
  9: ["opset_import", () => opset],
};
const model: Message = {
  ...texts(2, 3, 4, 6),
  1: "int64",
  5: "int64",
  7: ["graph", () => graph],
  8: ["opset_import", () => opset],
  14: ["metadata_props", () => entry],
  20: ["training_info", () => training],
  25: ["functions", () => definition],
};

/** What follows a field's number: a number in 7-bit groups, 8 bytes, a length and as many bytes, 4 bytes. */
const VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5;
const wireTypes = { bytes: BYTES, float: FIXED32, int32: VARINT, int64: VARINT } as const;
const listElements = {
  floats: { wireType: FIXED32, cost: 1 },
  doubles: { wireType: FIXED64, cost: 1 },
  int32s: { wireType: VARINT, cost: 1 },
  int64s: { wireType: VARINT, cost: 4 },
} as const;

/** Throws a `ValueError` that names the place unless the bytes are a model's within bounds; `file` is what messages call it. */
export function checkWire(bytes: Uint8Array, file: string): void {
  let at = 0, fields = 0, numbers = 0;
  const path: string[] = [];
  const fail = (why: string): never => {
    throw new ValueError(`Cannot read ${file} as ONNX: ${path.join(".") || "the model"} ${why}`);
  };
  const damaged = (): never => fail(`is truncated or damaged at byte ${at}`);

  /** The decoder takes 32-bit numbers to have at most 5 bytes, or 10. */
  function varint(end: number, narrow: boolean): number {
    let value = 0, scale = 1;
    for (let length = 1; length <= 10 && at < end; length++, scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return narrow && length > 5 && length < 10 ? damaged() : value;
    }
    return damaged();
  }
  function skip(count: number, end: number): void {
    if (count > end - at) damaged();
    at += count;
  }
  function single(wireType: number, form: Form | undefined, end: number): void {
    if (wireType === VARINT) varint(end, form === "int32" || form === "int32s");
    else if (wireType === FIXED64) skip(8, end);
    else if (wireType === FIXED32) skip(4, end);
    else damaged();
  }
  function packed(form: keyof typeof listElements, end: number): void {
    const { wireType, cost } = listElements[form];
    while (at < end) {
      numbers += cost;
      if (numbers > MOST_NUMBERS) fail(`holds too much: there may be ${MOST_NUMBERS} numbers outside raw data`);
      single(wireType, form, end);
    }
  }
  function check(message: Message, end: number): void {
    const counts: Record<number, number> = {};
    while (at < end) {
      if (++fields > MOST_FIELDS) fail(`holds too much: a model may have ${MOST_FIELDS} fields`);
      const tag = varint(end, true), field = Math.floor(tag / 8), wireType = tag % 8, form = message[field];
      if (field === 0 || tag >= 2 ** 32) damaged();
      const list = typeof form === "string" && form in listElements;
      const expected = form === undefined
        ? wireType
        : typeof form !== "string"
        ? BYTES
        : list
        ? listElements[form as keyof typeof listElements].wireType
        : wireTypes[form as keyof typeof wireTypes];
      if (wireType !== expected && !(list && wireType === BYTES)) damaged();
      if (wireType !== BYTES) {
        single(wireType, form, end);
        continue;
      }
      const length = varint(end, true);
      if (length > end - at || length >= 2 ** 32) damaged();
      if (form === undefined || form === "bytes") at += length;
      else if (typeof form === "string") packed(form as keyof typeof listElements, at + length);
      else {
        if (path.length === DEEPEST) fail(`is nested more than ${DEEPEST} deep`);
        const position = counts[field] = (counts[field] ?? -1) + 1;
        path.push(`${form[0]}[${position}]`);
        check(form[1](), at + length);
        path.pop();
      }
    }
  }
  if (bytes.length === 0) fail("is empty");
  check(model, bytes.length);
}
