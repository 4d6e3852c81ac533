/**
 * Views, which share their elements with what they were taken from, and copies, which do not.
 *
 * @module
 */

import { clone } from "../../tensor/conversion.ts";
import { record } from "../../tensor/grad_fn.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ViewStep } from "../../tensor/variable.ts";

/** `apply(x)` as a view of `x`; `write` is undefined where elements repeat, so that the view cannot be written. */
export function alias(x: Tensor, apply: ViewStep["apply"], write: ViewStep["write"]): Tensor {
  const view = apply(x);
  // A view is a handle of its own, also where it shows the whole.
  return (view === x ? record("alias", x.node, [x], [(grad) => grad]) : view).asViewOf(x, { apply, write });
}

/** `result`, or a copy where it is `x` unchanged: it keeps its elements when `x` is written. */
export function unshared(result: Tensor, x: Tensor): Tensor {
  return result.node === x.node ? clone(result) : result;
}
