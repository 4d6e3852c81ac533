/**
 * Writing zip archives of stored entries, one entry in memory at a time.
 *
 * @module
 */

import { type Content, release } from "./content.ts";
import { crc32 } from "./crc32.ts";

/** An entry to be written. */
export interface ZipEntry {
  /** Its path in the archive. */
  readonly name: string;
  /** Its length in bytes. */
  readonly length: number;
  /** Its bytes, which are freed when they are written. */
  bytes(): Uint8Array<ArrayBuffer>;
}

/** Numbers from here on do not fit in the fields of a plain zip archive. */
const LARGE = 0xffffffff;
/** Where entries begin, as in PyTorch's archives: so files can be mapped into memory. */
const ALIGNMENT = 64;

/** Little-endian fields of 2, 4 or 8 bytes, one after the other. */
function fields(...list: readonly (readonly [bytes: 2 | 4 | 8, value: number])[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(list.reduce((sum, [bytes]) => sum + bytes, 0)));
  let at = 0;
  for (const [bytes, value] of list) {
    if (bytes === 2) view.setUint16(at, value, true);
    else if (bytes === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += bytes;
  }
  return new Uint8Array(view.buffer);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** What the two headers of an entry have in common: version, UTF-8 names, stored, no date (1 January 1980), checksum, lengths. */
function common(crc: number, length: number, name: Uint8Array, extra: number): Uint8Array {
  const short = Math.min(length, LARGE);
  return fields(
    [2, length >= LARGE ? 45 : 20],
    [2, 0x800],
    [2, 0],
    [2, 0],
    [2, 33],
    [4, crc],
    [4, short],
    [4, short],
    [2, name.length],
    [2, extra],
  );
}

/** The extra field behind the local header: lengths that are large, and bytes up to the next multiple of the alignment. */
function localExtra(start: number, length: number): Uint8Array {
  const large = length >= LARGE ? fields([2, 1], [2, 16], [8, length], [8, length]) : new Uint8Array();
  const padding = (ALIGNMENT - (start + large.length + 4) % ALIGNMENT) % ALIGNMENT;
  return joined(large, fields([2, 0x4246], [2, padding]), new Uint8Array(padding).fill(0x5a));
}

function directoryEntry(name: Uint8Array, crc: number, length: number, offset: number): Uint8Array {
  const large = [...(length >= LARGE ? [length, length] : []), ...(offset >= LARGE ? [offset] : [])];
  const extra = large.length === 0
    ? new Uint8Array()
    : fields([2, 1], [2, 8 * large.length], ...large.map((value) => [8, value] as const));
  return joined(
    fields([4, 0x02014b50], [2, large.length === 0 ? 20 : 45]),
    common(crc, length, name, extra.length),
    fields([2, 0], [2, 0], [2, 0], [4, 0], [4, Math.min(offset, LARGE)]),
    name,
    extra,
  );
}

/** What is behind the directory: its place. */
function ending(count: number, length: number, start: number): Uint8Array {
  const end = fields(
    [4, 0x06054b50],
    [4, 0],
    [2, Math.min(count, 0xffff)],
    [2, Math.min(count, 0xffff)],
    [4, Math.min(length, LARGE)],
    [4, Math.min(start, LARGE)],
    [2, 0],
  );
  if (count < 0xffff && length < LARGE && start < LARGE) return end;
  const large = fields([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [8, 0], [8, count], [8, count], [8, length], [
    8,
    start,
  ]);
  return joined(large, fields([4, 0x07064b50], [4, 0], [8, start + length], [4, 1]), end);
}

/**
 * A zip archive of entries, in their order.
 *
 * @see {@link https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT}
 */
export function zipContent(entries: readonly ZipEntry[]): Content {
  const encoder = new TextEncoder();
  let at = 0;
  const placed = entries.map((entry) => {
    const name = encoder.encode(entry.name), offset = at;
    const extra = localExtra(offset + 30 + name.length, entry.length);
    at += 30 + name.length + extra.length + entry.length;
    return { entry, name, offset, extra };
  });
  const start = at;
  const directoryLength = placed.reduce(
    (sum, { name, entry, offset }) => sum + directoryEntry(name, 0, entry.length, offset).length,
    0,
  );
  const end = ending(placed.length, directoryLength, start);
  return {
    length: start + directoryLength + end.length,
    *chunks() {
      const directory: Uint8Array[] = [];
      for (const { entry, name, offset, extra } of placed) {
        const bytes = entry.bytes(), crc = crc32(bytes);
        yield joined(fields([4, 0x04034b50]), common(crc, bytes.length, name, extra.length), name, extra);
        directory.push(directoryEntry(name, crc, bytes.length, offset));
        yield bytes;
        release(bytes);
      }
      yield joined(...directory, end);
    },
  };
}
