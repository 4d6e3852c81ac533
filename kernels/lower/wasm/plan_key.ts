/**
 * The text by which equal programs are known.
 *
 * @module
 */

import { ExpressionText } from "./expression_text.ts";
import type { LoopPlan } from "./loop_plan.ts";
import { stageRoots } from "./stage_roots.ts";

/** A plan without its extents. */
export function planKey({ kernel, rows, rowsInLanes, tiled, brief, stages }: LoopPlan): string {
  const text = new ExpressionText(kernel.bindings);
  const head = [
    kernel.bindings.map((b) => `${b.dtype}:${b.access}`).join(),
    kernel.scalars.join(),
    `${kernel.checks} ${rowsInLanes} ${tiled} ${brief} ${rows.map((a) => a.slot)}`,
  ];
  for (const { stage, axes, short } of stages) {
    const { values, stores } = stageRoots(stage);
    const how = stage.kind === "reduce"
      ? stage.reductions.map((r) => `${r.op} ${r.slot}`).join()
      : stage.kind === "store"
      ? ""
      : stage.op;
    const parts = [
      ...values.map((v) => text.number(v)),
      ...stores.map((s) => `${s.slot}[${text.number(s.index)}]${text.guard(s.slot, s.index)}`),
    ];
    text.lines.push(`${stage.kind} ${how} ${axes.map((a) => a.slot)} ${short} ${parts}`);
  }
  return [...head, ...text.lines].join("\n");
}
