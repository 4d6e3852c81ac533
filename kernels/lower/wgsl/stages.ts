/**
 * Stages as lists of expressions: to prepare them, merge their axes, and cut a kernel where one dispatch need not be the next one's.
 *
 * @module
 */

import { type Expr, walk } from "../../ir/expr.ts";
import type { LoopKernel, Stage, Store } from "../../ir/kernel.ts";
import { type Axis, group, mergeAxes } from "../../templates/axes.ts";
import { prepare } from "./prepare.ts";

/** The expressions of a stage. */
export function stageExprs(stage: Stage): Expr[] {
  switch (stage.kind) {
    case "reduce":
      return stage.reductions.map(({ value }) => value);
    case "store":
      return stage.stores.flatMap(({ index, value }) => [index, value]);
    default:
      return [stage.store.index, stage.store.value];
  }
}

/** A stage with its expressions replaced, in the order of `stageExprs`. */
export function withExprs(stage: Stage, exprs: readonly Expr[]): Stage {
  const store = (s: Store, i: number): Store => ({ ...s, index: exprs[2 * i]!, value: exprs[2 * i + 1]! });
  switch (stage.kind) {
    case "reduce":
      return { ...stage, reductions: stage.reductions.map((r, i) => ({ ...r, value: exprs[i]! })) };
    case "store":
      return { ...stage, stores: stage.stores.map(store) };
    default:
      return { ...stage, store: store(stage.store, 0) };
  }
}

/** A stage and the axes of its inner domain. */
export interface Loop {
  readonly stage: Stage;
  readonly inner: readonly Axis[];
}

/** Stages that share their rows and run in one dispatch. */
export interface Segment {
  readonly rows: readonly Axis[];
  readonly loops: readonly Loop[];
}

/** The kernel as segments, with as few axes as its expressions allow. A segment of a single store stage has no rows. */
export function segments(kernel: LoopKernel): Segment[] {
  const stages = kernel.stages.map((stage) => withExprs(stage, stageExprs(stage).map(prepare)));
  return cut(stages).map((part) => {
    const [first] = part;
    if (part.length === 1 && first!.kind === "store") return elementwise(kernel.rows, first!);
    const merged = merge(part, [group(kernel.rows, 0)]);
    return { rows: merged.groups[0]!, loops: merged.stages.map((stage) => inner(stage, kernel.rows.length)) };
  });
}

function elementwise(rows: readonly number[], stage: Stage): Segment {
  const { stages, groups } = merge([stage], [group([...rows, ...stage.inner], 0)]);
  return { rows: [], loops: [{ stage: stages[0]!, inner: groups[0]! }] };
}

function inner(stage: Stage, first: number): Loop {
  const { stages, groups } = merge([stage], [group(stage.inner, first)]);
  return { stage: stages[0]!, inner: groups[0]! };
}

function merge(stages: readonly Stage[], groups: readonly (readonly Axis[])[]): {
  stages: Stage[];
  groups: readonly (readonly Axis[])[];
} {
  const lists = stages.map(stageExprs);
  const merged = mergeAxes({ exprs: lists.flat(), groups });
  let at = 0;
  return {
    stages: stages.map((stage, i) => withExprs(stage, merged.exprs.slice(at, at += lists[i]!.length))),
    groups: merged.groups,
  };
}

/** Cuts wherever no later stage uses an accumulator of an earlier one. */
function cut(stages: readonly Stage[]): Stage[][] {
  const parts: Stage[][] = [];
  let part: Stage[] = [];
  stages.forEach((stage, i) => {
    part.push(stage);
    const made = new Set(part.flatMap((s) => s.kind === "reduce" ? s.reductions.map(({ slot }) => slot) : []));
    if (stages.slice(i + 1).some((s) => uses(s, made))) return;
    parts.push(part);
    part = [];
  });
  return parts;
}

function uses(stage: Stage, accumulators: ReadonlySet<number>): boolean {
  let found = false;
  walk(stageExprs(stage), (e) => found ||= e.op === "acc" && accumulators.has(e.slot));
  return found;
}
