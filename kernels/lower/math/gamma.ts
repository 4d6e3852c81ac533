/**
 * lgamma and digamma for float32.
 *
 * @module
 */

import { binary, type Expr, unary } from "../../ir/expr.ts";
import { log } from "./logarithm.ts";
import { abs, add, div, eq, f32, lt, madd, mul, polynomial, round, select, sub } from "./ops.ts";
import { sinPi, tanPi } from "./trigonometric.ts";

/** log Γ(2 + t) / t for -1/2 <= t <= 1. */
const LGAMMA = [
  0.42278432846069336,
  0.32246702909469604,
  -0.0673520416021347,
  0.020581096410751343,
  -0.007386781275272369,
  0.0028867931105196476,
  -0.0011932034976780415,
  0.0005318635958246887,
  -0.0002283793583046645,
  5.648618389386684e-05,
];
/** Stirling's series in 1/x². */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680];
/** The asymptotic series of digamma in 1/x². */
const DIGAMMA = [1 / 12, -1 / 120, 1 / 252, -1 / 240];

/** log Γ(x) for x >= 0: a polynomial around 2 with at most one logarithm below 3, Stirling's series above. */
function lgammaPositive(x: Expr): Expr {
  const tiny = lt(x, f32(0.5)), low = lt(x, f32(1.5)), middle = lt(x, f32(3));
  const l = log(select(tiny, mul(x, add(x, f32(1))), x));
  const t = sub(x, select(tiny, f32(0), select(low, f32(1), f32(2))));
  const near = sub(mul(t, polynomial(t, LGAMMA)), select(low, l, f32(0)));
  const inverse = div(f32(1), x);
  const series = madd(inverse, polynomial(mul(inverse, inverse), STIRLING), f32(0.5 * Math.log(2 * Math.PI) - 0.5));
  return select(middle, near, madd(sub(x, f32(0.5)), sub(l, f32(1)), series));
}

/** log |Γ(x)|; infinite at 0 and the negative whole numbers. */
export function lgamma(x: Expr): Expr {
  const negative = lt(x, f32(0));
  const positive = lgammaPositive(select(negative, sub(f32(1), x), x));
  // Γ(x) Γ(1 - x) = π / sin πx.
  const sine = abs(sinPi(sub(x, round(x))));
  const reflected = sub(sub(f32(Math.log(Math.PI)), log(sine)), positive);
  const pole = eq(unary("floor", x), x);
  return select(negative, select(pole, f32(Infinity), reflected), positive);
}

/** The derivative of log Γ; NaN at the negative whole numbers. */
export function digamma(x: Expr): Expr {
  const negative = lt(x, f32(0));
  const y = select(negative, sub(f32(1), x), x);
  // The sum of 1/y … 1/(y + 3) takes small arguments up to where the series holds.
  const small = lt(y, f32(4));
  const product = mul(mul(y, add(y, f32(1))), mul(add(y, f32(2)), add(y, f32(3))));
  const sum = select(small, div(polynomial(y, [6, 22, 18, 4]), product), f32(0));
  const shifted = select(small, add(y, f32(4)), y);
  const inverse = div(f32(1), shifted);
  const z = mul(inverse, inverse);
  const series = madd(inverse, f32(-0.5), unary("neg", mul(z, polynomial(z, DIGAMMA))));
  const positive = sub(add(log(shifted), series), sum);
  const r = sub(x, round(x));
  const reflected = select(eq(r, f32(0)), f32(NaN), sub(positive, div(f32(Math.PI), tanPi(r))));
  return select(
    binary("and", negative, unary("not", eq(x, f32(-Infinity)))),
    reflected,
    select(negative, f32(NaN), positive),
  );
}
