/**
 * Kernels of rows: parts become stages, by what they wait for, and axes are merged.
 *
 * @module
 */

import { acc, constant, type Expr, variable } from "../ir/expr.ts";
import type { Kernel, Stage } from "../ir/kernel.ts";
import { numel } from "../ir/node.ts";
import { flatten } from "../ir/views.ts";
import { type LoopBody, type Part, partLevels } from "./body.ts";
import { coalesce, splitAndCoalesce } from "./coalesce.ts";
import type { Numbered } from "./numbering.ts";

/** The kernel of a nest without contractions and sorts. */
export function loopKernel(body: LoopBody, numbered: Numbered, kept: (node: number) => boolean): Kernel {
  // What only this kernel uses is computed where it is used.
  const used = body.parts.filter((p) => p.kind === "reduce" || kept(p.node));
  const merged = coalesceLoop({ ...body, parts: withoutEmptyLoops(used) });
  const stages: Stage[] = [];
  for (const level of byLevel(merged.parts)) {
    for (const part of level) {
      const previous = stages[stages.length - 1];
      const sameLoop = previous !== undefined && previous.inner.join() === part.inner.join() && level.indexOf(part) > 0;
      if (part.kind === "reduce") {
        const reduction = {
          slot: numbered.accs.slot(part.node),
          op: part.op as Exclude<typeof part.op, "set">,
          value: numbered.expr(part.value),
        };
        if (sameLoop && previous.kind === "reduce") {
          stages[stages.length - 1] = { ...previous, reductions: [...previous.reductions, reduction] };
        } else stages.push({ kind: "reduce", inner: part.inner, reductions: [reduction] });
      } else if (part.kind === "scan") {
        const op = part.op as Exclude<typeof part.op, "set">;
        stages.push({ kind: "scan", inner: part.inner, op, store: numbered.store(part) });
      } else if (part.kind === "scatter") {
        stages.push({ kind: "scatter", inner: part.inner, op: part.op, store: numbered.store(part) });
      } else {
        const store = numbered.store(part);
        if (sameLoop && previous.kind === "store") {
          stages[stages.length - 1] = { ...previous, stores: [...previous.stores, store] };
        } else stages.push({ kind: "store", inner: part.inner, stores: [store] });
      }
    }
  }
  // A reduction that others read is stored once a row.
  const results = merged.parts.filter((p) => p.kind === "reduce" && kept(p.node));
  if (results.length > 0) {
    const stores = results.map((p) => ({
      slot: numbered.buffers.slot(numbered.bufferOf(p.node)),
      index: merged.rowIndex,
      value: acc(numbered.accs.slot(p.node), numbered.graph.nodes[p.node]!.dtype),
    }));
    for (const p of results) numbered.written.add(numbered.bufferOf(p.node));
    stages.push({ kind: "store", inner: [], stores });
  }
  return {
    kind: "loop",
    rows: merged.rows,
    stages,
    bindings: numbered.bindings(),
    scalars: numbered.scalarTypes(),
    checks: numbered.checks.nodes.length,
  };
}

/** The order of a level's parts: a scatter finds its copy done, and stores over one domain stand together. */
const rank: Readonly<Record<Part["kind"], number>> = { reduce: 0, store: 1, copy: 1, scan: 2, scatter: 3 };

/** Parts by what they wait for: reductions and stores that use no accumulator first, then those that use the first ones', … */
function byLevel(parts: readonly Part[]): Part[][] {
  const levels: Part[][] = [];
  partLevels(parts).forEach((level, i) => (levels[level] ??= []).push(parts[i]!));
  return levels.filter((l) => l !== undefined).map((l) => {
    const domains = [...new Set(l.map((p) => p.inner.join()))];
    const place = (p: Part) => rank[p.kind] * domains.length + domains.indexOf(p.inner.join());
    return l.toSorted((a, b) => place(a) - place(b));
  });
}

/** Parts over no elements store nothing, and what they would reduce is never computed: neither may load or check anything. */
function withoutEmptyLoops(parts: readonly Part[]): Part[] {
  return parts.flatMap((p) => {
    if (numel(p.inner) > 0) return [p];
    return p.kind === "reduce" ? [{ ...p, value: constant(0, p.value.dtype) }] : [];
  });
}

/** Merges axes of rows and of each part's inner domain. */
function coalesceLoop(body: LoopBody): { rows: readonly number[]; rowIndex: Expr; parts: Part[] } {
  const rank = body.rows.length;
  // Inner domains first, as their variables come after the row's; parts with one domain stay in one loop.
  const inner: (readonly number[])[] = [], exprs: Expr[] = [];
  for (const key of new Set(body.parts.map((p) => p.inner.join()))) {
    const same = body.parts.map((p, i) => ({ p, i })).filter(({ p }) => p.inner.join() === key);
    const merged = splitAndCoalesce(rank, {
      extents: same[0]!.p.inner,
      exprs: same.flatMap(({ p }) => [p.value, p.index]),
    });
    same.forEach(({ i }, j) => {
      inner[i] = merged.extents;
      exprs[2 * i] = merged.exprs[2 * j]!;
      exprs[2 * i + 1] = merged.exprs[2 * j + 1]!;
    });
  }
  const all = coalesce(0, { extents: body.rows, exprs: [flatRows(body.rows), ...exprs] });
  const parts = body.parts.map((p, i) => ({
    ...p,
    inner: inner[i]!,
    value: all.exprs[1 + 2 * i]!,
    index: all.exprs[2 + 2 * i]!,
  }));
  return { rows: all.extents, rowIndex: all.exprs[0]!, parts };
}

function flatRows(rows: readonly number[]): Expr {
  return flatten(rows.map((extent, i) => variable(i, extent)), rows);
}
