/**
 * Checked indices: one outside its limit raises a flag and becomes 0.
 *
 * @module
 */

import type { Expr } from "../../ir/expr.ts";
import { ENTRY } from "./program.ts";
import { op } from "./encoder.ts";
import type { Emitter } from "./expression.ts";
import { fill } from "./vector_ops.ts";

/** Writes the flag of `check` and the i32 local that offends. */
function raise(e: Emitter, check: Expr, offender: number): void {
  const { f } = e;
  const flag = e.layout.flag(check.slot);
  f.get(ENTRY.parameters).memory(op.i32Load, flag).i32(1).memory(op.i32Store);
  f.get(ENTRY.parameters).memory(op.i32Load, flag).get(offender).memory(op.i32Store, 4);
}

/** Pushes a checked index that is the same in all lanes, as an i32. */
export function checkScalar(e: Emitter, check: Expr): void {
  const { f } = e;
  const index = e.scopes.local("i32");
  e.scalar(check.args[0]!);
  f.tee(index).i32(check.value).op(op.i32GeU).if();
  raise(e, check, index);
  f.i32(0).set(index).end().get(index);
}

/** Pushes the checked index of each lane. */
export function checkVector(e: Emitter, check: Expr): void {
  const { f } = e;
  const index = e.vectorLocal(check.args[0]!);
  const bad = e.scopes.local("v128"), offender = e.scopes.local("i32");
  f.get(index).get(f.constant(fill("int32", check.value))).op(op.i32x4GeU);
  e.limitToActive();
  f.tee(bad).op(op.v128AnyTrue).if();
  for (let lane = e.lanes - 1; lane >= 0; lane--) {
    f.get(index).lane(op.i32x4ExtractLane, lane).get(offender).get(bad).lane(op.i32x4ExtractLane, lane);
    f.op(op.select).set(offender);
  }
  raise(e, check, offender);
  f.end().get(index).get(bad).op(op.v128AndNot);
}
