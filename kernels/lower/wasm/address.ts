/**
 * Addresses of elements. An index is a linear form; what the loop variables of one level add to it is computed at that level, so that
 * the innermost loop does one addition.
 *
 * @module
 */

import { type DType, itemSize } from "../../ir/dtype.ts";
import type { Expr } from "../../ir/expr.ts";
import { fromLinear, range } from "../../ir/index.ts";
import type { Binding } from "../../ir/kernel.ts";
import { ENTRY } from "./program.ts";
import { type FunctionBuilder, op } from "./encoder.ts";
import type { Emitter } from "./expression.ts";

type Terms = ReadonlyMap<Expr, number>;

/** How one access is made. */
export interface Access {
  readonly slot: number;
  readonly dtype: DType;
  /** What is added up as plain i32: all terms, or those that are the same in all lanes if the index is irregular. */
  readonly terms: Terms;
  readonly constant: number;
  /** Distance in elements between neighbouring lanes, or the index's irregular part as an expression. */
  readonly lanes: number | Expr;
  readonly guarded: boolean;
}

/** Whether an index may lie outside its binding. */
export function isGuarded(binding: Binding, index: Expr): boolean {
  const r = range(index);
  return r === undefined || r[0] < 0 || r[1] >= binding.size;
}

export function accessOf(e: Emitter, slot: number, index: Expr): Access {
  const { terms, constant } = e.scopes.linear(index);
  const binding = e.operands.bindings[slot]!;
  const common = { slot, dtype: binding.dtype, constant, guarded: isGuarded(binding, index) };
  const uniform = new Map<Expr, number>(), varying = new Map<Expr, number>();
  for (const [term, factor] of terms) (e.scopes.varies(term) ? varying : uniform).set(term, factor);
  if (varying.size === 0) return { ...common, terms, lanes: 0 };
  const [first, factor] = [...varying][0]!;
  if (varying.size === 1 && first.op === "var") return { ...common, terms, lanes: factor };
  return { ...common, terms: uniform, lanes: fromLinear({ terms: varying, constant: 0 }) };
}

/** Pushes `times` the i32 that `push` pushes. */
export function pushScaled(f: FunctionBuilder, times: number): void {
  const shift = Math.log2(times);
  if (times === 1) return;
  if (Number.isInteger(shift)) f.i32(shift).op(op.i32Shl);
  else f.i32(times).op(op.i32Mul);
}

function pushTerm(e: Emitter, term: Expr, times: number): void {
  if (times === 1 || term.op !== "var") {
    e.scalar(term);
    return pushScaled(e.f, times);
  }
  const key = `m${term.id}*${times}`;
  let local = e.scopes.find(key);
  if (local === undefined) {
    e.scalar(term);
    pushScaled(e.f, times);
    local = e.scopes.remember(key, "i32");
  }
  e.f.get(local);
}

const SUM = -1;

function chainKey(slot: number, terms: Terms, constant: number): string {
  let key = `p${slot}+${constant}`;
  for (const [term, factor] of terms) key += `+${factor}*${term.id}`;
  return key;
}

/**
 * Pushes the address of element `terms + constant` of binding `slot`, or the sum itself for SUM. Terms of outer levels are added
 * first, so that their partial sum is found where `hoistAddress` has left it.
 */
function pushChain(e: Emitter, slot: number, terms: Terms, constant: number): void {
  const { f, scopes } = e;
  const size = slot === SUM ? 1 : itemSize(e.operands.bindings[slot]!.dtype);
  if (terms.size === 0) {
    if (slot === SUM) f.i32(constant);
    else {
      f.get(e.base(slot));
      if (constant !== 0) f.i32(constant * size).op(op.i32Add);
    }
    return;
  }
  const found = scopes.find(chainKey(slot, terms, constant));
  if (found !== undefined) {
    f.get(found);
    return;
  }
  let level = 0;
  for (const term of terms.keys()) level = Math.max(level, scopes.level(term));
  const outer = new Map([...terms].filter(([term]) => scopes.level(term) < level));
  let started = outer.size > 0 || constant !== 0 || slot !== SUM;
  if (started) pushChain(e, slot, outer, constant);
  for (const [term, factor] of terms) {
    if (scopes.level(term) < level) continue;
    pushTerm(e, term, Math.imul(factor, size));
    if (started) f.op(op.i32Add);
    started = true;
  }
}

