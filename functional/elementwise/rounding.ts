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

/** The largest integer <= x. */
export const floor: Unary = elementwise("floor", f.floor, { gradients });
/** The smallest integer >= x. */
export const ceil: Unary = elementwise("ceil", f.ceil, { gradients });
/** x without its fraction. */
export const trunc: Unary = elementwise("trunc", f.trunc, { gradients });
/** The fraction of x, with its sign. */
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

/** The nearest integer, halves to the even one; or the nearest number of `decimals` digits. */
export function round(x: Tensor, { decimals = 0 }: { readonly decimals?: number } = {}): Tensor {
  if (decimals === 0) return nearest(x);
  return decimals > 0 ? decimal(x, 10 ** decimals) : tens(x, 10 ** -decimals);
}
