/**
 * Views: results that share their elements with what they were taken from.
 *
 * @module
 */

import type { Tensor, ViewStep } from "../../tensor/tensor.ts";

/** `apply(x)` as a view of `x`; `write` is undefined where elements repeat, so that the view cannot be written. */
export function alias(x: Tensor, apply: ViewStep["apply"], write: ViewStep["write"]): Tensor {
  return apply(x).asViewOf(x, { apply, write });
}
