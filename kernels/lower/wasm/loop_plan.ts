/**
 * Decides how a loop kernel is walked on the CPU: axes in the order of memory, neighbouring axes merged, and which axis lies in the
 * lanes of vectors: the last axis of the rows (elementwise kernels, reductions of leading axes) or the last axis of each stage.
 *
 * Extents stay out of the plan's key, so that another batch size finds the same program.
 *
 * @module
 */

import { isFloat } from "../../ir/dtype.ts";
import { type Expr, walk } from "../../ir/expr.ts";
import { linear } from "../../ir/index.ts";
import type { LoopKernel, Store } from "../../ir/kernel.ts";
import { type Axis, group, length, mergeAxes } from "../../templates/axes.ts";
import { isGuarded } from "./address.ts";
import { type KeepingStage, keepValues } from "./keep.ts";

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
}

/** Elements that a lane adds up before its sum moves to the second level. */
export const CHAIN = 64;

/** Values that a stage computes, and where its stores go. */
export function stageRoots(stage: KeepingStage): { values: Expr[]; stores: { slot: number; index: Expr }[] } {
  switch (stage.kind) {
    case "reduce":
      return { values: [...stage.reductions, ...stage.keeps].map((r) => r.value), stores: [...stage.keeps] };
    case "store":
      return { values: stage.stores.map((s) => s.value), stores: [...stage.stores] };
    default:
      return { values: [stage.store.value], stores: [stage.store] };
  }
}

/** Every expression of a stage, in the order in which `withRoots` takes them. */
export function allRoots(stage: KeepingStage): Expr[] {
  const { values, stores } = stageRoots(stage);
  return [...values, ...stores.map((s) => s.index)];
}

/** The stage with other expressions. */
export function withRoots(stage: KeepingStage, roots: readonly Expr[]): KeepingStage {
  const replaced = <T extends { value: Expr }>(list: readonly T[], first: number): T[] =>
    list.map((item, i) => ({ ...item, value: roots[first + i]! }));
  const moved = (stores: readonly Store[], first: number): Store[] =>
    stores.map((s, i) => ({ ...s, index: roots[first + i]! }));
  switch (stage.kind) {
    case "reduce": {
      const { reductions, keeps } = stage;
      const values = reductions.length;
      return {
        ...stage,
        reductions: replaced(reductions, 0),
        keeps: moved(replaced(keeps, values), values + keeps.length),
      };
    }
    case "store":
      return { ...stage, stores: moved(replaced(stage.stores, 0), stage.stores.length) };
    default:
      return { ...stage, store: { ...stage.store, value: roots[0]!, index: roots[1]! } };
  }
}

