/**
 * Emits expressions of kernels. Values of all dtypes are computed in vectors, one element a lane; indices that are the same in all
 * lanes are computed as plain i32. Where nothing varies between lanes (rows of a reduction along the lanes, scans), all lanes
 * hold the same value, so the numbers do not depend on which way a kernel is vectorised.
 *
 * A common subexpression is computed once and kept in a local of the scope it was computed in; `hoist` computes, before a loop, what
 * does not change in it.
 *
 * @module
 */

import { type DType, isFloat } from "../../ir/dtype.ts";
import { type BinaryOp, type Expr, type UnaryOp, walk } from "../../ir/expr.ts";
import { ENTRY, type ParameterLayout, parameterLayout } from "./program.ts";
import { hoistAddress } from "./address.ts";
import { loads } from "./branches.ts";
import { checkVector } from "./checks.ts";
import { choose, extreme } from "./choose.ts";
import { divideVector, divisionClass } from "./divide.ts";
import { type FunctionBuilder, op } from "./encoder.ts";
import { loadVector } from "./load.ts";
import { emitPerLane } from "./per_lane.ts";
import { remainderVector } from "./remainder.ts";
import type { Operands } from "./requirements.ts";
import { emitScalar, isScalar } from "./scalar.ts";
import { Scopes } from "./scopes.ts";
import { binaryOpcode, convert, fill, finish, narrowMask, unaryOpcode, widenMask } from "./vector_ops.ts";

/** What an emitter is made for. */
export interface EmitterOptions {
  readonly operands: Operands;
  /** Every expression to come: they decide what is worth keeping. */
  readonly roots: readonly Expr[];
  readonly lanes: 2 | 4;
  readonly imports: ReadonlyMap<string, number>;
  /** Whether `a * b + constant` may use the engine's fused multiply-add. */
  readonly fused: boolean;
  /** Whether loops over lanes are emitted once, for partial vectors. */
  readonly brief?: boolean;
}

/** Emits the expressions of one kernel into one entry function (see `program.ts`). */
export class Emitter {
  readonly scopes: Scopes;
  readonly operands: Operands;
  readonly layout: ParameterLayout;
  readonly lanes: 2 | 4;
  /** Number of unrolled groups of lanes in the loop being emitted, and which of them is being emitted. */
  groups = 1;
  group = 0;
  /** Whether loops over lanes are emitted once, for partial vectors. */
  readonly brief: boolean;
  /** The local that holds how many elements are left (at least 1), in a vector that may be partial. */
  tail: number | undefined = undefined;
  /** Numbers of the host functions by name. */
  readonly imports: ReadonlyMap<string, number>;
  readonly #fused: boolean;
  readonly #uses = new Map<Expr, number>();
  readonly #bases: number[] = [];

  constructor(readonly f: FunctionBuilder, options: EmitterOptions) {
    this.operands = options.operands;
    this.layout = parameterLayout(options.operands);
    this.lanes = options.lanes;
    this.imports = options.imports;
    this.brief = options.brief ?? false;
    this.#fused = options.fused;
    const written = options.operands.bindings.flatMap((b, slot) => b.access === "read" ? [] : [slot]);
    this.scopes = new Scopes(f, new Set(written));
    walk(options.roots, (e) => {
      for (const a of e.args) this.#uses.set(a, (this.#uses.get(a) ?? 0) + 1);
    });
    for (const e of options.roots) this.#uses.set(e, (this.#uses.get(e) ?? 0) + 1);
    options.operands.bindings.forEach((_, slot) => {
      const base = f.local("i32");
      f.get(ENTRY.parameters).memory(op.i32Load, this.layout.address(slot)).set(base);
      this.#bases.push(base);
    });
  }

  /** The local that holds the address of binding `slot`. */
  base(slot: number): number {
    return this.#bases[slot]!;
  }

  /** Pushes word `i` of the program. */
  pushWord(i: number): FunctionBuilder {
    return this.f.get(ENTRY.parameters).memory(op.i32Load, this.layout.word(i));
  }

  /** Computes, now, every part of `roots` that can be, so that it is not computed again in the loop to come. */
  hoist(roots: Iterable<Expr>, seen: Set<Expr> = new Set()): void {
    const go = (e: Expr) => {
      if (seen.has(e)) return;
      seen.add(e);
      if (e.op === "const" || e.op === "var" || e.op === "acc") return;
      if (this.scopes.level(e) < Infinity) this.#each(e, () => this.#keep(e));
      else if (e.op === "where" && e.slot === 2) this.#hoistBranch(e, seen);
      else if (e.op === "load") this.hoistIndex(e.slot, e.args[0]!, seen);
      else if (!this.scopes.varies(e) && isScalar(e)) this.#hoistScalars(e, seen);
      else e.args.forEach(go);
    };
    for (const e of roots) go(e);
  }

