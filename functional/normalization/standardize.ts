/**
 * Zero mean and unit variance over some axes: the core of every normalization.
 *
 * @module
 */

import { isGradEnabled, noGrad } from "../../tensor/grad_mode.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { custom } from "../custom.ts";
import { add, mul, square, sub } from "../elementwise/arithmetic.ts";
import { rsqrt } from "../elementwise/power.ts";
import { averaged } from "../reduction/sum.ts";

/** Mean and variance (of the population) over axes that are kept with extent 1. */
export interface Moments {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/** Mean and variance of `x` over `axes`. */
export function momentsOf(x: Tensor, axes: readonly number[]): Moments {
  const mean = averaged(x, axes, true);
  return { mean, variance: averaged(square(sub(x, mean)), axes, true) };
}

/** (x - mean) / √(variance + eps), with moments over `axes`, which are `moments` where they are known already. */
export function standardized(x: Tensor, axes: readonly number[], eps: number, moments?: Moments): Tensor {
  const known = moments ?? noGrad(() => momentsOf(x, axes));
  const scaleOf = ({ variance }: Moments) => rsqrt(add(variance, eps));
  return custom("standardize", [x], () => mul(sub(x, known.mean), scaleOf(known)), [(grad, [x], y) => {
    // For gradients of gradients the scale has to depend on x again.
    const scale = scaleOf(isGradEnabled() ? momentsOf(x!, axes) : known);
    const centered = sub(grad, averaged(grad, axes, true));
    return mul(scale, sub(centered, mul(y, averaged(mul(grad, y), axes, true))));
  }]);
}

/** x / √(mean of x² + eps) over `axes`. */
export function scaledByRms(x: Tensor, axes: readonly number[], eps: number): Tensor {
  const scaleOf = (x: Tensor) => rsqrt(add(averaged(square(x), axes, true), eps));
  const known = noGrad(() => scaleOf(x));
  return custom("rmsNorm", [x], () => mul(x, known), [(grad, [x], y) => {
    const scale = isGradEnabled() ? scaleOf(x!) : known;
    return mul(scale, sub(grad, mul(y, averaged(mul(grad, y), axes, true))));
  }]);
}
