/**
 * Holding what we give against what PyTorch gave.
 *
 * @module
 */

import { Tensor } from "../../mod.ts";
import * as adapter from "./adapter.ts";
import type { Raw } from "./adapter.ts";
import { type Case, type Draws, numberOf, type Ref, type Scope } from "./corpus.ts";

/** A result that is not PyTorch's. */
export class Mismatch extends Error {}

/** Allowed differences, relative and absolute; none for integers and booleans. */
const tolerances: Record<string, readonly [relative: number, absolute: number]> = {
  float64: [1e-4, 1e-5],
  float32: [1e-4, 1e-5],
  float16: [2e-3, 2e-3],
  bfloat16: [2e-2, 2e-2],
};

/** How far a result may be off. */
export interface Allowance {
  /** "close", "abs" where the sign is free, "shape" where the values are. Default "close". */
  readonly how?: string;
  /** PyTorch's own error in float32. */
  readonly noise?: number;
  /** How many times the tolerance. */
  readonly times?: number;
}

/** Gradients get a larger tolerance. */
export const GRADIENT = 5;

function checkDtype(got: string, want: string): void {
  const ours = adapter.dtypeName[want] ?? want;
  if (got === want || got === ours || (adapter.dtypeAccept[want] ?? []).includes(got)) return;
  throw new Mismatch(`dtype ${got}, expected ${ours}`);
}

/** Throws unless the shapes are equal. */
export function checkShape(got: readonly number[], want: readonly number[]): void {
  if (got.join() !== want.join()) throw new Mismatch(`shape [${got.join()}], expected [${want.join()}]`);
}

function checkValues(got: readonly number[], want: Raw, { how, noise = 0, times = 1 }: Allowance): void {
  const tolerance = tolerances[want.dtype];
  const sign = how === "abs" ? Math.abs : (value: number) => value;
  for (let i = 0; i < want.data.length; i++) {
    const g = sign(got[i]!), w = sign(Number(want.data[i]));
    const allowed = tolerance === undefined || !Number.isFinite(w)
      ? 0
      : times * (tolerance[1] + tolerance[0] * Math.abs(w)) + 10 * noise;
    if (Object.is(g, w) || g === w || Math.abs(g - w) <= allowed) continue;
    throw new Mismatch(`[${i}] is ${g}, expected ${w} within ${allowed}`);
  }
}

/** Throws unless `got` is the tensor `want`; a number stands for a tensor of no dimensions. */
export function checkTensor(got: unknown, want: Raw, allowance: Allowance = {}): void {
  if (got instanceof Tensor) {
    checkShape(got.shape, want.shape);
    checkDtype(got.dtype, want.dtype);
    if (allowance.how !== "shape") checkValues((got.flatten().tolist() as unknown[]).map(Number), want, allowance);
  } else if (want.shape.length === 0 && ["number", "boolean", "bigint"].includes(typeof got)) {
    checkValues([Number(got)], want, allowance);
  } else throw new Mismatch(`${got === null ? "null" : typeof got}, expected a tensor`);
}

/** Throws unless a gradient is what it should be; none is as good as zeros. */
export function checkGradient(got: unknown, scope: Scope, want: Ref | null, noise = 0): void {
  const zero = (values: readonly unknown[]) => values.every((value) => Number(value) === 0);
  if (got === null || got === undefined) {
    if (want === null || zero(Array.from(scope.raw(want).data as ArrayLike<number>))) return;
    throw new Mismatch("no gradient");
  }
  if (want !== null) checkTensor(got, scope.raw(want), { noise, times: GRADIENT });
  else if (!zero((got as Tensor).flatten().tolist() as unknown[])) throw new Mismatch("expected no gradient");
}

