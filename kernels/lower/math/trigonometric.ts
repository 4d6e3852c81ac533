/**
 * sin, cos and tan for float32: the nearest multiple of π (of π/2 for tan) is taken off in parts whose products are exact, and one
 * polynomial does the rest. Right to 2 or 3 ulp for |x| up to 10^5; beyond, an exact reduction takes over where an element needs it.
 *
 * @module
 */

import { binary, type Expr, seldom, unary, type UnaryOp } from "../../ir/expr.ts";
import {
  abs,
  add,
  bitsOf,
  div,
  eq,
  f32,
  fromBits,
  i32,
  lt,
  mul,
  polynomial,
  round,
  select,
  shifted,
  signOf,
  sub,
  withSign,
} from "./ops.ts";

/** π in parts of 12 bits and a rest: the product of a part with 12 bits of a multiple is exact. */
const PI = [3.1416015625, -8.907169103622437e-06, -1.7412276065442711e-09] as const;
const PI_REST = 1.2446743939339977e-13;
/** From here on the parts are too coarse. */
const FAR = 1e5;

/** (sin r / r - 1) / r² in powers of r², for |r| <= π/2. */
const SIN = [
  -0.1666666716337204,
  0.008333350531756878,
  -0.00019843093468807638,
  2.7627056624623947e-06,
  -2.550291000602556e-08,
];
/** (tan r / r - 1) / r² in powers of r², for |r| <= π/4. */
const TAN = [
  0.33333349227905273,
  0.1333266943693161,
  0.05405997112393379,
  0.02127942070364952,
  0.010847589932382107,
  7.012974674580619e-05,
  0.004387627821415663,
];

/** a * b + c, rounded twice: the polynomials are fitted to it, so that cos 0 is 1. */
function madd(a: Expr, b: Expr, c: Expr): Expr {
  return add(mul(a, b), c);
}

/** x - n π `unit`, for n with a whole part below 2^22 and at most one binary place; only the last two sums round. */
function reduce(x: Expr, n: Expr, unit = 1): Expr {
  const high = mul(round(mul(n, f32(2 ** -11))), f32(2 ** 11));
  const low = sub(n, high);
  const [first, second, third] = PI.map((part) => f32(-part * unit)) as [Expr, Expr, Expr];
  const coarse = madd(high, second, madd(low, first, madd(high, first, x)));
  const fine = madd(low, second, mul(high, third));
  return add(add(coarse, fine), madd(low, third, mul(n, f32(-PI_REST * unit))));
}

/** sin r for |r| <= π/2, its sign bit flipped by `flip`. */
function sinReduced(r: Expr, flip: Expr): Expr {
  const z = mul(r, r);
  const s = madd(mul(r, z), polynomial(z, SIN), r);
  return fromBits(binary("xor", bitsOf(s), flip));
}

/** sin πr for |r| <= 1/2. */
export function sinPi(r: Expr): Expr {
  return sinReduced(mul(r, f32(Math.PI)), i32(0));
}

/** tan πr for |r| <= 1/2: above 1/4 from the angle that is left to π/2. */
export function tanPi(r: Expr): Expr {
  const a = abs(r), steep = lt(f32(0.25), a);
  const t = tanReduced(mul(select(steep, sub(f32(0.5), a), a), f32(Math.PI)));
  return withSign(select(steep, div(f32(1), t), t), signOf(r));
}

/** tan r for |r| <= π/4. */
function tanReduced(r: Expr): Expr {
  const z = mul(r, r);
  return madd(mul(r, z), polynomial(z, TAN), r);
}

/** `near` where |x| is small enough; what `far` gives elsewhere, NaN for infinities and NaN. */
function unlessFar(far: UnaryOp, x: Expr, near: Expr): Expr {
  return seldom(unary("not", lt(abs(x), f32(FAR))), unary(far, x), near);
}

/** The sine. */
export function sin(x: Expr): Expr {
  const a = abs(x);
  const n = round(mul(a, f32(1 / Math.PI)));
  return unlessFar("sinFar", x, sinReduced(reduce(a, n), binary("xor", shifted(n, 31), signOf(x))));
}

/** The cosine: with n + 1/2 the nearest half multiple of π, plus or minus the sine of the rest. */
export function cos(x: Expr): Expr {
  const a = abs(x);
  const n = unary("floor", mul(a, f32(1 / Math.PI)));
  return unlessFar("cosFar", x, sinReduced(reduce(a, add(n, f32(0.5))), shifted(n, 31, 1)));
}

/** The tangent: of the rest, or minus its reciprocal at odd multiples of π/2. */
export function tan(x: Expr): Expr {
  const a = abs(x);
  const n = round(mul(a, f32(2 / Math.PI)));
  const t = tanReduced(reduce(a, n, 0.5));
  const even = eq(shifted(n, 31), shifted(f32(0), 31));
  const chosen = select(even, t, div(f32(-1), t));
  return unlessFar("tanFar", x, fromBits(binary("xor", bitsOf(chosen), signOf(x))));
}
