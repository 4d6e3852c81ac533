/**
 * How every TypeScript peer is measured: `main` runs the workload that the runner names and prints one line with its times and a checksum.
 *
 * @module
 */

import process from "node:process";
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

/** Makes what is timed; a start-up returns its loss itself. */
export type Impl = (workload: Workload) => Op | Train | number | Promise<Op | Train | number>;

/** A library under test. */
export interface Peer {
  /** Prepares the library before a workload. */
  readonly init?: () => Promise<void>;
  readonly impls: Readonly<Record<string, Impl>>;
  /** Why a function is missing. */
  readonly why?: Readonly<Record<string, string>>;
}

/** The column's variant, such as "webgpu", and its number of threads. */
export const variant: string = process.env.BENCH_VARIANT ?? "";
export const threads = Number(process.env.BENCH_THREADS ?? 2);

const quick = process.env.BENCH_QUICK === "1";
const SAMPLES = quick ? 3 : 7, MOST_SAMPLES = 300;
const WARM_MS = quick ? 100 : 400, TIMED_MS = quick ? 150 : 1000, MOST_MS = quick ? 5_000 : 45_000;
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
  await round();
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
    rss[done] = process.memoryUsage().rss / 2 ** 20;
  }
  return { rss, median: (now() - from) / done };
}

async function measure(workload: Workload, made: Op | Train | number): Promise<Record<string, unknown>> {
  if (typeof made === "number") return { check: [made, 0] };
  if ("run" in made) return await measureOp(made);
  return workload.kind === "memory" ? await measureMemory(made, workload.steps) : await measureTraining(made);
}

async function outcome(peer: Peer, workload: Workload): Promise<Record<string, unknown>> {
  const impl = peer.impls[workload.impl];
  if (impl === undefined) return { skip: peer.why?.[workload.impl] ?? "not written" };
  try {
    await peer.init?.();
    return await measure(workload, await impl(workload));
  } catch (error) {
    return { error: error instanceof Error ? error.stack ?? error.message : String(error) };
  }
}

/** Entry point of a peer. The workload comes as JSON; the result is one line of standard output. */
export async function main(peer: Peer): Promise<void> {
  const result = await outcome(peer, JSON.parse(process.argv[2]!));
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const used = { peakMiB: maxRSS / 1024, cpuMs: (userCPUTime + systemCPUTime) / 1000 };
  console.log("@@BENCH " + JSON.stringify({ ...result, ...used }));
  process.exit(0);
}
