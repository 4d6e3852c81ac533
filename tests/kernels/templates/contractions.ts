/**
 * Contractions to test with.
 *
 * @module
 */

import { allocate, type DType, isFloat, type TypedArray } from "../../../kernels/ir/dtype.ts";
import { acc, binary, type Expr, int, load, variable } from "../../../kernels/ir/expr.ts";
import type { Binding, ContractKernel, Store } from "../../../kernels/ir/kernel.ts";
import { assertAgree, generator, runOnCpu, runReference } from "./run_kernel.ts";

const random = generator(1);

/** Numbers of a dtype: in [-1, 1), or small and whole. */
export function elements(dtype: DType, length: number): TypedArray {
  return allocate(dtype, length).map(() => isFloat(dtype) ? random() * 2 - 1 : Math.floor(random() * 9));
}

/** The sum of expressions. */
export function sum(...terms: Expr[]): Expr {
  return terms.reduce((a, b) => binary("add", a, b));
}

/** An index times a number. */
export function times(e: Expr, factor: number): Expr {
  return binary("mul", e, int(factor));
}

/** The flat index of `axes` (expression and extent) with the last varying fastest. */
export function flat(axes: readonly (readonly [Expr, number])[]): Expr {
  return axes.reduce((at, [axis, extent]) => sum(times(at, extent), axis), int(0) as Expr);
}

/** Extents of a contraction's axes. */
export interface Groups {
  readonly batch: readonly number[];
  readonly m: readonly number[];
  readonly n: readonly number[];
  readonly k: readonly number[];
}

/** Loop variables of each group with their extents. */
export function axesOf(groups: Groups): Record<keyof Groups, (readonly [Expr, number])[]> {
  let slot = 0;
  const of = (extents: readonly number[]) => extents.map((e) => [variable(slot++, e), e] as const);
  return { batch: of(groups.batch), m: of(groups.m), n: of(groups.n), k: of(groups.k) };
}

/** Number of elements. */
export function count(extents: readonly number[]): number {
  return extents.reduce((n, e) => n * e, 1);
}

/** What a contraction is made of, and the contents of its bindings. */
export interface Parts {
  readonly groups: Groups;
  readonly a: Expr;
  readonly b: Expr;
  readonly stores: readonly Store[];
  readonly inputs: readonly TypedArray[];
  readonly bindings: readonly Binding[];
  readonly scalars?: readonly DType[];
}

/** The kernel of some parts. */
export function contraction(dtype: DType, parts: Parts): ContractKernel {
  const { groups, a, b, stores, bindings, scalars } = parts;
  return { kind: "contract", ...groups, a, b, dtype, stores, bindings, scalars: scalars ?? [], checks: 0 };
}

const tolerances: Partial<Record<DType, number>> = { float32: 2e-6, float64: 1e-14 };

/** Throws unless the CPU computes what the interpreter does. */
export function verify(dtype: DType, parts: Parts, what: string, scalars: readonly number[] = []): void {
  const kernel = contraction(dtype, parts);
  const depth = Math.max(8, count(parts.groups.k));
  const tolerance = (tolerances[dtype] ?? 0) * Math.sqrt(depth);
  const expected = runReference(kernel, parts.inputs, scalars);
  assertAgree(runOnCpu(kernel, parts.inputs, scalars), expected, tolerance, what);
}

/** A product of stored tensors whose axes are in the order that `orders` gives for a, b and the result. */
export function product(dtype: DType, groups: Groups, orders = ["bmk", "bkn", "bmn"]): Parts {
  const axes = axesOf(groups);
  const letters = { b: axes.batch, m: axes.m, n: axes.n, k: axes.k };
  const indices = orders.map((order) => [...order].flatMap((c) => letters[c as keyof typeof letters]));
  const [x, y, z] = indices as [typeof axes.m, typeof axes.m, typeof axes.m];
  const size = (list: typeof axes.m) => list.reduce((n, [, e]) => n * e, 1);
  const inputs = [elements(dtype, size(x)), elements(dtype, size(y)), elements(dtype, size(z))];
  const access = ["read", "read", "write"] as const;
  return {
    groups,
    a: load(0, dtype, flat(x)),
    b: load(1, dtype, flat(y)),
    stores: [{ slot: 2, index: flat(z), value: acc(0, dtype) }],
    inputs,
    bindings: inputs.map((data, i) => ({ dtype, size: data.length, access: access[i]! })),
  };
}
