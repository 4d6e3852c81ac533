/**
 * Distributions of shares of a whole.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { type Shape, ShapeError, type Tensor } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import { argumentsOf, broadcastAll, Distribution, type DistributionOptions, type Parameter } from "./distribution.ts";

/** Parameters of `Dirichlet`. */
export interface DirichletOptions extends DistributionOptions {
  /** How much of each share is expected, above 0; [..., n]. */
  readonly concentration?: Tensor;
}

/**
 * The Dirichlet distribution of n shares with sum 1, Π xᵢ^(concentrationᵢ - 1) / B(concentration).
 *
 * @throws {ShapeError} for a single number
 * @throws {ValueError} for a concentration that is not above 0
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.Dirichlet(tensor([1, 3]));
 * console.log(d.mean, d.logProb(tensor([0.5, 0.5]))); // tensor([0.2500, 0.7500]) tensor(-0.2877)
 * ```
 * @see {@link https://pytorch.org/docs/stable/distributions.html#dirichlet}
 */
export class Dirichlet extends Distribution {
  /** How much of each share is expected. */
  readonly concentration: Tensor;

  /** Parameters by position or by name. */
  constructor(concentration: Tensor | DirichletOptions, options?: DirichletOptions) {
    const given = argumentsOf<DirichletOptions>(["concentration"], concentration, options);
    const [c] = broadcastAll("Dirichlet", { concentration: given.concentration }) as [Tensor];
    if (c.ndim === 0) {
      throw new ShapeError("Cannot make a Dirichlet distribution of one number: give one for each share");
    }
    super(c.shape.slice(0, -1), c.shape.slice(-1), given.validateArgs);
    this.concentration = c;
    this.requireArgs({ concentration: [c, constraints.positiveVector] });
  }

  /** How many trailing dimensions of each parameter make one of it. */
  protected override get parameterDims(): Readonly<Record<string, number>> {
    return { concentration: 1 };
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.simplex;
  }

  /** Whether `rsample` exists. */
  override get hasRsample(): boolean {
    return true;
  }

  /** The sum of the concentrations, kept as a dimension. */
  protected get total(): Tensor {
    return this.concentration.sum(-1, { keepdim: true });
  }

  /** The expected value. */
  override get mean(): Tensor {
    return this.concentration.div(this.total);
  }

  /** The most probable value. */
  override get mode(): Tensor {
    const above = this.concentration.sub(1).clamp({ min: 0 });
    const inside = above.div(above.sum(-1, { keepdim: true }));
    // Where all concentrations are below 1, the mode is the corner of the largest; argmax of NaN is PyTorch's choice too.
    const corner = F.oneHot(inside.argmax(-1), this.eventShape[0]!).to(inside.dtype);
    return F.where(this.concentration.lt(1).all(-1).unsqueeze(-1), corner, inside);
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    const total = this.total, c = this.concentration;
    return c.mul(total.sub(c)).div(total.square().mul(total.add(1)));
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    return F.standardDirichlet(this.extended(this.concentration, shape));
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const c = this.concentration;
    return c.sub(1).xlogy(value).sum(-1).add(c.sum(-1).lgamma()).sub(c.lgamma().sum(-1));
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    const c = this.concentration, count = this.eventShape[0]!, total = c.sum(-1);
    return c.lgamma().sum(-1).sub(total.lgamma()).sub(total.neg().add(count).mul(total.digamma()))
      .sub(c.sub(1).mul(c.digamma()).sum(-1));
  }
}

/** Parameters of `Beta`. */
export interface BetaOptions extends DistributionOptions {
  /** The first concentration α, above 0. */
  readonly concentration1?: Parameter;
  /** The second concentration β, above 0. */
  readonly concentration0?: Parameter;
}

/**
 * The beta distribution, x^(α - 1) · (1 - x)^(β - 1) / B(α, β) on [0, 1].
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.Beta(2, 2);
 * console.log(d.mean, d.logProb(tensor(0.5))); // tensor(0.5000) tensor(0.4055)
 * ```
 *
 * @throws {ValueError} for concentrations that are not above 0
 * @see {@link https://pytorch.org/docs/stable/distributions.html#beta}
 */
export class Beta extends Distribution {
  /** The distribution of x and 1 - x. */
  readonly dirichlet: Dirichlet;

  /** Parameters by position or by name; they broadcast. */
  constructor(
    concentration1: Parameter | BetaOptions,
    concentration0?: Parameter | BetaOptions,
    options?: BetaOptions,
  ) {
    const keys = ["concentration1", "concentration0"] as const;
    const given = argumentsOf<BetaOptions>(keys, concentration1, concentration0, options);
    const [a, b] = broadcastAll("Beta", {
      concentration1: given.concentration1,
      concentration0: given.concentration0,
    }) as [Tensor, Tensor];
    super(a.shape, [], given.validateArgs);
    this.requireArgs({ concentration1: [a, constraints.positive], concentration0: [b, constraints.positive] });
    this.dirichlet = new Dirichlet(F.stack([a, b], -1), { validateArgs: false });
  }

  /** The first concentration α. */
  get concentration1(): Tensor {
    return F.select(this.dirichlet.concentration, -1, 0);
  }

  /** The second concentration β. */
  get concentration0(): Tensor {
    return F.select(this.dirichlet.concentration, -1, 1);
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
    return F.select(this.dirichlet.mean, -1, 0);
  }

  /** The most probable value. */
  override get mode(): Tensor {
    return F.select(this.dirichlet.mode, -1, 0);
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    return F.select(this.dirichlet.variance, -1, 0);
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    return F.select(this.dirichlet.rsample(shape), -1, 0);
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    return this.dirichlet.logProb(F.stack([value, value.neg().add(1)], -1));
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    return this.dirichlet.entropy();
  }
}
