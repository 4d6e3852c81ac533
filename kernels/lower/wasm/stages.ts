/**
 * Emits the stages of a loop kernel for one row, or for as many neighbouring rows as vectors hold.
 *
 * @module
 */

import { type DType, isFloat } from "../../ir/dtype.ts";
import type { Reduction, Stage } from "../../ir/kernel.ts";
import { op } from "./encoder.ts";
import type { Emitter } from "./expression.ts";
import { CHAIN } from "./loop_plan.ts";
import { loadVector } from "./load.ts";
import { type Bound, eachGroup, eachPair, emitBlocks, emitLanes, emitLoop, emitNest } from "./nest.ts";
import { type KeepingStage, stageRoots } from "./stage_roots.ts";
import { storeVector } from "./store.ts";
import { fill } from "./vector_ops.ts";
import { accumulate, combine, combineLanes, markNaN, marksNaN, pushIdentity, Total } from "./reduction.ts";

/** A stage as it is emitted. */
export interface EmittedStage {
  readonly stage: KeepingStage;
  readonly axes: readonly Bound[];
  readonly short: boolean;
  /** Vectors of the last axis done at once, where that axis lies in the lanes. */
  readonly unroll: number;
}

/** Computes, now, what of a stage does not depend on loops to come. */
export function hoistStage(e: Emitter, stage: KeepingStage): void {
  const { values, stores } = stageRoots(stage);
  e.hoist(values);
  for (const s of stores) e.hoistIndex(s.slot, s.index);
}

/** Emits one stage. `inRows`: lanes hold neighbouring rows. */
export function emitStage(e: Emitter, s: EmittedStage, inRows: boolean): void {
  switch (s.stage.kind) {
    case "reduce":
      return emitReduce(e, s, s.stage, inRows);
    case "store":
      return emitStore(e, s, s.stage, inRows);
    case "scan":
      return emitScan(e, s, s.stage);
    case "scatter":
      return emitScatter(e, s, s.stage);
  }
}

/** The loops of a stage, with its last axis in lanes unless lanes hold rows. */
function emitPoints(e: Emitter, s: EmittedStage, inRows: boolean, body: () => void): void {
  const hoist = () => hoistStage(e, s.stage);
  hoist();
  const lane = inRows ? undefined : s.axes.at(-1);
  emitNest(e, lane === undefined ? s.axes : s.axes.slice(0, -1), hoist, () => {
    if (lane === undefined) return body();
    if (s.axes.length > 1) hoist();
    emitLanes(e, lane.slot, undefined, lane.limit, s.unroll, body);
  });
}

function emitStore(e: Emitter, s: EmittedStage, stage: Stage & { kind: "store" }, inRows: boolean): void {
  e.scopes.push(true);
  if (!inRows) e.scopes.lane = s.axes.at(-1)?.slot;
  emitPoints(e, s, inRows, () =>
    eachPair(
      e,
      // All values first: a store may overwrite what another value is computed from.
      () => stage.stores.map((x) => e.vectorLocal(x.value)),
      (values) => stage.stores.forEach((x, i) => storeVector(e, x.slot, x.index, values[i]!)),
    ));
  if (!inRows) e.scopes.lane = undefined;
  e.scopes.pop();
}

/** Whether a running result needs more precision than its elements have. */
function needsTotal(reduce: string, dtype: DType): boolean {
  return isFloat(dtype) && (reduce === "sum" || reduce === "prod");
}

