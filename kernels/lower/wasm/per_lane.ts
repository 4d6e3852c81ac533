/**
 * Operations without a vector instruction, lane by lane.
 *
 * @module
 */

import { isFloat } from "../../ir/dtype.ts";
import type { BinaryOp, Expr, UnaryOp } from "../../ir/expr.ts";
import { op } from "./encoder.ts";
import type { Emitter } from "./expression.ts";
import { scalarInstruction } from "./scalar_ops.ts";
import { finish, hostFunction, laneOpcodes } from "./vector_ops.ts";

/** Pushes the vector of `x`, computed by the host's function or by instructions on plain values; its operands are in locals. */
export function emitPerLane(
  e: Emitter,
  x: Expr,
  operands: readonly number[] = x.args.map((a) => e.vectorLocal(a)),
): void {
  const { f } = e;
  const { dtype } = x.args[0]!;
  const { extract, replace, splat } = laneOpcodes(dtype);
  const lanes = e.scopes.varies(x) ? e.lanes : 1;
  const host = hostFunction(x.op as UnaryOp | BinaryOp, dtype);
  for (let lane = 0; lane < lanes; lane++) {
    for (const local of operands) {
      f.get(local).lane(extract, lane);
      if (host !== undefined && dtype === "float32") f.op(op.f64PromoteF32);
    }
    if (host === undefined) scalarInstruction(f, e.scopes, x);
    else {
      f.call(e.imports.get(host)!);
      if (dtype === "float32") f.op(op.f32DemoteF64);
    }
    if (lane === 0) f.op(splat);
    else f.lane(replace, lane);
  }
  if (!isFloat(dtype)) finish(f, x.op as BinaryOp, dtype);
}
