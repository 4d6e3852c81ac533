/**
 * Elements in blocks that share a scale, as llama.cpp stores them, and the numbers they stand for. Every intermediate result is rounded
 * to float32, as there.
 *
 * @module
 */

import { smallFloats } from "./small_floats.ts";

/** How the elements of a block become numbers: those of the block that begins at byte `at` are put in `into` from `to` on. */
type Decode = (block: DataView, at: number, into: Float32Array, to: number) => void;

/** A type of blocks. */
export interface Blocks {
  /** How many elements a block has. */
  readonly elements: number;
  /** How many bytes it has. */
  readonly bytes: number;
  /** Their numbers. */
  readonly decode: Decode;
}

const { fround } = Math;
/** Blocks of 32 elements hold 16 bytes of two each: the first 16 elements in the lower halves, the others in the upper ones. */
const HALF = 16;

/** Blocks of 32 elements of 4 bits; `value` gives the number of each from its bits and its position. */
function halves(
  block: DataView,
  codes: number,
  into: Float32Array,
  to: number,
  value: (bits: number, i: number) => number,
): void {
  for (let i = 0; i < HALF; i++) {
    const byte = block.getUint8(codes + i);
    into[to + i] = value(byte & 15, i);
    into[to + HALF + i] = value(byte >> 4, HALF + i);
  }
}

const q4_0: Decode = (block, at, into, to) => {
  const scale = block.getFloat16(at, true);
  halves(block, at + 2, into, to, (bits) => (bits - 8) * scale);
};

const q4_1: Decode = (block, at, into, to) => {
  const scale = block.getFloat16(at, true), least = block.getFloat16(at + 2, true);
  halves(block, at + 4, into, to, (bits) => fround(bits * scale) + least);
};

const q5_0: Decode = (block, at, into, to) => {
  const scale = block.getFloat16(at, true), fifth = block.getUint32(at + 2, true);
  halves(block, at + 6, into, to, (bits, i) => ((bits | (fifth >>> i & 1) << 4) - 16) * scale);
};

const q5_1: Decode = (block, at, into, to) => {
  const scale = block.getFloat16(at, true), least = block.getFloat16(at + 2, true);
  const fifth = block.getUint32(at + 4, true);
  halves(block, at + 8, into, to, (bits, i) => fround((bits | (fifth >>> i & 1) << 4) * scale) + least);
};

const q8_0: Decode = (block, at, into, to) => {
  const scale = block.getFloat16(at, true);
  for (let i = 0; i < 32; i++) into[to + i] = block.getInt8(at + 2 + i) * scale;
};

