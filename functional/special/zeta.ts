/**
 * The Hurwitz zeta function and what is made of it.
 *
 * @module
 */

import { AutogradError, derivative, expr, ValueError } from "../../kernels/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Binary, elementwise, type Unary } from "../elementwise/define.ts";
import * as f from "../elementwise/formula.ts";
import type { Expr } from "../elementwise/formula.ts";
import { digamma } from "../elementwise/special.ts";
import { BERNOULLI } from "./gamma_tables.ts";

/** Σ (q + k)^-s over k >= 0 for q > 0: a few terms, and the Euler-Maclaurin formula for the rest. */
function hurwitz(s: Expr, q: Expr): Expr {
  const wide = s.dtype === "float64";
  const terms = wide ? 9 : 4, corrections = wide ? 10 : 4;
  const minus = f.neg(s);
  let sum: Expr = f.pow(q, minus);
  for (let k = 1; k < terms; k++) sum = f.add(sum, f.pow(f.add(q, k), minus));
  const w = f.add(q, terms), last = f.pow(w, minus), inverse = f.div(1, f.square(w));
  let factor = f.div(s, w), rest = f.add(f.div(w, f.sub(s, 1)), 0.5);
  for (let k = 0; k < corrections; k++) {
    rest = f.add(rest, f.mul(factor, BERNOULLI[k]!));
    factor = f.mul(f.mul(factor, inverse), f.mul(f.add(s, 2 * k + 1), f.add(s, 2 * k + 2)));
  }
  return f.add(sum, f.mul(last, rest));
}

/** With negative q too, for whole s: the terms on both sides of 0, without those on the left that come before q. */
function zetaOf(s: Expr, q: Expr): Expr {
  const whole = f.floor(q), fraction = f.sub(q, whole), left = f.lt(q, 0);
  const right = hurwitz(s, f.where(left, fraction, q));
  const half = f.mul(s, 0.5), odd = f.ne(f.floor(half), half);
  const signed = (x: Expr) => f.where(odd, f.neg(x), x);
  // In this order equal terms on both sides leave nothing behind.
  const both = f.sub(f.add(right, signed(hurwitz(s, f.sub(1, fraction)))), signed(hurwitz(s, f.sub(1, q))));
  const inside = f.where(left, f.where(f.eq(f.floor(s), s), both, NaN), right);
  const pole = f.and(f.le(q, 0), f.eq(whole, q));
  return f.where(f.lt(s, 1), NaN, f.where(f.eq(s, 1), Infinity, f.where(pole, Infinity, inside)));
}

/**
 * The Hurwitz zeta function ζ(s, q) = Σ (q + k)^-s over k = 0, 1, 2, …, for s > 1.
 *
 * ∞ for s = 1 and where q is 0 or a negative whole number; NaN for s < 1, and for negative q with a fractional s. The operands
 * broadcast, one of them may be a number; integers and bools give floats. There is a gradient with respect to q only.
 *
 * @returns a tensor of the common shape, in the default float dtype for integers and bools
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.zeta}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.zeta(tensor([2, 4]), 1)); // tensor([1.6449, 1.0823])
 * ```
 */
export const zeta: Binary = elementwise("zeta", zetaOf, {
  computes: "float",
  gradients: [
    () => {
      throw new AutogradError("Cannot differentiate zeta with respect to its first operand: detach() it");
    },
    (grad, [s, q]) => f.neg(f.mul(grad, f.mul(s!, zetaOf(f.add(s!, 1), q!)))),
  ],
});

const trigamma: Unary = elementwise("polygamma", (x) => derivative(expr.unary("digamma", x), 0), {
  computes: "float",
  gradients: [(grad, [x]) => f.mul(grad, f.mul(-2, zetaOf(f.number(3, x!), x!)))],
});
const higher = elementwise("polygamma", (x, s, factor) => f.mul(factor, zetaOf(s, x)), {
  computes: "float",
  gradients: [(grad, [x, s, factor]) => f.neg(f.mul(grad, f.mul(f.mul(factor!, s!), zetaOf(f.add(s!, 1), x!))))],
});

/**
 * The n-th derivative of the digamma function: (-1)^(n + 1) · n! · ζ(n + 1, x), and digamma itself for n = 0.
 *
 * `n` is a whole number >= 0, or a `ValueError` is thrown. Integers and bools give floats.
 *
 * @throws {ValueError} for an n that is no whole number from 0
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.polygamma}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.polygamma(2, tensor([1, 0.5]))); // tensor([ -2.4041, -16.8288])
 * ```
 */
export function polygamma(n: number, x: Tensor): Tensor {
  if (!Number.isInteger(n) || n < 0) {
    throw new ValueError(`Cannot take polygamma of order ${n}: it is a whole number >= 0`);
  }
  if (n === 0) return digamma(x);
  if (n === 1) return trigamma(x);
  let factor = n % 2 === 0 ? -1 : 1;
  for (let k = 2; k <= n; k++) factor *= k;
  return higher(x, n + 1, factor);
}
