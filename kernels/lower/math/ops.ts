/**
 * Short names for building float32 formulas out of the operations that every target has.
 *
 * @module
 */

import { binary, bitcast, constant, type Expr, fusible, unary, where } from "../../ir/expr.ts";

/** A float32 constant. */
export function f32(value: number): Expr {
  return constant(value, "float32");
}

/** An int32 constant. */
export function i32(value: number): Expr {
  return constant(value, "int32");
}

/** a + b. */
export function add(a: Expr, b: Expr): Expr {
  return binary("add", a, b);
}

/** a - b. */
export function sub(a: Expr, b: Expr): Expr {
  return binary("sub", a, b);
}

/** a * b. */
export function mul(a: Expr, b: Expr): Expr {
  return binary("mul", a, b);
}

/** a / b. */
export function div(a: Expr, b: Expr): Expr {
  return binary("div", a, b);
}

/** a * b + c, which a target may round once. */
export function madd(a: Expr, b: Expr, c: Expr): Expr {
  return add(fusible(a, b), c);
}

/** `x`, but at most `limit`; NaN for NaN. */
export function atMost(x: Expr, limit: number): Expr {
  return select(lt(f32(limit), x), f32(limit), x);
}

/** `x`, but at least `limit`; NaN for NaN. */
export function atLeast(x: Expr, limit: number): Expr {
  return select(lt(x, f32(limit)), f32(limit), x);
}

/** |x|. */
export function abs(x: Expr): Expr {
  return unary("abs", x);
}

/** x rounded to the nearest whole number, half to even. */
export function round(x: Expr): Expr {
  return unary("round", x);
}

/** a < b; false for NaN. */
export function lt(a: Expr, b: Expr): Expr {
  return binary("lt", a, b);
}

/** a <= b; false for NaN. */
export function le(a: Expr, b: Expr): Expr {
  return binary("le", a, b);
}

/** a == b; false for NaN. */
export function eq(a: Expr, b: Expr): Expr {
  return binary("eq", a, b);
}

/** `a` where `condition` holds, else `b`. */
export function select(condition: Expr, a: Expr, b: Expr): Expr {
  return where(condition, a, b);
}

/** The bits of a float32 as int32. */
export function bitsOf(x: Expr): Expr {
  return bitcast("int32", x);
}

/** The float32 with these int32 bits. */
export function fromBits(x: Expr): Expr {
  return bitcast("float32", x);
}

/** The sign bit of `x` and nothing else, as int32. */
export function signOf(x: Expr): Expr {
  return binary("and", bitsOf(x), i32(-0x80000000));
}

/** `magnitude`, which must not be negative, with these sign bits. */
export function withSign(magnitude: Expr, sign: Expr): Expr {
  return fromBits(binary("or", bitsOf(magnitude), sign));
}

/** The leading 12 bits of `x`; the product of two such numbers is exact. */
export function leading(x: Expr): Expr {
  return fromBits(binary("and", bitsOf(x), i32(-0x1000)));
}

/** c[0] + c[1] x + c[2] x² + …, by Horner's rule. */
export function polynomial(x: Expr, coefficients: readonly number[]): Expr {
  let sum = f32(coefficients.at(-1)!);
  for (let i = coefficients.length - 2; i >= 0; i--) sum = madd(sum, x, f32(coefficients[i]!));
  return sum;
}

/** Adding this to a whole number below 2^22 leaves the number in the low bits of the sum. */
const MAGIC = 12582912;

/** The low bits of the whole number `n + offset`, shifted left: the int32 that adds to an exponent (23) or flips a sign (31). */
export function shifted(n: Expr, shift: number, offset = 0): Expr {
  return binary("shl", bitsOf(add(n, f32(MAGIC + offset))), i32(shift));
}

/** 2 to the whole number `n` + offset, for results in float32's normal range. */
export function powerOfTwo(n: Expr, offset = 0): Expr {
  return fromBits(shifted(n, 23, 127 + offset));
}

/** `x` times 2^n, for normal `x` and results. */
export function scale(x: Expr, n: Expr, offset = 0): Expr {
  return fromBits(binary("add", bitsOf(x), shifted(n, 23, offset)));
}
