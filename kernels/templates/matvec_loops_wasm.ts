/**
 * The loops that multiply a matrix and a vector. Products are added up in runs, whose sums are added up again: rounding errors grow
 * with the length of a run and the number of runs, not with their product.
 *
 * @module
 */

import { ENTRY } from "../lower/wasm/program.ts";
import { type FunctionBuilder, op } from "../lower/wasm/encoder.ts";
import { hasFusedMultiplyAdd } from "../lower/wasm/features.ts";
import { sumOps, type SumType } from "./micro_kernel_wasm.ts";
import { advance } from "./tables_wasm.ts";

/** Rows of a matrix that are read at the same time. */
export const TOGETHER = 4;

/** Products that are added up in a run. */
const RUN = 256;

/** Part of a matrix. */
export interface Matrix {
  readonly sum: SumType;
  /** Length of the vector. */
  readonly depth: number;
  /** Elements between rows: neighbours in memory are neighbours in a row. */
  readonly stride: number;
  /** Most results. */
  readonly block: number;
}

/** Locals with the addresses of the matrix and the vector, and the number of results. */
export interface Addresses {
  readonly matrix: number;
  readonly vector: number;
  readonly count: number;
}

/** Bytes of `block` sums. */
export function sumsBytes(sum: SumType, block: number): number {
  return Math.ceil(block * sumOps[sum].bytes / 64) * 64;
}

/** Pops two vectors and adds their product to `sum`. */
function multiplyAdd(f: FunctionBuilder, type: SumType, sum: number): void {
  const { madd, mul, add } = sumOps[type];
  if (madd !== undefined && hasFusedMultiplyAdd()) f.get(sum).op(madd).set(sum);
  else f.op(mul).get(sum).op(add).set(sum);
}

/**
 * Scalar products of the vector with rows of the matrix, `stride` elements apart, that go to the thread's scratch memory. Rows that
 * are read at the same time are not neighbours: each begins where the one before it ended, so that memory is read in a few long
 * streams, which the processor foresees.
 */
export function emitDots(f: FunctionBuilder, matrix: Matrix, { matrix: source, vector, count }: Addresses): void {
  const { sum: type, depth, stride } = matrix;
  const { bytes, lanes: width, add } = sumOps[type];
  const lane = f.local("i32"), at = f.local("i32"), left = f.local("i32"), run = f.local("i32"), out = f.local("i32");
  const span = f.local("i32"), index = f.local("i32");
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
  f.get(count).i32(TOGETHER - 1).op(op.i32Add).i32(TOGETHER).op(op.i32DivU).set(span);
  f.i32(0).set(lane).get(ENTRY.local).set(out);
  f.loop();
  rows.forEach((row, i) => {
    // Rows past the last are the last again; their sums are not used.
    f.get(lane).get(span).i32(i).op(op.i32Mul).op(op.i32Add).tee(index).get(count).i32(1).op(op.i32Sub).get(index).get(
      count,
    ).op(op.i32LtU);
    f.op(op.select).i32(stride * bytes).op(op.i32Mul).get(source).op(op.i32Add).set(row);
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
    f.get(out).get(span).i32(i * bytes).op(op.i32Mul).op(op.i32Add);
    emitLaneSum(f, type, total);
    f.memoryLane(bytes === 8 ? op.v128Store64Lane : op.v128Store32Lane, 0);
  });
  advance(f, out, bytes);
  f.get(lane).i32(1).op(op.i32Add).tee(lane).get(span).op(op.i32LtU).brIf(0).end();

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

/**
 * The sum of the matrix's rows, `stride` elements apart, each times an element of the vector; it goes to the thread's scratch memory,
 * behind which the sums of the current run are kept.
 */
export function emitCombination(
  f: FunctionBuilder,
  matrix: Matrix,
  { matrix: source, vector, count }: Addresses,
): void {
  const { sum: type, depth, stride, block } = matrix;
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
      f.get(row).i32(i * stride * bytes).op(op.i32Add).set(pointers[i]!);
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
    advance(f, row, rows * stride * bytes);
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
