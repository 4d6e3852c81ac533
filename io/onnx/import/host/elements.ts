/**
 * Elementwise operators and reductions on the host.
 *
 * @module
 */

import { type DType, isFloat, ShapeError } from "../../../../tensor/mod.ts";
import type { HostOperator, OperatorCall } from "../call.ts";
import { dtypeOf } from "../tensors.ts";
import { countOf, HOST_LIMIT, HostArray, rounded } from "../values.ts";

/** The shape that arrays have together. */
export function broadcast(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, i) => {
    const extents = shapes.map((shape) => shape.at(i - rank) ?? 1), wide = extents.filter((extent) => extent !== 1);
    if (wide.some((extent) => extent !== wide[0])) {
      throw new ShapeError(`shapes ${shapes.map((shape) => `[${shape.join(", ")}]`).join(" and ")} do not broadcast`);
    }
    return wide[0] ?? 1;
  });
}

/** The distance of neighbours along each axis, row-major. */
export function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, i) => countOf(shape.slice(i + 1)));
}

/** An array of `shape` whose element at [i, j, …] is `pick` of these. */
export function made(shape: readonly number[], dtype: DType, pick: (index: readonly number[]) => number): HostArray {
  const strides = stridesOf(shape);
  const data = Array.from(
    { length: countOf(shape) },
    (_, flat) => pick(strides.map((stride, i) => Math.floor(flat / stride) % shape[i]!)),
  );
  return new HostArray(shape, dtype, data);
}

/** The element of an array that broadcasts to a shape with the index given. */
export function elementAt({ shape, data }: HostArray, index: readonly number[]): number {
  const strides = stridesOf(shape), lead = index.length - shape.length;
  return data[strides.reduce((sum, stride, i) => sum + (shape[i] === 1 ? 0 : stride * index[lead + i]!), 0)]!;
}

type Given = readonly HostArray[];

/** Elements computed one by one; without an array for a result that is large. */
export function mapped(
  inputs: Given,
  dtype: DType,
  compute: (...values: number[]) => number,
): HostArray | undefined {
  const shape = broadcast(inputs.map((input) => input.shape));
  if (countOf(shape) > HOST_LIMIT) return undefined;
  return made(shape, dtype, (index) => rounded(compute(...inputs.map((input) => elementAt(input, index))), dtype));
}

/** The inputs of an operator that computes an element from one of each. */
const inputsOf = (call: OperatorCall, compute: (...values: number[]) => number | boolean): HostArray[] =>
  Array.from({ length: compute.length }, (_, i) => call.array(i));

/** An operator whose result has the dtype of its first input. */
function numeric(compute: (...values: number[]) => number): HostOperator {
  return (call) => mapped(inputsOf(call, compute), call.array(0).dtype, compute);
}

/** An operator that gives truth values. */
function truth(compute: (...values: number[]) => boolean): HostOperator {
  return (call) => mapped(inputsOf(call, compute), "bool", (...values) => Number(compute(...values)));
}

/** Integers wrap where they would not in JavaScript: those are left to the device. */
function arithmetic(compute: (a: number, b: number) => number): HostOperator {
  return (call) => ["uint8", "uint32"].includes(call.array(0).dtype) ? undefined : numeric(compute)(call);
}

function divided(call: OperatorCall): ReturnType<HostOperator> {
  if (isFloat(call.array(0).dtype)) return numeric((a, b) => a / b)(call);
  if (call.array(1).data.includes(0)) call.fail("divides integers by 0");
  return numeric((a, b) => Math.trunc(a / b))(call);
}

function remainder(call: OperatorCall): ReturnType<HostOperator> {
  if (!isFloat(call.array(0).dtype) && call.array(1).data.includes(0)) call.fail("divides integers by 0");
  if (call.int("fmod", 0) === 1) return numeric((a, b) => a % b)(call);
  return numeric((a, b) => a % b !== 0 && a < 0 !== b < 0 ? a % b + b : a % b)(call);
}

