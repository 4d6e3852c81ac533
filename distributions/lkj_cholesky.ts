/**
 * Distributions of correlations.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { noGrad, type Shape, type Tensor, tensor, ValueError } from "../tensor/mod.ts";
import { Beta } from "./beta.ts";
import * as constraints from "./constraints.ts";
import { argumentsOf, broadcastAll, Distribution, type DistributionOptions, type Parameter } from "./distribution.ts";
import { normalLike, tinyOf } from "./utils.ts";

/** Parameters of `LKJCholesky`. */
export interface LKJCholeskyOptions extends DistributionOptions {
  /** The number of rows, from 2. */
  readonly dim?: number;
  /** Above 0; 1, the default, makes all correlations equally probable, more makes small ones more probable. */
  readonly concentration?: Parameter;
}

/**
 * Lower Cholesky factors L of matrices of correlations M = L Lᵀ of `dim` numbers, the density of M being proportional to |M|^(concentration
 * - 1), drawn by the onion method. concentration is 1 by default, which makes all matrices equally likely.
 *
 * @example
 * ```ts
 * import { distributions, eye } from "@tensaur/tensaur";
 *
 * const d = new distributions.LKJCholesky(2, 1);
 * console.log(d.logProb(eye(2))); // tensor(-0.6931)
 * ```
 *
 * @throws {ValueError} for a dim below 2, or a concentration that is not above 0
 * @see Lewandowski, Kurowicka and Joe, Generating random correlation matrices, J. Multivariate Analysis 100 (2009)
 * @see {@link https://pytorch.org/docs/stable/distributions.html#lkjcholesky}
 */
export class LKJCholesky extends Distribution {
  /** The number of rows. */
  readonly dim: number;
  /** How probable small correlations are. */
  readonly concentration: Tensor;

  /** Parameters by position or by name. */
  constructor(
    dim: number | LKJCholeskyOptions,
    concentration?: Parameter | LKJCholeskyOptions,
    options?: LKJCholeskyOptions,
  ) {
    const given = argumentsOf<LKJCholeskyOptions>(["dim", "concentration"], dim, concentration, options);
    const size = given.dim ?? NaN;
    if (!Number.isInteger(size) || size < 2) {
      throw new ValueError(`Cannot make an LKJCholesky distribution of ${size} rows: give an integer from 2`);
    }
    const [c] = broadcastAll("LKJCholesky", { concentration: given.concentration ?? 1 }) as [Tensor];
    super(c.shape, [size, size], given.validateArgs);
    this.dim = size;
    this.concentration = c;
    this.requireArgs({ concentration: [c, constraints.positive] });
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.corrCholesky;
  }

  /** 0, 1, …, like the concentration. */
  protected range(from: number, count: number): Tensor {
    const { dtype, device } = this.concentration;
    return tensor(Float64Array.from({ length: count }, (_, i) => from + i), { dtype, device });
  }

  /** Values drawn at random, through which no gradient flows. */
  override sample(shape: Shape = []): Tensor {
    return noGrad(() => {
      const n = this.dim, offsets = F.pad(this.range(0, n - 1), [1, 0]);
      const marginal = this.concentration.add((n - 2) / 2).unsqueeze(-1);
      const beta = new Beta(offsets.add(0.5), marginal.sub(offsets.mul(0.5)), { validateArgs: false });
      const lengths = beta.sample(shape).unsqueeze(-1);
      const directions = normalLike(this.concentration, this.extendedShape(shape)).tril(-1);
      const norms = directions.norm({ dim: -1, keepdim: true });
      // The first row has no length, and no direction.
      const rows = lengths.sqrt().mul(F.where(norms.eq(0), 0, directions.div(norms)));
      const rest = rows.square().sum(-1).neg().add(1).clamp({ min: tinyOf(rows.dtype) }).sqrt();
      return rows.add(F.diagEmbed(rest));
    });
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const n = this.dim, c = this.concentration, count = n - 1;
    const diagonal = F.narrow(F.diagonal(value, 0, -2, -1), -1, 1, count);
    const order = c.sub(1).mul(2).unsqueeze(-1).add(n).sub(this.range(2, count));
    const density = order.mul(diagonal.log()).sum(-1);
    const alpha = c.add(count / 2);
    // ln Γ of vectors: Σ ln Γ(alpha - 1/2 - i/2), with a power of π.
    const steps = this.range(0, count).mul(0.5);
    const many = alpha.sub(0.5).unsqueeze(-1).sub(steps).lgamma().sum(-1).add(
      count * (count - 1) / 4 * Math.log(Math.PI),
    );
    const norm = many.add(count / 2 * Math.log(Math.PI)).sub(alpha.lgamma().mul(count));
    return density.sub(norm);
  }
}
