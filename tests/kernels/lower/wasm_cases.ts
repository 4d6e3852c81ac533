/**
 * Runs one kernel on the CPU device and on the reference device, and compares every buffer.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { allocate, type DType, isFloat, type TypedArray } from "../../../kernels/ir/dtype.ts";
import { binary, type Expr, int, variable } from "../../../kernels/ir/expr.ts";
import type { Binding, Kernel, LoopKernel } from "../../../kernels/ir/kernel.ts";
import { createCpuDevice } from "../../../kernels/runtime/cpu.ts";
import type { Buffer, Device, RaisedFlag } from "../../../kernels/runtime/device.ts";
import { createReferenceDevice } from "../../../kernels/runtime/reference.ts";

/** The device under test; shared, as programs and memory are in a real process. */
export const cpu: Device = createCpuDevice();
const reference: Device = createReferenceDevice();

/** A kernel, its contents and its tolerance. */
export interface Case {
  readonly kernel: Kernel;
  /** Contents of each binding before the run; outputs may be left out. */
  readonly data: readonly (ArrayLike<number> | undefined)[];
  readonly scalars?: readonly number[];
  /** Allowed error relative to the larger of 1 and the value; 0 is exact. */
  readonly tolerance?: number;
}

/** What a run left behind. */
export interface Outcome {
  readonly buffers: TypedArray[];
  readonly raised: RaisedFlag[];
}

/** A loop kernel without scalars and checks, unless given. */
export function loop(kernel: Partial<LoopKernel> & Pick<LoopKernel, "stages" | "bindings">): LoopKernel {
  return { kind: "loop", rows: [], scalars: [], checks: 0, ...kernel };
}

/** Runs a kernel on a device. */
export function runOn(device: Device, { kernel, data, scalars = [] }: Case): Outcome {
  const buffers: Buffer[] = kernel.bindings.map((b, slot) => {
    const buffer = device.allocate(Math.max(4, device.byteLength(b.dtype, b.size)));
    const host = allocate(b.dtype, b.size);
    const given = data[slot];
    for (let i = 0; i < b.size; i++) host[i] = given === undefined ? 77 : given[i % given.length]!;
    device.write(buffer, b.dtype, host);
    return buffer;
  });
  const executable = device.prepare([{
    kernel,
    buffers: buffers.map((_, i) => i),
    scalars: kernel.scalars.map((_, i) => i),
    checks: Array.from({ length: kernel.checks }, (_, i) => i),
  }]);
  executable.run(buffers, scalars);
  const raised = executable.raised();
  const result = kernel.bindings.map((b, slot) => device.read(buffers[slot]!, b.dtype, b.size));
  for (const buffer of buffers) device.free(buffer);
  return { buffers: result, raised };
}

/** Compares the CPU with the reference; returns the CPU's outcome. */
export function compare(c: Case): Outcome {
  const actual = runOn(cpu, c), expected = runOn(reference, c);
  const { tolerance = 0 } = c;
  expected.buffers.forEach((want, slot) => {
    const got = actual.buffers[slot]!;
    for (let i = 0; i < want.length; i++) {
      const a = got[i]!, b = want[i]!;
      const close = Object.is(a, b) || a === b ||
        (isFloat(c.kernel.bindings[slot]!.dtype) && Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b)));
      if (!close) {
        const text = cpu.prepare([launchOf(c.kernel)]).text(0);
        throw new Error(`binding ${slot}, element ${i}: ${a}, expected ${b}\n${text}`);
      }
    }
  });
  assertEquals(actual.raised.map((r) => r.flag), expected.raised.map((r) => r.flag));
  return actual;
}

function launchOf(kernel: Kernel): Parameters<Device["prepare"]>[0][number] {
  return {
    kernel,
    buffers: kernel.bindings.map((_, i) => i),
    scalars: kernel.scalars.map((_, i) => i),
    checks: Array.from({ length: kernel.checks }, (_, i) => i),
  };
}

/** Numbers that look random, between -1 and 1. */
export function noise(n: number, seed = 1): Float32Array {
  const out = new Float32Array(n);
  let state = seed * 2654435761 >>> 0;
  for (let i = 0; i < n; i++) {
    state = Math.imul(state ^ state >>> 15, 2246822519) + 0x9e3779b9 >>> 0;
    out[i] = (state >>> 8) / 2 ** 23 - 1;
  }
  return out;
}

/** Whole numbers from 0 to limit - 1. */
export function integers(n: number, limit: number, seed = 1): number[] {
  return Array.from(noise(n, seed), (x) => Math.floor((x + 1) / 2 * limit) % limit);
}

/** a + b. */
export const add = (a: Expr, b: Expr): Expr => binary("add", a, b);
/** a * b. */
export const mul = (a: Expr, b: Expr): Expr => binary("mul", a, b);
/** A binding that is only read. */
export const read = (dtype: DType, size: number): Binding => ({ dtype, size, access: "read" });
/** A binding that is only written. */
export const write = (dtype: DType, size: number): Binding => ({ dtype, size, access: "write" });

/** Index of row-major variables: slots[k] with extents[k]. */
export function at(extents: readonly number[], first = 0): Expr {
  let index = int(0);
  extents.forEach((n, k) => index = add(mul(index, int(n)), variable(first + k, n)));
  return index;
}

/** out[i] = value over n points. */
export function elementwise(
  n: number,
  bindings: Binding[],
  value: Expr,
  scalars: DType[] = [],
  checks = 0,
): LoopKernel {
  return loop({
    bindings,
    scalars,
    checks,
    stages: [{
      kind: "store",
      inner: [n],
      stores: [{ slot: bindings.length - 1, index: variable(0, n), value }],
    }],
  });
}
