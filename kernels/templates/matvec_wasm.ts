/**
 * Products of a matrix and a vector on the CPU: the matrix is read once, in place, in the order of its memory. The vector may be any
 * expression; a first phase computes it.
 *
 * @module
 */

import { type Expr, variable } from "../ir/expr.ts";
import { linear } from "../ir/index.ts";
import { itemSize } from "../ir/dtype.ts";
import { ENTRY, ENTRY_PARAMETERS, type Phase } from "../lower/wasm/program.ts";
import { type FunctionBuilder, op } from "../lower/wasm/encoder.ts";
import { convert } from "../lower/wasm/vector_ops.ts";
import type { Group } from "./axes.ts";
import { CORES } from "./contract_tiles.ts";
import { emitCombination, emitDots, sumsBytes, TOGETHER } from "./matvec_loops_wasm.ts";
import { sumOps, type SumType } from "./micro_kernel_wasm.ts";
import { type ModuleContext, newEmitter, type PackedOperand } from "./packed_operand.ts";
import { advance, bindAxes, pushPart } from "./tables_wasm.ts";

/** Elements of the vector that are computed as a unit of work. */
const VECTOR_UNIT = 1024;

/** Elements of the matrix that are multiplied as a unit of work: at most so many, and enough units to share. */
const MATRIX_UNIT = 2 ** 19, UNITS = 8 * CORES;

/** Smaller products are left to the general way. */
const SMALLEST = 4096;

/** Distances in elements of neighbours along the lanes and the depth of a matrix. */
interface Strides {
  readonly laneStride: number;
  readonly depthStride: number;
}

/** A product of a matrix and a vector; one stride of the matrix is 1. */
export interface Matvec extends Strides {
  readonly matrix: PackedOperand;
  readonly vector: PackedOperand;
  /** Whether the vector is stored as such, and read in place too. */
  readonly inPlace: boolean;
  /** Whether the result is a row, the lanes being columns. */
  readonly row: boolean;
  readonly sum: SumType;
  readonly batch: number;
  readonly lanes: number;
  readonly depth: number;
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
  const strides = stridesOf(matrix, sum);
  if (strides === undefined || (strides.laneStride !== 1 && strides.depthStride !== 1)) return undefined;
  const block = strides.depthStride === 1
    ? TOGETHER * Math.ceil(Math.min(MATRIX_UNIT / depth, lanes / UNITS) / TOGETHER)
    : Math.min(2048, 64 * Math.ceil(lanes / (2 * CORES) / 64));
  const inPlace = stridesOf(vector, sum)?.depthStride === 1;
  return { matrix, vector, inPlace, row, sum, batch, lanes, depth, ...strides, block };
}

/** Distances in elements along the axes of an operand that is a plain load; undefined for any other. */
function stridesOf({ separated, lanes, depth }: PackedOperand, sum: SumType): Strides | undefined {
  const leaf = separated.leaves[0];
  if (leaf?.load === undefined || leaf.guarded || separated.formula.op !== "acc") return undefined;
  if (itemSize(leaf.load.dtype) !== sumOps[sum].bytes) return undefined;
  const laneStride = strideOf(leaf.index.lane, lanes), depthStride = strideOf(leaf.index.depth, depth);
  return laneStride === undefined || depthStride === undefined ? undefined : { laneStride, depthStride };
}

/** The factor of a group's only axis, or undefined where there is more to the index. */
function strideOf(index: Expr, axes: Group): number | undefined {
  const { terms } = linear(index);
  if (terms.size === 0) return 0;
  const axis = axes[0]!;
  return axes.length === 1 && terms.size === 1 ? terms.get(variable(axis.slot, axis.extent)) : undefined;
}

/** The phases: computing the vector, unless it is stored, and multiplying with it. */
export function matvecPhases({ batch, depth, lanes, block, inPlace }: Matvec): Phase[] {
  const run = { entry: "run", units: batch * Math.ceil(lanes / block), work: batch * lanes * (0.25 * depth + 10) };
  if (inPlace) return [run];
  return [{ entry: "vector", units: batch * Math.ceil(depth / VECTOR_UNIT), work: 5 * batch * depth }, run];
}

