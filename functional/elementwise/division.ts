/**
 * Quotients and remainders.
 *
 * @module
 */

import { isFloat, ValueError } from "../../kernels/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Binary, type BinaryOfTensor, elementwise, type Operand } from "./define.ts";
import * as f from "./formula.ts";
import type { Expr } from "./formula.ts";

const zero = (grad: Expr) => f.number(0, grad);

const quotient = elementwise("div", f.div, { computes: "float" });
const truncated = elementwise("div", (a, b) => f.trunc(f.div(a, b)), {
  accepts: ["float", "integer"],
  gradients: [zero, zero],
});
const floored = elementwise("div", floorOf, { accepts: ["float", "integer"], gradients: [zero, zero] });

/** Options of `div`. */
export interface DivOptions {
  /** Rounds the quotient toward zero or down; integers then stay integers; null, the default, does not. */
  readonly roundingMode?: "trunc" | "floor" | null;
}

/**
 * a / b, of integers too with a fraction; or rounded.
 *
 * @param b broadcasts against a; either may be a number, not both
 * @param options `roundingMode`: "trunc" rounds toward zero, "floor" down; null, the default, keeps the fraction
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers, and for another roundingMode
 * @throws {DTypeError} where both are bools and the quotient is rounded
 * @see {@link https://pytorch.org/docs/stable/generated/torch.div.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.div(tensor([7, -7]), 2, { roundingMode: "floor" })); // tensor([ 3, -4])
 * ```
 */
export function div(a: Operand, b: Operand, { roundingMode = null }: DivOptions = {}): Tensor {
  switch (roundingMode) {
    case null:
      return quotient(a, b);
    case "trunc":
      return truncated(a, b);
    case "floor":
      return floored(a, b);
    default:
      throw new ValueError(`Cannot div with roundingMode "${roundingMode}": it is "trunc", "floor" or null`);
  }
}

/**
 * a / b, by its long name.
 *
 * @returns a tensor of the common shape, in the default float dtype for integers and bools
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @see {@link https://pytorch.org/docs/stable/generated/torch.true_divide.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.trueDivide(tensor([7, -7]), 2)); // tensor([ 3.5000, -3.5000])
 * ```
 */
export const trueDivide: Binary = quotient;

/**
 * ⌊a / b⌋.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @throws {DTypeError} where both are bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.floor_divide.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.floorDivide(tensor([7, -7]), 2)); // tensor([ 3, -4])
 * ```
 */
export const floorDivide: Binary = floored;

/**
 * a - b · ⌊a / b⌋: the remainder with the sign of the divisor.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @throws {DTypeError} where both are bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.remainder.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.remainder(tensor([7, -7]), 3)); // tensor([1, 2])
 * ```
 */
export const remainder: Binary = elementwise("remainder", remainderOf, {
  accepts: ["float", "integer"],
  gradients: [(grad) => grad, (grad, [a, b]) => f.neg(f.mul(grad, floorOf(a!, b!)))],
});

/**
 * a - b · trunc(a / b): the remainder with the sign of the dividend.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number as the first operand
 * @throws {DTypeError} where both are bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.fmod.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.fmod(tensor([7, -7]), 3)); // tensor([ 1, -1])
 * ```
 */
export const fmod: BinaryOfTensor = elementwise("fmod", f.mod, {
  tensors: 1,
  accepts: ["float", "integer"],
  gradients: [(grad) => grad, (grad, [a, b]) => f.neg(f.mul(grad, f.trunc(f.div(a!, b!))))],
});

function signsDiffer(a: Expr, b: Expr): Expr {
  return f.ne(f.lt(a, 0), f.lt(b, 0));
}

function remainderOf(a: Expr, b: Expr): Expr {
  const rest = f.mod(a, b);
  if (a.dtype === "uint8" || a.dtype === "uint32") return rest;
  return f.where(f.and(f.ne(rest, 0), signsDiffer(rest, b)), f.add(rest, b), rest);
}

/** The quotient of what the remainder leaves, so that 1 // 0.1 is 9 as its remainder says, not the 10 that 1 / 0.1 rounds to. */
function floorOf(a: Expr, b: Expr): Expr {
  if (a.dtype === "uint8" || a.dtype === "uint32") return f.div(a, b);
  const rest = f.mod(a, b);
  const below = f.and(f.ne(rest, 0), signsDiffer(rest, b));
  if (!isFloat(a.dtype)) {
    const whole = f.div(a, b);
    return f.where(below, f.sub(whole, 1), whole);
  }
  const exact = f.div(f.sub(a, rest), b);
  const whole = f.round(f.where(below, f.sub(exact, 1), exact));
  return f.where(f.eq(b, 0), f.div(a, b), f.where(f.eq(whole, 0), f.mul(f.div(a, b), 0), whole));
}
