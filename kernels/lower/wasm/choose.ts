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

/** Whether all bits of `e` are 0. */
const isZero = (e: Expr): boolean => e.op === "const" && Object.is(e.value, 0);
