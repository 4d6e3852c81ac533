/**
 * In-place draws: the elements of a tensor that exists are replaced by random ones. See `random.ts` for where the numbers come from.
 *
 * @module
 */

import { allocate, fromHost, read, type TypedArray, ValueError } from "../kernels/mod.ts";
import * as draw from "./distributions.ts";
import type { Generator } from "./generator.ts";
import { checkProbabilities, checkRange, type DrawOptions, floatOption, generatorOf } from "./random.ts";
import { Tensor } from "./tensor.ts";

/** `t` with its elements replaced by what `fill` draws. */
function overwrite(
  operation: string,
  t: Tensor,
  options: DrawOptions,
  fill: (count: number, generator: Generator) => TypedArray,
): Tensor {
  const data = fill(t.numel(), generatorOf(options));
  return t.assign(new Tensor(fromHost(data, t.node.shape, t.dtype, t.device)), operation);
}

/** Fills `t` with numbers uniformly distributed on [from, to). */
export function uniform_(t: Tensor, from = 0, to = 1, options: DrawOptions = {}): Tensor {
  floatOption("uniform_", t.dtype);
  return overwrite("uniform_", t, options, (n, g) => draw.uniform(n, t.dtype, from, to, g));
}

/** Fills `t` with numbers from a normal distribution. */
export function normal_(t: Tensor, mean = 0, std = 1, options: DrawOptions = {}): Tensor {
  floatOption("normal_", t.dtype);
  return overwrite("normal_", t, options, (n, g) => draw.normal(n, t.dtype, mean, std, g));
}

/** Fills `t` with 1 with probability `p`, else 0; `p` may be a tensor that broadcasts to `t`. */
export function bernoulli_(t: Tensor, p: number | Tensor = 0.5, options: DrawOptions = {}): Tensor {
  if (typeof p !== "number") {
    const probabilities = read(p.expand(t.shape).node);
    checkProbabilities(probabilities);
    return overwrite("bernoulli_", t, options, (_, g) => draw.bernoulliEach(probabilities, t.dtype, g));
  }
  checkProbabilities(new Float64Array([p]));
  return overwrite("bernoulli_", t, options, (n, g) => draw.bernoulli(n, t.dtype, p, g));
}

/** Fills `t` with numbers from the exponential distribution with rate `lambda`. */
export function exponential_(t: Tensor, lambda = 1, options: DrawOptions = {}): Tensor {
  floatOption("exponential_", t.dtype);
  if (!(lambda > 0)) throw new ValueError(`Cannot draw from exponential(${lambda}): the rate must be positive`);
  return overwrite("exponential_", t, options, (n, g) => draw.exponential(n, t.dtype, lambda, g));
}

/** Fills `t` with numbers from the Cauchy distribution around `median` with scale `sigma`. */
export function cauchy_(t: Tensor, median = 0, sigma = 1, options: DrawOptions = {}): Tensor {
  floatOption("cauchy_", t.dtype);
  if (!(sigma > 0)) throw new ValueError(`Cannot draw from cauchy(${median}, ${sigma}): the scale must be positive`);
  return overwrite("cauchy_", t, options, (n, g) => draw.cauchy(n, t.dtype, median, sigma, g));
}

/** Fills `t` with numbers whose logarithms have a normal distribution. */
export function logNormal_(t: Tensor, mean = 1, std = 2, options: DrawOptions = {}): Tensor {
  floatOption("logNormal_", t.dtype);
  if (!(std > 0)) throw new ValueError(`Cannot draw from logNormal(${mean}, ${std}): the deviation must be positive`);
  return overwrite("logNormal_", t, options, (n, g) => draw.logNormal(n, t.dtype, mean, std, g));
}

/** Fills `t` with numbers of trials up to the first success, each of probability `p`. */
export function geometric_(t: Tensor, p: number, options: DrawOptions = {}): Tensor {
  if (!(p > 0 && p < 1)) throw new ValueError(`Cannot draw from geometric(${p}): the probability lies between 0 and 1`);
  return overwrite("geometric_", t, options, (n, g) => draw.geometric(n, t.dtype, p, g));
}

/** Fills `t` with integers from `from` to `to` - 1; without bounds, with all that its dtype holds exactly from 0 on. */
export function random_(t: Tensor, from?: number, to?: number, options: DrawOptions = {}): Tensor {
  if (from === undefined) return overwrite("random_", t, options, (n, g) => draw.anyIntegers(n, t.dtype, g));
  const [low, high] = to === undefined ? [0, from] : [from, to];
  checkRange("random_", low, high, t.dtype);
  return overwrite("random_", t, options, (n, g) => draw.integers(n, t.dtype, low, high, g));
}

/** Makes `t`, seen as a matrix of its first axis and the others, orthogonal, times `gain`. */
export function orthogonal_(t: Tensor, gain = 1, options: DrawOptions = {}): Tensor {
  floatOption("orthogonal_", t.dtype);
  const rows = t.shape[0] ?? 1;
  return overwrite("orthogonal_", t, options, (n, g) => {
    const result = n === 0 ? allocate(t.dtype, 0) : draw.orthonormal(rows, n / rows, t.dtype, g);
    return gain === 1 ? result : result.map((value) => value * gain);
  });
}
