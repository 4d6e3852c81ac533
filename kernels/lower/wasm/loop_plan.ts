/**
 * Decides how a loop kernel is walked on the CPU: axes in the order of memory, neighbouring axes merged, and which axis lies in the
 * lanes of vectors: the last axis of the rows (elementwise kernels, reductions of leading axes) or the last axis of each stage.
 *
 * Extents stay out of the plan's key, so that another batch size finds the same program.
 *
 * @module
 */

import { type Expr, walk } from "../../ir/expr.ts";
import type { LoopKernel } from "../../ir/kernel.ts";
import { type Axis, group, mergeAxes } from "../../templates/axes.ts";
import { cost, extent, stride } from "./cost.ts";
import { keepValues } from "./keep.ts";
import { segmentsOf } from "./segments.ts";
import { allRoots, type KeepingStage, stageRoots, withRoots } from "./stage_roots.ts";

/** A stage, its axes reordered and merged. */
export interface StagePlan {
  /** The stage with rewritten expressions; its `inner` is not used any more. */
  readonly stage: KeepingStage;
  readonly axes: readonly Axis[];
  /** Whether the stage's domain is so small that sums need no second level. */
  readonly short: boolean;
}

/** A loop kernel, ready to be emitted. */
export interface LoopPlan {
  readonly kernel: LoopKernel;
  readonly rows: readonly Axis[];
  /** Whether the last row axis lies in the lanes; otherwise the last axis of each stage does. */
  readonly rowsInLanes: boolean;
  /**
   * Whether some load runs along the last row axis but one (a transposition): then blocks of the last axis are short, and that axis is
   * walked for each of them, so that cache lines are used up before they are dropped.
   */
  readonly tiled: boolean;
  readonly stages: readonly StagePlan[];
  /** Rough duration on one core, in nanoseconds. */
  readonly work: number;
  /** Whether it is so short that making the program counts, not running it: then there is one loop for whole and partial vectors. */
  readonly brief: boolean;
}

/** Elements that a lane adds up before its sum moves to the second level. */
export const CHAIN = 64;

/** Nanoseconds below which a kernel is brief. */
const BRIEF_WORK = 1000;

/** Nanoseconds from which on it matters that threads can share a kernel. */
const SHARED_WORK = 100_000;

/** Plans a kernel. */
export function planLoop(kernel: LoopKernel): LoopPlan {
  let { rows } = kernel;
  let stages = kernel.stages.map((s): KeepingStage => s.kind === "reduce" ? { ...s, keeps: [] } : s);
  const only = stages.length === 1 ? stages[0] : undefined;
  if (only?.kind === "store") {
    // Elementwise: every point is a row, unless the last axis is cut.
    rows = [...rows, ...only.inner];
    const cut = rows.length > 1 ? segmentsOf(only, rows.length - 1, rows.at(-1)!) : undefined;
    if (cut !== undefined) rows = rows.slice(0, -1);
    stages = cut ?? [{ ...only, inner: [] }];
  }
  const everything = stages.flatMap(allRoots);
  const storeIndices = stages.flatMap((s) => stageRoots(s).stores.map((x) => x.index));
  const merged = mergeAxes({ exprs: everything, groups: [inMemoryOrder(group(rows, 0), storeIndices)] });
  let next = 0;
  const separate = stages.map((stage) => {
    const count = allRoots(stage).length;
    return planStage(withRoots(stage, merged.exprs.slice(next, next += count)), rows.length);
  });
  const axesOf = (i: number) => separate[i]!.axes.map((a) => `${a.slot} ${a.extent}`).join();
  const sparing = keepValues(separate.map((s) => s.stage), kernel.bindings, (a, b) => axesOf(a) === axesOf(b));
  const planned = separate.map((s, i) => ({ ...s, stage: sparing[i]! }));
  const rowAxes = merged.groups[0]!;
  const inStages = cost(rowAxes, planned);
  const { lane, time } = cheapestLane(rowAxes, planned);
  const elementwise = planned.every((s) => s.axes.length === 0);
  const rowsInLanes = lane !== undefined && (elementwise || elapsed(time, rowAxes, lane) < elapsed(inStages, rowAxes));
  const ordered = rowsInLanes ? [...rowAxes.filter((a) => a !== lane), lane] : rowAxes;
  const work = rowsInLanes ? time : inStages;
  const tiled = rowsInLanes && only?.kind === "store" ? inTiles(ordered, loadIndices(merged.exprs)) : undefined;
  return {
    kernel,
    rows: tiled ?? ordered,
    rowsInLanes,
    tiled: tiled !== undefined,
    stages: planned.map((s) => ({ ...s, short: extent(s.axes) <= (rowsInLanes ? CHAIN : 16 * CHAIN) })),
    work,
    brief: work < BRIEF_WORK,
  };
}

/** The row axis that does best in the lanes; the last unless another is clearly better. */
function cheapestLane(rows: readonly Axis[], stages: readonly StagePlan[]): { lane: Axis | undefined; time: number } {
  let lane: Axis | undefined, time = Infinity;
  for (const axis of rows.toReversed()) {
    const own = cost(rows, stages, axis);
    if (lane === undefined || own < 0.8 * time) [lane, time] = [axis, own];
  }
  return { lane, time };
}

/** Duration where work is shared: a few lanes full of rows keep one core busy, as many rows by themselves keep several. */
function elapsed(time: number, rows: readonly Axis[], lane?: Axis): number {
  if (time < SHARED_WORK) return time;
  const units = extent(rows) / (lane === undefined ? 1 : Math.min(lane.extent, 16));
  return time / Math.min(4, Math.max(1, units));
}

function planStage(stage: KeepingStage, firstSlot: number): StagePlan {
  let axes = group(stage.inner, firstSlot);
  const roots = allRoots(stage);
  if (stage.kind === "store") axes = inMemoryOrder(axes, stage.stores.map((s) => s.index));
  else if (stage.kind === "reduce") axes = inMemoryOrder(axes, loadIndices(roots));
  const merged = mergeAxes({ exprs: roots, groups: [axes] });
  return { stage: withRoots(stage, merged.exprs), axes: merged.groups[0]!, short: false };
}

function loadIndices(roots: readonly Expr[]): Expr[] {
  const found: Expr[] = [];
  walk(roots, (e) => {
    if (e.op === "load") found.push(e.args[0]!);
  });
  return found;
}

/** The axes with the one along which memory is densest last. */
function inMemoryOrder(axes: readonly Axis[], indices: readonly Expr[]): readonly Axis[] {
  if (axes.length < 2) return axes;
  const weights = new Map(axes.map((axis) => {
    let weight = 0;
    for (const index of indices) weight += Math.abs(stride(index, axis));
    return [axis, weight] as const;
  }));
  for (const weight of weights.values()) if (Number.isNaN(weight)) return axes;
  return axes.toSorted((a, b) => weights.get(b)! - weights.get(a)!);
}

/** The axes with the one along which some load is contiguous next to the last, if that load is far from contiguous along the last. */
function inTiles(axes: readonly Axis[], loads: readonly Expr[]): readonly Axis[] | undefined {
  const lane = axes.at(-1);
  for (const axis of axes.slice(0, -1)) {
    if (loads.some((index) => Math.abs(stride(index, axis)) === 1 && Math.abs(stride(index, lane!)) >= 16)) {
      return [...axes.filter((a) => a !== axis && a !== lane), axis, lane!];
    }
  }
  return undefined;
}
