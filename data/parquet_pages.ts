/**
 * What the pages of a Parquet file promise, held against what they have, before they are read: a few damaged bytes must not become
 * gigabytes, or keep the reader busy for ever.
 *
 * @module
 */

import type { ColumnMetaData, Compressors, DataReader, PageHeader, SchemaTree } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { decompressPage } from "hyparquet/src/datapage.js";
import { deltaBinaryUnpack } from "hyparquet/src/delta.js";
import { getMaxDefinitionLevel, getMaxRepetitionLevel, isFlatColumn } from "hyparquet/src/schema.js";
import { readVarInt } from "hyparquet/src/thrift.js";
import { ValueError } from "../tensor/mod.ts";

/** Anything may become this large, and more where the bytes that it comes from are not `RATIO` times fewer. */
export const FREE = 2 ** 24, RATIO = 1100;
/** Bytes that a page may unpack to whatever it has. */
const UNPACKED = 2 ** 26;
/** A run of equal values may be longer than what is left to read by this much, which writers round up by. */
const ROUNDED = 512;

/** Throws where a page would unpack to what no page does. */
export function checkUnpacked(bytes: Uint8Array, length: number): void {
  if (length <= UNPACKED || length <= RATIO * bytes.length) return;
  throw new ValueError(`a page of ${bytes.length} bytes would unpack to ${length}`);
}

function reader(bytes: Uint8Array): DataReader {
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
}

const bitsFor = (most: number): number => 32 - Math.clz32(most);

/** The pages of a column's part of a group of rows. */
export class ColumnPages {
  readonly #flat: boolean;
  readonly #levels: readonly [repetition: number, definition: number];

  /** `path` is from the schema's root to the column, `rows` the number of rows in the group. */
  constructor(
    readonly name: string,
    readonly column: ColumnMetaData,
    readonly path: SchemaTree[],
    readonly rows: number,
    readonly compressors: Compressors,
  ) {
    this.#flat = isFlatColumn(path);
    this.#levels = [bitsFor(getMaxRepetitionLevel(path)), bitsFor(getMaxDefinitionLevel(path))];
  }