  /** The condition, and addresses: nothing that a branch loads is sure to be there. */
  #hoistBranch(e: Expr, seen: Set<Expr>): void {
    this.hoist([e.args[0]!], seen);
    walk(e.args, (x) => {
      if (x.op === "load" && !loads(x.args[0]!)) hoistAddress(this, x.slot, x.args[0]!);
    });
  }

  #hoistScalars(e: Expr, seen: Set<Expr>): void {
    for (const a of e.op === "add" ? this.scopes.linear(e).terms.keys() : e.args) {
      if (this.scopes.level(a) < Infinity) this.#keepScalar(a);
      else this.hoist([a], seen);
    }
  }

  /** The same for the address of element `index` of binding `slot`. */
  hoistIndex(slot: number, index: Expr, seen: Set<Expr> = new Set()): void {
    for (const term of this.scopes.linear(index).terms.keys()) {
      if (term.op === "var") continue;
      if (this.scopes.level(term) === Infinity || this.scopes.varies(term)) this.hoist([term], seen);
      else this.#keepScalar(term);
    }
    hoistAddress(this, slot, index);
  }

  /** Runs `body` once, or once for each unrolled group if `e` varies. */
  #each(e: Expr, body: () => void): void {
    if (!this.scopes.varies(e)) return body();
    const group = this.group;
    for (this.group = 0; this.group < this.groups; this.group++) body();
    this.group = group;
  }

  #keep(e: Expr): void {
    const key = this.#vectorKey(e);
    if (this.scopes.find(key) !== undefined) return;
    this.#compute(e);
    this.scopes.remember(key, "v128");
  }

  #keepScalar(e: Expr): void {
    if (e.op === "const" || e.op === "var" || this.scopes.find(`s${e.id}`) !== undefined) return;
    emitScalar(this, e);
    this.scopes.remember(`s${e.id}`, "i32");
  }

  #vectorKey(e: Expr): string {
    return this.scopes.varies(e) ? `v${e.id}.${this.group}` : `v${e.id}`;
  }

  /** Pushes `e` as a vector. */
  vector(e: Expr): void {
    if (e.op === "const") {
      this.f.get(this.f.constant(fill(e.dtype, e.value)));
      return;
    }
    if (e.op === "acc") {
      this.f.get(this.scopes.accumulator(e.slot, this.group));
      return;
    }
    const key = this.#vectorKey(e);
    const found = this.scopes.find(key);
    if (found !== undefined) this.f.get(found);
    else {
      this.#compute(e);
      if (this.#uses.get(e) !== 1) this.f.get(this.scopes.remember(key, "v128"));
    }
  }

  /** Pushes `e`, the same in all lanes and no float, as an i32; a bool is 0 or 1. */
  scalar(e: Expr): void {
    if (e.op === "const") {
      this.f.i32(e.value);
      return;
    }
    if (e.op === "var") {
      this.f.get(this.scopes.variable(e.slot));
      return;
    }
    const found = this.scopes.find(`s${e.id}`);
    if (found !== undefined) this.f.get(found);
    else {
      emitScalar(this, e);
      if (this.#uses.get(e) !== 1) this.f.get(this.scopes.remember(`s${e.id}`, "i32"));
    }
  }

  /** A vector local with the value of `e`. */
  vectorLocal(e: Expr): number {
    const local = this.scopes.local("v128");
    this.vector(e);
    this.f.set(local);
    return local;
  }

  #compute(e: Expr): void {
    const { f } = this;
    if (!this.scopes.varies(e) && isScalar(e)) {
      this.scalar(e);
      if (e.dtype === "bool") this.#maskFromBit();
      else f.op(op.i32x4Splat);
      return;
    }
    switch (e.op) {
      case "var":
        f.get(this.scopes.variable(e.slot)).op(op.i32x4Splat);
        f.get(f.constant(laneNumbers(this.group * this.lanes))).op(op.i32x4Add);
        return;
      case "load":
        return loadVector(this, e.slot, e.args[0]!);
      case "scalar": {
        const wide = e.dtype === "float64";
        f.get(ENTRY.parameters).memory(
          wide ? op.v128Load64Splat : op.v128Load32Splat,
          this.layout.scalar(e.slot),
        );
        if (e.dtype === "bool") convert(f, "int32", "bool");
        return;
      }
      case "isnan": {
        const x = this.vectorLocal(e.args[0]!);
        f.get(x).get(x).op(binaryOpcode("ne", e.args[0]!.dtype)!);
        if (e.args[0]!.dtype === "float64") narrowMask(f);
        return;
      }
      case "where":
        if (e.slot === 2) return this.#branch(e);
        if (e.slot === 1 && this.scopes.varies(e.args[0]!)) return this.#seldom(e);
        return choose(this, e);
      case "cast":
        this.vector(e.args[0]!);
        return convert(f, e.args[0]!.dtype, e.dtype);
      case "bitcast":
        return this.vector(e.args[0]!);
      case "check":
        return checkVector(this, e);
      case "rsqrt":
        this.#constant(e.dtype, 1);
        this.vector(e.args[0]!);
        f.op(unaryOpcode("sqrt", e.dtype)!).op(binaryOpcode("div", e.dtype)!);
        return;
      case "shl":
      case "shr":
        if (!this.scopes.varies(e.args[1]!)) return this.#shift(e);
        return emitPerLane(this, e);
      case "div":
      case "mod":
        if (divisionClass(e) !== "") return divideVector(this, e);
        if (e.op === "mod" && e.dtype === "float32" && this.#fused) return remainderVector(this, e);
        break;
      case "add":
        if (this.#fusedAdd(e)) return;
        break;
      case "max":
      case "min":
        if (e.dtype === "float32") return extreme(this, e);
    }
    const { dtype } = e.args[0]!;
    const name = e.op as UnaryOp | BinaryOp;
    const code = e.args.length === 1 ? unaryOpcode(name as UnaryOp, dtype) : binaryOpcode(name as BinaryOp, dtype);
    if (code === undefined) {
      if (name === "abs") return this.vector(e.args[0]!);
      return emitPerLane(this, e);
    }
    for (const a of e.args) this.vector(a);
    f.op(code);
    finish(f, name, dtype);
  }

  /** A choice whose first branch is computed only if some lane takes it. */
  #seldom(e: Expr): void {
    const { f } = this, { dtype } = e;
    const [condition, a, b] = e.args as [Expr, Expr, Expr];
    const result = this.vectorLocal(b), mask = this.vectorLocal(condition);
    f.get(mask).op(op.v128AnyTrue).if();
    this.scopes.push();
    this.vector(a);
    f.get(result).get(mask);
    widenMask(f, dtype);
    f.op(op.v128Bitselect).set(result);
    this.scopes.pop();
    f.end().get(result);
  }

  /** A choice of which only one branch is computed. */
  #branch(e: Expr): void {
    const { f } = this, [condition, a, b] = e.args as [Expr, Expr, Expr];
    const result = this.scopes.local("v128");
    const put = (x: Expr): void => {
      this.scopes.push();
      this.vector(x);
      f.set(result);
      this.scopes.pop();
    };
    this.scalar(condition);
    f.if();
    put(a);
    f.else();
    put(b);
    f.end().get(result);
  }

  #constant(dtype: DType, value: number): void {
    this.f.get(this.f.constant(fill(dtype, value)));
  }

  #maskFromBit(): void {
    const t = this.scopes.local("i32");
    this.f.set(t).i32(0).get(t).op(op.i32Sub).op(op.i32x4Splat);
  }

  #shift(e: Expr): void {
    this.vector(e.args[0]!);
    this.scalar(e.args[1]!);
    this.f.op(e.op === "shl" ? op.i32x4Shl : e.dtype === "int32" ? op.i32x4ShrS : op.i32x4ShrU);
    finish(this.f, e.op as BinaryOp, e.dtype);
  }

  /**
   * a * b + c with one rounding. To a product that is not marked for it, only a constant may be added so: fusing products with each
   * other would make differences of equal products other than zero.
   */
  #fusedAdd(e: Expr): boolean {
    const [a, b] = e.args as [Expr, Expr];
    const [product, summand] = b.op === "const" || isMarked(a) ? [a, b] : [b, a];
    if (summand.op !== "const" && !isMarked(product) || !this.fusedProduct(product)) return false;
    this.vector(summand);
    this.f.op(e.dtype === "float32" ? op.f32x4RelaxedMadd : op.f64x2RelaxedMadd);
    return true;
  }

  /** Pushes the factors of `e` if it is a product that may be fused with an addition to it; says whether it did. */
  fusedProduct(e: Expr): boolean {
    if (!this.#fused || !isFloat(e.dtype) || e.op !== "mul" || this.#uses.get(e) !== 1) return false;
    if (this.scopes.find(this.#vectorKey(e)) !== undefined) return false;
    this.vector(e.args[0]!);
    this.vector(e.args[1]!);
    return true;
  }

  /** Clears, in the mask on the stack, the lanes that do not count. */
  limitToActive(): void {
    if (this.lanes === 2) this.f.get(this.f.constant(firstTwo)).op(op.v128And);
    if (this.tail !== undefined) {
      this.f.get(this.f.constant(laneNumbers(0))).get(this.tail).op(op.i32x4Splat).op(op.i32x4LtS).op(op.v128And);
    }
  }
}

/** Whether a product was made to be fused with an addition. */
const isMarked = (e: Expr): boolean => e.op === "mul" && e.slot === 1;

const firstTwo = new Uint8Array(16).fill(255, 0, 8);

/** The vector (first, first + 1, first + 2, first + 3). */
function laneNumbers(first: number): Uint8Array {
  return new Uint8Array(Int32Array.of(first, first + 1, first + 2, first + 3).buffer);
}
