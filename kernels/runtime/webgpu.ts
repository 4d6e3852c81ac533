/**
 * The WebGPU device.
 *
 * @module
 */

import { DTypeError, TensaurError } from "../errors.ts";
import { allocate, type DType, type TypedArray, viewBytes } from "../ir/dtype.ts";
import type { Target } from "../lower/wgsl/mod.ts";
import type { Buffer, Device, DeviceStats, Executable, Launch } from "./device.ts";
import { openAdapter } from "./webgpu_adapter.ts";
import { type Flags, type Gpu, WebGpuExecutable } from "./webgpu_executable.ts";
import { Faults } from "./webgpu_faults.ts";
import { type Memory, MemoryPool } from "./webgpu_memory.ts";
import { Programs } from "./webgpu_programs.ts";
import { canWait, Readback, requireWaiting, type Source } from "./webgpu_readback.ts";

/** Which adapter to take, and how to compile for it. */
export interface AdapterChoice {
  /** The fast adapter of a machine with two, or the frugal one; the fast one by default. */
  readonly powerPreference?: GPUPowerPreference;
  /** What kernels are compiled for, where that is not to be read off the adapter. */
  readonly target?: Partial<Target>;
  /** Whether kernels can be timed by the adapter's own clock; where it has one, by default. */
  readonly timestamps?: boolean;
}

/** A device, and whether a processor only imitates it. */
export interface WebGpu {
  readonly device: Device;
  /** Computing on the CPU device is faster than on a software adapter. */
  readonly software: boolean;
}

/** The device of an adapter, or undefined where the machine offers none. */
export async function createWebGpuDevice(choice: AdapterChoice = {}): Promise<WebGpu | undefined> {
  const opened = await openAdapter(choice.powerPreference ?? "high-performance", choice.timestamps !== false);
  if (opened === undefined) return undefined;
  const { device, info, target } = opened;
  return { device: new WebGpuDevice(device, info, { ...target, ...choice.target }), software: target.software };
}

/** Submissions after which the script waits for the device, so that it cannot run ahead without bound. */
const MOST_AHEAD = 128;

class GpuMemory implements Buffer {
  constructor(readonly id: number, readonly bytes: number, public memory: Memory | undefined) {}
}

class WebGpuDevice implements Device, Gpu {
  readonly name = "webgpu";
  readonly description: string;
  readonly maxBindings: number;
  readonly onHost = false;
  readonly maxBatch = 16;
  readonly maxBufferBytes: number;
  readonly parallelism: number;
  readonly stats: DeviceStats = { bytes: 0, buffers: 0, compiled: 0, launched: 0, submitted: 0 };
  readonly faults: Faults;
  readonly programs: Programs;
  readonly memory: MemoryPool;
  readonly #readback: Readback;
  readonly #watched = new Set<Flags>();
  #ids = 0;
  #ahead = 0;

  constructor(readonly device: GPUDevice, info: GPUAdapterInfo, readonly target: Target) {
    const { maxStorageBuffersPerShaderStage, maxStorageBufferBindingSize, maxBufferSize } = device.limits;
    this.description = info.description || info.device || info.architecture || info.vendor;
    // One for flags, one for scratch memory.
    this.maxBindings = maxStorageBuffersPerShaderStage - 2;
    this.maxBufferBytes = Math.floor(Math.min(maxStorageBufferBindingSize, maxBufferSize) / 16) * 16;
    this.parallelism = target.software ? 8 : 512;
    this.faults = new Faults(device);
    this.programs = new Programs(device, this.faults, this.stats);
    this.memory = new MemoryPool(device, this.faults, this.maxBufferBytes);
    this.#readback = new Readback(device, () => this.stats.submitted++);
  }

  supports(dtype: DType): boolean {
    return dtype === "float16" ? this.device.features.has("shader-f16") : dtype !== "float64";
  }

  byteLength(dtype: DType, length: number): number {
    if (!this.supports(dtype)) throw new DTypeError(`Cannot store ${dtype} on webgpu: use float32, or device "cpu"`);
    return (dtype === "float16" ? 2 : 4) * length;
  }

