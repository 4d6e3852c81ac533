/**
 * Scheduling, pass by pass: which nodes are stored, which share a kernel, in which order kernels run, what is written in place, where
 * temporary values live.
 *
 * @module
 */

import { numel } from "../ir/node.ts";
import { emitKernel, type ScheduledKernel } from "./emit.ts";
import { fuse, type FusedGroup } from "./fuse.ts";
import type { Graph } from "./graph.ts";
import type { Limits } from "./materialize.ts";
import { type Lifetime, type MemoryPlan, planMemory } from "./memory.ts";
import { order } from "./order.ts";

/** A kernel, and the number of its batch: kernels of one do not depend on each other. */
export interface BatchedKernel extends ScheduledKernel {
  readonly batch: number;
}

/** Everything a run of a graph does. Nodes are numbers of the graph. */
export interface Schedule {
  readonly kernels: readonly BatchedKernel[];
  /** Leaves whose elements are read or replaced. */
  readonly leaves: readonly number[];
  /** Results that outlive the run in memory of their own. */
  readonly results: readonly number[];
  /** Results that are copied to the host when the run is done. */
  readonly copied: readonly number[];
  /** Results that take over the memory of a leaf. */
  readonly inPlace: ReadonlyMap<number, number>;
  /** Values in memory that the plan owns. */
  readonly temporaries: MemoryPlan;
}

/** The schedule of a graph. `bytes` is the size of so many elements on the device. */
export function schedule(graph: Graph, limits: Limits, bytes: (node: number) => number): Schedule {
  const { groups } = fuse(graph, limits);
  const { batches, inPlace } = order(graph, groups, limits);
  const kept = neededBuffers(graph, groups);
  const bufferOf = (n: number) => inPlace.get(n) ?? n;
  const kernels = batches.flatMap((batch, number) =>
    batch
      .map((g) => ({ ...emitKernel(g, (n) => kept.has(n), bufferOf), batch: number }))
      .filter((k) => k.members.some((n) => numel(graph.nodes[n]!.shape) > 0))
  );
  const isCopied = (n: number) => {
    const { root, donor, shape } = graph.nodes[n]!, elements = numel(shape);
    return root && donor < 0 && elements > 0 && elements <= (limits.copied ?? 0);
  };
  const leaves = new Set<number>(), lifetimes = new Map<number, Lifetime>();
  for (const k of kernels) {
    for (const n of k.buffers) {
      const node = graph.nodes[n]!;
      if (node.leaf !== undefined) leaves.add(n);
      else if (!node.root || isCopied(n)) {
        const from = lifetimes.get(n)?.from ?? k.batch;
        lifetimes.set(n, { node: n, bytes: bytes(n), from, to: k.batch, reusable: node.internal && !node.root });
      }
    }
  }
  const roots = graph.nodes.map((_, n) => n).filter((n) => graph.nodes[n]!.root && !inPlace.has(n));
  const results = roots.filter((n) => !isCopied(n)), copied = roots.filter(isCopied);
  return { kernels, leaves: [...leaves], results, copied, inPlace, temporaries: planMemory([...lifetimes.values()]) };
}

/** Members whose value is needed outside their own kernel. */
function neededBuffers(graph: Graph, groups: readonly FusedGroup[]): Set<number> {
  const needed = new Set<number>();
  for (const group of groups) {
    for (const n of group.members) if (graph.nodes[n]!.root || graph.nodes[n]!.held) needed.add(n);
    for (const n of group.loads) needed.add(n);
  }
  return needed;
}
