/**
 * The loop nest of a subgraph, found once for all that are alike.
 *
 * @module
 */

import { walk } from "../ir/expr.ts";
import { expressionCache } from "../ir/expression_cache.ts";
import { type Body, MISALIGNED } from "./body.ts";
import { buildContract } from "./contract_body.ts";
import { LostCheck } from "./inline.ts";
import { buildLoop } from "./loop_body.ts";
import { isExpensive } from "./materialize.ts";
import type { Subgraph } from "./subgraph.ts";

/** A loop nest, in the subgraph's numbers. */
export interface Nest {
  readonly body: Body;
  /** Leaves that it reads. */
  readonly loads: ReadonlySet<number>;
  /** How many distinct expressions it computes, a transcendental function counting as those that it is spelled out in. */
  readonly size: number;
}

/** Operations that a transcendental function is spelled out in. */
const SPELLED = 20;

const nests = expressionCache<string, Nest | LostCheck | undefined>();

/** The nest of a subgraph; undefined where its members do not fit into one, and the check that it would lose where there is one. */
export function nestOf(graph: Subgraph): Nest | LostCheck | undefined {
  if (nests.has(graph.key)) return nests.get(graph.key);
  const nest = build(graph);
  nests.set(graph.key, nest);
  return nest;
}

function build(graph: Subgraph): Nest | LostCheck | undefined {
  try {
    const body = bodyOf(graph);
    return body && { body, ...measured(body) };
  } catch (error) {
    if (error === MISALIGNED) return undefined;
    if (error instanceof LostCheck) return error;
    throw error;
  }
}

function bodyOf(graph: Subgraph): Body | undefined {
  const { members, nodes } = graph;
  const first = members[0]!, op = nodes[first]!.attributes.op;
  if (op === "sort") {
    return members.length === 1 ? { kind: "sort", node: first, input: nodes[first]!.inputs[0]! } : undefined;
  }
  const contraction = members.find((n) => nodes[n]!.attributes.op === "contract");
  return contraction === undefined ? buildLoop(graph) : buildContract(graph, contraction);
}

function measured(body: Body): Pick<Nest, "loads" | "size"> {
  const loads = new Set<number>();
  let size = 0;
  if (body.kind === "sort") return { loads: loads.add(body.input), size };
  const outputs = body.parts.flatMap((p) => [p.value, p.index]);
  walk(outputs, (e) => void (size += isExpensive(e) ? SPELLED : 1));
  walk(body.kind === "contract" ? [...outputs, body.a, body.b] : outputs, (e) => {
    if (e.op === "load") loads.add(e.slot);
  });
  return { loads, size };
}
