/**
 * Stores: how the lanes of a vector are put back.
 *
 * @module
 */

import { itemSize } from "../../ir/dtype.ts";
import type { Expr } from "../../ir/expr.ts";
import { ENTRY } from "./program.ts";
import {
  type Access,
  accessOf,
  firstAddress,
  irregularPart,
  pushAddress,
  pushLaneIndex,
  pushScaled,
  toAddress,
} from "./address.ts";
import { op, type Opcode } from "./encoder.ts";
import type { Emitter } from "./expression.ts";
import { fill } from "./vector_ops.ts";

/** Puts the lanes of `value` at element `index` of binding `slot`; lanes outside the buffer are dropped. */
export function storeVector(e: Emitter, slot: number, index: Expr, value: number): void {
  const { f } = e;
  const a = accessOf(e, slot, index);
  let stored = value;
  if (a.dtype === "bool") {
    stored = e.scopes.local("v128");
    f.get(value).get(f.constant(fill("int32", 1))).op(op.v128And).set(stored);
  }
  if (a.lanes === 1 && !a.guarded && e.tail === undefined) storeContiguous(e, a, stored);
  else storeLanes(e, a, stored);
}

function storeContiguous(e: Emitter, a: Access, value: number): void {
  const { f } = e;
  const offset = pushAddress(e, a);
  f.get(value);
  if (itemSize(a.dtype) === 1) {
    f.get(value).op(op.i16x8NarrowI32x4U).get(value).op(op.i8x16NarrowI16x8U);
    f.memoryLane(e.lanes === 4 ? op.v128Store32Lane : op.v128Store16Lane, 0, offset);
  } else if (itemSize(a.dtype) * e.lanes === 16) f.memory(op.v128Store, offset);
  else f.memoryLane(op.v128Store64Lane, 0, offset);
}

const laneStores: Record<number, Opcode> = { 1: op.v128Store8Lane, 4: op.v128Store32Lane, 8: op.v128Store64Lane };

function storeLanes(e: Emitter, a: Access, value: number): void {
  const { f } = e;
  const size = itemSize(a.dtype);
  const irregular = irregularPart(e, a);
  const first = firstAddress(e, a);
  const index = e.scopes.local("i32");
  const lanes = a.lanes === 0 ? 1 : e.lanes;
  if (a.guarded) pushLaneIndex(e, a, irregular, 0), f.set(index);
  for (let lane = 0; lane < lanes; lane++) {
    const conditional = e.tail !== undefined && lane > 0;
    if (conditional) f.get(e.tail!).i32(lane).op(op.i32GtS).if();
    if (a.guarded) {
      pushLaneIndex(e, a, irregular, lane);
      f.tee(index).get(ENTRY.parameters).memory(op.i32Load, e.layout.size(a.slot)).op(op.i32LtU).if();
      f.get(index);
      toAddress(e, a);
    } else {
      f.get(first);
      if (irregular !== undefined) {
        f.get(irregular).lane(op.i32x4ExtractLane, lane);
        pushScaled(f, size);
        f.op(op.i32Add);
      } else if (lane > 0) f.i32(lane * (a.lanes as number) * size).op(op.i32Add);
    }
    f.get(value).memoryLane(laneStores[size]!, size === 1 ? lane * 4 : lane);
    if (a.guarded) f.end();
    if (conditional) f.end();
  }
}
