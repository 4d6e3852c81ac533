/**
 * Reductions: a partial result in each invocation, and a fixed tree over the invocations of a row.
 *
 * @module
 */

import { bounds, type DType } from "../../ir/dtype.ts";
import type { ReduceOp, Reduction } from "../../ir/kernel.ts";
import { fromStorage, toStorage } from "./module.ts";
import { spellCombine } from "./operations.ts";
import type { RowShape } from "./row_shape.ts";
import { accumulatorType, literal, storageType, valueType, type Width } from "./types.ts";
import type { Writer } from "./writer.ts";

/** The value that changes nothing. */
export function identity(op: ReduceOp, dtype: DType): string {
  const { lowest, highest } = bounds(dtype);
  const value = { sum: 0, prod: 1, max: lowest, min: highest }[op];
  return literal(accumulatorType(dtype), value);
}

/** `value` of `dtype` as an accumulator holds it. */
export function toAccumulator(dtype: DType, value: string, width: Width): string {
  return dtype === "float16" ? `${valueType("float32", width)}(${value})` : value;
}

/** What an accumulator holds, as `dtype`. */
export function fromAccumulator(dtype: DType, text: string): string {
  return dtype === "float16" ? `f16(${text})` : text;
}

/** Combines two accumulators of a reduction. */
export function combine(w: Writer, op: ReduceOp, dtype: DType, a: string, b: string, width: Width): string {
  return spellCombine(op, accumulatorType(dtype), a, b, width, w.module.helper);
}

/** Declares a variable for each reduction, holding its identity; gives their names. */
export function declareAccumulators(w: Writer, reductions: readonly Reduction[], width: Width): string[] {
  return reductions.map(({ op, value }) => {
    const name = w.fresh("a");
    w.declare(name, accumulatorType(value.dtype), width, identity(op, value.dtype));
    return name;
  });
}

/** Combines the point's values into the variables. */
export function accumulate(w: Writer, reductions: readonly Reduction[], names: readonly string[], width: Width): void {
  reductions.forEach(({ op, value }, i) => {
    const text = toAccumulator(value.dtype, w.value(value, width), width);
    w.line(`${names[i]} = ${combine(w, op, value.dtype, names[i]!, text, width)};`);
  });
}

/** The four elements of a vector accumulator combined. */
export function fold(w: Writer, { op, value }: Reduction, name: string): string {
  const pair = (x: string, y: string) => combine(w, op, value.dtype, x, y, 1);
  return pair(pair(`${name}.x`, `${name}.y`), pair(`${name}.z`, `${name}.w`));
}

/** Reductions that share their barriers; bounds the workgroup memory. */
const TOGETHER = 8;

/** Lanes up to which each invocation reads all partial results itself, for two barriers instead of a tree's many. */
const FEW_LANES = 16;

/** Combines the partial results of a row's invocations; afterwards each of them has the total, whose names are given. */
export function acrossLanes(
  w: Writer,
  reductions: readonly Reduction[],
  names: readonly string[],
  shape: RowShape,
): string[] {
  const totals: string[] = [];
  for (let at = 0; at < reductions.length; at += TOGETHER) {
    const some = reductions.slice(at, at + TOGETHER);
    totals.push(...shareLanes(w, some, names.slice(at, at + TOGETHER), shape));
  }
  return totals;
}

function shareLanes(w: Writer, reductions: readonly Reduction[], names: readonly string[], shape: RowShape): string[] {
  const arrays = reductions.map(({ value }, i) => {
    const type = storageType(accumulatorType(value.dtype));
    return w.module.workgroupArray(`shared_${type}_${i}`, type, shape.rows * shape.lanes);
  });
  const read = (i: number, at: string) => fromStorage(reductions[i]!.value.dtype, `${arrays[i]}[${at}]`, 1);
  const write = (i: number, at: string, text: string) =>
    w.line(`${arrays[i]}[${at}] = ${toStorage(reductions[i]!.value.dtype, text, 1)};`);
  const both = (i: number, a: string, b: string) => combine(w, reductions[i]!.op, reductions[i]!.value.dtype, a, b, 1);
  const step = shape.rowsFirst ? shape.rows : 1;
  const first = w.fresh("first");
  w.line(`let ${first} = ${shape.rowsFirst ? "x" : `x * ${shape.lanes}u`};`);
  w.line("workgroupBarrier();");
  names.forEach((name, i) => write(i, "local", name));
  if (shape.lanes > FEW_LANES) {
    w.open(`for (var half = ${shape.lanes / 2}u; half > 0u; half >>= 1u)`);
    w.line("workgroupBarrier();");
    w.open("if (y < half)");
    names.forEach((_, i) => write(i, "local", both(i, read(i, "local"), read(i, `local + half * ${step}u`))));
    w.closeAll(2);
  }
  w.line("workgroupBarrier();");
  return reductions.map((_, i) => {
    const total = w.fresh("a");
    w.line(`var ${total} = ${read(i, first)};`);
    if (shape.lanes <= FEW_LANES) {
      w.open(`for (var k = 1u; k < ${shape.lanes}u; k++)`);
      w.line(`${total} = ${both(i, total, read(i, `${first} + k * ${step}u`))};`);
      w.close();
    }
    return total;
  });
}