  allocate(bytes: number): Buffer {
    this.faults.check();
    const memory = this.memory.allocate(bytes);
    this.stats.bytes += bytes;
    this.stats.buffers++;
    return new GpuMemory(this.#ids++, bytes, memory);
  }

  free(buffer: Buffer): void {
    const { memory } = buffer as GpuMemory;
    if (memory === undefined) return;
    this.memory.free(memory);
    (buffer as GpuMemory).memory = undefined;
    this.stats.bytes -= buffer.bytes;
    this.stats.buffers--;
  }

  memoryOf(buffer: Buffer): Memory {
    const { memory } = buffer as GpuMemory;
    if (memory === undefined) throw new TensaurError("Cannot use memory of the GPU that was freed");
    return memory;
  }

  write(buffer: Buffer, dtype: DType, data: TypedArray): void {
    this.faults.check();
    const bytes = this.byteLength(dtype, data.length);
    if (bytes > buffer.bytes) throw new TensaurError(`Cannot write ${bytes} bytes to ${buffer.bytes} on the GPU`);
    // Deno aborts when asked to write nothing.
    if (bytes > 0) this.device.queue.writeBuffer(this.memoryOf(buffer).gpu, 0, toDevice(dtype, data));
  }

  read(buffer: Buffer, dtype: DType, length: number): TypedArray {
    this.faults.check();
    if (length === 0) return allocate(dtype, 0);
    requireWaiting();
    const watched = this.#unwatch();
    const [data, ...flags] = this.#readback.read([this.#source(buffer, dtype, length), ...watched]);
    this.#receive(watched, flags);
    return fromDevice(dtype, data!, length);
  }

  async readAsync(buffer: Buffer, dtype: DType, length: number): Promise<TypedArray> {
    this.faults.check();
    if (length === 0) return allocate(dtype, 0);
    const watched = this.#unwatch();
    const [data, ...flags] = await this.#readback.readAsync([this.#source(buffer, dtype, length), ...watched]);
    this.#receive(watched, flags);
    this.faults.check();
    return fromDevice(dtype, data!, length);
  }

  #source(buffer: Buffer, dtype: DType, length: number): { gpu: GPUBuffer; bytes: number } {
    const bytes = this.byteLength(dtype, length);
    if (bytes > buffer.bytes) throw new TensaurError(`Cannot read ${bytes} bytes of ${buffer.bytes} on the GPU`);
    return { gpu: this.memoryOf(buffer).gpu, bytes: Math.ceil(bytes / 4) * 4 };
  }

  /** The executables whose flags the next read brings along. */
  #unwatch(): Flags[] {
    const watched = [...this.#watched];
    this.#watched.clear();
    return watched;
  }

  #receive(watched: readonly Flags[], bytes: readonly ArrayBuffer[]): void {
    this.#ahead = 0;
    watched.forEach((flags, i) => flags.receive(bytes[i]!));
  }

  watch(flags: Flags): void {
    this.#watched.add(flags);
  }

  fetch(source: Source): ArrayBuffer {
    return this.#readback.read([source])[0]!;
  }

  fetchFlags(): void {
    if (this.#watched.size === 0) return;
    requireWaiting();
    this.faults.check();
    const watched = this.#unwatch();
    this.#receive(watched, this.#readback.read(watched));
  }

  missingFlags(): Promise<void> | undefined {
    if (canWait || this.#watched.size === 0) return undefined;
    const watched = this.#unwatch();
    return this.#readback.readAsync(watched).then((flags) => this.#receive(watched, flags));
  }

  submitted(): void {
    this.stats.submitted++;
    if (++this.#ahead >= MOST_AHEAD) this.synchronize();
  }

  synchronize(): void {
    this.#ahead = 0;
    // In Deno the call itself waits; its promise comes 10 ms later.
    if (canWait) this.device.queue.onSubmittedWorkDone().catch(() => {});
    this.faults.check();
  }

  prepare(launches: readonly Launch[]): Executable {
    this.faults.check();
    return new WebGpuExecutable(this, launches);
  }
}

/** Elements as the device stores them, in whole words. */
function toDevice(dtype: DType, data: TypedArray): TypedArray {
  if (dtype === "bool" || dtype === "uint8") return new Uint32Array(data);
  if (data.byteLength % 4 === 0) return data;
  const padded = allocate(dtype, data.length + 1);
  padded.set(data as Float16Array<ArrayBuffer>);
  return padded;
}

/** Elements as the host stores them. */
function fromDevice(dtype: DType, bytes: ArrayBuffer, length: number): TypedArray {
  if (dtype === "bool" || dtype === "uint8") return new Uint8Array(new Uint32Array(bytes));
  const data = viewBytes(dtype, new Uint8Array(bytes));
  return data.length === length ? data : data.slice(0, length);
}
