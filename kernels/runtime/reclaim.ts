/**
 * Memory that users hold through tensors: given back when the tensors are gone.
 *
 * The garbage collector does not see device memory, and its callbacks do not run within a synchronous loop. So buffers are counted, and
 * past a budget a collection is forced and dead holders are swept, all synchronously: of young objects often, which costs little; of
 * all objects when that no longer keeps the memory small. Where a collection cannot be forced (browsers), a finalization registry does
 * what it can.
 *
 * @module
 */

import type { Residence } from "../ir/node.ts";
import type { Buffer, Device } from "./device.ts";
import { builtinModule, hasBuiltinModules } from "../host.ts";

/** Bytes and buffers handed out between two collections of young objects. */
const YOUNG_BYTES = 64 * 2 ** 20, YOUNG_BUFFERS = 2048;
/** Bytes and buffers by which what is held may grow between two collections of all objects, at least. */
const GROWTH_BYTES = 192 * 2 ** 20, GROWTH_BUFFERS = 2048;
/** Bytes by which the host's heap may grow between two collections: without one, a busy host lets garbage pile up. */
const HEAP_GROWTH = 64 * 2 ** 20;
/** Looks between two measurements of the host's heap. */
const LOOKS = 256;
/** So many objects at most are pinned by weak references to them: a longer list would grow old itself, and its garbage keep them alive. */
const PINNED = 16;
/** An object that outlived so many collections of young objects is not young any more. */
const YOUNG_AGE = 3;

interface Entry {
  readonly holder: WeakRef<Residence>;
  readonly buffer: Buffer;
  /** Collections of young objects since. */
  age: number;
}

/** Frees the buffers of one device whose residences are unreachable. */
export class Reclaimer {
  readonly #entries = new Map<Buffer, Entry>();
  readonly #registry = new FinalizationRegistry<Buffer>((buffer) => this.#free(buffer));
  #young: Entry[] = [];
  /** Handed out since the last collection of young objects. */
  #bytes = 0;
  #count = 0;
  #looks = 0;
  /** Held after the last collection of all objects, and what the host's heap held then. */
  #heldBytes = 0;
  #heldCount = 0;
  #heap = 0;

  constructor(readonly device: Device) {}

  /** Frees `residence.buffer` once nothing holds the residence. */
  track(residence: Residence): void {
    const { buffer } = residence;
    const entry = { holder: new WeakRef(residence), buffer, age: 0 };
    this.#entries.set(buffer, entry);
    this.#bytes += buffer.bytes;
    this.#count++;
    if (!hasBuiltinModules) this.#registry.register(residence, buffer, buffer);
    else if (this.#young.push(entry) % PINNED === 0) collector?.unpin();
  }

  /** Frees a tracked buffer now. */
  release(residence: Residence): void {
    this.#registry.unregister(residence.buffer);
    this.#free(residence.buffer);
  }

  /** Collects if enough was handed out since the last time. Call while every live residence is held. */
  maybeCollect(): void {
    if (!hasBuiltinModules) return;
    if (this.#bytes >= YOUNG_BYTES || this.#count >= YOUNG_BUFFERS) this.#collectYoung();
    if (this.#hasGrown() || this.#heapHasGrown()) this.collect();
  }

  #hasGrown(): boolean {
    const bytes = this.#heldBytes, count = this.#heldCount;
    return this.device.stats.bytes > bytes + Math.max(GROWTH_BYTES, bytes / 2) ||
      this.#entries.size > count + Math.max(GROWTH_BUFFERS, count / 2);
  }

  #heapHasGrown(): boolean {
    if (++this.#looks < LOOKS) return false;
    this.#looks = 0;
    const used = theCollector().heapBytes();
    if (this.#heap === 0) this.#heap = used;
    return used > this.#heap + HEAP_GROWTH;
  }

  /** Collects the young objects and frees what it found dead. */
  #collectYoung(): void {
    theCollector().collectYoung();
    this.#bytes = 0;
    this.#count = 0;
    this.#young = this.#young.filter((entry) => this.#survives(entry) && ++entry.age < YOUNG_AGE);
  }

  /** Forces a collection and frees what it found dead. */
  collect(): void {
    if (!hasBuiltinModules) return;
    const collector = theCollector();
    collector.collect();
    this.#bytes = 0;
    this.#count = 0;
    for (const entry of [...this.#entries.values()]) this.#survives(entry);
    this.#young = this.#young.filter(({ buffer }) => this.#entries.has(buffer));
    this.#heap = collector.heapBytes();
    this.#heldBytes = this.device.stats.bytes;
    this.#heldCount = this.#entries.size;
  }

  /** Whether a buffer is still held; it is freed if not. */
  #survives(entry: Entry): boolean {
    if (this.#entries.get(entry.buffer) !== entry) return false;
    if (entry.holder.deref() !== undefined) return true;
    this.#free(entry.buffer);
    return false;
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

/** Collections, synchronously, and the size of the heap. */
interface Collector {
  /** Ends the span for which weak references made or read so far pin what they refer to; the host would at the end of a job. */
  unpin(): void;
  /** Collects everything. */
  collect(): void;
  /** Collects the objects that are young. */
  collectYoung(): void;
  heapBytes(): number;
}

let collector: Collector | undefined;

/** Made when it is first needed: short scripts never wait for the modules that it takes. */
function theCollector(): Collector {
  return collector ??= makeCollector();
}

/** Garbage by which a collection of young objects is brought about: pieces of some bytes each, at most so many of them. */
const PIECES = 64, PIECE_LENGTH = 1000, MOST_ROUNDS = 80;

function makeCollector(): Collector {
  const v8 = builtinModule<Engine>("node:v8");
  const vm = builtinModule<VirtualMachine>("node:vm");
  // A context with a microtask queue of its own: running it ends the span, without running anyone else's microtasks.
  const context = vm.createContext({}, { microtaskMode: "afterEvaluate" });
  const unpin = (): void => void vm.runInContext("0", context);
  const heapBytes = (): number => v8.getHeapStatistics().used_heap_size;
  // What is put here is really made.
  const garbage: { last: unknown } = { last: undefined };
  let gc: (() => void) | undefined;
  return {
    unpin,
    heapBytes,
    collect() {
      if (gc === undefined) {
        v8.setFlagsFromString("--expose-gc");
        gc = vm.runInNewContext("gc") as () => void;
      }
      unpin();
      gc();
    },
    collectYoung() {
      unpin();
      // Garbage, until the heap is smaller after a round than before it: there is room for 1 to 16 MB of young objects.
      let before = heapBytes();
      for (let round = 0; round < MOST_ROUNDS; round++) {
        for (let i = 0; i < PIECES; i++) garbage.last = new Array(PIECE_LENGTH);
        const after = heapBytes();
        if (after < before) break;
        before = after;
      }
      garbage.last = undefined;
    },
  };
}
