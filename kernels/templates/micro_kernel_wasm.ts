/**
 * The inner loop of a contraction: a tile of the result, 5 (or 4) rows by 2 vectors, stays in registers while packed panels stream past.
 * Where V8 joins vectors it is 6 rows by 4, which become 2.
 *
 * Deno has V8 check the bounds of every access, so what counts is their number: rows are loaded a vector at a time and spread by
 * shuffles. Ten sums, two vectors of columns, one of rows and the spread row fit into the fifteen registers that V8 allots; eight sums
 * still hide the latency of an addition. Without checks and with joined vectors, twelve sums fit and keep both multipliers busy.
 *
 * @module
 */

import { type FunctionBuilder, op, type Opcode, type ValueType } from "../lower/wasm/encoder.ts";
import { wideVectors } from "../lower/wasm/features.ts";

/**
 * Rows of the register tile: four for 16 or 32, as there often are of channels, of which fives would multiply many rows of padding. Any
 * other number, as of a batch, finds the program of five.
 */
export function tileRows(rows: number): number {
  return rows === 16 || rows === 32 ? 4 : wideVectors() ? 6 : 5;
}

/** Vectors in a row of the register tile: two, of whatever width. */
function tileVectors(): number {
  return wideVectors() ? 4 : 2;
}

/** Parameters of a micro-kernel. */
export const MICRO_KERNEL_PARAMETERS: readonly ValueType[] = new Array(7).fill("i32");

/** What sums are kept in: uint8 and bool are widened to i32. */
export type SumType = "f32" | "f64" | "i32";

/** Bytes and vector instructions of a sum type. */
export interface SumOps {
  readonly bytes: number;
  readonly lanes: number;
  /** Loads one element into all lanes. */
  readonly splat: Opcode;
  readonly mul: Opcode;
  readonly add: Opcode;
  /** a * b + c rounded once, where the engine has it. */
  readonly madd: Opcode | undefined;
}

/** The instructions of each sum type. */
export const sumOps: Readonly<Record<SumType, SumOps>> = {
  f32: {
    bytes: 4,
    lanes: 4,
    splat: op.v128Load32Splat,
    mul: op.f32x4Mul,
    add: op.f32x4Add,
    madd: op.f32x4RelaxedMadd,
  },
  f64: {
    bytes: 8,
    lanes: 2,
    splat: op.v128Load64Splat,
    mul: op.f64x2Mul,
    add: op.f64x2Add,
    madd: op.f64x2RelaxedMadd,
  },
  i32: { bytes: 4, lanes: 4, splat: op.v128Load32Splat, mul: op.i32x4Mul, add: op.i32x4Add, madd: undefined },
};

/** Columns of the register tile. */
export function tileColumns(type: SumType): number {
  return tileVectors() * sumOps[type].lanes;
}

const UNROLL = 4;

/**
 * Fills `f`, a function of MICRO_KERNEL_PARAMETERS: addresses of the packed rows [panels, depth, height], of the packed columns [depth, columns] and of
 * the result; depth; bytes between rows of the result; number of row panels (at least 1); whether to add to what is
 * there.
 */
export function emitMicroKernel(f: FunctionBuilder, type: SumType, height: number, fused: boolean): void {
  const { bytes, lanes, splat, mul, add, madd } = sumOps[type];
  const [rows, columns, result, depth, stride, panels, accumulate] = [0, 1, 2, 3, 4, 5, 6];
  const width = tileVectors();
  const column = f.local("i32"), left = f.local("i32");
  const sums = Array.from({ length: height * width }, () => f.local("v128"));
  const b = Array.from({ length: width }, () => f.local("v128"));
  const packed = f.local("v128"), a = f.local("v128");

  const steps = (count: number) => {
    for (let u = 0; u < count; u++) {
      b.forEach((vector, j) => f.get(column).memory(op.v128Load, (u * width + j) * 16).set(vector));
      for (let i = 0; i < height; i++) {
        const at = u * height + i;
        if (count < lanes) f.get(rows).memory(splat, at * bytes);
        else {
          if (at % lanes === 0) f.get(rows).memory(op.v128Load, at * bytes).set(packed);
          f.get(packed).get(packed).shuffle(Array.from({ length: 16 }, (_, byte) => at % lanes * bytes + byte % bytes));
        }
        f.set(a);
        b.forEach((vector, j) => {
          const sum = sums[i * width + j]!;
          if (fused && madd !== undefined) f.get(a).get(vector).get(sum).op(madd).set(sum);
          else f.get(a).get(vector).op(mul).get(sum).op(add).set(sum);
        });
      }
    }
    f.get(rows).i32(count * height * bytes).op(op.i32Add).set(rows);
    f.get(column).i32(count * width * lanes * bytes).op(op.i32Add).set(column);
  };
  /** Runs `steps` as often as `times` says. */
  const repeat = (times: () => void, count: number) => {
    times();
    f.tee(left).if().loop();
    steps(count);
    f.get(left).i32(1).op(op.i32Sub).tee(left).brIf(0).end().end();
  };
  const finish = (added: boolean) => {
    for (let i = 0; i < height; i++) {
      const row = sums.slice(i * width, (i + 1) * width);
      if (added) row.forEach((sum, j) => f.get(result).memory(op.v128Load, j * 16).get(sum).op(add).set(sum));
      row.forEach((sum, j) => f.get(result).get(sum).memory(op.v128Store, j * 16));
      f.get(result).get(stride).op(op.i32Add).set(result);
    }
  };

  f.loop();
  for (const sum of sums) f.v128(new Uint8Array(16)).set(sum);
  f.get(columns).set(column);
  repeat(() => f.get(depth).i32(Math.log2(UNROLL)).op(op.i32ShrU), UNROLL);
  repeat(() => f.get(depth).i32(UNROLL - 1).op(op.i32And), 1);
  f.get(accumulate).if();
  finish(true);
  f.else();
  finish(false);
  f.end();
  f.get(panels).i32(1).op(op.i32Sub).tee(panels).brIf(0).end();
}
