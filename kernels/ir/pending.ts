/**
 * What has been recorded and not run. Only results that nothing else consumes are kept here: running them runs everything that a
 * user could still ask for.
 *
 * @module
 */

import type { TypedArray } from "./dtype.ts";
import type { Node } from "./node.ts";

/** Pending results that no other recorded node uses, in the order of recording. */
export const frontier: Set<Node> = new Set();

/** Counters and switches of recording. */
export const recording: {
  /** Nodes recorded since the last run of the frontier. */
  count: number;
  /** Above zero while gradients are computed: what is recorded then is not held by a user. */
  internal: number;
  /** Called when the queue gets long. */
  overflow: () => void;
  /** What reads elements in place of the devices, where tests say so. */
  evaluate: ((node: Node) => TypedArray) | undefined;
} = { count: 0, internal: 0, overflow: () => {}, evaluate: undefined };

/** Longest queue: beyond it, recording runs what is pending. */
const LONGEST = 4096;

/** Notes a new computing node. */
export function recorded(node: Node): void {
  // Before the node is noted: it is not finished yet.
  if (recording.count >= LONGEST) recording.overflow();
  recording.count++;
  for (const input of node.inputs) frontier.delete(input);
  frontier.add(node);
  node.internal = recording.internal > 0;
}
