/**
 * How long dispatches take: by the GPU's own clock where the adapter has one, else by waiting for each.
 *
 * @module
 */

import type { Timer } from "./device.ts";
import type { Gpu } from "./webgpu_executable.ts";
import { BufferUsage } from "./webgpu_memory.ts";

/** WebGPU allows 4096 queries in a set, and each dispatch takes two. */
const MOST_TIMED = 2048;

/** Submits dispatches one after another, timed. `encode` writes dispatch i, which does the launches `launches[i]`. */
export function submitTimed(
  gpu: Gpu,
  launches: readonly (readonly number[])[],
  encode: (pass: GPUComputePassEncoder, i: number) => void,
  timer: Timer,
): void {
  // What was submitted before is not to be counted.
  gpu.synchronize();
  if (!gpu.device.features.has("timestamp-query")) {
    launches.forEach((members, i) => {
      const start = performance.now();
      const encoder = gpu.device.createCommandEncoder(), pass = encoder.beginComputePass();
      encode(pass, i);
      pass.end();
      gpu.device.queue.submit([encoder.finish()]);
      gpu.synchronize();
      timer(members, start, performance.now() - start);
    });
    return;
  }
  for (let first = 0; first < launches.length; first += MOST_TIMED) {
    const part = launches.slice(first, first + MOST_TIMED), start = performance.now();
    const stamps = stampsOf(gpu, part.length, (pass, i) => encode(pass, first + i));
    part.forEach((members, i) => {
      const [began, ended] = [stamps[2 * i]!, stamps[2 * i + 1]!];
      timer(members, start + Number(began - stamps[0]!) / 1e6, Number(ended - began) / 1e6);
    });
  }
}

/** When each of `count` passes began and ended, in nanoseconds. */
function stampsOf(gpu: Gpu, count: number, encode: (pass: GPUComputePassEncoder, i: number) => void): BigInt64Array {
  const { device } = gpu, bytes = 16 * count;
  const querySet = device.createQuerySet({ type: "timestamp", count: 2 * count });
  const resolved = device.createBuffer({ size: bytes, usage: BufferUsage.queryResolve | BufferUsage.copySource });
  const encoder = device.createCommandEncoder();
  for (let i = 0; i < count; i++) {
    const timestampWrites = { querySet, beginningOfPassWriteIndex: 2 * i, endOfPassWriteIndex: 2 * i + 1 };
    const pass = encoder.beginComputePass({ timestampWrites });
    encode(pass, i);
    pass.end();
  }
  encoder.resolveQuerySet(querySet, 0, 2 * count, resolved, 0);
  device.queue.submit([encoder.finish()]);
  const stamps = new BigInt64Array(gpu.fetch({ gpu: resolved, bytes }));
  querySet.destroy();
  resolved.destroy();
  return stamps;
}
