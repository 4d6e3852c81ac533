/**
 * Writes a planned loop kernel down for people.
 *
 * @module
 */

import type { Expr } from "../../ir/expr.ts";
import type { Axis } from "../../templates/axes.ts";
import type { LoopPlan, StagePlan } from "./loop_plan.ts";

const operators: Readonly<Record<string, string>> = {
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  mod: "%",
  eq: "==",
  ne: "!=",
  lt: "<",
  le: "<=",
  and: "&",
  or: "|",
  xor: "^",
  shl: "<<",
  shr: ">>",
};

/** The plan as text: a line for each loop, and for each value that is stored or combined. */
export function loopText(plan: LoopPlan): string {
  const lines = [`rows ${axesText(plan.rows)}${plan.rowsInLanes ? " in lanes" : ""}`];
  for (const s of plan.stages) lines.push(...stageLines(s).map((line) => "  " + line));
  return lines.join("\n");
}

function axesText(axes: readonly Axis[]): string {
  return axes.length === 0 ? "1" : axes.map((a) => `i${a.slot} < ${a.extent}`).join(", ");
}

function stageLines({ stage, axes }: StagePlan): string[] {
  const over = axes.length === 0 ? "" : ` for ${axesText(axes)}`;
  switch (stage.kind) {
    case "reduce":
      return stage.reductions.map((r) => `acc${r.slot} = ${r.op}(${exprText(r.value)})${over}`);
    case "store":
      return stage.stores.map((s) => `b${s.slot}[${exprText(s.index)}] = ${exprText(s.value)}${over}`);
    default: {
      const { slot, index, value } = stage.store;
      return [`b${slot}[${exprText(index)}] = ${stage.kind} ${stage.op}(${exprText(value)})${over}`];
    }
  }
}

/** An expression in the notation of a program. */
export function exprText(e: Expr): string {
  const args = e.args.map(exprText);
  const operator = operators[e.op];
  if (operator !== undefined) return `(${args[0]} ${operator} ${args[1]})`;
  switch (e.op) {
    case "const":
      return Object.is(e.value, -0) ? "-0" : String(e.value);
    case "var":
      return `i${e.slot}`;
    case "load":
      return `b${e.slot}[${args[0]}]`;
    case "scalar":
      return `s${e.slot}`;
    case "acc":
      return `acc${e.slot}`;
    case "cast":
    case "bitcast":
      return `${e.dtype}(${args[0]})`;
    case "check":
      return `check(${args[0]} < ${e.value})`;
    default:
      return `${e.op}(${args.join(", ")})`;
  }
}
