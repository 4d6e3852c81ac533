/**
 * Distributions of functions of normal numbers.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { Shape, Tensor } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import { argumentsOf, broadcastAll, Distribution, type Parameter } from "./distribution.ts";
import { LocScale, type LocScaleOptions } from "./loc_scale.ts";
import { Normal, type ScaleOptions } from "./normal.ts";
import { constantLike } from "./utils.ts";

/**
 * The distribution of e^x, x having a normal distribution: e^(-(ln y - loc)² / 2 scale²) / (y · scale √2π).
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.LogNormal(0, 1);
 * console.log(d.mean, d.logProb(tensor(1))); // tensor(1.6487) tensor(-0.9189)
 * ```
 *
 * @throws {ValueError} for a scale that is not above 0
 * @see {@link https://pytorch.org/docs/stable/distributions.html#lognormal}
 */
export class LogNormal extends LocScale {
  /** The distribution of the logarithm. */
  readonly base: Normal;

  /** Parameters by position or by name; they broadcast. */
  constructor(loc: Parameter | LocScaleOptions, scale?: Parameter | LocScaleOptions, options?: LocScaleOptions) {
    super(loc, scale, options);
    this.base = new Normal(this.loc, this.scale, { validateArgs: false });
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.positive;
  }

  /** The expected value. */
  override get mean(): Tensor {
    return this.loc.add(this.scale.square().div(2)).exp();
  }

  /** The most probable value. */
  override get mode(): Tensor {
    return this.loc.sub(this.scale.square()).exp();
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    const square = this.scale.square();
    return square.expm1().mul(this.loc.mul(2).add(square).exp());
  }

  /** Values drawn at random, through which no gradient flows. */
  override sample(shape: Shape = []): Tensor {
    return this.base.sample(shape).exp();
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    return this.base.rsample(shape).exp();
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    return this.base.logProb(value.log()).sub(value.log());
  }

  /** The probability of values up to `value`. */
  override cdf(value: Tensor): Tensor {
    this.requireValue(value);
    return this.base.cdf(value.log());
  }

  /** The value up to which the probability is `value`. */
  override icdf(value: Tensor): Tensor {
    return this.base.icdf(value).exp();
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    return this.base.entropy().add(this.loc);
  }
}

/**
 * The distribution of |x|, x having a normal distribution around 0: √(2 / π) / scale · e^(-x² / 2 scale²) for x >= 0.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.HalfNormal(1);
 * console.log(d.mean, d.logProb(tensor(0))); // tensor(0.7979) tensor(-0.2258)
 * ```
 *
 * @throws {ValueError} for a scale that is not above 0
 * @see {@link https://pytorch.org/docs/stable/distributions.html#halfnormal}
 */
export class HalfNormal extends Distribution {
  /** How wide it is, above 0. */
  readonly scale: Tensor;
  /** The distribution of x. */
  readonly base: Normal;

  /** Parameters by position or by name. */
  constructor(scale: Parameter | ScaleOptions, options?: ScaleOptions) {
    const given = argumentsOf<ScaleOptions>(["scale"], scale, options);
    const parameters = broadcastAll("HalfNormal", { scale: given.scale });
    super(parameters[0]!.shape, [], given.validateArgs);
    [this.scale] = parameters as [Tensor];
    this.requireArgs({ scale: [this.scale, constraints.positive] });
    this.base = new Normal(constantLike(this.scale, 0), this.scale, { validateArgs: false });
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
    return this.scale.mul(Math.sqrt(2 / Math.PI));
  }

  /** The most probable value. */
  override get mode(): Tensor {
    return constantLike(this.scale, 0);
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    return this.scale.square().mul(1 - 2 / Math.PI);
  }

  /** Values drawn at random, through which no gradient flows. */
  override sample(shape: Shape = []): Tensor {
    return this.base.sample(shape).abs();
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    return this.base.rsample(shape).abs();
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    return F.where(value.ge(0), this.base.logProb(value).add(Math.LN2), -Infinity);
  }

  /** The probability of values up to `value`. */
  override cdf(value: Tensor): Tensor {
    this.requireValue(value);
    return this.base.cdf(value).mul(2).sub(1);
  }

  /** The value up to which the probability is `value`. */
  override icdf(value: Tensor): Tensor {
    return this.base.icdf(value.add(1).div(2));
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    return this.base.entropy().sub(Math.LN2);
  }
}
