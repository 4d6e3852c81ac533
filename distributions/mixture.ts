/**
 * Mixtures of distributions of one family.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { noGrad, type Shape, type Tensor, ValueError } from "../tensor/mod.ts";
import type { Categorical } from "./categorical.ts";
import type { Constraint } from "./constraint.ts";
import { Distribution, type DistributionOptions } from "./distribution.ts";

/**
 * A mixture, Σₖ pₖ · qₖ(x): each value comes from one of the distributions along the last batch dimension of `components`, chosen by
 * `mixture`.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const mixture = new distributions.Categorical({ probs: tensor([0.25, 0.75]) });
 * const d = new distributions.MixtureSameFamily(mixture, new distributions.Normal(tensor([-1, 1]), 1));
 * console.log(d.mean, d.logProb(tensor(0))); // tensor(0.5000) tensor(-1.4189)
 * ```
 *
 * @throws {ValueError} for other numbers of probabilities than of components
 * @see {@link https://pytorch.org/docs/stable/distributions.html#mixturesamefamily}
 */
export class MixtureSameFamily extends Distribution {
  /** Mixes distributions. */
  constructor(
    /** Chooses one. */
    readonly mixture: Categorical,
    /** What is chosen from, along the last batch dimension. */
    readonly components: Distribution,
    options: DistributionOptions = {},
  ) {
    const count = components.batchShape.at(-1);
    if (count === undefined || mixture.probs.shape.at(-1) !== count) {
      throw new ValueError(`Cannot mix ${count ?? "no"} distributions by ${mixture.probs.shape.at(-1)} probabilities`);
    }
    super(components.batchShape.slice(0, -1), components.eventShape, options.validateArgs);
  }

  /** The same distribution repeated to `batchShape`, without a copy. */
  override expand(batchShape: Shape): this {
    const count = this.components.batchShape.at(-1)!;
    const components = this.components.expand([...batchShape, count]);
    return new MixtureSameFamily(this.mixture.expand(batchShape), components, {
      validateArgs: this.validateArgs,
    }) as this;
  }

  /** The values that it gives. */
  override get support(): Constraint {
    return this.components.support;
  }

  /** The weights with a dimension for each of a value. */
  protected weights(): Tensor {
    const { probs } = this.mixture;
    return probs.reshape([...probs.shape, ...this.eventShape.map(() => 1)]);
  }

  /** The dimension along which the components lie. */
  protected get dim(): number {
    return -1 - this.eventShape.length;
  }

  /** The expected value. */
  override get mean(): Tensor {
    return this.weights().mul(this.components.mean).sum(this.dim);
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    const weights = this.weights(), { mean, variance } = this.components;
    const between = mean.sub(this.mean.unsqueeze(this.dim)).square();
    return weights.mul(variance.add(between)).sum(this.dim);
  }

  /** Values drawn at random, through which no gradient flows. */
  override sample(shape: Shape = []): Tensor {
    return noGrad(() => {
      const chosen = this.mixture.sample(shape), all = this.components.sample(shape);
      const index = chosen.reshape([...chosen.shape, 1, ...this.eventShape.map(() => 1)]);
      const size = [...chosen.shape, 1, ...this.eventShape];
      return F.gather(all, chosen.ndim, index.expand(size)).squeeze(chosen.ndim);
    });
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const each = this.components.logProb(value.unsqueeze(this.dim));
    return F.logsumexp(each.add(F.logSoftmax(this.mixture.logits, -1)), -1);
  }

  /** The probability of values up to `value`. */
  override cdf(value: Tensor): Tensor {
    return this.components.cdf(value.unsqueeze(this.dim)).mul(this.mixture.probs).sum(-1);
  }
}
