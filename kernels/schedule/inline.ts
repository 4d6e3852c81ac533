/**
 * From nodes to scalar expressions: the value of a node at an index, with everything that has no buffer of its own substituted in.
 * Index maps vanish into the indices of loads here.
 *
 * @module
 */

import { numel } from "../ir/node.ts";
import {
  and,
  cast,
  check,
  constant,
  type Expr,
  int,
  load,
  rebuild,
  rewrite,
  scalarArg,
  TRUE,
  walk,
  where,
} from "../ir/expr.ts";
import { range } from "../ir/index.ts";
import { applyView, flatten } from "../ir/views.ts";
import type { Subgraph } from "./subgraph.ts";

/** Thrown where the elements of a gather's source are all the same, so that nothing would be left of the index to check. */
export class LostCheck {
  constructor(readonly source: number) {}
}

/** The expression of a stored node at an index, or undefined to have it substituted like any other. */
export type Resolve = (node: number, index: readonly Expr[]) => Expr | undefined;

/**
 * A function that gives the value of a node at an index. Loads, scalars and checks carry node numbers as slots. `resolve` says how
 * stored nodes are reached: by a load, an accumulator, or by substitution.
 */
export function inliner(graph: Subgraph, resolve: Resolve): (node: number, index: readonly Expr[]) => Expr {
  const memo = new Map<string, Expr>();
  const value = (n: number, index: readonly Expr[]): Expr => {
    let key = `${n}`;
    for (const e of index) key += " " + e.id;
    let e = memo.get(key);
    if (e === undefined) {
      e = resolve(n, index) ?? compute(n, index);
      memo.set(key, e);
    }
    return e;
  };
  const compute = (n: number, index: readonly Expr[]): Expr => {
    const node = graph.nodes[n]!;
    if (node.leaf === "scalar") return scalarArg(n, node.dtype);
    const attributes = node.attributes;
    switch (attributes.op) {
      case "iota":
        return index[0]!;
      case "map": {
        const operands = node.inputs.map((i) => value(i, broadcastIndex(index, graph.nodes[i]!.shape)));
        return rewrite(attributes.formula, (e) => e.op === "arg" ? operands[e.slot]! : undefined);
      }
      case "view": {
        const { index: inner, mask } = applyView(
          attributes,
          index,
          (slot, room) => scalarArg(node.inputs[1 + slot]!, "int32", room),
        );
        const x = value(node.inputs[0]!, inner);
        if (mask === TRUE) return x;
        const fill = constant(attributes.fill, node.dtype);
        return where(mask, guard(x, mask, graph), fill);
      }
      case "gather": {
        const [source, positions] = node.inputs as [number, number];
        const raw = cast("int32", value(positions, index));
        const limit = graph.nodes[source]!.shape[attributes.axis]!;
        const at = attributes.checked ? check(raw, limit, n) : raw;
        const element = value(source, index.map((e, axis) => axis === attributes.axis ? at : e));
        if (at.op === "check" && !checks(element, n)) throw new LostCheck(source);
        return element;
      }
      default:
        throw new TypeError(`Cannot substitute a ${attributes.op} node: it needs a buffer`);
    }
  };
  return value;
}

function checks(e: Expr, n: number): boolean {
  let found = false;
  walk([e], (x) => found ||= x.op === "check" && x.slot === n);
  return found;
}

/** The index of an operand that broadcasts to the shape that `index` ranges over. */
function broadcastIndex(index: readonly Expr[], shape: readonly number[]): readonly Expr[] {
  const lead = index.length - shape.length;
  let same = lead === 0;
  for (let i = 0; same && i < shape.length; i++) if (shape[i] === 1) same = false;
  return same ? index : shape.map((extent, i) => extent === 1 ? int(0) : index[lead + i]!);
}

/** `e` with loads and checks that could leave their range where the mask is false sent to element 0 there. */
function guard(e: Expr, mask: Expr, graph: Subgraph): Expr {
  const memo = new Map<Expr, Expr>();
  const go = (e: Expr): Expr =>
    rewrite(e, (x) => {
      if (x.op !== "load" && x.op !== "check") return undefined;
      const index = go(x.args[0]!);
      const r = range(index);
      const limit = x.op === "load" ? numel(graph.nodes[x.slot]!.shape) : x.value;
      if (r !== undefined && r[0] >= 0 && r[1] < limit) return rebuild(x, [index]);
      const [condition, inner] = index.op === "where" && index.args[2] === int(0)
        ? [and(mask, index.args[0]!), index.args[1]!]
        : [mask, index];
      return rebuild(x, [where(condition, inner, int(0))]);
    }, memo);
  return go(e);
}

/** A load of a stored node's element. */
export function loadNode(graph: Subgraph, n: number, index: readonly Expr[]): Expr {
  const node = graph.nodes[n]!;
  return load(n, node.dtype, flatten(index, node.shape));
}
