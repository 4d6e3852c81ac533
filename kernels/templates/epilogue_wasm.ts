/**
 * What a contraction does with its sums: the kernel's stores, for a block of rows and columns of the result.
 *
 * @module
 */

import type { DType } from "../ir/dtype.ts";
import type { Store } from "../ir/kernel.ts";
import { op, type ValueType } from "../lower/wasm/encoder.ts";
import type { Emitter } from "../lower/wasm/expression.ts";
import { wideVectors } from "../lower/wasm/features.ts";
import { eachPair } from "../lower/wasm/nest.ts";
import { storeVector } from "../lower/wasm/store.ts";
import { convert, fill } from "../lower/wasm/vector_ops.ts";
import type { Group } from "./axes.ts";
import { sumOps, type SumType } from "./micro_kernel_wasm.ts";
import { advance, bindAxes } from "./tables_wasm.ts";

/**
 * Parameters of an epilogue: launch parameters, address of the first sum, bytes between rows of sums, first row, number of rows,
 * first column, number of columns, batch.
 */
export const EPILOGUE_PARAMETERS: readonly ValueType[] = ["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"];

const [SUMS, STRIDE, ROW, ROWS, COLUMN, COLUMNS, BATCH] = [1, 2, 3, 4, 5, 6, 7];

/** What an epilogue stores. */
export interface Epilogue {
  readonly stores: readonly Store[];
  readonly dtype: DType;
  readonly sum: SumType;
  readonly batch: Group;
  readonly rows: Group;
  readonly columns: Group;
}

/** Fills a function of EPILOGUE_PARAMETERS; there must be rows and columns. */
export function emitEpilogue(emitter: Emitter, epilogue: Epilogue): void {
  const { f, scopes } = emitter;
  const sum = f.local("i32"), end = f.local("i32");
  const hoist = () => hoistStores(emitter, epilogue.stores);
  scopes.lane = epilogue.columns.at(-1)?.slot;
  scopes.rowsInLanes = scopes.lane !== undefined;
  bindAxes(emitter, epilogue.batch, BATCH);
  hoist();
  f.get(ROW).get(ROWS).op(op.i32Add).set(end);
  f.loop();
  f.get(SUMS).set(sum);
  scopes.push();
  bindAxes(emitter, epilogue.rows, ROW);
  hoist();
  emitRow(emitter, epilogue, sum);
  scopes.pop();
  f.get(SUMS).get(STRIDE).op(op.i32Add).set(SUMS);
  f.get(ROW).i32(1).op(op.i32Add).tee(ROW).get(end).op(op.i32LtU).brIf(0).end();
}

function hoistStores(emitter: Emitter, stores: readonly Store[]): void {
  emitter.hoist(stores.map((s) => s.value));
  for (const s of stores) emitter.hoistIndex(s.slot, s.index);
}

/** One row: runs along the innermost axis of the columns, each with the outer ones fixed. */
function emitRow(emitter: Emitter, epilogue: Epilogue, sum: number): void {
  const { f, scopes } = emitter;
  const inner = epilogue.columns.at(-1);
  if (inner === undefined) return emitPoint(emitter, epilogue, sum, false);
  const index = f.local("i32"), left = f.local("i32");
  const outer = epilogue.columns.slice(0, -1);
  if (outer.length === 0) {
    f.get(COLUMN).set(index).get(COLUMNS).set(left);
    return emitRun(emitter, epilogue, inner.slot, index, left, sum);
  }
  const column = f.local("i32"), rest = f.local("i32"), flat = f.local("i32");
  f.get(COLUMN).set(column).get(COLUMNS).set(rest);
  f.loop();
  f.get(column).get(column).i32(inner.extent).op(op.i32DivU).tee(flat).i32(inner.extent).op(op.i32Mul);
  f.op(op.i32Sub).tee(index);
  f.i32(inner.extent).op(op.i32Sub).i32(-1).op(op.i32Mul).tee(left).get(rest).get(left).get(rest).op(op.i32LtU);
  f.op(op.select).set(left);
  f.get(column).get(left).op(op.i32Add).set(column);
  f.get(rest).get(left).op(op.i32Sub).set(rest);
  scopes.push();
  bindAxes(emitter, outer, flat);
  hoistStores(emitter, epilogue.stores);
  emitRun(emitter, epilogue, inner.slot, index, left, sum);
  scopes.pop();
  f.get(rest).brIf(0).end();
}

/** `left` neighbouring columns from `index` on. */
function emitRun(
  emitter: Emitter,
  epilogue: Epilogue,
  slot: number,
  index: number,
  left: number,
  sum: number,
): void {
  const { f, scopes, lanes } = emitter;
  const bytes = sumOps[epilogue.sum].bytes;
  const point = () => {
    scopes.push();
    scopes.bindVariable(slot, index);
    emitPoint(emitter, epilogue, sum, true);
    scopes.pop();
  };
  for (const groups of wideVectors() ? [2, 1] : [1]) {
    const step = groups * lanes;
    f.block().loop();
    f.get(left).i32(step).op(op.i32LtU).brIf(1);
    emitter.groups = groups;
    point();
    emitter.groups = 1;
    advance(f, index, step);
    advance(f, sum, step * bytes);
    advance(f, left, -step);
    f.br(0).end().end();
  }
  f.get(left).if();
  emitter.tail = left;
  point();
  emitter.tail = undefined;
  f.get(sum).get(left).i32(bytes).op(op.i32Mul).op(op.i32Add).set(sum);
  f.end();
}

/** All stores at the sums that `sum` points to: those of all lanes, or one. */
function emitPoint(emitter: Emitter, { stores, dtype, sum: type }: Epilogue, sum: number, varies: boolean): void {
  const { f, scopes, lanes } = emitter;
  const { bytes, splat } = sumOps[type];
  scopes.push(true);
  const sums = Array.from({ length: emitter.groups }, () => scopes.local("v128"));
  sums.forEach((value, group) => {
    f.get(sum).memory(!varies ? splat : bytes * lanes === 16 ? op.v128Load : op.v128Load64Zero, group * lanes * bytes);
    if (dtype === "bool") convert(f, "int32", "bool");
    else if (dtype === "uint8") f.get(f.constant(fill("int32", 255))).op(op.v128And);
    f.set(value);
  });
  scopes.bindAccumulator(0, sums, varies);
  eachPair(
    emitter,
    // Every value is computed before the first store: a store may overwrite what another reads.
    () => stores.map((s) => emitter.vectorLocal(s.value)),
    (values) => stores.forEach((s, i) => storeVector(emitter, s.slot, s.index, values[i]!)),
  );
  scopes.pop();
}
