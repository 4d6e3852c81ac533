/**
 * The CPU device: kernels as WebAssembly with SIMD, over one shared memory, on all cores. It also has float64.
 *
 * Everything is synchronous: when `run` returns, the work is done.
 *
 * @module
 */

import { DeviceError } from "../errors.ts";
import { allocate, type DType, itemSize, type TypedArray } from "../ir/dtype.ts";
import { wideVectors } from "../lower/wasm/features.ts";
import { CpuBuffer, CpuExecutable, CpuRuntime } from "./cpu_executable.ts";
import { Heap } from "./cpu_memory.ts";
import type { Buffer, Device, DeviceStats, Executable, Launch } from "./device.ts";

/** Elements up to which reading goes one by one. */
const FEW = 64;

/** The CPU as a device. */
export function createCpuDevice(): Device {
  return new CpuDevice();
}

class CpuDevice implements Device {
  readonly name = "cpu";
  readonly description: string;
  readonly maxBindings = 256;
  readonly onHost = true;
  readonly maxBatch = 1;
  readonly maxBufferBytes: number = 2 ** 32 - 2 ** 20;
  /** The same on every machine: results must not depend on the number of threads. */
  readonly parallelism = 32;
  readonly stats: DeviceStats = { bytes: 0, buffers: 0, compiled: 0, launched: 0, submitted: 0 };
  readonly #heap = new Heap();
  readonly #runtime: CpuRuntime;
  #nextId = 0;

  constructor() {
    this.#runtime = new CpuRuntime(this.#heap, this.stats);
    const { count } = this.#runtime.threads;
    const vectors = wideVectors() ? ", vectors of 256 bits" : "";
    this.description = `WebAssembly SIMD, ${count} thread${count === 1 ? "" : "s"}${vectors}`;
  }

  /** Whether tensors of `dtype` can live here. */
  supports(dtype: DType): boolean {
    return dtype !== "float16";
  }

  /** Bytes that `length` elements take here. */
  byteLength(dtype: DType, length: number): number {
    return itemSize(dtype) * length;
  }

  /** New memory, contents undefined. */
  allocate(bytes: number): Buffer {
    const buffer = new CpuBuffer(this.#nextId++, bytes, this.#heap.allocate(bytes));
    this.stats.bytes += bytes;
    this.stats.buffers++;
    return buffer;
  }

  /** Gives memory back. */
  free(buffer: Buffer): void {
    const own = buffer as CpuBuffer;
    if (own.freed) throw new DeviceError(`Buffer ${buffer.id} was freed twice`);
    own.freed = true;
    this.#heap.release(own.address, own.bytes);
    this.stats.bytes -= own.bytes;
    this.stats.buffers--;
  }

  /** Fills a buffer from host elements. */
  write(buffer: Buffer, _dtype: DType, data: TypedArray): void {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#check(buffer, bytes.length);
    this.#heap.bytes.set(bytes, (buffer as CpuBuffer).address);
  }

  /** The first `length` elements. */
  read(buffer: Buffer, dtype: DType, length: number): TypedArray {
    const result = allocate(dtype, length);
    this.#check(buffer, result.byteLength);
    const { address } = buffer as CpuBuffer;
    if (length <= FEW) {
      // Without views of its own: those of many small reads would burden the collector.
      const { bytes, ints, floats, doubles } = this.#heap;
      const size = itemSize(dtype);
      const elements = dtype === "float32" ? floats : size === 8 ? doubles : size === 1 ? bytes : ints;
      const first = address / size;
      for (let i = 0; i < length; i++) result[i] = elements[first + i]!;
      return result;
    }
    new Uint8Array(result.buffer).set(this.#heap.bytes.subarray(address, address + result.byteLength));
    return result;
  }

  #check(buffer: Buffer, bytes: number): void {
    if ((buffer as CpuBuffer).freed) throw new DeviceError(`Buffer ${buffer.id} was freed`);
    if (bytes > buffer.bytes) {
      throw new DeviceError(`Buffer ${buffer.id} of ${buffer.bytes} bytes cannot hold ${bytes}`);
    }
  }

  /** The first `length` elements. */
  readAsync(buffer: Buffer, dtype: DType, length: number): Promise<TypedArray> {
    return Promise.resolve(this.read(buffer, dtype, length));
  }

  /** Nothing is ever pending. */
  synchronize(): void {}

  /** Compiles. */
  prepare(launches: readonly Launch[]): Executable {
    return new CpuExecutable(this.#runtime, launches);
  }
}
