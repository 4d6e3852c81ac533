/**
 * Moving the tensors of a module to another device or dtype.
 *
 * @module
 */

import { DeviceError, type DeviceName, type DType, DTypeError, empty, isFloat, Tensor } from "../tensor/mod.ts";
import { replace } from "./replace.ts";
import { isLazy } from "./uninitialized.ts";

/** Where `to` moves a module, and to which type of floats. */
export interface ToOptions {
  /** The device of all parameters and buffers. */
  readonly device?: DeviceName;
  /** The dtype of those that are floating-point. */
  readonly dtype?: DType;
}

/** Moves tensors to a device, or floating-point ones to a dtype, in place, and their gradients with them. */
export function convertTensors(tensors: readonly Tensor[], target: DeviceName | DType | ToOptions | Tensor): void {
  const { dtype, device } = optionsOf(target);
  if (dtype !== undefined && !isFloat(dtype)) {
    throw new DTypeError(`Cannot convert a module to ${dtype}: expected a floating-point dtype`);
  }
  const like = (t: Tensor) => ({
    dtype: dtype !== undefined && isFloat(t.dtype) ? dtype : t.dtype,
    device: device ?? t.device,
  });
  for (const tensor of tensors) {
    replace(tensor, isLazy(tensor) ? empty([0], like(tensor)) : tensor.detach().to(like(tensor)));
    if (tensor.grad !== null) tensor.grad = tensor.grad.to(like(tensor.grad));
  }
}

function optionsOf(target: DeviceName | DType | ToOptions | Tensor): ToOptions {
  if (target instanceof Tensor) return { device: target.device, dtype: target.dtype };
  if (typeof target === "object") return target;
  if (target.startsWith("cuda")) {
    throw new DeviceError('Cannot move a module to CUDA: the GPU is reached through WebGPU here. Use to("webgpu")');
  }
  return target === "cpu" || target === "webgpu" ? { device: target } : { dtype: target };
}

/** Gives tensors elements of no particular value on a device, in place; gradients go. */
export function emptyTensors(tensors: readonly Tensor[], device: DeviceName): void {
  for (const tensor of tensors) {
    replace(tensor, empty(isLazy(tensor) ? [0] : tensor.shape, { dtype: tensor.dtype, device }));
    tensor.grad = null;
  }
}
