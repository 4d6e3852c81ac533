/**
 * Sorting rows on the CPU: each element becomes an i64 key whose order is the wanted one, then a stable bottom-up merge sort moves
 * records of key and position.
 *
 * @module
 */

import { type DType, itemSize } from "../ir/dtype.ts";
import type { SortKernel } from "../ir/kernel.ts";
import { type CpuProgram, ENTRY, ENTRY_PARAMETERS, parameterLayout } from "../lower/wasm/program.ts";
import { type FunctionBuilder, ModuleBuilder, op } from "../lower/wasm/encoder.ts";
import { advance } from "./tables_wasm.ts";

/** Bytes of a record: the key, then the position. */
const RECORD = 12;

/** Records that insertion sort brings in order before merging starts. */
const RUN = 16;

/** Records among which the first few are looked for: four times as many, but no fewer than so many. */
const CANDIDATES = 64;

/** Lowers a sort for the CPU; a unit of work is a row. */
export function lowerSort(kernel: SortKernel): CpuProgram {
  const { rows, length, count, descending, bindings } = kernel;
  const { dtype } = bindings[0]!;
  const candidates = Math.min(length, Math.max(CANDIDATES, 4 * count));
  const work = rows * (length * 5 + candidates * 3 * Math.log2(candidates + 1));
  return {
    key: `sort ${dtype} ${descending}`,
    build: () => build(kernel),
    text: () => {
      const which = count < length ? `the first ${count} of a stable sort` : "stable merge sort";
      return `sort ${dtype}${descending ? " descending" : ""}: ${which} of ${rows} rows of ${length}`;
    },
    phases: [{ entry: "run", units: count === 0 ? 0 : rows, work }],
    words: [length, count, candidates],
    localBytes: 2 * RECORD * candidates,
    sharedBytes: 0,
  };
}

function build(kernel: SortKernel): Uint8Array<ArrayBuffer> {
  const { dtype } = kernel.bindings[0]!;
  const layout = parameterLayout(kernel);
  const module = new ModuleBuilder();
  const sortRecords = module.function(undefined, ["i32", "i32", "i32"], ["i32"]);
  emitSortRecords(sortRecords);
  const sortRow = module.function(undefined, ["i32", "i32", "i32", "i32", "i32", "i32"], []);
  emitSortRow(sortRow, dtype, kernel.descending, sortRecords.index);
  const f = module.function("run", ENTRY_PARAMETERS, []);
  const length = f.local("i32"), kept = f.local("i32");
  const parameter = (offset: number) => f.get(ENTRY.parameters).memory(op.i32Load, offset);
  const pushRow = (slot: number, elements: number, size: number) => {
    parameter(layout.address(slot)).get(ENTRY.start).get(elements).op(op.i32Mul).i32(size).op(op.i32Mul).op(op.i32Add);
  };
  parameter(layout.word(0)).set(length);
  parameter(layout.word(1)).set(kept);
  f.block().loop();
  f.get(ENTRY.start).get(ENTRY.end).op(op.i32GeU).brIf(1);
  pushRow(0, length, itemSize(dtype));
  pushRow(1, kept, itemSize("int32"));
  f.get(length).get(kept);
  parameter(layout.word(2)).get(ENTRY.local).call(sortRow.index);
  advance(f, ENTRY.start, 1);
  f.br(0).end().end();
  return module.encode();
}

/**
 * Fills `f`, a function of six i32: addresses of a row and of its result, the row's length, how many positions are wanted (both at
 * least 1), the most records that are held, and the address of the scratch. Records are collected until there is no room for more;
 * then the wanted ones are found by sorting, and only what precedes the last of them is collected from there on.
 */
