/**
 * The reference interpreter: evaluates a lazy graph one node at a time in plain TypeScript and float64, with no fusion, no views over
 * memory and nothing in common with the scheduler. What it says is what a graph means.
 *
 * @module
 */

import { roundTo } from "../ir/dtype.ts";
import { evaluator } from "../ir/evaluate.ts";
import type { ReduceOp } from "../ir/kernel.ts";
import { type Attributes, type Node, numel, type Shape } from "../ir/node.ts";
import { combine, forEach, identity, order } from "./reference.ts";

/** How to interpret. */
export interface InterpretOptions {
  /** Rounds every result to its dtype, within formulas too, as running operation by operation would; else floats stay float64. */
  readonly round?: boolean;
  /** Elements of a leaf that has none on the host. */
  readonly read?: (leaf: Node) => ArrayLike<number>;
}

/** The attributes of operation `Op`. */
type Of<Op extends Attributes["op"]> = Extract<Attributes, { op: Op }>;

/** The elements of `node`, row-major; integers and bools as numbers. Throws the node's own error where an index is out of range. */
export function interpret(node: Node, options: InterpretOptions = {}): Float64Array {
  return interpretAll([node], options)[0]!;
}

/** The same of several nodes, what they share computed once. */
export function interpretAll(nodes: readonly Node[], options: InterpretOptions = {}): Float64Array[] {
  const values = new Map<Node, Float64Array>();
  for (const n of inOrder(nodes)) {
    const result = compute(n, n.inputs.map((i) => values.get(i)!), options);
    if (options.round) { for (let i = 0; i < result.length; i++) result[i] = roundTo(n.dtype, result[i]!); }
    values.set(n, result);
  }
  return nodes.map((node) => values.get(node)!);
}

/** All nodes that `roots` depend on, operands first. */
function inOrder(roots: readonly Node[]): Set<Node> {
  const done = new Set<Node>();
  const stack = [...roots];
  while (stack.length > 0) {
    const node = stack.at(-1)!;
    const missing = node.inputs.filter((i) => !done.has(i));
    if (missing.length > 0 && !done.has(node)) stack.push(...missing);
    else done.add(stack.pop()!);
  }
  return done;
}

function compute(node: Node, inputs: readonly Float64Array[], options: InterpretOptions): Float64Array {
  const { attributes } = node;
  const [a, b, c] = inputs as [Float64Array, Float64Array, Float64Array];
  switch (attributes.op) {
    case "buffer":
      return leaf(node, options);
    case "scalar":
      return Float64Array.of(node.value);
    case "iota":
      return Float64Array.from({ length: node.shape[0]! }, (_, i) => i);
    case "map":
      return map(node, attributes, inputs, options);
    case "view":
      return view(node, attributes, a);
    case "reduce":
      return reduce(node, attributes, a);
    case "contract":
      return contract(node, attributes, a, b);
    case "gather":
      return gather(node, attributes, a, b);
    case "scatter":
      return scatter(node, attributes, a, b, c);
    case "scan":
      return scan(node, attributes, a);
    case "sort":
      return sort(node, attributes, a);
  }
}

function leaf(node: Node, { read }: InterpretOptions): Float64Array {
  const elements = node.host ?? read?.(node);
  if (elements === undefined) {
    throw new TypeError("A leaf has no elements on the host, and no way to read them was given");
  }
  return Float64Array.from(elements);
}

/** Fills an array of `shape` with what `f` gives at each coordinate. */
function fill(shape: Shape, f: (at: Int32Array) => number): Float64Array {
  const result = new Float64Array(numel(shape)), at = new Int32Array(shape.length);
  let i = 0;
  forEach(shape, at, 0, () => result[i++] = f(at));
  return result;
}

/** The row-major position of coordinates `at` in `shape`. */
function position(at: ArrayLike<number>, shape: Shape): number {
  let p = 0;
  for (let i = 0; i < shape.length; i++) {
    if (!(at[i]! >= 0 && at[i]! < shape[i]!)) {
      throw new RangeError(`No element [${Array.from(at)}] in shape [${shape}]`);
    }
    p = p * shape[i]! + at[i]!;
  }
  return p;
}

function map(
  node: Node,
  { formula }: Of<"map">,
  inputs: readonly Float64Array[],
  { round = false }: InterpretOptions,
): Float64Array {
  const f = evaluator(formula, round), args = new Float64Array(inputs.length);
  const strides = node.inputs.map(({ shape }) => broadcastStrides(shape, node.shape.length));
  return fill(node.shape, (at) => {
    inputs.forEach((elements, i) => args[i] = elements[at.reduce((p, c, axis) => p + c * strides[i]![axis]!, 0)]!);
    return f({ args });
  });
}

