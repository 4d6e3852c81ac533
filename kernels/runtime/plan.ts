/**
 * Plans: a schedule, its compiled kernels and the memory of its temporary values, kept under the structure of the graph and replayed.
 *
 * @module
 */

import { type CheckMessage, type Node, numel, type Residence, type Verdict } from "../ir/node.ts";
import type { Graph, GraphNode } from "../schedule/graph.ts";
import type { Limits } from "../schedule/materialize.ts";
import { type Schedule, schedule } from "../schedule/schedule.ts";
import type { Buffer, Executable } from "./device.ts";
import { profiling } from "./profiling.ts";
import type { Store } from "./store.ts";
import { inherited } from "./verdicts.ts";

/** Results of up to so many elements are worth copying to the host at once, where that is possible. */
const SMALL = 64;

/** Compiled schedule of all graphs with one key. */
export class Plan {
  /** Grows with every run: what it lent out before is then no longer valid. */
  generation = 0;
  /** When it was last used: larger is later. */
  used = 0;
  /** Messages of the checks of the last run, flag by flag. */
  messages: (CheckMessage | undefined)[] = [];
  /** Of the runs whose checks, and those of what they read, have not been looked at yet. */
  verdict: Verdict | undefined = undefined;
  readonly schedule: Schedule;
  readonly executable: Executable;
  /** Bytes of its temporary values. */
  readonly arenaBytes: number;
  /** Place in the executable's list of buffers, by node. */
  readonly #place = new Map<number, number>();
  readonly #scalars: number[] = [];
  readonly #checks: number[] = [];
  readonly #computed: number[];
  /** Leaves that something is computed from, unlike those whose memory is only taken over. */
  readonly #read: number[];
  /** What is as it should be whether checks hold or not. */
  readonly #sound: ReadonlySet<number>;
  readonly #buffers: Buffer[] = [];
  readonly #values: number[] = [];
  #arena: Buffer[] | undefined;
  /** A run reads what this plan lent out. */
  #inUse = false;