function emitReduce(e: Emitter, s: EmittedStage, stage: KeepingStage & { kind: "reduce" }, inRows: boolean): void {
  const { f, scopes } = e;
  const { reductions, keeps } = stage;
  const groups = inRows ? e.groups : s.unroll;
  const long = (r: Reduction) => !s.short && r.op === "sum" && isFloat(r.value.dtype);
  const results = reductions.map(() => Array.from({ length: inRows ? groups : 1 }, () => scopes.local("v128")));
  scopes.push(true);
  const accumulators = reductions.map(() => Array.from({ length: groups }, () => scopes.local("v128")));
  const totals = reductions.map((r) =>
    long(r) ? Array.from({ length: inRows ? groups : 1 }, () => new Total(e, r.op, r.value.dtype)) : []
  );
  // Lanes that hold elements of one row share a mask.
  const masks = reductions.map(({ op, value }) =>
    marksNaN(op, value.dtype) ? Array.from({ length: inRows ? groups : 1 }, () => scopes.local("v128")) : []
  );
  for (const local of masks.flat()) f.get(f.constant(fill("bool", 0))).set(local);
  const reset = (i: number) => {
    for (const local of accumulators[i]!) {
      pushIdentity(e, reductions[i]!.op, reductions[i]!.value.dtype);
      f.set(local);
    }
  };
  const combineGroups = (i: number) => {
    const { op: reduce, value } = reductions[i]!;
    const locals = accumulators[i]!;
    for (let width = groups; width > 1; width = Math.ceil(width / 2)) {
      for (let g = 0; g < width >> 1; g++) {
        f.get(locals[g]!).get(locals[g + Math.ceil(width / 2)]!);
        combine(e, reduce, value.dtype);
        f.set(locals[g]!);
      }
    }
  };
  const flush = () =>
    reductions.forEach((r, i) => {
      if (!long(r)) return;
      if (!inRows) combineGroups(i);
      totals[i]!.forEach((t, g) => t.add(accumulators[i]![g]!));
      reset(i);
    });
  reductions.forEach((_, i) => reset(i));
  totals.flat().forEach((t) => t.reset());

  if (!inRows) scopes.lane = s.axes.at(-1)?.slot;
  const body = () =>
    eachPair(e, (group) => {
      const masked = e.tail !== undefined && !inRows;
      reductions.forEach((r, i) => {
        const own = masks[i]!;
        accumulate(e, accumulators[i]![group]!, r.op, r.value, masked, own[group % own.length]);
      });
      return keeps.map((k) => e.vectorLocal(k.value));
    }, (values) => keeps.forEach((k, i) => storeVector(e, k.slot, k.index, values[i]!)));
  if (reductions.some(long)) emitLong(e, s, inRows, groups, body, flush);
  else emitPoints(e, s, inRows, body);
  if (!inRows) scopes.lane = undefined;

  reductions.forEach((r, i) => {
    const { dtype } = r.value;
    if (long(r)) {
      totals[i]!.forEach((t, g) => {
        if (!inRows) t.combineLanes();
        t.push();
        f.set(results[i]![g]!);
      });
      return;
    }
    masks[i]!.forEach((nan, g) => markNaN(e, accumulators[i]![g]!, nan));
    if (!inRows) combineGroups(i);
    results[i]!.forEach((local, g) => {
      f.get(accumulators[i]![g]!).set(local);
      // Without an axis in the lanes, they are equal already.
      if (!inRows && s.axes.length > 0) combineLanes(e, local, r.op, dtype);
    });
  });
  scopes.pop();
  reductions.forEach((r, i) => {
    if (!inRows) spread(e, results[i]![0]!, r.value.dtype);
    scopes.bindAccumulator(r.slot, results[i]!, inRows);
  });
}

/** Makes it plain to the engine that all lanes of a float are equal, so that it need not ask where they come from when it joins vectors. */
function spread(e: Emitter, local: number, dtype: DType): void {
  const { f } = e;
  if (dtype === "float32") f.get(local).lane(op.f32x4ExtractLane, 0).op(op.f32x4Splat).set(local);
  else if (dtype === "float64") f.get(local).lane(op.f64x2ExtractLane, 0).op(op.f64x2Splat).set(local);
}

/** The loops of a reduction with sums of two levels: `flush` moves the accumulators to the second. */
function emitLong(
  e: Emitter,
  s: EmittedStage,
  inRows: boolean,
  groups: number,
  body: () => void,
  flush: () => void,
): void {
  const { f, scopes } = e;
  const block = inRows ? CHAIN : CHAIN * groups * e.lanes;
  const count = scopes.local("i32");
  const hoist = () => hoistStage(e, s.stage);
  const last = s.axes.at(-1)!;
  f.i32(0).set(count);
  hoist();
  emitNest(e, s.axes.slice(0, -1), hoist, () => {
    if (s.axes.length > 1) hoist();
    emitBlocks(e, last.limit, block, (from, to) => {
      if (inRows) emitLoop(e, last.slot, from, to, body);
      else emitLanes(e, last.slot, from, to, s.unroll, body);
      f.get(count).get(to).op(op.i32Add).get(from).op(op.i32Sub).tee(count).i32(block).op(op.i32GeS).if();
      flush();
      f.i32(0).set(count).end();
    });
  });
  flush();
}

function emitScan(e: Emitter, s: EmittedStage, stage: Stage & { kind: "scan" }): void {
  const { f, scopes } = e;
  const { value, slot, index } = stage.store;
  scopes.push(true);
  const totals = Array.from({ length: e.groups }, () => new Total(e, stage.op, value.dtype));
  if (!needsTotal(stage.op, value.dtype)) {
    const running = totals.map(() => scopes.local("v128"));
    for (const local of running) {
      pushIdentity(e, stage.op, value.dtype);
      f.set(local);
    }
    emitPoints(e, s, true, () =>
      eachGroup(e, (group) => {
        accumulate(e, running[group]!, stage.op, value, false);
        storeVector(e, slot, index, running[group]!);
      }));
  } else {
    totals.forEach((t) => t.reset());
    emitPoints(e, s, true, () =>
      eachGroup(e, (group) => {
        const result = scopes.local("v128");
        totals[group]!.add(e.vectorLocal(value));
        totals[group]!.push();
        f.set(result);
        storeVector(e, slot, index, result);
      }));
  }
  scopes.pop();
}

function emitScatter(e: Emitter, s: EmittedStage, stage: Stage & { kind: "scatter" }): void {
  const { value, slot, index } = stage.store;
  const reduce = stage.op;
  e.scopes.push(true);
  emitPoints(e, s, true, () =>
    eachGroup(e, () => {
      const next = e.vectorLocal(value);
      if (reduce !== "set") {
        loadVector(e, slot, index);
        e.f.get(next);
        combine(e, reduce, value.dtype);
        e.f.set(next);
      }
      storeVector(e, slot, index, next);
    }));
  e.scopes.pop();
}
