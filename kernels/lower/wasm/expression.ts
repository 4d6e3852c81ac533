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
import type { BinaryOp, Expr, UnaryOp } from "../../ir/expr.ts";
import { walk } from "../../ir/expr.ts";
import type { LoopKernel } from "../../ir/kernel.ts";
import { ENTRY, type ParameterLayout, parameterLayout } from "../../runtime/cpu_program.ts";
import { type FunctionBuilder, type ModuleBuilder, op, type ValueType } from "./encoder.ts";
import { hoistAddress, loadScalar, loadVector, pushSum } from "./address.ts";
import { hasScalarInstruction, scalarInstruction } from "./scalar_ops.ts";
import { Scopes } from "./scopes.ts";
import {
  binaryOpcode,
  convert,
  fill,
  finish,
  hostFunction,
  laneOpcodes,
  narrowMask,
  unaryOpcode,
  widenMask,
} from "./vector_ops.ts";

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

/** What an emitter is made for. */
export interface EmitterOptions {
  readonly operands: Operands;
  /** Every expression to come: they decide what is worth keeping. */
  readonly roots: readonly Expr[];
  readonly lanes: 2 | 4;
  readonly imports: ReadonlyMap<string, number>;
  /** Whether `a * b + constant` may use the engine's fused multiply-add. */
  readonly fused: boolean;
}

/** Emits the expressions of one kernel into one entry function (see `runtime/cpu_program.ts`). */
export class Emitter {
  readonly scopes: Scopes;
  readonly operands: Operands;
  readonly layout: ParameterLayout;
  readonly lanes: 2 | 4;
  /** Which of the unrolled groups of lanes is being emitted. */
  group = 0;
  /** The local that holds how many lanes count (1 … lanes - 1), in the last, partial vector of a loop. */
  tail: number | undefined = undefined;
  readonly #imports: ReadonlyMap<string, number>;
  readonly #fused: boolean;
  readonly #uses = new Map<Expr, number>();
  readonly #bases: number[] = [];

  constructor(readonly f: FunctionBuilder, options: EmitterOptions) {
    this.operands = options.operands;
    this.layout = parameterLayout(options.operands);
    this.lanes = options.lanes;
    this.#imports = options.imports;
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
  hoist(roots: Iterable<Expr>): void {
    const seen = new Set<Expr>();
    const go = (e: Expr) => {
      if (seen.has(e)) return;
      seen.add(e);
      if (e.op === "const" || e.op === "var" || e.op === "acc") return;
      if (this.scopes.level(e) < Infinity) this.#each(e, () => this.#keep(e));
      else if (e.op === "load") this.hoistIndex(e.slot, e.args[0]!);
      else if (!this.scopes.varies(e) && isScalar(e)) this.#hoistScalars(e);
      else e.args.forEach(go);
    };
    for (const e of roots) go(e);
  }

  #hoistScalars(e: Expr): void {
    for (const a of e.op === "add" ? this.scopes.linear(e).terms.keys() : e.args) {
      if (this.scopes.level(a) < Infinity) this.#keepScalar(a);
      else this.hoist([a]);
    }
  }

