/**
 * Activations that draw random numbers, PyTorch's for the seed.
 *
 * @module
 */

import { allocate, fromHost, ValueError } from "../../kernels/mod.ts";
import { exponential, uniform64 } from "../../tensor/distributions.ts";
import { type DrawOptions, generatorOf } from "../../tensor/random.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { custom } from "../custom.ts";
import { axisOf } from "../dims.ts";
import { add, mul, neg } from "../elementwise/arithmetic.ts";
import { eq, isnan } from "../elementwise/comparison.ts";
import { elementwise } from "../elementwise/define.ts";
import { div } from "../elementwise/division.ts";
import { log } from "../elementwise/exponential.ts";
import * as f from "../elementwise/formula.ts";
import { where } from "../elementwise/where.ts";
import { elementsOf, filled, positions } from "../host.ts";
import { argmax } from "../reduction/extremes.ts";
import { requireFloat } from "../reduction/reduce.ts";
import { softmax } from "../reduction/softmax.ts";
import { leakyRelu } from "./relu.ts";

/** Options of `rrelu`. */
export interface RreluOptions extends DrawOptions {
  /** The least slope; 1/8 by default. */
  readonly lower?: number;
  /** The largest slope; 1/3 by default. */
  readonly upper?: number;
  /** Whether slopes are drawn rather than the middle taken; false by default. */
  readonly training?: boolean;
}

const sloped = elementwise("rrelu", (x, slope) => f.where(f.gt(x, 0), x, f.mul(x, slope)), {
  accepts: ["float"],
  gradients: [(grad, [x, slope]) => f.where(f.gt(x!, 0), grad, f.mul(grad, slope!))],
});

/**
 * x where x > 0, else x times a slope: drawn for each element while training, (lower + upper) / 2 else. Drawing reads x, since only
 * elements that are not above 0 take a number.
 *
 * @param options `lower`: 1/8 by default; `upper`: 1/3; `training`: false
 * @throws {DTypeError} for integers and bools
 * @throws {ValueError} for a lower above upper
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.rrelu.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.rrelu(tensor([1.5, -2]), { lower: 0.25, upper: 0.75 }).tolist()); // [ 1.5, -1 ]
 * ```
 */
export function rrelu(x: Tensor, options: RreluOptions = {}): Tensor {
  requireTensor("rrelu", "x", x);
  const { lower = 1 / 8, upper = 1 / 3, training = false } = options;
  if (!(lower <= upper)) throw new ValueError(`Cannot rrelu with lower ${lower} above upper ${upper}`);
  requireFloat("rrelu", x);
  if (!training) return leakyRelu(x, (lower + upper) / 2);
  const elements = elementsOf(x), slopes = allocate(x.dtype, elements.length);
  let below = 0;
  for (const value of elements) if (!(value > 0)) below++;
  const drawn = uniform64(below, generatorOf(options));
  let next = 0;
  for (let i = 0; i < elements.length; i++) {
    slopes[i] = elements[i]! > 0 ? 1 : drawn[next++]! * (upper - lower) + lower;
  }
  return sloped(x, new Tensor(fromHost(slopes, x.shape, x.dtype, x.device)));
}

/** Options of `gumbelSoftmax`. */
export interface GumbelSoftmaxOptions extends DrawOptions {
  /** The temperature: the smaller, the closer to one-hot. 1 by default. */
  readonly tau?: number;
  /** Returns one-hot vectors, with the gradient of the soft ones; false by default. */
  readonly hard?: boolean;
  /** The dimension of the classes; -1 by default. */
  readonly dim?: number;
}

/**
 * Samples of a categorical distribution through which gradients flow: softmax((logits + g) / tau) with Gumbel noise g.
 *
 * @param options `tau`: 1 by default; `hard`: false; `dim`: -1
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.gumbel_softmax.html}
 * @example
 * ```ts
 * import { functional as F, randn } from "@tensaur/tensaur";
 * console.log(F.gumbelSoftmax(randn([4, 3]), { hard: true }).sum(1).tolist()); // [ 1, 1, 1, 1 ]
 * ```
 */
export function gumbelSoftmax(logits: Tensor, options: GumbelSoftmaxOptions = {}): Tensor {
  requireTensor("gumbelSoftmax", "logits", logits);
  const { tau = 1, hard = false, dim = -1 } = options;
  requireFloat("gumbelSoftmax", logits);
  const draws = exponential(logits.numel(), logits.dtype, 1, generatorOf(options));
  const noise = neg(log(new Tensor(fromHost(draws, logits.shape, logits.dtype, logits.device))));
  const soft = softmax(div(add(logits, noise), tau), dim);
  if (!hard) return soft;
  const axis = axisOf("gumbelSoftmax", dim, logits.ndim);
  const chosen = argmax(soft, axis, { keepdim: true });
  const one = filled([], 1, soft.dtype, soft.device);
  const sharp = where(
    eq(positions(logits.shape[axis] ?? 1, axis, logits.ndim, logits.device), chosen),
    one,
    mul(one, 0),
  );
  // PyTorch's sharp - soft + soft, which shows NaN, but without its rounding, and spelled so that no driver can cancel the NaN.
  return custom("gumbelSoftmax", [soft], () => where(isnan(soft), soft, sharp), [(grad) => grad]);
}
