/**
 * Packing: an operand of a contraction is rewritten, a block at a time, as panels [depth, lanes] that the micro-kernel streams
 * through. A vector holds neighbouring lanes. Where they are neighbours in memory too it is one load; where steps of the depth are,
 * squares of four by four are transposed; else each lane is loaded by itself.
 *
 * @module
 */

import type { Expr } from "../ir/expr.ts";
import { type FunctionBuilder, op } from "../lower/wasm/encoder.ts";
import type { Emitter } from "../lower/wasm/expression.ts";
import { convert } from "../lower/wasm/vector_ops.ts";
import { LeafVector } from "./leaf_vector_wasm.ts";
import { sumOps } from "./micro_kernel_wasm.ts";
import { PACK, type Packing, type Width } from "./packing.ts";
import { advance, bindAxes } from "./tables_wasm.ts";

/** Fills a function of PACK_PARAMETERS. */
export function emitPack(emitter: Emitter, packing: Packing): void {
  const { f } = emitter;
  const { operand, sum, lanes } = packing;
  const { bytes } = sumOps[sum];
  const values = new PackedVectors(emitter, packing);
  const entries = f.local("i32"), target = f.local("i32"), left = f.local("i32"), step = f.local("i32");
  bindAxes(emitter, packing.batch, PACK.batch);
  values.bases();
  values.hoist();
  f.get(PACK.depth).op(op.i32Eqz).get(PACK.panels).op(op.i32Eqz).op(op.i32Or).if().op(op.return).end();
  f.get(PACK.target).set(target);
  f.loop();
  for (let first = 0; first < lanes; first += emitter.lanes) {
    const width = Math.min(emitter.lanes, lanes - first) as Width;
    const copy = (contiguous: boolean) => {
      f.get(target).i32(first * bytes).op(op.i32Add).set(step);
      f.get(PACK.depthTable).set(entries);
      f.get(PACK.depth).set(left);
      if (!contiguous && values.mayBeTransposed) {
        f.block().loop();
        f.get(left).i32(4).op(op.i32LtU).brIf(1);
        values.storeTransposed(entries, width, step, lanes * bytes);
        advance(f, entries, 4 * 4);
        advance(f, step, 4 * lanes * bytes);
        advance(f, left, -4);
        f.br(0).end().end();
      }
      f.get(left).if().loop();
      f.get(step);
      values.push(entries, width, contiguous);
      if (width * bytes === 16) f.memory(op.v128Store);
      else f.memoryLane(width * bytes === 8 ? op.v128Store64Lane : op.v128Store32Lane, 0);
      advance(f, entries, 4 * operand.leaves.length);
      advance(f, step, lanes * bytes);
      f.get(left).i32(1).op(op.i32Sub).tee(left).brIf(0).end().end();
    };
    values.lanes(first, width);
    if (values.mayBeContiguous && width > 1) {
      values.pushIsContiguous(width);
      f.if();
      copy(true);
      f.else();
      copy(false);
      f.end();
    } else copy(false);
  }
  advance(f, PACK.laneTable, 4 * lanes);
  f.get(target).get(PACK.depth).i32(lanes * bytes).op(op.i32Mul).op(op.i32Add).set(target);
  f.get(PACK.panels).i32(1).op(op.i32Sub).tee(PACK.panels).brIf(0).end();
}

/** The leaves of an operand at one vector of lanes, and the operand's values there. */
class PackedVectors {
  readonly #f: FunctionBuilder;
  readonly #formula: Expr;
  readonly #leaves: readonly LeafVector[];

  constructor(readonly emitter: Emitter, readonly packing: Packing) {
    this.#f = emitter.f;
    this.#leaves = packing.operand.leaves.map((leaf, t) => new LeafVector(emitter, packing, leaf, t));
    this.#formula = packing.operand.formula;
  }

  /** Whether a vector of lanes can be one load. */
  get mayBeContiguous(): boolean {
    const wide = this.#leaves.filter((leaf) => leaf.varies && leaf.load !== undefined);
    return wide.length > 0 && wide.every((leaf) => leaf.mayBeContiguous);
  }

  /** Whether four lanes by four steps of the depth are four loads. */
  get mayBeTransposed(): boolean {
    return this.#formula.op === "acc" && this.#leaves[0]!.mayBeTransposed;
  }

  /** Stores four steps of the depth. */
  storeTransposed(entries: number, width: Width, target: number, stride: number): void {
    const { scopes } = this.emitter;
    scopes.push();
    this.#leaves[0]!.storeTransposed(entries, width, target, stride);
    scopes.pop();
  }

  /** Computes what only the batch decides. */
  bases(): void {
    for (const leaf of this.#leaves) leaf.base();
  }

  /** Computes what the loops to come do not change. */
  hoist(): void {
    this.emitter.scopes.rowsInLanes = true;
    this.emitter.hoist([this.#formula]);
  }

  /** Reads the table entries of `width` lanes. */
  lanes(first: number, width: Width): void {
    for (const leaf of this.#leaves) leaf.lanes(first, width);
  }

  /** Pushes whether the lanes are neighbours in memory. */
  pushIsContiguous(width: Width): void {
    const wide = this.#leaves.filter((leaf) => leaf.mayBeContiguous);
    wide.forEach((leaf, i) => {
      leaf.pushIsContiguous(width);
      if (i > 0) this.#f.op(op.i32And);
    });
  }

  /** Pushes the operand's values at a step of the depth, as sums are kept. */
  push(entries: number, width: Width, contiguous: boolean): void {
    const { scopes } = this.emitter;
    scopes.push();
    this.#leaves.forEach((leaf, t) => {
      leaf.push(entries, width, contiguous);
      const value = scopes.local("v128");
      this.#f.set(value);
      scopes.bindAccumulator(t, [value], true);
    });
    this.emitter.vector(this.#formula);
    if (this.#formula.dtype === "bool") convert(this.#f, "bool", "int32");
    scopes.pop();
  }
}
