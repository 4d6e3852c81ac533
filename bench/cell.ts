/**
 * One cell of the table: a peer runs a workload in a process of its own.
 *
 * @module
 */

import os from "node:os";
import type { Scratch } from "./scratch.ts";
import type { Cell, Peer, Workload } from "./types.ts";

/** A cell during which other processes used more cores than this is disturbed. */
export const NOISE = 0.35;

/** How cells are measured. */
export interface CellOptions {
  /** Fewer and shorter samples. */
  readonly quick: boolean;
  /** Milliseconds that a process may take. */
  readonly timeout: number;
}

/** Milliseconds that all cores have worked. */
function busy(): number {
  return os.cpus().reduce((sum, { times: t }) => sum + t.user + t.nice + t.sys + t.irq, 0);
}

/** What the process's line of result says, or why there is none. */
function parsed(text: string, code: number): Cell & { cpuMs?: number } {
  const line = text.split("\n").find((line) => line.startsWith("@@BENCH "));
  if (line === undefined) return { error: `ended with ${code}: ${text.slice(-800)}` };
  const fault = text.split("\n").find((line) => line.includes("Uncaptured error"));
  return { ...JSON.parse(line.slice("@@BENCH ".length)), ...(fault === undefined ? {} : { error: fault }) };
}

async function attempt(
  peer: Peer,
  workload: Workload,
  scratch: Scratch,
  options: CellOptions,
  env: Readonly<Record<string, string>> = {},
): Promise<Cell> {
  const [command, ...args] = scratch.command(peer);
  if (command === undefined) return { skip: "not installed" };
  const before = busy(), start = performance.now();
  const signal = AbortSignal.timeout(options.timeout);
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args, JSON.stringify(workload)],
    cwd: scratch.folder,
    env: {
      NO_COLOR: "1",
      PYTHONDONTWRITEBYTECODE: "1",
      BENCH_QUICK: options.quick ? "1" : "0",
      BENCH_VARIANT: peer.variant ?? "",
      BENCH_THREADS: `${peer.threads ?? 2}`,
      ...peer.env,
      ...env,
    },
    signal,
  }).output();
  const wall = performance.now() - start;
  if (signal.aborted) return { error: `took longer than ${options.timeout / 1000} s` };
  const decoder = new TextDecoder();
  const cell = parsed(decoder.decode(stdout) + decoder.decode(stderr), code);
  const others = Math.max(0, busy() - before - (cell.cpuMs ?? Infinity)) / wall;
  const started = workload.kind === "startup" && cell.error === undefined && cell.skip === undefined;
  return { ...cell, ...(started ? { median: wall } : {}), others };
}

/** The middle one of several starts, after one that warms the disk and the cache of compiled code. */
async function start(once: (env?: Readonly<Record<string, string>>) => Promise<Cell>, times: number): Promise<Cell> {
  let cell = await once({ BENCH_WARMING: "1" });
  const cells: Cell[] = [];
  while (cells.length < times && cell.median !== undefined) cells.push(cell = await once());
  cells.sort((a, b) => a.median! - b.median!);
  return cells[times >> 1] ?? cell;
}

/** Measures a workload with a peer. */
export async function measureCell(
  peer: Peer,
  workload: Workload,
  scratch: Scratch,
  options: CellOptions,
): Promise<Cell> {
  if (peer.only?.includes(workload.impl) === false) return { skip: "not applicable" };
  const reason = peer.notRun?.[workload.id];
  if (reason !== undefined) return { skip: `not run: ${reason}` };
  const once = (env?: Readonly<Record<string, string>>): Promise<Cell> =>
    attempt(peer, workload, scratch, options, env);
  return workload.kind === "startup" ? await start(once, options.quick ? 3 : 7) : await once();
}

/** The less disturbed of two cells, as what else runs on a machine can only slow a process down; one that failed, if there is. */
export function better(a: Cell | undefined, b: Cell): Cell {
  if (b.error !== undefined) return b;
  if (a?.error !== undefined) return a;
  return (a?.median ?? Infinity) < (b.median ?? Infinity) ? a! : b;
}
