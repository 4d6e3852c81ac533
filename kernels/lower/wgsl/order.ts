/**
 * An order of expressions that does not depend on when they were made, or on the extents of loops: so that a kernel has the same text in
 * every process and for every batch size.
 *
 * @module
 */

import type { Expr } from "../../ir/expr.ts";

const hashes = new WeakMap<Expr, number>();

/** A number that equal structures share; extents of loop variables are no part of it. */
export function structure(e: Expr): number {
  let hash = hashes.get(e);
  if (hash === undefined) {
    const own = `${e.op} ${e.dtype} ${e.slot} ${e.op === "var" ? "" : e.value}`;
    hash = 2166136261;
    for (let i = 0; i < own.length; i++) hash = Math.imul(hash ^ own.charCodeAt(i), 16777619);
    if (e.op === "add" && e.dtype === "int32") {
      // Terms are kept in the order they were made in.
      for (const term of addends(e)) hash = (hash + mix(structure(term))) | 0;
    } else for (const a of e.args) hash = Math.imul(hash ^ structure(a), 16777619) + 1 | 0;
    hashes.set(e, hash);
  }
  return hash;
}

function mix(hash: number): number {
  return Math.imul(hash ^ (hash >>> 15), 2246822519);
}

/** The terms of a sum of sums. */
export function addends(e: Expr): Expr[] {
  return e.op === "add" ? e.args.flatMap(addends) : [e];
}
