/**
 * 64-bit integers between the decoder's form, numbers and exact arrays.
 *
 * @module
 */

import { ValueError } from "../../tensor/mod.ts";

/** A 64-bit integer as the decoder gives it. */
export type Long = number | { readonly low: number; readonly high: number };

/** The number, beyond 2^53 the nearest. */
export const number = (value: Long): number =>
  typeof value === "number" ? value : value.high * 2 ** 32 + (value.low >>> 0);

/** The numbers of a list that may be left out. */
export const numbers = (values: readonly Long[] | null | undefined): number[] => (values ?? []).map(number);

/** The halves of exact integers, lower first: the words of an array of 64-bit integers. */
export function words(values: readonly Long[]): ArrayBuffer {
  const halves = new Int32Array(2 * values.length);
  values.forEach((value, i) => {
    const { low, high } = typeof value === "number" ? { low: value, high: Math.floor(value / 2 ** 32) } : value;
    halves[2 * i] = low;
    halves[2 * i + 1] = high;
  });
  return halves.buffer;
}

/** A number as the halves of a 64-bit integer; what is too large for one becomes the largest. */
function long(value: number | bigint): Exclude<Long, number> {
  if (typeof value === "number" && !Number.isInteger(value)) {
    throw new ValueError(`Cannot write ${value} as an integer`);
  }
  const exact = BigInt(value), most = 2n ** (typeof value === "number" ? 63n : 64n) - 1n;
  const bits = exact > most ? most : exact;
  return { low: Number(BigInt.asIntN(32, bits)), high: Number(BigInt.asIntN(32, bits >> 32n)) };
}

/** 64-bit integers as the encoder takes them; its type wants a class of a library, of which it uses two fields. */
export const longs = (values: Iterable<number | bigint>): number[] => Array.from(values, long) as unknown as number[];
/** One 64-bit integer as the encoder takes it. */
export const oneLong = (value: number): number => longs([value])[0]!;
