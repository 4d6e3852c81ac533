/**
 * Tensors joined along a dimension.
 *
 * A few neighbours are joined by choosing among them, and the results in turn, so that many tensors are a balanced tree: where a device
 * cannot bind them all to one kernel, each part of the tree is written once at its own size.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { allocate, type DType, type Expr, expr, type Node, numel, ShapeError, ValueError } from "../../kernels/mod.ts";
import { clone, toDevice, toDtype } from "../../tensor/conversion.ts";
import { record } from "../../tensor/grad_fn.ts";
import { noted } from "../../tensor/operations.ts";
import { commonDevice, resultType } from "../../tensor/promotion.ts";
import { requireTensors } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { axisOf, named, show } from "../dims.ts";
import { positions } from "../host.ts";
import { rangesOf, sliced } from "./slice.ts";
import type { DimOptions } from "./split.ts";

/**
 * The tensors one after the other along `dim`; their other extents must agree.
 *
 * @param tensors of one shape but along `dim`; an empty list joins everything
 * @param dim the dimension; 0 by default; by position or in options
 * @throws {ShapeError} for 0-dimensional tensors, and where other extents differ
 * @throws {ValueError} for an empty list of tensors
 * @throws {IndexError} for a dimension that they do not have
 * @see {@link https://pytorch.org/docs/stable/generated/torch.cat.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.cat([tensor([1, 2]), tensor([3])])); // tensor([1, 2, 3])
 * ```
 */
export function cat(tensors: readonly Tensor[], dim?: number | DimOptions): Tensor {
  requireTensors("cat", "tensors", tensors);
  if (tensors.length === 0) throw new ValueError("Cannot cat an empty list: give at least one tensor");
  const rank = Math.max(...tensors.map((x) => x.ndim));
  if (tensors.some((x) => x.ndim === 0)) {
    throw new ShapeError("Cannot cat 0-dimensional tensors: use stack, or reshape([1]) first");
  }
  const axis = axisOf("cat", named<DimOptions>(["dim"], dim).dim ?? 0, rank);
  // As in PyTorch, an empty list of anything joins everything.
  const parts = tensors.filter((x) => x.ndim === rank || x.numel() !== 0 || x.ndim !== 1);
  const [first] = parts;
  for (const x of parts) {
    if (x.ndim === rank && x.shape.every((extent, i) => i === axis || extent === first!.shape[i])) continue;
    throw new ShapeError(
      `Cannot cat tensors of shapes ${
        parts.map((x) => show(x.shape)).join(" and ")
      } along dimension ${axis}: the other extents must agree`,
    );
  }
  const dtype = resultType(...tensors), device = commonDevice("cat", tensors);
  return joined(parts.map((x) => toDevice(toDtype(x, dtype), device)), axis);
}

/**
 * The same as `cat`.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.concat.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.concat([tensor([1, 2]), tensor([3])])); // tensor([1, 2, 3])
 * ```
 */
export const concat: typeof cat = cat;

/**
 * The same as `cat`.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.concatenate.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.concatenate([tensor([1, 2]), tensor([3])])); // tensor([1, 2, 3])
 * ```
 */
export const concatenate: typeof cat = cat;

function joined(parts: readonly Tensor[], axis: number): Tensor {
  if (parts.length === 1) return clone(parts[0]!);
  const nodes = parts.map((x) => x.node);
  const node = joinedOnHost(nodes, axis) ?? joinedNodes(nodes, axis);
  let start = 0;
  const vjps = parts.map((x) => {
    const ranges = rangesOf(x.shape, axis, start, x.shape[axis]!);
    start += x.shape[axis]!;
    return (grad: Tensor) => sliced(grad, ranges);
  });
  return noted("cat", record("cat", node, parts, vjps), () => ({ inputs: parts, attributes: { axis } }));
}

/** How many parts one choice is made from. */
const WIDTH = 8;

function joinedNodes(nodes: readonly Node[], axis: number): Node {
  if (nodes.length <= WIDTH) return chosen(nodes, axis);
  const size = Math.ceil(nodes.length / WIDTH);
  const count = Math.ceil(nodes.length / size);
  const groups = Array.from({ length: count }, (_, i) => joinedNodes(nodes.slice(i * size, (i + 1) * size), axis));
  return chosen(groups, axis);
}

/** Each element from the part that lies at its position. */
function chosen(nodes: readonly Node[], axis: number): Node {
  const [first] = nodes as [Node];
  if (nodes.length === 1) return first;
  const starts: number[] = [];
  const extent = nodes.reduce((start, node) => {
    starts.push(start);
    return start + node.shape[axis]!;
  }, 0);
  const parts = nodes.map((node, i) => {
    const before = starts[i]!, after = extent - before - node.shape[axis]!;
    return kernels.pad(node, node.shape.map((_, a) => a === axis ? [before, after] as const : [0, 0] as const));
  });
  const position = positions(extent, axis, first.shape.length, first.device).node;
  return kernels.map(choice(starts, 0, nodes.length, first.dtype), [position, ...parts]);
}

/** Part `from` to `to` - 1 by halves; operand 0 is the position. */
function choice(starts: readonly number[], from: number, to: number, dtype: DType): Expr {
  if (to - from === 1) return expr.arg(from + 1, dtype);
  const middle = (from + to) >> 1;
  const before = expr.binary("lt", expr.arg(0, "int32"), expr.int(starts[middle]!));
  return expr.where(before, choice(starts, from, middle, dtype), choice(starts, middle, to, dtype));
}

/** Joins tensors whose elements are all on the host there: that is how samples become a batch. */
function joinedOnHost(nodes: readonly Node[], axis: number): Node | undefined {
  const data = nodes.map((node) => kernels.hostData(node));
  if (data.some((elements) => elements === undefined)) return undefined;
  const [{ shape, dtype, device }] = nodes as [Node];
  const extent = nodes.reduce((sum, node) => sum + node.shape[axis]!, 0);
  const rows = numel(shape.slice(0, axis)), inner = numel(shape.slice(axis + 1));
  const result = allocate(dtype, rows * extent * inner);
  let offset = 0;
  nodes.forEach((node, i) => {
    const width = node.shape[axis]! * inner;
    for (let row = 0; row < rows; row++) {
      result.set(data[i]!.subarray(row * width, (row + 1) * width), row * extent * inner + offset);
    }
    offset += width;
  });
  return kernels.fromHost(result, shape.map((size, i) => i === axis ? extent : size), dtype, device);
}
