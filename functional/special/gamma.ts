/**
 * The incomplete gamma functions, and the gamma function of several dimensions.
 *
 * @module
 */

import { AutogradError, DTypeError, expr, ValueError } from "../../kernels/mod.ts";
import { arange } from "../../tensor/ranges.ts";
import { floatType } from "../../tensor/promotion.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { add, sub } from "../elementwise/arithmetic.ts";
import { type BinaryOfTensors, elementwise } from "../elementwise/define.ts";
import type { Gradients } from "../elementwise/derive.ts";
import * as f from "../elementwise/formula.ts";
import type { Expr } from "../elementwise/formula.ts";
import { lgamma } from "../elementwise/special.ts";
import { unsqueeze } from "../movement/mod.ts";
import { sum } from "../reduction/sum.ts";
import { PHI, TEMME } from "./gamma_tables.ts";
import { powers, series } from "./series.ts";

/** From here on the asymptotic expansion holds. */
const LARGE = 20;

/** x^a e^-x / Γ(a + 1), by (x - a)²/a where a is large, so that no logarithms cancel. */
function density(a: Expr, x: Expr, deviation: Expr): Expr {
  // The power by itself is more precise than the exponential of a large logarithm, while it does not overflow.
  const factorial = expr.unary("lgamma", f.add(a, 1));
  const product = f.mul(f.pow(x, a), f.exp(f.neg(f.add(x, factorial))));
  const small = f.where(f.lt(x, 50), product, f.exp(f.sub(f.sub(f.mul(a, f.log(x)), x), factorial)));
  const inverse = f.div(1, a);
  const stirling = powers(inverse, [1, 1 / 12, 1 / 288, -139 / 51840, -571 / 2488320, 163879 / 209018880]);
  const large = f.div(f.exp(f.neg(f.mul(a, deviation))), f.mul(f.sqrt(f.mul(a, 2 * Math.PI)), stirling));
  return f.where(f.lt(a, LARGE), small, large);
}

/** The share below x, or above it: a series below the mean, a continued fraction above, Temme's expansion around large means. */
function share(a: Expr, x: Expr, above: boolean): Expr {
  const wide = a.dtype === "float64";
  const m = f.div(f.sub(x, a), a);
  const phi = series(f.mul(f.sub(m, 0.35), 1 / 1.05), PHI);
  const central = f.and(f.lt(f.abs(f.sub(m, 0.35)), 1.05), f.ge(a, LARGE));
  const deviation = f.where(central, f.mul(f.square(m), phi), f.sub(m, f.log(f.div(x, a))));
  const scale = density(a, x, deviation);

  let term: Expr = f.number(1, a), total: Expr = f.number(1, a);
  for (let k = 1; k <= (wide ? 50 : 32); k++) {
    term = f.mul(term, f.div(x, f.add(a, k)));
    total = f.add(total, term);
  }
  const below = f.mul(scale, total);

  const depth = wide ? 60 : 24, first = f.sub(f.add(x, 1), a);
  let fraction = f.add(first, 2 * depth);
  for (let k = depth - 1; k >= 0; k--) {
    fraction = f.sub(f.add(first, 2 * k), f.div(f.mul(f.sub(k + 1, a), k + 1), fraction));
  }
  const beyond = f.div(f.mul(scale, a), fraction);

  const eta = f.mul(m, f.sqrt(f.mul(phi, 2)));
  const inverse = f.div(1, a);
  const corrections = TEMME.slice(0, wide ? TEMME.length : 3)
    .reduceRight<Expr>((sum, c) => f.add(f.mul(sum, inverse), powers(eta, c)), f.number(0, a));
  const rest = f.mul(f.div(f.exp(f.neg(f.mul(a, deviation))), f.sqrt(f.mul(a, 2 * Math.PI))), corrections);
  const side = f.mul(eta, f.sqrt(f.mul(a, 0.5)));
  const half = f.mul(expr.unary("erfc", above ? side : f.neg(side)), 0.5);
  const around = above ? f.add(half, rest) : f.sub(half, rest);

  const left = f.lt(x, f.add(a, 1));
  const apart = above ? f.where(left, f.sub(1, below), beyond) : f.where(left, below, f.sub(1, beyond));
  return f.where(central, around, apart);
}

