/**
 * What ran, and for how long.
 *
 * @module
 */

import { DeviceError } from "../errors.ts";
import type { Kernel } from "../ir/kernel.ts";
import type { DeviceName } from "../runtime/device.ts";
import { availableDevices } from "../runtime/devices.ts";
import { flush, synchronize } from "../runtime/engine.ts";
import { profiling } from "../runtime/profiling.ts";
import { canWait } from "../runtime/webgpu_readback.ts";
import { describeKernel, kernelName } from "./describe.ts";
import { kernelCost } from "./explain.ts";

/** One launch, or several that the device ran as one. */
export interface LaunchProfile {
  /** What it computes, in a few words; of several, of the first. */
  readonly name: string;
  /** What it computes, in full. */
  readonly text: string;
  /** Where it ran. */
  readonly device: DeviceName;
  /** Milliseconds since the beginning. */
  readonly start: number;
  /** How long it took. */
  readonly milliseconds: number;
  /** Bytes that it has to move at least. */
  readonly bytes: number;
  /** Arithmetic operations. */
  readonly operations: number;
}

type Description = Pick<LaunchProfile, "name" | "text" | "bytes" | "operations">;

/** Runs `body` and all that it leaves pending. */
export function profile<T>(body: () => T): { result: T; milliseconds: number; launches: LaunchProfile[] } {
  if (!canWait && availableDevices().includes("webgpu")) {
    throw new DeviceError("Cannot profile in this host: it does not let a script wait for the GPU. Profile in Deno");
  }
  const settle = () => {
    flush();
    availableDevices().forEach(synchronize);
  };
  settle();
  const launches: LaunchProfile[] = [], known = new Map<Kernel, Description>(), before = profiling.watch;
  const begin = performance.now();
  profiling.watch = (kernels, device) => {
    const noted = new Map<number, number>();
    return (which, start, milliseconds) => {
      const fresh = which.filter((i) => !noted.has(i));
      if (fresh.length === 0) {
        // The second dispatch of launches that take two.
        const at = noted.get(which[0]!)!, launch = launches[at]!;
        launches[at] = { ...launch, milliseconds: launch.milliseconds + milliseconds };
        return;
      }
      for (const i of fresh) noted.set(i, launches.length);
      const parts = fresh.map((i) => descriptionOf(kernels[i]!.kernel, known));
      launches.push({ ...together(parts), device, start: start - begin, milliseconds });
    };
  };
  try {
    const result = body();
    settle();
    return { result, milliseconds: performance.now() - begin, launches };
  } finally {
    profiling.watch = before;
  }
}

function together(parts: readonly Description[]): Description {
  const name = parts[0]!.name + (parts.length === 1 ? "" : `, and ${parts.length - 1} more`);
  return {
    name,
    text: parts.map(({ text }) => text).join("\n"),
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    operations: parts.reduce((sum, part) => sum + part.operations, 0),
  };
}

function descriptionOf(kernel: Kernel, known: Map<Kernel, Description>): Description {
  let found = known.get(kernel);
  if (found === undefined) {
    found = { name: kernelName(kernel), text: describeKernel(kernel).join("\n"), ...kernelCost(kernel) };
    known.set(kernel, found);
  }
  return found;
}
