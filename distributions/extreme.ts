/**
 * Distributions of extremes and of sizes.
 *
 * @module
 */

import type { Shape, Tensor } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import { argumentsOf, broadcastAll, Distribution, type DistributionOptions, type Parameter } from "./distribution.ts";
import { LocScale } from "./loc_scale.ts";
import { constantLike, EULER, insideLike } from "./utils.ts";

/** Numbers of the exponential distribution with rate 1, of a shape, dtype and device like those of `x`. */
function exponentialLike(x: Tensor, shape: Shape): Tensor {
  return constantLike(x, 0, shape).clone().exponential_();
}

/**
 * Gumbel's distribution of extremes: its cumulative distribution is e^(-e^(-(x - loc) / scale)).
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.Gumbel(0, 1);
 * console.log(d.mean, d.logProb(tensor(0))); // tensor(0.5772) tensor(-1.)
 * ```
 *
 * @throws {ValueError} for a scale that is not above 0
 * @see {@link https://pytorch.org/docs/stable/distributions.html#gumbel}
 */
export class Gumbel extends LocScale {
  /** The expected value. */
  override get mean(): Tensor {
    return this.scale.mul(EULER).add(this.loc);
  }

  /** The square root of the variance. */
  override get stddev(): Tensor {
    return this.scale.mul(Math.PI / Math.sqrt(6));
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    return this.stddev.square();
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    const u = insideLike(this.loc, this.extendedShape(shape));
    return this.loc.sub(this.scale.mul(u.log().neg().log()));
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const y = this.loc.sub(value).div(this.scale);
    return y.sub(y.exp()).sub(this.scale.log());
  }

  /** The probability of values up to `value`. */
  override cdf(value: Tensor): Tensor {
    this.requireValue(value);
    return this.loc.sub(value).div(this.scale).exp().neg().exp();
  }

  /** The value up to which the probability is `value`. */
  override icdf(value: Tensor): Tensor {
    return this.loc.sub(this.scale.mul(value.log().neg().log()));
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    return this.scale.log().add(1 + EULER);
  }
}

/** Parameters of `Weibull`. */
export interface WeibullOptions extends DistributionOptions {
  /** How wide it is, above 0. */
  readonly scale?: Parameter;
  /** The exponent k, above 0. */
  readonly concentration?: Parameter;
}

/**
 * Weibull's distribution: its cumulative distribution is 1 - e^(-(x / scale)^concentration). The mode is NaN for concentrations below
 * 1, as in PyTorch.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.Weibull(1, 2);
 * console.log(d.mean, d.cdf(tensor(1))); // tensor(0.8862) tensor(0.6321)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#weibull}
 */
export class Weibull extends Distribution {
  /** How wide it is, above 0. */
  readonly scale: Tensor;
  /** The exponent k, above 0. */
  readonly concentration: Tensor;

  /** Parameters by position or by name; they broadcast. */
  constructor(scale: Parameter | WeibullOptions, concentration?: Parameter | WeibullOptions, options?: WeibullOptions) {
    const given = argumentsOf<WeibullOptions>(["scale", "concentration"], scale, concentration, options);
    const parameters = broadcastAll("Weibull", { scale: given.scale, concentration: given.concentration });
    super(parameters[0]!.shape, [], given.validateArgs);
    [this.scale, this.concentration] = parameters as [Tensor, Tensor];
    this.requireArgs({
      scale: [this.scale, constraints.positive],
      concentration: [this.concentration, constraints.positive],
    });
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.positive;
  }

  /** Whether `rsample` exists. */
  override get hasRsample(): boolean {
    return true;
  }

  /** The expected value. */
  override get mean(): Tensor {
    return this.scale.mul(this.concentration.reciprocal().add(1).lgamma().exp());
  }

