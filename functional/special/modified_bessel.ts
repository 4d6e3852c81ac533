/**
 * Modified Bessel functions of the first and second kind, plain and scaled.
 *
 * Integers and bools give floats.
 *
 * @module
 */

import { elementwise, type Unary } from "../elementwise/define.ts";
import type { Gradient } from "../elementwise/derive.ts";
import * as f from "../elementwise/formula.ts";
import type { Expr } from "../elementwise/formula.ts";
import { I0, I0_FAR, I1, I1_FAR, K0, K0_FAR, K0_LOG, K1, K1_FAR, K1_LOG } from "./modified_bessel_tables.ts";
import { series } from "./series.ts";

const isNear = (size: Expr) => f.le(size, 8);
const nearI = (size: Expr) => f.sub(f.mul(size, 0.25), 1);
const farI = (size: Expr, table: readonly number[]) => f.div(series(f.sub(f.div(16, size), 1), table), f.sqrt(size));

/** e^-|x| · I₀(x). */
function scaledI0(x: Expr): Expr {
  const size = f.abs(x);
  return f.where(isNear(size), series(nearI(size), I0), farI(size, I0_FAR));
}

/** e^-|x| · I₁(x). */
function scaledI1(x: Expr): Expr {
  const size = f.abs(x), far = farI(size, I1_FAR);
  return f.where(isNear(size), f.mul(x, series(nearI(size), I1)), f.where(f.lt(x, 0), f.neg(far), far));
}

/** value · e^|x|, in two steps so that only the result may overflow. */
function grown(value: Expr, x: Expr): Expr {
  const half = f.exp(f.mul(f.abs(x), 0.5));
  return f.mul(f.mul(value, half), half);
}

const i0Of = (x: Expr) => grown(scaledI0(x), x);
const i1Of = (x: Expr) => grown(scaledI1(x), x);

const nearK = (x: Expr) => f.sub(f.mul(f.square(x), 0.5), 1);

/** What a formula for x > 0 gives, infinity at 0 and NaN below. */
function ofPositive(x: Expr, value: Expr): Expr {
  return f.where(f.lt(x, 0), NaN, f.where(f.eq(x, 0), Infinity, value));
}

/** K₀ and K₁: for small x as they are, for large ones times e^x; then times what brings them to one scale. */
function k(x: Expr, small: Expr, far: readonly number[], scaled: boolean): Expr {
  const large = f.div(series(f.sub(f.div(4, x), 1), far), f.sqrt(x));
  const near = scaled ? f.mul(small, f.exp(x)) : small;
  return ofPositive(x, f.where(f.le(x, 2), near, scaled ? large : f.mul(large, f.exp(f.neg(x)))));
}

function k0(x: Expr, scaled: boolean): Expr {
  const small = f.sub(series(nearK(x), K0), f.mul(f.log(f.mul(x, 0.5)), series(nearK(x), K0_LOG)));
  return k(x, small, K0_FAR, scaled);
}

function k1(x: Expr, scaled: boolean): Expr {
  const logs = f.mul(f.log(f.mul(x, 0.5)), f.mul(x, series(nearK(x), K1_LOG)));
  return k(x, f.add(logs, f.div(series(nearK(x), K1), x)), K1_FAR, scaled);
}

const slopeOfI0: Gradient = (grad, [x]) => f.mul(grad, i1Of(x!));
const slopeOfI1: Gradient = (grad, [x], y) => f.mul(grad, f.where(f.eq(x!, 0), 0.5, f.sub(i0Of(x!), f.div(y, x!))));

/**
 * The modified Bessel function of the first kind of order 0, I₀(x).
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.i0}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.i0(tensor([0, 1, 10]))); // tensor([1.0000e+00, 1.2661e+00, 2.8157e+03])
 * ```
 */
export const i0: Unary = elementwise("i0", i0Of, {
  computes: "float",
  gradients: [slopeOfI0],
});

/**
 * e^-|x| · I₀(x), which does not overflow.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.i0e}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.i0e(tensor([0, 1, 10]))); // tensor([1.0000, 0.4658, 0.1278])
 * ```
 */
export const i0e: Unary = elementwise("i0e", scaledI0, {
  computes: "float",
  gradients: [(grad, [x], y) => f.mul(grad, f.sub(scaledI1(x!), f.mul(f.sign(x!), y)))],
});

/**
 * The modified Bessel function of the first kind of order 1, I₁(x).
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.i1}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.i1(tensor([0, 1, 10]))); // tensor([0.0000e+00, 5.6516e-01, 2.6710e+03])
 * ```
 */
export const i1: Unary = elementwise("i1", i1Of, {
  computes: "float",
  gradients: [slopeOfI1],
});

/**
 * e^-|x| · I₁(x), which does not overflow.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.i1e}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.i1e(tensor([0, 1, 10]))); // tensor([0.0000, 0.2079, 0.1213])
 * ```
 */
export const i1e: Unary = elementwise("i1e", scaledI1, {
  computes: "float",
  gradients: [
    (grad, [x], y) =>
      f.mul(grad, f.where(f.eq(x!, 0), 0.5, f.sub(scaledI0(x!), f.mul(y, f.add(f.sign(x!), f.div(1, x!)))))),
  ],
});

/** `i0` by its other name. */
export const modifiedBesselI0: Unary = i0;

/** `i1` by its other name. */
export const modifiedBesselI1: Unary = i1;

/**
 * The modified Bessel function of the second kind of order 0, K₀(x); ∞ at 0, NaN below.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.modified_bessel_k0}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.modifiedBesselK0(tensor([0, 1, 10]))); // tensor([       inf, 4.2102e-01, 1.7780e-05])
 * ```
 */
export const modifiedBesselK0: Unary = elementwise("modifiedBesselK0", (x) => k0(x, false), {
  computes: "float",
  gradients: [(grad, [x]) => f.neg(f.mul(grad, k1(x!, false)))],
});

/**
 * The modified Bessel function of the second kind of order 1, K₁(x); ∞ at 0, NaN below.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.modified_bessel_k1}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.modifiedBesselK1(tensor([0, 1, 10]))); // tensor([       inf, 6.0191e-01, 1.8649e-05])
 * ```
 */
export const modifiedBesselK1: Unary = elementwise("modifiedBesselK1", (x) => k1(x, false), {
  computes: "float",
  gradients: [(grad, [x], y) => f.neg(f.mul(grad, f.add(k0(x!, false), f.div(y, x!))))],
});

/**
 * e^x · K₀(x), which does not vanish for large x.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.scaled_modified_bessel_k0}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.scaledModifiedBesselK0(tensor([0, 1, 10]))); // tensor([   inf, 1.1445, 0.3916])
 * ```
 */
export const scaledModifiedBesselK0: Unary = elementwise("scaledModifiedBesselK0", (x) => k0(x, true), {
  computes: "float",
  gradients: [(grad, [x], y) => f.mul(grad, f.sub(y, k1(x!, true)))],
});

/**
 * e^x · K₁(x), which does not vanish for large x.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.scaled_modified_bessel_k1}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.scaledModifiedBesselK1(tensor([0, 1, 10]))); // tensor([   inf, 1.6362, 0.4108])
 * ```
 */
export const scaledModifiedBesselK1: Unary = elementwise("scaledModifiedBesselK1", (x) => k1(x, true), {
  computes: "float",
  gradients: [(grad, [x], y) => f.mul(grad, f.sub(f.sub(y, k0(x!, true)), f.div(y, x!)))],
});
