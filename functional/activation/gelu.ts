/**
 * Units gated by a normal or logistic distribution.
 *
 * @module
 */

import { ValueError } from "../../kernels/mod.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { named } from "../dims.ts";
import { elementwise, type Unary } from "../elementwise/define.ts";
import * as f from "../elementwise/formula.ts";
import type { Expr } from "../elementwise/formula.ts";

/** Φ(x), the chance that a standard normal number is below x. */
function normal(x: Expr): Expr {
  return f.mul(0.5, f.add(1, f.erf(f.mul(x, Math.SQRT1_2))));
}

const exact = elementwise("gelu", (x) => f.mul(x, normal(x)), {
  accepts: ["float"],
  gradients: [(grad, [x]) => {
    const density = f.mul(1 / Math.sqrt(2 * Math.PI), f.exp(f.mul(-0.5, f.square(x!))));
    return f.mul(grad, f.add(normal(x!), f.mul(x!, density)));
  }],
});

function innerOf(x: Expr): Expr {
  return f.mul(Math.sqrt(2 / Math.PI), f.add(x, f.mul(0.044715, f.mul(x, f.square(x)))));
}

const approximate = elementwise("gelu", (x) => f.mul(f.mul(0.5, x), f.add(1, f.tanh(innerOf(x)))), {
  accepts: ["float"],
  gradients: [(grad, [x]) => {
    const t = f.tanh(innerOf(x!));
    const slope = f.mul(Math.sqrt(2 / Math.PI), f.add(1, f.mul(3 * 0.044715, f.square(x!))));
    const rest = f.mul(f.mul(f.mul(0.5, x!), f.sub(1, f.square(t))), slope);
    return f.mul(grad, f.add(f.mul(0.5, f.add(1, t)), rest));
  }],
});

/** Options of `gelu`. */
export interface GeluOptions {
  /** `"none"` by default; `"tanh"`: x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 · x³))). */
  readonly approximate?: "none" | "tanh";
}

/**
 * x · Φ(x), where Φ is the normal distribution.
 *
 * @param options `approximate`: "none" by default; "tanh" for x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 · x³)))
 * @throws {ValueError} for another `approximate`
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.gelu.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.gelu(tensor([-1, 0.5]))); // tensor([-0.1587,  0.3457])
 * ```
 */
export function gelu(x: Tensor, options?: GeluOptions): Tensor {
  const kind = options?.approximate ?? "none";
  if (kind !== "none" && kind !== "tanh") {
    throw new ValueError(`Cannot apply gelu with approximate "${kind}": it is "none" or "tanh"`);
  }
  return kind === "tanh" ? approximate(x) : exact(x);
}

/**
 * x · sigmoid(x).
 *
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.silu.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.silu(tensor([-1, 0.5]))); // tensor([-0.2689,  0.3112])
 * ```
 */
export const silu: Unary = elementwise("silu", (x) => f.mul(x, f.sigmoid(x)), {
  accepts: ["float"],
  gradients: [(grad, [x]) => {
    const s = f.sigmoid(x!);
    return f.mul(grad, f.mul(s, f.add(1, f.mul(x!, f.sub(1, s)))));
  }],
});

/**
 * x · tanh(softplus(x)).
 *
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.mish.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.mish(tensor([-1, 0.5]))); // tensor([-0.3034,  0.3752])
 * ```
 */
export const mish: Unary = elementwise("mish", (x) => f.mul(x, f.tanh(f.softplus(x))), {
  accepts: ["float"],
  gradients: [(grad, [x]) => {
    const t = f.tanh(f.softplus(x!));
    return f.mul(grad, f.add(t, f.mul(f.mul(x!, f.sigmoid(x!)), f.sub(1, f.square(t)))));
  }],
});

const plus = elementwise("softplus", (x, beta, threshold) => {
  const z = f.mul(x, beta);
  return f.where(f.gt(z, threshold), x, f.div(f.softplus(z), beta));
}, {
  accepts: ["float"],
  gradients: [(grad, [x, beta, threshold]) => {
    const z = f.mul(x!, beta!);
    return f.where(f.gt(z, threshold!), grad, f.mul(grad, f.sigmoid(z)));
  }],
});

/** Options of `softplus`. */
export interface SoftplusOptions {
  /** Sharpness; 1 by default. */
  readonly beta?: number;
  /** Above this beta · x the function is x; 20 by default. */
  readonly threshold?: number;
}

/**
 * ln(1 + e^(beta · x)) / beta, a smooth relu.
 *
 * @param beta sharpness; 1 by default; by position or in options
 * @param threshold above this beta · x the result is x itself; 20 by default
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.softplus.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.softplus(tensor([-1, 0.5]))); // tensor([0.3133, 0.9741])
 * ```
 */
export function softplus(x: Tensor, beta?: number | SoftplusOptions, threshold?: number): Tensor {
  requireTensor("softplus", "x", x);
  const options = named<SoftplusOptions>(["beta", "threshold"], beta, threshold);
  return plus(x, options.beta ?? 1, options.threshold ?? 20);
}

/**
 * ln sigmoid(x), without overflow.
 *
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.logsigmoid.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.logsigmoid(tensor([-100, 0.5]))); // tensor([-100.0000,   -0.4741])
 * ```
 */
export const logsigmoid: Unary = elementwise(
  "logSigmoid",
  (x) => f.sub(f.min(x, 0), f.log1p(f.exp(f.neg(f.abs(x))))),
  { accepts: ["float"], gradients: [(grad, [x]) => f.div(grad, f.add(1, f.exp(x!)))] },
);
