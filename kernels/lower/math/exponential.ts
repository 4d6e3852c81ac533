/**
 * exp and its family for float32: x is split into n ln 2 + r with |r| <= ln 2 / 2, a polynomial gives e^r, and n goes into the
 * exponent's bits.
 *
 * @module
 */

import type { Expr } from "../../ir/expr.ts";
import {
  abs,
  add,
  atLeast,
  atMost,
  div,
  eq,
  f32,
  le,
  lt,
  madd,
  mul,
  polynomial,
  powerOfTwo,
  round,
  scale,
  select,
  signOf,
  sub,
  withSign,
} from "./ops.ts";

/** ln 2 in two parts; the first has 10 bits, so n times it is exact. */
const LN2_HIGH = 0.693359375;
const LN2_LOW = -2.12194440054690583e-4;

/** (e^r - 1 - r) / r². */
const EXP = [0.4999999403953552, 0.1666652113199234, 0.04166826605796814, 0.008368677459657192, 0.001382073387503624];
/** 2 e^r. */
const TWICE_EXP = [2, 2, ...EXP.map((c) => 2 * c)];
/** The same, fitted for the relative error of e^r - 1. */
const EXPM1 = [
  0.5,
  0.1666666567325592,
  0.04166649281978607,
  0.008333545178174973,
  0.0013932330766692758,
  1.9762571901e-4,
];

/** Below it e^x is less than the smallest normal float32; above the other, more than the largest. */
const LOWEST = -87.33654;
const HIGHEST = 88.72283;
/** Above it sinh and cosh overflow. */
const HIGHEST_SINH = 89.41598;
/** Times anything above 2 this is infinite. */
const HUGE = 3e38;

/** x = n ln 2 + r. */
function reduce(x: Expr): { n: Expr; r: Expr } {
  const n = round(mul(x, f32(Math.LOG2E)));
  return { n, r: madd(n, f32(-LN2_LOW), madd(n, f32(-LN2_HIGH), x)) };
}

/** e^r for |r| <= ln 2 / 2. */
function expReduced(r: Expr): Expr {
  return add(madd(mul(r, r), polynomial(r, EXP), r), f32(1));
}

/** `inside` in [lowest, highest], 0 below, infinity above, NaN for NaN. */
function limit(x: Expr, lowest: number, highest: number, inside: Expr): Expr {
  return select(lt(x, f32(lowest)), f32(0), select(le(x, f32(highest)), inside, mul(x, f32(HUGE))));
}

/**
 * e^x; 0 below 2^-125.5. 2 e^r times 2^(n-1), so that the largest n has a power; that of the smallest is 0, and what is too large
 * overflows by itself.
 */
export function exp(x: Expr): Expr {
  const { n, r } = reduce(atLeast(atMost(x, 89), -87.6));
  return mul(polynomial(r, TWICE_EXP), powerOfTwo(n, -1));
}

/** e^(x + low), for an exponent that float32 is too coarse for. */
export function expPair(x: Expr, low: Expr): Expr {
  const { n, r } = reduce(x);
  return limit(x, LOWEST, HIGHEST, scale(expReduced(add(r, low)), n));
}

/** 2^r for |r| slightly above 1/2. */
export function exp2Reduced(r: Expr): Expr {
  return expReduced(mul(r, f32(Math.LN2)));
}

/** 2^x. */
export function exp2(x: Expr): Expr {
  const n = round(x);
  return limit(x, -126, 127.99999, scale(exp2Reduced(sub(x, n)), n));
}

/** (e^x - 1) * 2^shift for x from -30 to where the result overflows, with full relative precision near 0. */
function expm1Scaled(x: Expr, shift: number): Expr {
  const { n, r } = reduce(x);
  const q = madd(mul(r, r), polynomial(r, EXPM1), r);
  const power = powerOfTwo(n, shift);
  return madd(power, q, sub(power, f32(2 ** shift)));
}

/** e^x - 1. */
export function expm1(x: Expr): Expr {
  const half = expm1Scaled(x, -1);
  const inside = select(eq(x, f32(0)), x, add(half, half));
  return select(lt(x, f32(-20)), f32(-1), select(le(x, f32(HIGHEST)), inside, mul(x, f32(HUGE))));
}

/** (e^x - e^-x) / 2 = (t + t / (t + 1)) / 2 for t = e^x - 1. */
export function sinh(x: Expr): Expr {
  const a = abs(x);
  const quarter = expm1Scaled(a, -2);
  const half = add(quarter, quarter);
  const inside = add(half, div(half, madd(half, f32(2), f32(1))));
  return withSign(select(le(a, f32(HIGHEST_SINH)), inside, mul(a, f32(HUGE))), signOf(x));
}

/** (e^x + e^-x) / 2. */
export function cosh(x: Expr): Expr {
  const a = abs(x);
  const { n, r } = reduce(a);
  const half = scale(expReduced(r), n, -1);
  return select(le(a, f32(HIGHEST_SINH)), add(half, div(f32(0.25), half)), mul(a, f32(HUGE)));
}

/** (1 - e^-y) * 2^shift for y in [0, 30], with full relative precision near 0. */
export function oneMinusExp(y: Expr, shift: number): Expr {
  const n = round(mul(y, f32(-Math.LOG2E)));
  const r = madd(n, f32(LN2_LOW), madd(n, f32(LN2_HIGH), y));
  const q = madd(mul(r, r), polynomial(r, EXPM1.map((c, i) => i % 2 === 0 ? -c : c)), r);
  const power = powerOfTwo(n, shift);
  return madd(power, q, sub(f32(2 ** shift), power));
}

/** t / (2 - t) for t = 1 - e^-2|x|, with the sign of x; the divisor is near 2 where precision matters, so it rounds finely. */
export function tanh(x: Expr): Expr {
  const a = abs(x);
  const half = oneMinusExp(mul(atMost(a, 10), f32(2)), -1);
  return withSign(div(half, sub(f32(1), half)), signOf(x));
}
