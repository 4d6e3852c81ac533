/**
 * The remainder of a division of float32, which has the dividend's sign: exact, as C's fmod.
 *
 * @module
 */

import type { Expr } from "../../ir/expr.ts";
import { op } from "./encoder.ts";
import type { Emitter } from "./expression.ts";
import { emitPerLane } from "./per_lane.ts";
import { fill } from "./vector_ops.ts";

/** Larger quotients may not be whole numbers of float32. */
const LARGEST_QUOTIENT = 2 ** 24;

/**
 * Pushes the remainder of `e`'s operands, with fused multiply-add. Of magnitudes, the quotient cut to a whole number n is right or one too
 * large, so that x - n y is exact, and lacks y where it is negative. Vectors with a large quotient, infinity or NaN take the host's
 * function.
 */
export function remainderVector(e: Emitter, remainder: Expr): void {
  const { f, scopes } = e;
  const [a, b] = remainder.args.map((x) => e.vectorLocal(x)) as [number, number];
  const [x, y, n, rest] = [scopes.local("v128"), scopes.local("v128"), scopes.local("v128"), scopes.local("v128")];
  f.get(a).op(op.f32x4Abs).tee(x).get(b).op(op.f32x4Abs).tee(y).op(op.f32x4Div).op(op.f32x4Trunc).set(n);
  f.get(n).op(op.f32x4Neg).get(y).get(x).op(op.f32x4RelaxedMadd).set(rest);
  f.get(rest).get(rest).get(f.constant(fill("float32", 0))).op(op.f32x4Lt).get(y).op(op.v128And).op(op.f32x4Add);
  f.get(a).get(f.constant(fill("int32", -0x80000000))).op(op.v128And).op(op.v128Or).set(rest);
  f.get(n).get(f.constant(fill("float32", LARGEST_QUOTIENT))).op(op.f32x4Lt);
  f.get(y).get(f.constant(fill("float32", Infinity))).op(op.f32x4Lt).op(op.v128And).op(op.v128Not).op(op.v128AnyTrue);
  f.if();
  emitPerLane(e, remainder, [a, b]);
  f.set(rest).end().get(rest);
}
