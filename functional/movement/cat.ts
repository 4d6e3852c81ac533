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
import { commonDevice, resultType } from "../../tensor/promotion.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { axisOf, named, show } from "../dims.ts";
import { positions } from "../host.ts";
import { reshaped } from "./reshape.ts";
import { rangesOf, sliced } from "./slice.ts";
import type { DimOptions } from "./split.ts";

/**
 * The tensors one after the other along `dim`; their other extents must agree.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.cat([tensor([1, 2]), tensor([3])])); // tensor([1, 2, 3])
 * ```
 */
export function cat(tensors: readonly Tensor[], dim?: number | DimOptions): Tensor {
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
  return record("cat", node, parts, vjps);
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

/**
 * The tensors, all of one shape, along a new dimension.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.stack([tensor([1, 2]), tensor([3, 4])]));
 * // tensor([[1, 2],
 * //         [3, 4]])
 * ```
 */
export function stack(tensors: readonly Tensor[], dim?: number | DimOptions): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new ValueError("Cannot stack an empty list: give at least one tensor");
  const axis = axisOf("stack", named<DimOptions>(["dim"], dim).dim ?? 0, first.ndim + 1);
  for (const x of tensors) {
    if (kernels.sameShape(x.shape, first.shape)) continue;
    throw new ShapeError(
      `Cannot stack tensors of shapes ${show(first.shape)} and ${show(x.shape)}: all must have one shape`,
    );
  }
  return cat(tensors.map((x) => reshaped(x, [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)])), axis);
}

/**
 * x with at least one dimension.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.atleast1d(tensor(1)).shape); // torch.Size([1])
 * ```
 */
export function atleast1d(x: Tensor): Tensor {
  return x.ndim === 0 ? reshaped(x, [1]) : x;
}

/**
 * x with at least two dimensions, new ones in front.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.atleast2d(tensor([1, 2])).shape); // torch.Size([1, 2])
 * ```
 */
export function atleast2d(x: Tensor): Tensor {
  return x.ndim < 2 ? reshaped(x, [1, x.numel()]) : x;
}

/**
 * x with at least three dimensions: a vector becomes [1, n, 1], a matrix [m, n, 1].
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.atleast3d(tensor([1, 2])).shape); // torch.Size([1, 2, 1])
 * ```
 */
export function atleast3d(x: Tensor): Tensor {
  return x.ndim > 2 ? x : x.ndim === 2 ? reshaped(x, [...x.shape, 1]) : reshaped(x, [1, x.numel(), 1]);
}

/**
 * The tensors side by side: along the second dimension, or the only one.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.hstack([tensor([1, 2]), tensor([3])])); // tensor([1, 2, 3])
 * ```
 */
export function hstack(tensors: readonly Tensor[]): Tensor {
  const parts = tensors.map(atleast1d);
  return cat(parts, parts[0]?.ndim === 1 ? 0 : 1);
}

/**
 * The tensors on top of each other, vectors as rows.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.vstack([tensor([1, 2]), tensor([3, 4])]));
 * // tensor([[1, 2],
 * //         [3, 4]])
 * ```
 */
export function vstack(tensors: readonly Tensor[]): Tensor {
  return cat(tensors.map(atleast2d), 0);
}

/**
 * The same as `vstack`.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.rowStack([tensor([1, 2]), tensor([3, 4])]));
 * // tensor([[1, 2],
 * //         [3, 4]])
 * ```
 */
export const rowStack: typeof vstack = vstack;

/**
 * The tensors behind each other, along the third dimension.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.dstack([tensor([1, 2]), tensor([3, 4])]));
 * // tensor([[[1, 3],
 * //          [2, 4]]])
 * ```
 */
export function dstack(tensors: readonly Tensor[]): Tensor {
  return cat(tensors.map(atleast3d), 2);
}

/**
 * The tensors side by side, vectors as columns.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.columnStack([tensor([1, 2]), tensor([3, 4])]));
 * // tensor([[1, 3],
 * //         [2, 4]])
 * ```
 */
export function columnStack(tensors: readonly Tensor[]): Tensor {
  return hstack(tensors.map((x) => x.ndim < 2 ? reshaped(x, [x.numel(), 1]) : x));
}
