/**
 * Distributions of the counts of categories.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { noGrad, type Shape, type Tensor, tensor, ValueError } from "../tensor/mod.ts";
import type { OddsOptions } from "./bernoulli.ts";
import { Categorical } from "./categorical.ts";
import * as constraints from "./constraints.ts";
import { argumentsOf, Distribution } from "./distribution.ts";
import { clampProbs, constantLike } from "./utils.ts";

/** Parameters of `Multinomial`. */
export interface MultinomialOptions extends OddsOptions {
  /** How often is drawn; 1 by default. */
  readonly totalCount?: number;
}

/**
 * How often each of n categories comes in `totalCount` draws, by default 1: totalCount! · Π pₖ^xₖ / xₖ!. Give `probs`, [..., n], which need
 * not sum to 1, or `logits`, their logarithms.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.Multinomial(3, { probs: tensor([1, 3]) });
 * console.log(d.mean, d.logProb(tensor([1, 2]))); // tensor([0.7500, 2.2500]) tensor(-0.8630)
 * ```
 *
 * @throws {ValueError} for none or both of them, or negative `probs`
 * @see {@link https://pytorch.org/docs/stable/distributions.html#multinomial}
 */
export class Multinomial extends Distribution {
  /** How often is drawn. */
  readonly totalCount: number;
  /** The distribution of each draw. */
  readonly categorical: Categorical;

  /** Parameters by position or by name. */
  constructor(
    totalCount: number | MultinomialOptions,
    probs?: Tensor | MultinomialOptions,
    options?: MultinomialOptions,
  ) {
    const given = argumentsOf<MultinomialOptions>(["totalCount", "probs"], totalCount, probs, options);
    const categorical = new Categorical(given);
    super(categorical.batchShape, [categorical.count], given.validateArgs);
    this.categorical = categorical;
    this.totalCount = given.totalCount ?? 1;
    if (!Number.isInteger(this.totalCount) || this.totalCount < 0) {
      throw new ValueError(
        `Cannot make a Multinomial distribution of ${this.totalCount} draws: give an integer from 0`,
      );
    }
  }

  /** The probabilities. */
  get probs(): Tensor {
    return this.categorical.probs;
  }

  /** The logarithms of the probabilities. */
  get logits(): Tensor {
    return this.categorical.logits;
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.multinomial(this.totalCount);
  }

  /** The expected value. */
  override get mean(): Tensor {
    return this.probs.mul(this.totalCount);
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    return this.mean.mul(this.probs.neg().add(1));
  }

  /** Values drawn at random, through which no gradient flows. */
  override sample(shape: Shape = []): Tensor {
    return noGrad(() => {
      const drawn = this.categorical.sample([this.totalCount, ...shape]);
      return F.oneHot(drawn, this.categorical.count).sum(0).to(this.probs.dtype);
    });
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const impossible = value.eq(0).logicalAnd(this.logits.eq(-Infinity));
    const powers = F.where(impossible, 0, this.logits).mul(value).sum(-1);
    return value.sum(-1).add(1).lgamma().sub(value.add(1).lgamma().sum(-1)).add(powers);
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    const n = this.totalCount, { probs } = this, { dtype, device } = probs;
    const counts = tensor(Float64Array.from({ length: n }, (_, i) => i + 1), { dtype, device })
      .reshape([n, ...probs.shape.map(() => 1)]);
    const trials = constantLike(probs, n + 1).lgamma(), inside = clampProbs(probs);
    // The binomial probabilities of each count of each category.
    const ways = trials.sub(counts.add(1).lgamma()).sub(counts.neg().add(n + 1).lgamma());
    const chances = ways.add(counts.mul(inside.log())).add(counts.neg().add(n).mul(inside.neg().log1p())).exp();
    const repeats = chances.mul(counts.add(1).lgamma()).sum([0, -1]);
    return this.categorical.entropy().mul(n).sub(constantLike(repeats, n + 1).lgamma()).add(repeats);
  }
}
