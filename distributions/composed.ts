/**
 * Distributions made of others.
 *
 * @module
 */

import { noGrad, type Shape, type Tensor, ValueError } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import type { Constraint } from "./constraint.ts";
import { Distribution, type DistributionOptions } from "./distribution.ts";
import { ComposeTransform, summedRight } from "./composed_transforms.ts";
import type { Transform } from "./transforms.ts";

/**
 * A distribution of which the last `count` batch dimensions become dimensions of one value: logProb is summed over them.
 *
 * @example
 * ```ts
 * import { distributions, zeros } from "@tensaur/tensaur";
 *
 * const d = new distributions.Independent(new distributions.Normal(zeros([2, 3]), 1), 1);
 * console.log(d.batchShape, d.eventShape); // [ 2 ] [ 3 ]
 * ```
 *
 * @throws {ValueError} for more dimensions than there are
 * @see {@link https://pytorch.org/docs/stable/distributions.html#independent}
 */
export class Independent extends Distribution {
  /** Wraps a distribution. */
  constructor(
    /** What is wrapped. */
    readonly base: Distribution,
    /** How many batch dimensions become part of a value. */
    readonly count: number,
    options: DistributionOptions = {},
  ) {
    const { batchShape, eventShape } = base, kept = batchShape.length - count;
    if (kept < 0) {
      throw new ValueError(`Cannot make ${count} dimensions of a batch [${batchShape.join(", ")}] part of a value`);
    }
    super(batchShape.slice(0, kept), [...batchShape.slice(kept), ...eventShape], options.validateArgs);
  }

  /** The same distribution repeated to `batchShape`, without a copy. */
  override expand(batchShape: Shape): this {
    const inner = this.eventShape.slice(0, this.count);
    return new Independent(this.base.expand([...batchShape, ...inner]), this.count, {
      validateArgs: this.validateArgs,
    }) as this;
  }

  /** The values that it gives. */
  override get support(): Constraint {
    return constraints.independent(this.base.support, this.count);
  }

  /** Whether `rsample` exists. */
  override get hasRsample(): boolean {
    return this.base.hasRsample;
  }

  /** The expected value. */
  override get mean(): Tensor {
    return this.base.mean;
  }

  /** The most probable value. */
  override get mode(): Tensor {
    return this.base.mode;
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    return this.base.variance;
  }

  /** Values drawn at random, through which no gradient flows. */
  override sample(shape: Shape = []): Tensor {
    return this.base.sample(shape);
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    return this.base.rsample(shape);
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    return summedRight(this.base.logProb(value), this.count);
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    return summedRight(this.base.entropy(), this.count);
  }
}

/**
 * The distribution of y = f(x), x having another distribution: p(x) / |det dy / dx|. Several functions are applied in turn, the first one
 * first.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const { ExpTransform, Normal, TransformedDistribution } = distributions;
 * const logNormal = new TransformedDistribution(new Normal(0, 1), new ExpTransform());
 * console.log(logNormal.logProb(tensor(1.))); // tensor(-0.9189)
 * ```
 *
 * @throws {ValueError} for a value outside of the support, {ShapeError} for one that does not fit; unless `validateArgs` is false
 * @see {@link https://pytorch.org/docs/stable/distributions.html#transformeddistribution}
 */
export class TransformedDistribution extends Distribution {
  /** What x is drawn from. */
  readonly base: Distribution;
  /** The functions, the first one first. */
  readonly transforms: readonly Transform[];

  /** Applies functions to the values of `base`. */
  constructor(base: Distribution, transforms: Transform | readonly Transform[], options: DistributionOptions = {}) {
    const parts = Array.isArray(transforms) ? transforms as Transform[] : [transforms as Transform];
    const { batchShape, eventShape } = base, whole = new ComposeTransform(parts);
    const shape = whole.forwardShape([...batchShape, ...eventShape]);
    const grown = whole.inverseShape(shape);
    const eventDim = whole.codomain.eventDim + Math.max(0, eventShape.length - whole.domain.eventDim);
    const cut = shape.length - eventDim;
    super(shape.slice(0, cut), shape.slice(cut), options.validateArgs);
    const lead = base.expand(grown.slice(0, grown.length - eventShape.length));
    const missing = whole.domain.eventDim - eventShape.length;
    this.base = missing > 0 ? new Independent(lead, missing) : lead;
    this.transforms = parts;
  }

  /** The same distribution repeated to `batchShape`, without a copy. */
  override expand(batchShape: Shape): this {
    const copy = super.expand(batchShape);
    const shape = new ComposeTransform(this.transforms).inverseShape([...batchShape, ...this.eventShape]);
    const base = this.base.expand(shape.slice(0, shape.length - this.base.eventShape.length));
    return Object.assign(copy, { base });
  }

  /** The values that it gives. */
  override get support(): Constraint {
    const last = this.transforms.at(-1)?.codomain ?? this.base.support,
      missing = this.eventShape.length - last.eventDim;
    return missing > 0 ? constraints.independent(last, missing) : last;
  }

  /** Whether `rsample` exists. */
  override get hasRsample(): boolean {
    return this.base.hasRsample;
  }

  /** Values drawn at random, through which no gradient flows. */
  override sample(shape: Shape = []): Tensor {
    return noGrad(() => this.forward(this.base.sample(shape)));
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    return this.forward(this.base.rsample(shape));
  }

  /** All functions one after another. */
  protected forward(x: Tensor): Tensor {
    return this.transforms.reduce((value, transform) => transform.call(value), x);
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    let y = value, dim = this.eventShape.length, total: Tensor | undefined;
    for (const transform of this.transforms.toReversed()) {
      const x = transform.inverse(y);
      dim += transform.domain.eventDim - transform.codomain.eventDim;
      const term = summedRight(transform.logAbsDetJacobian(x, y), dim - transform.domain.eventDim);
      total = total === undefined ? term : total.add(term);
      y = x;
    }
    const density = summedRight(this.base.logProb(y), dim - this.base.eventShape.length);
    return total === undefined ? density : density.sub(total);
  }

  /** The probability of values up to `value`. */
  override cdf(value: Tensor): Tensor {
    this.requireValue(value);
    const below = this.base.cdf(this.backward(value));
    return this.oriented(below);
  }

  /** The value up to which the probability is `value`. */
  override icdf(value: Tensor): Tensor {
    return this.forward(this.base.icdf(this.oriented(value)));
  }

  /** All inverses one after another. */
  protected backward(y: Tensor): Tensor {
    return this.transforms.reduceRight((value, transform) => transform.inverse(value), y);
  }

  /** Where the functions fall, what is below is what was above: sign · (p - 1/2) + 1/2. */
  protected oriented(probability: Tensor): Tensor {
    const { sign } = new ComposeTransform(this.transforms);
    if (sign === 1) return probability;
    return probability.sub(0.5).mul(sign).add(0.5);
  }
}
