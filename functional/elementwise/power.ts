/**
 * Powers and roots.
 *
 * @module
 */

import { expr, isFloat, ValueError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { commonDevice } from "../../tensor/promotion.ts";
import { requireOperand, requireTensor } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { mul, reciprocal, square } from "./arithmetic.ts";
import { elementwise, type Operand, type Unary } from "./define.ts";
import { exp2 } from "./exponential.ts";
import * as f from "./formula.ts";
import type { Expr } from "./formula.ts";

/**
 * √x.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.sqrt.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.sqrt(tensor([4, 2]))); // tensor([2.0000, 1.4142])
 * ```
 */
export const sqrt: Unary = elementwise("sqrt", f.sqrt, {
  computes: "float",
  gradients: [(grad, _x, y) => f.div(grad, f.mul(2, y))],
});

/**
 * 1 / √x.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.rsqrt.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.rsqrt(tensor([4, 16]))); // tensor([0.5000, 0.2500])
 * ```
 */
export const rsqrt: Unary = elementwise("rsqrt", f.rsqrt, {
  computes: "float",
  gradients: [(grad, _x, y) => f.mul(f.mul(-0.5, grad), f.mul(y, f.square(y)))],
});

const cube = elementwise("pow", (x) => f.mul(x, f.square(x)), { accepts: ["float", "integer"] });

const power = elementwise("pow", (a, b) => isFloat(a.dtype) ? f.pow(a, b) : integerPower(a, b), {
  accepts: ["float", "integer"],
  gradients: [
    (grad, [a, b]) => f.where(f.eq(b!, 0), 0, f.mul(grad, f.mul(b!, f.pow(a!, f.sub(b!, 1))))),
    (grad, [a, b], y) => f.where(f.and(f.eq(a!, 0), f.ge(b!, 0)), 0, f.mul(grad, f.mul(y, f.log(a!)))),
  ],
});

/** By squaring; a negative power of anything but 1 and -1 is 0. */
function integerPower(base: Expr, exponent: Expr): Expr {
  let result = f.number(1, base), factor = base;
  for (let bit = 0; bit < 6; bit++) {
    const set = f.ne(f.and(exponent, f.number(2 ** bit, exponent)), 0);
    result = f.where(set, f.mul(result, factor), result);
    factor = f.mul(factor, factor);
  }
  if (base.dtype !== "int32") return result;
  const unit = f.or(f.eq(base, 1), f.eq(base, -1));
  return f.where(expr.and(f.lt(exponent, 0), expr.unary("not", unit)), 0, result);
}

/**
 * base^exponent; either may be a number.
 *
 * @param exponent broadcasts against base
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers, and for integers with a negative number as the exponent
 * @throws {DTypeError} where both are bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.pow.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.pow(tensor([2, 3]), 2)); // tensor([4, 9])
 * ```
 */
export function pow(base: Operand, exponent: Operand): Tensor {
  if (typeof exponent !== "number" || !(base instanceof Tensor)) return power(base, exponent);
  if (!isFloat(base.dtype) && Number.isInteger(exponent) && exponent < 0) {
    throw new ValueError(`Cannot pow integers to ${exponent}: convert them with to("float32")`);
  }
  // What is written often costs a multiplication instead of a logarithm and an exponential.
  if (base.dtype !== "bool") {
    if (exponent === 2) return square(base);
    if (exponent === 3) return cube(base);
  }
  if (exponent === 0.5) return sqrt(base);
  if (exponent === -0.5) return rsqrt(base);
  if (exponent === -1) return reciprocal(base);
  return power(base, exponent);
}

/**
 * base · 2^exponent.
 *
 * @param exponent broadcasts against base
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number in place of a tensor
 * @see {@link https://pytorch.org/docs/stable/generated/torch.ldexp.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.ldexp(tensor([0.75]), tensor([2]))); // tensor([3.])
 * ```
 */
export function ldexp(base: Tensor, exponent: Tensor): Tensor {
  requireTensor("ldexp", "base", base);
  requireTensor("ldexp", "exponent", exponent);
  if (!(base instanceof Tensor && exponent instanceof Tensor)) {
    throw new ValueError("Cannot ldexp with a number: base and exponent must be tensors. Use tensor(2)");
  }
  return mul(base, exp2(exponent));
}

/**
 * base^exponent in the widest floats of the device: float64 on the CPU, float32 on a GPU.
 *
 * @param exponent broadcasts against base
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers
 * @see {@link https://pytorch.org/docs/stable/generated/torch.float_power.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.floatPower(tensor([2, 3]), -1)); // tensor([0.5000, 0.3333], dtype=torch.float64)
 * ```
 */
export function floatPower(base: Operand, exponent: Operand): Tensor {
  requireOperand("floatPower", "base", base);
  requireOperand("floatPower", "exponent", exponent);
  const dtype = commonDevice("floatPower", [base, exponent]) === "cpu" ? "float64" : "float32";
  const wide = (x: Operand) => x instanceof Tensor ? toDtype(x, dtype) : x;
  return power(wide(base), wide(exponent));
}
