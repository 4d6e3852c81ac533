/**
 * The text of expressions as a program depends on them: without loop variables' extents and buffers' sizes, which are data, but with
 * what the emitter concludes from them.
 *
 * @module
 */

import type { Expr } from "../../ir/expr.ts";
import { linear } from "../../ir/index.ts";
import type { Binding } from "../../ir/kernel.ts";
import { isGuarded } from "./address.ts";
import { divisionClass } from "./divide.ts";

/** Lines, one for each distinct expression, which refer to each other by number. */
export class ExpressionText {
  readonly lines: string[] = [];
  readonly #numbers = new Map<Expr, number>();

  constructor(readonly bindings: readonly Binding[]) {}

  /** The number of an expression, whose line is added if it is new. */
  number(e: Expr): number {
    const known = this.#numbers.get(e);
    if (known !== undefined) return known;
    const line = isSum(e) ? this.#sumLine(e) : this.#operationLine(e);
    const number = this.#numbers.size;
    this.#numbers.set(e, number);
    this.lines.push(line);
    return number;
  }

  /** Whether an index may leave its binding, as a mark. */
  guard(slot: number, index: Expr): string {
    return isGuarded(this.bindings[slot]!, index) ? "?" : "";
  }

  // The order of a sum's terms is that in which they came into being.
  #sumLine(e: Expr): string {
    const { terms, constant } = linear(e);
    const sorted = [...terms].sort(([a], [b]) => rank(a) - rank(b));
    return `sum ${constant}` + sorted.map(([term, factor]) => ` ${factor}*#${this.number(term)}`).join("");
  }

  #operationLine(e: Expr): string {
    const args = e.args.map((a) => ` #${this.number(a)}`).join("");
    const value = e.op === "var" ? "" : Object.is(e.value, -0) ? "-0" : e.value;
    const how = e.op === "load" ? this.guard(e.slot, e.args[0]!) : divisionClass(e);
    return `${e.op} ${e.dtype} ${e.slot} ${value}${args} ${how}`;
  }
}

function isSum(e: Expr): boolean {
  return e.dtype === "int32" && (e.op === "add" || (e.op === "mul" && e.args[1]!.op === "const"));
}

function rank(term: Expr): number {
  return term.op === "var" ? term.slot - 2 ** 20 : term.id;
}
