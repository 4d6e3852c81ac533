/**
 * What all reductions share: their dimensions, and shapes before and after.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import {
  type DType,
  DTypeError,
  IndexError,
  isFloat,
  type Node,
  type ReduceOp,
  ShapeError,
} from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { expandTo } from "../broadcast.ts";
import { axesOf, type Dims, named, reducedShape, show } from "../dims.ts";
import { reshaped } from "../movement/reshape.ts";

/** Options of reductions. */
export interface ReduceOptions {
  /** The dimensions that are reduced; all by default. */
  readonly dim?: Dims | null;
  /** Keeps reduced dimensions with extent 1; false by default. */
  readonly keepdim?: boolean;
  /** Converts the elements first; none by default. */
  readonly dtype?: DType | null;
}

/** Which axes a reduction takes away, and how. */
export interface Reduction {
  readonly axes: readonly number[];
  readonly keepdim: boolean;
  readonly dtype: DType | undefined;
}

/** Most dimensions of a tensor that is reduced, as in PyTorch. */
const MOST_DIMS = 64;

/** The reduction that these arguments ask for: dimensions by position or by name. */
export function reductionOf(
  operation: string,
  x: Tensor,
  dim: Dims | ReduceOptions | null | undefined,
  options?: ReduceOptions,
): Reduction {
  requireTensor(operation, "x", x);
  const given = named<ReduceOptions>(["dim"], dim, options);
  if (x.ndim > MOST_DIMS) {
    throw new ShapeError(
      `Cannot take the ${operation} of a tensor of ${x.ndim} dimensions: at most ${MOST_DIMS} are supported`,
    );
  }
  const axes = axesOf(operation, given.dim ?? undefined, x.ndim);
  return { axes, keepdim: given.keepdim ?? false, dtype: given.dtype ?? undefined };
}

/** `x` combined over `axes`. */
export function reduceNode(op: ReduceOp, x: Tensor, axes: readonly number[], keepdim: boolean): Node {
  // What combines nothing is a copy still, which outlives a write to `x`.
  if (axes.length === 0) return kernels.map(kernels.expr.arg(0, x.dtype), [x.node]);
  return kernels.reshape(kernels.reduce(op, x.node, axes), reducedShape(x.node.shape, axes, keepdim));
}

/** `reduced`, from a reduction over `axes`, in a shape that broadcasts against what was reduced. */
export function restored(reduced: Tensor, x: Tensor, axes: readonly number[]): Tensor {
  return reshaped(reduced, reducedShape(x.node.shape, axes, true));
}

/** `reduced` repeated over the axes that were reduced. */
export function spread(reduced: Tensor, x: Tensor, axes: readonly number[]): Tensor {
  return expandTo(restored(reduced, x, axes), x.node.shape);
}

/** How many elements are reduced to one. */
export function countOf(x: Tensor, axes: readonly number[]): number {
  return axes.reduce((count, axis) => count * x.node.shape[axis]!, 1);
}

/** bool and uint8 as int32, in which they are counted and added up. */
export function widened(x: Tensor): Tensor {
  return x.dtype === "bool" || x.dtype === "uint8" ? toDtype(x, "int32") : x;
}

/** Refuses what has no fraction. */
export function requireFloat(operation: string, x: Tensor): void {
  if (isFloat(x.dtype)) return;
  throw new DTypeError(
    `Cannot take the ${operation} of a ${x.dtype} tensor: convert it with to("float32"), or pass { dtype: "float32" }`,
  );
}

/** Refuses a reduction of nothing, for operations that have no value for it. */
export function requireElements(operation: string, x: Tensor, axes: readonly number[]): void {
  if (countOf(x, axes) > 0 || (x.numel() === 0 && reducedShape(x.shape, axes, false).includes(0))) return;
  throw new IndexError(
    `Cannot take the ${operation} of no elements (shape ${show(x.shape)}): reduce a dimension that has elements`,
  );
}
