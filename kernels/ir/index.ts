/**
 * Index arithmetic on int32 expressions: sums are kept as linear forms, and divisions and remainders that a reshape brings in
 * dissolve where the ranges of the loop variables allow it.
 *
 * @module
 */

import { type Expr, int, intern } from "./expr.ts";

/** `terms` times their factors, plus `constant`. */
export interface Linear {
  readonly terms: ReadonlyMap<Expr, number>;
  readonly constant: number;
}

const LIMIT = 2 ** 31;

/** `e` as a linear form over its non-linear parts. */
export function linear(e: Expr): Linear {
  const terms = new Map<Expr, number>();
  let constant = 0;
  const add = (e: Expr, factor: number) => {
    if (e.op === "const") constant += e.value * factor;
    else if (e.op === "add") {
      add(e.args[0]!, factor);
      add(e.args[1]!, factor);
    } else if (e.op === "mul" && e.args[1]!.op === "const") add(e.args[0]!, factor * e.args[1]!.value);
    else {
      const sum = (terms.get(e) ?? 0) + factor;
      if (sum === 0) terms.delete(e);
      else terms.set(e, sum);
    }
  };
  add(e, 1);
  return { terms, constant };
}

/** The canonical expression of a linear form: terms by id, then the constant. */
export function fromLinear({ terms, constant }: Linear): Expr {
  const merged = recombine(terms);
  let sum: Expr | undefined;
  for (const [e, factor] of [...merged].sort((a, b) => a[0].id - b[0].id)) {
    const term = factor === 1 ? e : intern("mul", "int32", [e, int(factor)]);
    sum = sum === undefined ? term : intern("add", "int32", [sum, term]);
  }
  if (sum === undefined) return int(constant);
  return constant === 0 ? sum : intern("add", "int32", [sum, int(constant)]);
}

/** (x / c) * c * k + (x % c) * k is x * k. */
function recombine(terms: ReadonlyMap<Expr, number>): ReadonlyMap<Expr, number> {
  for (const [e, k] of terms) {
    const [x, c] = e.args as [Expr, Expr];
    if (e.op !== "mod" || c.op !== "const") continue;
    const quotient = divIndex(x, c.value);
    if (quotient.op === "const" || terms.get(quotient) !== k * c.value) continue;
    const rest = new Map(terms);
    rest.delete(e);
    rest.delete(quotient);
    for (const [t, f] of linear(x).terms) {
      const sum = (rest.get(t) ?? 0) + f * k;
      if (sum === 0) rest.delete(t);
      else rest.set(t, sum);
    }
    if (linear(x).constant !== 0) continue;
    return recombine(rest);
  }
  return terms;
}

/** a + b. */
export function addIndex(a: Expr, b: Expr): Expr {
  const x = linear(a), y = linear(b);
  const terms = new Map(x.terms);
  for (const [e, f] of y.terms) {
    const sum = (terms.get(e) ?? 0) + f;
    if (sum === 0) terms.delete(e);
    else terms.set(e, sum);
  }
  return fromLinear({ terms, constant: wrap(x.constant + y.constant) });
}

/** a * factor. */
export function mulIndex(a: Expr, factor: number): Expr {
  if (factor === 0) return int(0);
  if (factor === 1) return a;
  const x = linear(a);
  return fromLinear({
    terms: new Map([...x.terms].map(([e, f]) => [e, Math.imul(f, factor)] as const).filter(([, f]) => f !== 0)),
    constant: Math.imul(x.constant, factor),
  });
}

function wrap(value: number): number {
  return value | 0;
}

