/**
 * GGUF files of any content, and another way to the numbers of their blocks: element by element, by the layouts that llama.cpp's
 * `ggml-common.h` documents.
 *
 * @module
 */

/** Numbers of values' types. */
export const kinds = {
  u8: 0,
  i8: 1,
  u16: 2,
  i16: 3,
  u32: 4,
  i32: 5,
  f32: 6,
  bool: 7,
  text: 8,
  list: 9,
  u64: 10,
  i64: 11,
  f64: 12,
};

/** Bytes one after the other. */
export class Bytes {
  readonly #bytes: number[] = [];

  /** Any bytes. */
  raw(bytes: Iterable<number>): this {
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }

  /** A number of 32 bits. */
  u32(value: number): this {
    return this.raw(new Uint8Array(Uint32Array.of(value).buffer));
  }

  /** A number of 64 bits. */
  u64(value: number | bigint): this {
    return this.raw(new Uint8Array(BigUint64Array.of(BigInt(value)).buffer));
  }

  /** Its length, then a text. */
  text(value: string): this {
    const bytes = new TextEncoder().encode(value);
    return this.u64(bytes.length).raw(bytes);
  }

  /** All of them. */
  done(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#bytes);
  }

  /** How many there are. */
  get length(): number {
    return this.#bytes.length;
  }
}

/** A tensor to be written: its extents as the file has them, the number of its type, its bytes, and where they are if not where they should be. */
export interface WrittenTensor {
  readonly name: string;
  readonly extents: readonly (number | bigint)[];
  readonly type: number;
  readonly bytes: Uint8Array;
  readonly offset?: number;
}

/** Names and values, written by the caller. */
export type WrittenValue = readonly [name: string, kind: number, write: (bytes: Bytes) => void];

/** A file. */
export function gguf(
  tensors: readonly WrittenTensor[],
  values: readonly WrittenValue[] = [],
  { version = 3, alignment = 32 } = {},
): Uint8Array<ArrayBuffer> {
  const bytes = new Bytes().raw([0x47, 0x47, 0x55, 0x46]).u32(version).u64(tensors.length).u64(values.length);
  for (const [name, kind, write] of values) write(bytes.text(name).u32(kind));
  let at = 0;
  for (const { name, extents, type, bytes: own, offset } of tensors) {
    bytes.text(name).u32(extents.length);
    for (const extent of extents) bytes.u64(extent);
    bytes.u32(type).u64(offset ?? at);
    at += Math.ceil(own.length / alignment) * alignment;
  }
  const pad = (): void => void bytes.raw(new Uint8Array((alignment - bytes.length % alignment) % alignment));
  for (const { bytes: own } of tensors) {
    pad();
    bytes.raw(own);
  }
  return bytes.done();
}

/** The bits from `first` on of the bytes from `at` on, least significant first. */
function bits(block: Uint8Array, at: number, first: number, count: number): number {
  let value = 0;
  for (let i = 0; i < count; i++) value |= (block[at + (first + i >> 3)]! >> (first + i & 7) & 1) << i;
  return value;
}

const half = (block: Uint8Array, at: number): number =>
  new DataView(block.buffer, block.byteOffset).getFloat16(at, true);
const signed = (byte: number): number => byte << 24 >> 24;
const { fround } = Math;
const chosen = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

/** Where in blocks of two elements a byte the 4 bits of element `i` of 32 begin, in bits. */
const nibble = (i: number): number => i < 16 ? 8 * i : 8 * (i - 16) + 4;

/** The 6-bit scale and offset of part `j` of Q4_K and Q5_K: two lists of 8, the upper bits of the last four in the first four's bytes. */
function sixBits(block: Uint8Array, j: number): [number, number] {
  if (j < 4) return [bits(block, 4, 8 * j, 6), bits(block, 8, 8 * j, 6)];
  return [
    bits(block, 12, 8 * (j - 4), 4) + 16 * bits(block, 4, 8 * (j - 4) + 6, 2),
    bits(block, 12, 8 * (j - 4) + 4, 4) + 16 * bits(block, 8, 8 * (j - 4) + 6, 2),
  ];
}

