/**
 * Threads that share the units of a program with the main thread.
 *
 * A job is described in a few words of shared memory. A thread joins a job while it is open, takes ranges of units from a common
 * counter until none is left, and leaves; the main thread does the same, closes the job and waits for those who joined. A thread
 * that sleeps through a job is not waited for. Which thread does which units has no influence on the result.
 *
 * @module
 */

import { TensaurError } from "../errors.ts";
import { sharedMemory } from "../lower/wasm/memory.ts";
import type { Heap } from "./cpu_memory.ts";
import { builtinModule, hasBuiltinModules } from "./host.ts";
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

/** Words of the control block. `STATE` is 1 while the job is open, plus 2 for each thread that works on it. */
const SEQUENCE = 0, STATE = 1, NEXT = 2, FAILED = 3, FIELDS = 4, WORDS = 16;

/** Shorter jobs, in nanoseconds, are not worth waking threads for. */
const PARALLEL_WORK = 40_000;

/** Starting threads takes some 50 milliseconds; they are started when work of so many nanoseconds has come. */
const START_WORK = 20_000_000;

/** How often a thread looks for the next job before it sleeps: some 20 microseconds. */
const SPINS = 2000;

interface WorkerData {
  readonly memory: WebAssembly.Memory;
  readonly control: number;
  readonly thread: number;
  readonly spins: number;
}

/** What a thread does. Its text is the source of a worker: it refers to nothing outside. */
function work({ memory, control, thread, spins }: WorkerData, host: HostFunctions): void {
  const SEQUENCE = 0, STATE = 1, NEXT = 2, FAILED = 3, FIELDS = 4;
  const words = new Int32Array(memory.buffer, control, 16);
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
      const [program, binary, bytes, entry, parameters, units, chunk, local, localBytes, shared] = words.subarray(
        FIELDS,
      );
      const run = entries(program!, binary!, bytes!)[entry!]!;
      for (;;) {
        const start = Atomics.add(words, NEXT, chunk!);
        if (start >= units!) break;
        run(parameters!, start, Math.min(start + chunk!, units!), local! + thread * localBytes!, shared!);
      }
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

/** Threads over one heap, started when there has been enough work for them. */
export class Threads {
  readonly #heap: Heap;
  readonly #control: number;
  readonly #words: Int32Array;
  #started = false;
  #work = 0;

  constructor(heap: Heap) {
    this.#heap = heap;
    this.#control = heap.allocate(4 * WORDS);
    this.#words = new Int32Array(heap.memory.buffer, this.#control, WORDS).fill(0);
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
    const words = this.#words;
    const chunk = Math.max(1, Math.floor(job.units / (this.count * 8)));
    words[FIELDS] = job.program;
    words[FIELDS + 1] = job.binary;
    words[FIELDS + 2] = job.binaryBytes;
    words[FIELDS + 3] = job.entry;
    words[FIELDS + 4] = job.parameters;
    words[FIELDS + 5] = job.units;
    words[FIELDS + 6] = chunk;
    words[FIELDS + 7] = job.local;
    words[FIELDS + 8] = job.localBytes;
    words[FIELDS + 9] = job.shared;
    Atomics.store(words, NEXT, 0);
    Atomics.store(words, STATE, 1);
    Atomics.add(words, SEQUENCE, 1);
    Atomics.notify(words, SEQUENCE);
    try {
      for (;;) {
        const start = Atomics.add(words, NEXT, chunk);
        if (start >= job.units) break;
        job.run(job.parameters, start, Math.min(start + chunk, job.units), job.local, job.shared);
      }
    } finally {
      let state = Atomics.sub(words, STATE, 1) - 1;
      for (let i = 0; state !== 0; state = Atomics.load(words, STATE)) {
        // A page may not sleep.
        if (hasBuiltinModules && ++i > 4 * SPINS) Atomics.wait(words, STATE, state, 1);
      }
    }
    if (Atomics.exchange(words, FAILED, 0) !== 0) throw new TensaurError("A thread failed to run a kernel");
  }

  #start(): void {
    this.#started = true;
    for (let thread = 1; thread < this.count; thread++) {
      start({ memory: this.#heap.memory, control: this.#control, thread, spins: SPINS });
    }
  }
}

/**
 * Starts a thread: of Node's kind where there is one, which lets the process end and starts while the main thread works, else of a
 * browser's, which starts when the page comes to rest. The main thread does the work of threads that cannot start.
 */
function start(data: WorkerData): void {
  // Bundlers that keep the names of functions call __name on each of them.
  const source = `const __name = (f) => f; const run = (data) => (${work})(data, (${hostFunctions})());`;
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
