/**
 * Compiled shaders by their text.
 *
 * @module
 */

import { TensaurError } from "../errors.ts";
import type { DeviceStats } from "./device.ts";
import type { Faults } from "./webgpu_faults.ts";

/** A pipeline and the layout of its bindings. */
export interface Program {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** Texts kept; more means that shapes keep changing, and the oldest are not coming back. */
const MOST_KEPT = 4096;

/** The programs of one device. */
export class Programs {
  readonly #byText = new Map<string, Program>();

  constructor(readonly device: GPUDevice, readonly faults: Faults, readonly stats: DeviceStats) {}

  /** The program of a text, compiled the first time. */
  get(text: string): Program {
    let program = this.#byText.get(text);
    if (program === undefined) {
      program = this.#compile(text);
      if (this.#byText.size >= MOST_KEPT) this.#byText.delete(this.#byText.keys().next().value!);
      this.#byText.set(text, program);
    }
    return program;
  }

  #compile(code: string): Program {
    this.stats.compiled++;
    return this.faults.scoped("validation", () => {
      const module = this.device.createShaderModule({ code });
      const pipeline = this.device.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } });
      return { pipeline, layout: pipeline.getBindGroupLayout(0) };
    }, (why) => new TensaurError(`Cannot compile a kernel for WebGPU: ${why}\n${code}`));
  }
}
