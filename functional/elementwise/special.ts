/**
 * Functions of statistics: sigmoid, error function, gamma function and their kin.
 *
 * @module
 */

import { expr } from "../../kernels/mod.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { elementwise, type Unary } from "./define.ts";
import * as f from "./formula.ts";

/**
 * 1 / (1 + e^-x).
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.sigmoid.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.sigmoid(tensor([0, 2]))); // tensor([0.5000, 0.8808])
 * ```
 */
export const sigmoid: Unary = elementwise("sigmoid", f.sigmoid, {
  computes: "float",
  gradients: [(grad, _x, y) => f.mul(grad, f.mul(y, f.sub(1, y)))],
});

const logitOf = elementwise("logit", (x) => f.log(f.div(x, f.sub(1, x))), {
  computes: "float",
  gradients: [(grad, [x]) => f.where(f.or(f.lt(x!, 0), f.gt(x!, 1)), NaN, f.div(grad, f.mul(x!, f.sub(1, x!))))],
});
const clampedLogit = elementwise("logit", (x, eps) => {
  const inside = f.max(eps, f.min(x, f.sub(1, eps)));
  return f.log(f.div(inside, f.sub(1, inside)));
}, {
  computes: "float",
  gradients: [(grad, [x, eps]) => {
    const outside = f.or(f.lt(x!, eps!), f.gt(x!, f.sub(1, eps!)));
    return f.where(outside, 0, f.div(grad, f.mul(x!, f.sub(1, x!))));
  }],
});

/**
 * ln(x / (1 - x)), the inverse of sigmoid; with `eps`, of x clamped to [eps, 1 - eps].
 *
 * @param options `eps`: keeps x this far from 0 and 1; without it, x outside of [0, 1] gives NaN
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.logit.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.logit(tensor([0.25, 0.5]))); // tensor([-1.0986,  0.0000])
 * ```
 */
export function logit(x: Tensor, { eps }: { readonly eps?: number } = {}): Tensor {
  return eps === undefined ? logitOf(x) : clampedLogit(x, eps);
}

/**
 * 2/√π · ∫₀ˣ e^(-t²) dt.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.erf.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.erf(tensor([0, 1]))); // tensor([0.0000, 0.8427])
 * ```
 */
export const erf: Unary = elementwise("erf", f.erf, { computes: "float" });

/**
 * 1 - erf x, exact for large x.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.erfc.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.erfc(tensor([0, 1]))); // tensor([1.0000, 0.1573])
 * ```
 */
export const erfc: Unary = elementwise("erfc", (x) => expr.unary("erfc", x), { computes: "float" });

/**
 * The inverse of erf, for -1 < x < 1.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.erfinv.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.erfinv(tensor([0, 0.5]))); // tensor([0.0000, 0.4769])
 * ```
 */
export const erfinv: Unary = elementwise("erfinv", (x) => expr.unary("erfinv", x), {
  computes: "float",
  gradients: [(grad, _x, y) => f.mul(f.mul(Math.sqrt(Math.PI) / 2, f.exp(f.square(y))), grad)],
});

/**
 * ln |Γ(x)|.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.lgamma.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.lgamma(tensor([1, 10]))); // tensor([ 0.0000, 12.8018])
 * ```
 */
export const lgamma: Unary = elementwise("lgamma", (x) => expr.unary("lgamma", x), { computes: "float" });

/**
 * The derivative of lgamma.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.digamma.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.digamma(tensor([1, 2]))); // tensor([-0.5772,  0.4228])
 * ```
 */
export const digamma: Unary = elementwise("digamma", (x) => expr.unary("digamma", x), { computes: "float" });

/**
 * sin(πx) / (πx), 1 at 0.
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.sinc.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.sinc(tensor([0, 0.5]))); // tensor([1.0000, 0.6366])
 * ```
 */
export const sinc: Unary = elementwise("sinc", (x) => {
  const angle = f.mul(x, Math.PI);
  return f.where(f.eq(x, 0), 1, f.div(expr.unary("sin", angle), angle));
}, {
  computes: "float",
  gradients: [(grad, [x]) => {
    const angle = f.mul(x!, Math.PI);
    const slope = f.div(f.sub(f.mul(angle, expr.unary("cos", angle)), expr.unary("sin", angle)), f.mul(angle, x!));
    return f.where(f.eq(x!, 0), 0, f.mul(grad, slope));
  }],
});
