/**
 * Normal distributions and those made of them.
 *
 * @module
 */

import { normal, type Shape, type Tensor } from "../tensor/mod.ts";
import type { DistributionOptions, Parameter } from "./distribution.ts";
import { LocScale } from "./loc_scale.ts";
import { normalLike } from "./utils.ts";

/** A width. */
export interface ScaleOptions extends DistributionOptions {
  /** How wide the distribution is, above 0. */
  readonly scale?: Parameter;
}

const HALF_LOG_TAU = Math.log(2 * Math.PI) / 2;

/**
 * The normal distribution, e^(-(x - loc)² / 2 scale²) / (scale √2π).
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.Normal(0, tensor([1, 2]));
 * console.log(d.logProb(tensor(0))); // tensor([-0.9189, -1.6121])
 * ```
 *
 * @throws {ValueError} for a scale that is not above 0
 * @see {@link https://pytorch.org/docs/stable/distributions.html#normal}
 */
export class Normal extends LocScale {
  /** The expected value. */
  override get mean(): Tensor {
    return this.loc;
  }

  /** The square root of the variance. */
  override get stddev(): Tensor {
    return this.scale;
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    return this.scale.square();
  }

  /** Values drawn at random, through which no gradient flows. */
  override sample(shape: Shape = []): Tensor {
    return normal(this.extended(this.loc, shape), this.extended(this.scale, shape)).detach();
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    return normalLike(this.loc, this.extendedShape(shape)).mul(this.scale).add(this.loc);
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    return value.sub(this.loc).div(this.scale).square().mul(-0.5).sub(this.scale.log()).sub(HALF_LOG_TAU);
  }

  /** The probability of values up to `value`. */
  override cdf(value: Tensor): Tensor {
    this.requireValue(value);
    return value.sub(this.loc).div(this.scale).mul(Math.SQRT1_2).erf().add(1).mul(0.5);
  }

  /** The value up to which the probability is `value`. */
  override icdf(value: Tensor): Tensor {
    return value.mul(2).sub(1).erfinv().mul(Math.SQRT2).mul(this.scale).add(this.loc);
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    return this.scale.log().add(0.5 + HALF_LOG_TAU);
  }
}
