/**
 * Continuous relatives of Bernoulli's distribution.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { Shape, Tensor } from "../tensor/mod.ts";
import { BinaryDistribution, crossEntropy, type OddsOptions } from "./bernoulli.ts";
import * as constraints from "./constraints.ts";
import { argumentsOf, type Parameter } from "./distribution.ts";
import { clampProbs, uniformLike } from "./utils.ts";

/**
 * The continuous Bernoulli distribution on [0, 1], C(p) · p^x · (1 - p)^(1 - x), where C(p) = 2 artanh(1 - 2p) / (1 - 2p), and 2 at p = 1/2.
 * Give `probs` or `logits`, ln(p / (1 - p)).
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.ContinuousBernoulli({ probs: 0.25 });
 * console.log(d.mean, d.logProb(tensor(0.5))); // tensor(0.4102) tensor(-0.0498)
 * ```
 *
 * @throws {ValueError} for none or both of them, or a p outside of its set
 * @see {@link https://pytorch.org/docs/stable/distributions.html#continuousbernoulli}
 */
export class ContinuousBernoulli extends BinaryDistribution {
  /** Probabilities by position, or either form by name. */
  constructor(probs: Parameter | OddsOptions, options?: OddsOptions) {
    super("ContinuousBernoulli", argumentsOf<OddsOptions>(["probs"], probs, options));
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.unitInterval;
  }

  /** Whether `rsample` exists. */
  override get hasRsample(): boolean {
    return true;
  }

  /** Away from 1/2, where the formulas divide by 0: whether, the probabilities or a stand-in, and their distance from 1/2. */
  protected parts(): { outside: Tensor; cut: Tensor; x: Tensor } {
    const probs = clampProbs(this.probs);
    const outside = probs.le(0.499).logicalOr(probs.gt(0.501));
    return { outside, cut: F.where(outside, probs, 0.499), x: probs.sub(0.5) };
  }

  /** ln C(p). */
  get logNormalizer(): Tensor {
    const { outside, cut, x } = this.parts(), square = x.square();
    const difference = cut.neg().log1p().sub(cut.log()).abs().log();
    const log = difference.sub(cut.mul(2).sub(1).abs().log());
    const series = square.mul(104 / 45).add(4 / 3).mul(square).add(Math.LN2);
    return F.where(outside, log, series);
  }

  /** The expected value. */
  override get mean(): Tensor {
    const { outside, cut, x } = this.parts();
    const value = cut.div(cut.mul(2).sub(1)).add(cut.neg().log1p().sub(cut.log()).reciprocal());
    const series = x.square().mul(16 / 45).add(1 / 3).mul(x).add(0.5);
    return F.where(outside, value, series);
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    const { outside, cut, x } = this.parts(), square = x.square();
    const value = cut.mul(cut.sub(1)).div(cut.mul(-2).add(1).square())
      .add(cut.neg().log1p().sub(cut.log()).square().reciprocal());
    const series = square.mul(128 / 945).sub(1 / 15).mul(square).add(1 / 12);
    return F.where(outside, value, series);
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    return this.icdf(uniformLike(this.probs, this.extendedShape(shape), 0, 1));
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    return this.logNormalizer.sub(crossEntropy(this.logits, value));
  }

  /** The probability of values up to `value`. */
  override cdf(value: Tensor): Tensor {
    this.requireValue(value);
    const { outside, cut } = this.parts(), rest = cut.neg().add(1);
    const inner = cut.pow(value).mul(rest.pow(value.neg().add(1))).add(cut).sub(1).div(cut.mul(2).sub(1));
    return F.where(value.le(0), 0, F.where(value.ge(1), 1, F.where(outside, inner, value)));
  }

  /** The value up to which the probability is `value`. */
  override icdf(value: Tensor): Tensor {
    const { outside, cut } = this.parts(), rest = cut.neg().log1p();
    const inner = cut.neg().add(value.mul(cut.mul(2).sub(1))).log1p().sub(rest).div(cut.log().sub(rest));
    return F.where(outside, inner, value);
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    const probs = clampProbs(this.probs), rest = probs.neg().log1p();
    return this.mean.mul(rest.sub(probs.log())).sub(this.logNormalizer).sub(rest);
  }
}
