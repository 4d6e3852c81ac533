/**
 * Rounding. The gradient is 0, but for `frac`, where it passes through.
 *
 * @module
 */

import type { Tensor } from "../../tensor/tensor.ts";
import { elementwise, type Unary } from "./define.ts";
import * as f from "./formula.ts";
import type { Expr } from "./formula.ts";

const gradients = [(grad: Expr) => f.number(0, grad)];

/**
 * The largest integer <= x.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.floor.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.floor(tensor([0.5, -1.5]))); // tensor([ 0., -2.])
 * ```
 */
export const floor: Unary = elementwise("floor", f.floor, { gradients });
/**
 * The smallest integer >= x.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.ceil.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.ceil(tensor([0.5, -1.5]))); // tensor([ 1., -1.])
 * ```
 */
export const ceil: Unary = elementwise("ceil", f.ceil, { gradients });
/**
 * x without its fraction.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.trunc.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.trunc(tensor([0.5, -1.5]))); // tensor([ 0., -1.])
 * ```
 */
export const trunc: Unary = elementwise("trunc", f.trunc, { gradients });
/**
 * The fraction of x, with its sign.
 *
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.frac.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.frac(tensor([0.5, -1.25]))); // tensor([ 0.5000, -0.2500])
 * ```
 */
export const frac: Unary = elementwise("frac", (x) => f.sub(x, f.trunc(x)), {
  accepts: ["float"],
  gradients: [(grad) => grad],
});

const nearest = elementwise("round", f.round, { gradients });
const decimal = elementwise("round", (x, ten) => f.div(f.round(f.mul(x, ten)), ten), {
  accepts: ["float"],
  gradients,
});
const tens = elementwise("round", (x, ten) => f.mul(f.round(f.div(x, ten)), ten), { accepts: ["float"], gradients });

/**
 * The nearest integer, halves to the even one; or the nearest number of `decimals` digits.
 *
 * @param options `decimals`: digits behind the point, before it where negative; 0 by default
 * @throws {DTypeError} for integers and bools with decimals
 * @see {@link https://pytorch.org/docs/stable/generated/torch.round.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.round(tensor([2.345, -1.5]), { decimals: 2 })); // tensor([ 2.3400, -1.5000])
 * ```
 */
export function round(x: Tensor, { decimals = 0 }: { readonly decimals?: number } = {}): Tensor {
  if (decimals === 0) return nearest(x);
  return decimals > 0 ? decimal(x, 10 ** decimals) : tens(x, 10 ** -decimals);
}
