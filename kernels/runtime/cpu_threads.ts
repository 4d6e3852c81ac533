/**
 * Threads that share the units of a program with the main thread.
 *
 * A job is described in a few words of shared memory. Each thread has a share of its units, the same one each time, because what it
 * has written is still in its caches then. A thread joins a job while it is open, does its share bit by bit, then what is left of
 * the others', and leaves; the main thread does the same, closes the job and waits for those who joined. A thread that sleeps
 * through a job is not waited for. Which thread does which units has no influence on the result.
 *
 * @module
 */

import { TensaurError } from "../errors.ts";
import { clearUpperHalves, wideVectors } from "../lower/wasm/features.ts";
import { sharedMemory } from "../lower/wasm/memory.ts";
import type { Heap } from "./cpu_memory.ts";
import { builtinModule, hasBuiltinModules } from "../host.ts";
import { type HostFunctions, hostFunctions } from "./host_math.ts";

/** An entry of a compiled program. */
export type Entry = (parameters: number, start: number, end: number, local: number, shared: number) => void;

/** A job for all threads. */
export interface Job {
  /** Number of the program, and the address and length of its binary, which threads compile for themselves. */
  readonly program: number;
  readonly binary: number;
  readonly binaryBytes: number;
  /** Which of the program's exports to run. */
  readonly entry: number;
  readonly run: Entry;
  readonly parameters: number;
  readonly units: number;
  /** Scratch memory of the first thread, its size, and scratch memory of all. */
  readonly local: number;
  readonly localBytes: number;
  readonly shared: number;
}

/**
 * Words of the control block. `STATE` is 1 while the job is open, plus 2 for each thread that works on it. The first word of each
 * cache line of `LINE` words from the second on is the next unit of a thread's share.
 */
const SEQUENCE = 0, STATE = 1, FAILED = 2, FIELDS = 3, LINE = 16;

/** Shorter jobs, in nanoseconds, are not worth waking threads for. */
const PARALLEL_WORK = 40_000;

/** Starting threads takes some 50 milliseconds; they are started when work of so many nanoseconds has come. */
const START_WORK = 20_000_000;

/** How often a thread looks for the next job before it sleeps: some 40 microseconds, about as long as it takes to wake. */
const SPINS = 5000;

/** Shares are done in so many parts, so that threads that are done can take some over. */
const PARTS = 8;

interface WorkerData {
  readonly memory: WebAssembly.Memory;
  readonly control: number;
  readonly thread: number;
  readonly threads: number;
  readonly spins: number;
}

/** A thread's part of a job. */
interface Part {
  /** The control block, the thread's number, and that of threads. */
  readonly words: Int32Array;
  readonly thread: number;
  readonly threads: number;
  /** Units of the job, and how many of them are taken at a time. */
  readonly units: number;
  readonly chunk: number;
}

/** Runs the units that no other thread has taken, of the thread's own share first. Its text is part of a worker's source. */
function takeUnits({ words, thread, threads, units, chunk }: Part, run: (start: number, end: number) => void): void {
  for (let i = 0; i < threads; i++) {
    const share = (thread + i) % threads, next = 16 * (1 + share), end = Math.floor(units * (share + 1) / threads);
    while (Atomics.load(words, next) < end) {
      const start = Atomics.add(words, next, chunk);
      if (start < end) run(start, Math.min(start + chunk, end));
    }
  }
}

/** What a thread does. Its text is the source of a worker: it refers to nothing outside. */
function work(
  { memory, control, thread, threads, spins }: WorkerData,
  host: HostFunctions,
  take: typeof takeUnits,
  clear: (() => void) | undefined,
): void {
  const SEQUENCE = 0, STATE = 1, FAILED = 2, FIELDS = 3;
  const words = new Int32Array(memory.buffer, control, 16 * (1 + threads));
  const programs = new Map<number, Entry[]>();
  const entries = (program: number, binary: number, bytes: number): Entry[] => {
    let found = programs.get(program);
    if (found === undefined) {
      const module = new WebAssembly.Module(new Uint8Array(memory.buffer, binary >>> 0, bytes).slice());
      const { exports } = new WebAssembly.Instance(module, { env: { memory, ...host } });
      found = WebAssembly.Module.exports(module).map(({ name }) => exports[name] as Entry);
      programs.set(program, found);
    }
    return found;
  };
  let served = 0;
  for (;;) {
    for (let i = 0; i < spins && Atomics.load(words, SEQUENCE) === served; i++);
    if (Atomics.load(words, SEQUENCE) === served) Atomics.wait(words, SEQUENCE, served);
    served = Atomics.load(words, SEQUENCE);
    const state = Atomics.load(words, STATE);
    if ((state & 1) === 0 || Atomics.compareExchange(words, STATE, state, state + 2) !== state) continue;
    try {
      const fields: Iterable<number> = words.subarray(FIELDS);
      const [program, binary, bytes, entry, parameters, units, chunk, local, localBytes, shared] = fields as Fields;
      const run = entries(program, binary, bytes)[entry]!, scratch = local + thread * localBytes;
      take({ words, thread, threads, units, chunk }, (start, end) => run(parameters, start, end, scratch, shared));
      clear?.();
    } catch {
      Atomics.store(words, FAILED, 1);
    }
    if (Atomics.sub(words, STATE, 2) === 2) Atomics.notify(words, STATE);
  }
}

