/**
 * Modules without starting values.
 *
 * @module
 */

import { withoutFilling } from "../init/filling.ts";
import type { Module } from "../module.ts";

/**
 * A module whose parameters are not initialised: nothing is drawn or filled, as what is loaded next would overwrite it.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer = nn.utils.skipInit(nn.Linear, 5, 1);
 * console.log(layer.weight.shape); // torch.Size([1, 5])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.skip_init.html}
 */
export function skipInit<M extends Module, A extends unknown[]>(make: new (...args: A) => M, ...args: A): M {
  return withoutFilling(() => new make(...args));
}
