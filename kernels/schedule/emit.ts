/**
 * From a group's loop nest to a kernel, with the launch saying which node each of the kernel's numbers stands for.
 *
 * @module
 */

import { expressionCache } from "../ir/expression_cache.ts";
import type { Kernel } from "../ir/kernel.ts";
import { numel } from "../ir/node.ts";
import type { Body } from "./body.ts";
import { contractKernel } from "./contract_kernel.ts";
import type { FusedGroup } from "./fuse.ts";
import { loopKernel } from "./loop_kernel.ts";
import { Numbered } from "./numbering.ts";
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

function sortKernel(graph: Subgraph, node: number, input: number, numbered: Numbered): Kernel {
  const { shape, attributes } = graph.nodes[node]!, whole = graph.nodes[input]!.shape, length = whole.at(-1)!;
  for (const n of [input, node]) numbered.buffers.slot(numbered.bufferOf(n));
  numbered.written.add(numbered.bufferOf(node));
  return {
    kind: "sort",
    rows: length === 0 ? 0 : numel(whole) / length,
    length,
    count: shape.at(-1)!,
    descending: attributes.op === "sort" && attributes.descending,
    bindings: numbered.bindings(),
    scalars: [],
    checks: 0,
  };
}
