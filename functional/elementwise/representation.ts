/**
 * Floats taken apart: mantissa and exponent, and the neighbouring number.
 *
 * @module
 */

import { expr, isFloat } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type MantissaExponent, mantissaExponent } from "../pairs.ts";
import { type BinaryOfTensors, elementwise } from "./define.ts";
import * as f from "./formula.ts";
import type { Expr } from "./formula.ts";

/** Whether there is an exponent to speak of. */
const ordinary = (x: Expr) => expr.and(expr.unary("not", f.isnan(x)), expr.and(f.lt(f.abs(x), Infinity), f.ne(x, 0)));

/** x times 2^n for whole n, in two steps where one factor would overflow or vanish. */
function scaled(x: Expr, n: Expr): Expr {
  const half = f.floor(f.mul(n, 0.5));
  return f.mul(f.mul(x, power(half)), power(f.sub(n, half)));
}

function power(n: Expr): Expr {
  if (n.dtype !== "float32") return expr.unary("exp2", n);
  return expr.bitcast("float32", f.shl(f.add(expr.cast("int32", n), 127), f.number(23, expr.constant(0, "int32"))));
}

/** The n for which |x| · 2^-n lies in [0.5, 1), as a float; 0 where x is 0 or not finite. */
function exponentOf(x: Expr): Expr {
  const small = f.lt(f.abs(x), x.dtype === "float32" ? 2 ** -100 : 2 ** -900);
  const lift = x.dtype === "float32" ? 64 : 512;
  const normal = f.abs(f.where(small, f.mul(x, 2 ** lift), x));
  const n = x.dtype === "float32"
    ? expr.cast("float32", f.sub(f.shr(expr.bitcast("int32", normal), expr.constant(23, "int32")), 126))
    : corrected(normal);
  return f.where(ordinary(x), f.sub(n, f.where(small, f.number(lift, x), 0)), 0);
}

/** By the logarithm, which may miss by one at powers of two. */
function corrected(x: Expr): Expr {
  const guess = f.floor(expr.unary("log2", x));
  const rest = scaled(x, f.neg(guess));
  return f.add(guess, f.where(f.lt(rest, 1), f.number(0, x), f.where(f.ge(rest, 2), f.number(2, x), 1)));
}

const mantissa = elementwise("frexp", (x) => f.where(ordinary(x), scaled(x, f.neg(exponentOf(x))), x), {
  accepts: ["float"],
  gradients: [(grad, [x]) => scaled(grad, f.neg(exponentOf(x!)))],
});
const exponent = elementwise("frexp", exponentOf, { accepts: ["float"], gradients: [(grad) => f.number(0, grad)] });

/**
 * x = mantissa · 2^exponent with 0.5 <= |mantissa| < 1; of 0, NaN and infinities the mantissa is x and the exponent 0.
 *
 * `x` is a float tensor of any shape; the exponents are int32. The gradient of the mantissa is 2^-exponent.
 *
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.frexp.html}
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * const { mantissa, exponent } = F.frexp(tensor([6.5, -0.25]));
 * console.log(mantissa); // tensor([ 0.8125, -0.5000])
 * console.log(exponent); // tensor([ 3, -1])
 * ```
 */
export function frexp(x: Tensor): MantissaExponent {
  return mantissaExponent(mantissa(x), toDtype(exponent(x), "int32"));
}

/** Steps through the bits, which are in the order of the numbers on each side of 0. */
function neighbour(a: Expr, b: Expr): Expr {
  const bits = expr.bitcast("int32", a);
  const away = f.eq(f.lt(a, b), f.gt(a, 0));
  const next = expr.bitcast("float32", f.where(away, f.add(bits, 1), f.sub(bits, 1)));
  const least = expr.bitcast("float32", expr.constant(1, "int32"));
  return f.where(f.eq(a, 0), f.where(f.lt(a, b), least, f.neg(least)), next);
}

/** Without bits to step through: half a unit in the last place rounds to the neighbour, on a scale where nothing vanishes. */
function wideNeighbour(a: Expr, b: Expr): Expr {
  const tiny = f.lt(f.abs(a), 2 ** -960), least = f.number(2 ** -1074, a);
  const lifted = f.where(tiny, f.mul(a, 2 ** 100), a);
  const step = f.mul(f.abs(lifted), 2 ** -53 * (1 + 2 ** -52));
  const up = f.lt(a, b);
  const moved = f.where(up, f.add(lifted, step), f.sub(lifted, step));
  const bottom = f.lt(f.abs(a), 2 ** -1021);
  const near = f.where(up, f.add(a, least), f.sub(a, least));
  const largest = f.where(f.gt(a, 0), f.number(Number.MAX_VALUE, a), -Number.MAX_VALUE);
  const inner = f.where(bottom, near, f.where(tiny, f.mul(moved, 2 ** -100), moved));
  return f.where(f.isinf(a), largest, inner);
}

/**
 * The next number after a towards b that the dtype can hold; b where both are equal.
 *
 * Float tensors that broadcast together; plain numbers and other dtypes are refused. There is no gradient. A GPU may take
 * numbers below the smallest normal one, 1.2e-38, for 0.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number in place of a tensor
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nextafter.html}
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.nextafter(tensor([1.5]), tensor([2])).sub(1.5)); // tensor([1.1921e-07])
 * ```
 */
export const nextafter: BinaryOfTensors = elementwise("nextafter", (a, b) => {
  const next = isFloat(a.dtype) && a.dtype !== "float32" ? wideNeighbour(a, b) : neighbour(a, b);
  return f.where(f.isnan(a), a, f.where(f.isnan(b), b, f.where(f.eq(a, b), b, next)));
}, { tensors: 2, accepts: ["float"], gradients: [(grad) => f.number(0, grad), (grad) => f.number(0, grad)] });
