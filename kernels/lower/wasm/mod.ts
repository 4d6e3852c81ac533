/**
 * Lowers kernels to WebAssembly for the CPU device.
 *
 * @module
 */

import type { Kernel } from "../../ir/kernel.ts";
import type { CpuProgram } from "./program.ts";
import { lowerContract } from "../../templates/contract_wasm.ts";
import { lowerSort } from "../../templates/sort_wasm.ts";
import { lowerLoop } from "./loop.ts";

/** Lowers any kernel. */
export function lowerKernel(kernel: Kernel): CpuProgram {
  switch (kernel.kind) {
    case "loop":
      return lowerLoop(kernel);
    case "contract":
      return lowerContract(kernel);
    case "sort":
      return lowerSort(kernel);
  }
}
