/**
 * How every TypeScript peer is measured: `main` runs the workload that the runner names and prints one line with its times and a checksum.
 *
 * @module
 */

import { uniform } from "./data.ts";

/** A row of the table, as `workloads.json` describes it. Each workload has those of the sizes that its function reads. */
export interface Workload {
  readonly id: string;
  /** The function of a peer that runs it. */
  readonly impl: string;
  /** How it is measured. */
  readonly kind: "startup" | "op" | "train" | "memory";
  readonly n: number;
  readonly b: number;
  readonly rows: number;
  readonly cols: number;
  readonly classes: number;
  readonly batch: number;
  readonly sizes: readonly number[];
  readonly seq: number;
  readonly d: number;
  readonly heads: number;
  readonly lr: number;
  readonly momentum: number;
  /** Kind "memory": after how many steps the memory is read. */
  readonly steps: readonly number[];
}

/** What kind "op" times. */
export interface Op {
  /** One iteration; over only when the result exists. */
  run(): unknown;
  /** One more, whose whole result comes back for the checksum. */
  out(): ArrayLike<number> | Promise<ArrayLike<number>>;
}

/** What kinds "train" and "memory" time. */
export interface Train {
  /** One step of the optimizer; need not wait for the device. */
  step(): unknown;
  /** The latest step's loss, once everything queued is done. */
  loss(): number | Promise<number>;
}

/** What is timed; of a start-up, its loss. */
export type Made = Op | Train | number | undefined;
/** Makes what is timed. */
export type Impl = (workload: Workload) => Made | Promise<Made>;

/** A library under test. */
export interface Peer {
  /** Prepares the library before a workload. */
  readonly init?: () => void | Promise<void>;
  readonly impls: Readonly<Record<string, Impl>>;
  /** Why a function is missing. */
  readonly why?: Readonly<Record<string, string>>;
}

/** The workload of this process. */
export const workload: Workload = JSON.parse(Deno.args[0]!);
/** The column's variant, such as "webgpu", and its number of threads. */
export const variant: string = Deno.env.get("BENCH_VARIANT") ?? "";
export const threads: number = Number(Deno.env.get("BENCH_THREADS") ?? 2);

const quick = Deno.env.get("BENCH_QUICK") === "1";
const SAMPLES = quick ? 3 : 7, MOST_SAMPLES = 300;
/** Compilers need some 300 ms until they have made the fast code, and memory is slow while the system hands it out for the first time. */
const WARM_MS = 1500, TIMED_MS = quick ? 150 : 1000, MOST_MS = quick ? 5_000 : 45_000;
/** Cheap operations are timed in chunks of this length, training steps in longer ones. */
const CHUNK_MS = 2, TRAIN_CHUNK_MS = quick ? 100 : 1000;

const now = (): number => performance.now();

async function timed(repeat: number, run: () => unknown): Promise<number> {
  const start = now();
  for (let i = 0; i < repeat; i++) await run();
  return (now() - start) / repeat;
}

function summary(samples: number[]): Record<string, number> {
  const sorted = samples.sort((a, b) => a - b), middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, samples: sorted.length };
}

/** The sum of magnitudes, and a weighted sum. */
function checksum(values: ArrayLike<number>): number[] {
  const weights = uniform(values.length, 999);
  let magnitude = 0, weighted = 0;
  for (let i = 0; i < values.length; i++) {
    magnitude += Math.abs(values[i]!);
    weighted += values[i]! * weights[i]!;
  }
  return [magnitude, weighted];
}

async function measureOp(op: Op): Promise<Record<string, unknown>> {
  const first = await timed(1, op.run);
  const warmFrom = now();
  let last = first;
  for (let n = 0; n < 3 || now() - warmFrom < WARM_MS; n++) {
    last = await timed(1, op.run);
    if (now() - warmFrom > MOST_MS / 3) break;
  }
  const chunk = Math.max(1, Math.min(200, Math.ceil(CHUNK_MS / last)));
  const samples: number[] = [], from = now();
  while (samples.length < SAMPLES || now() - from < TIMED_MS) {
    samples.push(await timed(chunk, op.run));
    if (samples.length >= MOST_SAMPLES || now() - from > MOST_MS) break;
  }
  return { first, chunk, ...summary(samples), check: checksum(await op.out()) };
}

