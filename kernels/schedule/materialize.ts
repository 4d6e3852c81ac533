/**
 * Which nodes get a buffer. Everything else is substituted into what uses it.
 *
 * @module
 */

import { type Expr, walk } from "../ir/expr.ts";
import { type Attributes, numel } from "../ir/node.ts";
import type { Graph } from "./graph.ts";

/** What a device bears in one kernel. */
export interface Limits {
  /** Most buffers of one kernel, results included. */
  readonly bindings: number;
  /** How many independent rows keep the device busy. */
  readonly parallelism: number;
  /** Most independent kernels that the device starts as one. */
  readonly batch?: number;
  /** Results of up to so many elements are copied to the host at once, and need no memory that outlives the run. */
  readonly copied?: number;
  /** False gives every node a kernel of its own: what fused kernels are tested against. */
  readonly fusion?: boolean;
}

/** Cost of a formula from which it is stored rather than computed at several places of one kernel. */
const SCATTERED_COST = 8;

/** Most nodes substituted into one another before the chain is cut. */
const LONGEST_CHAIN = 192;

/** Whether a computed node needs a kernel of its own kind, which cannot be substituted. */
export function isOpaque(graph: Pick<Graph, "nodes">, n: number): boolean {
  switch (graph.nodes[n]!.attributes.op) {
    case "reduce":
    case "contract":
    case "scatter":
    case "scan":
    case "sort":
      return true;
    default:
      return false;
  }
}

/** The node that a chain of views looks into. */
function underViews(graph: Graph, n: number): number {
  let at = n;
  while (graph.nodes[at]!.leaf === undefined && graph.nodes[at]!.attributes.op === "view") {
    at = graph.nodes[at]!.inputs[0]!;
  }
  return at;
}

/** The computed nodes that get a buffer, `extra` among them. */
export function materialized(graph: Graph, limits: Limits, extra: ReadonlySet<number>): Set<number> {
  const stored = new Set<number>(extra);
  graph.nodes.forEach((node, n) => {
    if (node.leaf !== undefined) return;
    if (node.root || node.held || isOpaque(graph, n) || limits.fusion === false) stored.add(n);
    const { attributes } = node;
    if (attributes.op === "contract" || attributes.op === "view" && attributes.stored) {
      for (const operand of node.inputs) {
        const base = underViews(graph, operand);
        if (graph.nodes[base]!.leaf === undefined && loadsOf(graph, base) > 0) stored.add(base);
      }
    }
    if (node.attributes.op === "sort" && graph.nodes[node.inputs[0]!]!.leaf !== "buffer") stored.add(node.inputs[0]!);
  });
  storeEpilogues(graph, stored);
  storeScattered(graph, stored);
  cutLongChains(graph, limits, stored);
  return stored;
}

/**
 * Stores what becomes of a contraction (with its bias, say) rather than its bare sum, where nothing else uses the sum: it costs the same,
 * is computed once, and is what a user may look at later.
 */
function storeEpilogues(graph: Graph, stored: Set<number>): void {
  const users: number[][] = graph.nodes.map(() => []);
  graph.nodes.forEach((node, n) => {
    for (const i of new Set(node.inputs)) users[i]!.push(n);
  });
  graph.nodes.forEach(({ attributes, leaf, shape }, n) => {
    if (leaf !== undefined || attributes.op !== "contract") return;
    let at = n, last = n;
    while (users[at]!.length === 1) {
      at = users[at]![0]!;
      const { op } = graph.nodes[at]!.attributes;
      if ((op !== "map" && op !== "view") || numel(graph.nodes[at]!.shape) !== numel(shape)) break;
      if (op === "map") last = at;
    }
    if (last !== n) stored.add(last);
  });
}

/**
 * Stores costly values that one kernel would need at several places, as a recurrence over shifted states does: computed again for each,
 * they would multiply from step to step.
 */