  /** The most probable value. */
  override get mode(): Tensor {
    const k = this.concentration;
    return this.scale.mul(k.sub(1).div(k).pow(k.reciprocal()));
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    const inverse = this.concentration.reciprocal();
    const second = inverse.mul(2).add(1).lgamma().exp(), first = inverse.add(1).lgamma().mul(2).exp();
    return this.scale.square().mul(second.sub(first));
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    return exponentialLike(this.scale, this.extendedShape(shape)).pow(this.concentration.reciprocal()).mul(this.scale);
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const k = this.concentration, ratio = value.div(this.scale);
    return k.div(this.scale).log().add(k.sub(1).mul(ratio.log())).sub(ratio.pow(k));
  }

  /** The probability of values up to `value`. */
  override cdf(value: Tensor): Tensor {
    this.requireValue(value);
    return value.div(this.scale).pow(this.concentration).neg().expm1().neg();
  }

  /** The value up to which the probability is `value`. */
  override icdf(value: Tensor): Tensor {
    return value.neg().log1p().neg().pow(this.concentration.reciprocal()).mul(this.scale);
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    const k = this.concentration;
    return k.reciprocal().neg().add(1).mul(EULER).add(this.scale.div(k).log()).add(1);
  }
}

/** Parameters of `Pareto`. */
export interface ParetoOptions extends DistributionOptions {
  /** The least value, above 0. */
  readonly scale?: Parameter;
  /** How fast it falls, above 0. */
  readonly alpha?: Parameter;
}

/**
 * Pareto's distribution, alpha · scale^alpha / x^(alpha + 1) for x >= scale.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.Pareto(1, 3);
 * console.log(d.mean, d.cdf(tensor(2))); // tensor(1.5000) tensor(0.8750)
 * ```
 *
 * @throws {ValueError} for a scale or an alpha that is not above 0
 * @see {@link https://pytorch.org/docs/stable/distributions.html#pareto}
 */
export class Pareto extends Distribution {
  /** The least value, above 0. */
  readonly scale: Tensor;
  /** How fast it falls, above 0. */
  readonly alpha: Tensor;

  /** Parameters by position or by name; they broadcast. */
  constructor(scale: Parameter | ParetoOptions, alpha?: Parameter | ParetoOptions, options?: ParetoOptions) {
    const given = argumentsOf<ParetoOptions>(["scale", "alpha"], scale, alpha, options);
    const parameters = broadcastAll("Pareto", { scale: given.scale, alpha: given.alpha });
    super(parameters[0]!.shape, [], given.validateArgs);
    [this.scale, this.alpha] = parameters as [Tensor, Tensor];
    this.requireArgs({ scale: [this.scale, constraints.positive], alpha: [this.alpha, constraints.positive] });
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.greaterThanEq(this.scale);
  }

  /** Whether `rsample` exists. */
  override get hasRsample(): boolean {
    return true;
  }

  /** The expected value. */
  override get mean(): Tensor {
    const a = this.alpha.clamp({ min: 1 });
    return a.mul(this.scale).div(a.sub(1));
  }

  /** The most probable value. */
  override get mode(): Tensor {
    return this.scale;
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    const a = this.alpha.clamp({ min: 2 });
    return this.scale.square().mul(a).div(a.sub(1).square().mul(a.sub(2)));
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    return exponentialLike(this.scale, this.extendedShape(shape)).div(this.alpha).exp().mul(this.scale);
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    return this.alpha.log().add(this.alpha.mul(this.scale.log())).sub(this.alpha.add(1).mul(value.log()));
  }

  /** The probability of values up to `value`. */
  override cdf(value: Tensor): Tensor {
    this.requireValue(value);
    return this.alpha.mul(this.scale.log().sub(value.log())).expm1().neg();
  }

  /** The value up to which the probability is `value`. */
  override icdf(value: Tensor): Tensor {
    return value.neg().log1p().neg().div(this.alpha).exp().mul(this.scale);
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    return this.scale.div(this.alpha).log().add(this.alpha.reciprocal()).add(1);
  }
}
