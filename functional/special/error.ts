/**
 * The error function's kin: the normal distribution and its inverse, scaled and in logarithms; and entropy.
 *
 * Integers and bools give floats.
 *
 * @module
 */

import { expr } from "../../kernels/mod.ts";
import { type Binary, elementwise, type Unary } from "../elementwise/define.ts";
import * as f from "../elementwise/formula.ts";
import type { Expr } from "../elementwise/formula.ts";
import { ERFCX, NDTRI, NDTRI_FAR } from "./error_tables.ts";
import { series } from "./series.ts";

/** e^(x²): the square of a few leading bits is exact, and the rest small. */
function gaussianGrowth(x: Expr): Expr {
  const high = f.mul(f.round(f.mul(x, 16)), 1 / 16);
  const growth = f.mul(f.exp(f.square(high)), f.exp(f.mul(f.sub(x, high), f.add(x, high))));
  return f.where(f.gt(f.abs(x), 30), Infinity, growth);
}

function erfcxOf(x: Expr): Expr {
  const size = f.abs(x);
  const q = f.sub(1, f.div(8, f.add(size, 4)));
  const right = f.div(series(q, ERFCX), f.add(1, f.mul(size, 2)));
  return f.where(f.lt(x, 0), f.sub(f.mul(gaussianGrowth(x), 2), right), right);
}

/**
 * e^(x²) · erfc x, which does not vanish for large x.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.erfcx}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.erfcx(tensor([-1, 0, 100]))); // tensor([5.0090, 1.0000, 0.0056])
 * ```
 */
export const erfcx: Unary = elementwise("erfcx", erfcxOf, {
  computes: "float",
  gradients: [(grad, [x], y) => f.mul(grad, f.sub(f.mul(f.mul(x!, 2), y), 2 / Math.sqrt(Math.PI)))],
});

/**
 * The area under the normal density from -∞ to x, Φ(x) = erfc(-x / √2) / 2.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.ndtr}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.ndtr(tensor([-1, 0, 2]))); // tensor([0.1587, 0.5000, 0.9772])
 * ```
 */
export const ndtr: Unary = elementwise("ndtr", (x) => f.mul(expr.unary("erfc", f.mul(x, -Math.SQRT1_2)), 0.5), {
  computes: "float",
  gradients: [(grad, [x]) => f.mul(grad, f.mul(f.exp(f.mul(f.square(x!), -0.5)), 1 / Math.sqrt(2 * Math.PI)))],
});

/**
 * ln Φ(x), precise where Φ(x) vanishes.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.log_ndtr}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.logNdtr(tensor([-10, 0, 2]))); // tensor([-5.3231e+01, -6.9315e-01, -2.3013e-02])
 * ```
 */
export const logNdtr: Unary = elementwise("logNdtr", (x) => {
  const scaled = f.mul(x, Math.SQRT1_2);
  const tail = f.sub(f.log(f.mul(erfcxOf(f.neg(scaled)), 0.5)), f.square(scaled));
  const body = f.log1p(f.mul(expr.unary("erfc", scaled), -0.5));
  return f.where(f.lt(x, -1), tail, body);
}, {
  computes: "float",
  gradients: [(grad, [x]) => f.div(f.mul(grad, Math.sqrt(2 / Math.PI)), erfcxOf(f.mul(x!, -Math.SQRT1_2)))],
});

/**
 * The x for which Φ(x) = p: the inverse of `ndtr`; ∓∞ at 0 and 1, NaN outside.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.ndtri}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.ndtri(tensor([0, 0.1, 0.5]))); // tensor([   -inf, -1.2816,  0.0000])
 * ```
 */
export const ndtri: Unary = elementwise("ndtri", (p) => {
  const upper = f.gt(p, 0.5), tail = f.where(upper, f.sub(1, p), p);
  const r = f.sqrt(f.mul(f.log(tail), -2)), inverse = f.div(1, r);
  const close = series(f.mul(f.sub(inverse, 5 / 16), 16 / 3), NDTRI);
  const far = series(f.mul(f.sub(inverse, 3 / 40), 20), NDTRI_FAR);
  const distance = f.add(r, f.where(f.lt(r, 8), close, far));
  const center = f.mul(expr.unary("erfinv", f.sub(f.mul(p, 2), 1)), Math.SQRT2);
  const value = f.where(f.lt(tail, Math.exp(-2)), f.where(upper, distance, f.neg(distance)), center);
  const end = f.where(f.eq(p, 0), f.number(-Infinity, p), f.where(f.eq(p, 1), Infinity, value));
  return f.where(f.or(f.lt(p, 0), f.gt(p, 1)), NaN, end);
}, {
  computes: "float",
  gradients: [(grad, _p, y) => f.mul(grad, f.mul(f.exp(f.mul(f.square(y), 0.5)), Math.sqrt(2 * Math.PI)))],
});

/**
 * -x · ln x, the entropy of x: 0 at 0, -∞ below.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.entr}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.entr(tensor([-1, 0, 0.5]))); // tensor([  -inf, 0.0000, 0.3466])
 * ```
 */
export const entr: Unary = elementwise("entr", (x) => {
  const below = f.where(f.lt(x, 0), f.number(-Infinity, x), f.neg(f.mul(x, f.log(x))));
  return f.where(f.eq(x, 0), 0, below);
}, {
  computes: "float",
  gradients: [(grad, [x]) => f.mul(grad, f.sub(-1, f.log(x!)))],
});

/**
 * x · ln(1 + y), which is 0 where x is 0.
 * The operands broadcast; one of them may be a number.
 *
 * @returns a tensor of the common shape, in the default float dtype for integers and bools
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.xlog1py}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.xlog1py(tensor([0, 2]), tensor([-1, 1]))); // tensor([0.0000, 1.3863])
 * ```
 */
export const xlog1py: Binary = elementwise(
  "xlog1py",
  (x, y) => f.where(f.and(f.eq(x, 0), expr.unary("not", f.isnan(y))), 0, f.mul(x, f.log1p(y))),
  {
    computes: "float",
    gradients: [
      (grad, [x, y]) => f.where(f.and(f.eq(x!, 0), f.le(y!, -1)), 0, f.mul(grad, f.log1p(y!))),
      (grad, [x, y]) => f.div(f.mul(grad, x!), f.add(y!, 1)),
    ],
  },
);
