/**
 * Compositions with a gradient of their own: where the one that falls out of the parts is less accurate or dearer.
 *
 * @module
 */

import { record, type Vjp } from "../tensor/grad_fn.ts";
import { noGrad } from "../tensor/grad_mode.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** What `compute` makes of the inputs, recorded as one operation with these vjps. */
export function custom(
  operation: string,
  inputs: readonly Tensor[],
  compute: () => Tensor,
  vjps: readonly (Vjp | undefined)[],
): Tensor {
  return record(operation, noGrad(compute).node, inputs, vjps);
}
