/**
 * Sums, differences, products and what is made of them.
 *
 * @module
 */

import { expr, isFloat, ValueError } from "../../kernels/mod.ts";
import { resultType } from "../../tensor/promotion.ts";
import { requireOperand, requireTensor } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type Binary, elementwise, type Operand, type Unary } from "./define.ts";
import * as f from "./formula.ts";

const sum = elementwise("add", (a, b) => a.dtype === "bool" ? f.or(a, b) : f.add(a, b));
const scaledSum = elementwise("add", (a, b, alpha) => f.add(a, f.mul(b, alpha)), { accepts: ["float", "integer"] });
const difference = elementwise("sub", f.sub, { accepts: ["float", "integer"] });
const scaledDifference = elementwise("sub", (a, b, alpha) => f.sub(a, f.mul(b, alpha)), {
  accepts: ["float", "integer"],
});

/** Options of `add` and `sub`. */
export interface AlphaOptions {
  /** Factor of the second operand; 1 by default. */
  readonly alpha?: number;
}

/**
 * a + alpha · b.
 *
 * @param b broadcasts against a; either may be a number, not both
 * @param options `alpha`: factor of b; 1 by default
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers, and for integers with an alpha that is none
 * @see {@link https://pytorch.org/docs/stable/generated/torch.add.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.add(tensor([1, 2]), tensor([10, 20]), { alpha: 2 })); // tensor([21, 42])
 * ```
 */
export function add(a: Operand, b: Operand, { alpha = 1 }: AlphaOptions = {}): Tensor {
  if (alpha === 1) return sum(a, b);
  checkAlpha("add", a, b, alpha);
  return scaledSum(a, b, alpha);
}

/**
 * a - alpha · b.
 *
 * @param b broadcasts against a; either may be a number, not both
 * @param options `alpha`: factor of b; 1 by default
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers, and for integers with an alpha that is none
 * @throws {DTypeError} where both are bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.sub.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.sub(tensor([1, 2]), tensor([1, 1]))); // tensor([0, 1])
 * ```
 */
export function sub(a: Operand, b: Operand, { alpha = 1 }: AlphaOptions = {}): Tensor {
  if (alpha === 1) return difference(a, b);
  checkAlpha("sub", a, b, alpha);
  return scaledDifference(a, b, alpha);
}

function checkAlpha(operation: string, a: Operand, b: Operand, alpha: number): void {
  const fractional = [a, b].some((x) => x instanceof Tensor ? isFloat(x.dtype) : !Number.isInteger(x));
  if (fractional || Number.isInteger(alpha)) return;
  throw new ValueError(
    `Cannot ${operation} integers with alpha ${alpha}: alpha must be an integer, or convert one with to("float32")`,
  );
}

/**
 * b - alpha · a.
 *
 * @param b broadcasts against a; may be a number
 * @param options `alpha`: factor of a; 1 by default
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number as the first operand, and for integers with an alpha that is none
 * @throws {DTypeError} where both are bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.sub.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.rsub(tensor([1, 2]), 10)); // tensor([9, 8])
 * ```
 */
export function rsub(a: Tensor, b: Operand, options: AlphaOptions = {}): Tensor {
  requireTensor("rsub", "a", a);
  requireOperand("rsub", "b", b);
  if (!(a instanceof Tensor)) {
    throw new ValueError(`Cannot rsub from ${a}: the first operand must be a tensor. Use sub`);
  }
  return sub(b, a, options);
}

/**
 * a · b.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @see {@link https://pytorch.org/docs/stable/generated/torch.mul.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.mul(tensor([1, 2]), 3)); // tensor([3, 6])
 * ```
 */
export const mul: Binary = elementwise("mul", (a, b) => a.dtype === "bool" ? f.and(a, b) : f.mul(a, b));

/**
 * -x.
 *
 * @throws {DTypeError} for bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.neg.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.neg(tensor([1, -2]))); // tensor([-1,  2])
 * ```
 */
export const neg: Unary = elementwise("neg", f.neg, { accepts: ["float", "integer"] });

/**
 * 1 / x.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.reciprocal.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.reciprocal(tensor([2, 4]))); // tensor([0.5000, 0.2500])
 * ```
 */
export const reciprocal: Unary = elementwise("reciprocal", (x) => f.div(1, x), {
  computes: "float",
  gradients: [(grad, _x, y) => f.neg(f.mul(grad, f.square(y)))],
});

/**
 * x².
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.square.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.square(tensor([1, -2]))); // tensor([1, 4])
 * ```
 */
export const square: Unary = elementwise("square", (x) => f.square(x.dtype === "bool" ? expr.cast("int32", x) : x));

const between = elementwise("lerp", (a, b, weight) => {
  const step = f.sub(b, a);
  // The nearer end is exact.
  return f.where(f.lt(f.abs(weight), 0.5), f.add(a, f.mul(weight, step)), f.sub(b, f.mul(step, f.sub(1, weight))));
}, {
  accepts: ["float"],
  gradients: [
    (grad, [, , weight]) => f.mul(grad, f.sub(1, weight!)),
    (grad, [, , weight]) => f.mul(grad, weight!),
    (grad, [a, b]) => f.mul(grad, f.sub(b!, a!)),
  ],
});

/**
 * start + weight · (end - start).
 *
 * @param end broadcasts against start
 * @param weight a number, or a tensor that broadcasts against both
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {DTypeError} where all are integers or bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.lerp.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.lerp(tensor([0.5]), tensor([1.5]), 0.25)); // tensor([0.7500])
 * ```
 */
export function lerp(start: Tensor, end: Operand, weight: Operand): Tensor {
  requireTensor("lerp", "start", start);
  return between(start, end, weight);
}

const productSum = elementwise("addcmul", (x, a, b, value) => f.add(x, f.mul(value, f.mul(a, b))), {
  accepts: ["float", "integer"],
});
const quotientSum = elementwise("addcdiv", (x, a, b, value) => f.add(x, f.mul(value, f.div(a, b))), {
  accepts: ["float"],
});

/** Options of `addcmul` and `addcdiv`. */
export interface ValueOptions {
  /** Factor of what is added; 1 by default. */
  readonly value?: number;
}

/**
 * x + value · a · b.
 *
 * @param a broadcasts against x and b
 * @param options `value`: the factor; 1 by default; of integers without its fraction
 * @throws {ShapeError} where the shapes do not broadcast
 * @see {@link https://pytorch.org/docs/stable/generated/torch.addcmul.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.addcmul(tensor([1.5]), tensor([2]), 3, { value: 0.5 })); // tensor([4.5000])
 * ```
 */
export function addcmul(x: Tensor, a: Tensor, b: Operand, { value = 1 }: ValueOptions = {}): Tensor {
  requireTensor("addcmul", "x", x);
  requireTensor("addcmul", "a", a);
  requireOperand("addcmul", "b", b);
  return productSum(x, a, b, isFloat(resultType(x, a, b)) ? value : Math.trunc(value));
}

/**
 * x + value · a / b.
 *
 * @param a broadcasts against x and b
 * @param options `value`: the factor; 1 by default
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {DTypeError} where all are integers or bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.addcdiv.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.addcdiv(tensor([1.5]), tensor([1]), 4)); // tensor([1.7500])
 * ```
 */
export function addcdiv(x: Tensor, a: Tensor, b: Operand, { value = 1 }: ValueOptions = {}): Tensor {
  requireTensor("addcdiv", "x", x);
  requireTensor("addcdiv", "a", a);
  return quotientSum(x, a, b, value);
}
