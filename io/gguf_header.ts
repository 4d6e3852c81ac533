/**
 * The header of a GGUF file: what it says of itself, and what tensors there are.
 *
 * @module
 */

import type { Source } from "../data/source.ts";
import { ValueError } from "../tensor/mod.ts";
import { ByteReader } from "./byte_reader.ts";
import { type BlockType, blockTypes } from "./gguf_blocks.ts";
import { MOST_DIMENSIONS, storedLength, type StoredType } from "./stored_types.ts";
import type { Located } from "./tensor_file.ts";

/** What a GGUF file says of itself under a name. Integers of 64 bits that no number holds are bigints. */
export type GgufValue = number | bigint | boolean | string | readonly GgufValue[];

/** A type of elements in a GGUF file, as llama.cpp calls it. */
export type GgufType =
  | "F64"
  | "F32"
  | "F16"
  | "BF16"
  | "I64"
  | "I32"
  | "I16"
  | "I8"
  | "Q4_0"
  | "Q4_1"
  | "Q5_0"
  | "Q5_1"
  | "Q8_0"
  | "Q2_K"
  | "Q3_K"
  | "Q4_K"
  | "Q5_K"
  | "Q6_K"
  | "Q8_K"
  | "IQ4_NL"
  | "IQ4_XS"
  | "MXFP4";

/** The types of elements by their numbers in a file; blocks share a scale. */
const types: Readonly<Record<number, GgufType>> = {
  0: "F32",
  1: "F16",
  2: "Q4_0",
  3: "Q4_1",
  6: "Q5_0",
  7: "Q5_1",
  8: "Q8_0",
  10: "Q2_K",
  11: "Q3_K",
  12: "Q4_K",
  13: "Q5_K",
  14: "Q6_K",
  15: "Q8_K",
  20: "IQ4_NL",
  23: "IQ4_XS",
  24: "I8",
  25: "I16",
  26: "I32",
  27: "I64",
  28: "F64",
  30: "BF16",
  39: "MXFP4",
};

/** Names of types that are not read. */
const unread: Readonly<Record<number, string>> = {
  4: "Q4_2",
  5: "Q4_3",
  9: "Q8_1",
  16: "IQ2_XXS",
  17: "IQ2_XS",
  18: "IQ3_XXS",
  19: "IQ1_S",
  21: "IQ3_S",
  22: "IQ2_S",
  29: "IQ1_M",
  34: "TQ1_0",
  35: "TQ2_0",
  40: "NVFP4",
};

/** Lists within lists: deeper ones are refused. */
const DEEPEST = 8;
/** What tensors are aligned to, unless the file says otherwise. */
const ALIGNMENT = 32;

/** What a header says. */
export interface GgufHeader {
  /** The version of the format: 2 or 3. */
  readonly version: number;
  /** Values by name. */
  readonly metadata: Readonly<Record<string, GgufValue>>;
  /** The tensors by name, in the order of the file. */
  readonly entries: ReadonlyMap<string, Located<GgufType>>;
}

/** The bytes that elements of a type and shape take; undefined where the rows are no whole blocks. */
export function ggufLength(type: GgufType, shape: readonly number[]): number | undefined {
  if (!(type in blockTypes)) return storedLength(type as StoredType, shape);
  const { elements, bytes } = blockTypes[type as BlockType], row = shape.at(-1) ?? 1;
  if (row % elements !== 0) return undefined;
  const blocks = storedLength("U8", [...shape.slice(0, -1), row / elements]);
  return blocks === undefined || !Number.isSafeInteger(blocks * bytes) ? undefined : blocks * bytes;
}

class HeaderReader {
  readonly #bytes: ByteReader;

  constructor(readonly source: Source) {
    this.#bytes = new ByteReader(source, () => this.refuse(`it ends at byte ${source.size}, within its header`));
  }

  refuse(reason: string): never {
    throw new ValueError(`Cannot read ${this.source.name} as GGUF: ${reason}`);
  }

  /** A number of things of at least `size` bytes each, of which the file has to have as many. */
  #count(what: string, size: number): number {
    const count = this.#bytes.u64();
    if (count * BigInt(size) > BigInt(this.#bytes.left)) this.refuse(`${count} ${what} in ${this.#bytes.left} bytes`);
    return Number(count);
  }

  #text(what: string): string {
    return this.#bytes.text(this.#count(`bytes of ${what}`, 1));
  }

