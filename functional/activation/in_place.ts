/**
 * Activations that overwrite their input.
 *
 * @module
 */

import type { Tensor } from "../../tensor/tensor.ts";
import { celu, elu, selu } from "./elu.ts";
import { hardtanh, leakyRelu, relu, relu6, threshold } from "./relu.ts";
import { rrelu } from "./random.ts";

/** The function with its result written to its first argument, which it returns. */
function inPlace<A extends unknown[]>(name: string, compute: (x: Tensor, ...args: A) => Tensor) {
  return (x: Tensor, ...args: A): Tensor => {
    x.assign(compute(x, ...args), name);
    return x;
  };
}

/** `relu` in place. */
export const relu_: typeof relu = inPlace("relu_", relu);
/** `relu6` in place. */
export const relu6_: typeof relu6 = inPlace("relu6_", relu6);
/** `leakyRelu` in place. */
export const leakyRelu_: typeof leakyRelu = inPlace("leakyRelu_", leakyRelu);
/** `elu` in place. */
export const elu_: typeof elu = inPlace("elu_", elu);
/** `celu` in place. */
export const celu_: typeof celu = inPlace("celu_", celu);
/** `selu` in place. */
export const selu_: typeof selu = inPlace("selu_", selu);
/** `hardtanh` in place. */
export const hardtanh_: typeof hardtanh = inPlace("hardtanh_", hardtanh);
/** `threshold` in place. */
export const threshold_: typeof threshold = inPlace("threshold_", threshold);
/** `rrelu` in place. */
export const rrelu_: typeof rrelu = inPlace("rrelu_", rrelu);
