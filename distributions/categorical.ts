/**
 * Distributions of categories.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { multinomial, noGrad, type Shape, type Tensor, tensor } from "../tensor/mod.ts";
import type { OddsOptions } from "./bernoulli.ts";
import * as constraints from "./constraints.ts";
import { argumentsOf, Distribution } from "./distribution.ts";
import { constantLike, oddsOf } from "./utils.ts";

/**
 * One of n categories, 0 to n - 1, each with its probability pₖ; int32. Give `probs`, [..., n], which need not sum to 1, or `logits`, their
 * logarithms.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.Categorical({ probs: tensor([1, 3]) });
 * console.log(d.probs, d.logProb(tensor(1))); // tensor([0.2500, 0.7500]) tensor(-0.2877)
 * ```
 *
 * @throws {ValueError} for none or both of them, or negative `probs`
 * @see {@link https://pytorch.org/docs/stable/distributions.html#categorical}
 */
export class Categorical extends Distribution {
  /** The probabilities, [..., n], with sum 1. */
  readonly probs: Tensor;
  /** The logarithms of the probabilities. */
  readonly logits: Tensor;

  /** Probabilities, [..., n], by position, or either form by name; they need not sum to 1. */
  constructor(probs: Tensor | OddsOptions, options?: OddsOptions) {
    const given = argumentsOf<OddsOptions>(["probs"], probs, options);
    const found = oddsOf("Categorical", "categories", given.probs, given.logits);
    super(found.probs.shape.slice(0, -1), [], given.validateArgs);
    this.probs = found.probs;
    this.logits = found.logits;
    this.requireArgs(
      found.given === "probs"
        ? { probs: [this.probs, constraints.simplex] }
        : { logits: [this.logits, constraints.realVector] },
    );
  }

  /** How many trailing dimensions of each parameter make one of it. */
  protected override get parameterDims(): Readonly<Record<string, number>> {
    return { probs: 1, logits: 1 };
  }

  /** The number of categories. */
  get count(): number {
    return this.probs.shape.at(-1)!;
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.integerInterval(0, this.count - 1);
  }

  /** Whether `enumerateSupport` exists. */
  override get hasEnumerateSupport(): boolean {
    return true;
  }

  /** The expected value. */
  override get mean(): Tensor {
    return constantLike(this.probs, NaN, this.batchShape);
  }

  /** The most probable value. */
  override get mode(): Tensor {
    return this.probs.argmax(-1);
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    return constantLike(this.probs, NaN, this.batchShape);
  }

  /** Values drawn at random, through which no gradient flows. */
  override sample(shape: Shape = []): Tensor {
    return noGrad(() => {
      const draws = shape.reduce((a, b) => a * b, 1), rows = this.probs.reshape([-1, this.count]);
      if (draws === 0 || rows.shape[0] === 0) {
        return tensor(new Int32Array(0), { shape: this.extendedShape(shape), device: this.probs.device });
      }
      return multinomial(rows, draws, { replacement: true }).mT.reshape(this.extendedShape(shape));
    });
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const index = value.to("int32").unsqueeze(-1);
    const shape = F.broadcastShapes(value.shape, this.batchShape);
    const logits = this.logits.expand([...shape, this.count]);
    return F.gather(logits, -1, index.expand([...shape, 1])).squeeze(-1);
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    const least = this.logits.dtype === "float64" ? -Number.MAX_VALUE : -3.4028234663852886e38;
    return this.logits.clamp({ min: least }).mul(this.probs).sum(-1).neg();
  }

  /** All values along the first dimension, repeated over the batch unless `expand` is false. */
  override enumerateSupport({ expand = true }: { readonly expand?: boolean } = {}): Tensor {
    const values = tensor(Int32Array.from({ length: this.count }, (_, i) => i), { device: this.probs.device });
    const lead = values.reshape([this.count, ...this.batchShape.map(() => 1)]);
    return expand ? lead.expand([this.count, ...this.batchShape]) : lead;
  }
}

/**
 * One of n categories as a vector with one 1 among zeros: Π pₖ^xₖ. Give `probs`, [..., n], which need not sum to 1, or `logits`, their
 * logarithms.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.OneHotCategorical({ probs: tensor([1, 3]) });
 * console.log(d.mode, d.logProb(tensor([1, 0]))); // tensor([0., 1.]) tensor(-1.3863)
 * ```
 *
 * @throws {ValueError} for none or both of them, or negative `probs`
 * @see {@link https://pytorch.org/docs/stable/distributions.html#onehotcategorical}
 */
export class OneHotCategorical extends Distribution {
  /** The distribution of the place of the 1. */
  readonly categorical: Categorical;

  /** Probabilities, [..., n], by position, or either form by name; they need not sum to 1. */
  constructor(probs: Tensor | OddsOptions, options?: OddsOptions) {
    const given = argumentsOf<OddsOptions>(["probs"], probs, options);
    const categorical = new Categorical(given);
    super(categorical.batchShape, [categorical.count], given.validateArgs);
    this.categorical = categorical;
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
    return constraints.oneHot;
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
    return this.vector(this.categorical.mode);
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    return this.probs.mul(this.probs.neg().add(1));
  }

  /** A vector with a 1 at the index. */
  protected vector(index: Tensor): Tensor {
    return F.oneHot(index, this.categorical.count).to(this.probs.dtype);
  }

  /** Values drawn at random, through which no gradient flows. */
  override sample(shape: Shape = []): Tensor {
    return noGrad(() => this.vector(this.categorical.sample(shape)));
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    return this.categorical.logProb(value.argmax(-1));
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    return this.categorical.entropy();
  }

  /** All values along the first dimension, repeated over the batch unless `expand` is false. */
  override enumerateSupport({ expand = true }: { readonly expand?: boolean } = {}): Tensor {
    const count = this.categorical.count;
    const values = this.vector(new Categorical(constantLike(this.probs, 1, [count])).enumerateSupport());
    const lead = values.reshape([count, ...this.batchShape.map(() => 1), count]);
    return expand ? lead.expand([count, ...this.batchShape, count]) : lead;
  }
}

/**
 * `OneHotCategorical` whose draws pass their gradient on to the probabilities as it is (straight through).
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const probs = tensor([0.25, 0.75], { requiresGrad: true });
 * const d = new distributions.OneHotCategoricalStraightThrough({ probs });
 * d.rsample().mul(tensor([1, 2])).sum().backward();
 * console.log(probs.grad); // tensor([-0.7500,  0.2500])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#onehotcategoricalstraightthrough}
 */
export class OneHotCategoricalStraightThrough extends OneHotCategorical {
  /** Whether `rsample` exists. */
  override get hasRsample(): boolean {
    return true;
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    const drawn = this.sample(shape);
    return drawn.add(this.probs.sub(this.probs.detach()));
  }
}
