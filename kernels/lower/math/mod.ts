/**
 * Transcendental functions of float32 as expressions of basic operations, so that every target computes the same formula and none
 * depends on built-ins of varying quality.
 *
 * @module
 */

import { expressionCache } from "../../ir/expression_cache.ts";
import { type Expr, type ExprOp, unary, withArgs } from "../../ir/expr.ts";
import { cosh, exp, exp2, expm1, sinh, tanh } from "./exponential.ts";
import { erf, erfc, erfinv } from "./error_function.ts";
import { digamma, lgamma } from "./gamma.ts";
import { acos, asin, atan, atan2 } from "./inverse_trigonometric.ts";
import { acosh, asinh, atanh, log, log10, log1p, log2 } from "./logarithm.ts";
import { div, f32 } from "./ops.ts";
import { pow } from "./power.ts";
import { cos, sin, tan } from "./trigonometric.ts";

const formulas: Partial<Record<ExprOp, (...args: Expr[]) => Expr>> = {
  exp,
  exp2,
  expm1,
  sinh,
  cosh,
  tanh,
  log,
  log2,
  log10,
  log1p,
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  atan2,
  asinh,
  acosh,
  atanh,
  erf,
  erfc,
  erfinv,
  lgamma,
  digamma,
  pow,
  rsqrt: (x) => div(f32(1), unary("sqrt", x)),
};

const expanded = expressionCache<Expr, Expr>();

/**
 * `e` with every transcendental function of float32 spelled out in add, sub, mul, div, abs, sqrt, round, where, comparisons, casts and
 * bit operations, and the sines of large angles, for which targets have functions. Other dtypes are left alone.
 */
export function expandMath(e: Expr): Expr {
  let result = expanded.get(e);
  if (result === undefined) {
    const args = e.args.map(expandMath);
    const formula = e.dtype === "float32" ? formulas[e.op] : undefined;
    if (formula !== undefined) result = formula(...args);
    else result = withArgs(e, args);
    expanded.set(e, result);
  }
  return result;
}
