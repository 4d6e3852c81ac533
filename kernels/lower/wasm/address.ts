/**
 * Loads and stores: addresses, and how the elements of a vector's lanes are fetched and put back.
 *
 * An index is a linear form. What the loop variables of one level add to it is computed at that level, so that the innermost loop
 * does one addition. Consecutive elements are one vector access; others are fetched lane by lane into a vector.
 *
 * An index that is not provably inside its buffer belongs to a load that a mask makes irrelevant (padding), or to unchecked data: it
 * is moved to where reading is harmless. Contiguous loads may overrun a buffer by less than a vector, which is why the
 * memory's end keeps a margin.
 *
 * @module
 */

import { type DType, itemSize } from "../../ir/dtype.ts";
import type { Expr } from "../../ir/expr.ts";
import { fromLinear, range } from "../../ir/index.ts";
import type { Binding } from "../../ir/kernel.ts";
import { ENTRY } from "../../runtime/cpu_program.ts";
import { type FunctionBuilder, op, type Opcode } from "./encoder.ts";
import type { Emitter } from "./expression.ts";
import { convert, fill } from "./vector_ops.ts";

type Terms = ReadonlyMap<Expr, number>;

/** How one access is made. */
interface Access {
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

function accessOf(e: Emitter, slot: number, index: Expr): Access {
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
function pushScaled(f: FunctionBuilder, times: number): void {
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
function pushAddress(e: Emitter, a: Access): number {
  const inline = immediate(a);
  pushChain(e, a.slot, a.terms, inline === 0 ? a.constant : 0);
  const step = typeof a.lanes === "number" ? e.group * e.lanes * a.lanes * itemSize(a.dtype) : 0;
  if (inline + step >= 0) return inline + step;
  e.f.i32(inline + step).op(op.i32Add);
  return 0;
}

/** Clamps the index on the stack to [low, size + high]. */
function clampIndex(e: Emitter, slot: number, low: number, high: number): void {
  const { f } = e;
  const i = e.scopes.local("i32"), limit = e.scopes.local("i32");
  f.set(i).get(ENTRY.parameters).memory(op.i32Load, e.layout.size(slot)).i32(high).op(op.i32Add).set(limit);
  f.get(i).get(limit).get(i).get(limit).op(op.i32LtS).op(op.select).set(i);
  f.get(i).i32(low).get(i).i32(low).op(op.i32GtS).op(op.select);
}

/** Turns the element index on the stack into an address. */
function toAddress(e: Emitter, a: Access): void {
  pushScaled(e.f, itemSize(a.dtype));
  e.f.get(e.base(a.slot)).op(op.i32Add);
}

/** Pushes the element index of lane `lane`, unguarded. */
function pushLaneIndex(e: Emitter, a: Access, irregular: number | undefined, lane: number): void {
  pushChain(e, SUM, a.terms, a.constant);
  if (irregular !== undefined) e.f.get(irregular).lane(op.i32x4ExtractLane, lane).op(op.i32Add);
  else {
    const step = (e.group * e.lanes + lane) * (a.lanes as number);
    if (step !== 0) e.f.i32(step).op(op.i32Add);
  }
}

/** The vector local with the index's irregular part, if it has one. */
function irregularPart(e: Emitter, a: Access): number | undefined {
  return typeof a.lanes === "number" ? undefined : e.vectorLocal(a.lanes);
}

/** A local with the address of each lane in turn, for a load; the address of a lane that does not count is that of lane 0. */
function laneAddress(e: Emitter, a: Access, irregular: number | undefined, lane: number, first: number): void {
  const { f } = e;
  if (a.guarded) {
    pushLaneIndex(e, a, irregular, lane);
    clampIndex(e, a.slot, 0, -1);
    return toAddress(e, a);
  }
  const push = () => {
    if (irregular === undefined) {
      f.get(first);
      const step = lane * (a.lanes as number) * itemSize(a.dtype);
      if (step !== 0) f.i32(step).op(op.i32Add);
    } else {
      f.get(first).get(irregular).lane(op.i32x4ExtractLane, lane);
      pushScaled(f, itemSize(a.dtype));
      f.op(op.i32Add);
    }
  };
  push();
  if (e.tail === undefined || lane === 0) return;
  if (irregular === undefined) f.get(first);
  else {
    f.get(first).get(irregular).lane(op.i32x4ExtractLane, 0);
    pushScaled(f, itemSize(a.dtype));
    f.op(op.i32Add);
  }
  f.get(e.tail).i32(lane).op(op.i32GtS).op(op.select);
}

/** Pushes element `index` of binding `slot`, an integer or bool that is the same in all lanes, as an i32. */
export function loadScalar(e: Emitter, slot: number, index: Expr): void {
  const a = accessOf(e, slot, index);
  const offset = pushUniformAddress(e, a);
  e.f.memory(itemSize(a.dtype) === 1 ? op.i32Load8U : op.i32Load, offset);
  if (a.dtype === "bool") e.f.i32(0).op(op.i32Ne);
}

function pushUniformAddress(e: Emitter, a: Access): number {
  if (!a.guarded) return pushAddress(e, a);
  pushChain(e, SUM, a.terms, a.constant);
  clampIndex(e, a.slot, 0, -1);
  toAddress(e, a);
  return 0;
}

/** Pushes element `index` of binding `slot` for each lane. */
export function loadVector(e: Emitter, slot: number, index: Expr): void {
  const a = accessOf(e, slot, index);
  if (a.lanes === 0) loadUniform(e, a);
  else if (a.lanes === 1) loadContiguous(e, a);
  else if (a.lanes === -1 && !a.guarded && a.dtype !== "bool" && a.dtype !== "uint8") loadReversed(e, a);
  else loadLanes(e, a);
}

function loadUniform(e: Emitter, a: Access): void {
  const offset = pushUniformAddress(e, a);
  if (itemSize(a.dtype) > 1) e.f.memory(a.dtype === "float64" ? op.v128Load64Splat : op.v128Load32Splat, offset);
  else {
    e.f.memory(op.i32Load8U, offset).op(op.i32x4Splat);
    if (a.dtype === "bool") convert(e.f, "int32", "bool");
  }
}

function loadContiguous(e: Emitter, a: Access): void {
  const { f } = e;
  let offset = 0;
  if (!a.guarded) offset = pushAddress(e, a);
  else {
    pushLaneIndex(e, a, undefined, 0);
    clampIndex(e, a.slot, -e.lanes, 0);
    toAddress(e, a);
  }
  if (itemSize(a.dtype) === 1) {
    f.memory(op.v128Load32Zero, offset).op(op.i16x8ExtendLowI8x16U).op(op.i32x4ExtendLowI16x8U);
    if (a.dtype === "bool") convert(f, "int32", "bool");
  } else f.memory(itemSize(a.dtype) * e.lanes === 16 ? op.v128Load : op.v128Load64Zero, offset);
}

function loadReversed(e: Emitter, a: Access): void {
  const size = itemSize(a.dtype);
  const zero = e.f.constant(fill("int32", 0));
  e.f.i32((1 - e.lanes) * size);
  const offset = pushAddress(e, a);
  e.f.op(op.i32Add).memory(size * e.lanes === 16 ? op.v128Load : op.v128Load64Zero, offset).get(zero);
  const bytes: number[] = [];
  for (let lane = e.lanes - 1; lane >= 0; lane--) for (let i = 0; i < size; i++) bytes.push(lane * size + i);
  while (bytes.length < 16) bytes.push(16);
  e.f.shuffle(bytes);
}

function loadLanes(e: Emitter, a: Access): void {
  const { f } = e;
  const irregular = irregularPart(e, a);
  const first = firstAddress(e, a);
  const result = e.scopes.local("v128");
  const size = itemSize(a.dtype);
  for (let lane = 0; lane < e.lanes; lane++) {
    laneAddress(e, a, irregular, lane, first);
    if (size === 1) {
      const t = e.scopes.local("i32");
      f.memory(op.i32Load8U);
      if (lane === 0) f.op(op.i32x4Splat);
      else f.set(t).get(result).get(t).lane(op.i32x4ReplaceLane, lane);
    } else if (lane === 0) f.memory(size === 8 ? op.v128Load64Zero : op.v128Load32Zero);
    else f.get(result).memoryLane(size === 8 ? op.v128Load64Lane : op.v128Load32Lane, lane);
    f.set(result);
  }
  f.get(result);
  if (a.dtype === "bool") convert(f, "int32", "bool");
}

/** A local with the address that unguarded lanes are counted from. */
function firstAddress(e: Emitter, a: Access): number {
  const first = e.scopes.local("i32");
  if (!a.guarded) {
    const offset = pushAddress(e, a);
    if (offset !== 0) e.f.i32(offset).op(op.i32Add);
    e.f.set(first);
  }
  return first;
}

/** Puts the lanes of `value` at element `index` of binding `slot`; lanes outside the buffer are dropped. */
export function storeVector(e: Emitter, slot: number, index: Expr, value: number): void {
  const { f } = e;
  const a = accessOf(e, slot, index);
  let stored = value;
  if (a.dtype === "bool") {
    stored = e.scopes.local("v128");
    f.get(value).get(f.constant(fill("int32", 1))).op(op.v128And).set(stored);
  }
  if (a.lanes === 1 && !a.guarded && e.tail === undefined) storeContiguous(e, a, stored);
  else storeLanes(e, a, stored);
}

function storeContiguous(e: Emitter, a: Access, value: number): void {
  const { f } = e;
  const offset = pushAddress(e, a);
  f.get(value);
  if (itemSize(a.dtype) === 1) {
    f.get(value).op(op.i16x8NarrowI32x4U).get(value).op(op.i8x16NarrowI16x8U);
    f.memoryLane(e.lanes === 4 ? op.v128Store32Lane : op.v128Store16Lane, 0, offset);
  } else if (itemSize(a.dtype) * e.lanes === 16) f.memory(op.v128Store, offset);
  else f.memoryLane(op.v128Store64Lane, 0, offset);
}

const laneStores: Record<number, Opcode> = { 1: op.v128Store8Lane, 4: op.v128Store32Lane, 8: op.v128Store64Lane };

function storeLanes(e: Emitter, a: Access, value: number): void {
  const { f } = e;
  const size = itemSize(a.dtype);
  const irregular = irregularPart(e, a);
  const first = firstAddress(e, a);
  const index = e.scopes.local("i32");
  const lanes = a.lanes === 0 ? 1 : e.lanes;
  if (a.guarded) pushLaneIndex(e, a, irregular, 0), f.set(index);
  for (let lane = 0; lane < lanes; lane++) {
    const conditional = e.tail !== undefined && lane > 0;
    if (conditional) f.get(e.tail!).i32(lane).op(op.i32GtS).if();
    if (a.guarded) {
      pushLaneIndex(e, a, irregular, lane);
      f.tee(index).get(ENTRY.parameters).memory(op.i32Load, e.layout.size(a.slot)).op(op.i32LtU).if();
      f.get(index);
      toAddress(e, a);
    } else {
      f.get(first);
      if (irregular !== undefined) {
        f.get(irregular).lane(op.i32x4ExtractLane, lane);
        pushScaled(f, size);
        f.op(op.i32Add);
      } else if (lane > 0) f.i32(lane * (a.lanes as number) * size).op(op.i32Add);
    }
    f.get(value).memoryLane(laneStores[size]!, size === 1 ? lane * 4 : lane);
    if (a.guarded) f.end();
    if (conditional) f.end();
  }
}
