/**
 * Reading numbers and texts one after the other, from a file of which only a piece is held.
 *
 * @module
 */

/** Bytes that are read ahead. */
const AHEAD = 2 ** 16;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A place in a file, which moves on with everything that is read there. Numbers are little-endian. */
export class ByteReader {
  #piece: Uint8Array<ArrayBuffer> = new Uint8Array();
  #view = new DataView(this.#piece.buffer);
  /** Where the piece begins in the file. */
  #start = 0;
  /** The place in the piece. */
  #at = 0;

  /** `truncated` throws: the file ends within a value. */
  constructor(readonly source: Source, readonly truncated: () => never) {}

  /** The place in the file. */
  get position(): number {
    return this.#start + this.#at;
  }

  /** Bytes from the place to the end of the file. */
  get left(): number {
    return this.source.size - this.position;
  }

  /** Where in the piece the `length` bytes are that come next; they are passed. */
  #take(length: number): number {
    if (!(length <= this.left)) this.truncated();
    if (this.#at + length > this.#piece.length) {
      const start = this.position;
      this.#piece = this.source.read(start, Math.min(Math.max(length, AHEAD), this.source.size - start));
      this.#view = new DataView(this.#piece.buffer);
      this.#start = start;
      this.#at = 0;
    }
    const at = this.#at;
    this.#at += length;
    return at;
  }

  /** Passes bytes without reading them. */
  skip(length: number): void {
    if (!(length <= this.left)) this.truncated();
    this.#start = this.position + length;
    this.#piece = this.#piece.subarray(0, 0);
    this.#at = 0;
  }

  /** A byte. */
  u8(): number {
    const at = this.#take(1);
    return this.#piece[at]!;
  }

  /** A signed byte. */
  i8(): number {
    const at = this.#take(1);
    return this.#view.getInt8(at);
  }

  /** An unsigned integer of 16 bits. */
  u16(): number {
    const at = this.#take(2);
    return this.#view.getUint16(at, true);
  }

  /** A signed integer of 16 bits. */
  i16(): number {
    const at = this.#take(2);
    return this.#view.getInt16(at, true);
  }

  /** An unsigned integer of 32 bits. */
  u32(): number {
    const at = this.#take(4);
    return this.#view.getUint32(at, true);
  }

  /** A signed integer of 32 bits. */
  i32(): number {
    const at = this.#take(4);
    return this.#view.getInt32(at, true);
  }

  /** An unsigned integer of 64 bits. */
  u64(): bigint {
    const at = this.#take(8);
    return this.#view.getBigUint64(at, true);
  }

  /** A signed integer of 64 bits. */
  i64(): bigint {
    const at = this.#take(8);
    return this.#view.getBigInt64(at, true);
  }

  /** A float of 32 bits. */
  f32(): number {
    const at = this.#take(4);
    return this.#view.getFloat32(at, true);
  }

  /** A float of 64 bits, big-endian if so wanted. */
  f64(littleEndian = true): number {
    const at = this.#take(8);
    return this.#view.getFloat64(at, littleEndian);
  }

  /** A copy of bytes. */
  raw(length: number): Uint8Array<ArrayBuffer> {
    const at = this.#take(length);
    return this.#piece.slice(at, at + length);
  }

  /** UTF-8 of so many bytes. */
  text(length: number): string {
    const at = this.#take(length);
    return decoder.decode(this.#piece.subarray(at, at + length));
  }
}
import type { Source } from "../data/source.ts";
