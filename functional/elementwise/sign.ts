/**
 * Signs and magnitudes.
 *
 * @module
 */

import { DTypeError, expr, isFloat } from "../../kernels/mod.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { type BinaryOfTensor, elementwise, type Unary } from "./define.ts";
import * as f from "./formula.ts";
import type { Expr } from "./formula.ts";

const unsigned = (x: Expr) => x.dtype === "bool" || x.dtype === "uint8" || x.dtype === "uint32";
const zero = (grad: Expr) => f.number(0, grad);

/**
 * |x|.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.abs.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.abs(tensor([1, -2]))); // tensor([1, 2])
 * ```
 */
export const abs: Unary = elementwise("abs", (x) => unsigned(x) ? x : f.abs(x), {
  gradients: [(grad, [x]) => f.mul(grad, f.sign(x!))],
});

/**
 * -1, 0 or 1.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.sign.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.sign(tensor([1.5, -2, 0]))); // tensor([ 1., -1.,  0.])
 * ```
 */
export const sign: Unary = elementwise("sign", (x) => {
  if (x.dtype === "bool") return x;
  return unsigned(x) ? f.where(f.eq(x, 0), f.number(0, x), f.number(1, x)) : f.sign(x);
}, { gradients: [zero] });

/**
 * The sign, as `sign`: it differs for complex numbers only.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.sgn.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.sgn(tensor([1.5, -2, 0]))); // tensor([ 1., -1.,  0.])
 * ```
 */
export const sgn: Unary = sign;

/**
 * Whether the sign bit is set, which -0 has too.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.signbit.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.signbit(tensor([1.5, -0]))); // tensor([False,  True])
 * ```
 */
export const signbit: Unary = elementwise("signbit", (x) => unsigned(x) ? expr.constant(0, "bool") : negative(x));

/**
 * |a| with the sign of b.
 *
 * @returns a tensor of the common shape, in the default float dtype for integers and bools
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number as the first operand
 * @see {@link https://pytorch.org/docs/stable/generated/torch.copysign.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.copysign(tensor([1, 2]), tensor([-1, 1]))); // tensor([-1.,  2.])
 * ```
 */
export const copysign: BinaryOfTensor = elementwise("copysign", copysignOf, {
  tensors: 1,
  computes: "float",
  gradients: [
    (grad, [a, b]) =>
      f.where(f.eq(a!, 0), 0, f.mul(grad, f.mul(f.sign(a!), f.where(negative(b!), f.number(-1, b!), 1)))),
    zero,
  ],
});

function copysignOf(a: Expr, b: Expr): Expr {
  const size = f.abs(a);
  return f.where(negative(b), f.neg(size), size);
}

/** Whether x is below zero or -0. */
function negative(x: Expr): Expr {
  if (x.dtype === "float32") return f.lt(expr.bitcast("int32", x), 0);
  return isFloat(x.dtype) ? f.or(f.lt(x, 0), f.lt(f.div(1, x), 0)) : f.lt(x, 0);
}

const stepped = elementwise(
  "heaviside",
  (x, values) => f.where(f.eq(x, 0), values, f.where(f.gt(x, 0), f.number(1, x), f.number(0, x))),
  { tensors: 2 },
);

/**
 * 0 where x < 0, `values` where x is 0, 1 where x > 0.
 *
 * @param values broadcasts against x, of its dtype
 * @throws {DTypeError} where the dtypes differ
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number in place of a tensor
 * @see {@link https://pytorch.org/docs/stable/generated/torch.heaviside.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.heaviside(tensor([-1.5, 0, 2]), tensor(0.5))); // tensor([0.0000, 0.5000, 1.0000])
 * ```
 */
export function heaviside(x: Tensor, values: Tensor): Tensor {
  if (x instanceof Tensor && values instanceof Tensor && x.dtype !== values.dtype) {
    throw new DTypeError(
      `Cannot heaviside of ${x.dtype} with values of ${values.dtype}: convert one with to("${x.dtype}")`,
    );
  }
  return stepped(x, values);
}
