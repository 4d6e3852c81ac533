/**
 * Packing: an operand of a contraction is rewritten, a block at a time, as panels [depth, lanes] that the micro-kernel streams
 * through. A vector holds neighbouring lanes; where they are neighbours in memory too it is one load, else one load a lane.
 *
 * @module
 */

import { acc, type Expr, int, rewrite } from "../ir/expr.ts";
import { linear } from "../ir/index.ts";
import { itemSize } from "../ir/dtype.ts";
import { type FunctionBuilder, op, type ValueType } from "../lower/wasm/encoder.ts";
import type { Emitter } from "../lower/wasm/expression.ts";
import { convert } from "../lower/wasm/vector_ops.ts";
import type { Group } from "./axes.ts";
import { sumOps, type SumType } from "./micro_kernel_wasm.ts";
import type { Leaf, Operand } from "./operand.ts";
import { advance, bindAxes, pushPart } from "./tables_wasm.ts";

/** Parameters of a packing function. */
export const PACK_PARAMETERS: readonly ValueType[] = new Array(10).fill("i32");

/** The locals of those parameters; ENTRY.parameters is local 0. Lanes past the count are packed too, but never stored. */
export const PACK = {
  target: 1,
  laneTable: 2,
  depthTable: 3,
  firstLane: 4,
  lanes: 5,
  firstDepth: 6,
  depth: 7,
  panels: 8,
  batch: 9,
} as const;

