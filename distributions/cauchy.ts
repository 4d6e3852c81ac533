/**
 * Cauchy distributions.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { rand, type Shape, type Tensor } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import { argumentsOf, broadcastAll, Distribution, type Parameter } from "./distribution.ts";
import { LocScale } from "./loc_scale.ts";
import type { ScaleOptions } from "./normal.ts";
import { constantLike } from "./utils.ts";

/** Numbers of the Cauchy distribution around 0 with width 1, of a shape, dtype and device like those of `x`. */
function cauchyLike(x: Tensor, shape: Shape): Tensor {
  return rand(shape, { dtype: "float64", device: "cpu" }).sub(0.5).mul(Math.PI).tan().to(x.dtype).to(x.device);
}

/**
 * The Cauchy distribution, 1 / (π · scale · (1 + ((x - loc) / scale)²)). It has no mean, and infinite variance.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.Cauchy(0, 1);
 * console.log(d.logProb(tensor(1)), d.cdf(tensor(0))); // tensor(-1.8379) tensor(0.5000)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#cauchy}
 */
export class Cauchy extends LocScale {
  /** The expected value. */
  override get mean(): Tensor {
    return constantLike(this.loc, NaN);
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    return constantLike(this.loc, Infinity);
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    return cauchyLike(this.loc, this.extendedShape(shape)).mul(this.scale).add(this.loc);
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const ratio = value.sub(this.loc).div(this.scale);
    return this.scale.log().add(ratio.square().log1p()).add(Math.log(Math.PI)).neg();
  }

  /** The probability of values up to `value`. */
  override cdf(value: Tensor): Tensor {
    this.requireValue(value);
    return value.sub(this.loc).div(this.scale).atan().div(Math.PI).add(0.5);
  }

  /** The value up to which the probability is `value`. */
  override icdf(value: Tensor): Tensor {
    return value.sub(0.5).mul(Math.PI).tan().mul(this.scale).add(this.loc);
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    return this.scale.log().add(Math.log(4 * Math.PI));
  }
}

/**
 * The distribution of |x|, x having a Cauchy distribution around 0: 2 / (π · scale · (1 + (x / scale)²)) for x >= 0.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.HalfCauchy(1);
 * console.log(d.logProb(tensor(1)), d.cdf(tensor(1))); // tensor(-1.1447) tensor(0.5000)
 * ```
 *
 * @throws {ValueError} for a scale that is not above 0
 * @see {@link https://pytorch.org/docs/stable/distributions.html#halfcauchy}
 */
export class HalfCauchy extends Distribution {
  /** How wide it is, above 0. */
  readonly scale: Tensor;

  /** Parameters by position or by name. */
  constructor(scale: Parameter | ScaleOptions, options?: ScaleOptions) {
    const given = argumentsOf<ScaleOptions>(["scale"], scale, options);
    const parameters = broadcastAll("HalfCauchy", { scale: given.scale });
    super(parameters[0]!.shape, [], given.validateArgs);
    [this.scale] = parameters as [Tensor];
    this.requireArgs({ scale: [this.scale, constraints.positive] });
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
    return constantLike(this.scale, Infinity);
  }

  /** The most probable value. */
  override get mode(): Tensor {
    return constantLike(this.scale, 0);
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    return constantLike(this.scale, Infinity);
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    return cauchyLike(this.scale, this.extendedShape(shape)).mul(this.scale).abs();
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const density = this.scale.log().add(value.div(this.scale).square().log1p()).neg().add(Math.log(2 / Math.PI));
    return F.where(value.ge(0), density, -Infinity);
  }

  /** The probability of values up to `value`. */
  override cdf(value: Tensor): Tensor {
    this.requireValue(value);
    return value.div(this.scale).atan().mul(2 / Math.PI);
  }

  /** The value up to which the probability is `value`. */
  override icdf(value: Tensor): Tensor {
    return value.mul(Math.PI / 2).tan().mul(this.scale);
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    return this.scale.log().add(Math.log(2 * Math.PI));
  }
}