interface NodeWorker {
  unref(): void;
  on(event: "error", listener: (error: Error) => void): void;
}

interface WorkerThreads {
  readonly Worker: new (url: URL, options: { workerData: WorkerData }) => NodeWorker;
}

/** Words of the control block that describe a job. */
type Fields = readonly [
  ...[program: number, binary: number, bytes: number, entry: number, parameters: number],
  ...[units: number, chunk: number, local: number, localBytes: number, shared: number],
];

/** Threads over one heap, started when there has been enough work for them. */
export class Threads {
  readonly #heap: Heap;
  readonly #control: number;
  readonly #words: Int32Array;
  #started = false;
  #work = 0;

  constructor(heap: Heap) {
    this.#heap = heap;
    const words = LINE * (1 + this.count);
    this.#control = heap.allocate(4 * words);
    this.#words = new Int32Array(heap.memory.buffer, this.#control, words).fill(0);
  }

  /** Number of threads, the main one included. */
  readonly count: number = threadCount();

  /** Whether to share a job of `work` nanoseconds: threads are started when there have been enough of them. */
  worthwhile(work: number): boolean {
    if (this.count === 1 || work < PARALLEL_WORK) return false;
    if (this.#started) return true;
    this.#work += work;
    if (this.#work < START_WORK) return false;
    this.#start();
    return true;
  }

  /** Runs all units of `job`, and returns when they are done. */
  run(job: Job): void {
    const words = this.#words, { count } = this, { units, parameters, local, shared } = job;
    const chunk = Math.max(1, Math.floor(units / (count * PARTS)));
    const fields: Fields = [
      ...[job.program, job.binary, job.binaryBytes, job.entry, parameters] as const,
      ...[units, chunk, local, job.localBytes, shared] as const,
    ];
    words.set(fields, FIELDS);
    for (let share = 0; share < count; share++) words[LINE * (1 + share)] = Math.floor(units * share / count);
    Atomics.store(words, STATE, 1);
    Atomics.add(words, SEQUENCE, 1);
    Atomics.notify(words, SEQUENCE);
    try {
      const part = { words, thread: 0, threads: count, units, chunk };
      takeUnits(part, (start, end) => job.run(parameters, start, end, local, shared));
    } finally {
      let state = Atomics.sub(words, STATE, 1) - 1;
      for (let i = 0; state !== 0; state = Atomics.load(words, STATE)) {
        // A page may not sleep.
        if (hasBuiltinModules && ++i > 2 * SPINS) Atomics.wait(words, STATE, state, 1);
      }
    }
    if (Atomics.exchange(words, FAILED, 0) !== 0) throw new TensaurError("A thread failed to run a kernel");
  }

  #start(): void {
    this.#started = true;
    for (let thread = 1; thread < this.count; thread++) {
      start({ memory: this.#heap.memory, control: this.#control, thread, threads: this.count, spins: SPINS });
    }
  }
}

/**
 * Starts a thread: of Node's kind where there is one, which lets the process end and starts while the main thread works, else of a
 * browser's, which starts when the page comes to rest. The main thread does the work of threads that cannot start.
 */
function start(data: WorkerData): void {
  // Bundlers that keep the names of functions call __name on each of them.
  const parts = [`(${hostFunctions})()`, takeUnits, wideVectors() ? clearUpperHalves : "undefined"];
  const source = `const __name = (f) => f; const run = (data) => (${work})(data, ${parts.join()});`;
  if (hasBuiltinModules) {
    const { Worker } = builtinModule<WorkerThreads>("node:worker_threads");
    const text = `import { workerData } from "node:worker_threads"; ${source} run(workerData);`;
    const worker = new Worker(new URL("data:text/javascript," + encodeURIComponent(text)), { workerData: data });
    worker.on("error", () => {});
    worker.unref();
  } else {
    const text = new Blob([`${source} onmessage = ({ data }) => run(data);`], { type: "text/javascript" });
    const worker = new Worker(URL.createObjectURL(text));
    worker.addEventListener("error", (event) => event.preventDefault());
    worker.postMessage(data);
  }
}

function threadCount(): number {
  return sharedMemory ? Math.max(1, globalThis.navigator?.hardwareConcurrency ?? 1) : 1;
}
