/**
 * Loop nests: what computes the members of a subgraph in one kernel.
 *
 * A nest with reductions walks rows; every reduction in it runs over the elements of one row, and what is stored is either one value a
 * row or the whole row. Whether nodes can share a kernel is not decided by their kinds but by trying: the expressions are built, and
 * building fails where one node would need another at a row that is not its own.
 *
 * @module
 */

import { type Expr, variable, walk } from "../ir/expr.ts";
import type { ReduceOp } from "../ir/kernel.ts";
import type { Shape } from "../ir/node.ts";
import { inliner } from "./inline.ts";
import type { Subgraph } from "./subgraph.ts";

/** One stored or reduced node as a loop over `inner`, per row. */
export interface Part {
  readonly node: number;
  readonly kind: "reduce" | "store" | "scan" | "scatter" | "copy";
  readonly inner: readonly number[];
  readonly value: Expr;
  /** Where the value goes; unused by "reduce". */
  readonly index: Expr;
  readonly op: ReduceOp | "set";
}

/** The loop nest of a group. Slots in expressions are node numbers. */
export interface LoopBody {
  readonly kind: "loop";
  readonly rows: readonly number[];
  readonly parts: readonly Part[];
}

/** A contraction and what is computed from its result on the way out. */
export interface ContractBody {
  readonly kind: "contract";
  readonly node: number;
  readonly batch: readonly number[];
  readonly m: readonly number[];
  readonly n: readonly number[];
  readonly k: readonly number[];
  readonly a: Expr;
  readonly b: Expr;
  readonly parts: readonly Part[];
}

/** A sort of a stored node's last axis. */
export interface SortBody {
  readonly kind: "sort";
  readonly node: number;
  readonly input: number;
}

/** What a group computes. */
export type Body = LoopBody | ContractBody | SortBody;

/**
 * What each part waits for: 0 where it uses no accumulator, else one more than the last reduction it uses. Parts run by level, reductions
 * before stores.
 */
export function partLevels(parts: readonly Part[]): number[] {
  const level = new Map<number, number>();
  let before = 0;
  return parts.map((p) => {
    let own = 0;
    walk([p.value, p.index], (e) => {
      if (e.op === "acc") own = Math.max(own, (level.get(e.slot) ?? 0) + 1);
    });
    // A scatter comes after the copy that it works on, the part before it.
    if (p.kind === "scatter") own = Math.max(own, before);
    if (p.kind === "reduce") level.set(p.node, own);
    before = own;
    return own;
  });
}

/** The first slot of variables that stand for no loop, above that of any real one. */
export const TRIAL = 100;

/** Thrown where a node would need another at a row, or point, that is not its own. */
export const MISALIGNED: unique symbol = Symbol("misaligned");

/** Loop variables for some axes, numbered from `first`. */
export function variables(first: number, extents: Shape): Expr[] {
  return extents.map((extent, i) => variable(first + i, extent));
}

/** A member's own expression: one step past the resolver, which would refer to the member itself. */
export function substitute(
  graph: Subgraph,
  n: number,
  index: readonly Expr[],
  value: (n: number, index: readonly Expr[]) => Expr,
): Expr {
  return inliner(graph, (i, at) => i === n ? undefined : value(i, at))(n, index);
}
