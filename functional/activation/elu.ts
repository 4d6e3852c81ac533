/**
 * Exponential linear units.
 *
 * @module
 */

import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { named } from "../dims.ts";
import { elementwise, type Unary } from "../elementwise/define.ts";
import * as f from "../elementwise/formula.ts";

const unit = elementwise("elu", (x, alpha) => f.where(f.gt(x, 0), x, f.mul(alpha, f.expm1(x))), {
  accepts: ["float"],
  gradients: [(grad, [x, alpha]) => f.where(f.gt(x!, 0), grad, f.mul(grad, f.mul(alpha!, f.exp(x!))))],
});

/** Options of `elu` and `celu`. */
export interface EluOptions {
  /** The bound below, -alpha; 1 by default. */
  readonly alpha?: number;
}

/**
 * x where x > 0, else alpha · (e^x - 1).
 *
 * @param alpha the bound below, -alpha; 1 by default; by position or in options
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.elu.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.elu(tensor([-1, 0.5]))); // tensor([-0.6321,  0.5000])
 * ```
 */
export function elu(x: Tensor, alpha?: number | EluOptions): Tensor {
  requireTensor("elu", "x", x);
  return unit(x, named<EluOptions>(["alpha"], alpha).alpha ?? 1);
}

const smooth = elementwise("celu", (x, alpha) => f.where(f.gt(x, 0), x, f.mul(alpha, f.expm1(f.div(x, alpha)))), {
  accepts: ["float"],
  gradients: [(grad, [x, alpha]) => f.where(f.gt(x!, 0), grad, f.mul(grad, f.exp(f.div(x!, alpha!))))],
});

/**
 * x where x > 0, else alpha · (e^(x / alpha) - 1).
 *
 * @param alpha the bound below, -alpha; 1 by default; by position or in options
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.celu.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.celu(tensor([-1, 0.5]), 2)); // tensor([-0.7869,  0.5000])
 * ```
 */
export function celu(x: Tensor, alpha?: number | EluOptions): Tensor {
  requireTensor("celu", "x", x);
  return smooth(x, named<EluOptions>(["alpha"], alpha).alpha ?? 1);
}

const ALPHA = 1.6732632423543772, SCALE = 1.0507009873554805;

/**
 * 1.0507 · x where x > 0, else 1.0507 · 1.6733 · (e^x - 1): keeps mean 0 and variance 1 through layers.
 *
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.selu.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.selu(tensor([-1, 0.5]))); // tensor([-1.1113,  0.5254])
 * ```
 */
export const selu: Unary = elementwise(
  "selu",
  (x) => f.where(f.gt(x, 0), f.mul(SCALE, x), f.mul(SCALE * ALPHA, f.expm1(x))),
  {
    accepts: ["float"],
    gradients: [(grad, [x]) => f.where(f.gt(x!, 0), f.mul(SCALE, grad), f.mul(grad, f.mul(SCALE * ALPHA, f.exp(x!))))],
  },
);
