/**
 * Distributions of matrices of covariances.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import * as linalg from "../functional/linalg/mod.ts";
import { arange, noGrad, type Shape, ShapeError, type Tensor, ValueError } from "../tensor/mod.ts";
import type { Constraint } from "./constraint.ts";
import * as constraints from "./constraints.ts";
import { argumentsOf, broadcastAll, Distribution, type DistributionOptions, type Parameter } from "./distribution.ts";
import { Chi2 } from "./gamma.ts";
import { registerKl } from "./kl.ts";
import { factorOf, halfLogDet, type MatrixOptions, oneMatrix } from "./multivariate_normal.ts";
import { toLower } from "./triangles.ts";
import { epsilonOf, normalLike } from "./utils.ts";

/** Parameters of `Wishart`: the degrees of freedom and one of the three matrices. */
export interface WishartOptions extends DistributionOptions, MatrixOptions {
  /** The degrees of freedom, above the number of rows less 1. */
  readonly df?: Parameter;
}

/** How often singular matrices are drawn anew. */
const TRIES = 10;

/**
 * The distribution of Σᵢ xᵢ xᵢᵀ, the sum of `df` squares of normal vectors x with mean 0 and covariances V: proportional to |X|^((df - p - 1)
 * / 2) · e^(-tr(V⁻¹ X) / 2), X being [..., p, p]. Give one of `covarianceMatrix`, V, `precisionMatrix`, V⁻¹, and `scaleTril`, L with
 * L Lᵀ = V. Drawn by Bartlett's decomposition; what comes out singular, which only happens for a df near p - 1, is drawn anew up to ten times.
 *
 * @example
 * ```ts
 * import { distributions, eye } from "@tensaur/tensaur";
 *
 * const d = new distributions.Wishart(3, { covarianceMatrix: eye(2) });
 * console.log(d.mean, d.logProb(eye(2)));
 * // tensor([[3., 0.],
 * //         [0., 3.]]) tensor(-3.5310)
 * ```
 *
 * @throws {ValueError} for a df that is not above p - 1, none or several matrices, or matrices outside of their sets
 * @throws {ShapeError} for less than a matrix
 * @see {@link https://pytorch.org/docs/stable/distributions.html#wishart}
 */
export class Wishart extends Distribution {
  /** The degrees of freedom. */
  readonly df: Tensor;
  /** The lower Cholesky factor of the covariances. */
  readonly scaleTril: Tensor;

  /** The degrees of freedom, and V, by position or by name, or another of the matrices by name. */
  constructor(
    df: Parameter | WishartOptions,
    covarianceMatrix?: Tensor | WishartOptions,
    options?: WishartOptions,
  ) {
    const given = argumentsOf<WishartOptions>(["df", "covarianceMatrix"], df, covarianceMatrix, options);
    const [name, matrix] = oneMatrix("Wishart", given);
    if (matrix.ndim < 2) throw new ShapeError("Cannot make a Wishart distribution of less than a matrix");
    const [freedom] = broadcastAll("Wishart", { df: given.df }) as [Tensor], size = matrix.shape.at(-1)!;
    const batch = F.broadcastShapes(matrix.shape.slice(0, -2), freedom.shape);
    const whole = matrix.expand([...batch, ...matrix.shape.slice(-2)]);
    super(batch, whole.shape.slice(-2), given.validateArgs);
    this.df = freedom.to(matrix).expand(batch);
    this.requireArgs({
      df: [this.df, constraints.greaterThan(size - 1)],
      [name]: [whole, name === "scaleTril" ? constraints.lowerCholesky : constraints.positiveDefinite],
    });
    this.scaleTril = factorOf(name, whole);
  }

  /** How many trailing dimensions of each parameter make one of it. */
  protected override get parameterDims(): Readonly<Record<string, number>> {
    return { scaleTril: 2 };
  }

  /** The covariances of the vectors. */
  get covarianceMatrix(): Tensor {
    return this.scaleTril.matmul(this.scaleTril.mT);
  }

  /** The inverse of the covariances of the vectors. */
  get precisionMatrix(): Tensor {
    return F.choleskyInverse(this.scaleTril);
  }

