/**
 * The part of the lazy graph that one run computes, in an order that depends on structure alone, and its key: graphs with equal
 * keys have the same plan, whatever their numbers and buffers.
 *
 * @module
 */

import { TensaurError } from "../errors.ts";
import type { DType } from "../ir/dtype.ts";
import { type Attributes, type Node, OWN, type Shape } from "../ir/node.ts";

/** A node of a run, by structure only. Inputs are numbers of earlier nodes. */
export interface GraphNode {
  readonly attributes: Attributes;
  readonly inputs: readonly number[];
  readonly shape: Shape;
  readonly dtype: DType;
  /** "buffer": elements are there already. "scalar": a run-time number. */
  readonly leaf: "buffer" | "scalar" | undefined;
  /** Its value outlives the run. */
  readonly root: boolean;
  /** No user holds it: its memory may be reused within the run. */
  readonly internal: boolean;
  /** Stored even where it could be fused away. */
  readonly held: boolean;
  /** The leaf whose memory this node's value replaces; -1 where there is none. */
  readonly donor: number;
}

/** A run: its structure, its key, and the nodes of this occasion, number by number. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly key: string;
  readonly live: readonly Node[];
  /** Whether some node takes the place of an earlier version of a tensor. */
  readonly overwrites: boolean;
}

/** Whether the elements of a node are at hand, on the device or on the host. */
export function isAvailable(node: Node): boolean {
  const r = node.residence;
  if (r !== undefined && r.generation === r.owner.generation) return true;
  return node.host !== undefined;
}

/** How often a fused-away value is computed again before it is kept. */
const RECOMPUTATIONS = 2;

/** Whether a later version of a tensor can take over this node's memory. */
function canGiveUpMemory(node: Node): boolean {
  const r = node.residence;
  if (r !== undefined && r.generation === r.owner.generation) return r.owner === OWN;
  return node.host !== undefined;
}

/** Throws where a node's elements are gone for good. */
function assertComputable(node: Node): void {
  if (!node.overwritten && node.attributes.op !== "buffer") return;
  throw new TensaurError(
    `Cannot read a tensor of shape [${
      node.shape.join(", ")
    }]: what it was computed from has been overwritten in place since. ` +
      "Read it before the update (an optimizer's step, say), or keep it with clone() and read the clone",
  );
}

/** Everything that has to be computed for `roots`. Nodes written in place are roots by themselves. */
export function linearize(roots: readonly Node[]): Graph {
  const wanted = new Set(roots);
  const numbers = new Map<Node, number>();
  const live: Node[] = [];
  const nodes: GraphNode[] = [];
  const key: (string | number)[] = [];
  let overwrites = false;
  const add = (node: Node) => {
    const attributes = node.attributes;
    const leaf = attributes.op === "scalar" ? "scalar" : isAvailable(node) ? "buffer" : undefined;
    if (leaf === undefined) assertComputable(node);
    const donor = leaf === undefined && node.donor !== undefined ? numbers.get(node.donor) ?? -1 : -1;
    if (leaf === undefined && node.donor !== undefined) overwrites = true;
    const root = leaf === undefined && (wanted.has(node) || node.written || node.spent >= RECOMPUTATIONS);
    const inputs = leaf === undefined ? node.inputs.map((i) => numbers.get(i)!) : [];
    numbers.set(node, live.length);
    live.push(node);
    nodes.push({
      attributes,
      inputs,
      shape: node.shape,
      dtype: node.dtype,
      leaf,
      root,
      internal: node.internal,
      held: node.held,
      donor,
    });
    if (leaf === "scalar") key.push("s", node.dtype);
    else if (leaf === "buffer") key.push("b", node.dtype, node.shape.join());
    else {
      key.push(node.interned.id, inputs.join(), (root ? 1 : 0) + (node.internal ? 2 : 0) + (node.held ? 4 : 0));
      if (donor >= 0) key.push("d", donor);
      if (attributes.op === "iota") key.push(node.shape[0]!);
    }
  };
  // Depth first without recursion: graphs may be thousands of operations deep.
  const stack: Node[] = [...wanted].reverse();
  while (stack.length > 0) {
    const node = stack[stack.length - 1]!;
    if (numbers.has(node)) {
      stack.pop();
      continue;
    }
    let ready = true;
    if (!isAvailable(node)) {
      for (let i = node.inputs.length - 1; i >= 0; i--) {
        if (!numbers.has(node.inputs[i]!)) {
          stack.push(node.inputs[i]!);
          ready = false;
        }
      }
      if (node.donor !== undefined && !numbers.has(node.donor) && canGiveUpMemory(node.donor)) {
        stack.push(node.donor);
        ready = false;
      }
    }
    if (ready) {
      stack.pop();
      add(node);
    }
  }
  return { nodes, key: key.join(" "), live, overwrites };
}
