/**
 * Circular and hyperbolic functions and their inverses; angles are in radians.
 *
 * @module
 */

import { expr, type UnaryOp } from "../../kernels/mod.ts";
import { type Binary, elementwise, type Unary } from "./define.ts";
import type { Gradient } from "./derive.ts";
import * as f from "./formula.ts";

function define(op: UnaryOp, gradient?: Gradient): Unary {
  return elementwise(op, (x) => expr.unary(op, x), { computes: "float", gradients: [gradient] });
}

/** sin x. */
export const sin: Unary = define("sin");
/** cos x. */
export const cos: Unary = define("cos");
/** tan x. */
export const tan: Unary = define("tan", (grad, _x, y) => f.mul(grad, f.add(1, f.square(y))));
/** The angle in [-π/2, π/2] whose sine is x. */
export const asin: Unary = define("asin");
/** The angle in [0, π] whose cosine is x. */
export const acos: Unary = define("acos");
/** The angle in (-π/2, π/2) whose tangent is x. */
export const atan: Unary = define("atan");
/** (e^x - e^-x) / 2. */
export const sinh: Unary = define("sinh");
/** (e^x + e^-x) / 2. */
export const cosh: Unary = define("cosh");
/** (e^x - e^-x) / (e^x + e^-x). */
export const tanh: Unary = define("tanh", (grad, _x, y) => f.mul(grad, f.sub(1, f.square(y))));
/** The inverse of sinh. */
export const asinh: Unary = define("asinh");
/** The inverse of cosh, for x >= 1. */
export const acosh: Unary = define("acosh");
/** The inverse of tanh, for -1 < x < 1. */
export const atanh: Unary = define("atanh");

/** The angle of the point (x, y), in (-π, π]. */
export const atan2: Binary = elementwise("atan2", (y, x) => expr.binary("atan2", y, x), {
  computes: "float",
  gradients: [
    (grad, [y, x]) => f.div(f.mul(grad, x!), f.add(f.square(x!), f.square(y!))),
    (grad, [y, x]) => f.div(f.mul(grad, f.neg(y!)), f.add(f.square(x!), f.square(y!))),
  ],
});

/** √(a² + b²), without overflow in between. */
export const hypot: Binary = elementwise("hypot", (a, b) => {
  const x = f.abs(a), y = f.abs(b);
  const large = f.max(x, y), ratio = f.div(f.min(x, y), large);
  const length = f.mul(large, f.sqrt(f.add(1, f.square(ratio))));
  const infinite = f.or(f.isinf(a), f.isinf(b));
  return f.where(infinite, Infinity, f.where(f.eq(large, 0), 0, length));
}, {
  accepts: ["float"],
  gradients: [(grad, [a], y) => f.mul(grad, f.div(a!, y)), (grad, [, b], y) => f.mul(grad, f.div(b!, y))],
});

/** x degrees in radians. */
export const deg2rad: Unary = elementwise("deg2rad", (x) => f.mul(x, Math.PI / 180), { computes: "float" });

/** x radians in degrees. */
export const rad2deg: Unary = elementwise("rad2deg", (x) => f.mul(x, 180 / Math.PI), { computes: "float" });
