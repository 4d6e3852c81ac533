/**
 * Indices and other integers that are the same in all lanes, as plain i32.
 *
 * @module
 */

import { isFloat } from "../../ir/dtype.ts";
import type { Expr } from "../../ir/expr.ts";
import { ENTRY } from "./program.ts";
import { pushSum } from "./address.ts";
import { checkScalar } from "./checks.ts";
import { op } from "./encoder.ts";
import type { Emitter } from "./expression.ts";
import { loadScalar } from "./load.ts";
import { hasScalarInstruction, scalarInstruction } from "./scalar_ops.ts";

/** Whether `x` can be computed as an i32 from i32 operands. */
export function isScalar(x: Expr): boolean {
  if (isFloat(x.dtype) || x.args.some((a) => isFloat(a.dtype))) return false;
  switch (x.op) {
    case "load":
    case "scalar":
    case "var":
    case "check":
    case "where":
    case "cast":
    case "bitcast":
      return true;
    default:
      return hasScalarInstruction(x);
  }
}

/** Pushes `x` as an i32; a bool is 0 or 1. */
export function emitScalar(e: Emitter, x: Expr): void {
  const { f } = e;
  if (!isScalar(x)) {
    e.vector(x);
    f.lane(op.i32x4ExtractLane, 0);
    if (x.dtype === "bool") f.i32(1).op(op.i32And);
    return;
  }
  switch (x.op) {
    case "load":
      return loadScalar(e, x.slot, x.args[0]!);
    case "scalar":
      f.get(ENTRY.parameters).memory(op.i32Load, e.layout.scalar(x.slot));
      return;
    case "check":
      return checkScalar(e, x);
    case "where":
      e.scalar(x.args[1]!);
      e.scalar(x.args[2]!);
      e.scalar(x.args[0]!);
      f.op(op.select);
      return;
    case "bitcast":
      return e.scalar(x.args[0]!);
    case "cast":
      e.scalar(x.args[0]!);
      if (x.dtype === "bool") f.i32(0).op(op.i32Ne);
      else if (x.dtype === "uint8" && x.args[0]!.dtype !== "bool") f.i32(255).op(op.i32And);
      return;
  }
  if (x.op === "add" && x.dtype === "int32") return pushSum(e, x);
  for (const a of x.args) e.scalar(a);
  scalarInstruction(f, e.scopes, x);
  if (x.dtype === "uint8") f.i32(255).op(op.i32And);
}
