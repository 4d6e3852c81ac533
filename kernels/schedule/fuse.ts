/**
 * Fusion: starts with one group for each stored node and merges groups while they fit one kernel and merging pays.
 *
 * @module
 */

import { walk } from "../ir/expr.ts";
import { numel } from "../ir/node.ts";
import type { Graph } from "./graph.ts";
import { type Body, buildBody, type Group, partLevels } from "./group.ts";
import { LostCheck } from "./inline.ts";
import { formulaCost, isOpaque, type Limits, materialized } from "./materialize.ts";

/** A group that is known to fit, with its loop nest. */
export interface FusedGroup extends Group {
  readonly body: Body;
  /** The stored nodes and leaves that it reads. */
  readonly loads: ReadonlySet<number>;
}

/** Rows times row length up to which one kernel is better than two, however few rows there are. */
const SMALL = 16384;

/** Most distinct scalar expressions of a kernel that grows by merging. */
const LARGEST = 1500;

/** Distinct scalar expressions up to which a kernel may compute a value at several places. */
const REPEATED = 300;

/** Cost above which a value that several kernels compute is stored instead. */
const WORTH_STORING = 6;

/** The groups that compute a graph, unordered, and the nodes that are stored. */
export function fuse(graph: Graph, limits: Limits): { groups: FusedGroup[]; stored: Set<number> } {
  const extra = new Set<number>();
  for (;;) {
    const stored = materialized(graph, limits, extra);
    const fusion = unlessCheckLost(() => new Fusion(graph, limits, stored));
    if (fusion instanceof LostCheck) {
      extra.add(fusion.source);
      continue;
    }
    if (limits.fusion === false) return { groups: fusion.groups, stored };
    const groups = fusion.run();
    const shared = sharedAndCostly(graph, groups, stored);
    if (shared.length === 0) return { groups, stored };
    for (const n of shared) extra.add(n);
  }
}

/** What `make` makes, or the check that it would lose. */
function unlessCheckLost<T>(make: () => T): T | LostCheck {
  try {
    return make();
  } catch (error) {
    if (error instanceof LostCheck) return error;
    throw error;
  }
}

class Fusion {
  readonly #groups = new Map<number, FusedGroup>();
  /** Groups whose results a group reads. */
  readonly #producers = new Map<number, Set<number>>();
  /** Stored nodes that a stored node's value goes into. */
  readonly #readers = new Map<number, Set<number>>();

