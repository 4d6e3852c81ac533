/**
 * Elements written, or combined with what is there, at positions that an index tensor names.
 *
 * @module
 */

import { type CheckMessage, DTypeError, ShapeError, ValueError } from "../../kernels/mod.ts";
import { type Operand, scalarOperand } from "../../tensor/promotion.ts";
import { requireOperand, requireTensor } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { expandTo } from "../broadcast.ts";
import { checkIndex } from "../check_index.ts";
import { axisOf, show } from "../dims.ts";
import { reshaped } from "../movement/reshape.ts";
import { sliced, spliced } from "../movement/slice.ts";
import { requireFit } from "./gather.ts";
import { reduceAt, type ScatterReduce } from "./scatter_reduce.ts";
import { scatterSet, scatterSum } from "./primitives.ts";

/** What is written where, in shapes that agree. */
interface Target {
  readonly base: Tensor;
  readonly axis: number;
  readonly index: Tensor;
  readonly source: Tensor;
  readonly message: CheckMessage | undefined;
}

/** Writes by `combine`, in the part of `x` that an index smaller than it covers. */
function writeTo(
  operation: string,
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Operand,
  combine: (target: Target) => Tensor,
): Tensor {
  const axis = axisOf(operation, dim, x.ndim);
  if (source instanceof Tensor && source.dtype !== x.dtype) {
    throw new DTypeError(
      `Cannot ${operation} ${source.dtype} elements to a ${x.dtype} tensor: convert them with to("${x.dtype}")`,
    );
  }
  if (x.ndim === 0 || index.ndim === 0) {
    const vector = (t: Operand) => t instanceof Tensor && t.ndim === 0 ? reshaped(t, [1]) : t;
    const upright = writeTo(operation, vector(x) as Tensor, dim, vector(index) as Tensor, vector(source), combine);
    return reshaped(upright, x.shape);
  }
  requireFit(operation, x, axis, index);
  if (index.numel() === 0) return reshaped(x, x.shape);
  const values = valuesFor(operation, x, index, source);
  const { index: at, message } = checkIndex(operation, index, x.shape[axis]!);
  const ranges = x.shape.map((extent, i) => ({ start: 0, size: i === axis ? extent : index.shape[i]!, step: 1 }));
  if (ranges.every((r, i) => r.size === x.shape[i])) {
    return combine({ base: x, axis, index: at, source: values, message });
  }
  return spliced(x, combine({ base: sliced(x, ranges), axis, index: at, source: values, message }), ranges);
}

function valuesFor(operation: string, x: Tensor, index: Tensor, source: Operand): Tensor {
  if (!(source instanceof Tensor)) return expandTo(scalarOperand(source, x.dtype, x.device), index.shape);
  if (source.ndim !== index.ndim || index.shape.some((extent, i) => extent > source.shape[i]!)) {
    throw new ShapeError(
      `Cannot ${operation} a source of shape ${show(source.shape)} at an index of shape ${
        show(index.shape)
      }: the source must not be smaller`,
    );
  }
  return sliced(source, index.shape.map((size) => ({ start: 0, size, step: 1 })));
}

/** Options of `scatter`. */
export interface ScatterOptions {
  /** Combines with what is there instead of replacing it; null by default. */
  readonly reduce?: "add" | "multiply" | null;
}

/**
 * A copy of x whose element [i, j, …], with its index along `dim` replaced by index[i, j, …], is `source`'s or the number given.
 *
 * @param index integers, as many dimensions as x, none longer but `dim`; of equal ones the last counts
 * @param source a number, or a tensor of the dtype of x that is nowhere smaller than the index
 * @param options `reduce`: "add" or "multiply" combines with what is there; null, the default, replaces it
 * @throws {ShapeError} where the index does not fit x, or the source is smaller than it
 * @throws {DTypeError} where the dtypes differ, and for an index that is no integer
 * @throws {ValueError} for another `reduce`
 * @throws {IndexError} for a dimension or a position that x does not have: the latter when a result is read where the
 *   device knows it first
 * @see {@link https://pytorch.org/docs/stable/generated/torch.scatter.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.scatter(tensor([0, 0, 0]), 0, tensor([2, 0]), tensor([8, 9]))); // tensor([9, 0, 8])
 * ```
 */
