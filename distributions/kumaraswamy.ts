/**
 * Kumaraswamy's distributions.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { Shape, Tensor } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import { argumentsOf, broadcastAll, Distribution, type DistributionOptions, type Parameter } from "./distribution.ts";
import { EULER, insideLike, logBeta } from "./utils.ts";

/** Parameters of `Kumaraswamy`. */
export interface KumaraswamyOptions extends DistributionOptions {
  /** The first exponent a, above 0. */
  readonly concentration1?: Parameter;
  /** The second exponent b, above 0. */
  readonly concentration0?: Parameter;
}

/**
 * Kumaraswamy's distribution on [0, 1]: its cumulative distribution is 1 - (1 - x^a)^b. The mode is computed as PyTorch does, whose
 * formula gives NaN for b > 1.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.Kumaraswamy(2, 2);
 * console.log(d.mean, d.cdf(tensor(0.5))); // tensor(0.5333) tensor(0.4375)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#kumaraswamy}
 */
export class Kumaraswamy extends Distribution {
  /** The first exponent a, above 0. */
  readonly concentration1: Tensor;
  /** The second exponent b, above 0. */
  readonly concentration0: Tensor;

  /** Parameters by position or by name; they broadcast. */
  constructor(
    concentration1: Parameter | KumaraswamyOptions,
    concentration0?: Parameter | KumaraswamyOptions,
    options?: KumaraswamyOptions,
  ) {
    const given = argumentsOf<KumaraswamyOptions>(
      ["concentration1", "concentration0"],
      concentration1,
      concentration0,
      options,
    );
    const parameters = broadcastAll("Kumaraswamy", {
      concentration1: given.concentration1,
      concentration0: given.concentration0,
    });
    super(parameters[0]!.shape, [], given.validateArgs);
    [this.concentration1, this.concentration0] = parameters as [Tensor, Tensor];
    this.requireArgs({
      concentration1: [this.concentration1, constraints.positive],
      concentration0: [this.concentration0, constraints.positive],
    });
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.unitInterval;
  }

  /** Whether `rsample` exists. */
  override get hasRsample(): boolean {
    return true;
  }

  /** The expected value. */
  override get mean(): Tensor {
    return moment(this.concentration1, this.concentration0, 1);
  }

  /** The most probable value. */
  override get mode(): Tensor {
    const a = this.concentration1, b = this.concentration0;
    const log = b.reciprocal().mul(b.neg().log1p()).sub(a.mul(b).neg().log1p());
    return F.where(a.lt(1).logicalOr(b.lt(1)), NaN, log.exp());
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    return moment(this.concentration1, this.concentration0, 2).sub(this.mean.square());
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    const u = insideLike(this.concentration1, this.extendedShape(shape));
    return u.pow(this.concentration0.reciprocal()).neg().add(1).pow(this.concentration1.reciprocal());
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const a = this.concentration1, b = this.concentration0;
    const rest = value.pow(a).neg().log1p();
    return a.mul(b).log().add(a.sub(1).mul(value.log())).add(b.sub(1).mul(rest));
  }

  /** The probability of values up to `value`. */
  override cdf(value: Tensor): Tensor {
    this.requireValue(value);
    return this.concentration0.mul(value.pow(this.concentration1).neg().log1p()).expm1().neg();
  }

  /** The value up to which the probability is `value`. */
  override icdf(value: Tensor): Tensor {
    const left = value.neg().log1p().div(this.concentration0);
    return left.expm1().neg().pow(this.concentration1.reciprocal());
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    const a = this.concentration1, b = this.concentration0;
    const harmonic = b.add(1).digamma().add(EULER);
    return harmonic.mul(a.reciprocal().neg().add(1)).add(b.reciprocal().neg().add(1)).sub(a.log()).sub(b.log());
  }
}

/** The expected value of xⁿ. */
function moment(a: Tensor, b: Tensor, n: number): Tensor {
  return b.mul(logBeta(a.reciprocal().mul(n).add(1), b).exp());
}
