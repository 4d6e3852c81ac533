/**
 * Orthogonal polynomials by their recurrence: those of Hermite, Laguerre and Legendre.
 *
 * The degree n is cut to a whole number, and a negative one gives 0. x and n broadcast, one of them may be a number; integers and bools
 * give floats. A kernel goes through as many degrees as the largest needs, rounded up: degrees in a tensor are therefore read first.
 *
 * @module
 */

import { ValueError } from "../../kernels/mod.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type Binary, elementwise, type Operand } from "../elementwise/define.ts";
import * as f from "../elementwise/formula.ts";
import type { Expr } from "../elementwise/formula.ts";
import { elementsOf } from "../host.ts";

/** The highest degree; its kernel is already long. */
const HIGHEST = 512;

/** The polynomial of degree k + 1 from those of degrees k and k - 1. */
type Step = (x: Expr, k: number, current: Expr, previous: Expr) => Expr;

function polynomial(name: string, first: (x: Expr) => Expr, step: Step): Binary {
  const bySteps = new Map<number, Binary>();
  const upTo = (limit: number) =>
    elementwise(name, (x, n) => {
      const degree = f.trunc(n);
      let previous: Expr = f.number(1, x), current = first(x), value = f.where(f.eq(degree, 0), previous, current);
      for (let k = 1; k < limit; k++) {
        [previous, current] = [current, step(x, k, current, previous)];
        value = f.where(f.gt(degree, k), current, value);
      }
      return f.where(f.lt(degree, 0), 0, value);
    }, { computes: "float", gradients: [undefined, (grad) => f.number(0, grad)] });
  return (x, n) => {
    const highest = highestDegree(n);
    if (highest > HIGHEST) throw new ValueError(`Cannot take ${name} of degree ${highest}: it goes up to ${HIGHEST}`);
    const limit = 2 ** Math.ceil(Math.log2(Math.max(highest, 8)));
    let compute = bySteps.get(limit);
    if (compute === undefined) bySteps.set(limit, compute = upTo(limit));
    return compute(x, n);
  };
}

function highestDegree(n: Operand): number {
  if (!(n instanceof Tensor)) return Math.trunc(Number(n));
  let highest = 0;
  for (const value of elementsOf(n)) highest = Math.max(highest, Math.trunc(value) || 0);
  return highest;
}

/**
 * The Hermite polynomial of physics, Hₙ₊₁(x) = 2x Hₙ(x) - 2n Hₙ₋₁(x). Degrees go up to 512.
 *
 * @returns a tensor of the common shape, in the default float dtype for integers and bools
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.hermite_polynomial_h}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.hermitePolynomialH(tensor([0.5, 2]), 3)); // tensor([-5., 40.])
 * ```
 */
export const hermitePolynomialH: Binary = polynomial(
  "hermitePolynomialH",
  (x) => f.add(x, x),
  (x, k, current, previous) => f.sub(f.mul(f.add(x, x), current), f.mul(previous, 2 * k)),
);

/**
 * The Hermite polynomial of probability, Heₙ₊₁(x) = x Heₙ(x) - n Heₙ₋₁(x). Degrees go up to 512.
 *
 * @returns a tensor of the common shape, in the default float dtype for integers and bools
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.hermite_polynomial_he}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.hermitePolynomialHe(tensor([0.5, 2]), 3)); // tensor([-1.3750,  2.0000])
 * ```
 */
export const hermitePolynomialHe: Binary = polynomial(
  "hermitePolynomialHe",
  (x) => x,
  (x, k, current, previous) => f.sub(f.mul(x, current), f.mul(previous, k)),
);

/**
 * The Laguerre polynomial, (n + 1) Lₙ₊₁(x) = (2n + 1 - x) Lₙ(x) - n Lₙ₋₁(x). Degrees go up to 512.
 *
 * @returns a tensor of the common shape, in the default float dtype for integers and bools
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.laguerre_polynomial_l}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.laguerrePolynomialL(tensor([0.5, 2]), 2)); // tensor([ 0.1250, -1.0000])
 * ```
 */
export const laguerrePolynomialL: Binary = polynomial(
  "laguerrePolynomialL",
  (x) => f.sub(1, x),
  (x, k, current, previous) => f.mul(f.sub(f.mul(f.add(f.sub(1, x), 2 * k), current), f.mul(previous, k)), 1 / (k + 1)),
);

/**
 * The Legendre polynomial, (n + 1) Pₙ₊₁(x) = (2n + 1) x Pₙ(x) - n Pₙ₋₁(x). Degrees go up to 512.
 *
 * @returns a tensor of the common shape, in the default float dtype for integers and bools
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.legendre_polynomial_p}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.legendrePolynomialP(tensor([0.5, 2]), 2)); // tensor([-0.1250,  5.5000])
 * ```
 */
export const legendrePolynomialP: Binary = polynomial(
  "legendrePolynomialP",
  (x) => x,
  (x, k, current, previous) => f.mul(f.sub(f.mul(f.mul(x, 2 * k + 1), current), f.mul(previous, k)), 1 / (k + 1)),
);
