/**
 * Filling parameters with starting values, and leaving it out.
 *
 * @module
 */

import { noGrad, type Tensor } from "../../tensor/mod.ts";

let skipping = false;

/** What `make` returns, without random and constant starting values. */
export function withoutFilling<T>(make: () => T): T {
  const before = skipping;
  skipping = true;
  try {
    return make();
  } finally {
    skipping = before;
  }
}

/** What `fill` makes of a tensor, unrecorded; the tensor as it is where filling is skipped. */
export function filled(tensor: Tensor, fill: () => Tensor): Tensor {
  return skipping ? tensor : noGrad(fill);
}
