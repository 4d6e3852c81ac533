/**
 * The loop nest of a contraction and what is computed from its result on the way out.
 *
 * @module
 */

import { acc, type Expr, int } from "../ir/expr.ts";
import { numel, type Shape } from "../ir/node.ts";
import { flatten, unflatten } from "../ir/views.ts";
import { type ContractBody, MISALIGNED, type Part, substitute, TRIAL, variables } from "./body.ts";
import { inliner, loadNode } from "./inline.ts";
import type { Subgraph } from "./subgraph.ts";

/** The nest of a subgraph with one contraction. Throws `MISALIGNED` where its other members do not go with that. */
export function buildContract(graph: Subgraph, contraction: number): ContractBody {
  const { members } = graph;
  const node = graph.nodes[contraction]!, attributes = node.attributes;
  if (attributes.op !== "contract") throw new TypeError("Cannot build a contraction of another operation");
  const [aNode, bNode] = node.inputs as [number, number];
  const aShape = graph.nodes[aNode]!.shape, bShape = graph.nodes[bNode]!.shape;
  const { batch: nb, m: nm, k: nk } = attributes;
  const batch = aShape.slice(0, nb), m = aShape.slice(nb, nb + nm);
  const k = aShape.slice(nb + nm), n = bShape.slice(nb + nk);
  const vars = variables(0, [...batch, ...m, ...n, ...k]);
  const [b0, m0, n0] = [nb, nb + nm, nb + nm + n.length];
  const outer = vars.slice(0, b0), mVars = vars.slice(b0, m0), nVars = vars.slice(m0, n0), kVars = vars.slice(n0);
  const outIndex = [...outer, ...mVars, ...nVars];
  const inGroup = new Set(members);
  const aligned = (index: readonly Expr[], own: readonly Expr[], shape: Shape) => {
    if (flatten(index, shape) !== flatten(own, shape)) throw MISALIGNED;
  };
  /** The index of each member at the contraction's point. */
  const indexOf = new Map<number, readonly Expr[]>([[contraction, outIndex]]);
  const value = inliner(graph, (i, index) => {
    const x = graph.nodes[i]!;
    if (x.leaf === "buffer") return loadNode(graph, i, index);
    if (!inGroup.has(i)) return undefined;
    aligned(index, indexOf.get(i)!, x.shape);
    return i === contraction ? acc(i, x.dtype) : undefined;
  });
  const parts = members.map((i): Part => {
    const x = graph.nodes[i]!;
    if (i === contraction) {
      return {
        node: i,
        kind: "store",
        inner: [],
        value: acc(i, x.dtype),
        index: flatten(outIndex, x.shape),
        op: "set",
      };
    }
    if (isRowWise(graph, i) || numel(x.shape) !== numel(node.shape)) throw MISALIGNED;
    const index = permutedIndex(graph, i, contraction, outIndex) ??
      unflatten(flatten(outIndex, node.shape), x.shape);
    indexOf.set(i, index);
    const result = substitute(graph, i, index, value);
    return { node: i, kind: "store", inner: [], value: result, index: flatten(index, x.shape), op: "set" };
  });
  const a = value(aNode, [...outer, ...mVars, ...kVars]);
  const b = value(bNode, [...outer, ...kVars, ...nVars]);
  return { kind: "contract", node: contraction, batch, m, n, k, a, b, parts };
}

/** The index of a member that sees the contraction's result with its axes in another order. */
function permutedIndex(
  graph: Subgraph,
  n: number,
  contraction: number,
  outIndex: readonly Expr[],
): readonly Expr[] | undefined {
  const shape = graph.nodes[n]!.shape;
  const result: (Expr | undefined)[] = shape.map((extent) => extent === 1 ? int(0) : undefined);
  let permutes = true;
  const value = inliner(graph, (i, index) => {
    const x = graph.nodes[i]!;
    if (i === n) return undefined;
    if (x.leaf === "buffer") return loadNode(graph, i, index);
    if (i === contraction) {
      index.forEach((e, axis) => {
        if (e.op === "var" && e.slot >= TRIAL) result[e.slot - TRIAL] = outIndex[axis];
        else if (e.op !== "const") permutes = false;
      });
      return acc(i, x.dtype);
    }
    return undefined;
  });
  value(n, variables(TRIAL, shape));
  return permutes && result.every((e) => e !== undefined) ? result as Expr[] : undefined;
}

function isRowWise(graph: Subgraph, n: number): boolean {
  const op = graph.nodes[n]!.attributes.op;
  return op === "reduce" || op === "scan" || op === "scatter" || op === "sort" || op === "contract";
}