function emitSortRow(f: FunctionBuilder, dtype: DType, descending: boolean, sortRecords: number): void {
  const [source, result, count, wanted, most, scratch] = [0, 1, 2, 3, 4, 5];
  const position = f.local("i32"), at = f.local("i32"), end = f.local("i32");
  const last = f.local("i64"), own = f.local("i64"), selecting = f.local("i32"), sorted = f.local("i32");
  const push = emitKey(f, dtype, source);
  f.get(scratch).tee(at).get(most).i32(RECORD).op(op.i32Mul).op(op.i32Add).set(end);
  const pushSorted = () => f.get(scratch).get(end).get(at).get(scratch).op(op.i32Sub).call(sortRecords);
  f.loop();
  const size = push();
  if (descending) f.i32(-1).op(op.i64ExtendI32S).op(op.i64Xor);
  f.tee(own).get(last).op(op.i64LtS).get(selecting).op(op.i32Eqz).op(op.i32Or).if();
  f.get(at).get(own).memory(op.i64Store).get(at).get(position).memory(op.i32Store, 8);
  f.get(at).i32(RECORD).op(op.i32Add).tee(at).get(end).op(op.i32Eq);
  // A full set needs no selection if it is the whole row.
  f.get(most).get(count).op(op.i32LtU).op(op.i32And).if();
  pushSorted().set(sorted);
  f.get(scratch).get(sorted).get(wanted).i32(RECORD).op(op.i32Mul).bulk(op.memoryCopy);
  f.get(scratch).get(wanted).i32(RECORD).op(op.i32Mul).op(op.i32Add).tee(at);
  f.i32(RECORD).op(op.i32Sub).memory(op.i64Load).set(last).i32(1).set(selecting);
  f.end().end();
  advance(f, source, size);
  f.get(position).i32(1).op(op.i32Add).tee(position).get(count).op(op.i32LtU).brIf(0).end();
  pushSorted().set(sorted);
  f.loop();
  f.get(result).get(sorted).memory(op.i32Load, 8).memory(op.i32Store);
  advance(f, result, 4);
  advance(f, sorted, RECORD);
  f.get(wanted).i32(1).op(op.i32Sub).tee(wanted).brIf(0).end();
}

/** Fills `f`, a function of addresses of records and of as much room, and of their bytes; it returns where they are in order then. */
function emitSortRecords(f: FunctionBuilder): void {
  const [from, to, bytes] = [0, 1, 2], width = f.local("i32");
  emitRuns(f, from, bytes);
  f.i32(RUN * RECORD).set(width);
  f.block().loop();
  f.get(width).get(bytes).op(op.i32GeU).brIf(1);
  emitMergePass(f, from, to, bytes, width);
  f.get(from).get(to).set(from).set(to);
  f.get(width).i32(1).op(op.i32Shl).set(width).br(0).end().end();
  f.get(from);
}

/**
 * A function that pushes the ascending key of the element at `source` and returns the element's size. The bits of a float, those below
 * the sign flipped for negative numbers, are ordered as integers; adding 0 makes -0 equal to 0, and NaN gets the largest key.
 */
function emitKey(f: FunctionBuilder, dtype: DType, source: number): () => number {
  switch (dtype) {
    case "float32": {
      const x = f.local("f32"), bits = f.local("i32");
      return () => {
        f.get(source).memory(op.f32Load).f32(0).op(op.f32Add).tee(x).op(op.i32ReinterpretF32).tee(bits);
        f.get(bits).i32(31).op(op.i32ShrS).i32(1).op(op.i32ShrU).op(op.i32Xor).set(bits);
        f.i32(0x7fffffff).get(bits).get(x).get(x).op(op.f32Ne).op(op.select).op(op.i64ExtendI32S);
        return 4;
      };
    }
    case "float64": {
      const x = f.local("f64"), bits = f.local("i64");
      const wide = (n: number) => f.i32(n).op(op.i64ExtendI32S);
      return () => {
        wide(-1).i32(1).op(op.i64ExtendI32U).op(op.i64ShrU);
        f.get(source).memory(op.f64Load).f64(0).op(op.f64Add).tee(x).op(op.i64ReinterpretF64).tee(bits).get(bits);
        wide(63).op(op.i64ShrS);
        wide(1).op(op.i64ShrU).op(op.i64Xor);
        f.get(x).get(x).op(op.f64Ne).op(op.select);
        return 8;
      };
    }
    case "int32":
    case "uint32":
      return () => {
        f.get(source).memory(op.i32Load).op(dtype === "int32" ? op.i64ExtendI32S : op.i64ExtendI32U);
        return 4;
      };
    case "uint8":
    case "bool":
      return () => {
        f.get(source).memory(op.i32Load8U).op(op.i64ExtendI32U);
        return 1;
      };
    case "float16":
      throw new TypeError("Cannot sort float16 on the CPU");
  }
}

