/**
 * Loads: how the elements of a vector's lanes are fetched. Consecutive elements are one vector access, every second one two; others are
 * fetched lane by lane into a vector.
 *
 * An index that is not provably inside its buffer belongs to a load that a mask makes irrelevant (padding), or to unchecked data: it
 * is moved to where reading is harmless. Contiguous loads may overrun a buffer by less than a vector, those of every second element by
 * less than two, which is why the memory's end keeps a margin.
 *
 * @module
 */

import { itemSize } from "../../ir/dtype.ts";
import type { Expr } from "../../ir/expr.ts";
import { elementShift, ENTRY } from "./program.ts";
import {
  type Access,
  accessOf,
  clampIndex,
  firstAddress,
  pushAddress,
  pushLaneIndex,
  pushLaneIndices,
  toAddress,
} from "./address.ts";
import { op } from "./encoder.ts";
import type { Emitter } from "./expression.ts";
import { convert, fill } from "./vector_ops.ts";

/** Pushes element `index` of binding `slot`, an integer or bool that is the same in all lanes, as an i32. */
export function loadScalar(e: Emitter, slot: number, index: Expr): void {
  const a = accessOf(e, slot, index);
  const offset = pushUniformAddress(e, a);
  e.f.memory(itemSize(a.dtype) === 1 ? op.i32Load8U : op.i32Load, offset);
  if (a.dtype === "bool") e.f.i32(0).op(op.i32Ne);
}

function pushUniformAddress(e: Emitter, a: Access): number {
  if (!a.guarded) return pushAddress(e, a);
  pushLaneIndex(e, a, undefined, 0);
  clampIndex(e, a.slot, 0, -1);
  toAddress(e, a);
  return 0;
}

/** Pushes element `index` of binding `slot` for each lane. */
export function loadVector(e: Emitter, slot: number, index: Expr): void {
  const a = accessOf(e, slot, index);
  if (a.lanes === 0) loadUniform(e, a);
  else if (a.lanes === 1) loadContiguous(e, a);
  else if (a.lanes === -1 && !a.guarded && a.dtype !== "bool" && a.dtype !== "uint8") loadReversed(e, a);
  else if (a.lanes === 2 && !a.guarded && itemSize(a.dtype) * e.lanes === 16) loadEverySecond(e, a);
  else loadLanes(e, a);
}

function loadUniform(e: Emitter, a: Access): void {
  const offset = pushUniformAddress(e, a);
  if (itemSize(a.dtype) > 1) e.f.memory(a.dtype === "float64" ? op.v128Load64Splat : op.v128Load32Splat, offset);
  else {
    e.f.memory(op.i32Load8U, offset).op(op.i32x4Splat);
    if (a.dtype === "bool") convert(e.f, "int32", "bool");
  }
}

function loadContiguous(e: Emitter, a: Access): void {
  const { f } = e;
  let offset = 0;
  if (!a.guarded) offset = pushAddress(e, a);
  else {
    pushLaneIndex(e, a, undefined, 0);
    clampIndex(e, a.slot, -e.lanes, 0);
    toAddress(e, a);
  }
  if (itemSize(a.dtype) === 1) {
    f.memory(op.v128Load32Zero, offset).op(op.i16x8ExtendLowI8x16U).op(op.i32x4ExtendLowI16x8U);
    if (a.dtype === "bool") convert(f, "int32", "bool");
  } else f.memory(itemSize(a.dtype) * e.lanes === 16 ? op.v128Load : op.v128Load64Zero, offset);
}

function loadReversed(e: Emitter, a: Access): void {
  const size = itemSize(a.dtype);
  const zero = e.f.constant(fill("int32", 0));
  e.f.i32((1 - e.lanes) * size);
  const offset = pushAddress(e, a);
  e.f.op(op.i32Add).memory(size * e.lanes === 16 ? op.v128Load : op.v128Load64Zero, offset).get(zero);
  const bytes: number[] = [];
  for (let lane = e.lanes - 1; lane >= 0; lane--) for (let i = 0; i < size; i++) bytes.push(lane * size + i);
  while (bytes.length < 16) bytes.push(16);
  e.f.shuffle(bytes);
}

/** Two vectors, of which every second element counts; what lies between and behind is not used. */
function loadEverySecond(e: Emitter, a: Access): void {
  const { f, lanes } = e, size = 16 / lanes, at = e.scopes.local("i32");
  const offset = pushAddress(e, a);
  f.tee(at).memory(op.v128Load, offset).get(at).memory(op.v128Load, offset + 16);
  f.shuffle(Array.from({ length: 16 }, (_, byte) => 2 * size * Math.floor(byte / size) + byte % size));
}

function loadLanes(e: Emitter, a: Access): void {
  const { f } = e;
  const pushLane = laneAddresses(e, a);
  const result = e.scopes.local("v128");
  const size = itemSize(a.dtype);
  for (let lane = 0; lane < e.lanes; lane++) {
    pushLane(lane);
    if (size === 1) {
      const t = e.scopes.local("i32");
      f.memory(op.i32Load8U);
      if (lane === 0) f.op(op.i32x4Splat);
      else f.set(t).get(result).get(t).lane(op.i32x4ReplaceLane, lane);
    } else if (lane === 0) f.memory(size === 8 ? op.v128Load64Zero : op.v128Load32Zero);
    else f.get(result).memoryLane(size === 8 ? op.v128Load64Lane : op.v128Load32Lane, lane);
    f.set(result);
  }
  f.get(result);
  if (a.dtype === "bool") convert(f, "int32", "bool");
}

/** Prepares the addresses of all lanes; the function it gives pushes that of one. */
function laneAddresses(e: Emitter, a: Access): (lane: number) => void {
  const { f } = e;
  const shift = elementShift(a.dtype);
  // Lanes that do not count may have any index.
  const clamped = a.guarded || e.tail !== undefined;
  if (typeof a.lanes === "number" && !clamped) {
    const first = firstAddress(e, a), step = a.lanes << shift;
    return (lane) => {
      f.get(first);
      if (lane > 0) f.i32(lane * step).op(op.i32Add);
    };
  }
  const addresses = e.scopes.local("v128");
  if (clamped) {
    pushLaneIndices(e, a);
    f.get(f.constant(fill("int32", 0))).op(op.i32x4MaxS);
    f.get(ENTRY.parameters).memory(op.v128Load32Splat, e.layout.size(a.slot));
    f.get(f.constant(fill("int32", 1))).op(op.i32x4Sub).op(op.i32x4MinS);
    f.i32(shift).op(op.i32x4Shl).get(e.base(a.slot)).op(op.i32x4Splat);
  } else {
    e.vector(a.lanes as Expr);
    f.i32(shift).op(op.i32x4Shl).get(firstAddress(e, a)).op(op.i32x4Splat);
  }
  f.op(op.i32x4Add).set(addresses);
  return (lane) => f.get(addresses).lane(op.i32x4ExtractLane, lane);
}