  constructor(
    readonly graph: Graph,
    readonly limits: Limits,
    readonly stored: ReadonlySet<number>,
  ) {
    for (const n of stored) {
      this.#add([n]);
      this.#readers.set(n, new Set());
    }
    for (const n of stored) {
      const reads = this.#reads(n);
      this.#producers.set(n, reads);
      for (const r of reads) this.#readers.get(r)!.add(n);
    }
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

  #add(members: readonly number[]): number {
    const id = members[members.length - 1]!;
    const body = buildBody(this.graph, members, this.stored);
    if (body === undefined) throw new Error(`Cannot build a kernel for node ${id}`);
    this.#groups.set(id, { members, body, loads: loadsOf(body) });
    return id;
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
    for (const [id, { body }] of [...this.#groups].sort(([a], [b]) => a - b)) {
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
    const members = [...producer.members, ...consumer.members].sort((a, b) => a - b);
    const body = unlessCheckLost(() => buildBody(this.graph, members, this.stored));
    if (
      body === undefined || body instanceof LostCheck || !this.#pays(body) || this.#multiplies(body, producer, consumer)
    ) return undefined;
    const loads = loadsOf(body);
    if (this.#bindings(members, loads) > this.limits.bindings) return undefined;
    const id = members[members.length - 1]!;
    this.#groups.delete(p);
    this.#groups.delete(c);
    this.#groups.set(id, { members, body, loads });
    const reads = new Set([...this.#producers.get(p)!, ...this.#producers.get(c)!]);
    reads.delete(p);
    reads.delete(c);
    this.#producers.delete(p);
    this.#producers.delete(c);
    this.#producers.set(id, reads);
    for (const others of this.#producers.values()) {
      if (others.delete(p)) others.add(id);
      if (others.delete(c)) others.add(id);
    }
    this.#producers.get(id)!.delete(id);
    return id;
  }

  /** Whether one kernel would compute much more than two: what the producer computes once, at several places. */
  #multiplies(body: Body, producer: FusedGroup, consumer: FusedGroup): boolean {
    const size = expressionsIn(body);
    return size > LARGEST ||
      (size > REPEATED && size > 1.2 * (expressionsIn(producer.body) + expressionsIn(consumer.body)));
  }

  #kindsFit(producer: FusedGroup, consumer: FusedGroup): boolean {
    const kinds = [producer.body.kind, consumer.body.kind];
    if (kinds[0] === "loop" && kinds[1] === "loop") return true;
    return kinds[0] === "contract" && kinds[1] === "loop" &&
      consumer.members.every((n) => !isOpaque(this.graph, n));
  }

  /** How many buffers a kernel needs: what it reads, and members that someone outside wants. */
  #bindings(members: readonly number[], loads: ReadonlySet<number>): number {
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
    const seen = new Set<number>([from]);
    const stack = [...this.#producers.get(from)!].filter((g) => g !== to);
    while (stack.length > 0) {
      const g = stack.pop()!;
      if (g === to) return true;
      if (seen.has(g)) continue;
      seen.add(g);
      stack.push(...this.#producers.get(g)!);
    }
    return false;
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

function expressionsIn(body: Body): number {
  let count = 0;
  walk(body.kind === "sort" ? [] : body.parts.flatMap((p) => [p.value, p.index]), () => count++);
  return count;
}

function rowLength(body: Body): number {
  return body.kind === "loop" ? Math.max(...body.parts.map((p) => numel(p.inner))) : 0;
}

function loadsOf(body: Body): Set<number> {
  const loads = new Set<number>();
  const roots = body.kind === "sort" ? [] : body.parts.flatMap((p) => [p.value, p.index]);
  if (body.kind === "contract") roots.push(body.a, body.b);
  walk(roots, (e) => {
    if (e.op === "load") loads.add(e.slot);
  });
  return loads;
}

/** Maps that several groups compute on their own though storing them once would cost less. */
function sharedAndCostly(graph: Graph, groups: readonly FusedGroup[], stored: ReadonlySet<number>): number[] {
  // Per element of the node: what broadcasts into it is computed once for many elements.
  const costs = new Map<number, number>();
  const cost = (n: number): number => {
    const node = graph.nodes[n]!;
    if (node.leaf === "buffer" || stored.has(n) || chosen.has(n)) return 1;
    if (node.leaf === "scalar") return 0;
    let sum = costs.get(n);
    if (sum === undefined) {
      const elements = Math.max(1, numel(node.shape));
      sum = node.attributes.op === "map" ? formulaCost(node.attributes.formula) : 0;
      for (const i of node.inputs) sum += Math.min(1, numel(graph.nodes[i]!.shape) / elements) * cost(i);
      costs.set(n, sum);
    }
    return sum;
  };
  const chosen = new Set<number>();
  const shared = sharedMaps(graph, groups, stored);
  for (const n of shared) if (cost(n) >= WORTH_STORING) chosen.add(n);
  return [...chosen];
}

/** Maps that more than one group computes, ascending; one that is shared itself counts as the only user of what lies below. */
function sharedMaps(graph: Graph, groups: readonly FusedGroup[], stored: ReadonlySet<number>): number[] {
  const home = new Map<number, number>();
  groups.forEach((group, i) => group.members.forEach((n) => home.set(n, i)));
  const users = graph.nodes.map(() => new Set<number>());
  const shared: number[] = [];
  for (let n = graph.nodes.length - 1; n >= 0; n--) {
    const node = graph.nodes[n]!;
    let own = users[n]!;
    if (stored.has(n)) own = new Set([home.get(n)!]);
    else if (own.size >= 2 && node.attributes.op === "map") {
      shared.push(n);
      own = new Set([groups.length + n]);
    }
    for (const i of node.inputs) for (const user of own) users[i]!.add(user);
  }
  return shared.reverse();
}