/** The smallest and largest value of an index, or undefined where nothing is known. */
export function range(e: Expr): readonly [number, number] | undefined {
  switch (e.op) {
    case "const":
      return [e.value, e.value];
    case "var":
      return [0, Math.max(0, e.value - 1)];
    case "arg":
    case "scalar":
      return e.value > 0 ? [0, e.value - 1] : undefined;
    case "check":
      return [0, Math.max(0, e.value - 1)];
    case "add": {
      const a = range(e.args[0]!), b = range(e.args[1]!);
      return a && b && finite([a[0] + b[0], a[1] + b[1]]);
    }
    case "mul": {
      const a = range(e.args[0]!), b = range(e.args[1]!);
      if (!a || !b) return undefined;
      const products = [a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1]];
      return finite([Math.min(...products), Math.max(...products)]);
    }
    case "div": {
      const a = range(e.args[0]!), c = e.args[1]!;
      if (c.op !== "const" || c.value <= 0) return undefined;
      return a && [Math.trunc(a[0] / c.value), Math.trunc(a[1] / c.value)];
    }
    case "mod": {
      const a = range(e.args[0]!), c = e.args[1]!;
      if (c.op !== "const" || c.value <= 0) return undefined;
      const low = a && a[0] >= 0 ? 0 : 1 - c.value;
      return [low, a && a[1] >= 0 ? Math.min(c.value - 1, Math.max(a[1], 0)) : c.value - 1];
    }
    case "where": {
      const a = range(e.args[1]!), b = range(e.args[2]!);
      return a && b && [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
    }
    default:
      return undefined;
  }
}

function finite(r: readonly [number, number]): readonly [number, number] | undefined {
  return r[0] >= -LIMIT && r[1] < LIMIT ? r : undefined;
}

/** The terms that `divisor` divides, and the rest. */
function split(x: Linear, divisor: number): { whole: Linear; rest: Linear } {
  const whole = new Map<Expr, number>(), rest = new Map<Expr, number>();
  for (const [e, f] of x.terms) (f % divisor === 0 ? whole : rest).set(e, f);
  const constant = ((x.constant % divisor) + divisor) % divisor;
  return {
    whole: { terms: whole, constant: x.constant - constant },
    rest: { terms: rest, constant },
  };
}

function scaled(x: Linear, divisor: number): Linear {
  return { terms: new Map([...x.terms].map(([e, f]) => [e, f / divisor])), constant: x.constant / divisor };
}

function gcd(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : gcd(b, a % b);
}

/** a / divisor, for a constant divisor > 0. Simplifies only where `a` is known not to be negative. */
export function divIndex(a: Expr, divisor: number): Expr {
  if (divisor === 1) return a;
  const opaque = () => intern("div", "int32", [a, int(divisor)]);
  const r = range(a);
  if (a.op === "const") return int(Math.trunc(a.value / divisor));
  if (r === undefined || r[0] < 0) return opaque();
  if (r[1] < divisor) return int(0);
  if (a.op === "div") return divIndex(a.args[0]!, a.args[1]!.value * divisor);
  const x = linear(a);
  const { whole, rest } = split(x, divisor);
  const inner = range(fromLinear(rest));
  if (whole.terms.size > 0 || whole.constant !== 0) {
    if (inner !== undefined && inner[0] >= 0) {
      const quotient = fromLinear(scaled(whole, divisor));
      return inner[1] < divisor ? quotient : addIndex(quotient, divIndex(fromLinear(rest), divisor));
    }
  }
  // (g * x + r) / (g * d) is x / d for 0 <= r < g.
  let g = divisor;
  for (const f of x.terms.values()) if (gcd(g, f) > 1) g = gcd(g, f);
  if (g > 1) {
    const parts = split(x, g);
    const remainder = range(fromLinear(parts.rest));
    if (parts.whole.terms.size > 0 && remainder !== undefined && remainder[0] >= 0 && remainder[1] < g) {
      const reduced = fromLinear(scaled(parts.whole, g));
      if (range(reduced)?.[0]! >= 0) return divIndex(reduced, divisor / g);
    }
  }
  return opaque();
}

/** a % divisor, for a constant divisor > 0. Simplifies only where `a` is known not to be negative. */
export function modIndex(a: Expr, divisor: number): Expr {
  if (divisor === 1) return int(0);
  const opaque = (a: Expr) => intern("mod", "int32", [a, int(divisor)]);
  if (a.op === "const") return int(a.value % divisor);
  const r = range(a);
  if (r === undefined || r[0] < 0) return opaque(a);
  if (r[1] < divisor) return a;
  if (a.op === "mod" && a.args[1]!.value % divisor === 0) return modIndex(a.args[0]!, divisor);
  const { rest } = split(linear(a), divisor);
  const inner = fromLinear(rest);
  const bounds = range(inner);
  if (bounds === undefined || bounds[0] < 0) return opaque(a);
  return bounds[1] < divisor ? inner : opaque(inner);
}
