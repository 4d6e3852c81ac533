/**
 * asin, acos, atan and atan2 for float32.
 *
 * @module
 */

import { binary, type Expr, unary } from "../../ir/expr.ts";
import {
  abs,
  add,
  bitsOf,
  div,
  eq,
  f32,
  i32,
  lt,
  madd,
  mul,
  polynomial,
  select,
  signOf,
  sub,
  withSign,
} from "./ops.ts";

/** (asin s / s - 1) / s² in powers of s², for |s| <= 1/2. */
const ASIN = [
  0.16666752099990845,
  0.07495306432247162,
  0.04546976834535599,
  0.024180810898542404,
  0.042166322469711304,
];
/** (atan t / t - 1) / t² in powers of t², for |t| <= 1. */
const ATAN = [
  -0.33333298563957214,
  0.1999852955341339,
  -0.1426401436328888,
  0.10950861126184464,
  -0.08399208635091782,
  0.05787891522049904,
  -0.03109363093972206,
  0.010866362601518631,
  -0.001782175968401134,
];

const HALF_PI = Math.fround(Math.PI / 2);
/** What rounding π took from it, as a fraction of the rounded value: the same for π/2. */
const PI_REST = Math.PI / 2 / HALF_PI - 1;

/** asin s with s = |x|, or sqrt((1 - |x|) / 2) where |x| > 1/2. */
function asinReduced(a: Expr, large: Expr): Expr {
  const z = select(large, madd(a, f32(-0.5), f32(0.5)), mul(a, a));
  const s = select(large, unary("sqrt", z), a);
  return madd(mul(s, z), polynomial(z, ASIN), s);
}

/** The inverse sine; NaN outside [-1, 1]. */
export function asin(x: Expr): Expr {
  const a = abs(x), large = lt(f32(0.5), a);
  const p = asinReduced(a, large);
  return withSign(select(large, madd(p, f32(-2), f32(HALF_PI)), p), signOf(x));
}

/** The inverse cosine; NaN outside [-1, 1]. */
export function acos(x: Expr): Expr {
  const a = abs(x), large = lt(f32(0.5), a), negative = lt(x, f32(0));
  const p = asinReduced(a, large);
  // 2 p or π - 2 p where |x| is large, π/2 -+ p elsewhere.
  const base = select(large, select(negative, f32(2 * HALF_PI), f32(0)), f32(HALF_PI));
  const part = mul(p, select(large, f32(2), f32(1)));
  const signed = select(binary("xor", large, negative), part, unary("neg", part));
  return add(madd(base, f32(PI_REST), signed), base);
}

/** atan t for 0 <= t <= 1. */
function atanReduced(t: Expr): Expr {
  const z = mul(t, t);
  return madd(mul(t, z), polynomial(z, ATAN), t);
}

/** The inverse tangent. */
export function atan(x: Expr): Expr {
  const a = abs(x), large = lt(f32(1), a);
  const p = atanReduced(select(large, div(f32(1), a), a));
  return withSign(select(large, sub(f32(HALF_PI), p), p), signOf(x));
}

/** The angle of the point (x, y), as C's atan2f. */
export function atan2(y: Expr, x: Expr): Expr {
  const a = abs(x), b = abs(y), zero = f32(0);
  const steep = lt(a, b), behind = lt(bitsOf(x), i32(0));
  const small = select(steep, a, b), large = select(steep, b, a);
  const t = select(eq(add(a, b), zero), zero, select(eq(a, b), f32(1), div(small, large)));
  const p = atanReduced(t);
  const part = select(binary("xor", steep, behind), unary("neg", p), p);
  const base = select(steep, f32(HALF_PI), select(behind, f32(2 * HALF_PI), zero));
  return withSign(add(madd(base, f32(PI_REST), part), base), signOf(y));
}
