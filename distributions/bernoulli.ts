/**
 * Distributions of trials that succeed or fail.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { noGrad, type Shape, type Tensor, tensor } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import { argumentsOf, Distribution, type DistributionOptions, type Parameter } from "./distribution.ts";
import { constantLike, oddsOf, tinyOf, uniformLike } from "./utils.ts";

/** Probabilities, in one of two forms. */
export interface OddsOptions extends DistributionOptions {
  /** Probabilities. */
  readonly probs?: Parameter;
  /** Logarithms: of the odds, ln(p / (1 - p)), or of unnormalized probabilities of categories. */
  readonly logits?: Parameter;
}

/**
 * Base of `Bernoulli`, `Geometric`, `ContinuousBernoulli` and others that probabilities, or the logarithms of their odds, make.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d: distributions.BinaryDistribution = new distributions.Bernoulli({ logits: tensor([0, 2]) });
 * console.log(d.probs, d.logits); // tensor([0.5000, 0.8808]) tensor([0., 2.])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#bernoulli}
 */
export abstract class BinaryDistribution extends Distribution {
  /** The probabilities. */
  readonly probs: Tensor;
  /** ln(p / (1 - p)). */
  readonly logits: Tensor;

  /** @ignore */
  constructor(name: string, options: OddsOptions, inside: constraints.Constraint = constraints.unitInterval) {
    const { probs, logits, given } = oddsOf(name, "binary", options.probs, options.logits);
    super(probs.shape, [], options.validateArgs);
    this.probs = probs;
    this.logits = logits;
    this.requireArgs(given === "probs" ? { probs: [probs, inside] } : { logits: [logits, constraints.real] });
  }
}

/**
 * 1 with probability p, else 0: p^x · (1 - p)^(1 - x). Give `probs` or `logits`, ln(p / (1 - p)).
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.Bernoulli({ probs: 0.25 });
 * console.log(d.variance, d.logProb(tensor(1))); // tensor(0.1875) tensor(-1.3863)
 * ```
 *
 * @throws {ValueError} for none or both of them, or a p outside of [0, 1]
 * @see {@link https://pytorch.org/docs/stable/distributions.html#bernoulli}
 */
export class Bernoulli extends BinaryDistribution {
  /** Probabilities by position, or either form by name. */
  constructor(probs: Parameter | OddsOptions, options?: OddsOptions) {
    super("Bernoulli", argumentsOf<OddsOptions>(["probs"], probs, options));
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.boolean;
  }

  /** Whether `enumerateSupport` exists. */
  override get hasEnumerateSupport(): boolean {
    return true;
  }

  /** The expected value. */
  override get mean(): Tensor {
    return this.probs;
  }

  /** The most probable value. */
  override get mode(): Tensor {
    return F.where(this.probs.eq(0.5), NaN, this.probs.ge(0.5).to(this.probs.dtype));
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    return this.probs.mul(this.probs.neg().add(1));
  }

  /** Values drawn at random, through which no gradient flows. */
  override sample(shape: Shape = []): Tensor {
    return noGrad(() => this.extended(this.probs, shape).bernoulli());
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    return crossEntropy(this.logits, value).neg();
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    return crossEntropy(this.logits, this.probs);
  }

  /** All values along the first dimension, repeated over the batch unless `expand` is false. */
  override enumerateSupport({ expand = true }: { readonly expand?: boolean } = {}): Tensor {
    const { dtype, device } = this.probs;
    const values = tensor([0, 1], { dtype, device }).reshape([2, ...this.batchShape.map(() => 1)]);
    return expand ? values.expand([2, ...this.batchShape]) : values;
  }
}

/** -x · ln p - (1 - x) · ln(1 - p), of the logarithms of the odds. */
export function crossEntropy(logits: Tensor, x: Tensor): Tensor {
  const [a, b] = F.broadcastTensors(logits, x.to(logits.dtype)) as [Tensor, Tensor];
  return F.binaryCrossEntropyWithLogits(a, b, { reduction: "none" });
}

/**
 * The number of failures before the first success, (1 - p)^k · p. Give `probs` or `logits`, ln(p / (1 - p)).
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.Geometric({ probs: 0.5 });
 * console.log(d.mean, d.logProb(tensor(2))); // tensor(1.) tensor(-2.0794)
 * ```
 *
 * @throws {ValueError} for none or both of them, or a p outside of (0, 1]
 * @see {@link https://pytorch.org/docs/stable/distributions.html#geometric}
 */
export class Geometric extends BinaryDistribution {
  /** Probabilities by position, or either form by name. */
  constructor(probs: Parameter | OddsOptions, options?: OddsOptions) {
    const inside = new constraints.Constraint("(0, 1]", (p) => p.gt(0).logicalAnd(p.le(1)));
    super("Geometric", argumentsOf<OddsOptions>(["probs"], probs, options), inside);
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.nonnegativeInteger;
  }

  /** The expected value. */
  override get mean(): Tensor {
    return this.probs.reciprocal().sub(1);
  }

  /** The most probable value. */
  override get mode(): Tensor {
    return constantLike(this.probs, 0);
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    return this.mean.div(this.probs);
  }

  /** Values drawn at random, through which no gradient flows. */
  override sample(shape: Shape = []): Tensor {
    return noGrad(() => {
      const u = uniformLike(this.probs, this.extendedShape(shape), tinyOf(this.probs.dtype), 1);
      return u.log().div(this.probs.neg().log1p()).floor();
    });
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    // No failure has no part in the probability, not even of certain success.
    const failures = F.where(value.eq(0), 0, this.probs.neg().log1p().mul(value));
    return failures.add(this.probs.log());
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    return crossEntropy(this.logits, this.probs).div(this.probs);
  }
}
