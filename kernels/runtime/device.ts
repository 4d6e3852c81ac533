/**
 * What a device is to the rest of the engine: memory, programs, synchronous reads.
 *
 * @module
 */

import type { DType, TypedArray } from "../ir/dtype.ts";
import type { Kernel } from "../ir/kernel.ts";

/** Name of a device. */
export type DeviceName = "cpu" | "webgpu";

/** Memory of a device; opaque to everyone else. */
export interface Buffer {
  /** Unique on its device, never reused: caches are keyed by it. */
  readonly id: number;
  /** Size in the device's own layout. */
  readonly bytes: number;
}

/** One kernel of a plan and where its operands are: numbers index the plan's buffers, scalars and flags. */
export interface Launch {
  readonly kernel: Kernel;
  /** For each binding of the kernel, a buffer of the plan. */
  readonly buffers: readonly number[];
  /** For each scalar of the kernel, a scalar of the plan. */
  readonly scalars: readonly number[];
  /** For each check of the kernel, a flag of the plan. */
  readonly checks: readonly number[];
  /** Neighbours with equal numbers do not depend on each other: a device may start them as one. */
  readonly batch?: number;
}

/** A flag that a `check` raised: a value outside its range was met and replaced by 0. */
export interface RaisedFlag {
  /** Flag of the plan. */
  readonly flag: number;
  /** One of the offending values. */
  readonly value: number;
}

/**
 * Told how long launches took: those that the device ran as one, when they began (by the clock of `performance.now()`) and for how many
 * milliseconds they ran.
 */
export type Timer = (launches: readonly number[], start: number, milliseconds: number) => void;

/** Compiled launches, run in order as one submission, any number of times. */
export interface Executable {
  /** Runs with these buffers and scalars. Repeated with the same buffers, it allocates nothing. With a timer, it waits for the device. */
  run(buffers: readonly Buffer[], scalars: readonly number[], timer?: Timer): void;
  /** Flags raised since the last call; waits for the device. Cheap where no kernel has checks. */
  raised(): RaisedFlag[];
  /** What launch `i` runs, for people. */
  text(i: number): string;
  /** Device programs started by one run. */
  readonly launches: number;
}

/** A device. */
export interface Device {
  readonly name: DeviceName;
  /** The adapter or processor, for people. */
  readonly description: string;
  /** Most bindings of one kernel. */
  readonly maxBindings: number;
  /** Most bytes of one buffer that a kernel may bind. */
  readonly maxBufferBytes: number;
  /** Whether elements are in the host's own memory, where reading them costs nothing. */
  readonly onHost: boolean;
  /** Most kernels that are started as one; 1 where nothing is gained by it. */
  readonly maxBatch: number;
  /** How many independent rows keep the device busy: below it, long reductions are split. */
  readonly parallelism: number;
  /** Whether tensors of `dtype` can live here. */
  supports(dtype: DType): boolean;
  /** Bytes that `length` elements take here. */
  byteLength(dtype: DType, length: number): number;
  /** New memory, contents undefined. Throws DeviceError when there is none. */
  allocate(bytes: number): Buffer;
  /** Gives memory back; pending work that uses it still completes. */
  free(buffer: Buffer): void;
  /** Fills a buffer from host elements. */
  write(buffer: Buffer, dtype: DType, data: TypedArray): void;
  /** The first `length` elements, waiting for pending work. */
  read(buffer: Buffer, dtype: DType, length: number): TypedArray;
  /** The same without blocking where the host allows it. */
  readAsync(buffer: Buffer, dtype: DType, length: number): Promise<TypedArray>;
  /** Fetches flags that no read has brought along, where a script cannot wait for them; undefined if there are none. */
  missingFlags?(): Promise<void> | undefined;
  /** Waits until submitted work is done. */
  synchronize(): void;
  /** Compiles. Throws a TensaurError that includes the text if the target refuses it. */
  prepare(launches: readonly Launch[]): Executable;
  /** Bytes in use and programs compiled since start, for budgets and tests. */
  readonly stats: DeviceStats;
}

/** Counters of a device. */
export interface DeviceStats {
  /** Bytes allocated and not freed. */
  bytes: number;
  /** Buffers allocated and not freed. */
  buffers: number;
  /** Programs compiled since the start. */
  compiled: number;
  /** Kernels launched since the start. */
  launched: number;
  /** Submissions since the start. */
  submitted: number;
}
