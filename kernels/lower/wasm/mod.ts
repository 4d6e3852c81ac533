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

const programs = new WeakMap<Kernel, CpuProgram>();

/** Lowers any kernel, once. */
export function lowerKernel(kernel: Kernel): CpuProgram {
  let program = programs.get(kernel);
  if (program === undefined) {
    program = lower(kernel);
    programs.set(kernel, program);
  }
  return program;
}

function lower(kernel: Kernel): CpuProgram {
  switch (kernel.kind) {
    case "loop":
      return lowerLoop(kernel);
    case "contract":
      return lowerContract(kernel);
    case "sort":
      return lowerSort(kernel);
  }
}