/** Bytes of the scratch memory of a thread: sums, and those of the current run. */
export function matvecLocalBytes({ sum, block }: Matvec): number {
  return 2 * sumsBytes(sum, block);
}

/** Bytes of the scratch memory that threads share: the vector of each batch. */
export function matvecSharedBytes({ sum, batch, depth, inPlace }: Matvec): number {
  return inPlace ? 0 : batch * depth * sumOps[sum].bytes;
}

/** Adds the entry `vector`, which writes the vector of each batch to the shared scratch memory, element by element. */
export function emitVectorPhase(context: ModuleContext, { vector, depth, sum }: Matvec): void {
  const { value } = vector, { bytes } = sumOps[sum];
  const { emitter, f } = newEmitter(context, "vector", ENTRY_PARAMETERS, [value]);
  const { scopes } = emitter;
  const batch = f.local("i32"), first = f.local("i32"), count = f.local("i32"), at = f.local("i32");
  emitUnits(f, Math.ceil(depth / VECTOR_UNIT), VECTOR_UNIT, depth, { batch, first, count }, () => {
    f.get(ENTRY.shared).get(batch).i32(depth).op(op.i32Mul).get(first).op(op.i32Add).i32(bytes).op(op.i32Mul);
    f.op(op.i32Add).set(at);
    scopes.push();
    bindAxes(emitter, vector.batch, batch);
    emitter.hoist([value]);
    f.loop();
    scopes.push();
    bindAxes(emitter, vector.depth, first);
    f.get(at);
    emitter.vector(value);
    if (value.dtype === "bool") convert(f, "bool", "int32");
    f.memoryLane(bytes === 8 ? op.v128Store64Lane : op.v128Store32Lane, 0);
    scopes.pop();
    advance(f, at, bytes);
    advance(f, first, 1);
    f.get(count).i32(1).op(op.i32Sub).tee(count).brIf(0).end();
    scopes.pop();
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
  const { matrix, vector, inPlace, sum, lanes, block, depth, laneStride, depthStride, row } = matvec;
  const { bytes } = sumOps[sum];
  const roots = [matrix, vector].flatMap(({ separated }) => separated.leaves[0]?.index.batch ?? []);
  const { emitter, f } = newEmitter(context, "run", ENTRY_PARAMETERS, roots);
  const batch = f.local("i32"), first = f.local("i32"), count = f.local("i32");
  const addresses = { matrix: f.local("i32"), vector: f.local("i32"), count };
  const pushStart = (operand: PackedOperand) => {
    const leaf = operand.separated.leaves[0]!;
    emitter.scopes.push();
    bindAxes(emitter, operand.batch, batch);
    pushPart(emitter, leaf, leaf.index.batch);
    emitter.scopes.pop();
    f.get(emitter.base(leaf.load!.slot)).op(op.i32Add);
  };
  emitUnits(f, Math.ceil(lanes / block), block, lanes, { batch, first, count }, () => {
    pushStart(matrix);
    f.get(first).i32(laneStride * bytes).op(op.i32Mul).op(op.i32Add).set(addresses.matrix);
    if (inPlace) pushStart(vector);
    else f.get(ENTRY.shared).get(batch).i32(depth * bytes).op(op.i32Mul).op(op.i32Add);
    f.set(addresses.vector);
    if (depthStride === 1) emitDots(f, { sum, depth, stride: laneStride, block }, addresses);
    else emitCombination(f, { sum, depth, stride: depthStride, block }, addresses);
    f.get(ENTRY.parameters).get(ENTRY.local).i32(bytes);
    if (row) f.i32(0).i32(1).get(first).get(count);
    else f.get(first).get(count).i32(0).i32(1);
    f.get(batch).call(epilogue);
  });
}
