/**
 * `deno task bench`: this library beside its peers, one process a cell, as a table.
 *
 * Options: `--peers tensaur,jaxjs` and `--workloads matmul,mlp` choose columns and rows by how their names begin; `--quick` measures
 * shortly; `--rounds 4` measures each row so often, its columns in turn, and shows each cell's best round (3 rounds, or 1 with `--quick`);
 * `--json results.json` and `--md table.md` write the results to files too.
 *
 * The peers come from npm, into `BENCH_SCRATCH` or a folder in the temporary directory. PyTorch is measured where `PYTHON` or python3 has
 * it (on Debian: apt install python3-torch libopenblas0-pthread; without OpenBLAS its matrix products are 20 times slower).
 *
 * @module
 */

import os from "node:os";
import { parseArgs } from "node:util";
import { better, measureCell } from "./cell.ts";
import peersFile from "./peers.json" with { type: "json" };
import { prepare } from "./scratch.ts";
import { cellText, disagrees, referenceOf, table } from "./table.ts";
import type { Peer, Results, Workload } from "./types.ts";
import workloadsFile from "./workloads.json" with { type: "json" };

const { values: options } = parseArgs({
  options: {
    peers: { type: "string", default: "" },
    workloads: { type: "string", default: "" },
    json: { type: "string" },
    md: { type: "string" },
    quick: { type: "boolean", default: false },
    rounds: { type: "string" },
  },
});

const rounds = Number(options.rounds ?? (options.quick ? 1 : 3));

function chosen<T extends { readonly id: string }>(all: readonly T[], names: string): T[] {
  return all.filter(({ id }) => names.split(",").some((name) => id.startsWith(name)));
}

async function measureAll(workloads: readonly Workload[], peers: readonly Peer[]): Promise<Results> {
  const scratch = await prepare(peers, peersFile.packages);
  const results: Results = {};
  const from = performance.now();
  // Row by row, so that what is compared is measured close together in time.
  for (const workload of workloads) {
    const row = results[workload.id] = {} as Results[string];
    for (const peer of Array.from({ length: workload.kind === "memory" ? 1 : rounds }, () => peers).flat()) {
      const cell = await measureCell(peer, workload, scratch, {
        quick: options.quick,
        timeout: options.quick ? 60_000 : 180_000,
      });
      row[peer.id] = better(row[peer.id], cell);
      const seconds = ((performance.now() - from) / 1000).toFixed(0).padStart(5);
      const text = cellText(workload, cell, disagrees(workload, cell, referenceOf(row, peers)));
      const why = (cell.error ?? cell.skip ?? "").replaceAll(/\s+/g, " ").slice(0, 100);
      console.error(
        `${seconds} s  ${workload.id.padEnd(20)} ${peer.id.padEnd(15)} ${text.padEnd(22)} ${why}`.trimEnd(),
      );
    }
  }
  return results;
}

/** What the numbers were measured on. */
async function machine(): Promise<string> {
  const cpus = os.cpus();
  const adapter = await navigator.gpu?.requestAdapter();
  const gpu = adapter == null ? "no WebGPU adapter" : `WebGPU on ${adapter.info.description || adapter.info.device}`;
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `${cpus[0]?.model ?? os.arch()}, ${cpus.length} cores, ${memory} GiB; ${gpu}; Deno ${Deno.version.deno}, ` +
    `${os.type()} ${os.release()}; ${new Date().toISOString().slice(0, 10)}; ` +
    `the best of ${rounds} ${options.quick ? "short " : ""}round${rounds === 1 ? "" : "s"}`;
}

const workloads = chosen<Workload>(workloadsFile.workloads as Workload[], options.workloads);
const peers = chosen<Peer>(peersFile.peers, options.peers);
const results = await measureAll(workloads, peers);
const where = await machine();
const text = `${table(workloads, peers, results)}\n\n${where}`;
console.log(text);
if (options.md !== undefined) Deno.writeTextFileSync(options.md, text + "\n");
if (options.json !== undefined) {
  Deno.writeTextFileSync(options.json, JSON.stringify({ machine: where, results }, undefined, 1) + "\n");
}