  /** `limits` departs from the device's own, for tests. */
  constructor(graph: Graph, readonly store: Store, limits: Partial<Limits> = {}) {
    const { device } = store;
    const bytes = (n: number) => device.byteLength(graph.nodes[n]!.dtype, numel(graph.nodes[n]!.shape));
    const { maxBindings: bindings, parallelism, maxBatch: batch } = device, copied = device.onHost ? SMALL : 0;
    this.schedule = schedule(graph, { bindings, parallelism, batch, copied, ...limits }, bytes);
    const scalarPlace = new Map<number, number>(), checkPlace = new Map<number, number>();
    const placeOf = (map: Map<number, number>, n: number, list?: number[]) => {
      let place = map.get(n);
      if (place === undefined) {
        place = map.size;
        map.set(n, place);
        list?.push(n);
      }
      return place;
    };
    const launches = this.schedule.kernels.map((k) => ({
      kernel: k.kernel,
      buffers: k.buffers.map((n) => placeOf(this.#place, n)),
      scalars: k.scalars.map((n) => placeOf(scalarPlace, n, this.#scalars)),
      checks: k.checks.map((n) => placeOf(checkPlace, n, this.#checks)),
      batch: k.batch,
    }));
    this.executable = device.prepare(launches);
    this.arenaBytes = this.schedule.temporaries.sizes.reduce((sum, size) => sum + size, 0);
    this.#computed = graph.nodes.map((_, n) => n).filter((n) => graph.nodes[n]!.leaf === undefined);
    const inputs = new Set(graph.nodes.flatMap((node) => node.inputs));
    this.#read = this.schedule.leaves.filter((n) => inputs.has(n));
    this.#sound = this.hasChecks ? sound(graph, this.#checks) : new Set();
  }

  /** How many nodes it computes. */
  get operations(): number {
    return this.#computed.length;
  }

  /** Whether a run may raise flags. */
  get hasChecks(): boolean {
    return this.#checks.length > 0;
  }

  /** Gives temporary memory back, unless a run is at work with it; what lives there is computed again when needed. */
  evict(): void {
    if (this.#arena === undefined || this.#inUse) return;
    this.generation++;
    this.#free(this.#arena);
    this.#arena = undefined;
  }

  /** How many flags a run may raise. */
  get checks(): number {
    return this.#checks.length;
  }

  #allocate(): Buffer[] {
    return this.schedule.temporaries.sizes.map((size) => {
      const buffer = this.store.allocate(size);
      this.store.arenaBytes += size;
      return buffer;
    });
  }

  #free(arena: readonly Buffer[]): void {
    for (const buffer of arena) {
      this.store.arenaBytes -= buffer.bytes;
      this.store.device.free(buffer);
    }
  }

  /** Computes this occasion's nodes. */
  run(live: readonly Node[]): void {
    const lenders: Plan[] = [];
    try {
      this.#run(live, lenders);
    } finally {
      for (const plan of lenders) plan.#inUse = false;
    }
  }

  /** `lenders` takes the plans in whose memory this run reads; allocating must not evict them. */
  #run(live: readonly Node[], lenders: Plan[]): void {
    const { leaves, results, inPlace, temporaries } = this.schedule;
    for (const n of leaves) {
      const owner = live[n]!.residence?.owner;
      if (!(owner instanceof Plan) || owner.#inUse) continue;
      owner.#inUse = true;
      lenders.push(owner);
    }
    for (const n of leaves) this.#bind(n, this.store.resident(live[n]!).buffer);
    for (const donor of inPlace.values()) this.#bind(donor, this.store.resident(live[donor]!).buffer);
    const fresh = results.map((n) => this.store.create(live[n]!));
    results.forEach((n, i) => this.#bind(n, fresh[i]!.buffer));
    // A run that reads what the last run of this plan lent out gets other memory for its own values.
    const previous = this.#inUse ? this.#arena : undefined;
    const arena = this.#inUse || this.#arena === undefined ? this.#allocate() : this.#arena;
    for (const [n, at] of temporaries.buffer) this.#bind(n, arena[at]!);
    this.#scalars.forEach((n, i) => this.#values[i] = live[n]!.value);
    this.messages = this.#checks.map((n) => live[n]!.message);
    this.generation++;
    this.#arena = arena;
    this.executable.run(this.#buffers, this.#values, profiling.watch?.(this.schedule.kernels, this.store.device.name));
    if (previous !== undefined) this.#free(previous);
    this.#settle(live, fresh);
  }

  #bind(n: number, buffer: Buffer): void {
    const place = this.#place.get(n);
    if (place !== undefined) this.#buffers[place] = buffer;
  }

  /** Says of every node where its elements are now. */
  #settle(live: readonly Node[], fresh: readonly Residence[]): void {
    const { results, copied, inPlace, temporaries } = this.schedule;
    this.verdict = inherited(this.verdict, live, this.#read, this.hasChecks);
    for (const n of this.#computed) {
      const node = live[n]!;
      node.verdict = this.#sound.has(n) && this.verdict?.sources.size === 0 ? undefined : this.verdict;
      const at = temporaries.buffer.get(n);
      if (at === undefined) node.spent++;
      else if (!node.internal) {
        node.residence = { buffer: this.#arena![at]!, owner: this, generation: this.generation };
      }
    }
    for (const n of copied) {
      const node = live[n]!, buffer = this.#arena![temporaries.buffer.get(n)!]!;
      node.host = this.store.device.read(buffer, node.dtype, numel(node.shape));
      settled(node);
    }
    for (const [n, d] of inPlace) {
      const node = live[n]!, donor = live[d]!;
      node.residence = donor.residence;
      settled(node);
      donor.residence = undefined;
      donor.overwritten = donor.host === undefined;
    }
    results.forEach((n, i) => {
      const node = live[n]!, donor = node.donor;
      node.residence = fresh[i]!;
      settled(node);
      if (donor !== undefined && donor.host === undefined && !donor.overwritten) this.store.overwrite(donor);
    });
  }
}

/**
 * The nodes that do not depend on these checks: what the checks are computed from, and what has nothing to do with the indices that they
 * look at. (A gradient is wrong for a class out of range even where it does not come from the check.)
 */
function sound({ nodes }: Graph, checks: readonly number[]): Set<number> {
  const doubtful = below(nodes, checks.map((n) => nodes[n]!.inputs[1]!));
  for (const n of doubtful) if (isShared(nodes[n]!)) doubtful.delete(n);
  nodes.forEach(({ inputs }, n) => {
    if (checks.includes(n) || inputs.some((i) => doubtful.has(i))) doubtful.add(n);
  });
  const found = below(nodes, checks.flatMap((n) => nodes[n]!.inputs));
  nodes.forEach((_, n) => doubtful.has(n) || found.add(n));
  return found;
}

/** Whether a node says nothing of those that use it. */
function isShared({ leaf, attributes }: GraphNode): boolean {
  return leaf === "scalar" || attributes.op === "iota";
}

/** These nodes and those that they are computed from. */
function below(nodes: readonly GraphNode[], roots: readonly number[]): Set<number> {
  const found = new Set<number>(), stack = [...roots];
  while (stack.length > 0) {
    const n = stack.pop()!;
    if (found.has(n)) continue;
    found.add(n);
    stack.push(...nodes[n]!.inputs);
  }
  return found;
}

/** A node with elements of its own needs its operands no more. */
function settled(node: Node): void {
  node.spent = 0;
  node.inputs = [];
  node.donor = undefined;
  node.written = false;
}
