/**
 * Moving the tensors of a module to another device or dtype.
 *
 * @module
 */

import { type DeviceName, type DType, DTypeError, enableGrad, isFloat, type Tensor } from "../tensor/mod.ts";

/** Where `to` moves a module, and to which type of floats. */
export interface ToOptions {
  /** The device of all parameters and buffers. */
  readonly device?: DeviceName;
  /** The dtype of those that are floating-point. */
  readonly dtype?: DType;
}

/** Moves tensors to a device, or floating-point ones to a dtype, in place, and their gradients with them. */
export function convertTensors(tensors: readonly Tensor[], target: DeviceName | DType | ToOptions): void {
  const { dtype, device } = optionsOf(target);
  if (dtype !== undefined && !isFloat(dtype)) {
    throw new DTypeError(`Cannot convert a module to ${dtype}: expected a floating-point dtype`);
  }
  const moved = (t: Tensor): Tensor =>
    t.to({ dtype: dtype !== undefined && isFloat(t.dtype) ? dtype : t.dtype, device: device ?? t.device });
  for (const tensor of tensors) {
    replace(tensor, moved(tensor.detach()));
    if (tensor.grad !== null) tensor.grad = moved(tensor.grad);
  }
}

function optionsOf(target: DeviceName | DType | ToOptions): ToOptions {
  if (typeof target === "object") return target;
  return target === "cpu" || target === "webgpu" ? { device: target } : { dtype: target };
}

/** Gives a parameter or buffer other elements, of whatever shape, dtype and device. */
export function replace(tensor: Tensor, value: Tensor): void {
  const { requiresGrad } = tensor;
  tensor.requiresGrad = false;
  enableGrad(() => tensor.assign(value, "to"));
  tensor.requiresGrad = requiresGrad;
}
