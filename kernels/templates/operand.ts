/**
 * How an operand of a contraction is addressed: a formula over leaves, each an index that falls apart into a part of the batch, one
 * of the lanes (m or n) and one of the depth (k). With the last two in tables, packing an element is one addition a leaf, however many
 * axes, strides and windows there are.
 *
 * @module
 */

import { arg, binary, type Expr, int, rebuild, walk } from "../ir/expr.ts";
import { addIndex, linear, mulIndex, range } from "../ir/index.ts";
import type { Binding } from "../ir/kernel.ts";
import { isGuarded } from "../lower/wasm/address.ts";
import { unguard } from "./guard.ts";

/** To which group a loop variable belongs. */
export type Side = "batch" | "lane" | "depth";

/** An int32 expression as a sum of parts that use only the batch, at most the batch and lanes, and at most the batch and depth. */
export interface Split {
  readonly batch: Expr;
  readonly lane: Expr;
  readonly depth: Expr;
}

/** What a formula is applied to: the element of a binding at an index, or (without `load`) the index itself. */
export interface Leaf {
  readonly index: Split;
  /** The load, with its slot and dtype. */
  readonly load: Expr | undefined;
  /** Whether the index may be out of range where the element is not used. */
  readonly guarded: boolean;
}

/** An operand whose leaves are all separable; argument i of the formula is leaf i. */
export interface Operand {
  readonly formula: Expr;
  readonly leaves: readonly Leaf[];
}

/** `e` as formula and leaves, or undefined where an index mixes lanes and depth. */
export function separate(
  e: Expr,
  bindings: readonly Binding[],
  sideOf: (slot: number) => Side,
): Operand | undefined {
  const leaves: Leaf[] = [];
  const numbers = new Map<string, number>();
  const leaf = (split: Split, load: Expr | undefined): Expr => {
    const guarded = load !== undefined && isGuarded(bindings[load.slot]!, load.args[0]!);
    const key = `${split.batch.id} ${split.lane.id} ${split.depth.id} ${load?.slot} ${guarded}`;
    let number = numbers.get(key);
    if (number === undefined) {
      numbers.set(key, number = leaves.length);
      leaves.push({ index: split, load, guarded });
    }
    return arg(number, load?.dtype ?? "int32");
  };
  const memo = new Map<Expr, Expr | undefined>();
  const go = (e: Expr): Expr | undefined => {
    if (e.args.length === 0 && e.op !== "var") return e;
    if (!memo.has(e)) memo.set(e, separated(e));
    return memo.get(e);
  };
  const separated = (e: Expr): Expr | undefined => {
    if (e.op === "load") {
      const split = splitIndex(e.args[0]!, sideOf);
      return split && leaf(split, e);
    }
    if (e.dtype === "int32") {
      // The constant stays in the formula: the two bounds of a window then share a leaf.
      const { constant } = linear(e);
      const split = splitIndex(addIndex(e, int(-constant)), sideOf);
      if (split) return binary("add", leaf(split, undefined), int(constant));
    }
    const args = e.args.map(go);
    return args.includes(undefined) ? undefined : rebuild(shiftBound(e, args as Expr[]), args as Expr[]);
  };
  const formula = go(unguard(e));
  return formula && { formula, leaves };
}

/** Moves the constant of an index to the constant it is compared with, where neither side can overflow. */
function shiftBound(e: Expr, args: Expr[]): Expr {
  if ((e.op !== "lt" && e.op !== "le") || e.args[0]!.dtype !== "int32") return e;
  const known = e.args.every((x) => range(x) !== undefined);
  const left = linear(args[0]!), right = linear(args[1]!);
  if (!known) return e;
  if (args[1]!.op === "const" && left.constant !== 0) {
    args[1] = int(right.constant - left.constant);
    args[0] = addIndex(args[0]!, int(-left.constant));
  } else if (args[0]!.op === "const" && right.constant !== 0) {
    args[0] = int(left.constant - right.constant);
    args[1] = addIndex(args[1]!, int(-right.constant));
  }
  return e;
}

/** `index` as a sum of one-sided parts, or undefined. */
function splitIndex(index: Expr, sideOf: (slot: number) => Side): Split | undefined {
  const { terms, constant } = linear(index);
  const parts = { batch: int(constant), lane: int(0), depth: int(0) };
  for (const [term, factor] of terms) {
    const side = sideOfTerm(term, sideOf);
    if (side === undefined) return undefined;
    parts[side] = addIndex(parts[side], mulIndex(term, factor));
  }
  return parts;
}

/** The one side beside the batch that `e` uses; undefined where there are two. */
function sideOfTerm(e: Expr, sideOf: (slot: number) => Side): Side | undefined {
  let side: Side = "batch", mixed = false;
  walk([e], (x) => {
    if (x.op !== "var") return;
    const found = sideOf(x.slot);
    if (found === "batch") return;
    mixed ||= side !== "batch" && side !== found;
    side = found;
  });
  return mixed ? undefined : side;
}

/** Whether `e` uses a loop variable of `side`. */
export function uses(e: Expr, side: Side, sideOf: (slot: number) => Side): boolean {
  let found = false;
  walk([e], (x) => found ||= x.op === "var" && sideOf(x.slot) === side);
  return found;
}
