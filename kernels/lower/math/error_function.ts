/**
 * erf and its family for float32.
 *
 * @module
 */

import type { Expr } from "../../ir/expr.ts";
import { oneMinusExp } from "./exponential.ts";
import { abs, f32, lt, madd, polynomial, select, signOf, withSign } from "./ops.ts";

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
