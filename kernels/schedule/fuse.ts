/**
 * Fusion: starts with one group for each stored node and merges groups while they fit one kernel and merging pays.
 *
 * @module
 */

import { numel } from "../ir/node.ts";
import { type Body, partLevels } from "./body.ts";
import type { Graph } from "./graph.ts";
import { LostCheck } from "./inline.ts";
import { isOpaque, type Limits, materialized } from "./materialize.ts";
import { type Nest, nestOf } from "./nest.ts";
import { sharedAndCostly, sharedByContractions } from "./shared.ts";
import { Subgraph } from "./subgraph.ts";

/** Stored nodes, ascending, that one kernel computes. */
export interface FusedGroup {
  readonly members: readonly number[];
  /** What computes them, by itself, and its loop nest. */
  readonly subgraph: Subgraph;
  readonly nest: Nest;
  /** The stored nodes and leaves that it reads. */
  readonly loads: ReadonlySet<number>;
}

/** Rows times row length up to which one kernel is better than two, however few rows there are. */
const SMALL = 16384;

/** Most stored nodes of a kernel: each that joins has the whole kernel built anew, and more save no time that can be measured. */
const MOST_MEMBERS = 24;

/** Most distinct scalar expressions of a kernel that grows by merging. */
const LARGEST = 1500;

/** Distinct scalar expressions up to which a kernel may compute a value at several places. */
const REPEATED = 300;

/** The groups that compute a graph, unordered, and the nodes that are stored. */
export function fuse(graph: Graph, limits: Limits): { groups: FusedGroup[]; stored: Set<number> } {
  const extra = new Set<number>();
  for (;;) {
    const stored = materialized(graph, limits, extra);
    if (limits.fusion !== false && addAll(extra, sharedByContractions(graph, stored))) continue;
    const fusion = new Fusion(graph, limits, stored);
    if (addAll(extra, fusion.lost)) continue;
    if (limits.fusion === false) return { groups: fusion.groups, stored };
    const groups = fusion.run();
    const home = new Map(groups.flatMap((group, i) => group.members.map((n) => [n, i] as const)));
    if (!addAll(extra, sharedAndCostly(graph, (n) => home.get(n)!, stored))) return { groups, stored };
  }
}

/** Adds these to a set; whether any is new. */
function addAll(set: Set<number>, more: readonly number[]): boolean {
  const before = set.size;
  for (const n of more) set.add(n);
  return set.size > before;
}

class Fusion {
  readonly #groups = new Map<number, FusedGroup>();
  /** Groups whose results a group reads, and groups that read its. A group's number is that of its last member. */
  readonly #producers = new Map<number, Set<number>>();
  readonly #consumers = new Map<number, Set<number>>();
  /** Stored nodes that a stored node's value goes into. */
  readonly #readers = new Map<number, Set<number>>();
  /** The last and the first node of each group that has several. */
  readonly #spans = new Map<number, number>();
  /** Sources of gathers whose checks would be lost unless they are stored. */
  readonly lost: number[] = [];

