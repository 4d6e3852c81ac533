/**
 * Plans: a schedule, its compiled kernels and the memory of its temporary values, kept under the structure of the graph and replayed.
 *
 * @module
 */

import type { CheckMessage, Node, Residence } from "../ir/node.ts";
import { numel } from "../ir/node.ts";
import { frontier } from "../ir/pending.ts";
import type { Graph } from "../schedule/graph.ts";
import type { Limits } from "../schedule/materialize.ts";
import { type Schedule, schedule } from "../schedule/schedule.ts";
import type { Buffer, Device, Executable } from "./device.ts";
import type { Store } from "./store.ts";

/** Compiled schedule of all graphs with one key. */
export class Plan {
  /** Grows with every run: what it lent out before is then no longer valid. */
  generation = 0;
  /** Messages of the checks of the last run, flag by flag. */
  messages: (CheckMessage | undefined)[] = [];
  readonly schedule: Schedule;
  readonly executable: Executable;
  readonly #device: Device;
  readonly #store: Store;
  /** Place in the executable's list of buffers, by node. */
  readonly #place = new Map<number, number>();
  readonly #scalars: number[] = [];
  readonly #checks: number[] = [];
  readonly #computed: number[];
  readonly #buffers: Buffer[] = [];
  readonly #values: number[] = [];
  #arena: Buffer[] | undefined;

  /** `limits` departs from the device's own, for tests. */
  constructor(graph: Graph, store: Store, limits: Partial<Limits> = {}) {
    const device = store.device;
    this.#device = device;
    this.#store = store;
    const bytes = (n: number) => device.byteLength(graph.nodes[n]!.dtype, numel(graph.nodes[n]!.shape));
    this.schedule = schedule(
      graph,
      { bindings: device.maxBindings, parallelism: device.parallelism, ...limits },
      bytes,
    );
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
    }));
    this.executable = device.prepare(launches);
    this.#computed = graph.nodes.map((_, n) => n).filter((n) => graph.nodes[n]!.leaf === undefined);
  }

  /** Bytes of temporary values. */
  get arenaBytes(): number {
    return this.#arena === undefined ? 0 : this.schedule.temporaries.sizes.reduce((a, b) => a + b, 0);
  }

  /** Whether a run may raise flags. */
  get hasChecks(): boolean {
    return this.#checks.length > 0;
  }

  /** Gives temporary memory back; what lives there is computed again when needed. */
  evict(): void {
    this.generation++;
    for (const buffer of this.#arena ?? []) this.#device.free(buffer);
    this.#arena = undefined;
  }

  /** Computes this occasion's nodes. */
  run(live: readonly Node[]): void {
    const { leaves, results, inPlace, temporaries } = this.schedule;
    const buffers = this.#buffers;
    const bind = (n: number, buffer: Buffer) => {
      const place = this.#place.get(n);
      if (place !== undefined) buffers[place] = buffer;
    };
    let readsOwnArena = false;
    for (const n of leaves) {
      const residence = this.#store.resident(live[n]!);
      if (residence.owner === this) readsOwnArena = true;
      bind(n, residence.buffer);
    }
    for (const donor of inPlace.values()) bind(donor, this.#store.resident(live[donor]!).buffer);
    const fresh = results.map((n) => this.#store.create(live[n]!));
    results.forEach((n, i) => bind(n, fresh[i]!.buffer));
    // A run that reads what the last run of this plan lent out gets other memory for its own values.
    const previous = readsOwnArena ? this.#arena : undefined;
    if (readsOwnArena) this.#arena = undefined;
    this.generation++;
    this.#arena ??= temporaries.sizes.map((size) => this.#store.allocate(size));
    for (const [n, at] of temporaries.buffer) bind(n, this.#arena[at]!);
    this.#scalars.forEach((n, i) => this.#values[i] = live[n]!.value);
    this.executable.run(buffers, this.#values);
    for (const buffer of previous ?? []) this.#device.free(buffer);
    this.messages = this.#checks.map((n) => live[n]!.message);
    this.#settle(live, fresh);
  }

  /** Says of every node where its elements are now. */
  #settle(live: readonly Node[], fresh: readonly Residence[]): void {
    const { results, inPlace, temporaries } = this.schedule;
    for (const n of this.#computed) {
      const node = live[n]!;
      frontier.delete(node);
      const at = temporaries.buffer.get(n);
      if (at === undefined) node.spent++;
      else if (!node.internal) {
        node.residence = { buffer: this.#arena![at]!, owner: this, generation: this.generation };
      }
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
      if (donor !== undefined && donor.host === undefined && !donor.overwritten) this.#store.overwrite(donor);
    });
  }
}

/** A node with elements of its own needs its operands no more. */
function settled(node: Node): void {
  node.spent = 0;
  node.inputs = [];
  node.donor = undefined;
}
