/**
 * From a group's loop nest to a kernel: parts become stages, axes are merged, and node numbers in slots give way to the kernel's own
 * numbering, with the launch saying which node each stands for.
 *
 * @module
 */

import type { DType } from "../ir/dtype.ts";
import { acc, check, constant, type Expr, load, rewrite, scalarArg, variable } from "../ir/expr.ts";
import { linear } from "../ir/index.ts";
import type { Binding, Kernel, Stage, Store } from "../ir/kernel.ts";
import { numel } from "../ir/node.ts";
import { flatten } from "../ir/views.ts";
import { expressionCache } from "../ir/expression_cache.ts";
import { type Body, type ContractBody, type LoopBody, type Part, partLevels } from "./body.ts";
import { coalesce, renumber } from "./coalesce.ts";
import type { FusedGroup } from "./fuse.ts";
import type { Subgraph } from "./subgraph.ts";

/** A kernel and the nodes that its bindings, scalars and checks stand for. */
export interface EmittedKernel {
  readonly kernel: Kernel;
  readonly buffers: readonly number[];
  readonly scalars: readonly number[];
  readonly checks: readonly number[];
}

/** The same in the graph's numbers. */
export interface ScheduledKernel extends EmittedKernel {
  /** Stored nodes that the kernel computes. */
  readonly members: readonly number[];
}

/** Numbers for the things of one kind in a kernel, in the order they are met. */
class Numbering {
  readonly nodes: number[] = [];
  readonly #slots = new Map<number, number>();

  slot(node: number): number {
    let slot = this.#slots.get(node);
    if (slot === undefined) {
      slot = this.nodes.length;
      this.nodes.push(node);
      this.#slots.set(node, slot);
    }
    return slot;
  }
}

/** A kernel under construction: its numberings, and which buffer stands for a node. */
class Numbered {
  readonly buffers = new Numbering();
  readonly scalars = new Numbering();
  readonly accs = new Numbering();
  readonly checks = new Numbering();
  readonly written = new Set<number>();
  readonly read = new Set<number>();
  readonly #memo = new Map<Expr, Expr>();

  constructor(readonly graph: Subgraph, readonly bufferOf: (node: number) => number) {}

