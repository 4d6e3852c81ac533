/**
 * Orthogonal polynomials whose value has a closed form: those of Chebyshev.
 *
 * With |x| = cos t inside [-1, 1] and cosh t outside, each is a quotient of sines or cosines of multiples of t. The degree n is cut to
 * a whole number, and a negative one gives 0. x and n broadcast, one of them may be a number; integers and bools give floats.
 *
 * @module
 */

import { expr } from "../../kernels/mod.ts";
import { type Binary, elementwise } from "../elementwise/define.ts";
import * as f from "../elementwise/formula.ts";
import type { Expr } from "../elementwise/formula.ts";

/** Numerator over t, denominator and the limit at |x| = 1. */
interface Parts {
  readonly inside: Expr;
  readonly outside: Expr;
  readonly end: Expr;
}

/** The value at x from that at |x|: `right` where x >= 0, else `left`, negated for odd degrees. */
function chebyshev(
  build: (size: Expr, degree: Expr, angle: Expr, width: Expr) => { right: Parts; left: Parts },
): (x: Expr, n: Expr) => Expr {
  return (x, n) => {
    const degree = f.trunc(n), size = f.abs(x);
    const within = f.lt(size, 1), end = f.eq(size, 1);
    const angle = f.where(within, expr.unary("acos", size), expr.unary("acosh", size));
    const width = f.sqrt(f.abs(f.mul(f.sub(size, 1), f.add(size, 1))));
    const parts = build(size, degree, angle, width);
    const value = (p: Parts) => f.where(end, p.end, f.where(within, p.inside, p.outside));
    const half = f.mul(degree, 0.5), odd = f.ne(f.floor(half), half);
    const left = value(parts.left), reflected = f.where(odd, f.neg(left), left);
    return f.where(f.lt(degree, 0), 0, f.where(f.eq(degree, 0), 1, f.where(f.lt(x, 0), reflected, value(parts.right))));
  };
}

const sin = (x: Expr) => expr.unary("sin", x);
const cos = (x: Expr) => expr.unary("cos", x);
const sinh = (x: Expr) => expr.unary("sinh", x);
const cosh = (x: Expr) => expr.unary("cosh", x);

const first = chebyshev((_size, n, t) => {
  const parts = { inside: cos(f.mul(n, t)), outside: cosh(f.mul(n, t)), end: f.number(1, n) };
  return { right: parts, left: parts };
});

const second = chebyshev((_size, n, t, width) => {
  const next = f.add(n, 1), many = f.mul(next, t);
  const parts = { inside: f.div(sin(many), width), outside: f.div(sinh(many), width), end: next };
  return { right: parts, left: parts };
});

/** (cos (n + 1/2) t / cos t/2, sin (n + 1/2) t / sin t/2): the third kind and the fourth, each the other's reflection. */
function halfAngles(size: Expr, n: Expr, t: Expr): [Parts, Parts] {
  const many = f.mul(f.add(n, 0.5), t);
  const cosine = f.sqrt(f.mul(f.add(1, size), 0.5)), sine = f.sqrt(f.mul(f.abs(f.sub(1, size)), 0.5));
  return [
    { inside: f.div(cos(many), cosine), outside: f.div(cosh(many), cosine), end: f.number(1, n) },
    { inside: f.div(sin(many), sine), outside: f.div(sinh(many), sine), end: f.add(f.mul(n, 2), 1) },
  ];
}

const third = chebyshev((size, n, t) => {
  const [right, left] = halfAngles(size, n, t);
  return { right, left };
});

const fourth = chebyshev((size, n, t) => {
  const [left, right] = halfAngles(size, n, t);
  return { right, left };
});

function define(name: string, value: (x: Expr, n: Expr) => Expr): Binary {
  return elementwise(name, value, { computes: "float", gradients: [undefined, (grad) => f.number(0, grad)] });
}

/** On [0, 1] what the polynomial is on [-1, 1]. */
function shifted(value: (x: Expr, n: Expr) => Expr): (x: Expr, n: Expr) => Expr {
  return (x, n) => value(f.sub(f.mul(x, 2), 1), n);
}

