/**
 * Products of a matrix and a vector on the CPU: the matrix is read once, in place, in the order of its memory. The vector may be any
 * expression; a first phase computes it.
 *
 * @module
 */

import { type Expr, variable } from "../ir/expr.ts";
import { linear } from "../ir/index.ts";
import { itemSize } from "../ir/dtype.ts";
import { ENTRY, ENTRY_PARAMETERS } from "../runtime/cpu_program.ts";
import { type FunctionBuilder, op } from "../lower/wasm/encoder.ts";
import { hasFusedMultiplyAdd } from "../lower/wasm/features.ts";
import type { Group } from "./axes.ts";
import { sumOps, type SumType } from "./micro_kernel_wasm.ts";
import { emitPackElements } from "./pack_elements_wasm.ts";
import { PACK_PARAMETERS } from "./pack_wasm.ts";
import { type ModuleContext, newEmitter, type PackedOperand } from "./packed_operand.ts";
import { advance, bindAxes, pushPart } from "./tables_wasm.ts";

/** Rows of a matrix that are read at the same time. */
const TOGETHER = 4;

/** Products that are added up in one sum before that is added to the total. */
const RUN = 256;

/** Elements of the vector that are computed as a unit of work. */
const VECTOR_UNIT = 1024;

/** Smaller products are left to the general way. */
const SMALLEST = 4096;

/** A product of a matrix and a vector. */
export interface Matvec {
  readonly matrix: PackedOperand;
  readonly vector: PackedOperand;
  /** Whether the result is a row, the lanes being columns. */
  readonly row: boolean;
  readonly sum: SumType;
  readonly batch: number;
  readonly lanes: number;
  readonly depth: number;
  /** Distance in elements of neighbours in the matrix along its lanes and its depth; one of them is 1. */
  readonly laneStride: number;
  readonly depthStride: number;
  /** Lanes of a unit of work. */
  readonly block: number;
}

