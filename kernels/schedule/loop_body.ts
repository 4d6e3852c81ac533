/**
 * The loop nests of everything but contractions and sorts.
 *
 * @module
 */

import { acc, cast, check, type Expr, int, variable, walk } from "../ir/expr.ts";
import { numel, type Shape } from "../ir/node.ts";
import { flatten, unflatten } from "../ir/views.ts";
import { type LoopBody, MISALIGNED, type Part, substitute, TRIAL, variables } from "./body.ts";
import { inliner, loadNode } from "./inline.ts";
import { isOpaque } from "./materialize.ts";
import type { Subgraph } from "./subgraph.ts";

/** Extents of the axes that a row-wise node keeps for its rows. */
function rowShape(graph: Subgraph, n: number): Shape | undefined {
  const node = graph.nodes[n]!, a = node.attributes;
  switch (a.op) {
    case "reduce":
      return node.shape;
    case "scan":
    case "scatter":
      return node.shape.filter((_, i) => i !== a.axis);
    default:
      return undefined;
  }
}

const longer = (a: Shape, b: Shape) => b.filter((e) => e !== 1).length > a.filter((e) => e !== 1).length ? b : a;

/** The nest of a subgraph without contractions and sorts. Throws `MISALIGNED` where there is none. */
export function buildLoop(graph: Subgraph): LoopBody {
  const { members } = graph;
  const inGroup = new Set(members);
  const rowWise = members.filter((n) => rowShape(graph, n) !== undefined);
  const elementwise = rowWise.length === 0;
  const shapes = elementwise ? members.map((n) => graph.nodes[n]!.shape) : rowWise.map((n) => rowShape(graph, n)!);
  const domain = shapes.reduce(longer).filter((e) => e !== 1);
  const count = numel(domain);
  if (shapes.some((s) => numel(s) !== count)) throw MISALIGNED;
  const rows = elementwise ? [] : domain;
  const rowVars = variables(0, domain);
  const flatRow = flatten(rowVars, domain);
  const at = (shape: Shape) => unflatten(flatRow, shape);

  /** Which axes of a stored map are rows; found when its part is built, needed when another part uses it. */
  const rowAxes = new Map<number, readonly number[]>();
  const aligned = (index: readonly Expr[], shape: Shape) => {
    if (flatten(index, shape) !== flatRow) throw MISALIGNED;
  };
  const value = inliner(graph, (n, index) => {
    const node = graph.nodes[n]!;
    if (node.leaf === "buffer") return loadNode(graph, n, index);
    if (!inGroup.has(n)) return undefined;
    if (node.attributes.op === "reduce") {
      aligned(index, node.shape);
      return acc(n, node.dtype);
    }
    const axes = rowAxes.get(n);
    if (axes === undefined) throw MISALIGNED;
    aligned(axes.map((a) => index[a]!), axes.map((a) => node.shape[a]!));
    return undefined;
  });

  const parts: Part[] = [];
  for (const n of members) {
    const node = graph.nodes[n]!, a = node.attributes;
    if (a.op === "reduce") {
      const source = graph.nodes[node.inputs[0]!]!.shape;
      const kept = at(node.shape), inner = a.axes.map((axis) => source[axis]!);
      const own = variables(rows.length, inner);
      let k = 0;
      const index = source.map((_, axis) => a.axes.includes(axis) ? own[a.axes.indexOf(axis)]! : kept[k++]!);
      const part = { node: n, kind: "reduce", inner, index: int(0), op: a.reduce } as const;
      parts.push({ ...part, value: value(node.inputs[0]!, index) });
    } else if (a.op === "scan") {
      const axisVar = variable(rows.length, node.shape[a.axis]!);
      const index = insert(at(rowShape(graph, n)!), a.axis, axisVar);
      const part = { node: n, kind: "scan", inner: [node.shape[a.axis]!], op: a.reduce } as const;
      parts.push({ ...part, value: value(node.inputs[0]!, index), index: flatten(index, node.shape) });
    } else if (a.op === "scatter") {
      parts.push(...scatterParts(graph, n, at(rowShape(graph, n)!), rows.length, value));
    } else {
      const axes = elementwise ? node.shape.map((_, i) => i) : findRowAxes(graph, n, inGroup, count);
      rowAxes.set(n, axes);
      const rowIndex = at(axes.map((axis) => node.shape[axis]!));
      const inner = node.shape.filter((_, axis) => !axes.includes(axis));
      const own = variables(rows.length, inner);
      let r = 0, i = 0;
      const index = node.shape.map((_, axis) => axes.includes(axis) ? rowIndex[r++]! : own[i++]!);
      const direct = substitute(graph, n, index, value);
      parts.push({ node: n, kind: "store", inner, value: direct, index: flatten(index, node.shape), op: "set" });
    }
  }
  if (!elementwise) return { kind: "loop", rows, parts };
  // Without reductions the whole domain is the inner one.
  return { kind: "loop", rows: [], parts: parts.map((p) => ({ ...p, inner: domain })) };
}

