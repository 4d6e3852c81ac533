/**
 * Builders of the lazy graph's computing nodes. They assume operands that fit (the tensor layer has checked and said so in the user's
 * words) and infer the result's shape and dtype.
 *
 * @module
 */

import type { DeviceName } from "../runtime/device.ts";
import { bounds, type DType, roundTo, type TypedArray } from "./dtype.ts";
import { arg, binary, type Expr } from "./expr.ts";
import type { ReduceOp } from "./kernel.ts";
import { type Attributes, type CheckMessage, internAttributes, Node, numel, type Shape } from "./node.ts";
import { recorded, recording } from "./pending.ts";
import { splitReduction } from "./split.ts";
import { pad, permute, type Range, reshape, slice } from "./views.ts";

/** Makes a computing node and notes it as pending. */
export function make(
  key: string,
  attributes: () => Attributes,
  inputs: readonly Node[],
  shape: Shape,
  dtype: DType,
  device: DeviceName,
): Node {
  const node = new Node(internAttributes(key, attributes), inputs, shape, dtype, device);
  recorded(node);
  return node;
}

/** A leaf that holds host elements, row-major; the array belongs to the node from here on. */
export function fromHost(data: TypedArray, shape: Shape, dtype: DType, device: DeviceName): Node {
  const node = new Node(internAttributes("buffer", () => ({ op: "buffer" })), [], shape, dtype, device);
  node.host = data;
  return node;
}

/** A 0-d leaf whose number is data: it may differ from step to step without a new kernel. */
export function scalar(value: number, dtype: DType, device: DeviceName): Node {
  const node = new Node(internAttributes("scalar", () => ({ op: "scalar" })), [], [], dtype, device);
  node.value = roundTo(dtype, value);
  return node;
}

/** [0, 1, …, length - 1] as int32. */
export function iota(length: number, device: DeviceName): Node {
  return make("iota", () => ({ op: "iota" }), [], [length], "int32", device);
}

/** The common shape of shapes that broadcast, or undefined. */
export function broadcastShapes(shapes: readonly Shape[]): Shape | undefined {
  if (shapes.length === 1) return shapes[0]!;
  let rank = 0;
  for (const s of shapes) rank = Math.max(rank, s.length);
  const result: number[] = new Array(rank).fill(1);
  for (const s of shapes) {
    for (let i = 0; i < s.length; i++) {
      const at = rank - s.length + i, extent = s[i]!;
      if (extent === 1 || extent === result[at]) continue;
      if (result[at] !== 1) return undefined;
      result[at] = extent;
    }
  }
  return result;
}

/** `formula` of the inputs, element by element; argument i of the formula is input i, and dtypes must agree with it. */
export function map(formula: Expr, inputs: readonly Node[]): Node {
  const shape = broadcastShapes(inputs.map((i) => i.shape));
  if (shape === undefined) throw new TypeError("Cannot map over shapes that do not broadcast");
  return make(
    `map ${formula.id}`,
    () => ({ op: "map", formula }),
    inputs,
    shape,
    formula.dtype,
    inputs[0]!.device,
  );
}

/** Combines over `axes` (ascending, distinct), which vanish from the shape. bool reduces by "max" (any) and "min" (all). */
export function reduce(op: ReduceOp, x: Node, axes: readonly number[]): Node {
  const shape = x.shape.filter((_, i) => !axes.includes(i));
  if (axes.every((a) => x.shape[a] === 1)) return reshape(x, shape);
  const cut = recording.whole ? undefined : splitReduction(x.shape, axes, x.device);
  if (cut === undefined) {
    return make(`reduce ${op} ${axes}`, () => ({ op: "reduce", reduce: op, axes }), [x], shape, x.dtype, x.device);
  }
  const { axis, parts, length } = cut;
  const filling = parts * length - x.shape[axis]!;
  const full = pad(x, x.shape.map((_, i) => i === axis ? [0, filling] : [0, 0]), identityOf(op, x.dtype));
  const inParts = reshape(full, [...x.shape.slice(0, axis), parts, length, ...x.shape.slice(axis + 1)]);
  const within = axes.map((a) => a >= axis ? a + 1 : a);
  const partial = reduce(op, inParts, within);
  return reduce(op, partial, [axis - axes.filter((a) => a < axis).length]);
}