/** What `matvecOf` looks at. */
export interface Product {
  readonly a: PackedOperand;
  readonly b: PackedOperand;
  readonly sum: SumType;
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

/** The product as that of a plainly stored matrix and a vector, or undefined. */
export function matvecOf({ a, b, sum, batch, rows, columns, depth }: Product): Matvec | undefined {
  const row = rows === 1, lanes = row ? columns : rows;
  const [matrix, vector] = row ? [b, a] : [a, b];
  if ((!row && columns !== 1) || lanes * depth < SMALLEST) return undefined;
  const leaf = matrix.separated?.leaves[0];
  if (leaf?.load === undefined || matrix.separated!.formula.op !== "arg" || leaf.guarded) return undefined;
  if (itemSize(leaf.load.dtype) !== sumOps[sum].bytes) return undefined;
  const laneStride = strideOf(leaf.index.lane, matrix.lanes), depthStride = strideOf(leaf.index.depth, matrix.depth);
  if (laneStride === undefined || depthStride === undefined || (laneStride !== 1 && depthStride !== 1)) {
    return undefined;
  }
  const block = depthStride === 1
    ? TOGETHER * Math.ceil(65536 / depth / TOGETHER)
    : Math.min(2048, 64 * Math.ceil(lanes / 16 / 64));
  return { matrix, vector, row, sum, batch, lanes, depth, laneStride, depthStride, block };
}

/** The factor of a group's only axis, or undefined where there is more to the index. */
function strideOf(index: Expr, axes: Group): number | undefined {
  const { terms } = linear(index);
  if (terms.size === 0) return 0;
  const axis = axes[0]!;
  return axes.length === 1 && terms.size === 1 ? terms.get(variable(axis.slot, axis.extent)) : undefined;
}

/** Units of the two phases: of computing the vector, and of multiplying with it. */
export function matvecUnits({ batch, depth, lanes, block }: Matvec): [vector: number, product: number] {
  return [batch * Math.ceil(depth / VECTOR_UNIT), batch * Math.ceil(lanes / block)];
}

/** Bytes of the scratch memory of a thread: sums, and those of the current run. */
export function matvecLocalBytes({ sum, block }: Matvec): number {
  return 2 * sumsBytes(sum, block);
}

function sumsBytes(sum: SumType, block: number): number {
  return Math.ceil(block * sumOps[sum].bytes / 64) * 64;
}

/** Adds the entry `vector`, which writes the vector of each batch to the shared scratch memory. */
export function emitVectorPhase(context: ModuleContext, { vector, depth, sum }: Matvec): void {
  const { emitter, f: compute } = newEmitter(context, undefined, PACK_PARAMETERS, [vector.value]);
  emitPackElements(emitter, { ...vector, panel: 1, sum });
  const f = context.module.function("vector", ENTRY_PARAMETERS, []);
  const batch = f.local("i32"), first = f.local("i32"), count = f.local("i32");
  emitUnits(f, Math.ceil(depth / VECTOR_UNIT), VECTOR_UNIT, depth, { batch, first, count }, () => {
    f.get(ENTRY.parameters).get(ENTRY.shared);
    f.get(batch).i32(depth).op(op.i32Mul).get(first).op(op.i32Add).i32(sumOps[sum].bytes).op(op.i32Mul).op(op.i32Add);
    f.i32(0).i32(0).i32(0).i32(1).get(first).get(count).i32(1).get(batch).call(compute.index);
  });
}

interface Unit {
  readonly batch: number;
  readonly first: number;
  readonly count: number;
}

/** Runs `body` for each unit of work: a batch index and a block of `size` of `total` indices. */
function emitUnits(
  f: FunctionBuilder,
  blocks: number,
  size: number,
  total: number,
  unit: Unit,
  body: () => void,
): void {
  const { batch, first, count } = unit;
  f.block().loop();
  f.get(ENTRY.start).get(ENTRY.end).op(op.i32GeU).brIf(1);
  f.get(ENTRY.start).i32(blocks).op(op.i32DivU).set(batch);
  f.get(ENTRY.start).i32(blocks).op(op.i32RemU).i32(size).op(op.i32Mul).set(first);
  f.i32(total).get(first).op(op.i32Sub).tee(count).i32(size).get(count).i32(size).op(op.i32LtU).op(op.select).set(
    count,
  );
  body();
  advance(f, ENTRY.start, 1);
  f.br(0).end().end();
}

/** Adds the entry `run`, which multiplies and calls the epilogue. */
export function emitMatvec(context: ModuleContext, matvec: Matvec, epilogue: number): void {
  const { matrix, sum, lanes, block, depth, laneStride, row } = matvec;
  const leaf = matrix.separated!.leaves[0]!, { bytes } = sumOps[sum];
  const { emitter, f } = newEmitter(context, "run", ENTRY_PARAMETERS, [leaf.index.batch]);
  const batch = f.local("i32"), first = f.local("i32"), count = f.local("i32");
  const source = f.local("i32"), vector = f.local("i32");
  emitUnits(f, Math.ceil(lanes / block), block, lanes, { batch, first, count }, () => {
    emitter.scopes.push();
    bindAxes(emitter, matrix.batch, batch);
    pushPart(emitter, leaf, leaf.index.batch);
    emitter.scopes.pop();
    f.get(emitter.base(leaf.load!.slot)).op(op.i32Add);
    f.get(first).i32(laneStride * bytes).op(op.i32Mul).op(op.i32Add).set(source);
    f.get(ENTRY.shared).get(batch).i32(depth * bytes).op(op.i32Mul).op(op.i32Add).set(vector);
    if (matvec.depthStride === 1) emitDots(f, matvec, source, vector, count);
    else emitCombination(f, matvec, source, vector, count);
    f.get(ENTRY.parameters).get(ENTRY.local).i32(bytes);
    if (row) f.i32(0).i32(1).get(first).get(count);
    else f.get(first).get(count).i32(0).i32(1);
    f.get(batch).call(epilogue);
  });
}

/** Pops two vectors and adds their product to `sum`. */
function multiplyAdd(f: FunctionBuilder, type: SumType, sum: number): void {
  const { madd, mul, add } = sumOps[type];
  if (madd !== undefined && hasFusedMultiplyAdd()) f.get(sum).op(madd).set(sum);
  else f.op(mul).get(sum).op(add).set(sum);
}

/** Lanes whose elements are neighbours: scalar products, several at a time. */
function emitDots(f: FunctionBuilder, matvec: Matvec, source: number, vector: number, count: number): void {
  const { sum: type, depth, laneStride } = matvec;
  const { bytes, lanes: width, add } = sumOps[type];
  const lane = f.local("i32"), at = f.local("i32"), left = f.local("i32"), run = f.local("i32"), out = f.local("i32");
  const rows = Array.from({ length: TOGETHER }, () => f.local("i32"));
  const sums = rows.map(() => [f.local("v128"), f.local("v128")] as const);
  const totals = rows.map(() => f.local("v128"));
  const x = f.local("v128");
  const step = (vectors: number) => {
    for (let v = 0; v < vectors; v++) {
      f.get(at).memory(op.v128Load, 16 * v).set(x);
      rows.forEach((row, i) => {
        f.get(row).memory(op.v128Load, 16 * v).get(x);
        multiplyAdd(f, type, sums[i]![v]!);
      });
    }
    for (const pointer of [at, ...rows]) advance(f, pointer, 16 * vectors);
  };
  f.i32(0).set(lane).get(ENTRY.local).set(out);
  f.loop();
  rows.forEach((row, i) => {
    // Rows past the last are the last again; their sums are not used.
    const index = f.local("i32");
    f.get(lane).i32(i).op(op.i32Add).tee(index).get(count).i32(1).op(op.i32Sub).get(index).get(count).op(op.i32LtU);
    f.op(op.select).i32(laneStride * bytes).op(op.i32Mul).get(source).op(op.i32Add).set(row);
    f.v128(new Uint8Array(16)).set(totals[i]!);
  });
  f.get(vector).set(at);
  f.i32(Math.floor(depth / (2 * width))).set(left);
  f.block().loop();
  f.get(left).op(op.i32Eqz).brIf(1);
  f.get(left).i32(RUN).get(left).i32(RUN).op(op.i32LtU).op(op.select).set(run);
  f.get(left).get(run).op(op.i32Sub).set(left);
  f.loop();
  step(2);
  f.get(run).i32(1).op(op.i32Sub).tee(run).brIf(0).end();
  addToTotals();
  f.br(0).end().end();
  const rest = depth % (2 * width);
  if (rest >= width) step(1);
  for (let i = 0; i < rest % width; i++) {
    const load = bytes === 8 ? op.v128Load64Zero : op.v128Load32Zero;
    f.get(at).memory(load, i * bytes).set(x);
    rows.forEach((row, r) => {
      f.get(row).memory(load, i * bytes).get(x);
      multiplyAdd(f, type, sums[r]![0]);
    });
  }
  addToTotals();
  totals.forEach((total, i) => {
    f.get(out);
    emitLaneSum(f, type, total);
    f.memoryLane(bytes === 8 ? op.v128Store64Lane : op.v128Store32Lane, 0, i * bytes);
  });
  advance(f, out, TOGETHER * bytes);
  f.get(lane).i32(TOGETHER).op(op.i32Add).tee(lane).get(count).op(op.i32LtU).brIf(0).end();

  function addToTotals(): void {
    totals.forEach((total, i) => {
      const [a, b] = sums[i]!;
      f.get(a).get(b).op(add).get(total).op(add).set(total);
      for (const s of [a, b]) f.v128(new Uint8Array(16)).set(s);
    });
  }
}

/** Pushes a vector whose first lane is the sum of the lanes of `vector`. */
function emitLaneSum(f: FunctionBuilder, type: SumType, vector: number): void {
  const { add, lanes } = sumOps[type];
  const upper = [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7];
  f.get(vector).get(vector).get(vector).shuffle(upper).op(add);
  if (lanes === 2) return;
  const odd = [4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11];
  f.tee(vector).get(vector).get(vector).shuffle(odd).op(add);
}

/** Lanes that are neighbours themselves: a sum of the matrix's rows, each times an element of the vector. */
function emitCombination(f: FunctionBuilder, matvec: Matvec, source: number, vector: number, count: number): void {
  const { sum: type, depth, depthStride, block } = matvec;
  const { bytes, splat, add, lanes: width } = sumOps[type];
  const sumsSize = sumsBytes(type, block);
  const left = f.local("i32"), run = f.local("i32"), size = f.local("i32"), at = f.local("i32"), limit = f.local("i32");
  const row = f.local("i32"), factor = f.local("i32"), total = f.local("v128");
  const factors = Array.from({ length: TOGETHER }, () => f.local("v128"));
  const pointers = factors.map(() => f.local("i32"));
  const clear = () => {
    f.get(size).bulk(op.memoryFill);
  };
  /** Adds `rows` rows to the sums of the current run. */
  const addRows = (rows: number) => {
    for (let i = 0; i < rows; i++) {
      f.get(factor).memory(splat, i * bytes).set(factors[i]!);
      f.get(row).i32(i * depthStride * bytes).op(op.i32Add).set(pointers[i]!);
    }
    eachVector(() => {
      f.get(at).memory(op.v128Load, sumsSize).set(total);
      for (let i = 0; i < rows; i++) {
        f.get(pointers[i]!).memory(op.v128Load).get(factors[i]!);
        multiplyAdd(f, type, total);
        advance(f, pointers[i]!, 16);
      }
      f.get(at).get(total).memory(op.v128Store, sumsSize);
    });
    advance(f, factor, rows * bytes);
    advance(f, row, rows * depthStride * bytes);
  };
  const eachVector = (body: () => void) => {
    f.get(ENTRY.local).tee(at).get(size).op(op.i32Add).set(limit);
    f.loop();
    body();
    f.get(at).i32(16).op(op.i32Add).tee(at).get(limit).op(op.i32LtU).brIf(0).end();
  };
  f.get(count).i32(width - 1).op(op.i32Add).i32(-width).op(op.i32And).i32(bytes).op(op.i32Mul).set(size);
  f.get(ENTRY.local).i32(0);
  clear();
  f.get(source).set(row).get(vector).set(factor).i32(depth).set(left);
  f.block().loop();
  f.get(left).op(op.i32Eqz).brIf(1);
  f.get(left).i32(RUN).get(left).i32(RUN).op(op.i32LtU).op(op.select).set(run);
  f.get(left).get(run).op(op.i32Sub).set(left);
  f.get(ENTRY.local).i32(sumsSize).op(op.i32Add).i32(0);
  clear();
  for (const rows of [TOGETHER, 1]) {
    f.block().loop();
    f.get(run).i32(rows).op(op.i32LtU).brIf(1);
    addRows(rows);
    advance(f, run, -rows);
    f.br(0).end().end();
  }
  eachVector(() => {
    f.get(at).get(at).memory(op.v128Load).get(at).memory(op.v128Load, sumsSize).op(add).memory(op.v128Store);
  });
  f.br(0).end().end();
}