/** Pushes the int32 sum `sum`, the same in all lanes. */
export function pushSum(e: Emitter, sum: Expr): void {
  const { terms, constant } = e.scopes.linear(sum);
  pushChain(e, SUM, terms, constant);
}

/** The part of a sum that an instruction's immediate offset can hold: safe where the rest cannot be negative. */
function immediate(a: Access): number {
  const bytes = a.constant * itemSize(a.dtype);
  if (bytes <= 0 || bytes >= 2 ** 30) return 0;
  for (const [term, factor] of a.terms) if (factor < 0 || (term.op !== "var" && term.op !== "check")) return 0;
  return bytes;
}

/** Computes, now, what is known of the address of element `index` of binding `slot`. */
export function hoistAddress(e: Emitter, slot: number, index: Expr): void {
  const a = accessOf(e, slot, index);
  const known = new Map([...a.terms].filter(([term]) => e.scopes.level(term) < Infinity));
  if (known.size === 0) return;
  const base = a.guarded ? SUM : slot;
  const constant = a.guarded || immediate(a) === 0 ? a.constant : 0;
  const key = chainKey(base, known, constant);
  if (e.scopes.find(key) !== undefined) return;
  pushChain(e, base, known, constant);
  e.scopes.remember(key, "i32");
}

/** Pushes the address of lane 0 without guard; returns the immediate offset to use with it. */
export function pushAddress(e: Emitter, a: Access): number {
  const inline = immediate(a), constant = inline === 0 ? a.constant : 0;
  pushChain(e, a.slot, a.terms, constant);
  if (e.groups > 1 && a.terms.size > 0) {
    // The groups' addresses are one and its offsets.
    const key = chainKey(a.slot, a.terms, constant);
    if (e.scopes.find(key) === undefined) e.f.get(e.scopes.remember(key, "i32"));
  }
  const step = typeof a.lanes === "number" ? e.group * e.lanes * a.lanes * itemSize(a.dtype) : 0;
  if (inline + step >= 0) return inline + step;
  e.f.i32(inline + step).op(op.i32Add);
  return 0;
}

/** Clamps the index on the stack to [low, size + high]. */
export function clampIndex(e: Emitter, slot: number, low: number, high: number): void {
  const { f } = e;
  const i = e.scopes.local("i32"), limit = e.scopes.local("i32");
  f.set(i).get(ENTRY.parameters).memory(op.i32Load, e.layout.size(slot)).i32(high).op(op.i32Add).set(limit);
  f.get(i).get(limit).get(i).get(limit).op(op.i32LtS).op(op.select).set(i);
  f.get(i).i32(low).get(i).i32(low).op(op.i32GtS).op(op.select);
}

/** Turns the element index on the stack into an address. */
export function toAddress(e: Emitter, a: Access): void {
  pushScaled(e.f, itemSize(a.dtype));
  e.f.get(e.base(a.slot)).op(op.i32Add);
}

/** Pushes the element index of lane `lane`, unguarded. */
export function pushLaneIndex(e: Emitter, a: Access, irregular: number | undefined, lane: number): void {
  pushChain(e, SUM, a.terms, a.constant);
  if (irregular !== undefined) e.f.get(irregular).lane(op.i32x4ExtractLane, lane).op(op.i32Add);
  else {
    const step = (e.group * e.lanes + lane) * (a.lanes as number);
    if (step !== 0) e.f.i32(step).op(op.i32Add);
  }
}

/** Pushes the vector of the element indices of all lanes, unguarded. */
export function pushLaneIndices(e: Emitter, a: Access): void {
  const { f } = e;
  pushChain(e, SUM, a.terms, a.constant);
  f.op(op.i32x4Splat);
  if (typeof a.lanes !== "number") e.vector(a.lanes);
  else {
    const first = e.group * e.lanes;
    f.get(
      f.constant(new Uint8Array(Int32Array.from([0, 1, 2, 3], (lane) => (first + lane) * (a.lanes as number)).buffer)),
    );
  }
  f.op(op.i32x4Add);
}

/** The vector local with the index's irregular part, if it has one. */
export function irregularPart(e: Emitter, a: Access): number | undefined {
  return typeof a.lanes === "number" ? undefined : e.vectorLocal(a.lanes);
}

/** A local with the address that unguarded lanes are counted from. */
export function firstAddress(e: Emitter, a: Access): number {
  const first = e.scopes.local("i32");
  if (!a.guarded) {
    const offset = pushAddress(e, a);
    if (offset !== 0) e.f.i32(offset).op(op.i32Add);
    e.f.set(first);
  }
  return first;
}
