/**
 * Choices whose condition is the same for all lanes: they become branches, of which only one is computed. So a kernel that puts parts one
 * after another loads, for each row, from one part alone, and as contiguously as if it were the only one: within a branch its condition
 * is known, and what guarded the part's indices goes.
 *
 * @module
 */

import { branch, constant, type Expr, rewrite, walk, withArgs } from "../../ir/expr.ts";

/** `e` with such choices made branches, where some element is loaded in one of them. `lane`: the loop variable in the lanes. */
export function withBranches(e: Expr, lane: number | undefined): Expr {
  const memo = new Map<Expr, Expr>();
  const go = (e: Expr): Expr => {
    let result = memo.get(e);
    if (result === undefined) {
      result = e.op === "where" && isUniform(e.args[0]!, lane) && (loads(e.args[1]!) || loads(e.args[2]!))
        ? branched(e)
        : withArgs(e, e.args.map(go));
      memo.set(e, result);
    }
    return result;
  };
  const branched = (e: Expr): Expr => {
    const [condition, a, b] = e.args as [Expr, Expr, Expr];
    return branch(condition, go(knowing(a, condition, true)), go(knowing(b, condition, false)));
  };
  return go(e);
}

/** `e` where a condition is known to hold, or not to. */
function knowing(e: Expr, condition: Expr, holds: boolean): Expr {
  const known = new Map<Expr, Expr>();
  const learn = (c: Expr): void => {
    known.set(c, constant(holds ? 1 : 0, "bool"));
    // Both parts of what holds, and of what does not hold though one part might.
    if (c.op === (holds ? "and" : "or")) c.args.forEach(learn);
  };
  learn(condition);
  return rewrite(e, (x) => known.get(x));
}

/** Whether a condition is computed from loop variables outside the lanes, and nothing else. */
function isUniform(e: Expr, lane: number | undefined): boolean {
  let uniform = true;
  walk([e], ({ op, args, slot, dtype }) => {
    if (op === "var") uniform &&= slot !== lane;
    else uniform &&= op === "const" || args.length > 0 && op !== "load" && (dtype === "bool" || dtype === "int32");
  });
  return uniform;
}

/** Whether something is loaded in `e`. */
export function loads(e: Expr): boolean {
  let found = false;
  walk([e], ({ op }) => {
    found ||= op === "load";
  });
  return found;
}
