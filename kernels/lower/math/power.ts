/**
 * x^y for float32, as C's powf: 2^(y log2 |x|), with the logarithm and the product in two parts of float32 so that the exponent is
 * good to about 32 bits.
 *
 * @module
 */

import { binary, type Expr, isnan, unary } from "../../ir/expr.ts";
import { split } from "./logarithm.ts";
import { exp2Reduced } from "./exponential.ts";
import {
  abs,
  add,
  bitsOf,
  div,
  eq,
  f32,
  fromBits,
  i32,
  leading,
  lt,
  madd,
  mul,
  polynomial,
  round,
  scale,
  select,
  signOf,
  sub,
} from "./ops.ts";

/** 2 / ln 2 in two parts, the first of 12 bits; and in one. */
const C_HIGH = 2.8857421875;
const C_LOW = -0.0003521057078614831;
const C = 2.885390043258667;

/** log2((1 + s) / (1 - s)) = C s + s³ (…) in powers of s². */
const LOG2 = [0.9617967009544373, 0.5770788788795471, 0.4119214713573456, 0.3366246819496155];

/** A number as a sum of two. */
interface Pair {
  readonly high: Expr;
  readonly low: Expr;
}

/** log2 x for positive finite `x`; the high part has 12 bits. */
function log2(x: Expr): Pair {
  const { k, f } = split(x);
  // s = f / (2 + f) to twice the precision.
  const d = add(f, f32(2));
  const dHigh = leading(d);
  const dLow = sub(f, sub(dHigh, f32(2)));
  const inverse = div(f32(1), d);
  const s = mul(f, inverse);
  const sHigh = leading(s);
  const minus = unary("neg", sHigh);
  const sLow = mul(madd(minus, dLow, madd(minus, dHigh, f)), inverse);
  const z = mul(s, s);
  const tail = madd(mul(s, z), polynomial(z, LOG2), madd(sLow, f32(C), mul(sHigh, f32(C_LOW))));
  const whole = madd(sHigh, f32(C_HIGH), k);
  const low = add(madd(sHigh, f32(C_HIGH), sub(k, whole)), tail);
  const high = leading(add(whole, low));
  return { high, low: add(sub(whole, high), low) };
}

/** x^y for constant y, as PyTorch does it. */
function special(x: Expr, y: number): Expr | undefined {
  switch (y) {
    case 0.5:
      return unary("sqrt", x);
    case 3:
      return mul(mul(x, x), x);
    case -1:
      return div(f32(1), x);
    case -2:
      return div(f32(1), mul(x, x));
    case -0.5:
      return div(f32(1), unary("sqrt", x));
  }
}

/** |x|^y. */
function magnitude(a: Expr, y: Expr): Expr {
  const log = log2(a);
  const yHigh = leading(y);
  const p = mul(yHigh, log.high);
  const correction = madd(y, log.low, mul(sub(y, yHigh), log.high));
  // The exponent to single precision decides what overflows and vanishes, and what 0, infinity and NaN give.
  const finite = binary("and", lt(f32(0), a), lt(a, f32(Infinity)));
  const rough = select(finite, add(log.high, log.low), select(eq(a, f32(0)), f32(-Infinity), a));
  const exponent = mul(y, rough);
  const n = round(p);
  const inside = scale(exp2Reduced(add(sub(p, n), correction)), n);
  const limited = select(
    lt(exponent, f32(-126)),
    f32(0),
    select(lt(exponent, f32(128)), inside, mul(exponent, f32(3e38))),
  );
  return select(isnan(exponent), exponent, limited);
}

/** x^y. */
export function pow(x: Expr, y: Expr): Expr {
  const simple = y.op === "const" ? special(x, y.value) : undefined;
  if (simple !== undefined) return simple;
  const a = abs(x);
  const one = f32(1), zero = f32(0);
  const power = select(binary("or", eq(y, zero), eq(a, one)), one, magnitude(a, y));
  const whole = eq(unary("floor", y), y);
  const half = mul(y, f32(0.5));
  const odd = binary("and", whole, unary("not", eq(unary("floor", half), half)));
  const signed = fromBits(binary("xor", bitsOf(power), select(odd, signOf(x), i32(0))));
  const undefinedRoot = binary("and", binary("and", lt(x, zero), lt(f32(-Infinity), x)), unary("not", whole));
  return select(undefinedRoot, f32(NaN), signed);
}
