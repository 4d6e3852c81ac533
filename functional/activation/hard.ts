/**
 * Piecewise straight stand-ins for smooth functions, and shrinkage.
 *
 * @module
 */

import { ValueError } from "../../kernels/mod.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { named } from "../dims.ts";
import { elementwise, type Unary } from "../elementwise/define.ts";
import * as f from "../elementwise/formula.ts";

/**
 * min(max(x + 3, 0), 6) / 6.
 *
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.hardsigmoid.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.hardsigmoid(tensor([-4, 0.6]))); // tensor([0.0000, 0.6000])
 * ```
 */
export const hardsigmoid: Unary = elementwise("hardsigmoid", (x) => f.div(f.min(f.max(f.add(x, 3), 0), 6), 6), {
  accepts: ["float"],
  gradients: [(grad, [x]) => f.where(f.and(f.gt(x!, -3), f.lt(x!, 3)), f.div(grad, 6), 0)],
});

/**
 * x · hardsigmoid(x).
 *
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.hardswish.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.hardswish(tensor([-4, 0.6]))); // tensor([-0.0000, 0.3600])
 * ```
 */
export const hardswish: Unary = elementwise(
  "hardswish",
  (x) => f.div(f.mul(x, f.min(f.max(f.add(x, 3), 0), 6)), 6),
  {
    accepts: ["float"],
    gradients: [(grad, [x]) => {
      const inside = f.mul(grad, f.add(f.div(x!, 3), 0.5));
      return f.where(f.lt(x!, -3), 0, f.where(f.gt(x!, 3), grad, inside));
    }],
  },
);

/**
 * x / (1 + |x|).
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.softsign.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.softsign(tensor([-1, 0.5]))); // tensor([-0.5000,  0.3333])
 * ```
 */
export const softsign: Unary = elementwise("softsign", (x) => f.div(x, f.add(1, f.abs(x))), {
  computes: "float",
  gradients: [(grad, [x]) => f.div(grad, f.square(f.add(1, f.abs(x!))))],
});

/**
 * x - tanh(x).
 *
 * @returns a tensor of the shape of x, in the default float dtype for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.tanhshrink.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.tanhshrink(tensor([-1, 0.5]))); // tensor([-0.2384,  0.0379])
 * ```
 */
export const tanhshrink: Unary = elementwise("tanhshrink", (x) => f.sub(x, f.tanh(x)), {
  computes: "float",
  gradients: [(grad, [x]) => f.mul(grad, f.square(f.tanh(x!)))],
});

const soft = elementwise("softshrink", (x, limit) => {
  const low = f.neg(limit);
  return f.where(f.gt(x, limit), f.sub(x, limit), f.where(f.lt(x, low), f.add(x, limit), 0));
}, {
  accepts: ["float"],
  gradients: [(grad, [x, limit]) => f.where(f.gt(f.abs(x!), limit!), grad, 0)],
});

const hard = elementwise("hardshrink", (x, limit) => {
  return f.where(f.and(f.ge(x, f.neg(limit)), f.le(x, limit)), 0, x);
}, {
  accepts: ["float"],
  gradients: [(grad, [x, limit]) => f.where(f.gt(f.abs(x!), limit!), grad, 0)],
});

/** Options of `softshrink` and `hardshrink`. */
export interface ShrinkOptions {
  /** Half the width of what becomes 0; 0.5 by default. */
  readonly lambd?: number;
}

/**
 * x drawn toward 0 by `lambd`, and 0 where that is farther than x is away.
 *
 * @param lambd half the width of what becomes 0; 0.5 by default; by position or in options
 * @throws {ValueError} for a negative lambd
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.softshrink.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.softshrink(tensor([-1, 0.3]))); // tensor([-0.5000,  0.0000])
 * ```
 */
export function softshrink(x: Tensor, lambd?: number | ShrinkOptions): Tensor {
  requireTensor("softshrink", "x", x);
  const limit = named<ShrinkOptions>(["lambd"], lambd).lambd ?? 0.5;
  if (!(limit >= 0)) throw new ValueError(`Cannot softshrink by ${limit}: lambd must not be negative`);
  return soft(x, limit);
}

/**
 * x where |x| > lambd, else 0.
 *
 * @param lambd half the width of what becomes 0; 0.5 by default; by position or in options
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.hardshrink.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.hardshrink(tensor([-1, 0.3]))); // tensor([-1.,  0.])
 * ```
 */
export function hardshrink(x: Tensor, lambd?: number | ShrinkOptions): Tensor {
  requireTensor("hardshrink", "x", x);
  return hard(x, named<ShrinkOptions>(["lambd"], lambd).lambd ?? 0.5);
}
