/**
 * Who has which elements, so that a write in place reaches all whom it should and nobody else.
 *
 * @module
 */

import type { Node } from "../kernels/mod.ts";

/** The elements that a tensor and what was detached from it have in common. */
export interface Elements {
  /** Their present values. */
  node: Node;
  /** How often they were written in place. */
  version: number;
  /** Whether a tensor that requires a gradient has them. */
  learned: boolean;
  /** Whether more than one tensor has them. */
  common: boolean;
}

/** Nodes that several tensors hold without one being a view of the other: a reshape to the same shape inside an operation, say. */
const shared = new WeakSet<Node>();

/** Another tensor holds the node, so a write in place must not take its memory. */
export function noteShared(node: Node): void {
  shared.add(node);
}

/** Whether `noteShared` was told of the node. */
export function isShared(node: Node): boolean {
  return shared.has(node);
}
