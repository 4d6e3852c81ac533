/**
 * The Airy function.
 *
 * @module
 */

import { expr } from "../../kernels/mod.ts";
import { elementwise, type Unary } from "../elementwise/define.ts";
import * as f from "../elementwise/formula.ts";
import type { Expr } from "../elementwise/formula.ts";
import { DECAY, MIDDLE, P, Q } from "./airy_tables.ts";
import { series } from "./series.ts";

const phase = (x: number) => 2 / 3 * x ** 1.5;

/** A float32 in two parts of half its bits, whose products are exact. */
function halves(x: Expr): [Expr, Expr] {
  const high = expr.bitcast("float32", f.and(expr.bitcast("int32", x), f.number(-0x1000, expr.constant(0, "int32"))));
  return [high, f.sub(x, high)];
}

/** a · b, and what rounding took from it. */
function product(a: Expr, b: Expr): [Expr, Expr] {
  const p = f.mul(a, b);
  const [a1, a2] = halves(a), [b1, b2] = halves(b);
  const rest = f.add(f.add(f.add(f.sub(f.mul(a1, b1), p), f.mul(a1, b2)), f.mul(a2, b1)), f.mul(a2, b2));
  return [p, rest];
}

/** 2/3 · y^1.5 and what rounding took from it: in float32 it is a fraction of a turn where the phase is large. */
function angleOf(y: Expr): [Expr, Expr] {
  const root = f.sqrt(y);
  if (y.dtype !== "float32") return [f.mul(f.mul(y, root), 2 / 3), f.number(0, y)];
  const [square, squareRest] = product(root, root);
  const rootRest = f.div(f.sub(f.sub(y, square), squareRest), f.mul(root, 2));
  const [cube, cubeRest] = product(y, root);
  const third = Math.fround(2 / 3);
  const [angle, angleRest] = product(cube, f.number(third, y));
  const low = f.add(f.mul(f.add(cubeRest, f.mul(y, rootRest)), 2 / 3), f.mul(cube, 2 / 3 - third));
  return [angle, f.add(angleRest, low)];
}

/** For x < -4, from sin(z + r) and cos(z + r) with a small rest r. */
function oscillating(x: Expr): Expr {
  const y = f.neg(x);
  const [z, r] = angleOf(y);
  const bend = f.sub(1, f.mul(f.square(r), 0.5)), tilt = f.mul(r, f.sub(1, f.mul(f.square(r), 1 / 6)));
  const s0 = expr.unary("sin", z), c0 = expr.unary("cos", z);
  const s = f.add(f.mul(s0, bend), f.mul(c0, tilt)), c = f.sub(f.mul(c0, bend), f.mul(s0, tilt));
  const inverse = f.div(1, z);
  const t = f.sub(f.mul(f.square(inverse), 2 * phase(4) ** 2), 1);
  const waves = f.sub(f.mul(series(t, P), f.add(s, c)), f.mul(f.mul(series(t, Q), inverse), f.sub(c, s)));
  return f.mul(f.div(waves, f.sqrt(f.sqrt(y))), Math.sqrt(0.5 / Math.PI));
}

/** For x > 2. */
function decaying(x: Expr): Expr {
  const z = f.mul(f.mul(x, f.sqrt(x)), 2 / 3);
  const t = f.sub(f.div(2 * phase(2), z), 1);
  return f.div(f.mul(series(t, DECAY), f.exp(f.neg(z))), f.sqrt(f.sqrt(x)));
}

/**
 * The Airy function Ai(x), the solution of y″ = xy that vanishes for large x; NaN for infinities, as in PyTorch.
 * Integers and bools give floats.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.airy_ai}
 *
 * @example
 * ```ts
 * import { special, tensor } from "@tensaur/tensaur";
 *
 * console.log(special.airyAi(tensor([-2, 0, 2]))); // tensor([0.2274, 0.3550, 0.0349])
 * ```
 */
export const airyAi: Unary = elementwise("airyAi", (x) => {
  const middle = series(f.div(f.add(x, 1), 3), MIDDLE);
  const value = f.where(f.lt(x, -4), oscillating(x), f.where(f.gt(x, 2), decaying(x), middle));
  return f.where(f.isinf(x), NaN, value);
}, { computes: "float" });
