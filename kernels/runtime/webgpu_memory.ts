/**
 * GPU memory. What is freed is kept for the next buffer of its size class, up to a bound.
 *
 * @module
 */

import { DeviceError } from "../errors.ts";
import type { Faults } from "./webgpu_faults.ts";

/** GPUBufferUsage, which hosts without WebGPU lack. */
export const BufferUsage = {
  mapRead: 0x1,
  copySource: 0x4,
  copyDestination: 0x8,
  uniform: 0x40,
  storage: 0x80,
  queryResolve: 0x200,
} as const;

/** GPUMapMode.READ. */
export const MAP_READ = 0x1;

/** One GPU buffer; its number stays when it is handed out again. */
export interface Memory {
  readonly id: number;
  readonly gpu: GPUBuffer;
}

/** Bytes of freed memory that are kept. */
const MOST_KEPT = 256 * 2 ** 20;

/** Memory of one device. */
export class MemoryPool {
  readonly #idle = new Map<number, Memory[]>();
  #idleBytes = 0;
  #ids = 0;
  #scratch: Memory | undefined = undefined;

  constructor(
    readonly device: GPUDevice,
    readonly faults: Faults,
    /** Most bytes of one buffer. */
    readonly limit: number,
  ) {}

  /** At least so many bytes, contents undefined. */
  allocate(bytes: number): Memory {
    if (bytes > this.limit) {
      throw new DeviceError(
        `Cannot allocate ${megabytes(bytes)}: one tensor on this GPU may take ${megabytes(this.limit)}. ` +
          'Split it, use a smaller batch, or device "cpu"',
      );
    }
    const size = Math.min(sizeClass(bytes), this.limit);
    const idle = this.#idle.get(size)?.pop();
    if (idle !== undefined) {
      this.#idleBytes -= size;
      return idle;
    }
    try {
      return this.#create(size);
    } catch (error) {
      if (this.#idleBytes === 0) throw error;
      this.#clear();
      return this.#create(size);
    }
  }

  #create(size: number): Memory {
    const usage = BufferUsage.storage | BufferUsage.copySource | BufferUsage.copyDestination;
    const gpu = this.faults.scoped(
      "out-of-memory",
      () => this.device.createBuffer({ size, usage }),
      (why) =>
        new DeviceError(
          `Cannot allocate ${megabytes(size)}: the GPU's memory is exhausted (${why.trim()}). ` +
            'Use a smaller batch or model, or device "cpu"',
        ),
    );
    return { id: this.#ids++, gpu };
  }

  /** Takes memory back; submitted work that uses it still completes. */
  free(memory: Memory): void {
    const { size } = memory.gpu;
    if (this.#idleBytes + size > MOST_KEPT) {
      memory.gpu.destroy();
      return;
    }
    this.#idleBytes += size;
    const idle = this.#idle.get(size);
    if (idle === undefined) this.#idle.set(size, [memory]);
    else idle.push(memory);
  }

  #clear(): void {
    for (const idle of this.#idle.values()) for (const { gpu } of idle) gpu.destroy();
    this.#idle.clear();
    this.#idleBytes = 0;
  }

  /** Memory that one dispatch writes and a later one of the same pass reads. All passes share it, since they run one after the other. */
  scratch(bytes: number): Memory {
    if (this.#scratch === undefined || this.#scratch.gpu.size < bytes) {
      if (this.#scratch !== undefined) this.free(this.#scratch);
      this.#scratch = this.allocate(bytes);
    }
    return this.#scratch;
  }
}

/** Bytes rounded up to a quarter of the power of two below, so that few sizes occur and little is wasted. */
function sizeClass(bytes: number): number {
  const step = Math.max(16, 2 ** (Math.floor(Math.log2(Math.max(16, bytes))) - 2));
  return Math.max(step, Math.ceil(bytes / step) * step);
}

function megabytes(bytes: number): string {
  return bytes < 2 ** 20 ? `${bytes} bytes` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