/** How far apart neighbours along each of `rank` axes are in a row-major operand of `shape`; 0 where it repeats. */
function broadcastStrides(shape: Shape, rank: number): number[] {
  const strides = new Array<number>(rank).fill(0);
  for (let axis = shape.length - 1, step = 1; axis >= 0; step *= shape[axis--]!) {
    if (shape[axis] !== 1) strides[rank - shape.length + axis] = step;
  }
  return strides;
}

function view(node: Node, { index, mask, fill: filler }: Of<"view">, x: Float64Array): Float64Array {
  const inside = evaluator(mask), coordinates = index.map((e) => evaluator(e));
  const { shape } = node.inputs[0]!;
  const args = node.inputs.slice(1).map((parameter) => parameter.value);
  return fill(node.shape, (variables) => {
    if (inside({ variables, args }) === 0) return filler;
    return x[position(coordinates.map((c) => c({ variables, args })), shape)]!;
  });
}

function reduce(node: Node, { reduce: op, axes }: Of<"reduce">, x: Float64Array): Float64Array {
  const { shape } = node.inputs[0]!;
  const result = new Float64Array(numel(node.shape)).fill(identity(op, node.dtype));
  const at = new Int32Array(shape.length);
  let i = 0;
  forEach(shape, at, 0, () => {
    const p = position(at.filter((_, axis) => !axes.includes(axis)), node.shape);
    result[p] = combine(op, result[p]!, x[i++]!, node.dtype);
  });
  return result;
}

function contract(node: Node, axes: Of<"contract">, a: Float64Array, b: Float64Array): Float64Array {
  const [left, right] = node.inputs as [Node, Node];
  const inner = left.shape.slice(axes.batch + axes.m);
  return fill(node.shape, (at) => {
    const batch = at.slice(0, axes.batch),
      m = at.slice(axes.batch, axes.batch + axes.m),
      n = at.slice(axes.batch + axes.m);
    const k = new Int32Array(inner.length);
    let sum = 0;
    forEach(inner, k, 0, () => {
      const x = a[position([...batch, ...m, ...k], left.shape)]!;
      const y = b[position([...batch, ...k, ...n], right.shape)]!;
      sum = combine("sum", sum, combine("prod", x, y, node.dtype), node.dtype);
    });
    return sum;
  });
}

/** `at` with `index` along `axis`, which has to lie in [0, limit). */
function moved(node: Node, at: Int32Array, axis: number, index: number, limit: number): Int32Array {
  if (!(index >= 0 && index < limit)) {
    throw node.message?.(index) ?? new RangeError(`Index ${index} along axis ${axis} is not in [0, ${limit})`);
  }
  return at.with(axis, index);
}

function gather(node: Node, { axis }: Of<"gather">, source: Float64Array, index: Float64Array): Float64Array {
  const { shape } = node.inputs[0]!;
  return fill(node.shape, (at) => {
    return source[position(moved(node, at, axis, index[position(at, node.shape)]!, shape[axis]!), shape)]!;
  });
}

function scatter(
  node: Node,
  { axis, mode }: Of<"scatter">,
  target: Float64Array,
  index: Float64Array,
  source: Float64Array,
): Float64Array {
  const { shape } = node.inputs[1]!;
  const result = target.slice(), at = new Int32Array(shape.length);
  let i = 0;
  forEach(shape, at, 0, () => {
    const p = position(moved(node, at, axis, index[i]!, node.shape[axis]!), node.shape);
    result[p] = mode === "set" ? source[i]! : combine(mode, result[p]!, source[i]!, node.dtype);
    i++;
  });
  return result;
}

function scan(node: Node, attributes: Of<"scan">, x: Float64Array): Float64Array {
  const { axis } = attributes, op: ReduceOp = attributes.reduce;
  const result = new Float64Array(x.length);
  let i = 0;
  const at = new Int32Array(node.shape.length);
  forEach(node.shape, at, 0, () => {
    const before = at[axis] === 0
      ? identity(op, node.dtype)
      : result[position(at.with(axis, at[axis]! - 1), node.shape)]!;
    result[i] = combine(op, before, x[i]!, node.dtype);
    i++;
  });
  return result;
}

function sort(node: Node, { descending }: Of<"sort">, x: Float64Array): Float64Array {
  const result = new Float64Array(numel(node.shape));
  const length = node.inputs[0]!.shape.at(-1)!, count = node.shape.at(-1)!;
  for (let row = 0, to = 0; to < result.length; row += length, to += count) {
    const positions = Array.from({ length }, (_, i) => i);
    positions.sort((i, j) => descending ? order(x[row + j]!, x[row + i]!) : order(x[row + i]!, x[row + j]!));
    result.set(positions.slice(0, count), to);
  }
  return result;
}
