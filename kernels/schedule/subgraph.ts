/**
 * The part of a graph that one kernel computes, cut out and numbered from 0: equal parts of one graph or of many have equal keys, and
 * whatever is worked out for one holds for all. The steps of a recurrence are scheduled and lowered once.
 *
 * @module
 */

import type { Graph, GraphNode } from "./graph.ts";

/** Nodes of one kernel: its members, what is substituted into them, and as leaves what they read. */
export class Subgraph {
  /** The number in the graph of each node, ascending. */
  readonly origin: readonly number[];
  /** The stored nodes that it computes; everything else computed in it is substituted. */
  readonly members: readonly number[];
  /** What it computes, whatever its numbers were in the graph. */
  readonly key: string;
  readonly #graph: Graph;
  readonly #local = new Map<number, number>();
  /** Which nodes are read from memory. */
  readonly #read: readonly boolean[];
  #nodes: readonly GraphNode[] | undefined;

  /** Cuts out of a graph what computes `members` from leaves and from the other nodes that are stored. */
  constructor(graph: Graph, members: readonly number[], stored: ReadonlySet<number>) {
    this.#graph = graph;
    const own = new Set(members), seen = new Set(members), origin = [...members];
    const isRead = (n: number) => graph.nodes[n]!.leaf !== undefined || (stored.has(n) && !own.has(n));
    for (let at = 0; at < origin.length; at++) {
      const n = origin[at]!;
      if (isRead(n)) continue;
      for (const i of graph.nodes[n]!.inputs) {
        if (seen.has(i)) continue;
        seen.add(i);
        origin.push(i);
      }
    }
    this.origin = origin.sort((a, b) => a - b);
    this.#read = origin.map(isRead);
    origin.forEach((n, i) => this.#local.set(n, i));
    this.members = members.map((n) => this.#local.get(n)!);
    let key = `${this.members};`;
    origin.forEach((n, i) => {
      const { leaf, dtype, shape, kind, inputs, attributes } = graph.nodes[n]!;
      if (leaf === "scalar") key += "s" + dtype;
      else if (this.#read[i]) key += "b" + dtype + shape.join();
      else {
        key += kind;
        for (const input of inputs) key += "," + this.#local.get(input)!;
        if (attributes.op === "iota") key += "l" + shape[0]!;
      }
      key += ";";
    });
    this.key = key;
  }

  /** The nodes, with inputs in the subgraph's numbers. */
  get nodes(): readonly GraphNode[] {
    return this.#nodes ??= this.origin.map((n, i): GraphNode => {
      const node = this.#graph.nodes[n]!;
      if (!this.#read[i]) return { ...node, inputs: node.inputs.map((input) => this.#local.get(input)!) };
      return node.leaf === "scalar" ? node : { ...node, leaf: "buffer", inputs: [] };
    });
  }
}
