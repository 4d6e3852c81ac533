/**
 * Normal distributions of vectors.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import * as linalg from "../functional/linalg/mod.ts";
import { eye, type Shape, ShapeError, type Tensor, ValueError } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import { argumentsOf, broadcastAll, Distribution, type DistributionOptions } from "./distribution.ts";
import { normalLike } from "./utils.ts";

const LOG_TAU = Math.log(2 * Math.PI);

/** A matrix times each vector. */
export function timesVector(matrix: Tensor, vector: Tensor): Tensor {
  return matrix.matmul(vector.unsqueeze(-1)).squeeze(-1);
}

/** |L⁻¹ · x|² of each vector. */
export function mahalanobis(lower: Tensor, x: Tensor): Tensor {
  return linalg.solveTriangular(lower, x.unsqueeze(-1), { upper: false }).squeeze(-1).square().sum(-1);
}

/** Half of the logarithm of the determinant of L · Lᵀ. */
export function halfLogDet(lower: Tensor): Tensor {
  return F.diagonal(lower, 0, -2, -1).log().sum(-1);
}

/** Covariances, in one of three forms. */
export interface MatrixOptions {
  /** The covariances, [..., n, n]. */
  readonly covarianceMatrix?: Tensor;
  /** The inverse of the covariances, [..., n, n]. */
  readonly precisionMatrix?: Tensor;
  /** The lower Cholesky factor of the covariances, [..., n, n]. */
  readonly scaleTril?: Tensor;
}

/** The one form that is given, and its name. */
export function oneMatrix(operation: string, options: MatrixOptions): [name: keyof MatrixOptions, matrix: Tensor] {
  const names = (["covarianceMatrix", "precisionMatrix", "scaleTril"] as const).filter((name) => options[name] != null);
  if (names.length !== 1) {
    throw new ValueError(
      `Cannot make a ${operation} distribution of ${names.length} matrices: give one of covarianceMatrix, precisionMatrix and scaleTril`,
    );
  }
  const [name] = names as [keyof MatrixOptions];
  return [name, ...broadcastAll(operation, { [name]: options[name] }) as [Tensor]];
}

/** The lower Cholesky factor of covariances that are given in a form. */
export function factorOf(name: keyof MatrixOptions, matrix: Tensor): Tensor {
  if (name === "scaleTril") return matrix;
  return name === "covarianceMatrix" ? linalg.cholesky(matrix) : fromPrecision(matrix);
}

/** Parameters of `MultivariateNormal`: the mean and one of the three matrices. */
export interface MultivariateNormalOptions extends DistributionOptions, MatrixOptions {
  /** The mean, [..., n]. */
  readonly loc?: Tensor;
}

/**
 * The normal distribution of vectors, e^(-(x - loc)ᵀ Σ⁻¹ (x - loc) / 2) / √|2π Σ|. Give one of `covarianceMatrix`, Σ, `precisionMatrix`,
 * Σ⁻¹, and `scaleTril`, L with L Lᵀ = Σ.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const covarianceMatrix = tensor([[2, 1], [1, 2]]);
 * const d = new distributions.MultivariateNormal(tensor([0, 1]), { covarianceMatrix });
 * console.log(d.variance, d.logProb(tensor([0, 1]))); // tensor([2.0000, 2.0000]) tensor(-2.3872)
 * ```
 *
 * @throws {ValueError} for none or several of them, or matrices outside of their sets
 * @see {@link https://pytorch.org/docs/stable/distributions.html#multivariatenormal}
 */
export class MultivariateNormal extends Distribution {
  /** The mean. */
  readonly loc: Tensor;
  /** The lower Cholesky factor of the covariances. */
  readonly scaleTril: Tensor;

  /** The mean by position or by name, and one of the matrices by name. */
  constructor(
    loc: Tensor | MultivariateNormalOptions,
    covarianceMatrix?: Tensor | MultivariateNormalOptions,
    options?: MultivariateNormalOptions,
  ) {
    const given = argumentsOf<MultivariateNormalOptions>(["loc", "covarianceMatrix"], loc, covarianceMatrix, options);
    const [name, matrix] = oneMatrix("MultivariateNormal", given);
    const [mean] = broadcastAll("MultivariateNormal", { loc: given.loc }) as [Tensor];
    if (mean.ndim < 1 || matrix.ndim < 2) {
      throw new ShapeError("Cannot make a MultivariateNormal distribution of less than a vector and a matrix");
    }
    const batch = F.broadcastShapes(matrix.shape.slice(0, -2), mean.shape.slice(0, -1));
    const whole = matrix.expand([...batch, ...matrix.shape.slice(-2)]);
    super(batch, mean.shape.slice(-1), given.validateArgs);
    this.loc = mean.expand([...batch, ...mean.shape.slice(-1)]);
    this.requireArgs({
      loc: [this.loc, constraints.realVector],
      [name]: [whole, name === "scaleTril" ? constraints.lowerCholesky : constraints.positiveDefinite],
    });
    this.scaleTril = factorOf(name, whole);
  }

  /** How many trailing dimensions of each parameter make one of it. */
  protected override get parameterDims(): Readonly<Record<string, number>> {
    return { loc: 1, scaleTril: 2 };
  }

  /** The covariances. */
  get covarianceMatrix(): Tensor {
    return this.scaleTril.matmul(this.scaleTril.mT);
  }

  /** The inverse of the covariances. */
  get precisionMatrix(): Tensor {
    return F.choleskyInverse(this.scaleTril);
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
    return this.scaleTril.square().sum(-1);
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    return this.loc.add(timesVector(this.scaleTril, normalLike(this.loc, this.extendedShape(shape))));
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const distance = mahalanobis(this.scaleTril, value.sub(this.loc));
    return distance.add(this.eventShape[0]! * LOG_TAU).mul(-0.5).sub(halfLogDet(this.scaleTril));
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    return halfLogDet(this.scaleTril).add(this.eventShape[0]! * (1 + LOG_TAU) / 2);
  }
}

/** The lower Cholesky factor of a matrix from its inverse: that of the inverse read backwards. */
function fromPrecision(precision: Tensor): Tensor {
  const backwards = F.flip(linalg.cholesky(F.flip(precision, [-2, -1])), [-2, -1]).mT;
  const identity = eye(precision.shape.at(-1)!, { dtype: precision.dtype, device: precision.device });
  return linalg.solveTriangular(backwards, identity, { upper: false });
}
