/**
 * A leaf of an operand, for the neighbouring lanes that one vector holds: where its elements are and how they are fetched.
 *
 * @module
 */

import { type Expr, int } from "../ir/expr.ts";
import { linear } from "../ir/index.ts";
import { itemSize } from "../ir/dtype.ts";
import { type FunctionBuilder, op } from "../lower/wasm/encoder.ts";
import type { Emitter } from "../lower/wasm/expression.ts";
import type { Scopes } from "../lower/wasm/scopes.ts";
import { convert } from "../lower/wasm/vector_ops.ts";
import type { Leaf } from "./operand.ts";
import { PACK, type Packing, type Width } from "./packing.ts";
import { pushPart } from "./tables_wasm.ts";

/** Loads the table entries of so many lanes. */
const LANE_LOADS = { 1: op.v128Load32Zero, 2: op.v128Load64Zero, 4: op.v128Load } as const;

/** One leaf of an operand, for a vector of lanes. */
export class LeafVector {
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
  /** Whether steps of the depth are neighbours in memory, in elements of which a vector holds one a lane. */
  readonly mayBeTransposed: boolean;
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
      packing.innerLane !== undefined && linear(index.lane).terms.get(packing.innerLane) === 1;
    this.mayBeTransposed = load !== undefined && this.varies && !leaf.guarded && emitter.lanes === 4 &&
      itemSize(load.dtype) === 4 && packing.onlyDepth !== undefined && isOnly(index.depth, packing.onlyDepth);
    this.#base = f.local("i32");
    this.#address = f.local("i32");
    this.#limit = f.local("i32");
    this.#vector = f.local("v128");
    this.#lanes = load !== undefined && this.varies ? Array.from({ length: emitter.lanes }, () => f.local("i32")) : [];
  }

  /** Computes what only the batch decides. */
  base(): void {
    const { leaf, emitter } = this;
    pushPart(emitter, leaf, leaf.index.batch);
    if (leaf.load !== undefined) this.#f.get(emitter.base(leaf.load.slot)).op(op.i32Add);
    this.#f.set(this.#base);
    if (leaf.guarded) this.#f.memorySize().i32(16).op(op.i32Shl).i32(16).op(op.i32Sub).set(this.#limit);
  }

  /** Reads the table entries of `width` lanes. */
  lanes(first: number, width: Width): void {
    if (!this.varies) return;
    const f = this.#f, at = this.number * this.packing.leafStride + 4 * first;
    f.get(PACK.laneTable).memory(LANE_LOADS[width], at);
    f.get(this.#base).op(op.i32x4Splat).op(op.i32x4Add).set(this.#vector);
    this.#lanes.slice(0, width).forEach((lane, i) => {
      f.get(this.#vector).lane(op.i32x4ExtractLane, i).set(lane);
    });
  }

  /** Pushes whether the lanes are neighbours in memory. */
  pushIsContiguous(width: Width): void {
    const f = this.#f, size = itemSize(this.load!.dtype);
    for (let i = 1; i < width; i++) {
      f.get(this.#lanes[i]!).get(this.#lanes[0]!).op(op.i32Sub).i32(i * size).op(op.i32Eq);
      if (i > 1) f.op(op.i32And);
    }
  }

  /** Pushes the leaf's vector. */
  push(entries: number, width: Width, contiguous: boolean): void {
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

  /** Stores four steps of the depth of `width` lanes, `stride` bytes apart from local `target` on. */
  storeTransposed(entries: number, width: Width, target: number, stride: number): void {
    const f = this.#f;
    const rows = this.#lanes.slice(0, width).map((lane) => {
      this.#pushAddress(lane, entries);
      const row = this.emitter.scopes.local("v128");
      f.memory(op.v128Load).set(row);
      return row;
    });
    emitTransposed(f, this.emitter.scopes, rows, target, stride);
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

/** Whether an index is one variable plus a constant. */
function isOnly(index: Expr, axis: Expr): boolean {
  const { terms } = linear(index);
  return terms.size === 1 && terms.get(axis) === 1;
}

/** Stores the columns of one, two or four rows of four 32-bit elements. */
function emitTransposed(
  f: FunctionBuilder,
  scopes: Scopes,
  rows: readonly number[],
  target: number,
  stride: number,
): void {
  const zip = (a: number, b: number, lanes: readonly number[]) => {
    const result = scopes.local("v128");
    f.get(a).get(b).shuffle(lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte))).set(result);
    return result;
  };
  const [a, b, c, d] = rows as [number, number, number, number];
  if (rows.length === 1) {
    for (let i = 0; i < 4; i++) f.get(target).get(a).memoryLane(op.v128Store32Lane, i, i * stride);
    return;
  }
  // Columns 0 and 1, then 2 and 3, of two rows each.
  const upper = [zip(a, b, [0, 4, 1, 5]), zip(a, b, [2, 6, 3, 7])];
  if (rows.length === 2) {
    upper.forEach((pair, i) => {
      for (let half = 0; half < 2; half++) {
        f.get(target).get(pair).memoryLane(op.v128Store64Lane, half, (2 * i + half) * stride);
      }
    });
    return;
  }
  const lower = [zip(c, d, [0, 4, 1, 5]), zip(c, d, [2, 6, 3, 7])];
  for (let column = 0; column < 4; column++) {
    const pair = column >> 1, half = column % 2 * 2;
    const vector = zip(upper[pair]!, lower[pair]!, [half, half + 1, half + 4, half + 5]);
    f.get(target).get(vector).memory(op.v128Store, column * stride);
  }
}
