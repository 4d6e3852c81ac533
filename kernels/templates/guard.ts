/**
 * Masked loads: the scheduler sends a load that could leave its buffer to element 0 where its mask is false, and discards what it
 * read there. A template that checks addresses itself does better with the plain index.
 *
 * @module
 */

import { type Expr, int, load, rebuild, where } from "../ir/expr.ts";

/** `e` without the guards of loads that stand under a condition which implies theirs. */
export function unguard(e: Expr): Expr {
  return inside(new Set())(e);
}

/** The same for expressions whose value only matters where the `known` conditions hold. */
function inside(known: ReadonlySet<Expr>): (e: Expr) => Expr {
  const memo = new Map<Expr, Expr>();
  const go = (e: Expr): Expr => {
    let result = memo.get(e);
    if (result === undefined) memo.set(e, result = step(e));
    return result;
  };
  const step = (e: Expr): Expr => {
    if (e.args.length === 0) return e;
    if (e.op === "where") {
      const [condition, a, b] = e.args as [Expr, Expr, Expr];
      return where(go(condition), inside(new Set([...known, ...conjuncts(condition)]))(a), go(b));
    }
    const index = e.op === "load" ? e.args[0]! : undefined;
    if (index?.op === "where" && index.args[2] === int(0)) {
      const [condition, plain] = index.args as [Expr, Expr, Expr];
      if (conjuncts(condition).every((c) => known.has(c))) return load(e.slot, e.dtype, plain);
    }
    return rebuild(e, e.args.map(go));
  };
  return go;
}

function conjuncts(condition: Expr): Expr[] {
  return condition.op === "and" ? condition.args.flatMap(conjuncts) : [condition];
}