export function scatter(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Operand,
  { reduce }: ScatterOptions = {},
): Tensor {
  requireTensor("scatter", "x", x);
  requireTensor("scatter", "index", index);
  requireOperand("scatter", "source", source);
  return writeTo("scatter", x, dim, index, source, (to) => {
    switch (reduce ?? "set") {
      case "set":
        return scatterSet(to.base, to.axis, to.index, to.source, to.message);
      case "add":
        return scatterSum(to.base, to.axis, to.index, to.source, to.message);
      case "multiply":
        return reduceAt({ ...to, reduce: "prod", includeSelf: true });
      default:
        throw new ValueError(
          `Cannot scatter with reduce "${reduce}": it is "add" or "multiply". Use scatterReduce for others`,
        );
    }
  });
}

/**
 * A copy of x with the elements of `source` added at the positions that `scatter` names.
 *
 * @param index integers, as many dimensions as x, none longer but `dim`
 * @param source of the dtype of x, nowhere smaller than the index
 * @throws {ShapeError} where the index does not fit x, or the source is smaller than it
 * @throws {DTypeError} where the dtypes differ, and for an index that is no integer
 * @throws {IndexError} for a dimension or a position that x does not have: the latter when a result is read where the
 *   device knows it first
 * @see {@link https://pytorch.org/docs/stable/generated/torch.scatter_add.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.scatterAdd(tensor([0, 0, 0]), 0, tensor([2, 2]), tensor([8, 9]))); // tensor([ 0,  0, 17])
 * ```
 */
export function scatterAdd(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  requireTensor("scatterAdd", "x", x);
  requireTensor("scatterAdd", "index", index);
  requireTensor("scatterAdd", "source", source);
  return writeTo(
    "scatterAdd",
    x,
    dim,
    index,
    source,
    (to) => scatterSum(to.base, to.axis, to.index, to.source, to.message),
  );
}

/** Options of `scatterReduce`. */
export interface ScatterReduceOptions {
  /** Whether the elements of x take part; true by default. */
  readonly includeSelf?: boolean;
}

const reductions: readonly ScatterReduce[] = ["sum", "prod", "mean", "amax", "amin"];

/**
 * A copy of x with the elements of `source` combined at the positions that `scatter` names.
 *
 * @param index integers, as many dimensions as x, none longer but `dim`
 * @param source of the dtype of x, nowhere smaller than the index
 * @param reduce "sum", "prod", "mean", "amax" or "amin"
 * @param options `includeSelf`: whether the elements of x take part; true by default
 * @throws {ShapeError} where the index does not fit x, or the source is smaller than it
 * @throws {DTypeError} where the dtypes differ, and for an index that is no integer
 * @throws {ValueError} for another `reduce`
 * @throws {IndexError} for a dimension or a position that x does not have: the latter when a result is read where the
 *   device knows it first
 * @see {@link https://pytorch.org/docs/stable/generated/torch.scatter_reduce.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.scatterReduce(tensor([1, 1, 1]), 0, tensor([2, 2]), tensor([8, 9]), "amax"));
 * // tensor([1, 1, 9])
 * ```
 */
export function scatterReduce(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  reduce: ScatterReduce,
  { includeSelf = true }: ScatterReduceOptions = {},
): Tensor {
  requireTensor("scatterReduce", "x", x);
  requireTensor("scatterReduce", "index", index);
  requireTensor("scatterReduce", "source", source);
  if (!reductions.includes(reduce)) {
    throw new ValueError(`Cannot scatterReduce with "${reduce}": it is one of ${reductions.join(", ")}`);
  }
  return writeTo("scatterReduce", x, dim, index, source, (to) => reduceAt({ ...to, reduce, includeSelf }));
}
