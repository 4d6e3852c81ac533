/**
 * The elements of nodes on one device: uploading, creating, freeing.
 *
 * @module
 */

import { TensaurError } from "../errors.ts";
import { type Node, numel, OWN, type Residence } from "../ir/node.ts";
import type { Buffer, Device } from "./device.ts";
import { Reclaimer } from "./reclaim.ts";

/** Host elements up to this size stay beside the device's: they cost little and save reads. */
const KEPT_ON_HOST = 4096;

/** Memory of one device, as nodes see it. */
export class Store {
  readonly #reclaimer: Reclaimer;
  /** Bytes that plans keep for their temporary values. */
  arenaBytes = 0;
  /** Called when the device has no memory left, to give some back. */
  onPressure: () => void = () => {};

  constructor(readonly device: Device) {
    this.#reclaimer = new Reclaimer(device);
  }

  /** Device memory; under pressure, what is unreachable or temporary goes first. */
  allocate(bytes: number): Buffer {
    this.#reclaimer.maybeCollect();
    try {
      return this.device.allocate(bytes);
    } catch (error) {
      if (!(error instanceof TensaurError)) throw error;
      this.#reclaimer.collect();
      this.onPressure();
      return this.device.allocate(bytes);
    }
  }

  /** Where a node's elements are, uploaded now if they are on the host alone. */
  resident(node: Node): Residence {
    const r = node.residence;
    if (r !== undefined && r.generation === r.owner.generation) return r;
    if (node.host === undefined) throw new TensaurError("Cannot use a tensor whose elements were released");
    const residence = this.create(node);
    if (node.host.length > 0) this.device.write(residence.buffer, node.dtype, node.host);
    if (node.host.length > KEPT_ON_HOST) node.host = undefined;
    node.residence = residence;
    return residence;
  }

  /** New memory for a node's elements, freed when nobody can reach it. */
  create(node: Node): Residence {
    const buffer = this.allocate(this.device.byteLength(node.dtype, numel(node.shape)));
    const residence = { buffer, owner: OWN, generation: 0 };
    this.#reclaimer.track(residence);
    return residence;
  }

  /** Gives up a node's elements: a later version of the tensor has taken its place. */
  overwrite(node: Node): void {
    if (node.residence?.owner !== OWN) return;
    this.release(node);
    node.overwritten = true;
  }

  /** Frees a node's own memory now. */
  release(node: Node): void {
    const r = node.residence;
    node.residence = undefined;
    if (r !== undefined && r.owner === OWN) this.#reclaimer.release(r);
  }

  /** Frees what nobody can reach if much has been handed out, or the host's heap has grown, since the last time. */
  maybeCollect(): void {
    this.#reclaimer.maybeCollect();
  }

  /** Frees what nobody can reach. */
  collect(): void {
    this.#reclaimer.collect();
  }
}
