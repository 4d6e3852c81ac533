/**
 * Numbers of gamma and Dirichlet distributions that gradients flow through.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { allocate, AutogradError, ShapeError, type TypedArray } from "../../kernels/mod.ts";
import { dirichletEach, gammaEach } from "../../tensor/gamma_draws.ts";
import { record } from "../../tensor/grad_fn.ts";
import { type DrawOptions, generatorOf } from "../../tensor/random.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { mul, sub } from "../elementwise/arithmetic.ts";
import { elementsOf } from "../host.ts";
import { requireReal } from "../linalg/batches.ts";
import { sum } from "../reduction/sum.ts";
import { betaSlope, gammaSlope } from "./pathwise.ts";

/** A tensor like `x` of elements from the host. */
function like(x: Tensor, values: TypedArray): Tensor {
  return new Tensor(kernels.fromHost(values, x.node.shape, x.dtype, x.device));
}

/** The slopes, which as in PyTorch have no derivative themselves. */
function slopes(operation: string, alpha: Tensor, values: TypedArray): Tensor {
  return record(operation, like(alpha, values).node, [alpha], [() => {
    throw new AutogradError(`Cannot go backward through ${operation}: the gradient of a draw has none itself`);
  }]);
}

/**
 * For each element of `alpha`, a number of the gamma distribution with this shape and scale 1 (Marsaglia and Tsang 2000), with
 * PyTorch's stream. The gradient moves the number so that its place in the distribution stays.
 *
 * @example
 * ```ts
 * import { functional as F, manualSeed, tensor } from "@tensaur/tensaur";
 *
 * manualSeed(0);
 * console.log(F.standardGamma(tensor([1.5, 3]))); // tensor([3.7482, 2.2156])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#gamma}
 */
export function standardGamma(alpha: Tensor, options: DrawOptions = {}): Tensor {
  requireReal("standardGamma", alpha, "alpha");
  const draws = gammaEach(elementsOf(alpha), generatorOf(options));
  return record("StandardGamma", like(alpha, draws).node, [alpha], [(grad, [alpha]) => {
    const shapes = elementsOf(alpha!), values = allocate(alpha!.dtype, draws.length);
    draws.forEach((x, i) => values[i] = gammaSlope(x, shapes[i]!));
    return mul(grad, slopes("StandardGammaGrad", alpha!, values));
  }]);
}

/**
 * Vectors of positive numbers with sum 1: numbers of gamma distributions whose shapes are the rows of `alpha`, divided by their sum, with
 * PyTorch's stream.
 *
 * @throws {ShapeError} for a single number
 * @param alpha [..., n]
 *
 * @example
 * ```ts
 * import { functional as F, manualSeed, tensor } from "@tensaur/tensaur";
 *
 * manualSeed(0);
 * console.log(F.standardDirichlet(tensor([1.5, 3, 1.5]))); // tensor([0.5943, 0.3513, 0.0545])
 * ```
 * @see {@link https://pytorch.org/docs/stable/distributions.html#dirichlet}
 */
export function standardDirichlet(alpha: Tensor, options: DrawOptions = {}): Tensor {
  requireReal("standardDirichlet", alpha, "alpha");
  if (alpha.ndim === 0) throw new ShapeError("Cannot draw standardDirichlet for one number: give a list of shapes");
  const length = alpha.shape.at(-1)!;
  const draws = dirichletEach(elementsOf(alpha), length, generatorOf(options));
  return record("Dirichlet", like(alpha, draws).node, [alpha], [(grad, [alpha], x) => {
    const shapes = elementsOf(alpha!), values = allocate(alpha!.dtype, draws.length);
    for (let row = 0; row < draws.length; row += length) {
      let total = 0;
      for (let i = row; i < row + length; i++) total += shapes[i]!;
      for (let i = row; i < row + length; i++) {
        values[i] = betaSlope(draws[i]!, shapes[i]!, total - shapes[i]!) / (1 - draws[i]!);
      }
    }
    return mul(sub(grad, sum(mul(x, grad), -1, { keepdim: true })), slopes("DirichletGrad", alpha!, values));
  }]);
}
