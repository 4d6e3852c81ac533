/**
 * Rough durations, by which the walk of a kernel is chosen and threads are called.
 *
 * @module
 */

import { isFloat } from "../../ir/dtype.ts";
import { type Expr, walk } from "../../ir/expr.ts";
import { linear } from "../../ir/index.ts";
import { type Axis, length } from "../../templates/axes.ts";
import type { StagePlan } from "./loop_plan.ts";
import { type KeepingStage, stageRoots } from "./stage_roots.ts";

/** How far apart in `index` neighbours along `axis` are; NaN where that is not constant. */
export function stride(index: Expr, axis: Axis): number {
  let step = 0;
  for (const [term, factor] of linear(index).terms) {
    if (term.op === "var") {
      if (term.slot === axis.slot) step += factor;
    } else if (uses(term, axis.slot)) return NaN;
  }
  return step;
}

function uses(e: Expr, slot: number): boolean {
  return e.op === "var" ? e.slot === slot : e.args.some((a) => uses(a, slot));
}

/** Number of points of some axes. */
export function extent(axes: readonly Axis[]): number {
  return length(axes.map((a) => a.extent));
}

/** Nanoseconds on one core with the lanes along row axis `lane`, or, without one, along the last axis of each stage. */
export function cost(rows: readonly Axis[], stages: readonly StagePlan[], lane?: Axis): number {
  let total = 0;
  for (const { stage, axes } of stages) {
    const sequential = stage.kind === "scan" || stage.kind === "scatter";
    const along = lane ?? (sequential ? undefined : axes.at(-1));
    let points = extent(rows) * extent(axes);
    if (along !== undefined && along.extent > 0) points = points / along.extent * Math.ceil(along.extent / 4);
    const combining = stage.kind === "reduce" && lane === undefined ? extent(rows) * 5 * stage.reductions.length : 0;
    total += points * pointCost(stage, along) + combining;
  }
  return total;
}

function pointCost(stage: KeepingStage, lane: Axis | undefined): number {
  const { values, stores } = stageRoots(stage);
  let total = 0.15;
  const access = (index: Expr) => {
    const step = lane === undefined ? 0 : Math.abs(stride(index, lane));
    total += step <= 1 ? 0.2 : step < 16 ? 1 : 2;
  };
  walk(values, (e) => {
    if (e.op === "load") access(e.args[0]!);
    else if (e.args.length > 0) total += e.dtype === "int32" ? indexCost(e, lane) : operationCost(e);
  });
  for (const s of stores) access(s.index);
  return total;
}

function operationCost(e: Expr): number {
  return weights.get(e.op) ?? (isFloat(e.dtype) ? 0.1 : 0.15);
}

function indexCost(e: Expr, lane: Axis | undefined): number {
  return (e.op === "div" || e.op === "mod") && lane !== undefined && uses(e, lane.slot) ? 1.5 : 0;
}

const weights: ReadonlyMap<string, number> = new Map(
  Object.entries({ div: 0.8, sqrt: 1, mod: 40, exp: 2, log: 4, tanh: 3, sin: 4, cos: 4, erf: 6, pow: 13, lgamma: 200 }),
);