/** What is packed, and how. */
export interface Packing {
  readonly operand: Operand;
  readonly sum: SumType;
  readonly batch: Group;
  /** The innermost axis of the lanes, if there is one. */
  readonly inner: Expr | undefined;
  /** Lanes of a panel. */
  readonly lanes: number;
  /** Bytes from one leaf's entries to the next in the lane table. */
  readonly leafStride: number;
}

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
    const width = Math.min(emitter.lanes, lanes - first);
    const copy = (contiguous: boolean) => {
      f.get(target).i32(first * bytes).op(op.i32Add).set(step);
      f.get(PACK.depthTable).set(entries);
      f.get(PACK.depth).set(left);
      f.loop();
      f.get(step);
      values.push(entries, width, contiguous);
      if (width * bytes === 16) f.memory(op.v128Store);
      else f.memoryLane(op.v128Store64Lane, 0);
      advance(f, entries, 4 * operand.leaves.length);
      advance(f, step, lanes * bytes);
      f.get(left).i32(1).op(op.i32Sub).tee(left).brIf(0).end();
    };
    values.lanes(first, width);
    if (values.mayBeContiguous) {
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
    this.#formula = rewrite(packing.operand.formula, (e) => e.op === "arg" ? acc(e.slot, e.dtype) : undefined);
  }

  /** Whether a vector of lanes can be one load. */
  get mayBeContiguous(): boolean {
    const wide = this.#leaves.filter((leaf) => leaf.varies && leaf.load !== undefined);
    return wide.length > 0 && wide.every((leaf) => leaf.mayBeContiguous);
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
  lanes(first: number, width: number): void {
    for (const leaf of this.#leaves) leaf.lanes(first, width);
  }

  /** Pushes whether the lanes are neighbours in memory. */
  pushIsContiguous(width: number): void {
    const wide = this.#leaves.filter((leaf) => leaf.mayBeContiguous);
    wide.forEach((leaf, i) => {
      leaf.pushIsContiguous(width);
      if (i > 0) this.#f.op(op.i32And);
    });
  }

  /** Pushes the operand's values at a step of the depth, as sums are kept. */
  push(entries: number, width: number, contiguous: boolean): void {
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

/** One leaf of an operand at a vector of lanes. */
class LeafVector {
  readonly #f: FunctionBuilder;
  readonly #base: number;
  readonly #lanes: readonly number[];
  readonly #vector: number;
  readonly #address: number;
  readonly #limit: number;
  /** Whether lanes differ. */
  readonly varies: boolean;
  readonly load: Expr | undefined;
  /** Whether lanes may be neighbours in memory, in elements that fill a vector. */
  readonly mayBeContiguous: boolean;
  readonly #deep: boolean;

  constructor(
    readonly emitter: Emitter,
    readonly packing: Packing,
    readonly leaf: Leaf,
    readonly number: number,
  ) {
    const f = this.#f = emitter.f;
    const { load, index } = leaf;
    this.load = load;
    this.varies = index.lane !== int(0);
    this.#deep = index.depth !== int(0);
    this.mayBeContiguous = load !== undefined && this.varies && itemSize(load.dtype) * emitter.lanes === 16 &&
      packing.inner !== undefined && linear(index.lane).terms.get(packing.inner) === 1;
    this.#base = f.local("i32");
    this.#address = f.local("i32");
    this.#limit = f.local("i32");
    this.#vector = f.local("v128");
    this.#lanes = load !== undefined && this.varies ? Array.from({ length: emitter.lanes }, () => f.local("i32")) : [];
  }

  base(): void {
    const { leaf, emitter } = this;
    pushPart(emitter, leaf, leaf.index.batch);
    if (leaf.load !== undefined) this.#f.get(emitter.base(leaf.load.slot)).op(op.i32Add);
    this.#f.set(this.#base);
    if (leaf.guarded) this.#f.memorySize().i32(16).op(op.i32Shl).i32(16).op(op.i32Sub).set(this.#limit);
  }

  lanes(first: number, width: number): void {
    if (!this.varies) return;
    const f = this.#f, at = this.number * this.packing.leafStride + 4 * first;
    f.get(PACK.laneTable).memory(width === 4 ? op.v128Load : op.v128Load64Zero, at);
    f.get(this.#base).op(op.i32x4Splat).op(op.i32x4Add).set(this.#vector);
    this.#lanes.slice(0, width).forEach((lane, i) => {
      f.get(this.#vector).lane(op.i32x4ExtractLane, i).set(lane);
    });
  }

  pushIsContiguous(width: number): void {
    const f = this.#f, size = itemSize(this.load!.dtype);
    for (let i = 1; i < width; i++) {
      f.get(this.#lanes[i]!).get(this.#lanes[0]!).op(op.i32Sub).i32(i * size).op(op.i32Eq);
      if (i > 1) f.op(op.i32And);
    }
  }

  /** Pushes the leaf's vector. */
  push(entries: number, width: number, contiguous: boolean): void {
    const f = this.#f, { load } = this;
    if (load === undefined) {
      f.get(this.varies ? this.#vector : this.#base);
      if (!this.varies) f.op(op.i32x4Splat);
      if (this.#deep) {
        f.get(entries).memory(op.v128Load32Splat, 4 * this.number).op(op.i32x4Add);
      }
      return;
    }
    if (!this.varies) {
      this.#pushAddress(this.#base, entries);
      pushSplat(f, load);
    } else if (contiguous && this.mayBeContiguous) {
      this.#pushAddress(this.#lanes[0]!, entries);
      f.memory(width * itemSize(load.dtype) === 16 ? op.v128Load : op.v128Load64Zero);
    } else {
      const vector = this.emitter.scopes.local("v128");
      this.#lanes.slice(0, width).forEach((lane, i) => {
        this.#pushAddress(lane, entries);
        pushLane(f, load, i, vector);
        f.set(vector);
      });
      f.get(vector);
    }
    if (load.dtype === "bool") convert(f, "int32", "bool");
  }

  /** Pushes the address of a lane's element; one outside the memory, whose value nobody uses, becomes 0. */
  #pushAddress(lane: number, entries: number): void {
    const f = this.#f;
    f.get(lane);
    if (this.#deep) f.get(entries).memory(op.i32Load, 4 * this.number).op(op.i32Add);
    if (!this.leaf.guarded) return;
    f.tee(this.#address).i32(0).get(this.#address).get(this.#limit).op(op.i32LtU).op(op.select);
  }
}

/** Loads the element whose address is on the stack into all lanes. */
function pushSplat(f: FunctionBuilder, { dtype }: Expr): void {
  const size = itemSize(dtype);
  if (size === 1) f.memory(op.i32Load8U).op(op.i32x4Splat);
  else f.memory(size === 4 ? op.v128Load32Splat : op.v128Load64Splat);
}

/** Loads the element whose address is on the stack into a lane of `vector`, and pushes that. */
function pushLane(f: FunctionBuilder, { dtype }: Expr, lane: number, vector: number): void {
  const size = itemSize(dtype);
  if (lane > 0) f.get(vector);
  else if (size === 1) f.get(f.constant(new Uint8Array(16)));
  else return void f.memory(size === 4 ? op.v128Load32Zero : op.v128Load64Zero);
  if (size === 1) f.memoryLane(op.v128Load8Lane, 4 * lane);
  else f.memoryLane(size === 4 ? op.v128Load32Lane : op.v128Load64Lane, lane);
}
