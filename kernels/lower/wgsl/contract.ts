/**
 * Contractions: what the two ways of computing them share. Each invocation computes a few rows by a few columns, the columns in vec4s
 * (or one, where there are fewer than four), and applies the epilogue to them.
 *
 * @module
 */

import type { DType } from "../../ir/dtype.ts";
import { type Expr, walk } from "../../ir/expr.ts";
import type { Binding, ContractKernel, Store } from "../../ir/kernel.ts";
import { type Axis, group, mergeAxes } from "../../templates/axes.ts";
import { lowerRegisters } from "./contract_registers.ts";
import { lowerTiles } from "./contract_tiles.ts";
import { decode, size } from "./decode.ts";
import { bindZeros, withZeros } from "./exact.ts";
import { stride, vectorBindings } from "./lanes.ts";
import { Module, type Target, type Unit } from "./module.ts";
import { prepare } from "./prepare.ts";
import { splat } from "./operations.ts";
import { fromAccumulator, identity, toAccumulator } from "./reduce.ts";
import { writeStores } from "./stores.ts";
import { accumulatorType, valueType, type Width } from "./types.ts";
import { Writer } from "./writer.ts";

/** A contraction with its axes merged. */
export interface Contraction {
  readonly batch: readonly Axis[];
  readonly m: readonly Axis[];
  readonly n: readonly Axis[];
  readonly k: readonly Axis[];
  readonly a: Expr;
  readonly b: Expr;
  readonly dtype: DType;
  readonly stores: readonly Store[];
  readonly bindings: readonly Binding[];
}

/** The unit of a contraction; none if its result is empty. */
export function lowerContract(kernel: ContractKernel, target: Target): Unit[] {
  const contraction = merge(kernel);
  if (size([...contraction.batch, ...contraction.m, ...contraction.n]) === 0) return [];
  return [target.software ? lowerRegisters(contraction, target.subgroup) : lowerTiles(contraction)];
}

function merge(kernel: ContractKernel): Contraction {
  const { stores, dtype, bindings } = kernel;
  let first = 0;
  const groups = [kernel.batch, kernel.m, kernel.n, kernel.k].map((extents) => {
    first += extents.length;
    return group(extents, first - extents.length);
  });
  const exprs = [kernel.a, kernel.b, ...stores.flatMap(({ index, value }) => [index, value])].map(prepare);
  const merged = mergeAxes({ exprs, groups });
  const [a, b, ...rest] = merged.exprs as [Expr, Expr, ...Expr[]];
  const [batch, m, n, k] = merged.groups as [Axis[], Axis[], Axis[], Axis[]];
  const merge = (store: Store, i: number): Store => ({ ...store, index: rest[2 * i]!, value: rest[2 * i + 1]! });
  return { batch, m, n, k, a: withZeros(a), b: withZeros(b), dtype, bindings, stores: stores.map(merge) };
}

/** Rows or columns of one invocation. */
export function lanesOf(axes: readonly Axis[]): Width {
  return size(axes) < 4 ? 1 : 4;
}

/** Whether the axes' flat index counts in fours without crossing an outer axis. */
function dividesInFours(axes: readonly Axis[]): boolean {
  return axes.length > 0 && axes.at(-1)!.extent % 4 === 0;
}

/** The axis that an operand takes four at a time: its own, or the depth. */
export function laneOf(axes: readonly Axis[]): Axis | undefined {
  return lanesOf(axes) === 4 && dividesInFours(axes) ? axes.at(-1) : undefined;
}

/** A writer for a contraction whose operands are read along these axes; `operands` are the expressions that will be written. */
export function openContraction(
  c: Contraction,
  lanes: { readonly a: Axis | undefined; readonly b: Axis | undefined },
  operands: readonly Expr[],
): Writer {
  const epilogue = c.stores.flatMap(({ index, value }) => [index, value]);
  const vectors = vectorBindings([
    { exprs: [c.a], stores: [], lane: lanes.a },
    { exprs: [c.b], stores: [], lane: lanes.b },
    { exprs: epilogue, stores: c.stores, lane: laneOf(c.n) },
  ]);
  const w = new Writer(new Module(c.bindings, vectors));
  bindZeros(w, operands);
  w.announce([...operands, ...epilogue]);
  return w;
}

/** Whether most of an operand's loads are contiguous along the axis. */
export function contiguousIn(e: Expr, axis: Axis | undefined): boolean {
  if (axis === undefined) return false;
  let balance = 0;
  walk([e], (x) => {
    if (x.op === "load") balance += stride(x.args[0]!, axis) === 1 ? 1 : -1;
  });
  return balance > 0;
}