/** Numbers that 4 bits choose from. */
const NONLINEAR = Int8Array.of(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

const iq4_nl: Decode = (block, at, into, to) => {
  const scale = block.getFloat16(at, true);
  halves(block, at + 2, into, to, (bits) => NONLINEAR[bits]! * scale);
};

const iq4_xs: Decode = (block, at, into, to) => {
  const whole = block.getFloat16(at, true), high = block.getUint16(at + 2, true);
  for (let part = 0; part < 8; part++) {
    const low = block.getUint8(at + 4 + (part >> 1)) >> 4 * (part & 1) & 15;
    const scale = fround(whole * ((low | (high >> 2 * part & 3) << 4) - 32));
    halves(block, at + 8 + 16 * part, into, to + 32 * part, (bits) => NONLINEAR[bits]! * scale);
  }
};

/** The numbers of floats of 4 bits. */
const small = smallFloats("F4", Uint8Array.from({ length: 8 }, (_, i) => 2 * i | 2 * i + 1 << 4));

const mxfp4: Decode = (block, at, into, to) => {
  const scale = 2 ** (block.getUint8(at) - 127);
  halves(block, at + 1, into, to, (bits) => small[bits]! * scale);
};

const q2_k: Decode = (block, at, into, to) => {
  const scale = block.getFloat16(at + 80, true), least = block.getFloat16(at + 82, true);
  for (let part = 0; part < 16; part++) {
    const both = block.getUint8(at + part), codes = at + 16 + 32 * (part >> 3) + 16 * (part & 1), shift = part & 6;
    const step = fround(scale * (both & 15)), below = fround(least * (both >> 4));
    for (let i = 0; i < 16; i++) {
      into[to + 16 * part + i] = fround(step * (block.getUint8(codes + i) >> shift & 3)) - below;
    }
  }
};

const q3_k: Decode = (block, at, into, to) => {
  const whole = block.getFloat16(at + 108, true);
  for (let part = 0; part < 16; part++) {
    const low = block.getUint8(at + 96 + (part & 7)) >> 4 * (part >> 3) & 15;
    const high = block.getUint8(at + 104 + (part & 3)) >> 2 * (part >> 2) & 3;
    const scale = fround(whole * ((low | high << 4) - 32));
    const codes = at + 32 + 32 * (part >> 3) + 16 * (part & 1), third = at + 16 * (part & 1);
    for (let i = 0; i < 16; i++) {
      const bits = block.getUint8(codes + i) >> (part & 6) & 3;
      into[to + 16 * part + i] = (bits - (block.getUint8(third + i) >> (part >> 1) & 1 ? 0 : 4)) * scale;
    }
  }
};

/** The scales of 6 bits of 8 parts, and their offsets, in 12 bytes. */
function scaleAndLeast(block: DataView, at: number, part: number): [scale: number, least: number] {
  const byte = (i: number): number => block.getUint8(at + i);
  if (part < 4) return [byte(part) & 63, byte(part + 4) & 63];
  const low = byte(part + 4);
  return [low & 15 | byte(part - 4) >> 6 << 4, low >> 4 | byte(part) >> 6 << 4];
}

/** Parts of 32 elements of 4 bits and, where `fifth` says where it is, one more. */
function fourOrFive(
  block: DataView,
  at: number,
  codes: number,
  fifth: number | undefined,
  into: Float32Array,
  to: number,
) {
  const whole = block.getFloat16(at, true), wholeLeast = block.getFloat16(at + 2, true);
  for (let part = 0; part < 8; part++) {
    const [scale, least] = scaleAndLeast(block, at + 4, part);
    const step = fround(whole * scale), below = fround(wholeLeast * least);
    for (let i = 0; i < 32; i++) {
      const low = block.getUint8(codes + 32 * (part >> 1) + i) >> 4 * (part & 1) & 15;
      const high = fifth === undefined ? 0 : (block.getUint8(fifth + i) >> part & 1) << 4;
      into[to + 32 * part + i] = fround(step * (low | high)) - below;
    }
  }
}

const q4_k: Decode = (block, at, into, to) => fourOrFive(block, at, at + 16, undefined, into, to);
const q5_k: Decode = (block, at, into, to) => fourOrFive(block, at, at + 48, at + 16, into, to);

const q6_k: Decode = (block, at, into, to) => {
  const whole = block.getFloat16(at + 208, true);
  for (let part = 0; part < 16; part++) {
    const scale = fround(whole * block.getInt8(at + 192 + part)), half = part >> 3, quarter = part >> 1 & 3;
    const codes = at + 64 * half + 32 * (quarter & 1) + 16 * (part & 1), upper = at + 128 + 32 * half + 16 * (part & 1);
    for (let i = 0; i < 16; i++) {
      const low = block.getUint8(codes + i) >> 4 * (quarter >> 1) & 15;
      const high = block.getUint8(upper + i) >> 2 * quarter & 3;
      into[to + 16 * part + i] = ((low | high << 4) - 32) * scale;
    }
  }
};

const q8_k: Decode = (block, at, into, to) => {
  const scale = block.getFloat32(at, true);
  for (let i = 0; i < 256; i++) into[to + i] = block.getInt8(at + 4 + i) * scale;
};

/**
 * The types of blocks by llama.cpp's names.
 *
 * @see {@link https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h}
 */
export const blockTypes = {
  Q4_0: { elements: 32, bytes: 18, decode: q4_0 },
  Q4_1: { elements: 32, bytes: 20, decode: q4_1 },
  Q5_0: { elements: 32, bytes: 22, decode: q5_0 },
  Q5_1: { elements: 32, bytes: 24, decode: q5_1 },
  Q8_0: { elements: 32, bytes: 34, decode: q8_0 },
  Q2_K: { elements: 256, bytes: 84, decode: q2_k },
  Q3_K: { elements: 256, bytes: 110, decode: q3_k },
  Q4_K: { elements: 256, bytes: 144, decode: q4_k },
  Q5_K: { elements: 256, bytes: 176, decode: q5_k },
  Q6_K: { elements: 256, bytes: 210, decode: q6_k },
  Q8_K: { elements: 256, bytes: 292, decode: q8_k },
  IQ4_NL: { elements: 32, bytes: 18, decode: iq4_nl },
  IQ4_XS: { elements: 256, bytes: 136, decode: iq4_xs },
  MXFP4: { elements: 32, bytes: 17, decode: mxfp4 },
} as const satisfies Record<string, Blocks>;

/** A type of blocks. */
export type BlockType = keyof typeof blockTypes;

/** The numbers of whole blocks. */
export function dequantized(type: BlockType, bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const { elements, bytes: size, decode } = blockTypes[type], count = bytes.length / size;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    numbers = new Float32Array(count * elements);
  for (let i = 0; i < count; i++) decode(view, i * size, numbers, i * elements);
  return numbers;
}
