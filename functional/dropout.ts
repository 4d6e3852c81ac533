/**
 * Dropout: elements set to zero at random, the others scaled so that the mean stays.
 *
 * @module
 */

import { fromHost, ValueError } from "../kernels/mod.ts";
import { bernoulli } from "../tensor/distributions.ts";
import { type DrawOptions, generatorOf } from "../tensor/random.ts";
import { Tensor } from "../tensor/tensor.ts";
import { mul } from "./elementwise/arithmetic.ts";
import { requireFloat } from "./reduction/reduce.ts";

/** Options of dropout. */
export interface DropoutOptions extends DrawOptions {
  /** Probability that an element is dropped, 0 to 1; 0.5 by default. */
  readonly p?: number;
  /** Whether anything is dropped at all; true by default. */
  readonly training?: boolean;
}

/** 1 / (1 - p) with probability 1 - p, else 0, in `shape`. */
function mask(x: Tensor, shape: readonly number[], p: number, options: DrawOptions): Tensor {
  const count = shape.reduce((a, b) => a * b, 1);
  const drawn = bernoulli(count, x.dtype, 1 - p, generatorOf(options)), scale = 1 / (1 - p);
  for (let i = 0; i < count; i++) drawn[i] = drawn[i] === 0 ? 0 : scale;
  return new Tensor(fromHost(drawn, shape, x.dtype, x.device));
}

function dropped(
  operation: string,
  x: Tensor,
  shape: readonly number[],
  { p = 0.5, training = true, ...draw }: DropoutOptions,
): Tensor {
  if (!(p >= 0 && p <= 1)) throw new ValueError(`Cannot apply ${operation} with p ${p}: it must lie between 0 and 1`);
  requireFloat(operation, x);
  if (!training || p === 0 || x.numel() === 0) return x;
  return p === 1 ? mul(x, 0) : mul(x, mask(x, shape, p, draw));
}

/**
 * x with elements zeroed with probability p and the others divided by 1 - p. The random numbers are PyTorch's for the seed.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html}
 * @example
 * ```ts
 * import { functional as F, ones } from "@tensaur/tensaur";
 * const y = F.dropout(ones([1000]), { p: 0.5 });
 * console.log(new Set(y.tolist() as number[])); // 0 and 2
 * ```
 */
export function dropout(x: Tensor, options: DropoutOptions = {}): Tensor {
  return dropped("dropout", x, x.shape, options);
}

/**
 * Zeroes whole channels of [N, C, …], where neighbours are alike.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout2d.html}
 * @example
 * ```ts
 * import { functional as F, ones } from "@tensaur/tensaur";
 * console.log(F.dropout2d(ones([1, 2, 3, 3]), { training: false }).shape);
 * ```
 */
export function dropout2d(x: Tensor, options: DropoutOptions = {}): Tensor {
  return dropped("dropout2d", x, x.shape.map((extent, i) => i < 2 ? extent : 1), options);
}
