/**
 * The part of a graph that one kernel computes, cut out and numbered from 0: equal parts of one graph or of many have equal keys, and
 * whatever is worked out for one holds for all. The steps of a recurrence are scheduled and lowered once.
 *
 * @module
 */

import type { Graph, GraphNode } from "./graph.ts";

/** Nodes of one kernel, ascending: its members, what is substituted into them, and as leaves what they read. */
export interface Subgraph {
  /** What it computes, whatever its numbers were in the graph. */
  readonly key: string;
  readonly nodes: readonly GraphNode[];
  /** The stored nodes that it computes; everything else computed in it is substituted. */
  readonly members: readonly number[];
  /** The number in the graph of each node. */
  readonly origin: readonly number[];
}

/** Cuts out what computes `members` from leaves and from the other nodes that are stored. */
export function cut(graph: Graph, members: readonly number[], stored: ReadonlySet<number>): Subgraph {
  const own = new Set(members), seen = new Set(members), origin = [...members];
  for (let at = 0; at < origin.length; at++) {
    const n = origin[at]!;
    if (isCut(graph, n, own, stored)) continue;
    for (const i of graph.nodes[n]!.inputs) {
      if (seen.has(i)) continue;
      seen.add(i);
      origin.push(i);
    }
  }
  origin.sort((a, b) => a - b);
  const local = new Map(origin.map((n, i) => [n, i]));
  let key = "";
  const nodes = origin.map((n): GraphNode => {
    const node = graph.nodes[n]!;
    if (node.leaf === "scalar") key += `s${node.dtype};`;
    else if (isCut(graph, n, own, stored)) {
      key += `b${node.dtype}${node.shape.join()};`;
      return { ...node, leaf: "buffer", inputs: [] };
    } else {
      const inputs = node.inputs.map((i) => local.get(i)!);
      key += `${node.kind},${inputs}${own.has(n) ? "m" : ""}${node.attributes.op === "iota" ? node.shape : ""};`;
      return { ...node, inputs };
    }
    return node;
  });
  return { key, nodes, members: members.map((n) => local.get(n)!), origin };
}

/** Whether a node is read from memory, not computed, in a kernel of `own`. */
function isCut(graph: Graph, n: number, own: ReadonlySet<number>, stored: ReadonlySet<number>): boolean {
  return graph.nodes[n]!.leaf !== undefined || (stored.has(n) && !own.has(n));
}
