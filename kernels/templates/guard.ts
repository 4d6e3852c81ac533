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
    if (guardsBelow(e).size === 0) return e;
    if (e.op === "where") {
      const [condition, a, b] = e.args as [Expr, Expr, Expr];
      const guards = guardsBelow(a), met = conjuncts(condition).filter((c) => guards.has(c));
      // What helps no load is not learnt, so that a chain of choices is walked once and not once for each way through it.
      const chosen = met.length === 0 ? go : inside(new Set([...known, ...met]));
      return where(go(condition), chosen(a), go(b));
    }
    const guard = guardOf(e);
    if (guard !== undefined && conjuncts(guard.args[0]!).every((c) => known.has(c))) {
      return load(e.slot, e.dtype, guard.args[1]!);
    }
    return rebuild(e, e.args.map(go));
  };
  return go;
}

/** The masked index of a load that has one. */
function guardOf(e: Expr): Expr | undefined {
  const index = e.op === "load" ? e.args[0]! : undefined;
  return index?.op === "where" && index.args[2] === int(0) ? index : undefined;
}

const none: ReadonlySet<Expr> = new Set();
const guards = new WeakMap<Expr, ReadonlySet<Expr>>();

/** The conditions that guard loads in `e`. */
function guardsBelow(e: Expr): ReadonlySet<Expr> {
  if (e.args.length === 0) return none;
  let result = guards.get(e);
  if (result === undefined) {
    const guard = guardOf(e);
    result = guard === undefined ? none : new Set(conjuncts(guard.args[0]!));
    for (const a of e.args) {
      const below = guardsBelow(a);
      if (below !== result && below.size > 0) result = result.size === 0 ? below : result.union(below);
    }
    guards.set(e, result);
  }
  return result;
}

function conjuncts(condition: Expr): Expr[] {
  return condition.op === "and" ? condition.args.flatMap(conjuncts) : [condition];
}
