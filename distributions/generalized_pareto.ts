/**
 * The distribution of what exceeds a high threshold.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { rand, type Shape, type Tensor } from "../tensor/mod.ts";
import type { Constraint } from "./constraint.ts";
import * as constraints from "./constraints.ts";
import { argumentsOf, broadcastAll, Distribution, type DistributionOptions, type Parameter } from "./distribution.ts";

/** Parameters of `GeneralizedPareto`. */
export interface GeneralizedParetoOptions extends DistributionOptions {
  /** The least value. */
  readonly loc?: Parameter;
  /** How wide it is, above 0. */
  readonly scale?: Parameter;
  /** How heavy the tail is: 0 is that of the exponential distribution, -1 makes it uniform. */
  readonly concentration?: Parameter;
}

/**
 * The generalized Pareto distribution, (1 + c · z)^(-1 / c - 1) / scale with z = (x - loc) / scale and c the concentration; e^(-z) / scale
 * for c = 0. Values are at least loc and, for c < 0, at most loc - scale / c.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.GeneralizedPareto(0, 2, 0.25);
 * console.log(d.mean, d.cdf(tensor(2.))); // tensor(2.6667) tensor(0.5904)
 * ```
 *
 * @throws {ValueError} for a scale that is not above 0
 * @see {@link https://pytorch.org/docs/stable/distributions.html#generalizedpareto}
 */
export class GeneralizedPareto extends Distribution {
  /** The least value. */
  readonly loc: Tensor;
  /** How wide it is, above 0. */
  readonly scale: Tensor;
  /** How heavy the tail is. */
  readonly concentration: Tensor;

  /** Parameters by position or by name; they broadcast. */
  constructor(
    loc: Parameter | GeneralizedParetoOptions,
    scale?: Parameter | GeneralizedParetoOptions,
    concentration?: Parameter | GeneralizedParetoOptions,
    options?: GeneralizedParetoOptions,
  ) {
    const names = ["loc", "scale", "concentration"] as const;
    const given = argumentsOf<GeneralizedParetoOptions>(names, loc, scale, concentration, options);
    const { loc: from, scale: width, concentration: tail } = given;
    const parameters = broadcastAll("GeneralizedPareto", { loc: from, scale: width, concentration: tail });
    super(parameters[0]!.shape, [], given.validateArgs);
    [this.loc, this.scale, this.concentration] = parameters as [Tensor, Tensor, Tensor];
    this.requireArgs({
      loc: [this.loc, constraints.real],
      scale: [this.scale, constraints.positive],
      concentration: [this.concentration, constraints.real],
    });
  }

  /** The values that it gives. */
  override get support(): Constraint {
    const end = this.loc.sub(this.scale.div(this.concentration));
    return constraints.interval(this.loc, F.where(this.concentration.lt(0), end, Infinity));
  }

  /** Whether `rsample` exists. */
  override get hasRsample(): boolean {
    return true;
  }

  /** The expected value; infinite for concentrations from 1. */
  override get mean(): Tensor {
    const finite = this.concentration.lt(1), c = F.where(finite, this.concentration, 0.5);
    return F.where(finite, this.loc.add(this.scale.div(c.neg().add(1))), Infinity);
  }

  /** The most probable value. */
  override get mode(): Tensor {
    return this.loc;
  }

  /** The expected square of the distance from the mean; infinite for concentrations from 1/2. */
  override get variance(): Tensor {
    const finite = this.concentration.lt(0.5), c = F.where(finite, this.concentration, 0.25);
    const value = this.scale.square().div(c.neg().add(1).square().mul(c.mul(-2).add(1)));
    return F.where(finite, value, Infinity);
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    const { dtype, device } = this.loc;
    return this.icdf(rand(this.extendedShape(shape), { dtype, device }));
  }

  /** Whether the tail is exponential, and a concentration to divide by. */
  protected tail(): [exponential: Tensor, concentration: Tensor] {
    const exponential = F.isclose(this.concentration, F.mul(this.concentration, 0));
    return [exponential, F.where(exponential, 1, this.concentration)];
  }

  /** (value - loc) / scale. */
  protected standard(value: Tensor): Tensor {
    return value.sub(this.loc).div(this.scale);
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const z = this.standard(value), [exponential, c] = this.tail(), power = c.reciprocal().add(1);
    // Of a uniform distribution the power is 0, also at its end.
    const other = F.where(power.eq(0), 0, power.mul(c.mul(z).log1p()));
    return this.scale.log().add(F.where(exponential, z, other)).neg();
  }

  /** The logarithm of the probability of values above `value`. */
  logSurvivalFunction(value: Tensor): Tensor {
    this.requireValue(value);
    const z = this.standard(value), [exponential, c] = this.tail();
    return F.where(exponential, z, c.mul(z).log1p().div(c)).neg();
  }

  /** The logarithm of the probability of values up to `value`. */
  logCdf(value: Tensor): Tensor {
    return this.logSurvivalFunction(value).exp().neg().log1p();
  }

  /** The probability of values up to `value`. */
  override cdf(value: Tensor): Tensor {
    return this.logSurvivalFunction(value).expm1().neg();
  }

  /** The value up to which the probability is `value`. */
  override icdf(value: Tensor): Tensor {
    const [exponential, c] = this.tail(), above = value.neg().log1p();
    const z = F.where(exponential, above.neg(), c.neg().mul(above).expm1().div(c));
    return this.loc.add(this.scale.mul(z));
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    return this.scale.log().add(this.concentration).add(1);
  }
}
