/**
 * Memory that users hold through tensors: given back when the tensors are gone.
 *
 * The garbage collector does not see device memory, and its callbacks do not run within a synchronous loop. So buffers are counted, and
 * past a budget a collection is forced and dead holders are swept, all synchronously. Where a collection cannot be forced (browsers), a
 * finalization registry does what it can.
 *
 * @module
 */

import type { Residence } from "../ir/node.ts";
import type { Buffer, Device } from "./device.ts";
import { builtinModule, hasBuiltinModules } from "./host.ts";

/** Bytes handed out between two collections, at least. */
const BUDGET = 192 * 2 ** 20;
/** Buffers handed out between two collections, at most. */
const MOST_BUFFERS = 2048;
/** Bytes by which the host's heap may grow between two collections: without one, a busy host lets garbage pile up. */
const HEAP_GROWTH = 64 * 2 ** 20;
/** Looks between two measurements of the host's heap. */
const LOOKS = 256;

interface Entry {
  readonly holder: WeakRef<Residence>;
  readonly buffer: Buffer;
}

/** Frees the buffers of one device whose residences are unreachable. */
export class Reclaimer {
  readonly #entries = new Map<Buffer, Entry>();
  readonly #registry = new FinalizationRegistry<Buffer>((buffer) => this.#free(buffer));
  #bytes = 0;
  #count = 0;
  #looks = 0;
  /** What the host's heap held after the last collection. */
  #heap = 0;

  constructor(readonly device: Device) {}

  /** Frees `residence.buffer` once nothing holds the residence. */
  track(residence: Residence): void {
    const { buffer } = residence;
    this.#entries.set(buffer, { holder: new WeakRef(residence), buffer });
    if (!hasBuiltinModules) this.#registry.register(residence, buffer, buffer);
    this.#bytes += buffer.bytes;
    this.#count++;
  }

  /** Frees a tracked buffer now. */
  release(residence: Residence): void {
    this.#registry.unregister(residence.buffer);
    this.#free(residence.buffer);
  }

  /** Collects if enough was handed out since the last time. Call while every live residence is held. */
  maybeCollect(): void {
    const few = this.#count < MOST_BUFFERS && this.#bytes < Math.max(BUDGET, this.device.stats.bytes / 2);
    if (few && !this.#heapHasGrown()) return;
    this.collect();
  }

  #heapHasGrown(): boolean {
    if (++this.#looks < LOOKS || !hasBuiltinModules) return false;
    this.#looks = 0;
    const used = theCollector().heapBytes();
    if (this.#heap === 0) this.#heap = used;
    return used > this.#heap + HEAP_GROWTH;
  }

  /** Forces a collection and frees what it found dead. */
  collect(): void {
    this.#bytes = 0;
    this.#count = 0;
    if (!hasBuiltinModules) return;
    const collector = theCollector();
    collector.collect();
    this.#heap = collector.heapBytes();
    for (const { holder, buffer } of [...this.#entries.values()]) {
      if (holder.deref() === undefined) this.#free(buffer);
    }
  }

  #free(buffer: Buffer): void {
    if (this.#entries.delete(buffer)) this.device.free(buffer);
  }
}

interface VirtualMachine {
  runInNewContext(code: string): unknown;
  createContext(object: object, options: { microtaskMode: string }): object;
  runInContext(code: string, context: object): unknown;
}

interface Engine {
  setFlagsFromString(flag: string): void;
  getHeapStatistics(): { readonly used_heap_size: number };
}

/** Full collections, synchronously, and the size of the heap. */
interface Collector {
  collect(): void;
  heapBytes(): number;
}

let collector: Collector | undefined;

/** Made when it is first needed: short scripts never wait for the modules that it takes. */
function theCollector(): Collector {
  return collector ??= makeCollector();
}

function makeCollector(): Collector {
  const v8 = builtinModule<Engine>("node:v8");
  const vm = builtinModule<VirtualMachine>("node:vm");
  let gc: (() => void) | undefined;
  let context: object | undefined;
  return {
    collect() {
      if (gc === undefined || context === undefined) {
        v8.setFlagsFromString("--expose-gc");
        gc = vm.runInNewContext("gc") as () => void;
        // A context with a microtask queue of its own: running it ends the span for which weak references pin their targets,
        // without running anyone else's microtasks.
        context = vm.createContext({}, { microtaskMode: "afterEvaluate" });
      }
      vm.runInContext("0", context);
      gc();
    },
    heapBytes: () => v8.getHeapStatistics().used_heap_size,
  };
}