  #refuse(reason: string): never {
    throw new ValueError(`column ${this.name} has ${reason}`);
  }

  /** Throws unless `chunk` has pages that can be read. */
  check(chunk: Uint8Array): void {
    const pages = reader(chunk);
    let seen = 0;
    while ((!this.#flat || seen < this.rows) && pages.offset < chunk.length - 1) {
      const header = parquetHeader(pages), size = header.compressed_page_size, end = pages.offset + size;
      if (!(size >= 0 && end <= chunk.length)) {
        this.#refuse(`a page of ${size} bytes in ${chunk.length - pages.offset}`);
      }
      const bytes = chunk.subarray(pages.offset, end);
      pages.offset = end;
      if (header.type === "DICTIONARY_PAGE") this.#dictionary(header, bytes);
      else seen += this.#data(header, bytes, seen);
    }
    if (this.#flat && seen !== this.rows) this.#refuse(`${seen} values for ${this.rows} rows`);
  }

  #unpacked(bytes: Uint8Array, size: number): Uint8Array {
    if (!(size >= 0)) this.#refuse(`a page of ${size} bytes`);
    return decompressPage(bytes, size, this.column.codec, this.compressors);
  }

  #dictionary({ dictionary_page_header: header, uncompressed_page_size: size }: PageHeader, bytes: Uint8Array): void {
    const count = header?.num_values ?? -1, unpacked = this.#unpacked(bytes, size);
    if (!(count >= 0 && count <= 8 * unpacked.length)) {
      this.#refuse(`a dictionary of ${count} values in ${unpacked.length} bytes`);
    }
  }

  /** Checks a page of values; how many it has. */
  #data(header: PageHeader, bytes: Uint8Array, seen: number): number {
    const { data_page_header: first, data_page_header_v2: second } = header;
    const page = header.type === "DATA_PAGE" ? first : second, count = page?.num_values ?? -1;
    const most = this.#flat ? this.rows - seen : Math.max(FREE, RATIO * bytes.length);
    if (page === undefined || !(count >= 0 && count <= most)) {
      this.#refuse(
        this.#flat
          ? `${seen + count} values for ${this.rows} rows`
          : `a page of ${count} values in ${bytes.length} bytes`,
      );
    }
    if (header.type === "DATA_PAGE") {
      const values = reader(this.#unpacked(bytes, header.uncompressed_page_size));
      for (const width of this.#levels) if (width > 0) this.#sized(values, width, count);
      this.#values(values, page.encoding, count);
      return count;
    }
    const { repetition_levels_byte_length: one, definition_levels_byte_length: two, num_nulls: nulls } = second!;
    if (!(one >= 0 && two >= 0 && one + two <= bytes.length && nulls >= 0 && nulls <= count)) {
      this.#refuse(`a page of ${one} and ${two} bytes of levels and ${nulls} missing values`);
    }
    const [repetition, definition] = this.#levels;
    if (repetition > 0) this.#runs(reader(bytes.subarray(0, one)), repetition, count);
    if (definition > 0) this.#runs(reader(bytes.subarray(one, one + two)), definition, count);
    const rest = bytes.subarray(one + two), size = header.uncompressed_page_size - one - two;
    const unpacked = second!.is_compressed === false || size === 0 ? rest : this.#unpacked(rest, size);
    this.#values(reader(unpacked), page.encoding, count - nulls);
    return count;
  }

  /** Runs that are preceded by their length. */
  #sized(bytes: DataReader, width: number, count: number): void {
    const length = bytes.view.getUint32(bytes.offset, true), start = bytes.offset + 4;
    this.#runs({ view: bytes.view, offset: start }, width, count);
    bytes.offset = start + length;
  }

  /** Equal values and packed ones in turn, together `count` and hardly more. */
  #runs(bytes: DataReader, width: number, count: number): void {
    for (let seen = 0; seen < count;) {
      const header = readVarInt(bytes) >>> 0, packed = (header & 1) === 1;
      const run = packed ? (header >>> 1) * 8 : header >>> 1;
      if (run > count - seen + ROUNDED) this.#refuse(`a run of ${run} values where ${count - seen} are left`);
      bytes.offset += packed ? run / 8 * width : Math.ceil(width / 8);
      if (bytes.offset > bytes.view.byteLength + width && seen + run < count) this.#refuse("runs that end too early");
      seen += run;
    }
  }

  #values(bytes: DataReader, encoding: string, count: number): void {
    const { type } = this.column;
    if (count === 0) return;
    if (encoding === "RLE" && type === "BOOLEAN") this.#sized(bytes, 1, count);
    else if (encoding.endsWith("DICTIONARY") || encoding === "RLE") {
      const width = bytes.view.getUint8(bytes.offset++);
      if (width > 32) this.#refuse(`positions in a dictionary of ${width} bits`);
      if (width > 0) this.#runs(bytes, width, count);
    } else if (encoding.startsWith("DELTA")) this.#differences(bytes, encoding, count);
  }

  /** Values by their difference to the one before; texts by the length of what they share with it. */
  #differences(bytes: DataReader, encoding: string, count: number): void {
    const start = { view: bytes.view, offset: bytes.offset }, block = readVarInt(start), parts = readVarInt(start);
    if (!(block > 0 && block <= FREE && parts > 0 && parts <= block)) {
      this.#refuse(`blocks of ${block} differences in ${parts} parts`);
    }
    if (encoding !== "DELTA_BYTE_ARRAY") return;
    const shared = new Int32Array(count);
    deltaBinaryUnpack({ view: bytes.view, offset: bytes.offset }, count, shared);
    const total = shared.reduce((sum, length) => sum + Math.max(0, length), 0);
    if (total > FREE && total > RATIO * bytes.view.byteLength) {
      this.#refuse(`texts of ${total} bytes in ${bytes.view.byteLength}`);
    }
  }
}
