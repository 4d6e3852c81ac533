/**
 * Accumulators of reductions and scans.
 *
 * A sum of many floats has two levels, so that its error stays that of pairwise summation: a lane adds up at most a chain of 64
 * elements, and the chains are added in double precision.
 *
 * @module
 */

import { bounds, type DType, isFloat } from "../../ir/dtype.ts";
import type { BinaryOp, Expr } from "../../ir/expr.ts";
import type { ReduceOp } from "../../ir/kernel.ts";
import { op } from "./encoder.ts";
import type { Emitter } from "./expression.ts";
import { binaryOpcode, fill, finish, widenMask } from "./vector_ops.ts";

const names: Record<ReduceOp, BinaryOp> = { sum: "add", prod: "mul", max: "max", min: "min" };

/** Combines the two vectors on the stack. */
export function combine(e: Emitter, reduce: ReduceOp, dtype: DType): void {
  e.f.op(binaryOpcode(names[reduce], dtype)!);
  finish(e.f, names[reduce], dtype);
}

/** Pushes the vector that changes nothing when combined. */
export function pushIdentity(e: Emitter, reduce: ReduceOp, dtype: DType): void {
  const value = reduce === "sum"
    ? 0
    : reduce === "prod"
    ? 1
    : reduce === "max"
    ? bounds(dtype).lowest
    : bounds(dtype).highest;
  e.f.get(e.f.constant(fill(dtype, value)));
}

/** Pushes float64 vectors with the lower and, of four float32 lanes, the upper half of vector local `x`. */
function pushWidened(e: Emitter, x: number, dtype: DType, half: number): void {
  e.f.get(x);
  if (dtype === "float64") return;
  if (half === 1) e.f.get(x).shuffle([8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7]);
  e.f.op(op.f64x2PromoteLowF32x4);
}

/** A running result per lane, in double precision if it is a float's. */
export class Total {
  readonly #locals: number[] = [];

  constructor(readonly e: Emitter, readonly reduce: ReduceOp, readonly dtype: DType) {
    const halves = dtype === "float32" && e.lanes === 4 ? 2 : 1;
    for (let i = 0; i < halves; i++) this.#locals.push(e.scopes.local("v128"));
  }

  get #wide(): DType {
    return isFloat(this.dtype) ? "float64" : this.dtype;
  }

  /** Starts with the identity. */
  reset(): void {
    for (const t of this.#locals) {
      pushIdentity(this.e, this.reduce, this.#wide);
      this.e.f.set(t);
    }
  }

  /** Combines vector local `x`, lane by lane. */
  add(x: number): void {
    this.#locals.forEach((t, half) => {
      this.e.f.get(t);
      pushWidened(this.e, x, this.dtype, half);
      combine(this.e, this.reduce, this.#wide);
      this.e.f.set(t);
    });
  }

  /** Combines the lanes, so that each holds the result. */
  combineLanes(): void {
    const { e } = this;
    const [low, high] = this.#locals;
    if (high !== undefined) {
      e.f.get(low!).get(high);
      combine(e, this.reduce, this.#wide);
      e.f.set(low!);
    }
    combineLanes(e, low!, this.reduce, this.#wide);
    if (high !== undefined) e.f.get(low!).set(high);
  }

  /** Pushes the result of each lane, in its dtype. */
  push(): void {
    const { f } = this.e;
    const [low, high] = this.#locals;
    f.get(low!);
    if (this.dtype !== "float32") return;
    f.op(op.f32x4DemoteF64x2Zero);
    if (high === undefined) return;
    f.get(high).op(op.f32x4DemoteF64x2Zero).shuffle([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]);
  }
}

/** Combines the lanes of vector local `x` in a fixed tree; each lane gets the result. */
export function combineLanes(e: Emitter, x: number, reduce: ReduceOp, dtype: DType): void {
  const swap = (bytes: number) => {
    e.f.get(x).get(x).get(x).shuffle(Array.from({ length: 16 }, (_, i) => i ^ bytes));
    combine(e, reduce, dtype);
    e.f.set(x);
  };
  if (dtype === "float64") return swap(8);
  if (e.lanes === 4) swap(8);
  swap(4);
}

/**
 * Whether a reduction keeps apart which lanes met NaN. The engines' instructions for the larger and the smaller float spend most of their
 * time on NaN; this way it takes a third of it.
 */
export function marksNaN(reduce: ReduceOp, dtype: DType): boolean {
  return dtype === "float32" && (reduce === "max" || reduce === "min");
}

/** Makes vector local `x` NaN where the mask in local `nan` is set. */
export function markNaN(e: Emitter, x: number, nan: number): void {
  e.f.get(x).get(nan).op(op.v128Or).set(x);
}

/**
 * Combines `value` into vector local `into`. In a partial vector, lanes that do not count stay as they are. Where the reduction marks NaN,
 * `nan` is the local of the mask.
 */
export function accumulate(
  e: Emitter,
  into: number,
  reduce: ReduceOp,
  value: Expr,
  masked: boolean,
  nan?: number,
): void {
  const { f } = e;
  if (nan !== undefined && !masked) {
    const next = e.vectorLocal(value);
    f.get(into).get(next).op(reduce === "max" ? op.f32x4PMax : op.f32x4PMin).set(into);
    f.get(nan).get(next).get(next).op(op.f32x4Ne).op(op.v128Or).set(nan);
    return;
  }
  if (reduce === "sum" && !masked && e.fusedProduct(value)) {
    f.get(into).op(value.dtype === "float32" ? op.f32x4RelaxedMadd : op.f64x2RelaxedMadd).set(into);
    return;
  }
  if (!masked) f.get(into);
  e.vector(value);
  if (masked) {
    const next = e.scopes.local("v128");
    f.set(next).get(into).get(next);
    combine(e, reduce, value.dtype);
    f.get(into).get(f.constant(fill("bool", 1)));
    e.limitToActive();
    widenMask(f, value.dtype);
    f.op(op.v128Bitselect).set(into);
    return;
  }
  combine(e, reduce, value.dtype);
  f.set(into);
}