/** Limits as in PyTorch: everything lies at 0 for a = 0, and nothing for infinite a. */
function incomplete(a: Expr, x: Expr, above: boolean): Expr {
  const none = above ? 1 : 0, all = above ? 0 : 1;
  const inner = f.where(f.eq(x, 0), none, f.where(f.isinf(x), all, share(a, x, above)));
  const huge = f.where(f.isinf(a), f.where(f.isinf(x), f.number(NaN, x), none), inner);
  const empty = f.where(f.eq(a, 0), f.where(f.gt(x, 0), f.number(all, x), NaN), huge);
  return f.where(f.or(f.lt(x, 0), f.lt(a, 0)), NaN, empty);
}

function gradients(sign: 1 | -1): Gradients {
  return [
    () => {
      throw new AutogradError("Cannot differentiate igamma or igammac with respect to a: detach() it");
    },
    (grad, [a, x]) => {
      const exponent = f.sub(f.sub(f.mul(f.sub(a!, 1), f.log(x!)), x!), expr.unary("lgamma", a!));
      return f.mul(f.mul(grad, sign), f.exp(exponent));
    },
  ];
}

/**
 * The regularized lower incomplete gamma function P(a, x) = 1/Γ(a) · ∫₀ˣ t^(a - 1) e^-t dt.
 *
 * Float tensors that broadcast together; plain numbers and other dtypes are refused. NaN where a or x is negative. There is a
 * gradient with respect to x only.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number in place of a tensor
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.gammainc}
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.igamma(tensor([4.5]), tensor([3, 4.5, 6]))); // tensor([0.2601, 0.5627, 0.7867])
 * ```
 */
export const igamma: BinaryOfTensors = elementwise("igamma", (a, x) => incomplete(a, x, false), {
  tensors: 2,
  accepts: ["float"],
  gradients: gradients(1),
});

/**
 * The regularized upper incomplete gamma function Q(a, x) = 1 - P(a, x) = 1/Γ(a) · ∫ₓ^∞ t^(a - 1) e^-t dt.
 *
 * Float tensors that broadcast together; plain numbers and other dtypes are refused. NaN where a or x is negative. There is a
 * gradient with respect to x only.
 *
 * @throws {ShapeError} where the shapes do not broadcast
 * @throws {ValueError} for a number in place of a tensor
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.gammaincc}
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.igammac(tensor([4.5]), tensor([3, 4.5, 6]))); // tensor([0.7399, 0.4373, 0.2133])
 * ```
 */
export const igammac: BinaryOfTensors = elementwise("igammac", (a, x) => incomplete(a, x, true), {
  tensors: 2,
  accepts: ["float"],
  gradients: gradients(-1),
});

/**
 * The logarithm of the gamma function of dimension p: p (p - 1) / 4 · ln π + Σ ln |Γ(x - j/2)| over j = 0, …, p - 1.
 *
 * `p` is a whole number >= 1, or a `ValueError` is thrown; bools are refused, integers give floats.
 *
 * @throws {ValueError} for a p that is no whole number from 1
 * @throws {DTypeError} for bools
 * @see {@link https://pytorch.org/docs/stable/special.html#torch.special.multigammaln}
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.mvlgamma(tensor([2, 3]), 2)); // tensor([0.4516, 1.5502])
 * ```
 */
export function mvlgamma(x: Tensor, p: number): Tensor {
  requireTensor("mvlgamma", "x", x);
  if (!Number.isInteger(p) || p < 1) {
    throw new ValueError(`Cannot take mvlgamma of dimension ${p}: it is a whole number >= 1`);
  }
  if (x.dtype === "bool") throw new DTypeError('Cannot take mvlgamma of bool: convert it with to("float32")');
  const steps = arange(0, p / 2, 0.5, { dtype: floatType(x.dtype), device: x.device });
  return add(sum(lgamma(sub(unsqueeze(x, -1), steps)), -1), (p * (p - 1) / 4) * Math.log(Math.PI));
}
