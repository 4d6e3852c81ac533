/**
 * The table of operations: what each is given, so that tests can run every one of them in every case.
 *
 * A new operation is one line in the file of its family: `op("hypot", F.hypot, [real([2, 3, 4]), real([3, 1])])`. Without further words
 * it is run with real numbers, NaN, infinities, large values, views, no rows, 70,000 rows and other dtypes, forward and backward, on
 * every device; what does not apply is switched off by a sentence that says why.
 *
 * @module
 */

import type { DType, Tensor } from "../../mod.ts";

/** An operand. */
export interface Operand {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: readonly number[];
  /** Of a fixed operand, which every case leaves as it is; real operands take the dtype of the case. */
  readonly dtype?: DType;
}

/** What tests need to know besides the operands. A sentence in place of what is asked for says why it does not apply. */
export interface Settings {
  /**
   * Operands whose first dimension counts rows that are treated alike, as those of the result are; the real ones by default. Or why 70,000
   * rows do not give what those of the table give, again and again.
   */
  readonly rows?: readonly number[] | string;
  /** Largest special number, where larger ones are known to differ, and why. */
  readonly upTo?: readonly [value: number, why: string];
  /** Why the result has another dtype on another device. */
  readonly perDevice?: string;
  /** Why the kernels are not its own: WebGPU then runs it on views alone. */
  readonly sameKernels?: string;
  /** Why the gradient is not the slope. */
  readonly slope?: string;
  /** Dtypes that the real operands may have as well. */
  readonly dtypes?: readonly DType[];
  /** Error beyond what float32 makes unavoidable, relative to the value; 2e-6 by default. */
  readonly relative?: number;
  /** Error of a gradient that 70,000 rows add up in, relative to the largest; 1e-4 by default. */
  readonly summed?: number;
  /** The same, absolute; 1e-6 by default. */
  readonly absolute?: number;
}

/** A line of the table. */
export interface Operation extends Settings {
  /** The function or method; after a space, which use of it. */
  readonly name: string;
  readonly call: (...x: Tensor[]) => unknown;
  readonly operands: readonly Operand[];
  /** Elements depend on those at the same place alone: special values meet in all combinations, and 0-d operands apply. */
  readonly pointwise: boolean;
}

/** A function of up to five tensors. */
type Call = (a: Tensor, b: Tensor, c: Tensor, d: Tensor, e: Tensor) => unknown;

/** Real numbers to be drawn for an operation. */
export interface Range {
  readonly shape: readonly number[];
  readonly low: number;
  readonly high: number;
}

/** A line of the table. */
export function op(
  name: string,
  call: Call,
  operands: readonly (Operand | Range)[],
  settings: Settings = {},
): Operation {
  const draw = generator(name);
  return {
    dtypes: ["float16"],
    ...settings,
    name,
    call: call as Operation["call"],
    operands: operands.map((x) => "values" in x ? x : drawn(x, draw)),
    pointwise: false,
  };
}

/** Dtypes that elementwise operations meet. */
const EVERY: readonly DType[] = ["float16", "int32", "uint8", "bool"];

/** A line of the table: an operation on single elements, which takes every dtype or refuses it clearly. */
export function pointwise(
  name: string,
  call: Call,
  operands: readonly (Operand | Range)[],
  settings?: Settings,
): Operation {
  return { ...op(name, call, operands, settings), dtypes: settings?.dtypes ?? EVERY, pointwise: true };
}

/** Numbers in [0, 1) that depend on a name alone, so that a new line of the table leaves the others as they are. */
function generator(name: string): () => number {
  let state = 0;
  for (let i = 0; i < name.length; i++) state = Math.imul(state ^ name.charCodeAt(i), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function drawn({ shape, low, high }: Range, draw: () => number): Operand {
  const length = shape.reduce((a, b) => a * b, 1);
  return { shape, values: Array.from({ length }, () => Math.fround(low + (high - low) * draw())) };
}

/** Real numbers in [low, high). */
export function real(shape: readonly number[], low = -2, high = 2): Range {
  return { shape, low, high };
}

/** Exactly these elements. */
export function fixed(
  values: readonly number[],
  shape: readonly number[] = [values.length],
  dtype: DType = "int32",
): Operand {
  return { shape, values, dtype };
}
