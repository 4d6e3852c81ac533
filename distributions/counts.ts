/**
 * Distributions of numbers of events.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { binomial, noGrad, poisson, type Shape, type Tensor, tensor, ValueError } from "../tensor/mod.ts";
import type { OddsOptions } from "./bernoulli.ts";
import * as constraints from "./constraints.ts";
import { argumentsOf, broadcastAll, Distribution, type DistributionOptions, type Parameter } from "./distribution.ts";
import { Gamma } from "./gamma.ts";
import { oddsOf } from "./utils.ts";

/** Parameters of `Poisson`. */
export interface PoissonOptions extends DistributionOptions {
  /** How many events are expected, from 0. */
  readonly rate?: Parameter;
}

/**
 * The number of events where `rate` are expected, rate^k · e^-rate / k!.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.Poisson(2);
 * console.log(d.mean, d.logProb(tensor(1))); // tensor(2.) tensor(-1.3069)
 * ```
 *
 * @throws {ValueError} for a negative rate
 * @see {@link https://pytorch.org/docs/stable/distributions.html#poisson}
 */
export class Poisson extends Distribution {
  /** How many events are expected. */
  readonly rate: Tensor;

  /** Parameters by position or by name. */
  constructor(rate: Parameter | PoissonOptions, options?: PoissonOptions) {
    const given = argumentsOf<PoissonOptions>(["rate"], rate, options);
    const [r] = broadcastAll("Poisson", { rate: given.rate }) as [Tensor];
    super(r.shape, [], given.validateArgs);
    this.rate = r;
    this.requireArgs({ rate: [r, constraints.nonnegative] });
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.nonnegativeInteger;
  }

  /** The expected value. */
  override get mean(): Tensor {
    return this.rate;
  }

  /** The most probable value. */
  override get mode(): Tensor {
    return this.rate.floor();
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    return this.rate;
  }

  /** Values drawn at random, through which no gradient flows. */
  override sample(shape: Shape = []): Tensor {
    return noGrad(() => poisson(this.extended(this.rate, shape)));
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    return F.xlogy(value, this.rate).sub(this.rate).sub(value.add(1).lgamma());
  }
}

/** Parameters of `Binomial` and `NegativeBinomial`. */
export interface TrialsOptions extends OddsOptions {
  /** The number of trials, or of failures that end them. */
  readonly totalCount?: Parameter;
}

/** A count and odds, broadcast. */
function trialsOf(name: string, given: TrialsOptions): { count: Tensor; probs: Tensor; logits: Tensor } {
  const odds = oddsOf(name, "binary", given.probs, given.logits);
  const [count, probs, logits] = broadcastAll(name, {
    totalCount: given.totalCount ?? 1,
    probs: odds.probs,
    logits: odds.logits,
  }) as [Tensor, Tensor, Tensor];
  return { count, probs, logits };
}

/**
 * The number of successes in `totalCount` trials, by default 1, each with probability p: C(n, k) · p^k · (1 - p)^(n - k). Give `probs` or
 * `logits`, ln(p / (1 - p)).
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.Binomial(4, { probs: 0.5 });
 * console.log(d.mean, d.logProb(tensor(2))); // tensor(2.) tensor(-0.9808)
 * ```
 *
 * @throws {ValueError} for none or both of them, or parameters outside of their sets
 * @see {@link https://pytorch.org/docs/stable/distributions.html#binomial}
 */
export class Binomial extends Distribution {
  /** The number of trials. */
  readonly totalCount: Tensor;
  /** The probabilities of success. */
  readonly probs: Tensor;
  /** ln(p / (1 - p)). */
  readonly logits: Tensor;

  /** Parameters by position or by name; they broadcast. */
  constructor(totalCount: Parameter | TrialsOptions, probs?: Parameter | TrialsOptions, options?: TrialsOptions) {
    const given = argumentsOf<TrialsOptions>(["totalCount", "probs"], totalCount, probs, options);
    const parts = trialsOf("Binomial", given);
    super(parts.count.shape, [], given.validateArgs);
    this.totalCount = parts.count;
    this.probs = parts.probs;
    this.logits = parts.logits;
    this.requireArgs({
      totalCount: [parts.count, constraints.nonnegativeInteger],
      probs: [parts.probs, constraints.unitInterval],
    });
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.integerInterval(0, this.totalCount);
  }

  /** Whether `enumerateSupport` exists. */
  override get hasEnumerateSupport(): boolean {
    return true;
  }

