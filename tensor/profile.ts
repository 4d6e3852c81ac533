/**
 * Where time goes.
 *
 * @module
 */

import {
  type DeviceName,
  type LaunchProfile,
  profile as profileLaunches,
  TensaurError,
  ValueError,
} from "../kernels/mod.ts";
import { htmlTable, type TableParts, textTable } from "./table.ts";

interface FileSystem {
  writeFileSync(path: string | URL, text: string): void;
}

/** All launches of one kernel. */
export interface KernelProfile {
  /** What it computes, in a few words. */
  readonly name: string;
  /** What it computes, in full, as `explain` shows it. */
  readonly text: string;
  /** Where it ran. */
  readonly device: DeviceName;
  /** How often it ran. */
  readonly calls: number;
  /** How long it ran, all calls together. */
  readonly milliseconds: number;
  /** Its share of the time of all kernels, from 0 to 1. */
  readonly share: number;
  /** Bytes that all calls have to move at least. */
  readonly bytes: number;
  /** Arithmetic operations of all calls. */
  readonly operations: number;
}

/**
 * What `profile` found. It prints as a table, in a terminal and in a notebook.
 *
 * @throws {TensaurError} where there are no files to write
 * @example
 * ```ts
 * import { type Profile, profile, randn } from "@tensaur/tensaur";
 *
 * const found: Profile<number> = profile(() => randn([4]).sum().item());
 * console.log(typeof found.result, found.kernels.length > 0); // number true
 * ```
 * @see {@link https://pytorch.org/docs/stable/profiler.html}
 */
export class Profile<T = unknown> {
  /** The kernels, the one that took longest first. */
  readonly kernels: readonly KernelProfile[];
  /** How long all kernels ran. */
  readonly kernelMilliseconds: number;
  readonly #launches: readonly LaunchProfile[];

  /** @ignore */
  constructor(
    /** What the function returned. */
    readonly result: T,
    /** How long the function ran, with recording, planning, compiling and kernels. */
    readonly milliseconds: number,
    launches: readonly LaunchProfile[],
  ) {
    this.#launches = launches;
    this.kernelMilliseconds = launches.reduce((sum, launch) => sum + launch.milliseconds, 0);
    const groups = Map.groupBy(launches, ({ device, text }) => `${device} ${text}`);
    this.kernels = [...groups.values()].map((group) => {
      const { name, text, device, bytes, operations } = group[0]!, calls = group.length;
      const milliseconds = group.reduce((sum, launch) => sum + launch.milliseconds, 0);
      const share = this.kernelMilliseconds > 0 ? milliseconds / this.kernelMilliseconds : 0;
      return { name, text, device, calls, milliseconds, share, bytes: calls * bytes, operations: calls * operations };
    }).sort((a, b) => b.milliseconds - a.milliseconds);
  }

  /** The table of the `rowLimit` kernels that took longest; of all by default. */
  table({ rowLimit = Infinity }: { readonly rowLimit?: number } = {}): string {
    return [...textTable(this.#table(rowLimit)), this.#total()].join("\n");
  }

  #table(rowLimit: number): TableParts {
    const rate = (amount: number, milliseconds: number) =>
      milliseconds > 0 ? (amount / milliseconds / 1e6).toFixed(2) : "--";
    return {
      head: ["Kernel", "Device", "Calls", "Total ms", "Mean ms", "Share", "MB", "GB/s", "GFLOP/s"],
      rows: this.kernels.slice(0, rowLimit).map((kernel) => [
        kernel.name,
        kernel.device,
        `${kernel.calls}`,
        kernel.milliseconds.toFixed(3),
        (kernel.milliseconds / kernel.calls).toFixed(3),
        `${(100 * kernel.share).toFixed(1)}%`,
        (kernel.bytes / 1e6).toFixed(3),
        rate(kernel.bytes, kernel.milliseconds),
        rate(kernel.operations, kernel.milliseconds),
      ]),
      left: 2,
    };
  }

  #total(): string {
    return `Kernels: ${this.kernelMilliseconds.toFixed(3)} ms of ${this.milliseconds.toFixed(3)} ms, ` +
      `${this.#launches.length} launch${this.#launches.length === 1 ? "" : "es"}`;
  }

  /** The launches in time, as the text of a file that chrome://tracing and ui.perfetto.dev open. */
  chromeTrace(): string {
    const devices = [...new Set(this.#launches.map(({ device }) => device))];
    const names = devices.map((name, tid) => ({ name: "thread_name", ph: "M", pid: 1, tid, args: { name } }));
    const events = this.#launches.map(({ name, text, device, start, milliseconds, bytes, operations }) => ({
      ...{ name, cat: "kernel", ph: "X", pid: 1, tid: devices.indexOf(device) },
      ...{ ts: 1000 * start, dur: 1000 * milliseconds, args: { bytes, operations, text } },
    }));
    return JSON.stringify({ traceEvents: [...names, ...events], displayTimeUnit: "ms" });
  }

  /** Writes `chromeTrace()` to a file. */
  exportChromeTrace(path: string | URL): void {
    const { process: host } = globalThis as { process?: { getBuiltinModule?(name: "node:fs"): FileSystem } };
    const files = host?.getBuiltinModule?.("node:fs");
    if (files === undefined) throw new TensaurError("Cannot write a file in this host: take the text of chromeTrace()");
    files.writeFileSync(path, this.chromeTrace());
  }

  /** The whole table, for a terminal. */
  toString(): string {
    return this.table();
  }

  /** What `console.log` shows. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.table();
  }

  /** The same in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.table();
  }

  /** What a notebook shows. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    const html = htmlTable({ ...this.#table(Infinity), caption: this.#total() });
    return { "text/plain": this.table(), "text/html": html };
  }
}

/**
 * Runs `body` and all that it leaves pending, and says which kernels that took: how often and how long each ran, and how much it moved and
 * computed. On the CPU each launch is timed by itself; on WebGPU by the adapter's timestamps, or where it has none by waiting for each,
 * which then includes the start. Small kernels that a GPU runs as one are one line.
 *
 * A first run compiles: profile a second one to see the kernels beside the rest of `milliseconds`.
 *
 * @throws {ValueError} for a function that returns a promise
 * @example
 * ```ts
 * import { profile, randn } from "@tensaur/tensaur";
 *
 * const a = randn([64, 64]), b = randn([64, 64]);
 * const profiled = profile(() => a.matmul(b).relu().sum().item());
 * console.log(profiled.kernels.length > 0, typeof profiled.result); // true number
 * console.log(profiled.table({ rowLimit: 3 }).split("\n")[1]!.slice(0, 6)); // Kernel
 * ```
 * @see {@link https://pytorch.org/docs/stable/profiler.html}
 */
export function profile<T>(body: () => T): Profile<T> {
  const { result, milliseconds, launches } = profileLaunches(body);
  if (result instanceof Promise) {
    result.catch(() => {});
    throw new ValueError("Cannot profile a function that returns a promise: read with item() or dataSync() instead");
  }
  return new Profile(result, milliseconds, launches);
}
