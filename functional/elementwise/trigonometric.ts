/**
 * Circular and hyperbolic functions and their inverses; angles are in radians.
 *
 * @module
 */

import { expr, type UnaryOp } from "../../kernels/mod.ts";
import { type BinaryOfTensors, elementwise, type Unary } from "./define.ts";
import type { Gradient } from "./derive.ts";
import * as f from "./formula.ts";

function define(op: UnaryOp, gradient?: Gradient): Unary {
  return elementwise(op, (x) => expr.unary(op, x), { computes: "float", gradients: [gradient] });
}

/**
 * sin x.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.sin.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.sin(tensor([0, Math.PI / 2]))); // tensor([0., 1.])
 * ```
 */
export const sin: Unary = define("sin");
/**
 * cos x.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.cos.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.cos(tensor([0, Math.PI]))); // tensor([ 1., -1.])
 * ```
 */
export const cos: Unary = define("cos");
/**
 * tan x.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.tan.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.tan(tensor([0, 1]))); // tensor([0.0000, 1.5574])
 * ```
 */
export const tan: Unary = define("tan", (grad, _x, y) => f.mul(grad, f.add(1, f.square(y))));
/**
 * The angle in [-π/2, π/2] whose sine is x.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.asin.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.asin(tensor([0, 1]))); // tensor([0.0000, 1.5708])
 * ```
 */
export const asin: Unary = define("asin");
/**
 * The angle in [0, π] whose cosine is x.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.acos.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.acos(tensor([0, 1]))); // tensor([1.5708, 0.0000])
 * ```
 */
export const acos: Unary = define("acos");
/**
 * The angle in (-π/2, π/2) whose tangent is x.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.atan.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.atan(tensor([0, 1]))); // tensor([0.0000, 0.7854])
 * ```
 */
export const atan: Unary = define("atan");
/**
 * (e^x - e^-x) / 2.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.sinh.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.sinh(tensor([0, 1]))); // tensor([0.0000, 1.1752])
 * ```
 */
export const sinh: Unary = define("sinh");
/**
 * (e^x + e^-x) / 2.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.cosh.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.cosh(tensor([0, 1]))); // tensor([1.0000, 1.5431])
 * ```
 */
export const cosh: Unary = define("cosh");
/**
 * (e^x - e^-x) / (e^x + e^-x).
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.tanh.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.tanh(tensor([0, 1]))); // tensor([0.0000, 0.7616])
 * ```
 */
export const tanh: Unary = define("tanh", (grad, _x, y) => f.mul(grad, f.sub(1, f.square(y))));
/**
 * The inverse of sinh.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.asinh.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.asinh(tensor([0, 1]))); // tensor([0.0000, 0.8814])
 * ```
 */
export const asinh: Unary = define("asinh");
/**
 * The inverse of cosh, for x >= 1.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.acosh.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.acosh(tensor([1, 2]))); // tensor([0.0000, 1.3170])
 * ```
 */
export const acosh: Unary = define("acosh");
/**
 * The inverse of tanh, for -1 < x < 1.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.atanh.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.atanh(tensor([0, 0.5]))); // tensor([0.0000, 0.5493])
 * ```
 */
export const atanh: Unary = define("atanh");

/**
 * The angle of the point (x, y), in (-π, π].
 *
 * @returns a tensor of the common shape, in the default float dtype for integers and bools
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number in place of a tensor
 * @see {@link https://pytorch.org/docs/stable/generated/torch.atan2.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.atan2(tensor([1, -1]), tensor([1, -1]))); // tensor([ 0.7854, -2.3562])
 * ```
 */
export const atan2: BinaryOfTensors = elementwise("atan2", (y, x) => expr.binary("atan2", y, x), {
  tensors: 2,
  computes: "float",
  gradients: [
    (grad, [y, x]) => f.div(f.mul(grad, x!), f.add(f.square(x!), f.square(y!))),
    (grad, [y, x]) => f.div(f.mul(grad, f.neg(y!)), f.add(f.square(x!), f.square(y!))),
  ],
});

/**
 * √(a² + b²), without overflow in between.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number in place of a tensor
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.hypot.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.hypot(tensor([3.5]), tensor([4.5]))); // tensor([5.7009])
 * ```
 */
export const hypot: BinaryOfTensors = elementwise("hypot", (a, b) => {
  const x = f.abs(a), y = f.abs(b);
  const large = f.max(x, y), ratio = f.div(f.min(x, y), large);
  const length = f.mul(large, f.sqrt(f.add(1, f.square(ratio))));
  const infinite = f.or(f.isinf(a), f.isinf(b));
  return f.where(infinite, Infinity, f.where(f.eq(large, 0), 0, length));
}, {
  tensors: 2,
  accepts: ["float"],
  gradients: [(grad, [a], y) => f.mul(grad, f.div(a!, y)), (grad, [, b], y) => f.mul(grad, f.div(b!, y))],
});

/**
 * x degrees in radians.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.deg2rad.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.deg2rad(tensor([90, 180]))); // tensor([1.5708, 3.1416])
 * ```
 */
export const deg2rad: Unary = elementwise("deg2rad", (x) => f.mul(x, Math.PI / 180), { computes: "float" });

/**
 * x radians in degrees.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.rad2deg.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.rad2deg(tensor([0, Math.PI]))); // tensor([  0., 180.])
 * ```
 */
export const rad2deg: Unary = elementwise("rad2deg", (x) => f.mul(x, 180 / Math.PI), { computes: "float" });