async function measureTraining(train: Train): Promise<Record<string, unknown>> {
  const start = now();
  await train.step();
  const check = [await train.loss()];
  const first = now() - start;
  let last = first;
  for (let n = 2; n <= 10; n++) {
    const start = now();
    await train.step();
    const loss = await train.loss();
    last = now() - start;
    if (n === 10) check.push(loss);
  }
  const chunk = Math.max(1, Math.min(50, Math.round(TRAIN_CHUNK_MS / last)));
  const round = async (): Promise<void> => {
    for (let i = 0; i < chunk; i++) await train.step();
    await train.loss();
  };
  const warmFrom = now();
  do await round(); while (now() - warmFrom < WARM_MS);
  const samples: number[] = [], from = now();
  while (samples.length < SAMPLES && now() - from < MOST_MS) samples.push(await timed(1, round) / chunk);
  return { first, chunk, ...summary(samples), check };
}

/** Resident memory in MiB at the marks. */
async function measureMemory(train: Train, steps: readonly number[]): Promise<Record<string, unknown>> {
  const rss: Record<string, number> = {}, from = now();
  let done = 0;
  for (const mark of steps) {
    while (done < mark && now() - from < 2 * MOST_MS) {
      await train.step();
      if (++done % 10 === 0) await train.loss();
    }
    await train.loss();
    rss[done] = Deno.memoryUsage().rss / 2 ** 20;
  }
  return { rss, median: (now() - from) / done };
}

async function measure(made: Made): Promise<Record<string, unknown>> {
  if (made === undefined) return {};
  if (typeof made === "number") return { check: [made, 0] };
  if ("run" in made) return await measureOp(made);
  return workload.kind === "memory" ? await measureMemory(made, workload.steps) : await measureTraining(made);
}

async function outcome(peer: Peer): Promise<Record<string, unknown>> {
  const impl = peer.impls[workload.impl];
  if (impl === undefined) return { skip: peer.why?.[workload.impl] ?? "not written" };
  try {
    await peer.init?.();
    return await measure(await impl(workload));
  } catch (error) {
    return { error: error instanceof Error ? error.stack ?? error.message : String(error) };
  }
}

/** Largest memory and processor time so far. Node's API for it would cost as much as what is measured. */
function used(): Record<string, number> {
  try {
    const peak = Deno.readTextFileSync("/proc/self/status").match(/VmHWM:\s+(\d+) kB/)![1];
    const times = Deno.readTextFileSync("/proc/self/stat").split(") ")[1]!.split(" ");
    // User and system time, in ticks of 10 ms.
    return { peakMiB: Number(peak) / 1024, cpuMs: 10 * (Number(times[11]) + Number(times[12])) };
  } catch {
    return { peakMiB: Deno.memoryUsage().rss / 2 ** 20 };
  }
}

/** A package of the scratch folder, of which type checks know nothing. */
// deno-lint-ignore no-explicit-any -- see above
export async function load(name: string): Promise<any> {
  const module = await import(name);
  return module.default ?? module;
}

/** Entry point of a peer. The workload comes as JSON; the result is one line of standard output. */
export async function main(peer: Peer): Promise<void> {
  const result = await outcome(peer);
  console.log("@@BENCH " + JSON.stringify({ ...result, ...used() }));
  // Deno keeps the code that it compiled only of a process that ends by itself; not every peer lets it.
  if (Deno.env.get("BENCH_WARMING") === "1") Deno.unrefTimer(setTimeout(() => Deno.exit(0), 1000));
  else Deno.exit(0);
}
