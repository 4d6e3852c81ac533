/**
 * Chebyshev series in formulas.
 *
 * @module
 */

import * as f from "../elementwise/formula.ts";
import type { Expr } from "../elementwise/formula.ts";

/** What terms may be worth, relative to the largest, and still be left out of a float32 result. */
const NEGLIGIBLE = 1.5e-8;

/** c₀ + c₁ T₁(t) + c₂ T₂(t) + …, by Clenshaw's rule, with as many terms as the dtype can tell apart. */
export function series(t: Expr, coefficients: readonly number[]): Expr {
  const c = t.dtype === "float64" ? coefficients : trimmed(coefficients);
  const twice = f.add(t, t);
  let first: Expr = f.number(c.at(-1)!, t), second: Expr = f.number(0, t);
  for (let i = c.length - 2; i > 0; i--) {
    [first, second] = [f.add(f.sub(f.mul(twice, first), second), c[i]!), first];
  }
  return f.add(f.sub(f.mul(t, first), second), c[0]!);
}

function trimmed(c: readonly number[]): readonly number[] {
  const largest = Math.max(...c.map(Math.abs));
  return c.slice(0, c.findLastIndex((x) => Math.abs(x) > NEGLIGIBLE * largest) + 1);
}

/** c₀ + c₁ x + c₂ x² + …, with as many terms as the dtype can tell apart for |x| up to 1. */
export function powers(x: Expr, coefficients: readonly number[]): Expr {
  const c = x.dtype === "float64" ? coefficients : trimmed(coefficients);
  return c.slice(0, -1).reduceRight<Expr>((sum, a) => f.add(f.mul(sum, x), a), f.number(c.at(-1)!, x));
}
