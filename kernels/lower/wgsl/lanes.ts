/**
 * Which loop axis is taken four elements at a time, and which bindings can then be read and written as vec4.
 *
 * @module
 */

import { type Expr, variable, walk } from "../../ir/expr.ts";
import { linear } from "../../ir/index.ts";
import type { Store } from "../../ir/kernel.ts";
import type { Axis } from "../../templates/axes.ts";

/** How far the index moves when the axis does; undefined where that is no constant. */
export function stride(index: Expr, axis: Axis): number | undefined {
  const lane = variable(axis.slot, axis.extent);
  let factor = 0;
  for (const [term, times] of linear(index).terms) {
    if (term === lane) factor = times;
    else if (mentions(term, lane)) return undefined;
  }
  return factor;
}

function mentions(e: Expr, leaf: Expr): boolean {
  let found = false;
  walk([e], (x) => found ||= x === leaf);
  return found;
}

/** Whether an index that varies moves by one from each of four lanes to the next: by an aligned variable and nothing else. */
export function isContiguous(index: Expr, aligned: (e: Expr) => boolean, varies: (e: Expr) => boolean): boolean {
  let found = false;
  for (const [term, factor] of linear(index).terms) {
    if (term.op === "var" && aligned(term) && factor === 1) found = true;
    else if (varies(term)) return false;
  }
  return found;
}

/** Whether an index is contiguous along the axis and a multiple of four at each of its multiples of four. */
export function isAligned(index: Expr, axis: Axis): boolean {
  if (stride(index, axis) !== 1) return false;
  const lane = variable(axis.slot, axis.extent);
  const { terms, constant } = linear(index);
  if (constant % 4 !== 0) return false;
  for (const [term, factor] of terms) if (term !== lane && factor % 4 !== 0) return false;
  return true;
}

/** Expressions and stores of one loop, and the axis it takes four at a time, if any. */
export interface LaneLoop {
  readonly exprs: readonly Expr[];
  readonly stores: readonly Store[];
  readonly lane: Axis | undefined;
}

/** The last axis if loads, or all stores, are contiguous along it and it divides into fours. */
export function chooseLane(axes: readonly Axis[], exprs: readonly Expr[], stores: readonly Store[]): Axis | undefined {
  const axis = axes.at(-1);
  if (axis === undefined || axis.extent === 0 || axis.extent % 4 !== 0) return undefined;
  if (stores.length > 0) return stores.every(({ index }) => isAligned(index, axis)) ? axis : undefined;
  let found = false;
  walk(exprs, (e) => found ||= e.op === "load" && isAligned(e.args[0]!, axis));
  return found ? axis : undefined;
}

/** The bindings that all loops use only as whole vec4s. */
export function vectorBindings(loops: readonly LaneLoop[]): Set<number> {
  const whole = new Set<number>(), single = new Set<number>();
  for (const { exprs, stores, lane } of loops) {
    const use = (slot: number, index: Expr) => (lane && isAligned(index, lane) ? whole : single).add(slot);
    walk(exprs, (e) => {
      if (e.op === "load") use(e.slot, e.args[0]!);
    });
    for (const { slot, index } of stores) use(slot, index);
  }
  return whole.difference(single);
}
