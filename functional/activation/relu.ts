/**
 * Rectifiers: functions that are straight lines on either side.
 *
 * @module
 */

import { isFloat, ShapeError } from "../../kernels/mod.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { named, show } from "../dims.ts";
import { elementwise, type Unary } from "../elementwise/define.ts";
import * as f from "../elementwise/formula.ts";
import { reshaped } from "../movement/reshape.ts";

/**
 * max(x, 0).
 *
 * @throws {DTypeError} for bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.relu.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.relu(tensor([-1, 0.5]))); // tensor([0.0000, 0.5000])
 * ```
 */
export const relu: Unary = elementwise("relu", (x) => f.max(x, 0), {
  accepts: ["float", "integer"],
  gradients: [(grad, _x, y) => f.where(f.le(y, 0), 0, grad)],
});

/**
 * min(max(x, 0), 6).
 *
 * @throws {DTypeError} for bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.relu6.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.relu6(tensor([-1, 6.5]))); // tensor([0., 6.])
 * ```
 */
export const relu6: Unary = elementwise("relu6", (x) => f.min(f.max(x, 0), 6), {
  accepts: ["float", "integer"],
  gradients: [(grad, [x]) => f.where(f.and(f.gt(x!, 0), f.lt(x!, 6)), grad, 0)],
});

const leaky = elementwise("leakyRelu", (x, slope) => f.where(f.gt(x, 0), x, f.mul(x, slope)), {
  accepts: ["float"],
  gradients: [(grad, [x, slope]) => f.where(f.gt(x!, 0), grad, f.mul(grad, slope!))],
});

/** Options of `leakyRelu`. */
export interface LeakyReluOptions {
  /** Slope below zero; 0.01 by default. */
  readonly negativeSlope?: number;
}

/**
 * x where x > 0, else negativeSlope · x.
 *
 * @param negativeSlope slope below zero; 0.01 by default; by position or in options
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.leaky_relu.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.leakyRelu(tensor([-1, 0.5]), 0.1)); // tensor([-0.1000,  0.5000])
 * ```
 */
export function leakyRelu(x: Tensor, negativeSlope?: number | LeakyReluOptions): Tensor {
  requireTensor("leakyRelu", "x", x);
  return leaky(x, named<LeakyReluOptions>(["negativeSlope"], negativeSlope).negativeSlope ?? 0.01);
}

const parametric = elementwise("prelu", (x, weight) => f.where(f.gt(x, 0), x, f.mul(x, weight)), {
  accepts: ["float"],
  gradients: [
    (grad, [x, weight]) => f.where(f.gt(x!, 0), grad, f.mul(grad, weight!)),
    (grad, [x]) => f.where(f.gt(x!, 0), 0, f.mul(grad, x!)),
  ],
});

/**
 * x where x > 0, else weight · x; the weight has one element, or one for each element of dimension 1.
 *
 * @param x [N, C, ...], or of any shape where the weight has one element
 * @param weight [1] or [C]
 * @throws {ShapeError} where the weight has neither 1 nor C elements, or several dimensions
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.prelu.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.prelu(tensor([-1, 0.5]), tensor([0.25]))); // tensor([-0.2500,  0.5000])
 * ```
 */
export function prelu(x: Tensor, weight: Tensor): Tensor {
  requireTensor("prelu", "x", x);
  requireTensor("prelu", "weight", weight);
  const count = weight.numel(), channels = x.ndim > 1 ? x.shape[1]! : 1;
  if (weight.ndim > 1 || (count !== 1 && count !== channels)) {
    throw new ShapeError(
      `Cannot apply prelu with a weight of shape ${show(weight.shape)} to shape ${
        show(x.shape)
      }: give 1 element, or ${channels}`,
    );
  }
  return parametric(x, reshaped(weight, x.shape.map((_, i) => i === 1 ? count : 1)));
}

const bounded = elementwise("hardtanh", (x, low, high) => f.min(f.max(x, low), high), {
  accepts: ["float", "integer"],
  gradients: [(grad, [x, low, high]) => f.where(f.and(f.gt(x!, low!), f.lt(x!, high!)), grad, 0)],
});

/** Options of `hardtanh`. */
export interface HardtanhOptions {
  /** The lowest value; -1 by default. */
  readonly minVal?: number;
  /** The highest value; 1 by default. */
  readonly maxVal?: number;
}

/**
 * x, but at least `minVal` and at most `maxVal`.
 *
 * @param minVal the lowest value; -1 by default; by position or in options
 * @param maxVal the highest value; 1 by default
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.hardtanh.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.hardtanh(tensor([-1.5, 0.5]))); // tensor([-1.0000,  0.5000])
 * ```
 */
export function hardtanh(x: Tensor, minVal?: number | HardtanhOptions, maxVal?: number): Tensor {
  requireTensor("hardtanh", "x", x);
  const options = named<HardtanhOptions>(["minVal", "maxVal"], minVal, maxVal);
  // As in PyTorch, bounds take the dtype of x.
  const bound = (value: number) => isFloat(x.dtype) ? value : Math.trunc(value);
  return bounded(x, bound(options.minVal ?? -1), bound(options.maxVal ?? 1));
}

const cut = elementwise("threshold", (x, limit, value) => f.where(f.le(x, limit), value, x), {
  gradients: [(grad, [x, limit]) => f.where(f.le(x!, limit!), 0, grad)],
});

/**
 * x where x > threshold, else `value`.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.threshold.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.threshold(tensor([0.1, 0.5]), 0.2, 0)); // tensor([0.0000, 0.5000])
 * ```
 */
export function threshold(x: Tensor, threshold: number, value: number): Tensor {
  requireTensor("threshold", "x", x);
  return cut(x, threshold, value);
}
