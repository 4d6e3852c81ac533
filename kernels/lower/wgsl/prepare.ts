/**
 * Expressions in the operations that WGSL can spell, with the meaning they have in WGSL, where both branches of a choice are evaluated.
 *
 * @module
 */

import { and, cast, check, type Expr, type ExprOp, int, intern, TRUE, unary, where, withArgs } from "../../ir/expr.ts";
import { unguard } from "../../templates/guard.ts";
import { expandMath } from "../math/mod.ts";

/**
 * `e` ready to be written: transcendental functions are formulas, in half precision by way of float32; checks raise nothing where their
 * result is not chosen. A load may leave its buffer where its value is not chosen: WebGPU reads some element then.
 */
export function prepare(e: Expr): Expr {
  return expandMath(widenHalf(guardChecks(unguard(e))));
}

/** What float16 computes by itself; comparisons and casts from it have another dtype. */
const native: ReadonlySet<ExprOp> = new Set<ExprOp>(
  [
    "add",
    "sub",
    "mul",
    "div",
    "mod",
    "max",
    "min",
    "neg",
    "abs",
    "sqrt",
    "floor",
    "ceil",
    "trunc",
    "round",
    "where",
    "cast",
  ],
);

const widened = new WeakMap<Expr, Expr>();

function widenHalf(e: Expr): Expr {
  let result = widened.get(e);
  if (result === undefined) {
    const args = e.args.map(widenHalf);
    if (e.dtype === "float16" && args.length > 0 && e.op !== "load" && !native.has(e.op)) {
      result = cast("float16", intern(e.op, "float32", args.map((a) => cast("float32", a))));
    } else result = withArgs(e, args);
    widened.set(e, result);
  }
  return result;
}

const checked = new WeakMap<Expr, boolean>();

function hasCheck(e: Expr): boolean {
  let result = checked.get(e);
  if (result === undefined) checked.set(e, result = e.op === "check" || e.args.some(hasCheck));
  return result;
}

/** `e` with each check applied to 0 where a condition above it does not choose its branch. */
function guardChecks(e: Expr, condition: Expr = TRUE): Expr {
  if (!hasCheck(e)) return e;
  if (e.op === "where") {
    const [c, a, b] = e.args as [Expr, Expr, Expr];
    const chosen = guardChecks(c, condition);
    const otherwise = and(condition, unary("not", chosen));
    return where(chosen, guardChecks(a, and(condition, chosen)), guardChecks(b, otherwise));
  }
  const args = e.args.map((a) => guardChecks(a, condition));
  return e.op === "check" ? check(where(condition, args[0]!, int(0)), e.value, e.slot) : withArgs(e, args);
}
