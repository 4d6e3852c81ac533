/**
 * Inputs of modules that must be tensors.
 *
 * @module
 */

import { notTensor } from "../tensor/require_tensor.ts";
import { Tensor } from "../tensor/tensor.ts";

/** Refuses an input that is no tensor, in the name of the module's class. */
export function requireInput(module: object, parameter: string, value: unknown): asserts value is Tensor {
  if (!(value instanceof Tensor)) throw notTensor(module.constructor.name, parameter, value);
}

/** Refuses an input that is neither a tensor nor left out, in the name of the module's class. */
export function requireInputOrNone(
  module: object,
  parameter: string,
  value: unknown,
): asserts value is Tensor | null | undefined {
  if (value === undefined || value === null || value instanceof Tensor) return;
  throw notTensor(module.constructor.name, parameter, value, "a tensor, if it is given");
}
