/**
 * Distributions of waiting times and of the distance from a place.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { rand, type Shape, type Tensor, ValueError } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import { argumentsOf, broadcastAll, Distribution, type DistributionOptions, type Parameter } from "./distribution.ts";
import { LocScale } from "./loc_scale.ts";
import { constantLike, epsilonOf, uniformLike } from "./utils.ts";

/** Parameters of `Uniform`. */
export interface UniformOptions extends DistributionOptions {
  /** The least value. */
  readonly low?: Parameter;
  /** What values stay below. */
  readonly high?: Parameter;
}

/**
 * The uniform distribution, 1 / (high - low) from low to high.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.Uniform(0, tensor([2, 4]));
 * console.log(d.mean, d.logProb(tensor([1, 1]))); // tensor([1., 2.]) tensor([-0.6931, -1.3863])
 * ```
 *
 * @throws {ValueError} where high is not above low
 * @see {@link https://pytorch.org/docs/stable/distributions.html#uniform}
 */
export class Uniform extends Distribution {
  /** The least value. */
  readonly low: Tensor;
  /** What values stay below. */
  readonly high: Tensor;

  /** Parameters by position or by name; they broadcast. */
  constructor(low: Parameter | UniformOptions, high?: Parameter | UniformOptions, options?: UniformOptions) {
    const given = argumentsOf<UniformOptions>(["low", "high"], low, high, options);
    const parameters = broadcastAll("Uniform", { low: given.low, high: given.high });
    super(parameters[0]!.shape, [], given.validateArgs);
    [this.low, this.high] = parameters as [Tensor, Tensor];
    this.requireArgs({ low: [this.low, constraints.real], high: [this.high, constraints.real] });
    if (this.validateArgs && !this.low.lt(this.high).all().item<boolean>()) {
      throw new ValueError(
        `Cannot make a Uniform distribution from ${this.low} to ${this.high}: low must be below high`,
      );
    }
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.interval(this.low, this.high);
  }

  /** Whether `rsample` exists. */
  override get hasRsample(): boolean {
    return true;
  }

  /** The expected value. */
  override get mean(): Tensor {
    return this.high.add(this.low).div(2);
  }

  /** The most probable value. */
  override get mode(): Tensor {
    return constantLike(this.high, NaN);
  }

  /** The square root of the variance. */
  override get stddev(): Tensor {
    return this.high.sub(this.low).div(Math.sqrt(12));
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    return this.high.sub(this.low).square().div(12);
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    const drawn = rand(this.extendedShape(shape), { dtype: this.low.dtype, device: this.low.device });
    return drawn.mul(this.high.sub(this.low)).add(this.low);
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const inside = this.low.le(value).logicalAnd(this.high.gt(value));
    return F.where(inside, 0, -Infinity).sub(this.high.sub(this.low).log());
  }

  /** The probability of values up to `value`. */
  override cdf(value: Tensor): Tensor {
    this.requireValue(value);
    return value.sub(this.low).div(this.high.sub(this.low)).clamp({ min: 0, max: 1 });
  }

  /** The value up to which the probability is `value`. */
  override icdf(value: Tensor): Tensor {
    return value.mul(this.high.sub(this.low)).add(this.low);
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    return this.high.sub(this.low).log();
  }
}

/** Parameters of `Exponential`. */
export interface ExponentialOptions extends DistributionOptions {
  /** The inverse of the mean, above 0. */
  readonly rate?: Parameter;
}

/**
 * The exponential distribution, rate · e^(-rate · x) for x >= 0.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.Exponential(2);
 * console.log(d.mean, d.logProb(tensor(1))); // tensor(0.5000) tensor(-1.3069)
 * ```
 *
 * @throws {ValueError} for a rate that is not above 0
 * @see {@link https://pytorch.org/docs/stable/distributions.html#exponential}
 */
export class Exponential extends Distribution {
  /** The inverse of the mean, above 0. */
  readonly rate: Tensor;

  /** Parameters by position or by name. */
  constructor(rate: Parameter | ExponentialOptions, options?: ExponentialOptions) {
    const given = argumentsOf<ExponentialOptions>(["rate"], rate, options);
    const parameters = broadcastAll("Exponential", { rate: given.rate });
    super(parameters[0]!.shape, [], given.validateArgs);
    [this.rate] = parameters as [Tensor];
    this.requireArgs({ rate: [this.rate, constraints.positive] });
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
    return this.rate.reciprocal();
  }

  /** The most probable value. */
  override get mode(): Tensor {
    return constantLike(this.rate, 0);
  }

  /** The square root of the variance. */
  override get stddev(): Tensor {
    return this.rate.reciprocal();
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    return this.rate.pow(-2);
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    return constantLike(this.rate.detach(), 0, this.extendedShape(shape)).clone().exponential_().div(this.rate);
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    return this.rate.log().sub(this.rate.mul(value));
  }

  /** The probability of values up to `value`. */
  override cdf(value: Tensor): Tensor {
    this.requireValue(value);
    return this.rate.mul(value).neg().expm1().neg();
  }

  /** The value up to which the probability is `value`. */
  override icdf(value: Tensor): Tensor {
    return value.neg().log1p().neg().div(this.rate);
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    return this.rate.log().neg().add(1);
  }
}

/**
 * The Laplace distribution, e^(-|x - loc| / scale) / (2 scale).
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.Laplace(0, 1);
 * console.log(d.variance, d.logProb(tensor(1))); // tensor(2.) tensor(-1.6931)
 * ```
 *
 * @throws {ValueError} for a scale that is not above 0
 * @see {@link https://pytorch.org/docs/stable/distributions.html#laplace}
 */
export class Laplace extends LocScale {
  /** The expected value. */
  override get mean(): Tensor {
    return this.loc;
  }

  /** The square root of the variance. */
  override get stddev(): Tensor {
    return this.scale.mul(Math.SQRT2);
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    return this.scale.square().mul(2);
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    const u = uniformLike(this.loc, this.extendedShape(shape), epsilonOf(this.loc.dtype) - 1, 1);
    return this.loc.sub(this.scale.mul(u.sign()).mul(u.abs().neg().log1p()));
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    return this.scale.mul(2).log().neg().sub(value.sub(this.loc).abs().div(this.scale));
  }

  /** The probability of values up to `value`. */
  override cdf(value: Tensor): Tensor {
    this.requireValue(value);
    const distance = value.sub(this.loc);
    return distance.sign().mul(distance.abs().neg().div(this.scale).expm1()).mul(-0.5).add(0.5);
  }

  /** The value up to which the probability is `value`. */
  override icdf(value: Tensor): Tensor {
    const term = value.sub(0.5);
    return this.loc.sub(this.scale.mul(term.sign()).mul(term.abs().mul(-2).log1p()));
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    return this.scale.mul(2).log().add(1);
  }
}