/** Binds rows or columns `tile` * lanes …; those past the end repeat the last. */
export function bindLanes(w: Writer, axes: readonly Axis[], tile: string, count: string, lanes: Width): void {
  if (lanes === 1) {
    decode(w, axes, `min(${tile}, ${count} - 1u)`);
    return;
  }
  const flat = w.fresh("flat");
  if (dividesInFours(axes)) {
    w.line(`let ${flat} = min(${tile}, ${count} / 4u - 1u);`);
    decode(w, axes, flat, true);
    return;
  }
  w.line(`let ${flat} = min(vec4<u32>(${tile} * 4u) + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(${count} - 1u));`);
  let rest = flat;
  for (let i = axes.length - 1; i >= 0; i--) {
    const { slot, extent } = axes[i]!;
    const coordinates = w.fresh("at");
    w.line(`let ${coordinates} = vec4<i32>(${i === 0 ? rest : `${rest} % vec4<u32>(${extent}u)`});`);
    w.bindVariable(slot, `${coordinates}.x`, { vector: coordinates });
    if (i === 0) break;
    const quotient = w.fresh("q");
    w.line(`let ${quotient} = ${rest} / vec4<u32>(${extent}u);`);
    rest = quotient;
  }
}

/** The part of the result that an invocation computes: rows by columns, these in vec4s unless there is but one. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
}

/** Elements of a tile's vectors. */
export function widthOf(tile: Tile): Width {
  return tile.columns === 1 ? 1 : 4;
}

/** Declares the sums of a tile: for each row, its vectors. */
export function declareSums(w: Writer, c: Contraction, tile: Tile): string[][] {
  const width = widthOf(tile);
  return range(tile.rows).map((row) =>
    range(tile.columns / width).map((vector) => {
      const name = `c${row}_${vector}`;
      w.declare(name, accumulatorType(c.dtype), width, identity("sum", c.dtype));
      return name;
    })
  );
}

/** 0 … count - 1. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** An operand of the product as it is summed. */
export function operand(w: Writer, c: Contraction, e: Expr, width: Width): string {
  return toAccumulator(c.dtype, w.value(e, width), width);
}

/** Adds the products of each row's element with the vectors of columns to the sums. */
export function multiply(
  w: Writer,
  c: Contraction,
  sums: readonly (readonly string[])[],
  rows: readonly string[],
  columns: readonly string[],
  width: Width,
): void {
  sums.forEach((vectors, row) => {
    const factor = splat(accumulatorType(c.dtype), rows[row]!, width);
    vectors.forEach((sum, i) => w.line(`${sum} = ${multiplyAdd(c.dtype, factor, columns[i]!, sum, width)};`));
  });
}

function multiplyAdd(dtype: DType, a: string, b: string, sum: string, width: Width): string {
  switch (dtype) {
    case "float32":
    case "float16":
      return `fma(${a}, ${b}, ${sum})`;
    case "bool":
      return `${sum} | (${a} & ${b})`;
    case "uint8":
      return `(${sum} + ${a} * ${b}) & ${splat("uint32", "255u", width)}`;
    default:
      return `${sum} + ${a} * ${b}`;
  }
}

/** Runs the epilogue on the sums of the tile at `mTile` from above and `nTile` from the left. */
export function storeSums(
  w: Writer,
  c: Contraction,
  tile: Tile,
  sums: readonly (readonly string[])[],
  mTile: string,
  nTile: string,
): void {
  const rows = w.module.number("m", size(c.m)), columns = w.module.number("n", size(c.n));
  const width = widthOf(tile), vectors = tile.columns / width;
  const type = valueType(accumulatorType(c.dtype), width), all = sums.flat();
  w.line(`var sums = array<${type}, ${all.length}>(${all.join(", ")});`);
  w.open(`for (var r = 0u; r < ${tile.rows}u; r++)`);
  w.line(`let row = ${mTile} * ${tile.rows}u + r;`);
  w.line(`if (row >= ${rows}) { break; }`);
  decode(w, c.m, "row");
  w.open(`for (var v = 0u; v < ${vectors}u; v++)`);
  w.line(`let column = ${nTile} * ${vectors}u + v;`);
  w.line(`if (column * ${width}u >= ${columns}) { break; }`);
  bindLanes(w, c.n, "column", columns, width);
  const sum = `sums[r * ${vectors}u + v]`;
  w.line(`let total = ${c.dtype === "float16" ? fromAccumulatorWide(sum, width) : sum};`);
  w.bindAccumulator(0, width === 1 ? "total" : "total.x", width === 1 ? {} : { vector: "total" });
  const exact = dividesInFours(c.n);
  writeStores(w, c.stores, width, width === 1 || exact ? undefined : (i) => `column * 4u + ${i}u < ${columns}`);
  w.closeAll(2);
}

function fromAccumulatorWide(sum: string, width: Width): string {
  return width === 1 ? fromAccumulator("float16", sum) : `${valueType("float16", width)}(${sum})`;
}