/** Plans a kernel. */
export function planLoop(kernel: LoopKernel): LoopPlan {
  let { rows } = kernel;
  let stages = kernel.stages.map((s): KeepingStage => s.kind === "reduce" ? { ...s, keeps: [] } : s);
  const only = stages.length === 1 ? stages[0] : undefined;
  if (only?.kind === "store") {
    // Elementwise: every point is a row.
    rows = [...rows, ...only.inner];
    stages = [{ ...only, inner: [] }];
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
  const tiledRows = only?.kind === "store" ? inTiles(merged.groups[0]!, loadIndices(merged.exprs)) : undefined;
  const rowAxes = tiledRows ?? merged.groups[0]!;
  const inRows = cost(rowAxes, planned, true), inStages = cost(rowAxes, planned, false);
  const elementwise = planned.every((s) => s.axes.length === 0);
  const rowsInLanes = rowAxes.length > 0 && (elementwise || inRows < inStages);
  return {
    kernel,
    rows: rowAxes,
    rowsInLanes,
    tiled: rowsInLanes && tiledRows !== undefined,
    stages: planned.map((s) => ({ ...s, short: extent(s.axes) <= (rowsInLanes ? CHAIN : 16 * CHAIN) })),
    work: Math.min(inRows, inStages),
  };
}

function extent(axes: readonly Axis[]): number {
  return length(axes.map((a) => a.extent));
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

/** How far apart in `index` neighbours along `axis` are; NaN where that is not constant. */
function stride(index: Expr, axis: Axis): number {
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

/** Rough nanoseconds with the lanes along the rows or along the stages. */
function cost(rows: readonly Axis[], stages: readonly StagePlan[], inRows: boolean): number {
  const vectors = (n: number) => Math.ceil(n / 4);
  let total = 0;
  for (const { stage, axes } of stages) {
    const sequential = stage.kind === "scan" || stage.kind === "scatter";
    const lane = inRows ? rows.at(-1) : sequential ? undefined : axes.at(-1);
    let points = extent(rows) * extent(axes);
    if (lane !== undefined && lane.extent > 0) points = points / lane.extent * vectors(lane.extent);
    const overhead = stage.kind === "reduce" && !inRows ? extent(rows) * 8 * stage.reductions.length : 0;
    total += points * pointCost(stage, lane) + overhead;
  }
  return total;
}

function pointCost(stage: KeepingStage, lane: Axis | undefined): number {
  const { values, stores } = stageRoots(stage);
  let total = 0.3;
  const access = (index: Expr) => {
    const step = lane === undefined ? 0 : Math.abs(stride(index, lane));
    total += step <= 1 ? 0.4 : step < 16 ? 2 : 4;
  };
  walk(values, (e) => {
    if (e.op === "load") access(e.args[0]!);
    else if (e.args.length > 0 && e.dtype !== "int32") total += weights.get(e.op) ?? (isFloat(e.dtype) ? 0.2 : 0.3);
  });
  for (const s of stores) access(s.index);
  return total;
}

const weights: ReadonlyMap<string, number> = new Map(
  Object.entries({ div: 1, sqrt: 1.5, mod: 20, exp: 4, log: 5, tanh: 6, sin: 6, cos: 6, erf: 8, pow: 12, lgamma: 100 }),
);

/** Text by which equal programs are known: the plan without its extents. */
export function planKey(plan: LoopPlan): string {
  const numbers = new Map<Expr, number>();
  const lines: string[] = [
    plan.kernel.bindings.map((b) => `${b.dtype}:${b.access}`).join(),
    plan.kernel.scalars.join(),
    `${plan.kernel.checks} ${plan.rowsInLanes} ${plan.tiled} ${plan.rows.map((a) => a.slot)}`,
  ];
  const number = (e: Expr): number => {
    const known = numbers.get(e);
    if (known !== undefined) return known;
    const line = isSum(e) ? sumLine(e) : operationLine(e);
    numbers.set(e, numbers.size);
    lines.push(line);
    return numbers.size - 1;
  };
  // The order of a sum's terms is that in which they came into being.
  const sumLine = (e: Expr): string => {
    const { terms, constant } = linear(e);
    const sorted = [...terms].sort(([a], [b]) => rank(a) - rank(b));
    return `sum ${constant}` + sorted.map(([term, factor]) => ` ${factor}*#${number(term)}`).join("");
  };
  const operationLine = (e: Expr): string => {
    const args = e.args.map((a) => ` #${number(a)}`).join("");
    // A variable's extent is data.
    const value = e.op === "var" ? "" : Object.is(e.value, -0) ? "-0" : e.value;
    return `${e.op} ${e.dtype} ${e.slot} ${value}${args}${e.op === "load" ? guard(plan, e.slot, e.args[0]!) : ""}`;
  };
  for (const { stage, axes, short } of plan.stages) {
    const { values, stores } = stageRoots(stage);
    const how = stage.kind === "reduce"
      ? stage.reductions.map((r) => `${r.op} ${r.slot}`).join()
      : stage.kind === "store"
      ? ""
      : stage.op;
    const parts = [
      ...values.map((v) => number(v)),
      ...stores.map((s) => `${s.slot}[${number(s.index)}]${guard(plan, s.slot, s.index)}`),
    ];
    lines.push(`${stage.kind} ${how} ${axes.map((a) => a.slot)} ${short} ${parts}`);
  }
  return lines.join("\n");
}

function isSum(e: Expr): boolean {
  return e.dtype === "int32" && (e.op === "add" || (e.op === "mul" && e.args[1]!.op === "const"));
}

function rank(term: Expr): number {
  return term.op === "var" ? term.slot - 2 ** 20 : term.id;
}

function guard(plan: LoopPlan, slot: number, index: Expr): string {
  return isGuarded(plan.kernel.bindings[slot]!, index) ? "?" : "";
}
