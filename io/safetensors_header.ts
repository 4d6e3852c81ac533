/**
 * The header of a safetensors file: what tensors there are, and where.
 *
 * @module
 */

import type { Source } from "../data/source.ts";
import { type Tensor, ValueError } from "../tensor/mod.ts";
import { storedLength, storedSize, type StoredType, storedType, typeOfDtype } from "./stored_types.ts";
import type { TensorEntry } from "./tensor_file.ts";

/** A tensor in a file. */
export type SafetensorsEntry = TensorEntry<StoredType>;

/** What a header says. */
export interface SafetensorsHeader {
  /** The tensors by name, in the order of the header. */
  readonly entries: ReadonlyMap<string, SafetensorsEntry>;
  /** Texts by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Longer headers are refused, as the reference implementation does. */
const LONGEST = 100_000_000;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

/** A key that an object of valid JSON has twice, of which `JSON.parse` would keep the last; undefined where there is none. */
function keyTwice(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (token.endsWith(":")) {
      const key: string = JSON.parse(token.slice(0, -1)), keys = open.at(-1)!;
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

/** JSON that should be an object. */
export function jsonRecord(bytes: Uint8Array, name: string, what: string): Record<string, unknown> {
  let text: string, parsed: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new ValueError(`Cannot read ${name}: ${what} is not JSON`, { cause });
  }
  if (!isRecord(parsed)) throw new ValueError(`Cannot read ${name}: ${what} is not a JSON object`);
  const twice = keyTwice(text);
  if (twice !== undefined) throw new ValueError(`Cannot read ${name}: ${what} has "${twice}" twice`);
  return parsed;
}

/** Texts by name; throws where something else is among them. */
function texts(value: unknown, name: string): Record<string, string> {
  if (isRecord(value) && Object.values(value).every((text) => typeof text === "string")) {
    return value as Record<string, string>;
  }
  throw new ValueError(`Cannot read ${name}: its __metadata__ holds something else than texts`);
}

/** Reads a header, and holds it against itself and the length of the file. */
export function readHeader(source: Source): SafetensorsHeader {
  const { name, size } = source;
  const refuse = (reason: string): never => {
    throw new ValueError(`Cannot read ${name} as safetensors: ${reason}`);
  };
  if (size < 8) refuse(`it has ${size} bytes, and the length of the header alone takes 8`);
  const length = Number(new DataView(source.read(0, 8).buffer).getBigUint64(0, true));
  if (length > LONGEST) refuse(`a header of ${length} bytes; at most ${LONGEST} are allowed`);
  if (8 + length > size) refuse(`a header of ${length} bytes in a file of ${size}`);
  const header = jsonRecord(source.read(8, length), name, "the header");

  const entries = new Map<string, SafetensorsEntry>();
  for (const [key, value] of Object.entries(header)) {
    if (key === "__metadata__") continue;
    const fields = isRecord(value) ? value : refuse(`the header says nothing of "${key}"`);
    const { shape, data_offsets: offsets } = fields;
    const dtype = storedType(fields.dtype) ?? refuse(`"${key}" has elements of type ${JSON.stringify(fields.dtype)}`);
    if (!isNumbers(shape)) return refuse(`"${key}" has the shape ${JSON.stringify(shape)}`);
    if (!isNumbers(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
      return refuse(`"${key}" has the data_offsets ${JSON.stringify(offsets)}`);
    }
    const [begin, end] = offsets as [number, number];
    if (8 + length + end > size) refuse(`"${key}" ends at byte ${8 + length + end}, and the file at ${size}`);
    if (storedLength(dtype, shape) !== end - begin) {
      refuse(`"${key}" has ${end - begin} bytes, which ${dtype} of shape [${shape.join(", ")}] does not have`);
    }
    entries.set(key, { dtype, shape, start: 8 + length + begin, length: end - begin });
  }

  // Every byte belongs to one tensor: nothing overlaps, and nothing is hidden.
  let at = 8 + length;
  for (
    const [key, { start, length }] of [...entries].sort(([, a], [, b]) => a.start - b.start || a.length - b.length)
  ) {
    if (start !== at) refuse(`"${key}" begins at byte ${start}, and what is before it ends at ${at}`);
    at += length;
  }
  if (at !== size) refuse(`the tensors end at byte ${at}, and the file at ${size}`);
  return { entries, metadata: header.__metadata__ === undefined ? {} : texts(header.__metadata__, name) };
}

/** Types in the order of the reference implementation, which writes the last first: what needs most alignment. */
const order: readonly StoredType[] = ["BOOL", "U8", "F16", "I32", "U32", "F32", "F64"];

/** By the bytes of the text in UTF-8, which JavaScript's own order of texts is not. */
export function compareText(a: string, b: string): number {
  const x = [...a], y = [...b];
  const i = x.findIndex((character, i) => character !== y[i]);
  return i < 0 ? x.length - y.length : x[i]!.codePointAt(0)! - (y[i]?.codePointAt(0) ?? -1);
}

/** Tensors in the order in which they are written. */
export function writingOrder(state: Readonly<Record<string, Tensor>>): [name: string, tensor: Tensor][] {
  const rank = ({ dtype }: Tensor): number => order.indexOf(typeOfDtype[dtype]);
  return Object.entries(state).sort(([a, x], [b, y]) => rank(y) - rank(x) || compareText(a, b));
}

/** The header, its length before it, and spaces behind it up to a multiple of 8. */
export function headerBytes(
  tensors: readonly (readonly [string, Tensor])[],
  metadata: Readonly<Record<string, string>> | undefined,
): Uint8Array<ArrayBuffer> {
  let at = 0;
  const parts = tensors.map(([name, x]) => {
    const dtype = typeOfDtype[x.dtype], begin = at;
    at += storedSize(dtype) * x.numel();
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape: [...x.shape], data_offsets: [begin, at] })}`;
  });
  if (metadata !== undefined) parts.unshift(`"__metadata__":${JSON.stringify(metadata)}`);
  const text = new TextEncoder().encode(`{${parts.join(",")}}`);
  const bytes = new Uint8Array(8 + Math.ceil(text.length / 8) * 8).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(bytes.length - 8), true);
  bytes.set(text, 8);
  return bytes;
}
