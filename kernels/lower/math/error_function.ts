/**
 * erf and its family for float32.
 *
 * @module
 */

import { type Expr, unary } from "../../ir/expr.ts";
import { expPair, oneMinusExp } from "./exponential.ts";
import { log } from "./logarithm.ts";
import { abs, add, div, eq, f32, leading, lt, madd, mul, polynomial, select, signOf, sub, withSign } from "./ops.ts";

/** -log(erfc x) / x - 1 for 0 <= x <= 4. */
const ERF = [
  0.12837916612625122,
  0.6366195678710938,
  0.10277630388736725,
  -0.019147822633385658,
  -0.00016950472490862012,
  0.001675677951425314,
  -0.000637365214060992,
  0.0001188621754408814,
  -9.388109901919961e-06,
];

/** The error function: 1 - e^-y with y near 2 x / sqrt π at 0, so that small results are as precise as large ones. */
export function erf(x: Expr): Expr {
  const a = abs(x);
  const b = select(lt(f32(4), a), f32(4), a);
  return withSign(oneMinusExp(madd(b, polynomial(b, ERF), b), 0), signOf(x));
}

/** (1 + 2 x) e^(x²) erfc x in powers of (x - 4) / (x + 4), for 0 <= x <= 10. */
const ERFC = [
  1.2329951375722885,
  -0.13962112367153168,
  0.015377221629023552,
  0.06809559464454651,
  -0.10098852962255478,
  0.09380318224430084,
  -0.06666029244661331,
  0.03644874319434166,
  -0.015818603336811066,
  0.007074262946844101,
  0.0008957109530456364,
];

/** 1 - erf x, with full relative precision for large x. */
export function erfc(x: Expr): Expr {
  const magnitude = abs(x);
  const a = select(lt(f32(10), magnitude), f32(10), magnitude);
  const q = div(sub(a, f32(4)), add(a, f32(4)));
  const quotient = div(polynomial(q, ERFC), madd(a, f32(2), f32(1)));
  // -x² in two parts, the first exact.
  const high = leading(a);
  const power = expPair(unary("neg", mul(high, high)), mul(sub(high, a), add(high, a)));
  const tail = mul(power, quotient);
  return select(lt(x, f32(0)), sub(f32(2), tail), tail);
}

/** erfinv x / x as a quotient of polynomials in -log(1 - x²). */
const ERFINV_ABOVE = [
  0.8862269520759583,
  0.3076930642127991,
  0.05989363417029381,
  0.007807873655110598,
  0.0006469025975093246,
  2.378432145633269e-05,
];
const ERFINV_BELOW = [
  1,
  0.08539555966854095,
  0.03219194710254669,
  0.0019080231431871653,
  0.00017756092711351812,
  1.2509630096246838e-06,
];

/** The inverse of the error function; NaN outside [-1, 1]. */
export function erfinv(x: Expr): Expr {
  const a = abs(x), one = f32(1);
  const w = unary("neg", log(mul(sub(one, a), add(one, a))));
  const inside = div(mul(x, polynomial(w, ERFINV_ABOVE)), polynomial(w, ERFINV_BELOW));
  return select(eq(a, one), mul(x, f32(Infinity)), inside);
}
