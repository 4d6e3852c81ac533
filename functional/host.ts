/**
 * Elements between the host and the graph, for the few operations whose shape depends on values.
 *
 * @module
 */

import * as kernels from "../kernels/mod.ts";
import type { DeviceName, TypedArray } from "../kernels/mod.ts";
import { Tensor } from "../tensor/tensor.ts";

/** The elements of `x`, row-major; waits for the device. */
export function elementsOf(x: Tensor): TypedArray {
  return kernels.hostData(x.node) ?? kernels.read(x.node);
}

/** An int32 tensor of these elements. */
export function fromIntegers(values: ArrayLike<number>, shape: readonly number[], device: DeviceName): Tensor {
  return new Tensor(kernels.fromHost(Int32Array.from(values), shape, "int32", device));
}

/** [0, 1, …, length - 1] along `axis` of a tensor of `rank` dimensions, the others of extent 1. */
export function positions(length: number, axis: number, rank: number, device: DeviceName): Tensor {
  const shape = Array.from({ length: rank }, (_, i) => i === axis ? length : 1);
  return new Tensor(kernels.reshape(kernels.iota(length, device), shape));
}

/** `value` in a tensor of `shape`, without a copy. */
export function filled(shape: readonly number[], value: number, dtype: kernels.DType, device: DeviceName): Tensor {
  return new Tensor(kernels.expand(kernels.scalar(value, dtype, device), shape));
}
