/**
 * Kernels and expressions as people write them.
 *
 * @module
 */

import { type Expr, walk } from "../ir/expr.ts";
import type { Kernel, Stage } from "../ir/kernel.ts";

/** An expression in infix notation. */
export function describe(e: Expr): string {
  return new Notation([e]).text(e);
}

/** A kernel as a loop nest in a few lines. */
export function describeKernel(kernel: Kernel): string[] {
  if (kernel.kind === "sort") {
    const { rows, length, count } = kernel;
    return [`sort ${rows} rows of ${length}${count < length ? `, of which the first ${count} are kept` : ""}`];
  }
  const notation = new Notation(expressions(kernel));
  if (kernel.kind === "contract") {
    const { batch, m, n, k } = kernel;
    const a = notation.text(kernel.a), b = notation.text(kernel.b);
    return [
      `for ${loops([...batch, ...m, ...n, ...k], 0)}: acc0 = sum of ${a} * ${b} over the last ${k.length}`,
      ...kernel.stores.map((s) => "  " + notation.assignment(s.slot, s.index, "", s.value)),
    ];
  }
  const rank = kernel.rows.length, lines = kernel.stages.flatMap((s) => describeStage(s, rank, notation));
  return rank === 0 ? lines : [`for each row ${loops(kernel.rows, 0)}:`, ...lines.map((l) => "  " + l)];
}

/** A kernel in a few words: what it does, to how much. */
export function kernelName(kernel: Kernel): string {
  if (kernel.kind === "sort") return `sort [${kernel.rows}, ${kernel.length}]`;
  if (kernel.kind === "contract") {
    const { batch, m, n, k } = kernel;
    const then = operations(kernel.stores.map((s) => s.value));
    return `contract [${[...batch, ...m, ...n].join(", ")}] over [${k.join(", ")}]${then && `, ${then}`}`;
  }
  const parts = kernel.stages.map((stage) => {
    if (stage.kind === "reduce") {
      return stage.reductions.map((r) => [r.op, operations([r.value])].filter((part) => part !== "").join(" of ")).join(
        ", ",
      );
    }
    const done = operations((stage.kind === "store" ? stage.stores : [stage.store]).map((s) => s.value));
    return stage.kind === "store" ? done : `${stage.kind} ${stage.op}${done && ` of ${done}`}`;
  });
  const inner = kernel.stages.find((stage) => stage.inner.length > 0)?.inner ?? [];
  // Storing a reduction is no work of its own.
  const done = [...new Set(parts)].filter((part) => part !== "").join("; ") || "copy";
  return `${done} [${[...kernel.rows, ...inner].join(", ")}]`;
}

/** Whether an expression computes, rather than loads, converts or finds its way among indices. */
export function isArithmetic(e: Expr): boolean {
  return e.args.length > 0 && e.op !== "load" && e.op !== "cast" && e.op !== "bitcast" && e.dtype !== "int32";
}

/** Most operations that a name lists. */
const MOST_NAMED = 6;

/** The arithmetic in these expressions, each operation once, in the order of computation. */
function operations(values: readonly Expr[]): string {
  const found = new Set<string>();
  walk(values, (e) => void (isArithmetic(e) && found.add(e.op)));
  const names = [...found];
  return names.length <= MOST_NAMED ? names.join(", ") : `${names.slice(0, MOST_NAMED).join(", ")}, …`;
}

function describeStage(stage: Stage, rank: number, notation: Notation): string[] {
  const head = stage.inner.length > 0 ? `for ${loops(stage.inner, rank)}: ` : "";
  switch (stage.kind) {
    case "reduce":
      return stage.reductions.map((r) => `${head}acc${r.slot} = ${r.op} of ${notation.text(r.value)}`);
    case "store":
      return stage.stores.map((s) => head + notation.assignment(s.slot, s.index, "", s.value));
    case "scan":
    case "scatter": {
      const { slot, index, value } = stage.store;
      return [head + notation.assignment(slot, index, `${stage.kind} ${stage.op} of `, value)];
    }
  }
}

function loops(extents: readonly number[], first: number): string {
  return extents.map((extent, i) => `i${first + i} < ${extent}`).join(", ");
}

function expressions(kernel: Kernel): Expr[] {
  if (kernel.kind === "sort") return [];
  if (kernel.kind === "contract") return [kernel.a, kernel.b, ...kernel.stores.flatMap((s) => [s.index, s.value])];
  return kernel.stages.flatMap((stage) => {
    if (stage.kind === "reduce") return stage.reductions.map((r) => r.value);
    return (stage.kind === "store" ? stage.stores : [stage.store]).flatMap((s) => [s.index, s.value]);
  });
}

const infix: Readonly<Record<string, string>> = {
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

/** What is used twice and longer than this is written once and named. */
const LONG = 60;

/** Writes expressions that share parts: without names, their text could be exponentially longer than they are. */
class Notation {
  readonly #uses = new Map<Expr, number>();
  readonly #names = new Map<Expr, string>();

  constructor(roots: readonly Expr[]) {
    const use = (e: Expr) => this.#uses.set(e, (this.#uses.get(e) ?? 0) + 1);
    roots.forEach(use);
    walk(roots, (e) => e.args.forEach(use));
  }

  assignment(slot: number, index: Expr, how: string, value: Expr): string {
    return `b${slot}[${this.text(index)}] = ${how}${this.text(value)}`;
  }

  text(e: Expr): string {
    const known = this.#names.get(e);
    if (known !== undefined) return known;
    const spelled = this.#spell(e);
    if (spelled.length <= LONG || this.#uses.get(e)! < 2) return spelled;
    const name = `t${this.#names.size}`;
    this.#names.set(e, name);
    return `(${name} := ${spelled})`;
  }

  #spell(e: Expr): string {
    const args = e.args.map((a) => this.text(a));
    const [a, b, c] = args as [string, string, string];
    switch (e.op) {
      case "const":
        return e.dtype === "bool" ? (e.value ? "true" : "false") : `${Object.is(e.value, -0) ? "-0" : e.value}`;
      case "var":
        return `i${e.slot}`;
      case "arg":
        return `x${e.slot}`;
      case "scalar":
        return `s${e.slot}`;
      case "acc":
        return `acc${e.slot}`;
      case "load":
        return `b${e.slot}[${a}]`;
      case "where":
        return `(${a} ? ${b} : ${c})`;
      case "cast":
      case "bitcast":
        return `${e.dtype}(${a})`;
      case "neg":
        return `-${a}`;
      default:
        if (infix[e.op] === undefined || args.length !== 2) return `${e.op}(${args.join(", ")})`;
        return e.op === "add" && b.startsWith("-") ? `(${a} - ${b.slice(1)})` : `(${a} ${infix[e.op]} ${b})`;
    }
  }
}