function storeScattered(graph: Graph, stored: Set<number>): void {
  // For each node, the costly nodes substituted into it, and through which views.
  const reached: Map<number, string>[] = [];
  const views = new Map<Attributes, number>();
  const stepOf = (attributes: Attributes) => {
    if (!views.has(attributes)) views.set(attributes, views.size);
    return `${views.get(attributes)} `;
  };
  graph.nodes.forEach(({ attributes, inputs, leaf }, n) => {
    const here = new Map<number, string>();
    reached[n] = here;
    if (leaf !== undefined || isOpaque(graph, n)) return;
    inputs.forEach((i, k) => {
      // A gather reads its source where its index says.
      const step = attributes.op === "view" || (attributes.op === "gather" && k === 0) ? stepOf(attributes) : "";
      for (const [base, path] of reached[i]!) {
        if (stored.has(base)) continue;
        const known = here.get(base);
        if (known !== undefined && known !== path + step) stored.add(base);
        here.set(base, path + step);
      }
    });
    if (stored.has(n)) here.clear();
    else if (attributes.op === "map" && formulaCost(attributes.formula) >= SCATTERED_COST) here.set(n, "");
  });
}

/** Whether a node's value depends on any buffer at all: 0 or 1. */
function loadsOf(graph: Graph, n: number): number {
  const seen = new Set<number>(), stack = [n];
  while (stack.length > 0) {
    const at = stack.pop()!, { leaf, inputs } = graph.nodes[at]!;
    if (seen.has(at)) continue;
    seen.add(at);
    if (leaf === "buffer" || isOpaque(graph, at)) return 1;
    if (leaf === undefined) stack.push(...inputs);
  }
  return 0;
}

/** Stores nodes of chains that would need too many buffers or grow too long in one kernel. */
function cutLongChains(graph: Graph, limits: Limits, stored: Set<number>): void {
  const most = Math.max(2, limits.bindings - 2);
  const loads: Set<number>[] = [];
  const length: number[] = [];
  graph.nodes.forEach((node, n) => {
    if (node.leaf === "buffer") {
      loads[n] = new Set([n]);
      length[n] = 0;
      return;
    }
    const gathered = () => {
      const all = new Set<number>();
      let size = 1;
      for (const i of node.inputs) {
        for (const l of loads[i]!) all.add(l);
        size += length[i]!;
      }
      return { all, size };
    };
    let { all, size } = gathered();
    while (all.size > most || size > LONGEST_CHAIN) {
      let largest = -1;
      for (const i of node.inputs) {
        if (graph.nodes[underViews(graph, i)]!.leaf !== undefined || stored.has(underViews(graph, i))) continue;
        if (largest < 0 || loads[i]!.size * 1000 + length[i]! > loads[largest]!.size * 1000 + length[largest]!) {
          largest = i;
        }
      }
      if (largest < 0) break;
      const base = underViews(graph, largest);
      stored.add(base);
      for (let at = largest;; at = graph.nodes[at]!.inputs[0]!) {
        loads[at] = new Set([base]);
        length[at] = at === base ? 0 : 1;
        if (at === base) break;
      }
      ({ all, size } = gathered());
    }
    const own = stored.has(n);
    loads[n] = own ? new Set([n]) : all;
    length[n] = own ? 0 : size;
  });
}

const EXPENSIVE: ReadonlySet<string> = new Set(
  "exp expm1 log log1p log2 log10 exp2 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh erf erfc erfinv lgamma digamma pow atan2"
    .split(" "),
);

/** Whether an expression is a transcendental function, which devices compute in some twenty steps. */
export function isExpensive({ op }: Expr): boolean {
  return EXPENSIVE.has(op);
}

/** Loads plus weighted transcendental operations of a formula, for judging whether computing again beats storing. */
export function formulaCost(formula: Expr): number {
  let cost = 0;
  walk([formula], (e) => {
    if (isExpensive(e)) cost += 4;
  });
  return cost;
}
