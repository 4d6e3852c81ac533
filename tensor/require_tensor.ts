/**
 * Arguments that must be tensors. Nobody may have checked the types of the calling code: it may be a notebook.
 *
 * @module
 */

import { ValueError } from "../kernels/mod.ts";
import { described, remedyFor } from "./describe.ts";
import { Tensor } from "./tensor.ts";

/** Refuses what is no tensor. */
export function requireTensor(operation: string, parameter: string, value: unknown): asserts value is Tensor {
  if (!(value instanceof Tensor)) throw notTensor(operation, parameter, value);
}

/** Refuses what is neither a tensor nor left out. */
export function requireTensorOrNone(
  operation: string,
  parameter: string,
  value: unknown,
): asserts value is Tensor | null | undefined {
  if (value === undefined || value === null || value instanceof Tensor) return;
  throw notTensor(operation, parameter, value, "a tensor, if it is given");
}

/** Refuses what is neither a tensor nor a number. */
export function requireOperand(
  operation: string,
  parameter: string,
  value: unknown,
): asserts value is Tensor | number | boolean {
  if (value instanceof Tensor || typeof value === "number" || typeof value === "boolean") return;
  throw notTensor(operation, parameter, value, "a tensor or a number");
}

/** Refuses what is no list of tensors. */
export function requireTensors(
  operation: string,
  parameter: string,
  value: unknown,
): asserts value is readonly Tensor[] {
  if (!Array.isArray(value)) {
    throw new ValueError(
      `Cannot call ${operation}: ${parameter} must be a list of tensors, but is ${described(value)}. ${
        value == null ? remedyFor(value) : "Put the tensors in brackets, as in [a, b]"
      }`,
    );
  }
  for (let i = 0; i < value.length; i++) {
    if (!(value[i] instanceof Tensor)) throw notTensor(operation, `${parameter}[${i}]`, value[i]);
  }
}

/** A tensor or a list of tensors, as a list; refuses what is neither. */
export function tensorsOf(operation: string, parameter: string, value: unknown): readonly Tensor[] {
  if (value instanceof Tensor) return [value];
  if (!Array.isArray(value)) throw notTensor(operation, parameter, value, "a tensor or a list of tensors");
  requireTensors(operation, parameter, value);
  return value;
}

/** Refuses what is no list, of numbers unless `what` says of what else. */
export function requireList(operation: string, parameter: string, value: unknown, what = "numbers"): void {
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return;
  const remedy = value == null ? remedyFor(value) : "Put it in brackets, as in [1] or [1, 2]";
  throw new ValueError(
    `Cannot call ${operation}: ${parameter} must be a list of ${what}, but is ${described(value)}. ${remedy}`,
  );
}

/** The error of an argument that is no tensor. `expected` says what else the operation takes. */
export function notTensor(operation: string, parameter: string, value: unknown, expected = "a tensor"): ValueError {
  return new ValueError(
    `Cannot call ${operation}: ${parameter} must be ${expected}, but is ${described(value)}. ${remedyFor(value)}`,
  );
}
