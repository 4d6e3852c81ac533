/**
 * Random draws as methods; they replace the elements.
 *
 * @module
 */

import { bernoulli, type DrawOptions, multinomial } from "../random.ts";
import {
  bernoulli_,
  cauchy_,
  exponential_,
  geometric_,
  logNormal_,
  normal_,
  random_,
  uniform_,
} from "../random_fill.ts";
import type { Tensor } from "../tensor.ts";
import { type Implementations, methods } from "./define.ts";

/** Draws from distributions. */
export interface RandomMethods {
  /** Makes the elements uniformly distributed on [from, to); on [0, 1) by default. */
  uniform_(from?: number, to?: number, options?: DrawOptions): Tensor;
  /** Makes the elements normally distributed; mean 0 and deviation 1 by default. */
  normal_(mean?: number, std?: number, options?: DrawOptions): Tensor;
  /** Makes the elements 1 with probability `p`, 0.5 by default, else 0. */
  bernoulli_(p?: number | Tensor, options?: DrawOptions): Tensor;
  /** Makes the elements exponentially distributed with rate `lambda`; 1 by default. */
  exponential_(lambda?: number, options?: DrawOptions): Tensor;
  /** Makes the elements Cauchy distributed around `median` with scale `sigma`; 0 and 1 by default. */
  cauchy_(median?: number, sigma?: number, options?: DrawOptions): Tensor;
  /** Makes the elements' logarithms normally distributed; mean 1 and deviation 2 by default. */
  logNormal_(mean?: number, std?: number, options?: DrawOptions): Tensor;
  /** Makes the elements numbers of trials up to the first success of probability `p`. */
  geometric_(p: number, options?: DrawOptions): Tensor;
  /** Makes the elements integers from `from` to `to` - 1, or from 0 to the one number given. */
  random_(from?: number, to?: number, options?: DrawOptions): Tensor;
  /** 1 with the probability that the element says, else 0, as a new tensor. */
  bernoulli(options?: DrawOptions): Tensor;
  /** Positions drawn with the probabilities that the rows say. */
  multinomial(count: number, options?: DrawOptions & { readonly replacement?: boolean }): Tensor;
}

const functions: Implementations<RandomMethods> = {
  uniform_,
  normal_,
  bernoulli_,
  exponential_,
  cauchy_,
  logNormal_,
  geometric_,
  random_,
  bernoulli,
  multinomial,
};

/** Descriptors for the prototype. */
export const random: PropertyDescriptorMap = methods(functions);