  constructor(
    readonly graph: Graph,
    readonly limits: Limits,
    readonly stored: ReadonlySet<number>,
  ) {
    for (const n of stored) {
      const group = this.#group([n]);
      if (group instanceof LostCheck) this.lost.push(group.source);
      else if (group === undefined) throw new Error(`Cannot build a kernel for node ${n}`);
      else this.#groups.set(n, group);
      this.#readers.set(n, new Set());
    }
    for (const n of stored) this.#producers.set(n, this.#reads(n));
    for (const [n, reads] of this.#producers) for (const r of reads) this.#readers.get(r)!.add(n);
    for (const [n, readers] of this.#readers) this.#consumers.set(n, new Set(readers));
  }

  /** The groups as they stand. */
  get groups(): FusedGroup[] {
    return [...this.#groups.values()];
  }

  run(): FusedGroup[] {
    for (const id of [...this.#groups.keys()].sort((a, b) => a - b)) this.#mergeProducers(id);
    this.#mergeSiblings();
    return this.groups;
  }

  /** The group of these members; undefined where they do not fit one kernel, and the check that it would lose where there is one. */
  #group(members: readonly number[]): FusedGroup | LostCheck | undefined {
    const subgraph = new Subgraph(this.graph, members, this.stored), nest = nestOf(subgraph);
    if (nest === undefined) return undefined;
    if (nest instanceof LostCheck) return new LostCheck(subgraph.origin[nest.source]!);
    const loads = new Set<number>();
    for (const n of nest.loads) loads.add(subgraph.origin[n]!);
    return { members, subgraph, nest, loads };
  }

  /** The stored nodes that a stored node is computed from. */
  #reads(of: number): Set<number> {
    const seen = new Set<number>(), reads = new Set<number>();
    const go = (n: number) => {
      for (const i of this.graph.nodes[n]!.inputs) {
        if (seen.has(i) || this.graph.nodes[i]!.leaf !== undefined) continue;
        seen.add(i);
        if (this.stored.has(i)) reads.add(i);
        else go(i);
      }
    };
    go(of);
    return reads;
  }

  #mergeProducers(start: number): void {
    let id = start;
    const refused = new Set<number>();
    for (;;) {
      const candidates = [...this.#producers.get(id)!].filter((p) => !refused.has(p)).sort((a, b) => b - a);
      if (candidates.length === 0) return;
      const producer = candidates[0]!;
      const merged = this.#tryMerge(producer, id);
      if (merged === undefined) refused.add(producer);
      else id = merged;
    }
  }

  /** Row kernels over the same rows that read the same things. */
  #mergeSiblings(): void {
    const alike = new Map<string, number[]>();
    for (const [id, { nest: { body } }] of [...this.#groups].sort(([a], [b]) => a - b)) {
      if (body.kind !== "loop" || !body.parts.some((p) => p.kind === "reduce")) continue;
      const key = `${numel(body.rows)} ${rowLength(body)}`;
      if (!alike.has(key)) alike.set(key, []);
      alike.get(key)!.push(id);
    }
    for (const ids of alike.values()) {
      ids.forEach((a, i) => {
        for (const b of ids.slice(i + 1)) {
          const first = this.#groups.get(a), second = this.#groups.get(b);
          if (first === undefined) return;
          if (second !== undefined && !first.loads.isDisjointFrom(second.loads)) this.#tryMerge(a, b);
        }
      });
    }
  }

  #tryMerge(p: number, c: number): number | undefined {
    const producer = this.#groups.get(p)!, consumer = this.#groups.get(c)!;
    if (!this.#kindsFit(producer, consumer) || this.#pathAround(p, c) || this.#pathAround(c, p)) return undefined;
    const merged = this.#group([...producer.members, ...consumer.members].sort((a, b) => a - b));
    if (
      merged === undefined || merged instanceof LostCheck || !this.#pays(merged.nest.body) ||
      multiplies(merged.nest, producer.nest, consumer.nest) || this.#bindings(merged) > this.limits.bindings
    ) return undefined;
    const id = merged.members[merged.members.length - 1]!;
    const joined = (links: Map<number, Set<number>>) => {
      const others = links.get(p)!.union(links.get(c)!);
      others.delete(p);
      others.delete(c);
      links.delete(p);
      links.delete(c);
      links.set(id, others);
      return others;
    };
    const redirect = (links: Map<number, Set<number>>, from: Iterable<number>) => {
      for (const other of from) {
        const others = links.get(other)!;
        others.delete(p);
        others.delete(c);
        others.add(id);
      }
    };
    for (const old of [p, c]) {
      this.#groups.delete(old);
      this.#spans.delete(old);
    }
    this.#groups.set(id, merged);
    this.#spans.set(id, merged.members[0]!);
    const producers = joined(this.#producers), consumers = joined(this.#consumers);
    redirect(this.#consumers, producers);
    redirect(this.#producers, consumers);
    return id;
  }

  /** Whether two groups may be of one kernel, as far as can be told without building it. */
  #kindsFit(producer: FusedGroup, consumer: FusedGroup): boolean {
    if (producer.members.length + consumer.members.length > MOST_MEMBERS) return false;
    const [a, b] = [producer.nest.body, consumer.nest.body];
    if (a.kind === "loop" && b.kind === "loop") {
      const rows = [a, b].filter((body) => body.parts.some((p) => p.kind === "reduce")).map((body) => numel(body.rows));
      return rows.length < 2 || rows[0] === rows[1];
    }
    return a.kind === "contract" && b.kind === "loop" && consumer.members.every((n) => !isOpaque(this.graph, n));
  }

  /** How many buffers a kernel needs: what it reads, and members that someone outside wants. */
  #bindings({ members, loads }: FusedGroup): number {
    const own = new Set(members);
    const wanted = members.filter((n) => {
      if (loads.has(n)) return false;
      const { root, held } = this.graph.nodes[n]!;
      return root || held || !this.#readers.get(n)!.isSubsetOf(own);
    });
    return loads.size + wanted.length;
  }

  /** Whether `from` reaches `to` through a third group. */
  #pathAround(to: number, from: number): boolean {
    const first = this.#earliest(to);
    const seen = new Set<number>([from]);
    const stack = [...this.#producers.get(from)!].filter((g) => g !== to);
    while (stack.length > 0) {
      const g = stack.pop()!;
      if (g === to) return true;
      if (g < first || seen.has(g)) continue;
      seen.add(g);
      stack.push(...this.#producers.get(g)!);
    }
    return false;
  }

  /**
   * A node such that groups which end before it need nothing of a group: nodes are computed from nodes before them, and no group has nodes
   * on both sides of it.
   */
  #earliest(of: number): number {
    let first = this.#groups.get(of)!.members[0]!;
    for (let before = Infinity; first < before;) {
      before = first;
      for (const [last, start] of this.#spans) if (last >= first && start < first) first = start;
    }
    return first;
  }

  /** Whole rows in a kernel of few rows would leave the device idle. */
  #pays(body: Body): boolean {
    if (body.kind !== "loop" || !body.parts.some((p) => p.kind === "reduce")) return true;
    const rows = numel(body.rows), length = rowLength(body);
    if (rows >= this.limits.parallelism || rows * length <= SMALL) return true;
    return body.parts.every((p) => p.kind === "reduce" || p.inner.length === 0 || numel(p.inner) === 1) &&
      Math.max(...partLevels(body.parts)) <= 1;
  }
}

/** Whether one kernel would compute much more than two: what the producer computes once, at several places. */
function multiplies(merged: Nest, producer: Nest, consumer: Nest): boolean {
  return merged.size > LARGEST || (merged.size > REPEATED && merged.size > 1.2 * (producer.size + consumer.size));
}

function rowLength(body: Body): number {
  return body.kind === "loop" ? Math.max(...body.parts.map((p) => numel(p.inner))) : 0;
}
