/**
 * Random numbers of events. See `random.ts` for where the numbers come from.
 *
 * @module
 */

import { read, sameShape, ShapeError } from "../kernels/mod.ts";
import { binomialEach, poissonEach } from "./counting_draws.ts";
import { create, type DrawOptions, floatOption } from "./random.ts";
import { requireTensor } from "./require_tensor.ts";
import type { Tensor } from "./tensor.ts";

/**
 * For each element of `rates`, how many events happen where that many are expected; the gradient is 0.
 *
 * @throws {ValueError} for a negative rate
 * @see {@link https://pytorch.org/docs/stable/generated/torch.poisson.html}
 * @example
 * ```ts
 * import { manualSeed, poisson, tensor } from "@tensaur/tensaur";
 *
 * manualSeed(0);
 * console.log(poisson(tensor([0.5, 3, 12]))); // tensor([ 2.,  4., 13.])
 * ```
 */
export function poisson(rates: Tensor, options: DrawOptions = {}): Tensor {
  requireTensor("poisson", "rates", rates);
  floatOption("poisson", rates.dtype);
  const { shape, dtype, device } = rates;
  return create("poisson", shape, dtype, { ...options, device }, (_, g) => poissonEach(read(rates.node), g));
}

/**
 * For each element of `count`, how many of so many trials succeed with the probability at the same place of `prob`; the gradient is 0.
 *
 * @throws {ShapeError} where the shapes differ
 * @see {@link https://github.com/pytorch/pytorch/blob/v1.13.1/aten/src/ATen/native/Distributions.h}
 * @example
 * ```ts
 * import { binomial, manualSeed, tensor } from "@tensaur/tensaur";
 *
 * manualSeed(1);
 * console.log(binomial(tensor([10, 100], { dtype: "float32" }), tensor([0.3, 0.4]))); // tensor([ 1., 36.])
 * ```
 */
export function binomial(count: Tensor, prob: Tensor, options: DrawOptions = {}): Tensor {
  requireTensor("binomial", "count", count);
  requireTensor("binomial", "prob", prob);
  [count, prob].forEach((x) => floatOption("binomial", x.dtype));
  if (!sameShape(count.shape, prob.shape)) {
    throw new ShapeError(
      `Cannot draw from binomial with counts of shape [${count.shape.join(", ")}] and probabilities of shape [${
        prob.shape.join(", ")
      }]: expand one to the other`,
    );
  }
  const { shape, dtype, device } = count;
  return create("binomial", shape, dtype, { ...options, device }, (_, g) => {
    return binomialEach(read(count.node), read(prob.node), g);
  });
}
