/**
 * Running sums of exponentials, kept as logarithms.
 *
 * @module
 */

import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { custom } from "../custom.ts";
import { axisOf } from "../dims.ts";
import { add, neg, sub } from "../elementwise/arithmetic.ts";
import { ge, gt, le } from "../elementwise/comparison.ts";
import { exp, log, logaddexp } from "../elementwise/exponential.ts";
import { logicalNot } from "../elementwise/logical.ts";
import { where } from "../elementwise/where.ts";
import { positions } from "../host.ts";
import { constantPadNd } from "../movement/pad.ts";
import { permuted } from "../movement/permute.ts";
import { reshaped } from "../movement/reshape.ts";
import { flip, rangesOf, sliced } from "../movement/slice.ts";
import { requireFloat } from "./reduce.ts";
import { logsumexp } from "./softmax.ts";

/** Elements of a block: each sums up those before it in one kernel, at the cost of the block's length. */
const BLOCK = 32;

/** Along the last axis. A maximum of what lies before each element keeps the exponentials in range, so the sums cannot be shared. */
function running(x: Tensor): Tensor {
  const axis = x.ndim - 1, length = x.shape[axis]!;
  if (length <= BLOCK) {
    const rank = x.ndim + 1, at = (axis: number) => positions(length, axis, rank, x.device);
    const row = reshaped(x, [...x.shape.slice(0, -1), 1, length]);
    return logsumexp(where(le(at(rank - 1), at(rank - 2)), row, -Infinity), -1);
  }
  const blocks = Math.ceil(length / BLOCK), lead = x.shape.slice(0, -1);
  const whole = constantPadNd(x, [0, blocks * BLOCK - length], -Infinity);
  const within = running(reshaped(whole, [...lead, blocks, BLOCK]));
  const totals = reshaped(sliced(within, rangesOf(within.shape, axis + 1, BLOCK - 1, 1)), [...lead, blocks]);
  const before = constantPadNd(running(totals), [1, -1], -Infinity);
  const joined = reshaped(logaddexp(reshaped(before, [...lead, blocks, 1]), within), [...lead, blocks * BLOCK]);
  return sliced(joined, rangesOf(joined.shape, axis, 0, length));
}

function runningAlong(x: Tensor, axis: number): Tensor {
  const last = x.ndim - 1, axes = [...x.shape.keys()];
  const order = [...axes.filter((i) => i !== axis), axis];
  return permuted(running(permuted(x, order)), axes.map((i) => i === axis ? last : i < axis ? i : i - 1));
}

function logarithmic(x: Tensor, axis: number): Tensor {
  return custom("logcumsumexp", [x], () => runningAlong(x, axis), [(grad, [x], y) => {
    // Σ grad · e^(x - y) over what comes behind, for positive and negative gradients apart: they have logarithms. What is left out is
    // left out before y is taken off, which may be -Infinity too, and NaN counts as negative, so that it shows.
    const behind = (left: Tensor, size: Tensor) => {
      const part = where(left, -Infinity, sub(log(where(left, 1, size)), y));
      return exp(add(flip(logarithmic(flip(part, axis), axis), axis), x!));
    };
    return sub(behind(logicalNot(gt(grad, 0)), grad), behind(ge(grad, 0), neg(grad)));
  }]);
}

/**
 * ln(e^x₀ + … + e^xᵢ) along `dim`, without overflow or loss of small terms.
 *
 * @throws {IndexError} for a dimension that x does not have
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.logcumsumexp.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.logcumsumexp(tensor([0.5, 0.5, 0.5]), 0)); // tensor([0.5000, 1.1931, 1.5986])
 * ```
 */
export function logcumsumexp(x: Tensor, dim: number): Tensor {
  requireTensor("logcumsumexp", "x", x);
  const axis = axisOf("logcumsumexp", dim, x.ndim);
  requireFloat("logcumsumexp", x);
  if (x.numel() === 0) return add(x, 0);
  return x.ndim === 0 ? reshaped(logarithmic(reshaped(x, [1]), 0), []) : logarithmic(x, axis);
}
