/**
 * The distribution of the inverse of gamma numbers.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { TransformedDistribution } from "./composed.ts";
import type { Constraint } from "./constraint.ts";
import * as constraints from "./constraints.ts";
import { argumentsOf, type Parameter } from "./distribution.ts";
import { PowerTransform } from "./elementwise_transforms.ts";
import { Gamma, type GammaOptions } from "./gamma.ts";

/**
 * The inverse gamma distribution, rate^concentration · x^(-concentration - 1) · e^(-rate / x) / Γ(concentration): that of 1 / x, x having a
 * gamma distribution.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.InverseGamma(3, 2);
 * console.log(d.mean, d.logProb(tensor(1.))); // tensor(1.) tensor(-0.6137)
 * ```
 *
 * @throws {ValueError} for a concentration or a rate that is not above 0
 * @see {@link https://pytorch.org/docs/stable/distributions.html#inversegamma}
 */
export class InverseGamma extends TransformedDistribution {
  /** Parameters by position or by name; they broadcast. */
  constructor(concentration: Parameter | GammaOptions, rate?: Parameter | GammaOptions, options?: GammaOptions) {
    const given = argumentsOf<GammaOptions>(["concentration", "rate"], concentration, rate, options);
    const gamma = new Gamma(given);
    super(gamma, new PowerTransform(-1), { validateArgs: given.validateArgs ?? null });
    Object.assign(this.argConstraints, gamma.argConstraints);
  }

  /** The distribution of x. */
  protected get gamma(): Gamma {
    return this.base as Gamma;
  }

  /** The shape, above 0. */
  get concentration(): Tensor {
    return this.gamma.concentration;
  }

  /** The scale, above 0. */
  get rate(): Tensor {
    return this.gamma.rate;
  }

  /** The values that it gives. */
  override get support(): Constraint {
    return constraints.positive;
  }

  /** The expected value; infinite for concentrations up to 1. */
  override get mean(): Tensor {
    const c = this.concentration;
    return F.where(c.gt(1), this.rate.div(c.sub(1)), Infinity);
  }

  /** The most probable value. */
  override get mode(): Tensor {
    return this.rate.div(this.concentration.add(1));
  }

  /** The expected square of the distance from the mean; infinite for concentrations up to 2. */
  override get variance(): Tensor {
    const c = this.concentration;
    return F.where(c.gt(2), this.rate.square().div(c.sub(1).square().mul(c.sub(2))), Infinity);
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    const c = this.concentration;
    return c.add(this.rate.log()).add(c.lgamma()).sub(c.add(1).mul(c.digamma()));
  }
}
