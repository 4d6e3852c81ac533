/**
 * Reading GPU memory.
 *
 * In Deno `mapAsync` has waited for the device when it returns, so the elements can be taken at once; its promise, which resolves 10 ms
 * later, is not needed. Other hosts have to await it.
 *
 * @module
 */

import { DeviceError } from "../errors.ts";
import { BufferUsage, MAP_READ } from "./webgpu_memory.ts";

/** The first bytes of a buffer. */
export interface Source {
  readonly gpu: GPUBuffer;
  /** A multiple of 4. */
  readonly bytes: number;
}

/** Whether this host lets a script wait for the GPU. */
export const canWait: boolean = "Deno" in globalThis;

/** Throws unless it does; to be called before a read takes anything. */
export function requireWaiting(): void {
  if (canWait) return;
  throw new DeviceError(
    "Cannot wait for the GPU: this host does not let a script do so. Read with `await t.data()`; " +
      "after that a small tensor can be printed and read at once",
  );
}

const SMALLEST = 4096;

/** Staging memory up to this size is kept for the next read. */
const LARGEST_KEPT = 64 * 2 ** 20;

/** Reads buffers of one device. */
export class Readback {
  readonly #idle = new Map<number, GPUBuffer[]>();

  constructor(
    readonly device: GPUDevice,
    /** Called for each submission. */
    readonly onSubmit: () => void,
  ) {}

  /** The bytes of each source, waiting for pending work. */
  read(sources: readonly Source[]): ArrayBuffer[] {
    const staging = this.#copy(sources);
    staging.mapAsync(MAP_READ).catch(() => {});
    return this.#take(staging, sources);
  }

  /** The same, without blocking where the host forbids that. */
  async readAsync(sources: readonly Source[]): Promise<ArrayBuffer[]> {
    if (canWait) return this.read(sources);
    const staging = this.#copy(sources);
    try {
      await staging.mapAsync(MAP_READ);
    } catch (error) {
      throw unreadable(error);
    }
    return this.#take(staging, sources);
  }

  #copy(sources: readonly Source[]): GPUBuffer {
    const staging = this.#acquire(sources.reduce((sum, { bytes }) => sum + bytes, 0));
    const encoder = this.device.createCommandEncoder();
    let offset = 0;
    for (const { gpu, bytes } of sources) {
      encoder.copyBufferToBuffer(gpu, 0, staging, offset, bytes);
      offset += bytes;
    }
    this.device.queue.submit([encoder.finish()]);
    this.onSubmit();
    return staging;
  }

  #take(staging: GPUBuffer, sources: readonly Source[]): ArrayBuffer[] {
    try {
      const mapped = staging.getMappedRange();
      let offset = 0;
      const parts = sources.map(({ bytes }) => mapped.slice(offset, offset += bytes));
      staging.unmap();
      this.#release(staging);
      return parts;
    } catch (error) {
      staging.destroy();
      throw unreadable(error);
    }
  }

  #acquire(bytes: number): GPUBuffer {
    const size = Math.min(Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(bytes))), this.device.limits.maxBufferSize);
    const idle = this.#idle.get(size)?.pop();
    if (idle !== undefined) return idle;
    const usage = BufferUsage.mapRead | BufferUsage.copyDestination;
    // Deno aborts in `getMappedRange` on a buffer that was never mapped before, so each is mapped once when it is made.
    const staging = this.device.createBuffer({ size, usage, mappedAtCreation: true });
    staging.unmap();
    return staging;
  }

  #release(staging: GPUBuffer): void {
    if (staging.size > LARGEST_KEPT) {
      staging.destroy();
      return;
    }
    const idle = this.#idle.get(staging.size);
    if (idle === undefined) this.#idle.set(staging.size, [staging]);
    else idle.push(staging);
  }
}

function unreadable(error: unknown): DeviceError {
  const why = error instanceof Error ? error.message : String(error);
  return new DeviceError(`Cannot read from the GPU (${why}): restart the program, or compute on device "cpu"`);
}
