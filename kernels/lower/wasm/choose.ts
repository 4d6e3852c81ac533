/**
 * Choices between two vectors, lane by lane.
 *
 * @module
 */

import type { Expr } from "../../ir/expr.ts";
import type { Emitter } from "./expression.ts";
import { op } from "./encoder.ts";
import { widenMask } from "./vector_ops.ts";

/** Pushes `a` where the condition of a "where" holds, else `b`; in one instruction if it can be. */
export function choose(x: Emitter, e: Expr): void {
  const { f } = x, [condition, a, b] = e.args as [Expr, Expr, Expr];
  if (condition.op === "lt" && e.dtype === "float32") {
    const [less, more] = condition.args as [Expr, Expr];
    // The first operand is the result where one of them is NaN, as it is `b` here.
    if (a === less && b === more || a === more && b === less) {
      x.vector(b);
      x.vector(a);
      f.op(a === less ? op.f32x4PMin : op.f32x4PMax);
      return;
    }
  }
  if (isZero(a)) x.vector(b);
  else {
    x.vector(a);
    if (!isZero(b)) x.vector(b);
  }
  x.vector(condition);
  widenMask(f, e.dtype);
  f.op(isZero(a) ? op.v128AndNot : isZero(b) ? op.v128And : op.v128Bitselect);
}

/**
 * Pushes the larger or the smaller of two float32, NaN where one of them is: the engines' own instructions for that take twice as long
 * as one that ignores NaN in its second operand, and a mask of where that is NaN.
 */
export function extreme(x: Emitter, e: Expr): void {
  const { f } = x, [a, b] = isNumber(e.args[0]!) ? [e.args[1]!, e.args[0]!] : [e.args[0]!, e.args[1]!];
  const first = x.vectorLocal(a), second = x.vectorLocal(b);
  f.get(first).get(second).op(e.op === "max" ? op.f32x4PMax : op.f32x4PMin);
  if (!isNumber(b)) f.get(second).get(second).op(op.f32x4Ne).op(op.v128Or);
}

/** Whether `e` is a constant and not NaN. */
const isNumber = (e: Expr): boolean => e.op === "const" && !Number.isNaN(e.value);

/** Whether all bits of `e` are 0. */
const isZero = (e: Expr): boolean => e.op === "const" && Object.is(e.value, 0);