  /** The expected value. */
  override get mean(): Tensor {
    return this.totalCount.mul(this.probs);
  }

  /** The most probable value. */
  override get mode(): Tensor {
    return F.minimum(this.totalCount.add(1).mul(this.probs).floor(), this.totalCount);
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    return this.mean.mul(this.probs.neg().add(1));
  }

  /** Values drawn at random, through which no gradient flows. */
  override sample(shape: Shape = []): Tensor {
    return noGrad(() => binomial(this.extended(this.totalCount, shape), this.extended(this.probs, shape)));
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const n = this.totalCount, rest = n.sub(value);
    const ways = n.add(1).lgamma().sub(value.add(1).lgamma()).sub(rest.add(1).lgamma());
    // n · ln(1 + e^logits), without overflow.
    const norm = n.mul(this.logits.relu().add(this.logits.abs().neg().exp().log1p()));
    return value.mul(this.logits).add(ways).sub(norm);
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    const log = this.logProb(this.enumerateSupport({ expand: false }));
    return log.exp().mul(log).sum(0).neg();
  }

  /** All values along the first dimension, repeated over the batch unless `expand` is false. */
  override enumerateSupport({ expand = true }: { readonly expand?: boolean } = {}): Tensor {
    const count = this.totalCount.max().item();
    if (!this.totalCount.eq(count).all().item<boolean>()) {
      throw new ValueError("Cannot enumerate the support of Binomial distributions of different numbers of trials");
    }
    const { dtype, device } = this.probs;
    const values = tensor(Float64Array.from({ length: count + 1 }, (_, i) => i), { dtype, device });
    const lead = values.reshape([count + 1, ...this.batchShape.map(() => 1)]);
    return expand ? lead.expand([count + 1, ...this.batchShape]) : lead;
  }
}

/**
 * The number of successes, each with probability p, before r = `totalCount` failures: Γ(r + k) / (k! Γ(r)) · (1 - p)^r · p^k. Give `probs`
 * or `logits`, ln(p / (1 - p)).
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.NegativeBinomial(3, { probs: 0.5 });
 * console.log(d.mean, d.logProb(tensor(2))); // tensor(3.) tensor(-1.6740)
 * ```
 *
 * @throws {ValueError} for none or both of them, or parameters outside of their sets
 * @see {@link https://pytorch.org/docs/stable/distributions.html#negativebinomial}
 */
export class NegativeBinomial extends Distribution {
  /** The number of failures that end the trials, also fractional. */
  readonly totalCount: Tensor;
  /** The probabilities of success. */
  readonly probs: Tensor;
  /** ln(p / (1 - p)). */
  readonly logits: Tensor;

  /** Parameters by position or by name; they broadcast. */
  constructor(totalCount: Parameter | TrialsOptions, probs?: Parameter | TrialsOptions, options?: TrialsOptions) {
    const given = argumentsOf<TrialsOptions>(["totalCount", "probs"], totalCount, probs, options);
    const parts = trialsOf("NegativeBinomial", given);
    super(parts.count.shape, [], given.validateArgs);
    this.totalCount = parts.count;
    this.probs = parts.probs;
    this.logits = parts.logits;
    const inside = new constraints.Constraint("[0, 1)", (p) => p.ge(0).logicalAnd(p.lt(1)));
    this.requireArgs({ totalCount: [parts.count, constraints.nonnegative], probs: [parts.probs, inside] });
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.nonnegativeInteger;
  }

  /** The expected value. */
  override get mean(): Tensor {
    return this.totalCount.mul(this.logits.exp());
  }

  /** The most probable value. */
  override get mode(): Tensor {
    return this.totalCount.sub(1).mul(this.logits.exp()).floor().clamp({ min: 0 });
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    return this.mean.div(this.logits.neg().sigmoid());
  }

  /** Values drawn at random, through which no gradient flows. */
  override sample(shape: Shape = []): Tensor {
    return noGrad(() => {
      const rates = new Gamma(this.totalCount, this.logits.neg().exp(), { validateArgs: false });
      return poisson(rates.sample(shape));
    });
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const n = this.totalCount;
    const powers = n.mul(F.logsigmoid(this.logits.neg())).add(F.logsigmoid(this.logits).mul(value));
    const ways = n.add(value).lgamma().sub(value.add(1).lgamma()).sub(n.lgamma());
    return powers.add(F.where(n.add(value).eq(0), 0, ways));
  }
}
