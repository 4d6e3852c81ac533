/**
 * Bessel functions of the first and second kind.
 *
 * A series up to 8, the asymptotic form with a slowly varying amplitude and phase beyond. Integers and bools give floats.
 *
 * @module
 */

import { expr } from "../../kernels/mod.ts";
import { elementwise, type Unary } from "../elementwise/define.ts";
import * as f from "../elementwise/formula.ts";
import type { Expr } from "../elementwise/formula.ts";
import { J0, J1, P0, P1, Q0, Q1, Y0, Y1 } from "./bessel_tables.ts";
import { series } from "./series.ts";

const near = (x: Expr) => f.sub(f.mul(f.square(x), 1 / 32), 1);
const isNear = (x: Expr) => f.le(f.abs(x), 8);

/** For large x, √(1 / πx) · (P · first + Q/x · second), where first and second combine sin x and cos x. */
function wave(
  x: Expr,
  p: readonly number[],
  q: readonly number[],
  combine: (sin: Expr, cos: Expr) => [Expr, Expr],
): Expr {
  const size = f.abs(x), inverse = f.div(1, size);
  const t = f.sub(f.mul(f.square(inverse), 128), 1);
  const [first, second] = combine(expr.unary("sin", size), expr.unary("cos", size));
  const sum = f.add(f.mul(series(t, p), first), f.mul(f.mul(series(t, q), inverse), second));
  return f.mul(f.sqrt(f.mul(inverse, 1 / Math.PI)), sum);
}

function j0(x: Expr): Expr {
  return f.where(isNear(x), series(near(x), J0), wave(x, P0, Q0, (s, c) => [f.add(s, c), f.sub(c, s)]));
}

function j1(x: Expr): Expr {
  const far = wave(x, P1, Q1, (s, c) => [f.sub(s, c), f.add(s, c)]);
  return f.where(isNear(x), f.mul(x, series(near(x), J1)), f.where(f.lt(x, 0), f.neg(far), far));
}

function y0(x: Expr): Expr {
  const inside = f.add(f.mul(f.mul(f.log(x), 2 / Math.PI), series(near(x), J0)), series(near(x), Y0));
  const value = f.where(isNear(x), inside, wave(x, P0, Q0, (s, c) => [f.sub(s, c), f.add(s, c)]));
  return f.where(f.lt(x, 0), NaN, f.where(f.eq(x, 0), f.number(-Infinity, x), value));
}

function y1(x: Expr): Expr {
  const logs = f.sub(f.mul(f.log(x), f.mul(x, series(near(x), J1))), f.div(1, x));
  const inside = f.add(f.mul(logs, 2 / Math.PI), f.mul(x, series(near(x), Y1)));
  const far = wave(x, P1, Q1, (s, c) => [f.neg(f.add(s, c)), f.sub(s, c)]);
  const value = f.where(isNear(x), inside, far);
  return f.where(f.lt(x, 0), NaN, f.where(f.eq(x, 0), f.number(-Infinity, x), value));
}

/** Z₁' = Z₀ - Z₁ / x, and 1/2 at 0. */
function slopeOfFirst(grad: Expr, x: Expr, order0: Expr, order1: Expr): Expr {
  return f.mul(grad, f.where(f.eq(x, 0), 0.5, f.sub(order0, f.div(order1, x))));
}

/**
 * The Bessel function of the first kind of order 0, J₀(x); NaN for infinities.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.bessel_j0}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.besselJ0(tensor([0, 1, 10]))); // tensor([ 1.0000,  0.7652, -0.2459])
 * ```
 */
export const besselJ0: Unary = elementwise("besselJ0", j0, {
  computes: "float",
  gradients: [(grad, [x]) => f.neg(f.mul(grad, j1(x!)))],
});

/**
 * The Bessel function of the first kind of order 1, J₁(x); NaN for infinities.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.bessel_j1}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.besselJ1(tensor([0, 1, 10]))); // tensor([0.0000, 0.4401, 0.0435])
 * ```
 */
export const besselJ1: Unary = elementwise("besselJ1", j1, {
  computes: "float",
  gradients: [(grad, [x], y) => slopeOfFirst(grad, x!, j0(x!), y)],
});

/**
 * The Bessel function of the second kind of order 0, Y₀(x); -∞ at 0, NaN below.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.bessel_y0}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.besselY0(tensor([0, 1, 10]))); // tensor([  -inf, 0.0883, 0.0557])
 * ```
 */
export const besselY0: Unary = elementwise("besselY0", y0, {
  computes: "float",
  gradients: [(grad, [x]) => f.neg(f.mul(grad, y1(x!)))],
});

/**
 * The Bessel function of the second kind of order 1, Y₁(x); -∞ at 0, NaN below.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.bessel_y1}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.besselY1(tensor([0, 1, 10]))); // tensor([   -inf, -0.7812,  0.2490])
 * ```
 */
export const besselY1: Unary = elementwise("besselY1", y1, {
  computes: "float",
  gradients: [(grad, [x], y) => f.mul(grad, f.sub(y0(x!), f.div(y, x!)))],
});

/**
 * The spherical Bessel function of the first kind of order 0, sin x / x; 1 at 0, and 0 at infinities.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.spherical_bessel_j0}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.sphericalBesselJ0(tensor([0, 1]))); // tensor([1.0000, 0.8415])
 * ```
 */
export const sphericalBesselJ0: Unary = elementwise("sphericalBesselJ0", (x) => {
  const quotient = f.div(expr.unary("sin", x), x);
  return f.where(f.eq(x, 0), 1, f.where(f.isinf(x), 0, quotient));
}, {
  computes: "float",
  gradients: [
    (grad, [x], y) =>
      f.where(f.or(f.eq(x!, 0), f.isinf(x!)), 0, f.mul(grad, f.div(f.sub(expr.unary("cos", x!), y), x!))),
  ],
});
