/**
 * How variables go together: covariance and correlation.
 *
 * @module
 */

import { DTypeError, isFloat, isInteger, ShapeError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { floatType } from "../../tensor/promotion.ts";
import { requireTensor, requireTensorOrNone } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { mul, sub } from "../elementwise/arithmetic.ts";
import { div } from "../elementwise/division.ts";
import { clamp } from "../elementwise/extremes.ts";
import { sqrt } from "../elementwise/power.ts";
import { diagonal } from "../movement/diagonal.ts";
import { mT } from "../movement/permute.ts";
import { reshaped } from "../movement/reshape.ts";
import { averaged, summed } from "../reduction/sum.ts";
import { matmul } from "./matmul.ts";

/** Options of `cov`. */
export interface CovOptions {
  /** The divisor is the number of observations less this; 1 by default. */
  readonly correction?: number;
  /** How often each observation counts; none by default. */
  readonly fweights?: Tensor | null;
  /** How much each observation counts; none by default. */
  readonly aweights?: Tensor | null;
}

/**
 * The covariance of variables, which are rows; their observations are columns.
 *
 * @param x [variables, observations], or a list of observations of one; the result is [variables, variables], or a
 *   scalar
 * @param options `correction`: 1 by default; `fweights` and `aweights`: [observations], none by default
 * @throws {ShapeError} for more than two dimensions, and for weights that are not as many as the observations
 * @throws {DTypeError} for fweights that are no integers and aweights that are no floats
 * @see {@link https://pytorch.org/docs/stable/generated/torch.cov.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.cov(tensor([[1, 2, 3], [3, 2, 1]])));
 * // tensor([[ 1., -1.],
 * //         [-1.,  1.]])
 * ```
 */
export function cov(x: Tensor, { correction = 1, fweights, aweights }: CovOptions = {}): Tensor {
  requireTensor("cov", "x", x);
  if (x.ndim > 2) {
    throw new ShapeError(
      `Cannot take the cov of a tensor of shape ${show(x.shape)}: give a matrix with a row for each variable`,
    );
  }
  const rows = toDtype(reshaped(x, x.ndim === 2 ? x.shape : [1, x.numel()]), floatType(x.dtype));
  const count = rows.shape[1]!;
  requireTensorOrNone("cov", "fweights", fweights);
  requireTensorOrNone("cov", "aweights", aweights);
  for (const weights of [fweights, aweights]) {
    if (weights != null && (weights.ndim > 1 || weights.numel() !== count)) {
      throw new ShapeError(
        `Cannot weigh ${count} observations by a tensor of shape ${show(weights.shape)}: give a list of as many`,
      );
    }
  }
  if (fweights != null && !isInteger(fweights.dtype)) {
    throw new DTypeError(`Cannot take ${fweights.dtype} fweights: they are counts. Use aweights`);
  }
  if (aweights != null && !isFloat(aweights.dtype)) {
    throw new DTypeError(`Cannot take ${aweights.dtype} aweights: convert them with to("float32")`);
  }
  const float = (t: Tensor | null | undefined) => t == null ? undefined : toDtype(t, rows.dtype);
  const often = float(fweights), much = float(aweights);
  const weights = often && much ? mul(often, much) : often ?? much;
  let scattered: Tensor;
  if (weights === undefined) {
    const deviations = sub(rows, averaged(rows, [1], true));
    scattered = div(matmul(deviations, mT(deviations)), Math.max(0, count - correction));
  } else {
    const total = summed(weights, [0]);
    const deviations = sub(rows, div(summed(mul(rows, weights), [1], true), total));
    // With weights that are no counts, the correction is scaled to them.
    const lost = much === undefined ? correction : mul(div(summed(mul(weights, much), [0]), total), correction);
    scattered = div(matmul(mul(deviations, weights), mT(deviations)), clamp(sub(total, lost), { min: 0 }));
  }
  return reshaped(scattered, rows.shape[0] === 1 ? [] : scattered.shape);
}

/**
 * The correlation of variables, which are rows: their covariance over their standard deviations.
 *
 * @param x [variables, observations]; the result is [variables, variables], or a scalar for one variable
 * @throws {ShapeError} for more than two dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.corrcoef.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.corrcoef(tensor([[1, 2, 4], [2, 4, 8]])));
 * // tensor([[1., 1.],
 * //         [1., 1.]])
 * ```
 */
export function corrcoef(x: Tensor): Tensor {
  requireTensor("corrcoef", "x", x);
  const c = cov(x);
  if (c.ndim === 0) return div(c, c);
  const deviation = sqrt(diagonal(c)), n = deviation.numel();
  return clamp(div(div(c, reshaped(deviation, [n, 1])), deviation), { min: -1, max: 1 });
}
