/**
 * Optional arguments by position or by name.
 *
 * @module
 */

import { Tensor } from "../tensor/mod.ts";

/**
 * One object of options from arguments of which the first ones may stand for the options `names`, in order, as in PyTorch:
 * `new Dropout(0.3, { inplace: true })` is `new Dropout({ p: 0.3, inplace: true })`.
 */
export function optionsOf<O extends object>(names: readonly (keyof O)[], ...args: readonly unknown[]): Partial<O> {
  const options: Partial<Record<keyof O, unknown>> = {};
  args.forEach((arg, i) => {
    if (arg === undefined) return;
    if (typeof arg === "object" && arg !== null && !(arg instanceof Tensor)) Object.assign(options, arg);
    else if (names[i] !== undefined) options[names[i]] = arg;
  });
  return options as Partial<O>;
}
