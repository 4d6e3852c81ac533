/**
 * Random changes of files, from a seed.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** Random whole numbers from 0 to below a bound, the same for the same seed. */
export type Random = (below: number) => number;

/** Mulberry32. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = state + 0x6d2b79f5 >>> 0;
    let x = Math.imul(state ^ state >>> 15, state | 1);
    x ^= x + Math.imul(x ^ x >>> 7, x | 61);
    return Math.floor(((x ^ x >>> 14) >>> 0) / 2 ** 32 * below);
  };
}

/** Numbers at which readers go wrong. */
const edges = [
  0n,
  1n,
  2n,
  255n,
  2n ** 15n,
  2n ** 16n - 1n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 64n - 1n,
];

type Change = (bytes: Uint8Array<ArrayBuffer>, next: Random, other: Uint8Array) => Uint8Array<ArrayBuffer>;

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts));
}

/** A part of a file: mostly a short one. */
function part(bytes: Uint8Array, next: Random): [start: number, end: number] {
  const start = next(bytes.length + 1), longest = bytes.length - start;
  return [start, start + next(Math.min(longest, next(4) === 0 ? longest : 16) + 1)];
}

const changes: readonly Change[] = [
  // A bit.
  (bytes, next) => {
    if (bytes.length > 0) bytes[next(bytes.length)]! ^= 1 << next(8);
    return bytes;
  },
  // A byte.
  (bytes, next) => {
    if (bytes.length > 0) bytes[next(bytes.length)] = next(256);
    return bytes;
  },
  // A number, little- or big-endian.
  (bytes, next) => {
    const size = [2, 4, 8][next(3)]!, at = next(Math.max(1, bytes.length - size + 1));
    const value = (edges[next(edges.length)]! + BigInt(next(3) - 1)) & 2n ** BigInt(8 * size) - 1n, big = next(4) === 0;
    for (let i = 0; i < size && at + i < bytes.length; i++) {
      bytes[at + i] = Number(value >> BigInt(8 * (big ? size - 1 - i : i)) & 255n);
    }
    return bytes;
  },
  // The number after or before one that is there.
  (bytes, next) => {
    if (bytes.length > 0) bytes[next(bytes.length)]! += next(2) === 0 ? 1 : 255;
    return bytes;
  },
  // A digit, or many, where there is one.
  (bytes, next) => {
    const digits = [...bytes.keys()].filter((i) => bytes[i]! >= 0x30 && bytes[i]! <= 0x39);
    if (digits.length === 0) return bytes;
    const at = digits[next(digits.length)]!,
      text = ["-1", "0", "9", "99999999999", "1e308", "null", "[]", '""'][next(8)]!;
    return joined(bytes.subarray(0, at), new TextEncoder().encode(text), bytes.subarray(at + 1));
  },
  // A part left out.
  (bytes, next) => {
    const [start, end] = part(bytes, next);
    return joined(bytes.subarray(0, start), bytes.subarray(end));
  },
  // A part twice, or in another place.
  (bytes, next) => {
    const [start, end] = part(bytes, next), at = next(bytes.length + 1);
    return joined(bytes.subarray(0, at), bytes.subarray(start, end), bytes.subarray(at));
  },
  // A part of another file.
  (bytes, next, other) => {
    const [start, end] = part(other, next), at = next(bytes.length + 1), over = next(2) === 0 ? end - start : 0;
    return joined(bytes.subarray(0, at), other.subarray(start, end), bytes.subarray(at + over));
  },
  // An end cut off.
  (bytes, next) => bytes.slice(0, next(bytes.length + 1)),
];

/** A file with one to four changes. */
export function mutated(seed: Uint8Array, other: Uint8Array, next: Random): Uint8Array<ArrayBuffer> {
  let bytes = Uint8Array.from(seed);
  for (let count = 1 + next(4); count > 0; count--) bytes = changes[next(changes.length)]!(bytes, next, other);
  return bytes;
}
