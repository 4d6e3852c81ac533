/**
 * What several kernels need and none has to itself: computed by each of them, or stored once.
 *
 * @module
 */

import { TRUE } from "../ir/expr.ts";
import { numel } from "../ir/node.ts";
import type { Graph } from "./graph.ts";
import { formulaCost } from "./materialize.ts";

/** Cost above which a value that several kernels compute is stored instead. */
const WORTH_STORING = 6;

/**
 * Costly maps that are needed before a contraction and again after it: no kernel spans both, so they are stored before any fusing is tried.
 * The state of a recurrence would otherwise be computed anew in each step from all steps before.
 */
export function sharedByContractions(graph: Graph, stored: ReadonlySet<number>): number[] {
  const level: number[] = [];
  graph.nodes.forEach(({ attributes, inputs, leaf }, n) => {
    level[n] = inputs.reduce((most, i) => Math.max(most, level[i]!), 0);
    if (leaf === undefined && attributes.op === "contract") level[n]!++;
  });
  return sharedAndCostly(graph, (n) => level[n]!, stored);
}

/**
 * Maps that several kernels would compute on their own though storing them once would cost less, ascending. `home` says which kernel a stored
 * node belongs to.
 */
export function sharedAndCostly(graph: Graph, home: (stored: number) => number, stored: ReadonlySet<number>): number[] {
  // Per element of the node: what broadcasts into it is computed once for many elements.
  const costs = new Map<number, number>();
  const cost = (n: number): number => {
    const node = graph.nodes[n]!;
    if (node.leaf === "buffer" || stored.has(n) || chosen.has(n)) return 1;
    if (node.leaf === "scalar") return 0;
    let sum = costs.get(n);
    if (sum === undefined) {
      const { attributes } = node, elements = Math.max(1, numel(node.shape));
      sum = attributes.op === "map" ? formulaCost(attributes.formula) : 0;
      // What is padded is computed for each element of the padding, too.
      const padded = attributes.op === "view" && attributes.mask !== TRUE;
      for (const i of node.inputs) {
        sum += (padded ? 1 : Math.min(1, numel(graph.nodes[i]!.shape) / elements)) * cost(i);
      }
      costs.set(n, sum);
    }
    return sum;
  };
  const chosen = new Set<number>();
  const shared = sharedMaps(graph, home, stored);
  for (const n of shared) if (cost(n) >= WORTH_STORING) chosen.add(n);
  return [...chosen];
}

/** Maps that more than one kernel computes, ascending; one that is shared itself counts as the only user of what lies below. */
function sharedMaps(graph: Graph, home: (stored: number) => number, stored: ReadonlySet<number>): number[] {
  const users = graph.nodes.map(() => new Set<number>());
  const shared: number[] = [];
  for (let n = graph.nodes.length - 1; n >= 0; n--) {
    const node = graph.nodes[n]!;
    let own = users[n]!;
    if (stored.has(n)) own = new Set([home(n)]);
    else if (own.size >= 2 && node.attributes.op === "map") {
      shared.push(n);
      own = new Set([-1 - n]);
    }
    for (const i of node.inputs) for (const user of own) users[i]!.add(user);
  }
  return shared.reverse();
}
