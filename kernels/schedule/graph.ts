/**
 * The part of the lazy graph that one run computes, in an order that depends on structure alone, and its key: graphs with equal
 * keys have the same plan, whatever their numbers and buffers.
 *
 * @module
 */

import { TensaurError } from "../errors.ts";
import type { DType } from "../ir/dtype.ts";
import { type Attributes, internAttributes, type Node, OWN, type Shape } from "../ir/node.ts";
import { GraphKey } from "./graph_key.ts";

/** A node of a run, by structure only. Inputs are numbers of earlier nodes. */
export interface GraphNode {
  readonly attributes: Attributes;
  /** The number of the attributes: equal ones have one. */
  readonly kind: number;
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

/** A run: its key, the nodes of this occasion number by number, and, made when asked for, its structure. */
export class Graph {
  #nodes: readonly GraphNode[] | undefined;

  constructor(
    readonly key: string,
    readonly live: readonly Node[],
    /** Whether some node takes the place of an earlier version of a tensor. */
    readonly overwrites: boolean,
    readonly wanted: ReadonlySet<Node>,
  ) {}

  /** Ask before the graph runs: what has run is a leaf. */
  get nodes(): readonly GraphNode[] {
    return this.#nodes ??= structure(this.live, this.wanted);
  }
}

/** Whether the elements of a node are at hand, on the device or on the host. */
export function isAvailable(node: Node): boolean {
  const r = node.residence;
  if (r !== undefined && r.generation === r.owner.generation) return true;
  return node.host !== undefined;
}

/** How often a fused-away value is computed again before it is kept. */
const RECOMPUTATIONS = 2;

/** The earlier version of a tensor whose memory a node can take over: not what a plan has only lent, nor what is gone. */
function donorOf({ donor }: Node): Node | undefined {
  if (donor === undefined) return undefined;
  const r = donor.residence;
  const own = r !== undefined && r.generation === r.owner.generation ? r.owner === OWN : donor.host !== undefined;
  return own ? donor : undefined;
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

function leafKind(node: Node): GraphNode["leaf"] {
  return node.interned === SCALAR ? "scalar" : isAvailable(node) ? "buffer" : undefined;
}

const SCALAR = internAttributes("scalar", () => ({ op: "scalar" }));

/** Whether a node that is computed keeps its elements. */
function isRoot(node: Node, wanted: ReadonlySet<Node>): boolean {
  return node.written || node.spent >= RECOMPUTATIONS || wanted.has(node);
}

function structure(live: readonly Node[], wanted: ReadonlySet<Node>): GraphNode[] {
  const numbers = new Map(live.map((node, n) => [node, n]));
  return live.map((node): GraphNode => {
    const leaf = leafKind(node), computed = leaf === undefined;
    const donor = computed ? donorOf(node) : undefined;
    return {
      attributes: node.attributes,
      kind: node.interned.id,
      inputs: computed ? node.inputs.map((i) => numbers.get(i)!) : [],
      shape: node.shape,
      dtype: node.dtype,
      leaf,
      root: computed && isRoot(node, wanted),
      internal: node.internal,
      held: node.held,
      donor: donor === undefined ? -1 : numbers.get(donor)!,
    };
  });
}

let walks = 0;

/** Everything that has to be computed for `roots`. Nodes written in place are roots by themselves. */
export function linearize(roots: readonly Node[]): Graph {
  const wanted = new Set(roots), walk = ++walks;
  const live: Node[] = [], key = new GraphKey();
  let overwrites = false;
  const add = (node: Node, leaf: GraphNode["leaf"]) => {
    node.walk = walk;
    node.number = live.length;
    live.push(node);
    if (leaf !== undefined) return key.leaf(node, leaf);
    overwrites ||= node.donor !== undefined;
    key.computed(node, isRoot(node, wanted), donorOf(node));
  };
  // Depth first without recursion: graphs may be thousands of operations deep.
  const stack: Node[] = [...wanted].reverse();
  while (stack.length > 0) {
    const node = stack[stack.length - 1]!;
    if (node.walk === walk) {
      stack.pop();
      continue;
    }
    const leaf = leafKind(node), waiting = stack.length;
    if (leaf === undefined) {
      assertComputable(node);
      for (let i = node.inputs.length - 1; i >= 0; i--) if (node.inputs[i]!.walk !== walk) stack.push(node.inputs[i]!);
      const donor = donorOf(node);
      if (donor !== undefined && donor.walk !== walk) stack.push(donor);
    }
    if (stack.length > waiting) continue;
    stack.pop();
    add(node, leaf);
  }
  return new Graph(key.text(), live, overwrites, wanted);
}