  expr(e: Expr): Expr {
    return rewrite(e, (x) => {
      switch (x.op) {
        case "load": {
          const buffer = this.bufferOf(x.slot);
          this.read.add(buffer);
          return load(this.buffers.slot(buffer), x.dtype, this.expr(x.args[0]!));
        }
        case "scalar":
          return scalarArg(this.scalars.slot(x.slot), x.dtype, x.value);
        case "acc":
          return acc(this.accs.slot(x.slot), x.dtype);
        case "check":
          return check(this.expr(x.args[0]!), x.value, this.checks.slot(x.slot));
        default:
          return undefined;
      }
    }, this.#memo);
  }

  store(part: Part): Store {
    const buffer = this.bufferOf(part.node);
    const value = this.expr(part.value), index = this.expr(part.index);
    this.written.add(buffer);
    return { slot: this.buffers.slot(buffer), index, value };
  }

  bindings(): Binding[] {
    return this.buffers.nodes.map((n) => ({
      dtype: this.graph.nodes[n]!.dtype,
      size: numel(this.graph.nodes[n]!.shape),
      access: !this.written.has(n) ? "read" : this.read.has(n) ? "readwrite" : "write",
    }));
  }

  scalarTypes(): DType[] {
    return this.scalars.nodes.map((n) => this.graph.nodes[n]!.dtype);
  }
}

/** Kernels by the key of their subgraph, what of it is kept, and which nodes share a buffer. */
const kernels = expressionCache<string, EmittedKernel>();

/**
 * The kernel of a group. `kept` says which members need their buffer (others are used in the group alone); `bufferOf` maps a node to
 * the node whose buffer holds it, which differs where a result replaces its donor.
 */
export function emitKernel(
  { subgraph, nest, members }: FusedGroup,
  kept: (node: number) => boolean,
  bufferOf: (node: number) => number,
): ScheduledKernel {
  const { origin } = subgraph;
  const needed = new Set(subgraph.members.filter((n) => kept(origin[n]!)));
  // The buffer of a node that stands for another of the subgraph; any other buffer is known by the first node that lies in it.
  const shared = new Map<number, number>(), first = new Map<number, number>();
  origin.forEach((n, i) => {
    const buffer = bufferOf(n), at = first.get(buffer);
    if (at === undefined) first.set(buffer, i);
    else shared.set(i, at);
  });
  const key = `${[...needed]} ${[...shared]} ${subgraph.key}`;
  let emitted = kernels.get(key);
  if (emitted === undefined) {
    emitted = emit(subgraph, nest.body, (n) => needed.has(n), (n) => shared.get(n) ?? n);
    kernels.set(key, emitted);
  }
  return {
    kernel: emitted.kernel,
    buffers: emitted.buffers.map((n) => bufferOf(origin[n]!)),
    scalars: emitted.scalars.map((n) => origin[n]!),
    checks: emitted.checks.map((n) => origin[n]!),
    members: members.filter(kept),
  };
}

function emit(
  graph: Subgraph,
  body: Body,
  kept: (node: number) => boolean,
  bufferOf: (node: number) => number,
): EmittedKernel {
  const numbered = new Numbered(graph, bufferOf);
  const kernel = body.kind === "loop"
    ? loopKernel(body, numbered, kept)
    : body.kind === "contract"
    ? contractKernel(graph, body, numbered, kept)
    : sortKernel(graph, body.node, body.input, numbered);
  return {
    kernel,
    buffers: numbered.buffers.nodes,
    scalars: numbered.scalars.nodes,
    checks: numbered.checks.nodes,
  };
}

function loopKernel(body: LoopBody, numbered: Numbered, kept: (node: number) => boolean): Kernel {
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
    const merged = coalesce(rank, { extents: same[0]!.p.inner, exprs: same.flatMap(({ p }) => [p.value, p.index]) });
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

function contractKernel(
  graph: Subgraph,
  body: ContractBody,
  numbered: Numbered,
  kept: (node: number) => boolean,
): Kernel {
  const parts = body.parts.filter((p) => kept(p.node));
  let exprs: readonly Expr[] = [body.a, body.b, ...parts.flatMap((p) => [p.value, p.index])];
  const groups: (readonly number[])[] = [];
  let first = 0;
  for (const extents of [body.batch, body.m, body.n, body.k]) {
    const merged = coalesce(first, { extents, exprs });
    exprs = merged.exprs;
    groups.push(merged.extents);
    first += merged.extents.length;
  }
  let [batch, m, n, k] = groups as [readonly number[], readonly number[], readonly number[], readonly number[]];
  if (storesAlongM(exprs.filter((_, i) => i >= 2 && i % 2 === 1), batch.length, m.length, n.length)) {
    // The transposed product, so that results are written in the order they lie in memory.
    exprs = swapAxes(exprs, batch.length, m.length, n.length);
    exprs = [exprs[1]!, exprs[0]!, ...exprs.slice(2)];
    [m, n] = [n, m];
  }
  numbered.accs.slot(body.node);
  const a = numbered.expr(exprs[0]!), b = numbered.expr(exprs[1]!);
  const stores = parts.map((p, i) => numbered.store({ ...p, value: exprs[2 + 2 * i]!, index: exprs[3 + 2 * i]! }));
  return {
    kind: "contract",
    batch,
    m,
    n,
    k,
    a,
    b,
    dtype: graph.nodes[body.node]!.dtype,
    stores,
    bindings: numbered.bindings(),
    scalars: numbered.scalarTypes(),
    checks: numbered.checks.nodes.length,
  };
}

/** Whether every result is contiguous along the last m axis and none along the last n axis. */
function storesAlongM(indices: readonly Expr[], batch: number, m: number, n: number): boolean {
  if (m === 0) return false;
  const step = (index: Expr, slot: number) => {
    for (const [e, factor] of linear(index).terms) if (e.op === "var" && e.slot === slot) return factor;
    return 0;
  };
  return indices.every((index) =>
    step(index, batch + m - 1) === 1 && (n === 0 || step(index, batch + m + n - 1) !== 1)
  );
}

/** m and n variables exchanged. */
function swapAxes(exprs: readonly Expr[], batch: number, m: number, n: number): readonly Expr[] {
  return renumber(exprs, (slot) => {
    if (slot < batch || slot >= batch + m + n) return slot;
    return slot < batch + m ? slot + n : slot - m;
  });
}

function sortKernel(graph: Subgraph, node: number, input: number, numbered: Numbered): Kernel {
  const { shape, attributes } = graph.nodes[node]!;
  const length = shape[shape.length - 1] ?? 1;
  for (const n of [input, node]) numbered.buffers.slot(numbered.bufferOf(n));
  numbered.written.add(numbered.bufferOf(node));
  return {
    kind: "sort",
    rows: length === 0 ? 0 : numel(shape) / length,
    length,
    descending: attributes.op === "sort" && attributes.descending,
    bindings: numbered.bindings(),
    scalars: [],
    checks: 0,
  };
}
