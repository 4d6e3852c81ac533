/**
 * What has been recorded and not run. Only results that nothing else consumes are kept here: running them runs everything that a
 * user could still ask for.
 *
 * @module
 */

import type { TypedArray } from "./dtype.ts";
import type { Node } from "./node.ts";

/**
 * A set of nodes, each of which knows its place. (A built-in Set that is filled and emptied again and again leaves tables behind that keep
 * each other, and their nodes, alive until the next full collection.)
 */
export class Frontier {
  readonly #nodes: (Node | undefined)[] = [];
  #length = 0;

  /** Adds a node, after all others. */
  add(node: Node): void {
    if (node.place >= 0) return;
    if (this.#length === MOST_PLACES) this.#closeGaps();
    node.place = this.#length;
    this.#nodes[this.#length++] = node;
  }

  /** Removes a node; whether it was there. */
  delete(node: Node): boolean {
    if (node.place < 0) return false;
    this.#nodes[node.place] = undefined;
    node.place = -1;
    return true;
  }

  /** Removes all nodes. */
  clear(): void {
    for (let i = 0; i < this.#length; i++) {
      const node = this.#nodes[i];
      if (node !== undefined) node.place = -1;
      this.#nodes[i] = undefined;
    }
    this.#length = 0;
  }

  /** The nodes, in the order in which they were added. */
  *[Symbol.iterator](): Generator<Node> {
    for (let i = 0; i < this.#length; i++) {
      const node = this.#nodes[i];
      if (node !== undefined) yield node;
    }
  }

  #closeGaps(): void {
    const nodes = [...this];
    this.clear();
    for (const node of nodes) {
      node.place = this.#length;
      this.#nodes[this.#length++] = node;
    }
  }
}

/** Places from which on gaps are closed. */
const MOST_PLACES = 8192;

/** Pending results that no other recorded node uses, in the order of recording. */
export const frontier: Frontier = new Frontier();

/** Counters and switches of recording. */
export const recording: {
  /** Nodes recorded and not run, counting those that were dropped. */
  count: number;
  /** Checks recorded since then that did not run. */
  checks: number;
  /** Above zero while gradients are computed: what is recorded then is not held by a user. */
  internal: number;
  /** Called when the queue gets long. */
  overflow: () => void;
  /** What reads elements in place of the devices, where somebody says so. */
  evaluate: ((node: Node) => TypedArray) | undefined;
  /** Called with each new node before it is noted, while somebody looks on; a node is refused by throwing. */
  observe: ((node: Node) => void) | undefined;
  /** Whether long reductions, contractions, scans and scatters stay in one piece: what is recorded will be read, not run. */
  whole: boolean;
} = { count: 0, checks: 0, internal: 0, overflow: () => {}, evaluate: undefined, observe: undefined, whole: false };

/** Results that somebody is sure to look at, pending unless they ran since: no more of them than the queue is long. */
let held: Node[] = [];

/** Says of a node that somebody is sure to look at it: it is stored, and computed together with whatever is read next. */
export function hold(node: Node): void {
  node.held = true;
  held.push(node);
}

/** The held results that are pending and that nothing else consumes; the others are let go. */
export function pendingHeld(): readonly Node[] {
  if (held.length > 0) held = held.filter((node) => node.place >= 0);
  return held;
}

/** Longest queue: beyond it, recording runs what is pending. */
const LONGEST = 4096;

/** Notes a new computing node. */
export function recorded(node: Node): void {
  // Before the node is noted: it is not finished yet.
  if (recording.count >= LONGEST) recording.overflow();
  node.internal = recording.internal > 0;
  recording.observe?.(node);
  recording.count++;
  for (const input of node.inputs) frontier.delete(input);
  frontier.add(node);
}
