/**
 * The reference device: a Device that runs every kernel in plain TypeScript. Slow; for tests of everything above the targets.
 *
 * @module
 */

import { DeviceError } from "../errors.ts";
import { type DType, itemSize, type TypedArray, viewBytes } from "../ir/dtype.ts";
import type { Kernel } from "../ir/kernel.ts";
import { compileReference, type ReferenceProgram } from "../lower/reference.ts";
import type { Buffer, Device, DeviceStats, Executable, Launch, RaisedFlag } from "./device.ts";

/** Limits that a test may want to be tighter than memory is. */
export interface ReferenceLimits {
  readonly maxBindings?: number;
  readonly maxBufferBytes?: number;
  readonly parallelism?: number;
}

class ReferenceBuffer implements Buffer {
  freed = false;
  /** Bytes of no element, so that reading what nobody wrote shows up as NaN. */
  readonly memory: Uint8Array<ArrayBuffer>;

  constructor(readonly id: number, readonly bytes: number) {
    this.memory = new Uint8Array(Math.ceil(bytes / 8) * 8).fill(255);
  }

  /** The first `length` elements. */
  view(dtype: DType, length: number): TypedArray {
    if (this.freed) throw new DeviceError(`Buffer ${this.id} was freed`);
    const bytes = length * itemSize(dtype);
    if (bytes > this.bytes) {
      throw new DeviceError(`Buffer ${this.id} of ${this.bytes} bytes cannot hold ${length} elements of ${dtype}`);
    }
    return viewBytes(dtype, this.memory.subarray(0, bytes));
  }
}

/** A device that interprets kernels in double precision and rounds what they store; it stands in for the CPU. */
export function createReferenceDevice(limits: ReferenceLimits = {}): Device {
  return new ReferenceDevice(limits);
}

class ReferenceDevice implements Device {
  readonly name = "cpu";
  readonly description = "reference interpreter";
  readonly maxBindings: number;
  readonly onHost = true;
  readonly maxBatch = 1;
  readonly maxBufferBytes: number;
  readonly parallelism: number;
  readonly stats: DeviceStats = { bytes: 0, buffers: 0, compiled: 0, launched: 0, submitted: 0 };
  readonly #programs = new WeakMap<Kernel, ReferenceProgram>();
  #nextId = 0;

  constructor(limits: ReferenceLimits) {
    this.maxBindings = limits.maxBindings ?? 32;
    this.maxBufferBytes = limits.maxBufferBytes ?? 2 ** 31;
    this.parallelism = limits.parallelism ?? 1;
  }

  supports(_dtype: DType): boolean {
    return true;
  }

  byteLength(dtype: DType, length: number): number {
    return length * itemSize(dtype);
  }

  allocate(bytes: number): Buffer {
    this.stats.bytes += bytes;
    this.stats.buffers++;
    return new ReferenceBuffer(this.#nextId++, bytes);
  }

  free(buffer: Buffer): void {
    const b = buffer as ReferenceBuffer;
    if (b.freed) throw new DeviceError(`Buffer ${b.id} is freed twice`);
    b.freed = true;
    this.stats.bytes -= b.bytes;
    this.stats.buffers--;
  }

  write(buffer: Buffer, dtype: DType, data: TypedArray): void {
    (buffer as ReferenceBuffer).view(dtype, data.length).set(data);
  }

  read(buffer: Buffer, dtype: DType, length: number): TypedArray {
    return (buffer as ReferenceBuffer).view(dtype, length).slice();
  }

  readAsync(buffer: Buffer, dtype: DType, length: number): Promise<TypedArray> {
    return Promise.resolve(this.read(buffer, dtype, length));
  }

  synchronize(): void {}

  prepare(launches: readonly Launch[]): Executable {
    const programs = launches.map((l) => this.#program(l.kernel));
    const flags = new Map<number, number>();
    return {
      launches: launches.length,
      text: (i) => JSON.stringify(launches[i]!.kernel, skipIds, 1),
      run: (buffers, scalars) => {
        launches.forEach((launch, i) => {
          const { kernel } = launch;
          const bindings = kernel.bindings.map((b, j) => {
            return (buffers[launch.buffers[j]!] as ReferenceBuffer).view(b.dtype, b.size);
          });
          const raise = (check: number, value: number) => {
            const flag = launch.checks[check]!;
            if (!flags.has(flag)) flags.set(flag, value);
          };
          programs[i]!(bindings, launch.scalars.map((s) => scalars[s]!), raise);
        });
        this.stats.launched += launches.length;
        this.stats.submitted++;
      },
      raised: () => {
        const raised: RaisedFlag[] = [...flags].map(([flag, value]) => ({ flag, value }));
        flags.clear();
        return raised;
      },
    };
  }

  #program(kernel: Kernel): ReferenceProgram {
    let program = this.#programs.get(kernel);
    if (program === undefined) {
      program = compileReference(kernel);
      this.#programs.set(kernel, program);
      this.stats.compiled++;
    }
    return program;
  }
}

/** Expressions read better without their numbers. */
function skipIds(key: string, value: unknown): unknown {
  return key === "id" ? undefined : value;
}
