/**
 * Groups of loop axes that a template walks as one flat index, and the merging of neighbouring axes that every expression uses
 * only together: a contiguous [32, 14, 14] is one axis of 6272.
 *
 * @module
 */

import { type Expr, int, rebuild, variable } from "../ir/expr.ts";
import { addIndex, linear, mulIndex } from "../ir/index.ts";

/** A loop variable and its extent. */
export interface Axis {
  readonly slot: number;
  readonly extent: number;
}

/** Axes that form one flat index, outermost first; those of extent 1 are left out. */
export type Group = readonly Axis[];

/** The groups of `extents`, whose loop variables are numbered on from `first`. */
export function group(extents: readonly number[], first: number): Group {
  return extents.map((extent, i) => ({ slot: first + i, extent })).filter(({ extent }) => extent !== 1);
}

/** Length of a group's flat index. */
export function length(extents: readonly number[]): number {
  return extents.reduce((product, extent) => product * extent, 1);
}

/** Expressions and the groups of axes they are written in. */
export interface Nest {
  readonly exprs: readonly Expr[];
  readonly groups: readonly Group[];
}

/** The same expressions with as few axes as possible. */
export function mergeAxes({ exprs, groups }: Nest): Nest {
  let merged = exprs;
  const result = groups.map((axes) => {
    const kept: Axis[] = [];
    for (const axis of axes.toReversed()) {
      const inner = kept[0];
      const next = inner && mergePair(merged, axis, inner);
      if (next === undefined) kept.unshift(axis);
      else {
        kept[0] = { slot: inner!.slot, extent: axis.extent * inner!.extent };
        merged = next;
      }
    }
    return kept;
  });
  return { exprs: merged, groups: result };
}

/** The expressions with outer * inner.extent + inner as one variable, or undefined where one of them uses the two otherwise. */
function mergePair(exprs: readonly Expr[], outer: Axis, inner: Axis): Expr[] | undefined {
  const a = variable(outer.slot, outer.extent), b = variable(inner.slot, inner.extent);
  const both = variable(inner.slot, outer.extent * inner.extent);
  const memo = new Map<Expr, Expr | undefined>();
  const merge = (e: Expr): Expr | undefined => {
    if (e.args.length === 0 && e !== a && e !== b) return e;
    if (!memo.has(e)) memo.set(e, isSum(e) ? mergeSum(e) : mergeOperands(e));
    return memo.get(e);
  };
  const mergeOperands = (e: Expr): Expr | undefined => {
    const args = e.args.map(merge);
    if (args.includes(undefined)) return undefined;
    return args.every((x, i) => x === e.args[i]) ? e : rebuild(e, args as Expr[]);
  };
  const mergeSum = (e: Expr): Expr | undefined => {
    const { terms, constant } = linear(e);
    const factor = terms.get(b) ?? 0;
    if ((terms.get(a) ?? 0) !== factor * inner.extent) return undefined;
    let sum = addIndex(int(constant), mulIndex(both, factor));
    for (const [term, times] of terms) {
      if (term === a || term === b) continue;
      const part = term === e ? mergeOperands(term) : merge(term);
      if (part === undefined) return undefined;
      sum = addIndex(sum, mulIndex(part, times));
    }
    return sum;
  };
  const merged = exprs.map(merge);
  return merged.includes(undefined) ? undefined : merged as Expr[];
}

function isSum(e: Expr): boolean {
  return e.dtype === "int32" && (e.op === "add" || e.op === "mul" || e.op === "var");
}
