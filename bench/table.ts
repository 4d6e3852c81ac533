/**
 * Results as a table: rows are workloads, columns peers, then how this library compares.
 *
 * @module
 */

import { NOISE } from "./cell.ts";
import type { Cell, Peer, Results, Workload } from "./types.ts";

/** Largest difference of the checksums, relative to the magnitude; training lets rounding grow. */
const TOLERANCE = { startup: 2e-4, op: 2e-4, train: 2e-3, memory: Infinity };

const isOurs = ({ id }: Peer): boolean => id.startsWith("tensaur");
const isTorch = ({ id }: Peer): boolean => id.startsWith("torch");
/** Libraries written for JavaScript; native code under a JavaScript interface is shown, and not compared with. */
const isJavaScript = (peer: Peer): boolean =>
  !isOurs(peer) && !isTorch(peer) && peer.variant !== "native" && peer.file !== "empty.ts";

/** Whether a cell's result is another than the reference's: PyTorch's where there is one, else that of the first peer. */
export function disagrees(workload: Workload, cell: Cell, reference: Cell | undefined): boolean {
  if (reference?.check === undefined || cell.check === undefined) return false;
  const scale = Math.max(Math.abs(reference.check[0]!), 1e-9);
  // A NaN disagrees with everything.
  return !reference.check.every((r, i) => Math.abs(r - cell.check![i]!) / scale <= TOLERANCE[workload.kind]);
}

/** The cell that the others of its row are held against. */
export function referenceOf(row: Readonly<Record<string, Cell>>, peers: readonly Peer[]): Cell | undefined {
  const candidates = [...peers.filter(isTorch), ...peers.filter(isJavaScript)];
  return candidates.map(({ id }) => row[id]).find((cell) => cell?.check !== undefined && cell.error === undefined);
}

const significant = (value: number): string => value >= 100 ? value.toFixed(0) : value.toPrecision(3);

/** A cell as text. */
export function cellText(workload: Workload, cell: Cell | undefined, wrong: boolean): string {
  if (cell === undefined) return "";
  if (cell.error !== undefined) return "failed";
  if (cell.skip !== undefined) {
    return cell.skip === "not applicable" ? "–" : cell.skip.startsWith("not run") ? "not run" : "no";
  }
  if (cell.rss !== undefined) {
    return Object.entries(cell.rss).map(([steps, mib]) => `${mib.toFixed(0)} @${steps}`).join(" / ");
  }
  const ms = cell.median!;
  let text = significant(ms);
  if (workload.kind === "startup") text = `${ms.toFixed(0)} (${cell.peakMiB!.toFixed(0)} MiB)`;
  else if (workload.bytes !== undefined) text += ` (${significant(workload.bytes / ms / 1e6)} GB/s)`;
  else if (workload.flops !== undefined) text += ` (${significant(workload.flops / ms / 1e6)} GF)`;
  return text + (cell.others! > NOISE ? "*" : "") + (wrong ? "≠" : "");
}

/** How many times faster `id` is than the best of `others` that has the right result. */
function speedup(
  row: Readonly<Record<string, Cell>>,
  id: string,
  others: readonly Peer[],
  right: (c: Cell) => boolean,
): string {
  const usable = (cell: Cell | undefined): cell is Cell & { median: number } =>
    cell?.median !== undefined && cell.rss === undefined && cell.error === undefined && right(cell);
  const ours = row[id];
  const best = Math.min(...others.map((peer) => row[peer.id]).filter(usable).map((cell) => cell.median));
  return usable(ours) && best < Infinity ? `${significant(best / ours.median)}×` : "";
}

/** The comparisons at the end of a row. */
const comparisons: readonly { title: string; ours: string; with: (peer: Peer) => boolean }[] = [
  { title: "cpu : best JavaScript", ours: "tensaur-cpu", with: isJavaScript },
  { title: "cpu : PyTorch", ours: "tensaur-cpu", with: isTorch },
  { title: "avx2 : PyTorch", ours: "tensaur-avx2", with: isTorch },
  { title: "webgpu : best WebGPU", ours: "tensaur-webgpu", with: (p) => isJavaScript(p) && p.variant === "webgpu" },
];

/** The table in Markdown, with the reasons of what is missing. */
export function table(workloads: readonly Workload[], all: readonly Peer[], results: Results): string {
  const peers = all.filter(({ id }) => workloads.some((w) => results[w.id]![id]?.skip !== "not applicable"));
  const shown = comparisons.filter((c) => peers.some(({ id }) => id === c.ours) && peers.some(c.with));
  const titles = ["ms, median", ...peers.map(({ id }) => id), ...shown.map(({ title }) => title)];
  const notes: string[] = [];
  const rows = workloads.map((workload) => {
    const row = results[workload.id]!;
    const reference = referenceOf(row, peers);
    const right = (cell: Cell): boolean => !disagrees(workload, cell, reference);
    for (const { id } of peers) {
      const why = row[id]?.error ?? row[id]?.skip ?? "not applicable";
      if (why !== "not applicable") notes.push(`- ${id}, ${workload.id}: ${why.replaceAll(/\s+/g, " ").slice(0, 240)}`);
    }
    return [
      workload.title,
      ...peers.map(({ id }) => cellText(workload, row[id], row[id] !== undefined && !right(row[id]))),
      ...shown.map((c) => speedup(row, c.ours, peers.filter(c.with), right)),
    ];
  });
  const lines = [titles, titles.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  const legend = "GF: GFLOP/s. ×: how many times faster this library is than the best of them. " +
    `*: other processes used more than ${NOISE} cores meanwhile. ≠: another result than PyTorch or the first peer. ` +
    "no: the peer cannot. not run: left out, see below. –: not meant for it.";
  return [...lines, "", legend, ...(notes.length === 0 ? [] : ["", ...notes])].join("\n");
}
