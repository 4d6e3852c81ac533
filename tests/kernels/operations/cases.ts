/**
 * The cases that a line of the table is run in.
 *
 * @module
 */

import { type DType, isFloat } from "../../../kernels/ir/dtype.ts";
import { numel, type Shape } from "../../../kernels/ir/node.ts";
import type { Operand, Operation } from "../../operations/table.ts";

/** How an operand lies in memory: as it is; as a view that is transposed, every second element, last to first; as one row, repeated. */
export type Layout = "contiguous" | "strided" | "repeated";

/** An operand of a case. */
export interface Given {
  readonly shape: Shape;
  readonly values: ArrayLike<number>;
  readonly dtype: DType;
  readonly layout: Layout;
}

/** An operation and what it is given. */
export interface Case {
  readonly name: string;
  readonly operands: readonly Given[];
  /** How often the rows are there; 1 where they are those of the table. */
  readonly times: number;
}

/** More rows than one dimension of a WebGPU dispatch has workgroups. */
const MANY_ROWS = 70000;

/** No subnormal numbers: WGSL lets devices take them for zero. */
const SPECIALS = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  1,
  -1,
  0.5,
  -2.5,
  3,
  88.8,
  -104,
  1e5,
  -1e10,
  1e30,
  -1e30,
  3.4e38,
  1e-30,
];
const FEW_SPECIALS = [NaN, Infinity, -Infinity, 0, 1, -2.5, 1e30];

const isReal = (x: Operand): boolean => x.dtype === undefined;

/** `value` as an element that `dtype` can hold. */
function fitted(value: number, dtype: DType): number {
  if (isFloat(dtype)) return value;
  if (dtype === "bool") return value > 0 ? 1 : 0;
  return dtype === "int32" ? Math.round(3 * value) : Math.abs(Math.round(3 * value));
}

function given(x: Operand, dtype: DType = "float32", layout: Layout = "contiguous"): Given {
  return isReal(x)
    ? { shape: x.shape, values: x.values.map((value) => fitted(value, dtype)), dtype, layout }
    : { shape: x.shape, values: x.values, dtype: x.dtype!, layout: layout === "repeated" ? "strided" : layout };
}

function caseOf(name: string, operands: readonly Given[], times = 1): Case {
  return { name, operands, times };
}

/** The operands as the table has them, in `dtype`. */
export function plain({ operands }: Operation, dtype: DType = "float32"): Case {
  return caseOf(dtype, operands.map((x) => given(x, dtype)));
}

/** Operands that are views: `turn` chooses which of them are transposed and which repeat a row. */
export function views({ operands }: Operation, turn: number): Case {
  const layouts = operands.map((x, i): Layout => x.shape.length > 0 && (i + turn) % 2 === 1 ? "repeated" : "strided");
  const all = operands.map((x, i) => ({ ...given(x, "float32", layouts[i]!) }));
  return caseOf(`views (${layouts.join(", ")})`, all.map(withRepeats));
}

/** The first row over and over, where it is repeated. */
function withRepeats(x: Given): Given {
  if (x.layout !== "repeated") return x;
  const row = numel(x.shape.slice(1));
  return { ...x, values: Array.from(x.values, (_, i) => x.values[i % row]!) };
}

/** Scalars, of operations on elements. */
export function scalars({ operands }: Operation): Case {
  return caseOf("0-d", operands.map((x) => ({ ...given(x), shape: [], values: [given(x).values[0]!] })));
}

/** NaN, infinities, zeros and large values: in all combinations, or one at a time in the midst of ordinary ones. */
export function specials(operation: Operation, dtype: DType = "float32"): Case[] {
  return operation.pointwise ? [combined(operation, dtype)] : planted(operation, dtype);
}

function combined({ operands }: Operation, dtype: DType): Case {
  const reals = operands.filter(isReal).length;
  const values = reals > 2 ? FEW_SPECIALS : SPECIALS;
  let axis = 0;
  const all = operands.map((x) => {
    if (!isReal(x)) return { ...given(x), shape: [], values: x.values.slice(0, 1) };
    const shape = Array.from({ length: reals - axis++ }, (_, i) => i === 0 ? values.length : 1);
    return { ...given({ shape, values }, dtype) };
  });
  return caseOf("special values", all);
}

function planted({ operands, upTo }: Operation, dtype: DType): Case[] {
  const values = [NaN, Infinity, -Infinity, 1e30, -1e30];
  return values.filter((x) => !isFinite(x) || Math.abs(x) <= (upTo?.[0] ?? Infinity)).flatMap((special) =>
    operands.flatMap((x, i) => {
      if (!isReal(x) || x.values.length === 0) return [];
      const all = operands.map((y, j) =>
        i !== j ? given(y, dtype) : given({ ...y, values: replaced(y.values, special) }, dtype)
      );
      return [caseOf(`${special} in operand ${i}`, all)];
    })
  );
}

function replaced(values: readonly number[], special: number): number[] {
  return values.with(Math.floor(values.length / 3), special);
}

/** Which operands have rows. */
function rowed({ operands, rows }: Operation): readonly number[] {
  const all = typeof rows === "object" ? rows : [...operands.keys()].filter((i) => isReal(operands[i]!));
  return all.filter((i) => {
    return operands[i]!.shape.length > 0 && operands[i]!.shape[0] === longest(operands);
  });
}

function longest(operands: readonly Operand[]): number {
  return operands[0]?.shape[0] ?? 0;
}

/** No rows at all. */
export function empty(operation: Operation): Case | undefined {
  const rows = rowed(operation);
  if (rows.length === 0) return undefined;
  return caseOf(
    "no rows",
    operation.operands.map((x, i) =>
      rows.includes(i) ? given({ ...x, shape: [0, ...x.shape.slice(1)], values: [] }) : given(x)
    ),
  );
}

/** The rows again and again. */
export function many(operation: Operation): Case | undefined {
  const rows = rowed(operation);
  if (rows.length === 0 || typeof operation.rows === "string") return undefined;
  const times = Math.ceil(MANY_ROWS / longest(operation.operands));
  const all = operation.operands.map((x, i) => rows.includes(i) ? tiled(given(x), times) : given(x));
  return caseOf(`${times * longest(operation.operands)} rows`, all, times);
}

function tiled(x: Given, times: number): Given {
  const values = new Float64Array(x.values.length * times);
  for (let i = 0; i < times; i++) values.set(x.values, i * x.values.length);
  return { ...x, shape: [x.shape[0]! * times, ...x.shape.slice(1)], values };
}
