/**
 * The text by which equal programs are known.
 *
 * @module
 */

import type { Expr } from "../../ir/expr.ts";
import { linear } from "../../ir/index.ts";
import { isGuarded } from "./address.ts";
import { divisionClass } from "./divide.ts";
import type { LoopPlan } from "./loop_plan.ts";
import { stageRoots } from "./stage_roots.ts";

/** A plan without its extents. */
export function planKey(plan: LoopPlan): string {
  const numbers = new Map<Expr, number>();
  const lines: string[] = [
    plan.kernel.bindings.map((b) => `${b.dtype}:${b.access}`).join(),
    plan.kernel.scalars.join(),
    `${plan.kernel.checks} ${plan.rowsInLanes} ${plan.tiled} ${plan.brief} ${plan.rows.map((a) => a.slot)}`,
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
    return `${e.op} ${e.dtype} ${e.slot} ${value}${args} ${
      e.op === "load" ? guard(plan, e.slot, e.args[0]!) : divisionClass(e)
    }`;
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