  #integer(value: bigint): number | bigint {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  #truth(name: string): boolean {
    const byte = this.#bytes.u8();
    return byte > 1 ? this.refuse(`"${name}" is a truth value of ${byte}`) : byte === 1;
  }

  #value(type: number, name: string, depth = 0): GgufValue {
    switch (type) {
      case 0:
        return this.#bytes.u8();
      case 1:
        return this.#bytes.i8();
      case 2:
        return this.#bytes.u16();
      case 3:
        return this.#bytes.i16();
      case 4:
        return this.#bytes.u32();
      case 5:
        return this.#bytes.i32();
      case 6:
        return this.#bytes.f32();
      case 7:
        return this.#truth(name);
      case 8:
        return this.#text(`"${name}"`);
      case 9: {
        if (depth === DEEPEST) this.refuse(`"${name}" has lists in one another more than ${DEEPEST} deep`);
        const kind = this.#bytes.u32();
        const count = this.#count(`values of "${name}"`, SIZES[kind] ?? 1);
        return Array.from({ length: count }, () => this.#value(kind, name, depth + 1));
      }
      case 10:
        return this.#integer(this.#bytes.u64());
      case 11:
        return this.#integer(this.#bytes.i64());
      case 12:
        return this.#bytes.f64();
      default:
        return this.refuse(`"${name}" has a value of type ${type}, and 0 to 12 are known`);
    }
  }

  #metadata(count: number): Record<string, GgufValue> {
    const metadata = new Map<string, GgufValue>();
    for (let i = 0; i < count; i++) {
      const name = this.#text("a name");
      if (metadata.has(name)) this.refuse(`it says "${name}" twice`);
      metadata.set(name, this.#value(this.#bytes.u32(), name));
    }
    return Object.fromEntries(metadata);
  }

  /** A tensor, whose place is as yet counted from where the first one may begin. */
  #entry(): [name: string, entry: Located<GgufType>] {
    const name = this.#text("a name"), dimensions = this.#bytes.u32();
    if (dimensions > MOST_DIMENSIONS) {
      this.refuse(`"${name}" has ${dimensions} dimensions, and ${MOST_DIMENSIONS} are the most`);
    }
    // The fastest comes first in the file, and last here.
    const shape = Array.from({ length: dimensions }, () => Number(this.#bytes.u64())).reverse();
    const type = this.#bytes.u32(), start = Number(this.#bytes.u64());
    const dtype = types[type] ?? this.refuse(
      `"${name}" has elements of type ${unread[type] ?? type}, and ${Object.values(types).join(", ")} are read`,
    );
    const length = ggufLength(dtype, shape) ??
      this.refuse(`"${name}" has the shape [${shape.join(", ")}], which ${dtype} does not have`);
    return [name, { dtype, shape, start, length, source: this.source }];
  }

  read(): GgufHeader {
    if (this.source.size < 24 || this.#bytes.text(4) !== "GGUF") this.refuse("it does not begin as one");
    const version = this.#bytes.u32();
    if (version > 0xffff) this.refuse("its numbers are big-endian. Convert it with gguf_convert_endian.py");
    if (version !== 2 && version !== 3) this.refuse(`its version is ${version}, and 2 and 3 are read`);
    const count = this.#count("tensors", 24), metadata = this.#metadata(this.#count("values", 13));
    const entries = new Map<string, Located<GgufType>>();
    for (let i = 0; i < count; i++) {
      const [name, entry] = this.#entry();
      if (entries.has(name)) this.refuse(`it has two tensors "${name}"`);
      entries.set(name, entry);
    }
    const alignment = metadata["general.alignment"] ?? ALIGNMENT;
    if (typeof alignment !== "number" || !(alignment >= 1) || !Number.isInteger(Math.log2(alignment))) {
      return this.refuse(`its general.alignment is ${String(alignment).slice(0, 100)}, and expected a power of 2`);
    }
    return { version, metadata, entries: this.#placed(entries, alignment) };
  }

  /** The tensors with their places in the file, which do not overlap. */
  #placed(entries: ReadonlyMap<string, Located<GgufType>>, alignment: number): Map<string, Located<GgufType>> {
    const first = entries.size === 0 ? 0 : Math.ceil(this.#bytes.position / alignment) * alignment;
    const placed = [...entries].map(([name, entry]): [string, Located<GgufType>] => {
      if (entry.start % alignment !== 0) {
        this.refuse(`"${name}" begins ${entry.start} bytes in, no multiple of ${alignment}`);
      }
      const start = first + entry.start, end = start + entry.length;
      if (end > this.source.size) this.refuse(`"${name}" ends at byte ${end}, and the file at ${this.source.size}`);
      return [name, { ...entry, start }];
    });
    let end = 0;
    for (
      const [name, { start, length }] of [...placed].sort(([, a], [, b]) => a.start - b.start || a.length - b.length)
    ) {
      if (start < end) this.refuse(`"${name}" begins at byte ${start}, and what is before it ends at ${end}`);
      end = start + length;
    }
    return new Map(placed);
  }
}

/** Bytes of a value of each type, at least. */
const SIZES: Readonly<Record<number, number>> = { 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 8: 8, 9: 12, 10: 8, 11: 8, 12: 8 };

/** Reads a header, and holds it against itself and the length of the file. */
export function readGgufHeader(source: Source): GgufHeader {
  return new HeaderReader(source).read();
}
