/**
 * Whether runs are timed.
 *
 * @module
 */

import type { Kernel } from "../ir/kernel.ts";
import type { DeviceName, Timer } from "./device.ts";

/** While somebody profiles, `watch` gives each run, of these kernels in this order, its timer. */
export const profiling: {
  /** Undefined while nobody does. */
  watch: ((kernels: readonly { readonly kernel: Kernel }[], device: DeviceName) => Timer) | undefined;
} = { watch: undefined };