/** The leaves of what is wanted, each with what we have in its place. */
function pairs(want: unknown, got: unknown, names?: readonly string[]): [want: unknown, got: unknown][] {
  if (!Array.isArray(want)) return [[want, got]];
  let list = got;
  if (typeof got === "object" && got !== null && !Array.isArray(got) && !(got instanceof Tensor)) {
    const fields = got as Record<string, unknown>;
    list = ArrayBuffer.isView(got)
      ? Array.from(got as unknown as ArrayLike<number>)
      : names?.map((name) => fields[name] ?? fields[adapter.camel(name)]) ?? Object.values(fields);
  }
  if (!Array.isArray(list) || list.length < want.length) throw new Mismatch(`expected ${want.length} results`);
  return want.flatMap((item, i) => pairs(item, list[i]));
}

/** Throws unless the output of a call is PyTorch's; gives its tensors. */
export function checkOutput(scope: Scope, c: Case, got: unknown): unknown[] {
  const tensors: unknown[] = [];
  for (const [want, ours] of pairs(c.out, got, c.outNames)) {
    const written = typeof want === "object" && want !== null ? want as Record<string, unknown> : {};
    const k = tensors.length;
    if ("$t" in written) {
      const allowance = { how: c.compare?.[k] ?? "close", noise: c.noise?.[k] ?? 0 };
      checkTensor(ours, scope.raw(want as Ref), allowance);
      tensors.push(ours);
    } else if ("$shape" in written) {
      // A random result: checkDraws() looks at many.
      checkTensor(ours, { ...written.$shape as Raw, data: [] }, { how: "shape" });
      tensors.push(ours);
    } else if ("$dtype" in written) checkDtype(`${ours}`, written.$dtype as string);
    else checkScalar(ours instanceof Tensor ? ours.item() : ours, "$float" in written ? written.$float : want);
  }
  return tensors;
}

function checkScalar(got: unknown, want: unknown): void {
  const number = typeof want === "number" || want === "NaN" || want === "Infinity" || want === "-Infinity";
  const w = numberOf(want), g = Number(got);
  const equal = want === null ||
    (typeof want === "boolean"
      ? Boolean(got) === want
      : number
      ? Object.is(g, w) || g === w || Math.abs(g - w) <= 1e-6 + 1e-5 * Math.abs(w)
      : got === want);
  if (!equal) throw new Mismatch(`${got}, expected ${want}`);
}

/** Throws unless rows or columns, whichever are fewer, are orthogonal and of one norm. */
export function checkOrthogonal(got: Tensor): void {
  const flat = got.reshape([got.shape[0]!, -1]);
  const [rows, columns] = flat.shape;
  const products = (rows! <= columns! ? flat.matmul(flat.t()) : flat.t().matmul(flat)).tolist() as number[][];
  products.forEach((row, i) =>
    row.forEach((value, j) => {
      const off = i === j ? Math.abs(value - products[0]![0]!) > 1e-2 : Math.abs(value) > 1e-3;
      if (off) throw new Mismatch(`not orthogonal: the product of ${i} and ${j} is ${value}`);
    })
  );
}

/** Throws unless several draws of random results are, on the whole, like PyTorch's. */
export function checkDraws(draws: readonly (readonly unknown[])[], stats: readonly (Draws | null)[]): void {
  stats.forEach((want, k) => {
    if (want === null) return;
    const values = draws.flatMap((draw) => ((draw[k] as Tensor).flatten().tolist() as unknown[]).map(Number));
    if (values.length === 0) return;
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const zeros = values.filter((value) => value === 0).length / values.length;
    const allowed = 6 * want.stdOfRunMean / Math.sqrt(draws.length) + 1e-3 + 1e-3 * Math.abs(want.mean);
    if (!(Math.abs(mean - want.mean) <= allowed)) {
      throw new Mismatch(`mean ${mean}, expected ${want.mean} within ${allowed}`);
    }
    if (!(Math.abs(zeros - want.zeroFraction) <= 0.12)) {
      throw new Mismatch(`${zeros} zeros, expected ${want.zeroFraction}`);
    }
  });
}
