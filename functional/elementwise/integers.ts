/**
 * Functions of whole numbers.
 *
 * @module
 */

import { expr } from "../../kernels/mod.ts";
import { type BinaryOfTensors, elementwise } from "./define.ts";
import * as f from "./formula.ts";
import type { Expr } from "./formula.ts";

/** Euclid's steps with remainders of at most half the divisor that two numbers of so many bits can take. */
const STEPS = { 8: 8, 32: 26 };

function gcdOf(x: Expr, y: Expr): Expr {
  const signed = x.dtype === "int32";
  let a = signed ? f.abs(x) : x, b = signed ? f.abs(y) : y;
  for (let i = 0; i < STEPS[x.dtype === "uint8" ? 8 : 32]; i++) {
    const done = f.eq(b, 0);
    const rest = f.mod(a, f.where(done, 1, b));
    // Only the magnitude matters; -2147483648 keeps its sign, as it has no positive counterpart.
    const magnitude = signed ? f.abs(rest) : rest;
    const nearer = signed ? f.abs(f.sub(f.abs(b), magnitude)) : f.sub(b, magnitude);
    [a, b] = [f.where(done, a, b), f.where(done, b, f.where(f.lt(nearer, magnitude), nearer, magnitude))];
  }
  return a;
}

/**
 * The greatest common divisor, element by element; gcd(0, b) is |b|.
 *
 * Integer tensors that broadcast together give an integer tensor; other dtypes and plain numbers are refused.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number in place of a tensor
 * @throws {DTypeError} for floats, and where both are bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.gcd.html}
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.gcd(tensor([12, -18, 0]), tensor([8, 27, 5]))); // tensor([4, 9, 5])
 * ```
 */
export const gcd: BinaryOfTensors = elementwise("gcd", gcdOf, { tensors: 2, accepts: ["integer"] });

/**
 * The least common multiple, element by element: |a · b| / gcd(a, b), and 0 where one is 0.
 *
 * Integer tensors that broadcast together give an integer tensor; other dtypes and plain numbers are refused. Multiples beyond the
 * dtype wrap around.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number in place of a tensor
 * @throws {DTypeError} for floats, and where both are bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.lcm.html}
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.lcm(tensor([4, -6, 0]), tensor([6, 9, 5]))); // tensor([12, 18,  0])
 * ```
 */
export const lcm: BinaryOfTensors = elementwise("lcm", (a, b) => {
  const divisor = gcdOf(a, b), none = f.eq(divisor, 0);
  const multiple = f.mul(f.div(a, f.where(none, 1, divisor)), b);
  const size = a.dtype === "int32" ? f.abs(multiple) : multiple;
  return f.where(none, expr.constant(0, a.dtype), size);
}, { tensors: 2, accepts: ["integer"] });
