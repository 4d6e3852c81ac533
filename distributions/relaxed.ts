/**
 * Distributions of numbers near categories, through which gradients flow: the lower the temperature, the nearer.
 *
 * @see Maddison, Mnih and Teh, The Concrete distribution, ICLR 2017
 * @module
 */

import * as F from "../functional/mod.ts";
import type { Shape, Tensor } from "../tensor/mod.ts";
import { BinaryDistribution, type OddsOptions } from "./bernoulli.ts";
import { Categorical } from "./categorical.ts";
import { TransformedDistribution } from "./composed.ts";
import * as constraints from "./constraints.ts";
import { argumentsOf, broadcastAll, Distribution, type Parameter } from "./distribution.ts";
import { SigmoidTransform } from "./sigmoid_transforms.ts";
import { ExpTransform } from "./elementwise_transforms.ts";
import { clampProbs, constantLike, uniformLike } from "./utils.ts";

/** Parameters of relaxed distributions. */
export interface RelaxedOptions extends OddsOptions {
  /** How far from categories values may be, above 0. */
  readonly temperature?: Parameter;
}

const keys = ["temperature", "probs"] as const;

/**
 * The logarithms of the odds that `RelaxedBernoulli` gives: (ln p - ln(1 - p) + ln u - ln(1 - u)) / temperature, u being uniform from 0 to
 * 1. Give `probs` or `logits`.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.LogitRelaxedBernoulli(0.5, { probs: 0.5 });
 * console.log(d.logProb(tensor([-1, 0]))); // tensor([-2.1413, -2.0794])
 * ```
 *
 * @throws {ValueError} for none or both of `probs` and `logits`, or for parameters outside of their sets
 * @see {@link https://pytorch.org/docs/stable/distributions.html#logitrelaxedbernoulli}
 */
export class LogitRelaxedBernoulli extends BinaryDistribution {
  /** How far from 0 and 1 values may be. */
  readonly temperature: Tensor;

  /** Parameters by position or by name. */
  constructor(
    temperature: Parameter | RelaxedOptions,
    probs?: Parameter | RelaxedOptions,
    options?: RelaxedOptions,
  ) {
    const given = argumentsOf<RelaxedOptions>(keys, temperature, probs, options);
    super("LogitRelaxedBernoulli", given);
    [this.temperature] = broadcastAll("LogitRelaxedBernoulli", { temperature: given.temperature }) as [Tensor];
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.real;
  }

  /** Whether `rsample` exists. */
  override get hasRsample(): boolean {
    return true;
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    const probs = clampProbs(this.probs);
    const u = clampProbs(uniformLike(this.probs, this.extendedShape(shape), 0, 1));
    const odds = (p: Tensor) => p.log().sub(p.neg().log1p());
    return odds(u).add(odds(probs)).div(this.temperature);
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const difference = this.logits.sub(value.mul(this.temperature));
    return this.temperature.log().add(difference).sub(difference.exp().log1p().mul(2));
  }
}

/**
 * Numbers from 0 to 1, most near these where the temperature is low: σ of what `LogitRelaxedBernoulli` gives. Give `probs` or `logits`.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.RelaxedBernoulli(0.5, { probs: 0.5 });
 * console.log(d.logProb(tensor(0.25))); // tensor(-0.4800)
 * ```
 *
 * @throws {ValueError} for none or both of them, or parameters outside of their sets
 * @see {@link https://pytorch.org/docs/stable/distributions.html#relaxedbernoulli}
 */
export class RelaxedBernoulli extends TransformedDistribution {
  /** Parameters by position or by name. */
  constructor(
    temperature: Parameter | RelaxedOptions,
    probs?: Parameter | RelaxedOptions,
    options?: RelaxedOptions,
  ) {
    const given = argumentsOf<RelaxedOptions>(keys, temperature, probs, options);
    super(new LogitRelaxedBernoulli(given), new SigmoidTransform(), given);
  }
}

/**
 * The logarithms of what `RelaxedOneHotCategorical` gives: ln softmax((logits + g) / temperature), g having the standard Gumbel
 * distribution. Give `probs` or `logits`.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.ExpRelaxedCategorical(1, { probs: tensor([0.5, 0.5]) });
 * console.log(d.logProb(tensor([0.25, 0.75]).log())); // tensor(-1.6740)
 * ```
 *
 * @throws {ValueError} for none or both of `probs` and `logits`, or for parameters outside of their sets
 * @see {@link https://arxiv.org/abs/1611.00712}
 */
export class ExpRelaxedCategorical extends Distribution {
  /** How far from one category values may be. */
  readonly temperature: Tensor;
  /** The distribution of categories. */
  readonly categorical: Categorical;

  /** Parameters by position or by name. */
  constructor(
    temperature: Parameter | RelaxedOptions,
    probs?: Tensor | RelaxedOptions,
    options?: RelaxedOptions,
  ) {
    const given = argumentsOf<RelaxedOptions>(keys, temperature, probs, options);
    const categorical = new Categorical(given);
    super(categorical.batchShape, [categorical.count], given.validateArgs);
    this.categorical = categorical;
    [this.temperature] = broadcastAll("ExpRelaxedCategorical", { temperature: given.temperature }) as [Tensor];
  }

  /** The same distribution repeated to `batchShape`, without a copy. */
  override expand(batchShape: Shape): this {
    const copy = super.expand(batchShape);
    return Object.assign(copy, { temperature: this.temperature });
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.realVector;
  }

  /** Whether `rsample` exists. */
  override get hasRsample(): boolean {
    return true;
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    const { logits } = this.categorical;
    const u = clampProbs(uniformLike(logits, this.extendedShape(shape), 0, 1));
    const scores = logits.sub(u.log().neg().log()).div(this.temperature);
    return F.logSoftmax(scores, -1);
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const count = this.categorical.count;
    const score = this.categorical.logits.sub(value.mul(this.temperature));
    const scale = constantLike(this.temperature, count).lgamma().add(this.temperature.log().mul(count - 1));
    return F.logSoftmax(score, -1).sum(-1).add(scale);
  }
}

/**
 * Vectors of numbers with sum 1, most near a vector with one 1 where the temperature is low: softmax((logits + g) / temperature), g having
 * the standard Gumbel distribution. Give `probs` or `logits`.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.RelaxedOneHotCategorical(1, { probs: tensor([0.5, 0.5]) });
 * console.log(d.logProb(tensor([0.25, 0.75]))); // tensor(0.)
 * ```
 *
 * @throws {ValueError} for none or both of them, or parameters outside of their sets
 * @see {@link https://pytorch.org/docs/stable/distributions.html#relaxedonehotcategorical}
 */
export class RelaxedOneHotCategorical extends TransformedDistribution {
  /** Parameters by position or by name. */
  constructor(
    temperature: Parameter | RelaxedOptions,
    probs?: Tensor | RelaxedOptions,
    options?: RelaxedOptions,
  ) {
    const given = argumentsOf<RelaxedOptions>(keys, temperature, probs, options);
    super(new ExpRelaxedCategorical(given), new ExpTransform(), given);
  }
}
