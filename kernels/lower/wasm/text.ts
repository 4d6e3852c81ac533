/**
 * Writes a planned loop kernel down for people.
 *
 * @module
 */

import { type Expr, walk } from "../../ir/expr.ts";
import type { Axis } from "../../templates/axes.ts";
import type { LoopPlan, StagePlan } from "./loop_plan.ts";
import { allRoots } from "./stage_roots.ts";

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
  const lines: string[] = [];
  const text = namer(allRoots(stage), lines);
  if (stage.kind === "reduce") {
    for (const r of stage.reductions) lines.push(`acc${r.slot} = ${r.op}(${text(r.value)})`);
  }
  const how = stage.kind === "scan" || stage.kind === "scatter" ? `${stage.kind} ${stage.op} ` : "";
  const stores = stage.kind === "reduce" ? stage.keeps : stage.kind === "store" ? stage.stores : [stage.store];
  for (const s of stores) lines.push(`b${s.slot}[${text(s.index)}] = ${how}${text(s.value)}`);
  return axes.length === 0 ? lines : [`for ${axesText(axes)}`, ...lines.map((line) => "  " + line)];
}

/** Writes expressions; parts that occur several times get a line of their own. */
function namer(roots: readonly Expr[], lines: string[]): (e: Expr) => string {
  const uses = new Map<Expr, number>();
  walk(roots, (e) => {
    for (const a of e.args) uses.set(a, (uses.get(a) ?? 0) + 1);
  });
  const texts = new Map<Expr, string>();
  const text = (e: Expr): string => {
    let found = texts.get(e);
    if (found === undefined) {
      found = exprText(e, e.args.map(text));
      if (e.args.length > 0 && (uses.get(e) ?? 0) > 1) {
        const name = `t${e.id}`;
        lines.push(`${name} = ${found}`);
        found = name;
      }
      texts.set(e, found);
    }
    return found;
  };
  return text;
}

/** One operation in the notation of a program, its operands given. */
function exprText(e: Expr, args: readonly string[]): string {
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
