/**
 * Giving a tensor that others hold other elements.
 *
 * @module
 */

import { enableGrad, type Tensor } from "../tensor/mod.ts";

/** Gives a parameter or buffer other elements, of whatever shape, dtype and device. */
export function replace(tensor: Tensor, value: Tensor): void {
  const { requiresGrad } = tensor;
  tensor.requiresGrad = false;
  enableGrad(() => tensor.assign(value, "to"));
  tensor.requiresGrad = requiresGrad;
}
