/**
 * Runs kernels on WebGPU, compiled for either kind of adapter, and on the reference device, and compares every binding.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { type DType, isFloat, type TypedArray } from "../../../kernels/ir/dtype.ts";
import { binary, type Expr, int } from "../../../kernels/ir/expr.ts";
import type { Binding, Kernel, LoopKernel, Stage } from "../../../kernels/ir/kernel.ts";
import type { Device, RaisedFlag } from "../../../kernels/runtime/device.ts";
import { createReferenceDevice } from "../../../kernels/runtime/reference.ts";
import { createWebGpuDevice } from "../../../kernels/runtime/webgpu.ts";

/** WebGPU with kernels for software adapters; undefined on a machine without any adapter. */
export const software: Device | undefined = (await createWebGpuDevice({ target: { software: true } }))?.device;

/** The same for software adapters whose invocations cannot read each other's values. */
export const apart: Device | undefined = (await createWebGpuDevice({ target: { software: true, subgroup: undefined } }))
  ?.device;

/** The same with kernels for graphics processors. */
export const hardware: Device | undefined = (await createWebGpuDevice({ target: { software: false } }))?.device;

/** Registers a test that needs an adapter. */
export function gpuTest(name: string, fn: () => void | Promise<void>): void {
  Deno.test({ name, ignore: software === undefined, fn });
}

/** a + b. */
export const add = (a: Expr, b: Expr): Expr => binary("add", a, b);

/** a * b. */
export const mul = (a: Expr, b: Expr): Expr => binary("mul", a, b);

/** The row-major position of `index` in `extents`. */
export function at(index: readonly Expr[], extents: readonly number[]): Expr {
  return index.reduce((flat, i, axis) => add(mul(flat, int(extents[axis]!)), i), int(0));
}

/** A binding that is only read. */
export const read = (dtype: DType, size: number): Binding => ({ dtype, size, access: "read" });

/** A binding that is only written. */
export const write = (dtype: DType, size: number): Binding => ({ dtype, size, access: "write" });

/** A binding that is updated in place. */
export const update = (dtype: DType, size: number): Binding => ({ dtype, size, access: "readwrite" });

/** A loop kernel. */
export function loop(
  rows: number[],
  stages: Stage[],
  bindings: Binding[],
  more: { scalars?: DType[]; checks?: number } = {},
): LoopKernel {
  return { kind: "loop", rows, stages, bindings, scalars: more.scalars ?? [], checks: more.checks ?? 0 };
}

/** Elements for the bindings of a kernel, and its run-time numbers. */
export interface Case {
  readonly kernel: Kernel;
  readonly data: readonly (TypedArray | undefined)[];
  readonly scalars?: readonly number[];
  /** Largest relative error of a float. */
  readonly tolerance?: number;
}

/** What a device left in the bindings, and which flags it raised. */
export interface Outcome {
  readonly bindings: TypedArray[];
  readonly raised: RaisedFlag[];
}

/** Runs a case. */
export function runOn(device: Device, { kernel, data, scalars = [] }: Case): Outcome {
  const buffers = kernel.bindings.map((b) => device.allocate(device.byteLength(b.dtype, b.size)));
  kernel.bindings.forEach((b, i) => device.write(buffers[i]!, b.dtype, data[i] ?? blank(b)));
  const executable = device.prepare([{
    kernel,
    buffers: buffers.map((_, i) => i),
    scalars: scalars.map((_, i) => i),
    checks: Array.from({ length: kernel.checks }, (_, i) => i),
  }]);
  executable.run(buffers, scalars);
  const bindings = kernel.bindings.map((b, i) => device.read(buffers[i]!, b.dtype, b.size));
  const raised = executable.raised();
  for (const buffer of buffers) device.free(buffer);
  return { bindings, raised };
}

/** Elements that nobody expects, so that what was not written shows. */
function blank({ dtype, size }: Binding): TypedArray {
  const array = { float32: Float32Array, float16: Float16Array, float64: Float64Array, int32: Int32Array };
  const type = array[dtype as "float32"] ?? (dtype === "uint32" ? Uint32Array : Uint8Array);
  return new type(size).fill(dtype === "bool" ? 1 : 99) as TypedArray;
}

/** Asserts that WebGPU and the reference agree; `both` compiles for hardware as well. Gives WebGPU's outcome. */
export function agree(c: Case, both = false): Outcome {
  return agreeOn([software!, ...(both ? [hardware!] : [])], c);
}

/** Asserts that devices and the reference agree. Gives the first one's outcome. */
export function agreeOn(devices: readonly Device[], c: Case): Outcome {
  const expected = runOn(createReferenceDevice(), c);
  const results = devices.map((device) => {
    const actual = runOn(device, c);
    actual.bindings.forEach((elements, slot) => {
      assertClose(elements, expected.bindings[slot]!, c.kernel.bindings[slot]!.dtype, c.tolerance ?? 1e-5, slot);
    });
    assertEquals(actual.raised.map(({ flag }) => flag), expected.raised.map(({ flag }) => flag));
    return actual;
  });
  return results[0]!;
}

function assertClose(actual: TypedArray, expected: TypedArray, dtype: DType, tolerance: number, slot: number): void {
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i]!, e = expected[i]!;
    const error = Math.abs(a - e) / Math.max(1, Math.abs(e));
    const fine = Object.is(a, e) || a === e || (isFloat(dtype) && error <= tolerance);
    assert(fine, `binding ${slot}, element ${i}: ${a} instead of ${e}`);
  }
}

/** `length` numbers between -1 and 1, the same every time. */
export function numbers(length: number, seed = 1): Float32Array<ArrayBuffer> {
  let state = seed * 2654435761 >>> 0;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** `length` whole numbers from 0 below `limit`, the same every time. */
export function indices(length: number, limit: number, seed = 1): Int32Array<ArrayBuffer> {
  return Int32Array.from(numbers(length, seed), (x) => Math.floor((x + 1) / 2 * limit));
}
