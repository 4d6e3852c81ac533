/**
 * Gamma distributions and those made of gamma numbers.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { Shape, Tensor } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import { argumentsOf, broadcastAll, Distribution, type DistributionOptions, type Parameter } from "./distribution.ts";
import { tinyOf } from "./utils.ts";

/** Parameters of `Gamma`. */
export interface GammaOptions extends DistributionOptions {
  /** The shape, above 0. */
  readonly concentration?: Parameter;
  /** The inverse of the scale, above 0. */
  readonly rate?: Parameter;
}

/**
 * The gamma distribution, rate^concentration · x^(concentration - 1) · e^(-rate · x) / Γ(concentration). It has no `cdf` here.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.Gamma(2, 1);
 * console.log(d.mean, d.logProb(tensor(1))); // tensor(2.) tensor(-1.)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#gamma}
 */
export class Gamma extends Distribution {
  /** The shape, above 0. */
  readonly concentration: Tensor;
  /** The inverse of the scale, above 0. */
  readonly rate: Tensor;

  /** Parameters by position or by name; they broadcast. */
  constructor(concentration: Parameter | GammaOptions, rate?: Parameter | GammaOptions, options?: GammaOptions) {
    const given = argumentsOf<GammaOptions>(["concentration", "rate"], concentration, rate, options);
    const parameters = broadcastAll("Gamma", { concentration: given.concentration, rate: given.rate });
    super(parameters[0]!.shape, [], given.validateArgs);
    [this.concentration, this.rate] = parameters as [Tensor, Tensor];
    this.requireArgs({
      concentration: [this.concentration, constraints.positive],
      rate: [this.rate, constraints.positive],
    });
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.nonnegative;
  }

  /** Whether `rsample` exists. */
  override get hasRsample(): boolean {
    return true;
  }

  /** The expected value. */
  override get mean(): Tensor {
    return this.concentration.div(this.rate);
  }

  /** The most probable value. */
  override get mode(): Tensor {
    return this.concentration.sub(1).div(this.rate).clamp({ min: 0 });
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    return this.concentration.div(this.rate.square());
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    const drawn = F.standardGamma(this.extended(this.concentration, shape)).div(this.rate);
    return drawn.clamp({ min: tinyOf(drawn.dtype) });
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const c = this.concentration;
    return c.xlogy(this.rate).add(c.sub(1).xlogy(value)).sub(this.rate.mul(value)).sub(c.lgamma());
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    const c = this.concentration;
    return c.sub(this.rate.log()).add(c.lgamma()).add(c.neg().add(1).mul(c.digamma()));
  }
}

/** Parameters of `Chi2`. */
export interface Chi2Options extends DistributionOptions {
  /** The degrees of freedom, above 0. */
  readonly df?: Parameter;
}

/**
 * The distribution of the sum of `df` squares of normal numbers: x^(df / 2 - 1) · e^(-x / 2) / (2^(df / 2) · Γ(df / 2)).
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.Chi2(2);
 * console.log(d.mean, d.logProb(tensor(1))); // tensor(2.) tensor(-1.1931)
 * ```
 *
 * @throws {ValueError} for a df that is not above 0
 * @see {@link https://pytorch.org/docs/stable/distributions.html#chi2}
 */
export class Chi2 extends Gamma {
  /** Parameters by position or by name. */
  constructor(df: Parameter | Chi2Options, options?: Chi2Options) {
    const given = argumentsOf<Chi2Options>(["df"], df, options);
    const [freedom] = broadcastAll("Chi2", { df: given.df }) as [Tensor];
    super(freedom.mul(0.5), 0.5, { validateArgs: given.validateArgs ?? null });
  }

  /** The degrees of freedom. */
  get df(): Tensor {
    return this.concentration.mul(2);
  }
}
