/**
 * Optional arguments by position or by name.
 *
 * @module
 */

import { Tensor } from "./tensor.ts";

/**
 * One object of options from arguments of which the first ones may stand for the options `names`, in order, as in PyTorch:
 * `new Dropout(0.3, { inplace: true })` is `new Dropout({ p: 0.3, inplace: true })`.
 */
export function optionsOf<O extends object>(names: readonly (keyof O)[], ...args: readonly unknown[]): Partial<O> {
  const options: Partial<Record<keyof O, unknown>> = {};
  args.forEach((arg, i) => {
    if (arg === undefined) return;
    if (isOptions(arg)) Object.assign(options, arg);
    else if (names[i] !== undefined) options[names[i]] = arg;
  });
  return options as Partial<O>;
}

function isOptions(arg: unknown): arg is object {
  return typeof arg === "object" && arg !== null && !Array.isArray(arg) && !(arg instanceof Tensor);
}