  /** The values that it gives. */
  override get support(): Constraint {
    return constraints.positiveDefinite;
  }

  /** Whether `rsample` exists. */
  override get hasRsample(): boolean {
    return true;
  }

  /** The expected value. */
  override get mean(): Tensor {
    return this.covarianceMatrix.mul(upright(this.df));
  }

  /** The most probable value; NaN for df up to p + 1, as in PyTorch. */
  override get mode(): Tensor {
    const factor = this.df.sub(this.rows + 1);
    return this.covarianceMatrix.mul(upright(F.where(factor.le(0), NaN, factor)));
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    const v = this.covarianceMatrix, diagonal = F.diagonal(v, 0, -2, -1);
    return v.square().add(diagonal.unsqueeze(-1).mul(diagonal.unsqueeze(-2))).mul(upright(this.df));
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  override rsample(shape: Shape = []): Tensor {
    let drawn = this.drawn(shape);
    for (let tries = 0; tries < TRIES; tries++) {
      const regular = noGrad(() => this.support.check(drawn));
      if (regular.all().item<boolean>()) break;
      drawn = F.where(upright(regular), drawn, this.drawn(shape));
    }
    return drawn;
  }

  /** Values drawn at random, some of which may be singular. */
  protected drawn(shape: Shape): Tensor {
    const p = this.rows, each = new Chi2(this.df.unsqueeze(-1).sub(range(p, this.df)), { validateArgs: false });
    const diagonal = each.rsample(shape).sqrt().clamp({ min: epsilonOf(this.df.dtype) });
    const below = normalLike(this.df, [...shape, ...this.batchShape, p * (p - 1) / 2]);
    const factor = this.scaleTril.matmul(F.diagEmbed(diagonal).add(toLower(below, p, -1)));
    return factor.matmul(factor.mT);
  }

  /** The number of rows. */
  protected get rows(): number {
    return this.eventShape[0]!;
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const p = this.rows, half = this.df.div(2);
    const trace = F.diagonal(F.choleskySolve(value, this.scaleTril), 0, -2, -1).sum(-1).div(2);
    return this.df.mul(halfLogDet(this.scaleTril).add(p * Math.LN2 / 2)).neg().sub(F.mvlgamma(half, p))
      .add(half.sub((p + 1) / 2).mul(linalg.slogdet(value).logabsdet)).sub(trace);
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    const p = this.rows, half = this.df.div(2);
    return halfLogDet(this.scaleTril).add(p * Math.LN2 / 2).mul(p + 1).add(F.mvlgamma(half, p))
      .sub(half.sub((p + 1) / 2).mul(multivariateDigamma(half, p))).add(half.mul(p));
  }
}

/** Numbers with two dimensions for matrices. */
function upright(x: Tensor): Tensor {
  return x.unsqueeze(-1).unsqueeze(-1);
}

/** 0, 1, …, like `x`. */
function range(count: number, x: Tensor): Tensor {
  return arange(count, { dtype: x.dtype, device: x.device });
}

/** The derivative of `mvlgamma`. */
function multivariateDigamma(x: Tensor, p: number): Tensor {
  return x.unsqueeze(-1).sub(range(p, x).div(2)).digamma().sum(-1);
}

registerKl(Wishart, Wishart, (p, q) => {
  const size = p.eventShape[0]!;
  if (size !== q.eventShape[0]) {
    throw new ValueError(`Cannot compute klDivergence of matrices of ${size} and ${q.eventShape[0]} rows`);
  }
  const ratio = linalg.solveTriangular(q.scaleTril, p.scaleTril, { upper: false });
  const [a, b] = [p.df.div(2), q.df.div(2)];
  return q.df.mul(halfLogDet(q.scaleTril).sub(halfLogDet(p.scaleTril)))
    .add(a.mul(ratio.square().sum([-2, -1]).sub(size)))
    .add(F.mvlgamma(b, size)).sub(F.mvlgamma(a, size)).add(a.sub(b).mul(multivariateDigamma(a, size)));
});