function insert(list: readonly Expr[], at: number, e: Expr): Expr[] {
  return [...list.slice(0, at), e, ...list.slice(at)];
}

/** Copies the destination, then walks the source along the axis. */
function scatterParts(
  graph: Subgraph,
  n: number,
  rowIndex: readonly Expr[],
  slot: number,
  value: (n: number, index: readonly Expr[]) => Expr,
): Part[] {
  const node = graph.nodes[n]!, a = node.attributes;
  if (a.op !== "scatter") throw new TypeError("Cannot build scatter parts of another operation");
  const [destination, positions, source] = node.inputs as [number, number, number];
  const extent = node.shape[a.axis]!, steps = graph.nodes[positions]!.shape[a.axis]!;
  const copyIndex = insert(rowIndex, a.axis, variable(slot, extent));
  const walkIndex = insert(rowIndex, a.axis, variable(slot, steps));
  const raw = cast("int32", value(positions, walkIndex));
  const at = a.checked ? check(raw, extent, n) : raw;
  return [
    {
      node: n,
      kind: "copy",
      inner: [extent],
      value: value(destination, copyIndex),
      index: flatten(copyIndex, node.shape),
      op: "set",
    },
    {
      node: n,
      kind: "scatter",
      inner: [steps],
      value: value(source, walkIndex),
      index: flatten(insert(rowIndex, a.axis, at), node.shape),
      op: a.mode,
    },
  ];
}

/**
 * Which axes of an elementwise member are the group's rows: those by which it reaches the group's reductions; without any, leading axes
 * that make up the number of rows.
 */
function findRowAxes(
  graph: Subgraph,
  n: number,
  inGroup: ReadonlySet<number>,
  count: number,
): readonly number[] {
  const shape = graph.nodes[n]!.shape;
  if (numel(shape) === count) return shape.map((_, i) => i);
  const used = new Set<number>();
  const value = inliner(graph, (i, index) => {
    const node = graph.nodes[i]!;
    if (i === n) return undefined;
    if (node.leaf === "buffer") return loadNode(graph, i, index);
    if (!inGroup.has(i)) return undefined;
    if (node.attributes.op !== "reduce") {
      if (isOpaque(graph, i)) throw MISALIGNED;
      return undefined;
    }
    walk(index, (e) => {
      if (e.op === "var" && e.slot >= TRIAL) used.add(e.slot - TRIAL);
    });
    return acc(i, node.dtype);
  });
  value(n, variables(TRIAL, shape));
  let axes = [...used].sort((a, b) => a - b);
  if (axes.length === 0) {
    let product = 1;
    for (let i = 0; i < shape.length && product < count; i++) {
      product *= shape[i]!;
      axes.push(i);
    }
  }
  axes = axes.filter((a) => shape[a] !== 1);
  if (numel(axes.map((a) => shape[a]!)) !== count) throw MISALIGNED;
  return axes;
}
