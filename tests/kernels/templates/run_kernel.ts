/**
 * Runs a kernel on the CPU device and by the reference interpreter.
 *
 * @module
 */

import { allocate, type TypedArray } from "../../../kernels/ir/dtype.ts";
import type { Kernel } from "../../../kernels/ir/kernel.ts";
import { compileReference } from "../../../kernels/lower/reference.ts";
import { createCpuDevice } from "../../../kernels/runtime/cpu.ts";

/** One device for all tests, so that scratch memory and threads are reused across kernels. */
export const device = createCpuDevice();

/** The contents of every binding after the kernel has run on the CPU. */
export function runOnCpu(kernel: Kernel, inputs: readonly TypedArray[], scalars: readonly number[] = []): TypedArray[] {
  const buffers = inputs.map((data, i) => {
    const { dtype } = kernel.bindings[i]!;
    const buffer = device.allocate(device.byteLength(dtype, data.length));
    device.write(buffer, dtype, data);
    return buffer;
  });
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
  const launch = {
    kernel,
    buffers: numbers(buffers.length),
    scalars: numbers(scalars.length),
    checks: numbers(kernel.checks),
  };
  device.prepare([launch]).run(buffers, scalars);
  const results = buffers.map((b, i) => device.read(b, kernel.bindings[i]!.dtype, inputs[i]!.length));
  for (const b of buffers) device.free(b);
  return results;
}

/** The same, computed by the reference interpreter. */
export function runReference(
  kernel: Kernel,
  inputs: readonly TypedArray[],
  scalars: readonly number[] = [],
): TypedArray[] {
  const bindings = inputs.map((data, i) => {
    const copy = allocate(kernel.bindings[i]!.dtype, data.length);
    copy.set(data);
    return copy;
  });
  compileReference(kernel)(bindings, scalars, () => {});
  return bindings;
}

/** Throws unless all elements agree: exactly for integers, else to `tolerance` relative to the larger of 1 and the value. */
export function assertAgree(
  actual: readonly TypedArray[],
  expected: readonly TypedArray[],
  tolerance: number,
  what: string,
): void {
  actual.forEach((values, slot) => {
    for (let i = 0; i < values.length; i++) {
      const a = values[i]!, e = expected[slot]![i]!;
      if (Object.is(a, e) || a === e || Math.abs(a - e) <= tolerance * Math.max(1, Math.abs(e))) continue;
      throw new Error(`${what}: element ${i} of binding ${slot} is ${a}, expected ${e}`);
    }
  });
}

/** Numbers in [0, 1) that are the same every time. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
