/**
 * Functions that overwrite their first argument.
 *
 * @module
 */

import type { Tensor } from "../tensor/tensor.ts";

/** The function with its result written to its first argument, which it returns. */
export function inPlace<A extends unknown[]>(
  name: string,
  compute: (x: Tensor, ...args: A) => Tensor,
): (x: Tensor, ...args: A) => Tensor {
  return (x, ...args) => {
    const result = compute(x, ...args);
    return result === x ? x : x.assign(result, name);
  };
}