/** Whole numbers to a power below 0 are no whole numbers. */
function power(call: OperatorCall): ReturnType<HostOperator> {
  const fractions = !isFloat(call.array(0).dtype) && call.array(1).data.some((exponent) => exponent < 0);
  return fractions ? undefined : numeric((a, b) => a ** b)(call);
}

function even(x: number): number {
  const near = Math.round(x);
  return Math.abs(x % 1) === 0.5 && near % 2 !== 0 ? near - 1 : near;
}

/** Elements combined along axes. */
function reduction(start: number, combine: (sum: number, value: number) => number): HostOperator {
  return (call) => {
    const x = call.array(0), { shape, dtype, data } = x, given = call.intsOrInput("axes", 1) ?? [];
    if (given.length === 0 && call.int("noop_with_empty_axes", 0) === 1) return x;
    const axes = given.length === 0 ? [...shape.keys()] : given.map((axis) => call.axis(axis, shape.length));
    const kept = shape.map((extent, i) => axes.includes(i) ? 1 : extent), sums = new Array(countOf(kept)).fill(start);
    const from = stridesOf(shape), to = stridesOf(kept);
    data.forEach((value, flat) => {
      const into = from.reduce(
        (sum, stride, i) => kept[i] === 1 ? sum : sum + Math.floor(flat / stride) % shape[i]! * to[i]!,
        0,
      );
      sums[into] = rounded(combine(sums[into], value), dtype);
    });
    const reduced = call.int("keepdims", 1) === 1 ? kept : shape.filter((_, i) => !axes.includes(i));
    return new HostArray(reduced, dtype, sums);
  };
}

/** What an element becomes in another dtype: fractions are cut off, anything but 0 is true. */
function converted(dtype: DType): (x: number) => number {
  return isFloat(dtype) || dtype === "bool" ? (x) => x : Math.trunc;
}

/** Operators by name. */
export const elements: Readonly<Record<string, HostOperator>> = {
  Add: arithmetic((a, b) => a + b),
  Sub: arithmetic((a, b) => a - b),
  Mul: arithmetic((a, b) => a * b),
  Div: divided,
  Mod: remainder,
  Pow: power,
  Min: (call) => mapped(call.arrays(), call.array(0).dtype, Math.min),
  Max: (call) => mapped(call.arrays(), call.array(0).dtype, Math.max),
  Neg: numeric((x) => -x),
  Abs: numeric((x) => Math.abs(x)),
  Sign: numeric((x) => Math.sign(x)),
  Floor: numeric((x) => Math.floor(x)),
  Ceil: numeric((x) => Math.ceil(x)),
  Round: numeric(even),
  Sqrt: numeric((x) => Math.sqrt(x)),
  Reciprocal: numeric((x) => 1 / x),
  Equal: truth((a, b) => a === b),
  Greater: truth((a, b) => a > b),
  GreaterOrEqual: truth((a, b) => a >= b),
  Less: truth((a, b) => a < b),
  LessOrEqual: truth((a, b) => a <= b),
  And: truth((a, b) => a !== 0 && b !== 0),
  Or: truth((a, b) => a !== 0 || b !== 0),
  Xor: truth((a, b) => a !== b),
  Not: truth((a) => a === 0),
  Where(call) {
    const [condition, a, b] = [call.array(0), call.array(1), call.array(2)];
    return mapped([condition, a, b], a.dtype, (condition, a, b) => condition !== 0 ? a : b);
  },
  Cast(call) {
    const x = call.array(0),
      dtype = dtypeOf(call.int("to"), call.run.device),
      wraps = dtype === "uint8" || dtype === "uint32";
    if (wraps || (!isFloat(dtype) && x.data.some((value) => !Number.isFinite(value)))) return undefined;
    return mapped([x], dtype, converted(dtype));
  },
  ReduceProd: reduction(1, (product, value) => product * value),
  ReduceSum: reduction(0, (sum, value) => sum + value),
  ReduceMax: (call) => call.array(0).data.length === 0 ? undefined : reduction(-Infinity, Math.max)(call),
  ReduceMin: (call) => call.array(0).data.length === 0 ? undefined : reduction(Infinity, Math.min)(call),
};
