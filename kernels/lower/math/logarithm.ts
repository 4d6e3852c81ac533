/**
 * log and its family for float32: x is split into 2^k m with m in [sqrt 1/2, sqrt 2), and a polynomial gives log m.
 *
 * @module
 */

import { binary, cast, type Expr, unary } from "../../ir/expr.ts";
import {
  abs,
  add,
  bitsOf,
  div,
  eq,
  f32,
  fromBits,
  i32,
  le,
  lt,
  madd,
  mul,
  polynomial,
  powerOfTwo,
  select,
  signOf,
  sub,
  withSign,
} from "./ops.ts";

const LN2_HIGH = 0.693359375;
const LN2_LOW = -2.12194440054690583e-4;
/** log10 2 in two parts; the first has 10 bits. */
const LOG10_2_HIGH = 0.301025390625;
const LOG10_2_LOW = 4.6050389811952137e-6;

/** (log(1 + f) - f + f²/2) / f³ for sqrt 1/2 <= 1 + f <= sqrt 2. */
const LOG = [
  0.3333333134651184,
  -0.2500081956386566,
  0.2000124156475067,
  -0.166234090924263,
  0.14201579988002777,
  -0.13159610331058502,
  0.12762217223644257,
  -0.07636439055204391,
];

/** The bits of sqrt 1/2, and what they lack to 1. */
const SQRT_HALF = 0x3f3504f3;
const OFFSET = 0x3f800000 - SQRT_HALF;
const SMALLEST_NORMAL = 1.1754943508222875e-38;

/** x = 2^k (1 + f) for positive finite `x`. */
export function split(x: Expr): { k: Expr; f: Expr } {
  const tiny = lt(x, f32(SMALLEST_NORMAL));
  return splitNormal(select(tiny, mul(x, f32(2 ** 23)), x), select(tiny, f32(-150), f32(-127)));
}

/** The same for `x` that is not subnormal; `bias` is added to the exponent's bits. */
function splitNormal(x: Expr, bias: Expr = f32(-127)): { k: Expr; f: Expr } {
  const bits = add(bitsOf(x), i32(OFFSET));
  const k = add(cast("float32", binary("shr", bits, i32(23))), bias);
  const m = fromBits(add(binary("and", bits, i32(0x7fffff)), i32(SQRT_HALF)));
  return { k, f: sub(m, f32(1)) };
}

/** log(1 + f) - f. */
function tail(f: Expr): Expr {
  const z = mul(f, f);
  return madd(mul(f, z), polynomial(f, LOG), mul(z, f32(-0.5)));
}

/** `inside` for positive finite `x`, and what every logarithm gives elsewhere. */
function limit(x: Expr, inside: Expr): Expr {
  const positive = select(lt(x, f32(Infinity)), inside, x);
  return select(le(x, f32(0)), select(eq(x, f32(0)), f32(-Infinity), f32(NaN)), positive);
}

/** The natural logarithm. */
export function log(x: Expr): Expr {
  const { k, f } = split(x);
  const inside = madd(k, f32(LN2_HIGH), add(madd(k, f32(LN2_LOW), tail(f)), f));
  return limit(x, inside);
}

/** The logarithm to base 2. */
export function log2(x: Expr): Expr {
  const { k, f } = split(x);
  return limit(x, madd(add(tail(f), f), f32(Math.LOG2E), k));
}

/** The logarithm to base 10. */
export function log10(x: Expr): Expr {
  const { k, f } = split(x);
  const inside = madd(k, f32(LOG10_2_HIGH), madd(add(tail(f), f), f32(Math.LOG10E), mul(k, f32(LOG10_2_LOW))));
  return limit(x, inside);
}

/** log(1 + x), precise for small `x` too. */
export function log1p(x: Expr): Expr {
  const u = add(x, f32(1));
  const { k, f } = splitNormal(u);
  // What rounding 1 + x lost, on the scale of f. 2^(1 - k), as 2^-k would overflow its bits for the largest x.
  const lost = mul(sub(x, sub(u, f32(1))), powerOfTwo(sub(f32(1), k)));
  const g = select(eq(k, f32(0)), x, madd(lost, f32(0.5), f));
  const inside = madd(k, f32(LN2_HIGH), add(madd(k, f32(LN2_LOW), tail(g)), g));
  return select(eq(x, f32(0)), x, limit(u, inside));
}

/** Above it asinh and acosh are log 2x, and x² would overflow soon. */
const LARGE = 1e9;

/** log(x + sqrt(x² + 1)), with the sign of x. */
export function asinh(x: Expr): Expr {
  const a = abs(x), large = lt(f32(LARGE), a);
  const z = mul(a, a);
  const w = add(a, div(z, add(unary("sqrt", add(z, f32(1))), f32(1))));
  const log = log1p(select(large, a, w));
  return withSign(add(log, select(large, f32(Math.LN2), f32(0))), signOf(x));
}

/** log(x + sqrt(x² - 1)); NaN below 1. */
export function acosh(x: Expr): Expr {
  const large = lt(f32(LARGE), x);
  const t = sub(x, f32(1));
  const w = add(t, unary("sqrt", mul(t, add(x, f32(1)))));
  const log = log1p(select(large, x, w));
  return select(lt(x, f32(1)), f32(NaN), add(log, select(large, f32(Math.LN2), f32(0))));
}

/** log((1 + x) / (1 - x)) / 2; NaN outside [-1, 1]. */
export function atanh(x: Expr): Expr {
  const a = abs(x), twice = add(a, a);
  const w = madd(twice, div(a, sub(f32(1), a)), twice);
  return select(lt(f32(1), a), f32(NaN), withSign(mul(log1p(w), f32(0.5)), signOf(x)));
}