/** From this depth on a contraction of few results would leave most of a graphics processor idle. */
const DEEP = 8192, FEW_RESULTS = 8192;

/** How many axes of a contraction's operands are of which group. */
export interface ContractAxes {
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** a[batch…, m…, k…] and b[batch…, k…, n…] to [batch…, m…, n…], summed over k. */
export function contract(a: Node, b: Node, axes: ContractAxes): Node {
  const { batch, m, n, k } = axes;
  const shape = [...a.shape.slice(0, batch + m), ...b.shape.slice(batch + k)];
  if (a.device === "webgpu" && !recording.whole) {
    const depth = numel(a.shape.slice(batch + m));
    if (depth > LONGEST_WALK || (depth >= DEEP && numel(shape) <= FEW_RESULTS)) return contractInParts(a, b, axes);
  }
  return make(
    `contract ${batch} ${m} ${n} ${k}`,
    () => ({ op: "contract", batch, m, n, k }),
    [a, b],
    shape,
    a.dtype,
    a.device,
  );
}

/** A contraction as the sum of several, each over a part of the longest axis of the depth. */
function contractInParts(a: Node, b: Node, axes: ContractAxes): Node {
  const { batch, m, k } = axes;
  const depth = a.shape.slice(batch + m), extent = Math.max(...depth), axis = depth.indexOf(extent);
  // Shorter parts round less and keep more of the device busy, as long as they take no more memory than the operands.
  const result = numel(a.shape.slice(0, batch + m)) * numel(b.shape.slice(batch + k));
  const affordable = Math.min(
    Math.ceil(numel(depth) / ACCURATE_WALK),
    Math.floor((numel(a.shape) + numel(b.shape)) / result),
  );
  const wanted = Math.min(extent, Math.max(affordable, Math.ceil(numel(depth) / LONGEST_WALK)));
  // A divisor, where one is near, spares the filling up.
  const divisor = Array.from({ length: wanted }, (_, i) => wanted + i).find((parts) => extent % parts === 0);
  const parts = divisor ?? wanted, length = Math.ceil(extent / parts);
  const cut = (x: Node, at: number): Node => {
    const full = pad(x, x.shape.map((_, i) => i === at ? [0, parts * length - extent] : [0, 0]), 0);
    const apart = reshape(full, [...x.shape.slice(0, at), parts, length, ...x.shape.slice(at + 1)]);
    return permute(apart, [at, ...apart.shape.keys().filter((i) => i !== at)]);
  };
  const partial = contract(cut(a, batch + m + axis), cut(b, batch + axis), { ...axes, batch: batch + 1 });
  return reduce(partial.dtype === "bool" ? "max" : "sum", partial, [0]);
}

/** A node that is checked where there is a message. */
function withCheck(node: Node, message: CheckMessage | undefined): Node {
  if (message !== undefined) recording.checks++;
  node.message = message;
  return node;
}

/**
 * Element [i…] is src[i…] with i[axis] replaced by index[i…]. The result has the index's shape. `message` makes the error for an
 * index outside [0, src.shape[axis]), raised when a result is read; without it the indices are known to be in range.
 */
export function gather(src: Node, axis: number, index: Node, message?: CheckMessage): Node {
  const checked = message !== undefined;
  const node = make(
    `gather ${axis} ${checked}`,
    () => ({ op: "gather", axis, checked }),
    [src, index],
    index.shape,
    src.dtype,
    src.device,
  );
  return withCheck(node, message);
}

/**
 * `dst` with src[i…] combined into its element [i…] with i[axis] replaced by index[i…]; walked in order along `axis`, so the last of
 * equal indices wins a "set". `src` has the index's shape.
 */
export function scatter(
  dst: Node,
  axis: number,
  index: Node,
  src: Node,
  mode: ReduceOp | "set",
  message?: CheckMessage,
): Node {
  const steps = index.shape[axis]!;
  if (dst.device === "webgpu" && steps > LONGEST_WALK && !recording.whole) {
    const part = (x: Node, start: number, size: number) =>
      slice(x, x.shape.map((extent, i) => i === axis ? { start, size, step: 1 } : { start: 0, size: extent, step: 1 }));
    let result = dst;
    for (let start = 0; start < steps; start += LONGEST_WALK) {
      const size = Math.min(LONGEST_WALK, steps - start);
      result = scatter(result, axis, part(index, start, size), part(src, start, size), mode, message);
    }
    return result;
  }
  const checked = message !== undefined;
  const node = make(
    `scatter ${axis} ${mode} ${checked}`,
    () => ({ op: "scatter", axis, mode, checked }),
    [dst, index, src],
    dst.shape,
    dst.dtype,
    dst.device,
  );
  return withCheck(node, message);
}

/** Most steps of one walk on WebGPU: software adapters leave a loop after 65,535 of them without a word. */
const LONGEST_WALK = 32768;
/** Steps that one sum may take without its rounding showing. */
const ACCURATE_WALK = 4096;

/** Running combination along `axis`, inclusive. Long axes are walked in blocks: within each, then over the blocks' totals. */
export function scan(op: ReduceOp, x: Node, axis: number): Node {
  const length = x.shape[axis]!;
  if (length > 2 * SCAN_BLOCK && !recording.whole) return scanInBlocks(op, x, axis);
  return make(`scan ${op} ${axis}`, () => ({ op: "scan", reduce: op, axis }), [x], x.shape, x.dtype, x.device);
}

/** Elements of a block: enough to be worth a loop, few enough for every device. */
const SCAN_BLOCK = 1024;

function scanInBlocks(op: ReduceOp, x: Node, axis: number): Node {
  const { shape } = x, length = shape[axis]!, blocks = Math.ceil(length / SCAN_BLOCK);
  const along = (shape: Shape, range: Range) =>
    shape.map((size, i) => i === axis ? range : { start: 0, size, step: 1 });
  const widen = (x: Node, before: number, after: number) =>
    pad(x, x.shape.map((_, i) => i === axis ? [before, after] : [0, 0]), identityOf(op, x.dtype));
  const lead = shape.slice(0, axis), rest = shape.slice(axis + 1);
  const apart = reshape(widen(x, 0, blocks * SCAN_BLOCK - length), [...lead, blocks, SCAN_BLOCK, ...rest]);
  const within = scan(op, apart, axis + 1);
  const last = slice(
    within,
    within.shape.map((size, i) => i === axis + 1 ? { start: size - 1, size: 1, step: 1 } : { start: 0, size, step: 1 }),
  );
  const totals = scan(op, reshape(last, [...lead, blocks, ...rest]), axis);
  const before = slice(widen(totals, 1, 0), along(totals.shape, { start: 0, size: blocks, step: 1 }));
  const offsets = reshape(before, [...lead, blocks, 1, ...rest]);
  const total = map(combination(op, x.dtype), [offsets, within]);
  return slice(
    reshape(total, [...lead, blocks * SCAN_BLOCK, ...rest]),
    along(shape, { start: 0, size: length, step: 1 }),
  );
}

/** What leaves every value as it is. */
function identityOf(op: ReduceOp, dtype: DType): number {
  if (op === "sum") return 0;
  return op === "prod" ? 1 : op === "max" ? bounds(dtype).lowest : bounds(dtype).highest;
}

/** a op b. */
function combination(op: ReduceOp, dtype: DType): Expr {
  const a = arg(0, dtype), b = arg(1, dtype);
  return binary(op === "sum" ? "add" : op === "prod" ? "mul" : op, a, b);
}

/** The first `count` of the int32 positions that sort the last axis, by default all; stable, NaN largest. */
export function argsort(x: Node, descending: boolean, count: number = x.shape.at(-1)!): Node {
  // The CPU finds the first few without sorting the others; shaders have to sort all.
  const shape = [...x.shape.slice(0, -1), count], sorted = x.device === "cpu" ? shape : x.shape;
  const key = `sort ${descending} ${sorted.at(-1)}`;
  const positions = make(key, () => ({ op: "sort", descending }), [x], sorted, "int32", x.device);
  return slice(positions, shape.map((size) => ({ start: 0, step: 1, size })));
}