  /** The same for the address of element `index` of binding `slot`. */
  hoistIndex(slot: number, index: Expr): void {
    for (const term of this.scopes.linear(index).terms.keys()) {
      if (term.op === "var") continue;
      if (this.scopes.level(term) === Infinity || this.scopes.varies(term)) this.hoist([term]);
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

  /** Number of unrolled groups in the loop being emitted. */
  groups = 1;

  #keep(e: Expr): void {
    const key = this.#vectorKey(e);
    if (this.scopes.find(key) !== undefined) return;
    this.#compute(e);
    this.scopes.remember(key, "v128");
  }

  #keepScalar(e: Expr): void {
    if (e.op === "const" || e.op === "var" || this.scopes.find(`s${e.id}`) !== undefined) return;
    this.#computeScalar(e);
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
      this.#computeScalar(e);
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
        this.vector(e.args[1]!);
        this.vector(e.args[2]!);
        this.vector(e.args[0]!);
        widenMask(f, e.dtype);
        f.op(op.v128Bitselect);
        return;
      case "cast":
        this.vector(e.args[0]!);
        return convert(f, e.args[0]!.dtype, e.dtype);
      case "bitcast":
        return this.vector(e.args[0]!);
      case "check":
        return this.#checkVector(e);
      case "rsqrt":
        this.#constant(e.dtype, 1);
        this.vector(e.args[0]!);
        f.op(unaryOpcode("sqrt", e.dtype)!).op(binaryOpcode("div", e.dtype)!);
        return;
      case "shl":
      case "shr":
        if (!this.scopes.varies(e.args[1]!)) return this.#shift(e);
        return this.#perLane(e);
      case "add":
        if (this.#fusedAdd(e)) return;
    }
    const { dtype } = e.args[0]!;
    const name = e.op as UnaryOp | BinaryOp;
    const code = e.args.length === 1 ? unaryOpcode(name as UnaryOp, dtype) : binaryOpcode(name as BinaryOp, dtype);
    if (code === undefined) {
      if (name === "abs") return this.vector(e.args[0]!);
      return this.#perLane(e);
    }
    for (const a of e.args) this.vector(a);
    f.op(code);
    finish(f, name, dtype);
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
   * a * b + constant with one rounding. Only a constant may be added: fusing products with each other would make differences
   * of equal products other than zero.
   */
  #fusedAdd(e: Expr): boolean {
    const [a, b] = e.args as [Expr, Expr];
    const [product, constant] = b.op === "const" ? [a, b] : [b, a];
    if (constant.op !== "const" || !this.fusedProduct(product)) return false;
    this.vector(constant);
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

  /** An operation without a vector instruction, lane by lane. */
  #perLane(e: Expr): void {
    const { f } = this;
    const operands = e.args.map((a) => this.vectorLocal(a));
    const { dtype } = e.args[0]!;
    const { extract, replace, splat } = laneOpcodes(dtype);
    const lanes = this.scopes.varies(e) ? this.lanes : 1;
    const host = hostFunction(e.op as UnaryOp | BinaryOp, dtype);
    for (let lane = 0; lane < lanes; lane++) {
      const pushOperands = () => {
        for (const local of operands) {
          f.get(local).lane(extract, lane);
          if (host !== undefined && dtype === "float32") f.op(op.f64PromoteF32);
        }
      };
      pushOperands();
      if (host !== undefined) {
        f.call(this.#imports.get(host)!);
        if (dtype === "float32") f.op(op.f32DemoteF64);
      } else scalarInstruction(f, this.scopes, e);
      if (lane === 0) f.op(splat);
      else f.lane(replace, lane);
    }
    if (!isFloat(dtype)) finish(f, e.op as BinaryOp, dtype);
  }

  #computeScalar(e: Expr): void {
    const { f } = this;
    if (!isScalar(e)) {
      this.vector(e);
      f.lane(op.i32x4ExtractLane, 0);
      if (e.dtype === "bool") f.i32(1).op(op.i32And);
      return;
    }
    switch (e.op) {
      case "load":
        return loadScalar(this, e.slot, e.args[0]!);
      case "scalar":
        f.get(ENTRY.parameters).memory(op.i32Load, this.layout.scalar(e.slot));
        return;
      case "add":
        if (e.dtype === "int32") return pushSum(this, e);
        break;
      case "check":
        return this.#checkScalar(e);
      case "where":
        this.scalar(e.args[1]!);
        this.scalar(e.args[2]!);
        this.scalar(e.args[0]!);
        f.op(op.select);
        return;
      case "cast":
        this.scalar(e.args[0]!);
        if (e.dtype === "bool") f.i32(0).op(op.i32Ne);
        else if (e.dtype === "uint8" && e.args[0]!.dtype !== "bool") f.i32(255).op(op.i32And);
        return;
    }
    for (const a of e.args) this.scalar(a);
    scalarInstruction(f, this.scopes, e);
    if (e.dtype === "uint8" && e.args[0]!.dtype === "uint8") f.i32(255).op(op.i32And);
  }

  #raise(e: Expr, index: number): void {
    const { f } = this;
    const flag = this.layout.flag(e.slot);
    f.get(ENTRY.parameters).memory(op.i32Load, flag).i32(1).memory(op.i32Store);
    f.get(ENTRY.parameters).memory(op.i32Load, flag).get(index).memory(op.i32Store, 4);
  }

  #checkScalar(e: Expr): void {
    const { f } = this;
    const index = this.scopes.local("i32");
    this.scalar(e.args[0]!);
    f.tee(index).i32(e.value).op(op.i32GeU).if();
    this.#raise(e, index);
    f.i32(0).set(index).end().get(index);
  }

  #checkVector(e: Expr): void {
    const { f } = this;
    const index = this.vectorLocal(e.args[0]!);
    const bad = this.scopes.local("v128"), offender = this.scopes.local("i32");
    f.get(index);
    this.#constant("int32", e.value);
    f.op(op.i32x4GeU);
    this.limitToActive();
    f.tee(bad).op(op.v128AnyTrue).if();
    for (let lane = this.lanes - 1; lane >= 0; lane--) {
      f.get(index).lane(op.i32x4ExtractLane, lane).get(offender).get(bad).lane(op.i32x4ExtractLane, lane);
      f.op(op.select).set(offender);
    }
    this.#raise(e, offender);
    f.end().get(index).get(bad).op(op.v128AndNot);
  }

  /** Clears, in the mask on the stack, the lanes that do not count. */
  limitToActive(): void {
    if (this.lanes === 2) this.f.get(this.f.constant(firstTwo)).op(op.v128And);
    if (this.tail !== undefined) {
      this.f.get(this.f.constant(laneNumbers(0))).get(this.tail).op(op.i32x4Splat).op(op.i32x4LtS).op(op.v128And);
    }
  }
}

const firstTwo = new Uint8Array(16).fill(255, 0, 8);

/** The vector (first, first + 1, first + 2, first + 3). */
function laneNumbers(first: number): Uint8Array {
  return new Uint8Array(Int32Array.of(first, first + 1, first + 2, first + 3).buffer);
}

/** Whether `e` has a scalar form: an i32 computed from i32 operands. */
function isScalar(e: Expr): boolean {
  if (isFloat(e.dtype) || e.args.some((a) => isFloat(a.dtype))) return false;
  if (e.op === "load" || e.op === "scalar" || e.op === "var" || e.op === "check") return true;
  if (e.op === "where" || e.op === "cast" || e.op === "bitcast") return true;
  return hasScalarInstruction(e);
}
