/**
 * What a module needs to know of its expressions before the first is emitted.
 *
 * @module
 */

import { type Expr, type UnaryOp, walk } from "../../ir/expr.ts";
import type { LoopKernel } from "../../ir/kernel.ts";
import type { ModuleBuilder, ValueType } from "./encoder.ts";
import { hostFunction } from "./vector_ops.ts";

/** The part of a kernel that its expressions refer to. */
export type Operands = Pick<LoopKernel, "bindings" | "scalars" | "checks">;

/** Imports the host functions that `roots` need; to be called before the module gets its functions. */
export function importHostFunctions(module: ModuleBuilder, roots: Iterable<Expr>): Map<string, number> {
  const found = new Map<string, number>();
  walk(roots, (e) => {
    if (e.args.length === 0) return;
    const name = hostFunction(e.op as UnaryOp, e.args[0]!.dtype);
    if (name === undefined || found.has(name) || notFunctions.has(e.op)) return;
    const type: ValueType = name === "powInteger" ? "i32" : "f64";
    found.set(name, module.import(name, e.args.map(() => type), [type]));
  });
  return found;
}

const notFunctions: ReadonlySet<string> = new Set(["load", "isnan", "where", "cast", "bitcast", "check"]);

/** Number of lanes of a kernel's vectors. */
export function laneCount(operands: Operands, roots: Iterable<Expr>): 2 | 4 {
  let lanes: 2 | 4 = 4;
  for (const b of operands.bindings) if (b.dtype === "float64") lanes = 2;
  for (const s of operands.scalars) if (s === "float64") lanes = 2;
  walk(roots, (e) => {
    if (e.dtype === "float64") lanes = 2;
  });
  return lanes;
}