/** Insertion sort of each run of RUN records. */
function emitRuns(f: FunctionBuilder, records: number, bytes: number): void {
  const start = f.local("i32"),
    runEnd = f.local("i32"),
    end = f.local("i32"),
    next = f.local("i32"),
    hole = f.local("i32");
  const key = f.local("i64"), position = f.local("i32");
  f.get(records).tee(start).get(bytes).op(op.i32Add).set(end);
  f.loop();
  emitStep(f, start, () => f.i32(RUN * RECORD), end, runEnd);
  f.get(start).i32(RECORD).op(op.i32Add).set(next);
  f.block().loop();
  f.get(next).get(runEnd).op(op.i32GeU).brIf(1);
  f.get(next).tee(hole).memory(op.i64Load).set(key);
  f.get(next).memory(op.i32Load, 8).set(position);
  f.block().loop();
  f.get(hole).get(start).op(op.i32LeU).brIf(1);
  f.get(key).get(hole).i32(RECORD).op(op.i32Sub).memory(op.i64Load).op(op.i64LtS).op(op.i32Eqz).brIf(1);
  f.get(hole).get(hole).i32(RECORD).op(op.i32Sub).tee(hole).memory(op.i64Load).memory(op.i64Store, 0);
  f.get(hole).get(hole).memory(op.i32Load, 8).memory(op.i32Store, RECORD + 8);
  f.br(0).end().end();
  f.get(hole).get(key).memory(op.i64Store);
  f.get(hole).get(position).memory(op.i32Store, 8);
  advance(f, next, RECORD);
  f.br(0).end().end();
  f.get(runEnd).tee(start).get(end).op(op.i32LtU).brIf(0).end();
}

/** Sets `to` to start + size, but not past `end`. */
function emitStep(f: FunctionBuilder, start: number, size: () => void, end: number, to: number): void {
  const left = f.local("i32");
  f.get(end).get(start).op(op.i32Sub).set(left);
  size();
  f.tee(to).get(left).get(to).get(left).op(op.i32LtU).op(op.select).get(start).op(op.i32Add).set(to);
}

/** Merges neighbouring runs of `width` bytes from `from` to `to`. */
function emitMergePass(f: FunctionBuilder, from: number, to: number, bytes: number, width: number): void {
  const left = f.local("i32"), middle = f.local("i32"), right = f.local("i32"), rightEnd = f.local("i32");
  const end = f.local("i32"), out = f.local("i32"), later = f.local("i32"), pick = f.local("i32");
  f.get(from).tee(left).get(bytes).op(op.i32Add).set(end);
  f.get(to).set(out);
  f.loop();
  emitStep(f, left, () => f.get(width), end, middle);
  f.get(middle).set(right);
  emitStep(f, middle, () => f.get(width), end, rightEnd);

  f.block().loop();
  f.get(left).get(middle).op(op.i32Eq).get(right).get(rightEnd).op(op.i32Eq).op(op.i32Or).brIf(1);
  // No branch depends on the keys: it would be mispredicted every other time.
  f.get(right).memory(op.i64Load).get(left).memory(op.i64Load).op(op.i64LtS).set(later);
  f.get(right).get(left).get(later).op(op.select).set(pick);
  f.get(out).get(pick).memory(op.i64Load).memory(op.i64Store);
  f.get(out).get(pick).memory(op.i32Load, 8).memory(op.i32Store, 8);
  f.get(right).get(later).i32(RECORD).op(op.i32Mul).op(op.i32Add).set(right);
  f.get(left).i32(1).get(later).op(op.i32Sub).i32(RECORD).op(op.i32Mul).op(op.i32Add).set(left);
  advance(f, out, RECORD);
  f.br(0).end().end();

  for (const [start, stop] of [[left, middle], [right, rightEnd]] as const) {
    f.get(out).get(start).get(stop).get(start).op(op.i32Sub).bulk(op.memoryCopy);
    f.get(out).get(stop).get(start).op(op.i32Sub).op(op.i32Add).set(out);
  }
  f.get(rightEnd).tee(left).get(end).op(op.i32LtU).brIf(0).end();
}
