/**
 * Fusion: starts with one group for each stored node and merges groups while they fit one kernel and merging pays.
 *
 * @module
 */

import { walk } from "../ir/expr.ts";
import { numel } from "../ir/node.ts";
import type { Graph } from "./graph.ts";
import { type Body, buildBody, type Group, partLevels } from "./group.ts";
import { formulaCost, isOpaque, type Limits, materialized } from "./materialize.ts";

/** A group that is known to fit, with its loop nest. */
export interface FusedGroup extends Group {
  readonly body: Body;
}

/** Rows times row length up to which one kernel is better than two, however few rows there are. */
const SMALL = 16384;

/** Cost above which a value that several kernels compute is stored instead. */
const WORTH_STORING = 6;

/** The groups that compute a graph, unordered, and the nodes that are stored. */
export function fuse(graph: Graph, limits: Limits): { groups: FusedGroup[]; stored: Set<number> } {
  const extra = new Set<number>();
  for (;;) {
    const stored = materialized(graph, limits, extra);
    const fusion = new Fusion(graph, limits, stored);
    if (limits.fusion === false) return { groups: fusion.groups, stored };
    const groups = fusion.run();
    const shared = sharedAndCostly(graph, groups, stored);
    if (shared.length === 0) return { groups, stored };
    for (const n of shared) extra.add(n);
  }
}

class Fusion {
  readonly #groups = new Map<number, FusedGroup>();
  /** Group of each stored node. */
  readonly #home = new Map<number, number>();
  /** Groups whose results a group reads. */
  readonly #producers = new Map<number, Set<number>>();

  constructor(
    readonly graph: Graph,
    readonly limits: Limits,
    readonly stored: ReadonlySet<number>,
  ) {
    for (const n of stored) this.#add([n]);
    for (const id of this.#groups.keys()) this.#producers.set(id, this.#reads(this.#groups.get(id)!.members));
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
    this.#put(id, { members, body });
    return id;
  }

  #put(id: number, group: FusedGroup): void {
    this.#groups.set(id, group);
    for (const n of group.members) this.#home.set(n, id);
  }

  /** The groups that hold what these members read. */
  #reads(members: readonly number[]): Set<number> {
    const own = new Set(members), seen = new Set<number>(), homes = new Set<number>();
    const go = (n: number) => {
      if (seen.has(n)) return;
      seen.add(n);
      if (this.graph.nodes[n]!.leaf !== undefined) return;
      if (this.stored.has(n) && !own.has(n)) {
        homes.add(this.#home.get(n)!);
        return;
      }
      for (const i of this.graph.nodes[n]!.inputs) go(i);
    };
    for (const n of members) go(n);
    homes.delete(this.#home.get(members[0]!)!);
    return homes;
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
    for (const a of [...this.#groups.keys()].sort((x, y) => x - y)) {
      for (const b of [...this.#groups.keys()].sort((x, y) => x - y)) {
        if (a >= b || !this.#groups.has(a) || !this.#groups.has(b)) continue;
        if (this.#siblings(this.#groups.get(a)!, this.#groups.get(b)!)) this.#tryMerge(a, b);
      }
    }
  }

  #siblings(a: FusedGroup, b: FusedGroup): boolean {
    if (a.body.kind !== "loop" || b.body.kind !== "loop") return false;
    const reducesA = a.body.parts.some((p) => p.kind === "reduce"),
      reducesB = b.body.parts.some((p) => p.kind === "reduce");
    if (!reducesA || !reducesB) return false;
    if (numel(a.body.rows) !== numel(b.body.rows)) return false;
    if (rowLength(a.body) !== rowLength(b.body)) return false;
    const loads = loadsOf(a.body);
    for (const l of loadsOf(b.body)) if (loads.has(l)) return true;
    return false;
  }

  #tryMerge(p: number, c: number): number | undefined {
    const producer = this.#groups.get(p)!, consumer = this.#groups.get(c)!;
    if (!this.#kindsFit(producer, consumer) || this.#pathAround(p, c) || this.#pathAround(c, p)) return undefined;
    const members = [...producer.members, ...consumer.members].sort((a, b) => a - b);
    const body = buildBody(this.graph, members, this.stored);
    if (body === undefined || !this.#pays(body) || bindingCount(body, members) > this.limits.bindings) return undefined;
    const id = members[members.length - 1]!;
    this.#groups.delete(p);
    this.#groups.delete(c);
    this.#put(id, { members, body });
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

  #kindsFit(producer: FusedGroup, consumer: FusedGroup): boolean {
    const kinds = [producer.body.kind, consumer.body.kind];
    if (kinds[0] === "loop" && kinds[1] === "loop") return true;
    return kinds[0] === "contract" && kinds[1] === "loop" &&
      consumer.members.every((n) => !isOpaque(this.graph, n));
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

function bindingCount(body: Body, members: readonly number[]): number {
  return new Set([...loadsOf(body), ...members]).size;
}

/** Maps that several groups compute on their own though storing them once would cost less. */
function sharedAndCostly(graph: Graph, groups: readonly FusedGroup[], stored: ReadonlySet<number>): number[] {
  const users = new Map<number, number>();
  for (const group of groups) {
    const seen = new Set<number>(group.members);
    const go = (n: number) => {
      if (seen.has(n) || stored.has(n) || graph.nodes[n]!.leaf !== undefined) return;
      seen.add(n);
      users.set(n, (users.get(n) ?? 0) + 1);
      for (const i of graph.nodes[n]!.inputs) go(i);
    };
    for (const n of group.members) for (const i of graph.nodes[n]!.inputs) go(i);
  }
  // Per element of the node: what broadcasts into it is computed once for many elements.
  const cost = (n: number): number => {
    const node = graph.nodes[n]!;
    if (node.leaf === "buffer" || stored.has(n)) return 1;
    if (node.leaf === "scalar") return 0;
    const own = node.attributes.op === "map" ? formulaCost(node.attributes.formula) : 0;
    const elements = Math.max(1, numel(node.shape));
    const share = (i: number) => Math.min(1, numel(graph.nodes[i]!.shape) / elements);
    return node.inputs.reduce((sum, i) => Math.min(1000, sum + share(i) * cost(i)), own);
  };
  const costly = [...users].filter(([n, count]) =>
    count >= 2 && graph.nodes[n]!.attributes.op === "map" && cost(n) >= WORTH_STORING
  ).map(([n]) => n);
  // The largest shared values only: what lies below them is then computed once.
  const covered = new Set<number>();
  const cover = (n: number) => {
    for (const i of graph.nodes[n]!.inputs) {
      if (!covered.has(i) && !stored.has(i)) {
        covered.add(i);
        cover(i);
      }
    }
  };
  for (const n of costly) cover(n);
  return costly.filter((n) => !covered.has(n));
}
