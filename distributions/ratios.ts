/**
 * Distributions of ratios of normal and chi-squared numbers.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { Shape, Tensor } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import { argumentsOf, broadcastAll, Distribution, type DistributionOptions, type Parameter } from "./distribution.ts";
import { Chi2, Gamma } from "./gamma.ts";
import { logBeta, normalLike, tinyOf } from "./utils.ts";

/** Parameters of `FisherSnedecor`. */
export interface FisherSnedecorOptions extends DistributionOptions {
  /** The degrees of freedom above the line. */
  readonly df1?: Parameter;
  /** The degrees of freedom below the line. */
  readonly df2?: Parameter;
}

/**
 * The distribution of the ratio of two variances of normal numbers, with `df1` and `df2` degrees of freedom: (df1 / df2)^(df1 / 2) · x^(df1
 * / 2 - 1) · (1 + df1 · x / df2)^(-(df1 + df2) / 2) / B(df1 / 2, df2 / 2).
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.FisherSnedecor(2, 4);
 * console.log(d.mean, d.logProb(tensor(1))); // tensor(2.) tensor(-1.2164)
 * ```
 *
 * @throws {ValueError} for degrees that are not above 0
 * @see {@link https://pytorch.org/docs/stable/distributions.html#fishersnedecor}
 */
export class FisherSnedecor extends Distribution {
  /** The degrees of freedom above the line. */
  readonly df1: Tensor;
  /** The degrees of freedom below the line. */
  readonly df2: Tensor;

  /** Parameters by position or by name; they broadcast. */
  constructor(
    df1: Parameter | FisherSnedecorOptions,
    df2?: Parameter | FisherSnedecorOptions,
    options?: FisherSnedecorOptions,
  ) {
    const given = argumentsOf<FisherSnedecorOptions>(["df1", "df2"], df1, df2, options);
    const parameters = broadcastAll("FisherSnedecor", { df1: given.df1, df2: given.df2 });
    super(parameters[0]!.shape, [], given.validateArgs);
    [this.df1, this.df2] = parameters as [Tensor, Tensor];
    this.requireArgs({ df1: [this.df1, constraints.positive], df2: [this.df2, constraints.positive] });
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.positive;
  }

  /** Whether `rsample` exists. */
  override get hasRsample(): boolean {
    return true;
  }

  /** The expected value. */
  override get mean(): Tensor {
    return F.where(this.df2.gt(2), this.df2.div(this.df2.sub(2)), NaN);
  }

  /** The most probable value. */
  override get mode(): Tensor {
    const value = this.df1.sub(2).div(this.df1).mul(this.df2.div(this.df2.add(2)));
    return F.where(this.df1.gt(2), value, NaN);
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    const { df1, df2 } = this;
    const over = df1.mul(df2.sub(2).square()).mul(df2.sub(4));
    return F.where(df2.gt(4), df2.square().mul(2).mul(df1.add(df2).sub(2)).div(over), NaN);
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    const [first, second] = [this.df1, this.df2].map((df) =>
      new Gamma(df.mul(0.5), df, { validateArgs: false }).rsample(shape)
    );
    const tiny = tinyOf(this.df1.dtype);
    return first!.div(second!.clamp({ min: tiny })).clamp({ min: tiny });
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const half1 = this.df1.mul(0.5), half2 = this.df2.mul(0.5), ratio = this.df1.div(this.df2);
    const power = half1.mul(ratio.log()).add(half1.sub(1).mul(value.log()));
    return power.sub(half1.add(half2).mul(ratio.mul(value).log1p())).sub(logBeta(half1, half2));
  }
}

/** Parameters of `StudentT`. */
export interface StudentTOptions extends DistributionOptions {
  /** The degrees of freedom, above 0. */
  readonly df?: Parameter;
  /** Where the distribution is; 0 by default. */
  readonly loc?: Parameter;
  /** How wide it is; 1 by default. */
  readonly scale?: Parameter;
}

/**
 * Student's distribution, that of a normal number over the root of a chi-squared one divided by its degrees of freedom: Γ((df + 1) / 2) /
 * (Γ(df / 2) · √(π df) · scale) · (1 + ((x - loc) / scale)² / df)^(-(df + 1) / 2). loc is 0, scale 1 by default.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.StudentT(3);
 * console.log(d.variance, d.logProb(tensor(0))); // tensor(3.) tensor(-1.0009)
 * ```
 *
 * @throws {ValueError} for a df or a scale that is not above 0
 * @see {@link https://pytorch.org/docs/stable/distributions.html#studentt}
 */
export class StudentT extends Distribution {
  /** The degrees of freedom, above 0. */
  readonly df: Tensor;
  /** Where the distribution is; 0 by default. */
  readonly loc: Tensor;
  /** How wide it is; 1 by default. */
  readonly scale: Tensor;

  /** Parameters by position or by name; they broadcast. */
  constructor(
    df: Parameter | StudentTOptions,
    loc?: Parameter | StudentTOptions,
    scale?: Parameter | StudentTOptions,
    options?: StudentTOptions,
  ) {
    const given = argumentsOf<StudentTOptions>(["df", "loc", "scale"], df, loc, scale, options);
    const parameters = broadcastAll("StudentT", { df: given.df, loc: given.loc ?? 0, scale: given.scale ?? 1 });
    super(parameters[0]!.shape, [], given.validateArgs);
    [this.df, this.loc, this.scale] = parameters as [Tensor, Tensor, Tensor];
    this.requireArgs({
      df: [this.df, constraints.positive],
      loc: [this.loc, constraints.real],
      scale: [this.scale, constraints.positive],
    });
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.real;
  }

  /** Whether `rsample` exists. */
  override get hasRsample(): boolean {
    return true;
  }

  /** The expected value. */
  override get mean(): Tensor {
    return F.where(this.df.gt(1), this.loc, NaN);
  }

  /** The most probable value. */
  override get mode(): Tensor {
    return this.loc;
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    const finite = this.scale.square().mul(this.df).div(this.df.sub(2));
    return F.where(this.df.gt(2), finite, F.where(this.df.gt(1), Infinity, NaN));
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    const x = normalLike(this.df, this.extendedShape(shape));
    const z = new Chi2(this.df, { validateArgs: false }).rsample(shape);
    return x.mul(z.div(this.df).rsqrt()).mul(this.scale).add(this.loc);
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const y = value.sub(this.loc).div(this.scale), half = this.df.add(1).mul(0.5);
    const norm = this.scale.log().add(this.df.log().mul(0.5)).add(Math.log(Math.PI) / 2)
      .add(this.df.mul(0.5).lgamma()).sub(half.lgamma());
    return half.mul(y.square().div(this.df).log1p()).add(norm).neg();
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    const half = this.df.mul(0.5), more = half.add(0.5);
    const beta = half.lgamma().add(Math.log(Math.PI) / 2).sub(more.lgamma());
    return this.scale.log().add(more.mul(more.digamma().sub(half.digamma()))).add(this.df.log().mul(0.5)).add(beta);
  }
}
