/**
 * Counter-based random bits: Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2,
 * 3", 2011). Element i depends on the key and i alone, so any device and any order gives the same bits. It is additions, rotations
 * and xors, and so an ordinary formula that fuses into what uses it.
 *
 * @module
 */

import { iota, map } from "./build.ts";
import { arg, binary, bitcast, constant, type Expr } from "./expr.ts";
import type { Node } from "./node.ts";

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const PARITY = 0x1bd11bda;

const word = (value: number) => constant(value, "uint32");
const add = (a: Expr, b: Expr) => binary("add", a, b);
const xor = (a: Expr, b: Expr) => binary("xor", a, b);

function rotate(x: Expr, by: number): Expr {
  return binary("or", binary("shl", x, word(by)), binary("shr", x, word(32 - by)));
}

/** The first word of Threefry-2x32-20 of counter [c0, c1] under key [k0, k1]; all uint32. */
export function threefry(k0: Expr, k1: Expr, c0: Expr, c1: Expr): Expr {
  const keys = [k0, k1, xor(word(PARITY), xor(k0, k1))];
  let x = add(c0, k0), y = add(c1, k1);
  for (let round = 0; round < 20; round++) {
    x = add(x, y);
    y = xor(rotate(y, ROTATIONS[round % 8]!), x);
    if (round % 4 === 3) {
      const step = (round + 1) / 4;
      x = add(x, keys[step % 3]!);
      y = add(add(y, keys[(step + 1) % 3]!), word(step));
    }
  }
  return x;
}

/** The formula of the bits, made when it is first needed. */
let bits: Expr | undefined;

/** `length` uint32s of random bits under a key of two uint32 scalars, which are data: another key is no other kernel. */
export function randomBits(length: number, key: readonly [Node, Node]): Node {
  bits ??= threefry(arg(0, "uint32"), arg(1, "uint32"), bitcast("uint32", arg(2, "int32")), word(0));
  return map(bits, [...key, iota(length, key[0].device)]);
}
