/**
 * Exponentials and logarithms.
 *
 * @module
 */

import { expr } from "../../kernels/mod.ts";
import { type Binary, type BinaryOfTensors, elementwise, type Unary } from "./define.ts";
import * as f from "./formula.ts";

/**
 * e^x.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.exp.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.exp(tensor([0, 1]))); // tensor([1.0000, 2.7183])
 * ```
 */
export const exp: Unary = elementwise("exp", f.exp, {
  computes: "float",
  gradients: [(grad, _x, y) => f.mul(grad, y)],
});

/**
 * 2^x.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.exp2.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.exp2(tensor([0, 3]))); // tensor([1., 8.])
 * ```
 */
export const exp2: Unary = elementwise("exp2", (x) => expr.unary("exp2", x), {
  computes: "float",
  gradients: [(grad, _x, y) => f.mul(grad, f.mul(y, Math.LN2))],
});

/**
 * e^x - 1, exact for small x.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.expm1.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.expm1(tensor([1e-10, 1]))); // tensor([1.0000e-10, 1.7183e+00])
 * ```
 */
export const expm1: Unary = elementwise("expm1", f.expm1, {
  computes: "float",
  gradients: [(grad, _x, y) => f.mul(grad, f.add(y, 1))],
});

/**
 * ln x.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.log.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.log(tensor([1, 10]))); // tensor([0.0000, 2.3026])
 * ```
 */
export const log: Unary = elementwise("log", f.log, { computes: "float", gradients: [(grad, [x]) => f.div(grad, x!)] });

/**
 * log₂ x.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.log2.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.log2(tensor([1, 8]))); // tensor([0., 3.])
 * ```
 */
export const log2: Unary = elementwise("log2", (x) => expr.unary("log2", x), {
  computes: "float",
  gradients: [(grad, [x]) => f.div(grad, f.mul(x!, Math.LN2))],
});

/**
 * log₁₀ x.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.log10.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.log10(tensor([1, 1000]))); // tensor([0., 3.])
 * ```
 */
export const log10: Unary = elementwise("log10", (x) => expr.unary("log10", x), {
  computes: "float",
  gradients: [(grad, [x]) => f.div(grad, f.mul(x!, Math.LN10))],
});

/**
 * ln(1 + x), exact for small x.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.log1p.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.log1p(tensor([1e-10, 1]))); // tensor([1.0000e-10, 6.9315e-01])
 * ```
 */
export const log1p: Unary = elementwise("log1p", f.log1p, {
  computes: "float",
  gradients: [(grad, [x]) => f.div(grad, f.add(x!, 1))],
});

/**
 * ln(e^a + e^b), without overflow.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number in place of a tensor
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.logaddexp.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.logaddexp(tensor([1000.5]), tensor([1000.5]))); // tensor([1001.1932])
 * ```
 */
export const logaddexp: BinaryOfTensors = elementwise("logaddexp", (a, b) => {
  const sum = f.add(f.max(a, b), f.log1p(f.exp(f.neg(f.abs(f.sub(a, b))))));
  return f.where(f.and(f.eq(a, b), f.isinf(a)), a, sum);
}, {
  tensors: 2,
  accepts: ["float"],
  gradients: [
    (grad, [a, b]) => f.div(grad, f.add(1, f.exp(f.sub(b!, a!)))),
    (grad, [a, b]) => f.div(grad, f.add(1, f.exp(f.sub(a!, b!)))),
  ],
});

/**
 * log₂(2^a + 2^b), without overflow.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number in place of a tensor
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.logaddexp2.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.logaddexp2(tensor([3.5]), tensor([3.5]))); // tensor([4.5000])
 * ```
 */
export const logaddexp2: BinaryOfTensors = elementwise("logaddexp2", (a, b) => {
  const small = expr.unary("exp2", f.neg(f.abs(f.sub(a, b))));
  const sum = f.add(f.max(a, b), f.mul(f.log1p(small), Math.LOG2E));
  return f.where(f.and(f.eq(a, b), f.isinf(a)), a, sum);
}, {
  tensors: 2,
  accepts: ["float"],
  gradients: [
    (grad, [a, b]) => f.div(grad, f.add(1, expr.unary("exp2", f.sub(b!, a!)))),
    (grad, [a, b]) => f.div(grad, f.add(1, expr.unary("exp2", f.sub(a!, b!)))),
  ],
});

/**
 * x · ln y, which is 0 where x is 0.
 *
 * @returns a tensor of the common shape, in the default float dtype for integers and bools
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for two numbers: one operand must be a tensor
 * @see {@link https://pytorch.org/docs/stable/generated/torch.xlogy.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.xlogy(tensor([0, 2]), tensor([0, Math.E]))); // tensor([0., 2.])
 * ```
 */
export const xlogy: Binary = elementwise(
  "xlogy",
  (x, y) => f.where(f.and(f.eq(x, 0), expr.unary("not", f.isnan(y))), 0, f.mul(x, f.log(y))),
  {
    computes: "float",
    gradients: [
      (grad, [x, y]) => f.where(f.and(f.eq(x!, 0), f.le(y!, 0)), 0, f.mul(grad, f.log(y!))),
      (grad, [x, y]) => f.div(f.mul(grad, x!), y!),
    ],
  },
);
