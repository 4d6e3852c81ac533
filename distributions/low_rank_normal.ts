/**
 * Normal distributions of vectors with covariances of low rank.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import * as linalg from "../functional/linalg/mod.ts";
import { eye, type Shape, ShapeError, type Tensor } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import { argumentsOf, broadcastAll, Distribution, type DistributionOptions } from "./distribution.ts";
import { halfLogDet, mahalanobis, timesVector } from "./multivariate_normal.ts";
import { normalLike } from "./utils.ts";

const LOG_TAU = Math.log(2 * Math.PI);

/** Parameters of `LowRankMultivariateNormal`. */
export interface LowRankMultivariateNormalOptions extends DistributionOptions {
  /** The mean, [..., n]. */
  readonly loc?: Tensor;
  /** W, [..., n, r]. */
  readonly covFactor?: Tensor;
  /** D, above 0, [..., n]. */
  readonly covDiag?: Tensor;
}

/**
 * The normal distribution of vectors whose covariances are W · Wᵀ + diag(D), with `covFactor` W, [..., n, r], and `covDiag` D, [..., n];
 * only r × r matrices are decomposed.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.LowRankMultivariateNormal(tensor([0, 1]), tensor([[1], [0]]), tensor([1, 1]));
 * console.log(d.variance, d.logProb(tensor([0, 1]))); // tensor([2., 1.]) tensor(-2.1845)
 * ```
 *
 * @throws {ValueError} for parameters outside of their sets
 * @see {@link https://pytorch.org/docs/stable/distributions.html#lowrankmultivariatenormal}
 */
export class LowRankMultivariateNormal extends Distribution {
  /** The mean. */
  readonly loc: Tensor;
  /** W. */
  readonly covFactor: Tensor;
  /** D. */
  readonly covDiag: Tensor;

  /** Parameters by position or by name. */
  constructor(
    loc: Tensor | LowRankMultivariateNormalOptions,
    covFactor?: Tensor | LowRankMultivariateNormalOptions,
    covDiag?: Tensor | LowRankMultivariateNormalOptions,
    options?: LowRankMultivariateNormalOptions,
  ) {
    const keys = ["loc", "covFactor", "covDiag"] as const;
    const given = argumentsOf<LowRankMultivariateNormalOptions>(keys, loc, covFactor, covDiag, options);
    const name = "LowRankMultivariateNormal";
    const [mean, diagonal] = broadcastAll(name, { loc: given.loc, covDiag: given.covDiag }) as [Tensor, Tensor];
    const [factor] = broadcastAll(name, { covFactor: given.covFactor }) as [Tensor];
    const n = mean.shape.at(-1);
    if (n === undefined || factor.ndim < 2 || factor.shape.at(-2) !== n) {
      throw new ShapeError(
        `Cannot make a ${name} distribution of a mean of shape [${mean.shape.join(", ")}] and a factor of shape [${
          factor.shape.join(", ")
        }]: the factor must have a row for each element`,
      );
    }
    const batch = F.broadcastShapes(mean.shape.slice(0, -1), factor.shape.slice(0, -2));
    super(batch, [n], given.validateArgs);
    this.loc = mean.expand([...batch, n]);
    this.covFactor = factor.expand([...batch, ...factor.shape.slice(-2)]);
    this.covDiag = diagonal.expand([...batch, n]);
    this.requireArgs({ loc: [mean, constraints.realVector], covDiag: [diagonal, constraints.positiveVector] });
  }

  /** How many trailing dimensions of each parameter make one of it. */
  protected override get parameterDims(): Readonly<Record<string, number>> {
    return { loc: 1, covFactor: 2, covDiag: 1 };
  }

  /** Wᵀ · D⁻¹. */
  protected get weighted(): Tensor {
    return this.covFactor.mT.div(this.covDiag.unsqueeze(-2));
  }

  /** The Cholesky factor of I + Wᵀ · D⁻¹ · W. */
  protected capacitance(weighted: Tensor): Tensor {
    const { dtype, device } = this.loc;
    return linalg.cholesky(weighted.matmul(this.covFactor).add(eye(this.covFactor.shape.at(-1)!, { dtype, device })));
  }

  /** The logarithm of the determinant of the covariances, by the matrix determinant lemma. */
  protected logDet(capacitance: Tensor): Tensor {
    return halfLogDet(capacitance).mul(2).add(this.covDiag.log().sum(-1));
  }

  /** The covariances. */
  get covarianceMatrix(): Tensor {
    return this.covFactor.matmul(this.covFactor.mT).add(F.diagEmbed(this.covDiag));
  }

  /** The lower Cholesky factor of the covariances. */
  get scaleTril(): Tensor {
    return linalg.cholesky(this.covarianceMatrix);
  }

  /** The inverse of the covariances. */
  get precisionMatrix(): Tensor {
    return linalg.inv(this.covarianceMatrix);
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.realVector;
  }

  /** Whether `rsample` exists. */
  override get hasRsample(): boolean {
    return true;
  }

  /** The expected value. */
  override get mean(): Tensor {
    return this.loc;
  }

  /** The most probable value. */
  override get mode(): Tensor {
    return this.loc;
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    return this.covFactor.square().sum(-1).add(this.covDiag);
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    const size = this.extendedShape(shape);
    const few = normalLike(this.loc, [...size.slice(0, -1), this.covFactor.shape.at(-1)!]);
    const each = normalLike(this.loc, size);
    return this.loc.add(timesVector(this.covFactor, few)).add(this.covDiag.sqrt().mul(each));
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const weighted = this.weighted, capacitance = this.capacitance(weighted);
    const difference = value.sub(this.loc);
    // Woodbury's formula for the distance.
    const distance = difference.square().div(this.covDiag).sum(-1)
      .sub(mahalanobis(capacitance, timesVector(weighted, difference)));
    return distance.add(this.logDet(capacitance)).add(this.eventShape[0]! * LOG_TAU).mul(-0.5);
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    const logDet = this.logDet(this.capacitance(this.weighted));
    return logDet.add(this.eventShape[0]! * (1 + LOG_TAU)).mul(0.5);
  }
}
