/**
 * Contractions: what the two ways of computing them share. Each invocation computes four rows by four columns (or one, where there are
 * fewer than four), the columns in one vec4, and applies the epilogue to them.
 *
 * @module
 */

import type { DType } from "../../ir/dtype.ts";
import type { Expr } from "../../ir/expr.ts";
import type { Binding, ContractKernel, Store } from "../../ir/kernel.ts";
import { type Axis, group, mergeAxes } from "../../templates/axes.ts";
import { lowerRegisters } from "./contract_registers.ts";
import { lowerTiles } from "./contract_tiles.ts";
import { decode, size } from "./decode.ts";
import { vectorBindings } from "./lanes.ts";
import { Module, type Shader, type Target } from "./module.ts";
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

/** The shader of a contraction; none if its result is empty. */
export function lowerContract(kernel: ContractKernel, target: Target): Shader[] {
  const contraction = merge(kernel);
  if (size([...contraction.batch, ...contraction.m, ...contraction.n]) === 0) return [];
  return [target.software ? lowerRegisters(contraction) : lowerTiles(contraction)];
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
  return { batch, m, n, k, a, b, dtype, bindings, stores: stores.map(merge) };
}

/** Rows or columns of one invocation. */
export function lanesOf(axes: readonly Axis[]): Width {
  return size(axes) < 4 ? 1 : 4;
}

/** Whether the axes' flat index counts in fours without crossing an outer axis. */
function dividesInFours(axes: readonly Axis[]): boolean {
  return axes.length > 0 && axes.at(-1)!.extent % 4 === 0;
}

/** A writer for a contraction, and the extents as run-time numbers. */
export function openContraction(c: Contraction): Writer {
  const lane = (axes: readonly Axis[]) => lanesOf(axes) === 4 && dividesInFours(axes) ? axes.at(-1) : undefined;
  const epilogue = c.stores.flatMap(({ index, value }) => [index, value]);
  const vectors = vectorBindings([
    { exprs: [c.a], stores: [], lane: lane(c.m) },
    { exprs: [c.b], stores: [], lane: lane(c.n) },
    { exprs: epilogue, stores: c.stores, lane: lane(c.n) },
  ]);
  const w = new Writer(new Module(c.bindings, vectors));
  w.announce([c.a, c.b, ...epilogue]);
  return w;
}

/** Binds rows or columns `tile` * lanes …; those past the end repeat the last. */
export function bindLanes(w: Writer, axes: readonly Axis[], tile: string, count: string): void {
  const lanes = lanesOf(axes);
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

/** Declares the sums: one variable a row, as wide as there are columns. */
export function declareSums(w: Writer, c: Contraction): string[] {
  const sums = ["c0", "c1", "c2", "c3"].slice(0, lanesOf(c.m));
  for (const sum of sums) w.declare(sum, accumulatorType(c.dtype), lanesOf(c.n), identity("sum", c.dtype));
  return sums;
}

/** An operand of the product as it is summed. */
export function operand(w: Writer, c: Contraction, e: Expr, width: Width): string {
  return toAccumulator(c.dtype, w.value(e, width), width);
}

/** Adds the products of rows `a` and columns `b` to the sums. */
export function multiply(w: Writer, c: Contraction, sums: readonly string[], a: string, b: string): void {
  const width = lanesOf(c.n);
  sums.forEach((sum, row) => {
    const factor = splat(accumulatorType(c.dtype), sums.length === 1 ? a : `${a}.${"xyzw"[row]}`, width);
    w.line(`${sum} = ${multiplyAdd(c.dtype, factor, b, sum, width)};`);
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

/** Runs the epilogue on the sums of row tile `mTile` and column tile `nTile`. */
export function storeSums(w: Writer, c: Contraction, sums: readonly string[], mTile: string, nTile: string): void {
  const rows = w.module.number("m", size(c.m)), columns = w.module.number("n", size(c.n));
  const width = lanesOf(c.n);
  if (width === 1) w.open(`if (${nTile} < ${columns})`);
  else w.open(`if (${nTile} * 4u < ${columns})`);
  bindLanes(w, c.n, nTile, columns);
  w.open(`for (var r = 0u; r < ${sums.length}u; r++)`);
  w.line(`let row = ${mTile} * ${sums.length}u + r;`);
  w.line(`if (row >= ${rows}) { break; }`);
  decode(w, c.m, "row");
  const sum = sums.length === 1 ? "c0" : "select(select(c0, c1, r == 1u), select(c2, c3, r == 3u), r >= 2u)";
  const total = c.dtype === "float16" ? fromAccumulatorWide(sum, width) : sum;
  w.line(`let total = ${total};`);
  w.bindAccumulator(0, width === 1 ? "total" : "total.x", width === 1 ? {} : { vector: "total" });
  const exact = dividesInFours(c.n);
  writeStores(w, c.stores, width, width === 1 || exact ? undefined : (i) => `${nTile} * 4u + ${i}u < ${columns}`);
  w.closeAll(2);
}

function fromAccumulatorWide(sum: string, width: Width): string {
  return width === 1 ? fromAccumulator("float16", sum) : `${valueType("float16", width)}(${sum})`;
}
