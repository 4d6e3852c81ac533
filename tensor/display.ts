/**
 * Tensors as notebooks show them.
 *
 * @module
 */

import { numel } from "../kernels/mod.ts";
import { formatPrepared, prepare, type Prepared, shown, suffixes } from "./print.ts";
import { escapeHtml, htmlTable } from "./table.ts";
import type { Tensor } from "./tensor.ts";

/** A tensor as text and, where it has elements along an axis, as tables that leave out what the text does. */
export function displayTensor(t: Tensor): Record<string, string> {
  const prepared = prepare(t), text = formatPrepared(t, prepared);
  if (t.ndim === 0 || t.numel() === 0) return { "text/plain": text };
  const title = [`tensor [${t.shape.join(", ")}] ${t.dtype} on ${t.device}`, ...suffixes(t).filter(isOfGradient)];
  const tables = [...matrices(prepared, Math.max(0, t.ndim - 2))];
  return { "text/plain": text, "text/html": `<div>${escapeHtml(title.join(", "))}${tables.join("")}</div>` };
}

/** The title says the others in any case. */
function isOfGradient(suffix: string): boolean {
  return suffix.includes("grad");
}

/** A table for each shown matrix of the last two axes, or for the only vector. */
function* matrices({ layout, formatter }: Prepared, leading: number): Generator<string> {
  const { data, shape, summarize } = layout;
  const extents = shape.length === 1 ? [1, shape[0]!] : shape.slice(leading);
  const [rows, columns] = extents.map((extent) => shown(extent, summarize)) as [(number | null)[], (number | null)[]];
  const size = numel(extents);
  for (const index of indices(shape.slice(0, leading), summarize)) {
    if (index === null) {
      yield "<div>…</div>";
      continue;
    }
    const start = index.reduce((at, i, axis) => at * shape[axis]! + i, 0) * size;
    const cell = (i: number | null, j: number | null) =>
      i === null || j === null ? "…" : formatter.format(data[start + i * extents[1]! + j]!).trim();
    yield htmlTable({
      ...(leading > 0 ? { caption: `[${index.join(", ")}]` } : {}),
      head: ["", ...columns.map((j) => `${j ?? "…"}`)],
      rows: rows.map((i) => [shape.length === 1 ? "" : `${i ?? "…"}`, ...columns.map((j) => cell(i, j))]),
    });
  }
}

/** The shown indices into axes of these extents; null where some are left out. */
function* indices(extents: readonly number[], summarize: boolean): Generator<number[] | null> {
  const [extent, ...rest] = extents;
  if (extent === undefined) yield [];
  else {
    for (const i of shown(extent, summarize)) {
      if (i === null) yield null;
      else for (const index of indices(rest, summarize)) yield index === null ? null : [i, ...index];
    }
  }
}