/**
 * The Chebyshev polynomial of the first kind, Tₙ(x) = cos(n arccos x).
 *
 * @returns a tensor of the common shape, in the default float dtype for integers and bools
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.chebyshev_polynomial_t}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.chebyshevPolynomialT(tensor([0.5]), 3).round({ decimals: 3 })); // tensor([-1.])
 * ```
 */
export const chebyshevPolynomialT: Binary = define("chebyshevPolynomialT", first);

/**
 * The Chebyshev polynomial of the second kind, Uₙ(x) = sin((n + 1) arccos x) / sin(arccos x).
 *
 * @returns a tensor of the common shape, in the default float dtype for integers and bools
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.chebyshev_polynomial_u}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.chebyshevPolynomialU(tensor([0.5]), 3).round({ decimals: 3 })); // tensor([-1.])
 * ```
 */
export const chebyshevPolynomialU: Binary = define("chebyshevPolynomialU", second);

/**
 * The Chebyshev polynomial of the third kind, Vₙ(x) = cos((n + ½) arccos x) / cos(½ arccos x).
 *
 * @returns a tensor of the common shape, in the default float dtype for integers and bools
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.chebyshev_polynomial_v}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.chebyshevPolynomialV(tensor([0.5]), 3).round({ decimals: 3 })); // tensor([-1.])
 * ```
 */
export const chebyshevPolynomialV: Binary = define("chebyshevPolynomialV", third);

/**
 * The Chebyshev polynomial of the fourth kind, Wₙ(x) = sin((n + ½) arccos x) / sin(½ arccos x).
 *
 * @returns a tensor of the common shape, in the default float dtype for integers and bools
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.chebyshev_polynomial_w}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.chebyshevPolynomialW(tensor([0.5]), 3).round({ decimals: 3 })); // tensor([-1.])
 * ```
 */
export const chebyshevPolynomialW: Binary = define("chebyshevPolynomialW", fourth);

/**
 * The shifted Chebyshev polynomial of the first kind, Tₙ(x) = cos(n arccos x) at 2x - 1.
 *
 * @returns a tensor of the common shape, in the default float dtype for integers and bools
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.shifted_chebyshev_polynomial_t}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.shiftedChebyshevPolynomialT(tensor([0.75]), 3).round({ decimals: 3 })); // tensor([-1.])
 * ```
 */
export const shiftedChebyshevPolynomialT: Binary = define("shiftedChebyshevPolynomialT", shifted(first));

/**
 * The shifted Chebyshev polynomial of the second kind, Uₙ(x) = sin((n + 1) arccos x) / sin(arccos x) at 2x - 1.
 *
 * @returns a tensor of the common shape, in the default float dtype for integers and bools
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.shifted_chebyshev_polynomial_u}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.shiftedChebyshevPolynomialU(tensor([0.75]), 3).round({ decimals: 3 })); // tensor([-1.])
 * ```
 */
export const shiftedChebyshevPolynomialU: Binary = define("shiftedChebyshevPolynomialU", shifted(second));

/**
 * The shifted Chebyshev polynomial of the third kind, Vₙ(x) = cos((n + ½) arccos x) / cos(½ arccos x) at 2x - 1.
 *
 * @returns a tensor of the common shape, in the default float dtype for integers and bools
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.shifted_chebyshev_polynomial_v}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.shiftedChebyshevPolynomialV(tensor([0.75]), 3).round({ decimals: 3 })); // tensor([-1.])
 * ```
 */
export const shiftedChebyshevPolynomialV: Binary = define("shiftedChebyshevPolynomialV", shifted(third));

/**
 * The shifted Chebyshev polynomial of the fourth kind, Wₙ(x) = sin((n + ½) arccos x) / sin(½ arccos x) at 2x - 1.
 *
 * @returns a tensor of the common shape, in the default float dtype for integers and bools
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.shifted_chebyshev_polynomial_w}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.shiftedChebyshevPolynomialW(tensor([0.75]), 3).round({ decimals: 3 })); // tensor([-1.])
 * ```
 */
export const shiftedChebyshevPolynomialW: Binary = define("shiftedChebyshevPolynomialW", shifted(fourth));
