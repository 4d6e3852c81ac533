/**
 * Division of int32 vectors by constants, which vectors have no instruction for.
 *
 * @module
 */

import type { Expr } from "../../ir/expr.ts";
import { range } from "../../ir/index.ts";
import { op } from "./encoder.ts";
import type { Emitter } from "./expression.ts";
import { fill } from "./vector_ops.ts";

/** How `e` is divided: by a constant with "shift", "float32" (of small numbers) or "float64"; by anything else "any". */
export function divisionClass(e: Expr): "shift" | "float32" | "float64" | "any" | "" {
  if ((e.op !== "div" && e.op !== "mod") || e.dtype !== "int32") return "";
  const divisor = e.args[1]!;
  if (divisor.op !== "const" || divisor.value < 2 || divisor.value > 2 ** 20) return "any";
  if (Number.isInteger(Math.log2(divisor.value))) return "shift";
  const r = range(e.args[0]!);
  return r !== undefined && r[0] > -SMALL && r[1] < SMALL ? "float32" : "float64";
}

/** Below it, a float32 product with the reciprocal is near enough to the quotient. */
const SMALL = 2 ** 21;

/** Pushes the quotient or remainder `x` of each lane, rounded toward zero; a zero divisor gives 0. */
export function divideVector(e: Emitter, x: Expr): void {
  const how = divisionClass(x);
  const dividend = e.vectorLocal(x.args[0]!), divisor = e.vectorLocal(x.args[1]!);
  if (how === "shift") divideByShift(e, dividend, Math.log2(x.args[1]!.value));
  else if (how === "float32") divideInFloat32(e, dividend, x.args[1]!.value);
  else divideInFloat64(e, dividend, divisor);
  if (x.op === "mod") remainder(e, dividend, divisor);
  if (how === "any") exceptions(e, dividend, divisor, x.op === "div");
}

/** Turns the quotient on the stack into the remainder. */
function remainder(e: Emitter, dividend: number, divisor: number): void {
  const { f } = e;
  const quotient = e.scopes.local("v128");
  f.set(quotient).get(dividend).get(quotient).get(divisor).op(op.i32x4Mul).op(op.i32x4Sub);
}

/** Puts right what divisors 0 and -1 made of the result on the stack; see `scalar_ops.ts`. */
function exceptions({ f }: Emitter, dividend: number, divisor: number, quotient: boolean): void {
  const zero = f.constant(fill("int32", 0)), one = f.constant(fill("int32", 1)), two = f.constant(fill("int32", 2));
  f.get(zero);
  if (quotient) f.get(dividend).get(divisor).op(op.v128And).op(op.i32x4Sub);
  f.get(divisor).get(one).op(op.i32x4Add).get(two).op(op.i32x4GeU).op(op.v128Bitselect);
}

/** A negative number gets divisor - 1 first, as shifting rounds down. */
function divideByShift({ f }: Emitter, x: number, shift: number): void {
  f.get(x).get(x).i32(31).op(op.i32x4ShrS).i32(32 - shift).op(op.i32x4ShrU).op(op.i32x4Add).i32(shift).op(op.i32x4ShrS);
}

/** The dividend moves away from zero by a half, so that a rounding error of the product cannot cross a whole number. */
function divideInFloat32(e: Emitter, x: number, divisor: number): void {
  const { f } = e;
  const y = e.scopes.local("v128");
  f.get(x).op(op.f32x4ConvertI32x4S).tee(y).get(y).get(f.constant(fill("float32", -0))).op(op.v128And);
  f.get(f.constant(fill("float32", 0.5))).op(op.v128Or).op(op.f32x4Add);
  f.get(f.constant(fill("float32", 1 / divisor))).op(op.f32x4Mul).op(op.i32x4TruncSatF32x4S);
}

/** The quotient of two int32 in double precision is never rounded to a whole number. */
function divideInFloat64(e: Emitter, x: number, divisor: number): void {
  const { f } = e;
  const push = (v: number, upper: boolean) => {
    f.get(v);
    if (upper) f.get(v).shuffle([8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7]);
    f.op(op.f64x2ConvertLowI32x4S);
  };
  const half = (upper: boolean) => {
    push(x, upper);
    push(divisor, upper);
    f.op(op.f64x2Div).op(op.i32x4TruncSatF64x2SZero);
  };
  half(false);
  if (e.lanes === 2) return;
  half(true);
  f.shuffle([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]);
}
