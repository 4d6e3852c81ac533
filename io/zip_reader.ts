/**
 * Reading zip archives: the directory first, then single entries.
 *
 * @module
 */

import { builtin } from "../data/files.ts";
import type { Source } from "../data/source.ts";
import { ValueError } from "../tensor/mod.ts";
import { crc32 } from "./crc32.ts";

interface Entry {
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** Longer directories are refused. */
const LONGEST = 2 ** 28;
/** Compressed entries may unpack to this much, or to `RATIO` times the file. */
const UNPACKED = 2 ** 28, RATIO = 100;

const u64 = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));

/** A zip archive, ZIP64 included, of entries that are stored or deflated. */
export class ZipReader {
  readonly #source: Source;
  readonly #entries: ReadonlyMap<string, Entry>;
  /** Where each entry ends at the latest, by where it begins. */
  readonly #limits = new Map<number, number>();

  /** Reads the directory, and holds it against itself. */
  constructor(source: Source) {
    this.#source = source;
    const { count, length, start } = this.#locate();
    if (length > LONGEST || start + length > source.size || count * 46 > length) {
      this.#refuse(`its directory would have ${count} entries in ${length} bytes from ${start}`);
    }
    this.#entries = this.#directory(source.read(start, length), count);

    const sorted = [...this.#entries].sort(([, a], [, b]) => a.offset - b.offset);
    sorted.forEach(([name, { offset, packed }], i) => {
      const limit = sorted[i + 1]?.[1].offset ?? start;
      if (offset + 30 + packed > limit) this.#refuse(`the entry "${name}" overlaps what is behind it`);
      this.#limits.set(offset, limit);
    });
    const unpacked = sorted.reduce((sum, [, { method, size }]) => sum + (method === 0 ? 0 : size), 0);
    if (unpacked > UNPACKED && unpacked > RATIO * source.size) {
      this.#refuse(`${source.size} bytes would unpack to ${unpacked}`);
    }
  }

  #refuse(reason: string, cause?: unknown): never {
    throw new ValueError(`Cannot read ${this.#source.name} as a zip archive: ${reason}`, { cause });
  }

  #locate(): { count: number; length: number; start: number } {
    const { size } = this.#source;
    const tail = this.#source.read(Math.max(0, size - 65557), Math.min(size, 65557));
    const view = new DataView(tail.buffer);
    let at = tail.length - 22;
    while (
      at >= 0 && (view.getUint32(at, true) !== 0x06054b50 || at + 22 + view.getUint16(at + 20, true) > tail.length)
    ) {
      at--;
    }
    if (at < 0) this.#refuse("it has no directory. It is none, or truncated");
    const count = view.getUint16(at + 10, true);
    const length = view.getUint32(at + 12, true), start = view.getUint32(at + 16, true);
    if (count !== 0xffff && length !== 0xffffffff && start !== 0xffffffff) return { count, length, start };
    if (at < 20 || view.getUint32(at - 20, true) !== 0x07064b50) return { count, length, start };
    const place = u64(view, at - 12);
    if (!(place + 56 <= size)) this.#refuse(`its ZIP64 directory would begin at byte ${place} of ${size}`);
    const large = new DataView(this.#source.read(place, 56).buffer);
    if (large.getUint32(0, true) !== 0x06064b50) this.#refuse("its ZIP64 directory is damaged");
    return { count: u64(large, 32), length: u64(large, 40), start: u64(large, 48) };
  }

  #directory(bytes: Uint8Array<ArrayBuffer>, count: number): Map<string, Entry> {
    const view = new DataView(bytes.buffer), entries = new Map<string, Entry>();
    for (let i = 0, at = 0; i < count; i++) {
      if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) this.#refuse("its directory is damaged");
      const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) =>
        view.getUint16(at + place, true)
      ) as [
        number,
        number,
        number,
      ];
      const extra = at + 46 + nameLength, end = extra + extraLength + commentLength;
      if (end > bytes.length) this.#refuse("its directory is damaged");
      const name = new TextDecoder().decode(bytes.subarray(at + 46, extra));
      if (entries.has(name)) this.#refuse(`it has two entries "${name}"`);
      if (view.getUint16(at + 8, true) & 1) this.#refuse(`the entry "${name}" is encrypted`);
      const entry = {
        method: view.getUint16(at + 10, true),
        crc: view.getUint32(at + 16, true),
        ...largeFields(view, at, extra, extra + extraLength),
      };
      if (entry.method === 0 && entry.packed !== entry.size) this.#refuse(`the entry "${name}" has two lengths`);
      entries.set(name, entry);
      at = end;
    }
    return entries;
  }

  /** The names of the entries. */
  names(): string[] {
    return [...this.#entries.keys()];
  }

  /** The length of an entry as the directory states it; undefined where there is no such entry. */
  size(name: string): number | undefined {
    return this.#entries.get(name)?.size;
  }

  /** An entry, in a buffer of its own. */
  read(name: string): Uint8Array<ArrayBuffer> {
    const entry = this.#entries.get(name);
    if (entry === undefined) this.#refuse(`it has no entry "${name}"`);
    const { offset, packed, size, method, crc } = entry;
    const header = new DataView(this.#source.read(offset, 30).buffer);
    if (header.getUint32(0, true) !== 0x04034b50) this.#refuse(`the entry "${name}" is not where it should be`);
    const start = offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
    if (start + packed > this.#limits.get(offset)!) this.#refuse(`the entry "${name}" overlaps what is behind it`);
    const bytes = this.#source.read(start, packed);
    const content = method === 0 ? bytes : method === 8 ? this.#inflate(name, bytes, size) : undefined;
    if (content === undefined) this.#refuse(`the entry "${name}" is compressed by method ${method}, not by deflate`);
    if (content.length !== size || crc32(content) !== crc) this.#refuse(`the entry "${name}" is damaged`);
    return content;
  }

  #inflate(name: string, bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
    const { inflateRawSync } = builtin<
      { inflateRawSync(bytes: Uint8Array, options: { maxOutputLength: number }): Uint8Array<ArrayBuffer> }
    >("node:zlib", `uncompress "${name}"`);
    try {
      return new Uint8Array(inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) }));
    } catch (error) {
      this.#refuse(`the entry "${name}" is damaged`, error);
    }
  }
}

/** Lengths and place of an entry; those that do not fit in 32 bits are among the extra fields. */
function largeFields(view: DataView, at: number, extra: number, end: number): Omit<Entry, "method" | "crc"> {
  const fields = [24, 20, 42].map((place) => view.getUint32(at + place, true));
  for (let field = extra; field + 4 <= end;) {
    const next = field + 4 + view.getUint16(field + 2, true);
    if (view.getUint16(field, true) === 1) {
      let place = field + 4;
      fields.forEach((value, i) => {
        if (value !== 0xffffffff || place + 8 > Math.min(next, end)) return;
        fields[i] = u64(view, place);
        place += 8;
      });
    }
    field = next;
  }
  const [size, packed, offset] = fields as [number, number, number];
  return { size, packed, offset };
}
