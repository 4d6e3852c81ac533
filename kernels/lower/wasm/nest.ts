/**
 * Loops: over one variable, over nested axes, and over an axis whose values lie in the lanes of vectors.
 *
 * @module
 */

import type { Axis } from "../../templates/axes.ts";
import { op } from "./encoder.ts";
import type { Emitter } from "./expression.ts";

/** A loop variable, and the i32 local that holds its extent. */
export interface Bound extends Axis {
  readonly limit: number;
}

/** Runs `body` for variable `slot` from local `from` to local `to`. */
export function emitLoop(e: Emitter, slot: number, from: number | undefined, to: number, body: () => void): void {
  const { f, scopes } = e;
  scopes.push();
  const i = scopes.local("i32");
  if (from === undefined) f.i32(0).set(i);
  else f.get(from).set(i);
  f.get(i).get(to).op(op.i32LtS).if().loop();
  scopes.push();
  scopes.bindVariable(slot, i);
  body();
  scopes.pop();
  f.get(i).i32(1).op(op.i32Add).tee(i).get(to).op(op.i32LtS).brIf(0);
  f.end().end();
  scopes.pop();
}

/** Nested loops over `axes`; `hoist` runs at the head of each body but the innermost. */
export function emitNest(e: Emitter, axes: readonly Bound[], hoist: () => void, body: () => void): void {
  const [first, ...rest] = axes;
  if (first === undefined) return body();
  emitLoop(e, first.slot, undefined, first.limit, () => {
    if (rest.length > 0) hoist();
    emitNest(e, rest, hoist, body);
  });
}

/**
 * Runs `body` for the lane variable `slot` from local `from` (or 0) to local `to`, in vectors: `unroll` of them at a time, then one, then a
 * part of one, where `e.tail` is set. `body` is emitted for `e.groups` groups. In a brief kernel all vectors are partial ones.
 */
export function emitLanes(
  e: Emitter,
  slot: number,
  from: number | undefined,
  to: number,
  unroll: number,
  body: () => void,
): void {
  const { f, scopes } = e;
  scopes.push();
  const v = scopes.local("i32"), last = scopes.local("i32");
  if (from === undefined) f.i32(0).set(v);
  else f.get(from).set(v);
  const emitBody = (groups: number) => {
    scopes.push();
    scopes.bindVariable(slot, v);
    e.groups = groups;
    body();
    e.groups = 1;
    scopes.pop();
  };
  if (e.brief) {
    f.get(to).get(v).op(op.i32Sub).tee(last).i32(0).op(op.i32GtS).if().loop();
    e.tail = last;
    emitBody(1);
    e.tail = undefined;
    f.get(to).get(v).i32(e.lanes).op(op.i32Add).tee(v).op(op.i32Sub).tee(last).i32(0).op(op.i32GtS).brIf(0);
    f.end().end();
    return scopes.pop();
  }
  for (const groups of unroll > 1 ? [unroll, 1] : [1]) {
    const step = groups * e.lanes;
    f.get(to).i32(step - 1).op(op.i32Sub).set(last);
    f.get(v).get(last).op(op.i32LtS).if().loop();
    emitBody(groups);
    f.get(v).i32(step).op(op.i32Add).tee(v).get(last).op(op.i32LtS).brIf(0);
    f.end().end();
  }
  f.get(to).get(v).op(op.i32Sub).tee(last).i32(0).op(op.i32GtS).if();
  e.tail = last;
  emitBody(1);
  e.tail = undefined;
  f.end();
  scopes.pop();
}

/** Runs `body` for each unrolled group. */
export function eachGroup(e: Emitter, body: (group: number) => void): void {
  for (let group = 0; group < e.groups; group++) {
    e.group = group;
    body(group);
  }
  e.group = 0;
}

/**
 * Runs `compute` for each unrolled group and `store` with what it gave, for two neighbouring groups at a time: V8 joins their stores where
 * nothing is loaded between them.
 */
export function eachPair<Values>(
  e: Emitter,
  compute: (group: number) => Values,
  store: (values: Values) => void,
): void {
  for (let group = 0; group < e.groups; group += 2) {
    const pair = [group, group + 1].filter((g) => g < e.groups);
    const values = pair.map((g) => compute(e.group = g));
    pair.forEach((g, i) => {
      e.group = g;
      store(values[i]!);
    });
  }
  e.group = 0;
}

/** Runs `body` with locals of the start and end of consecutive blocks of at most `size` below local `to`. */
export function emitBlocks(e: Emitter, to: number, size: number, body: (from: number, to: number) => void): void {
  const { f, scopes } = e;
  scopes.push();
  const from = scopes.local("i32"), end = scopes.local("i32");
  f.i32(0).set(from);
  f.get(from).get(to).op(op.i32LtS).if().loop();
  f.get(from).i32(size).op(op.i32Add).tee(end).get(to).get(end).get(to).op(op.i32LtS).op(op.select).set(end);
  scopes.push();
  body(from, end);
  scopes.pop();
  f.get(end).tee(from).get(to).op(op.i32LtS).brIf(0);
  f.end().end();
  scopes.pop();
}