/** Type numbers, block sizes, and element `e` of a block. */
export const blocks: Readonly<
  Record<
    string,
    readonly [type: number, elements: number, bytes: number, element: (block: Uint8Array, e: number) => number]
  >
> = {
  Q4_0: [2, 32, 18, (b, e) => half(b, 0) * (bits(b, 2, nibble(e), 4) - 8)],
  Q4_1: [3, 32, 20, (b, e) => fround(half(b, 0) * bits(b, 4, nibble(e), 4)) + half(b, 2)],
  Q5_0: [6, 32, 22, (b, e) => half(b, 0) * (bits(b, 6, nibble(e), 4) + 16 * bits(b, 2, e, 1) - 16)],
  Q5_1: [7, 32, 24, (b, e) => fround(half(b, 0) * (bits(b, 8, nibble(e), 4) + 16 * bits(b, 4, e, 1))) + half(b, 2)],
  Q8_0: [8, 32, 34, (b, e) => half(b, 0) * signed(b[2 + e]!)],
  Q2_K: [10, 256, 84, (b, e) => {
    const scale = b[e >> 4]!, row = e >> 5 & 3, code = bits(b, 16 + 32 * (e >> 7) + (e & 31), 2 * row, 2);
    return fround(fround(half(b, 80) * (scale % 16)) * code) - fround(half(b, 82) * (scale >> 4));
  }],
  Q3_K: [11, 256, 110, (b, e) => {
    const j = e >> 4,
      scale = bits(b, 96, 8 * (j % 8) + (j < 8 ? 0 : 4), 4) + 16 * bits(b, 104, 8 * (j % 4) + 2 * (j >> 2), 2) - 32;
    const code = bits(b, 32 + 32 * (e >> 7) + (e & 31), 2 * (e >> 5 & 3), 2) - 4 * (1 - bits(b, e & 31, e >> 5, 1));
    return fround(half(b, 108) * scale) * code;
  }],
  Q4_K: [12, 256, 144, (b, e) => {
    const [scale, least] = sixBits(b, e >> 5), code = bits(b, 16 + 32 * (e >> 6) + (e & 31), 4 * (e >> 5 & 1), 4);
    return fround(fround(half(b, 0) * scale) * code) - fround(half(b, 2) * least);
  }],
  Q5_K: [13, 256, 176, (b, e) => {
    const [scale, least] = sixBits(b, e >> 5), low = bits(b, 48 + 32 * (e >> 6) + (e & 31), 4 * (e >> 5 & 1), 4);
    const code = low + 16 * bits(b, 16 + (e & 31), e >> 5, 1);
    return fround(fround(half(b, 0) * scale) * code) - fround(half(b, 2) * least);
  }],
  Q6_K: [14, 256, 210, (b, e) => {
    const low = bits(b, 64 * (e >> 7) + (e & 63), 4 * (e >> 6 & 1), 4);
    const code = low + 16 * bits(b, 128 + 32 * (e >> 7) + (e & 31), 2 * (e >> 5 & 3), 2) - 32;
    return fround(half(b, 208) * signed(b[192 + (e >> 4)]!)) * code;
  }],
  Q8_K: [15, 256, 292, (b, e) => new DataView(b.buffer, b.byteOffset).getFloat32(0, true) * signed(b[4 + e]!)],
  IQ4_NL: [20, 32, 18, (b, e) => half(b, 0) * chosen[bits(b, 2, nibble(e), 4)]!],
  IQ4_XS: [23, 256, 136, (b, e) => {
    const j = e >> 5, scale = bits(b, 4, 4 * j, 4) + 16 * bits(b, 2, 2 * j, 2) - 32;
    return fround(half(b, 0) * scale) * chosen[bits(b, 8 + 16 * j, nibble(e & 31), 4)]!;
  }],
  MXFP4: [39, 32, 17, (b, e) => {
    const code = bits(b, 1, nibble(e), 4), size = [0, 0.5, 1, 1.5, 2, 3, 4, 6][code % 8]!;
    return 2 ** (b[0]! - 127) * (code < 8 ? size : -size);
  }],
};
