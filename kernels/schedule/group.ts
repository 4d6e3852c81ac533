/**
 * Groups: stored nodes that one kernel computes, and the loop nest that computes them.
 *
 * A group with reductions walks rows; every reduction in it runs over the elements of one row, and what is stored is either one value a
 * row or the whole row. Whether nodes can share a kernel is not decided by their kinds but by trying: the expressions are built, and
 * building fails where one node would need another at a row that is not its own.
 *
 * @module
 */

import { acc, cast, check, type Expr, int, variable, walk } from "../ir/expr.ts";
import type { ReduceOp } from "../ir/kernel.ts";
import { numel, type Shape } from "../ir/node.ts";
import { flatten, unflatten } from "../ir/views.ts";
import type { Graph } from "./graph.ts";
import { inliner, loadNode } from "./inline.ts";
import { isOpaque } from "./materialize.ts";

/** Stored nodes of one kernel, ascending. */
export interface Group {
  readonly members: readonly number[];
}

/** One stored or reduced node as a loop over `inner`, per row. */
export interface Part {
  readonly node: number;
  readonly kind: "reduce" | "store" | "scan" | "scatter" | "copy";
  readonly inner: readonly number[];
  readonly value: Expr;
  /** Where the value goes; unused by "reduce". */
  readonly index: Expr;
  readonly op: ReduceOp | "set";
}

/** The loop nest of a group. Slots in expressions are node numbers. */
export interface LoopBody {
  readonly kind: "loop";
  readonly rows: readonly number[];
  readonly parts: readonly Part[];
}

/** A contraction and what is computed from its result on the way out. */
export interface ContractBody {
  readonly kind: "contract";
  readonly node: number;
  readonly batch: readonly number[];
  readonly m: readonly number[];
  readonly n: readonly number[];
  readonly k: readonly number[];
  readonly a: Expr;
  readonly b: Expr;
  readonly parts: readonly Part[];
}

/** A sort of a stored node's last axis. */
export interface SortBody {
  readonly kind: "sort";
  readonly node: number;
  readonly input: number;
}

/** What a group computes. */
export type Body = LoopBody | ContractBody | SortBody;

/**
 * What each part waits for: 0 where it uses no accumulator, else one more than the last reduction it uses. Parts run by level, reductions
 * before stores.
 */
export function partLevels(parts: readonly Part[]): number[] {
  const level = new Map<number, number>();
  let before = 0;
  return parts.map((p) => {
    let own = 0;
    walk([p.value, p.index], (e) => {
      if (e.op === "acc") own = Math.max(own, (level.get(e.slot) ?? 0) + 1);
    });
    // A scatter comes after the copy that it works on, the part before it.
    if (p.kind === "scatter") own = Math.max(own, before);
    if (p.kind === "reduce") level.set(p.node, own);
    before = own;
    return own;
  });
}

/** The variables' first slot for trial builds, above any real loop variable. */
const TRIAL = 100;

const MISALIGNED = Symbol("misaligned");

/** The loop nest of a group, or undefined where its members do not fit into one. */
export function buildBody(graph: Graph, members: readonly number[], stored: ReadonlySet<number>): Body | undefined {
  const first = members[0]!, op = graph.nodes[first]!.attributes.op;
  try {
    if (op === "sort") {
      return members.length === 1 ? { kind: "sort", node: first, input: graph.nodes[first]!.inputs[0]! } : undefined;
    }
    const contraction = members.find((n) => graph.nodes[n]!.attributes.op === "contract");
    if (contraction !== undefined) return buildContract(graph, contraction, members, stored);
    return buildLoop(graph, members, stored);
  } catch (error) {
    if (error === MISALIGNED) return undefined;
    throw error;
  }
}

/** Extents of the axes that a row-wise node keeps for its rows. */
function rowShape(graph: Graph, n: number): Shape | undefined {
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

function variables(first: number, extents: Shape): Expr[] {
  return extents.map((extent, i) => variable(first + i, extent));
}

function buildLoop(graph: Graph, members: readonly number[], stored: ReadonlySet<number>): LoopBody {
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
    if (!inGroup.has(n)) return stored.has(n) ? loadNode(graph, n, index) : undefined;
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
      const axes = elementwise ? node.shape.map((_, i) => i) : findRowAxes(graph, n, inGroup, stored, count);
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

/** A member's own expression: one step past the resolver, which would refer to the member itself. */
function substitute(
  graph: Graph,
  n: number,
  index: readonly Expr[],
  value: (n: number, index: readonly Expr[]) => Expr,
): Expr {
  return inliner(graph, (i, at) => i === n ? undefined : value(i, at))(n, index);
}

function insert(list: readonly Expr[], at: number, e: Expr): Expr[] {
  return [...list.slice(0, at), e, ...list.slice(at)];
}

/** Copies the destination, then walks the source along the axis. */
function scatterParts(
  graph: Graph,
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
  graph: Graph,
  n: number,
  inGroup: ReadonlySet<number>,
  stored: ReadonlySet<number>,
  count: number,
): readonly number[] {
  const shape = graph.nodes[n]!.shape;
  if (numel(shape) === count) return shape.map((_, i) => i);
  const used = new Set<number>();
  const value = inliner(graph, (i, index) => {
    const node = graph.nodes[i]!;
    if (i === n) return undefined;
    if (node.leaf === "buffer") return loadNode(graph, i, index);
    if (!stored.has(i)) return undefined;
    if (!inGroup.has(i)) return loadNode(graph, i, index);
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

function buildContract(
  graph: Graph,
  contraction: number,
  members: readonly number[],
  stored: ReadonlySet<number>,
): ContractBody {
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
    if (!inGroup.has(i)) return stored.has(i) ? loadNode(graph, i, index) : undefined;
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
    const index = permutedIndex(graph, i, contraction, outIndex, inGroup, stored) ??
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
  graph: Graph,
  n: number,
  contraction: number,
  outIndex: readonly Expr[],
  inGroup: ReadonlySet<number>,
  stored: ReadonlySet<number>,
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
    return stored.has(i) && !inGroup.has(i) ? loadNode(graph, i, index) : undefined;
  });
  value(n, variables(TRIAL, shape));
  return permutes && result.every((e) => e !== undefined) ? result as Expr[] : undefined;
}

function isRowWise(graph: Graph, n: number): boolean {
  const op = graph.nodes[n]!.attributes.op;
  return op === "reduce" || op === "scan" || op === "scatter" || op === "sort" || op === "contract";
}
