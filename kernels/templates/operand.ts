/**
 * How an operand of a contraction is addressed: a formula over leaves, each an index that falls apart into a part of the batch, one
 * of the lanes (m or n) and one of the depth (k). With the last two in tables, packing an element is one addition a leaf, however many
 * axes, strides and windows there are.
 *
 * @module
 */

import { acc, binary, type Expr, int, load, rebuild, walk } from "../ir/expr.ts";
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

/** An operand: accumulator i of the formula is leaf i. A load that is left in the formula has an index that is not separable. */
export interface Operand {
  readonly formula: Expr;
  readonly leaves: readonly Leaf[];
}

/** `e` as formula and leaves. */
export function separate(e: Expr, bindings: readonly Binding[], sideOf: (slot: number) => Side): Operand {
  const leaves: Leaf[] = [];
  const numbers = new Map<string, number>();
  const leaf = (index: Split, load: Expr | undefined): Expr => {
    const guarded = load !== undefined && isGuarded(bindings[load.slot]!, load.args[0]!);
    const key = `${index.batch.id} ${index.lane.id} ${index.depth.id} ${load?.slot} ${guarded}`;
    let number = numbers.get(key);
    if (number === undefined) {
      numbers.set(key, number = leaves.length);
      leaves.push({ index, load, guarded });
    }
    return acc(number, load?.dtype ?? "int32");
  };
  const memo = new Map<Expr, Expr>();
  const go = (e: Expr): Expr => {
    let result = memo.get(e);
    if (result === undefined) memo.set(e, result = separated(e));
    return result;
  };
  const separated = (e: Expr): Expr => {
    if (e.op === "load") {
      const { split, mixed } = splitIndex(e.args[0]!, sideOf);
      return mixed.length === 0 ? leaf(split, e) : load(e.slot, e.dtype, go(e.args[0]!));
    }
    return e.dtype === "int32" ? integer(e) : operation(e);
  };
  /** The constant stays in the formula: the two bounds of a window then share a leaf. */
  const integer = (e: Expr): Expr => {
    const { constant } = linear(e);
    const { split, mixed } = splitIndex(addIndex(e, int(-constant)), sideOf);
    if (mixed.length === 1 && mixed[0]![0] === e) return operation(e);
    const { batch, lane, depth } = split;
    let sum = [batch, lane, depth].every((part) => part === int(0)) ? int(0) : leaf(split, undefined);
    for (const [term, factor] of mixed) sum = addIndex(sum, mulIndex(go(term), factor));
    return addIndex(sum, int(constant));
  };
  const operation = (e: Expr): Expr => {
    if (e.args.length === 0) return e;
    const args = e.args.map(go);
    return shiftedDivision(e, args) ?? rebuild(e, shiftedBound(e, args));
  };
  return { formula: go(unguard(e)), leaves };
}

/** An int32 division by a power of two, or its remainder, for vectors, which cannot divide. It rounds toward zero. */
function shiftedDivision({ op, dtype }: Expr, [x, divisor]: readonly Expr[]): Expr | undefined {
  if (dtype !== "int32" || (op !== "div" && op !== "mod") || divisor!.op !== "const") return undefined;
  const shift = Math.log2(divisor!.value);
  if (!Number.isInteger(shift)) return undefined;
  const correction = binary("and", binary("shr", x!, int(31)), int(divisor!.value - 1));
  const quotient = binary("shr", binary("add", x!, correction), int(shift));
  return op === "div" ? quotient : binary("sub", x!, binary("mul", quotient, divisor!));
}

/** The operands of `e` with the constant of an index moved to the constant it is compared with, if neither can overflow. */
function shiftedBound(e: Expr, args: readonly Expr[]): readonly Expr[] {
  if ((e.op !== "lt" && e.op !== "le") || e.args[0]!.dtype !== "int32") return args;
  const [a, b] = args as [Expr, Expr];
  if ((a.op !== "const" && b.op !== "const") || e.args.some((x) => range(x) === undefined)) return args;
  const moved = linear(a.op === "const" ? b : a).constant;
  if (Math.abs((a.op === "const" ? a : b).value) + Math.abs(moved) >= 2 ** 31) return args;
  return [addIndex(a, int(-moved)), addIndex(b, int(-moved))];
}

/** `index` as a sum of one-sided parts and of terms, with factors, that mix lanes and depth. */
function splitIndex(
  index: Expr,
  sideOf: (slot: number) => Side,
): { split: Split; mixed: readonly (readonly [Expr, number])[] } {
  const { terms, constant } = linear(index);
  const split = { batch: int(constant), lane: int(0), depth: int(0) };
  const mixed: [Expr, number][] = [];
  for (const [term, factor] of terms) {
    const side = sideOfTerm(term, sideOf);
    if (side === undefined) mixed.push([term, factor]);
    else split[side] = addIndex(split[side], mulIndex(term, factor));
  }
  return { split, mixed };
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
