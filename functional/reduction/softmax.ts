/**
 * Exponentials that sum to one, and the logarithm of their sum.
 *
 * @module
 */

import type { DType } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { noted } from "../../tensor/operations.ts";
import { floatType } from "../../tensor/promotion.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { custom } from "../custom.ts";
import { axisOf, type Dims, named, reducedShape } from "../dims.ts";
import { add, mul, neg, reciprocal, sub } from "../elementwise/arithmetic.ts";
import { eq, isinf } from "../elementwise/comparison.ts";
import { exp, log } from "../elementwise/exponential.ts";
import { where } from "../elementwise/where.ts";
import { reshaped } from "../movement/reshape.ts";
import { amax } from "./extremes.ts";
import { type ReduceOptions, reductionOf, requireFloat, restored } from "./reduce.ts";
import { summed } from "./sum.ts";

/** Options of the softmax family. */
export interface SoftmaxOptions {
  /** The dimension along which the result sums to one. */
  readonly dim?: number;
  /** Converts the elements first; none by default. */
  readonly dtype?: DType | null;
}

function prepared(
  operation: string,
  x: Tensor,
  dim?: number | SoftmaxOptions,
  options?: SoftmaxOptions,
): [Tensor, number[]] {
  requireTensor(operation, "x", x);
  const given = named<SoftmaxOptions>(["dim"], dim, options);
  // PyTorch's choice where no dimension is given.
  const axis = axisOf(operation, given.dim ?? (x.ndim === 0 || x.ndim === 1 || x.ndim === 3 ? 0 : 1), x.ndim);
  const source = given.dtype == null ? x : toDtype(x, given.dtype);
  requireFloat(operation, source);
  return [source, x.ndim === 0 ? [] : [axis]];
}

/** x less its largest along the axes, the exponentials of that, and their sum. For the library. */
export function normalizer(x: Tensor, axes: readonly number[]): { shifted: Tensor; powers: Tensor; total: Tensor } {
  const shifted = sub(x, axes.length === 0 ? x : largest(x, axes)), powers = exp(shifted);
  return { shifted, powers, total: summed(powers, axes, true) };
}

/** The powers over their total. There are many powers to a total, and a division costs as much as several products. For the library. */
export function share(powers: Tensor, total: Tensor): Tensor {
  return mul(powers, reciprocal(total));
}

/** The largest along the axes, 1 where there is no element. */
function largest(x: Tensor, axes: readonly number[]): Tensor {
  return x.numel() === 0 ? summed(x, axes, true) : amax(x, { dim: axes, keepdim: true });
}

/**
 * e^x / Σ e^x along `dim`.
 *
 * @param dim by default 0 for 0, 1 and 3 dimensions, else 1; by position or in options
 * @param options `dtype`: converts the elements first; none by default
 * @throws {DTypeError} for integers and bools
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.softmax.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.softmax(tensor([0.5, 1.5]), 0)); // tensor([0.2689, 0.7311])
 * ```
 */
export function softmax(x: Tensor, dim?: number | SoftmaxOptions, options?: SoftmaxOptions): Tensor {
  const [source, axes] = prepared("softmax", x, dim, options);
  return normalizedPowers("softmax", source, axes, () => {
    const { powers, total } = normalizer(source, axes);
    return share(powers, total);
  });
}

/** Softmax along the last dimension, in which a row of nothing but -Infinity becomes zeros rather than NaN. For the library. */
export function safeSoftmax(x: Tensor): Tensor {
  const [source, axes] = prepared("softmax", x, -1);
  return normalizedPowers("safeSoftmax", source, axes, () => {
    const top = largest(source, axes);
    const powers = exp(sub(source, where(eq(top, -Infinity), 0, top))), total = summed(powers, axes, true);
    return share(powers, where(eq(total, 0), 1, total));
  });
}

function normalizedPowers(operation: string, x: Tensor, axes: readonly number[], compute: () => Tensor): Tensor {
  const powers = custom(operation, [x], compute, [(grad, _inputs, y) => {
    const weighted = mul(grad, y);
    return sub(weighted, mul(y, summed(weighted, axes, true)));
  }]);
  return noted(operation, powers, () => ({ inputs: [x], attributes: { axes } }));
}

/**
 * x - ln Σ e^x along `dim`: the logarithm of softmax, without its loss of small numbers.
 *
 * @param dim by default 0 for 0, 1 and 3 dimensions, else 1; by position or in options
 * @param options `dtype`: converts the elements first; none by default
 * @throws {DTypeError} for integers and bools
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.log_softmax.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.logSoftmax(tensor([0.5, 1.5]), 0)); // tensor([-1.3133, -0.3133])
 * ```
 */
export function logSoftmax(x: Tensor, dim?: number | SoftmaxOptions, options?: SoftmaxOptions): Tensor {
  const [source, axes] = prepared("logSoftmax", x, dim, options);
  const logs = custom("logSoftmax", [source], () => {
    const { shifted, total } = normalizer(source, axes);
    return sub(shifted, log(total));
  }, [(grad, _inputs, y) => sub(grad, mul(exp(y), summed(grad, axes, true)))]);
  return noted("logSoftmax", logs, () => ({ inputs: [source], attributes: { axes } }));
}

/**
 * The softmax of -x.
 *
 * @param dim by default 0 for 0, 1 and 3 dimensions, else 1; by position or in options
 * @param options `dtype`: converts the elements first; none by default
 * @throws {DTypeError} for integers and bools
 * @throws {IndexError} for a dimension that x does not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.softmin.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.softmin(tensor([0.5, 1.5]), 0)); // tensor([0.7311, 0.2689])
 * ```
 */
export function softmin(x: Tensor, dim?: number | SoftmaxOptions, options?: SoftmaxOptions): Tensor {
  requireTensor("softmin", "x", x);
  return softmax(neg(x), dim, options);
}

/**
 * ln Σ e^x over one or several dimensions, without overflow.
 *
 * @param dim the dimensions; by position or in options
 * @param options `keepdim`: keeps them with extent 1; false by default
 * @returns without the dimensions; in the default float dtype for integers and bools
 * @throws {IndexError} for a dimension that x does not have
 * @throws {ShapeError} for a dimension that is named twice
 * @see {@link https://pytorch.org/docs/stable/generated/torch.logsumexp.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.logsumexp(tensor([1000.5, 1000.5]), 0)); // tensor(1001.1932)
 * ```
 */
export function logsumexp(x: Tensor, dim: Dims | ReduceOptions, options?: ReduceOptions): Tensor {
  const { axes, keepdim } = reductionOf("logsumexp", x, dim, options);
  const source = toDtype(x, floatType(x.dtype));
  return custom("logsumexp", [source], () => {
    const top = largest(source, axes);
    const shift = where(isinf(top), 0, top);
    const sum = log(summed(exp(sub(source, shift)), axes, true));
    const total = add(sum, shift);
    return reshaped(total, reducedShape(x.shape, axes, keepdim));
  }, [(grad, [x], y) => mul(restored(grad, x!, axes), exp(sub(x!, restored(y, x!, axes))))]);
}
