/**
 * Expressions in the operations that WGSL can spell: transcendental functions become formulas, in half precision by way of float32.
 *
 * @module
 */

import { cast, type Expr, type ExprOp, intern, rebuild } from "../../ir/expr.ts";
import { expandMath } from "../math/mod.ts";

/** What float16 computes by itself; comparisons and casts have another dtype or keep the value. */
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

const prepared = new WeakMap<Expr, Expr>();

/** `e` ready to be written. */
export function prepare(e: Expr): Expr {
  return expandMath(widenHalf(e));
}

function widenHalf(e: Expr): Expr {
  let result = prepared.get(e);
  if (result === undefined) {
    const args = e.args.map(widenHalf);
    if (e.dtype === "float16" && args.length > 0 && e.op !== "load" && !native.has(e.op)) {
      result = cast("float16", intern(e.op, "float32", args.map((a) => cast("float32", a))));
    } else {
      result = args.every((a, i) => a === e.args[i]) ? e : rebuild(e, args);
    }
    prepared.set(e, result);
  }
  return result;
}
