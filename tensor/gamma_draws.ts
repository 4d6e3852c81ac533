/**
 * Numbers of gamma distributions, drawn on the host with the roundings of PyTorch's CPU kernels.
 *
 * @see Marsaglia and Tsang, A simple method for generating gamma variables, ACM Trans. Math. Softw. 26 (2000)
 * @module
 */

import { allocate, type TypedArray } from "../kernels/mod.ts";
import { nextNormal, uniform64 } from "./distributions.ts";
import type { Generator } from "./generator.ts";

const { fround } = Math;

/** One number of the gamma distribution with this shape; `round` is the rounding in which the shape is computed with. */
function next(alpha: number, round: (x: number) => number, generator: Generator): number {
  const uniform = () => 1 - uniform64(1, generator)[0]!;
  if (alpha === 0) return 0;
  let shape = alpha, scale = 1;
  if (alpha < 1) {
    scale = Math.pow(uniform(), round(1 / alpha));
    shape = round(alpha + 1);
  }
  const d = round(shape - fround(1 / 3)), c = 1 / Math.sqrt(9 * d);
  for (;;) {
    let x: number, y: number;
    do {
      x = nextNormal(generator);
      y = 1 + c * x;
    } while (y <= 0);
    const v = y * y * y, u = uniform(), xx = x * x;
    if (u < 1 - fround(0.0331) * xx * xx) return scale * d * v;
    if (Math.log(u) < 0.5 * xx + d * (1 - v + Math.log(v))) return scale * d * v;
  }
}

/** A number of the gamma distribution with each of these shapes and scale 1. */
export function gammaEach(alpha: TypedArray, generator: Generator): TypedArray {
  const single = !(alpha instanceof Float64Array);
  const result = allocate(single ? "float32" : "float64", alpha.length);
  const least = single ? 2 ** -126 : 2 ** -1022;
  for (let i = 0; i < alpha.length; i++) {
    result[i] = Math.max(least, next(alpha[i]!, single ? fround : (x) => x, generator));
  }
  return result;
}

/** For each row of `length` shapes, numbers of gamma distributions divided by their sum, between 0 and 1. */
export function dirichletEach(alpha: TypedArray, length: number, generator: Generator): TypedArray {
  const single = !(alpha instanceof Float64Array);
  const result = allocate(single ? "float32" : "float64", alpha.length);
  const [least, most] = single ? [2 ** -126, 1 - 2 ** -24] : [2 ** -1022, 1 - 2 ** -53];
  const draws = Float64Array.from(alpha, (shape) => next(shape, (x) => x, generator));
  for (let row = 0; row < alpha.length; row += length) {
    let sum = 0;
    for (let i = row; i < row + length; i++) sum += draws[i]!;
    for (let i = row; i < row + length; i++) result[i] = Math.min(most, Math.max(least, draws[i]! / sum));
  }
  return result;
}
