/**
 * Elements picked by index tensors.
 *
 * @module
 */

import { ShapeError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { broadcastShape, expandTo } from "../broadcast.ts";
import { checkIndex, requireIndex } from "../check_index.ts";
import { axisOf, named, show } from "../dims.ts";
import { add } from "../elementwise/arithmetic.ts";
import { lt } from "../elementwise/comparison.ts";
import { where } from "../elementwise/where.ts";
import { flatten, reshaped } from "../movement/reshape.ts";
import { sliced } from "../movement/slice.ts";
import { gathered } from "./primitives.ts";

/**
 * Element [i, j, …] of the result is x[i, j, …] with its index along `dim` replaced by index[i, j, …].
 *
 * @param index integers, as many dimensions as x, none longer but `dim`; the result has its shape
 * @throws {ShapeError} where the index has other dimensions, or one that is longer
 * @throws {DTypeError} for an index that is no integer
 * @throws {IndexError} for a dimension or a position that x does not have: the latter when a result is read where the
 *   device knows it first
 * @see {@link https://pytorch.org/docs/stable/generated/torch.gather.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.gather(tensor([[1, 2], [3, 4]]), 1, tensor([[0], [1]])));
 * // tensor([[1],
 * //         [4]])
 * ```
 */
export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  requireTensor("gather", "x", x);
  requireTensor("gather", "index", index);
  const axis = axisOf("gather", dim, x.ndim);
  if (x.ndim === 0) return reshaped(gather(reshaped(x, [1]), 0, flatten(index)), index.shape);
  if (index.ndim === 0) return reshaped(gather(x, dim, reshaped(index, [1])), []);
  requireFit("gather", x, axis, index);
  const { index: at, message } = checkIndex("gather", index, x.shape[axis]!);
  return gathered(cropped(x, axis, index.shape), axis, at, message);
}

/** Checks that `index` is no larger than `x` but along `axis`. */
export function requireFit(operation: string, x: Tensor, axis: number, index: Tensor): void {
  requireIndex(operation, index);
  const fits = index.ndim === x.ndim &&
    (index.numel() === 0 || index.shape.every((extent, i) => i === axis || extent <= x.shape[i]!));
  if (fits) return;
  throw new ShapeError(
    `Cannot ${operation} along dimension ${axis} of shape ${show(x.shape)} with an index of shape ${
      show(index.shape)
    }: ` +
      "it needs as many dimensions, none longer but that one. Use unsqueeze and expand",
  );
}

/** `x` cut to the extents of `shape`, but along `axis`. */
export function cropped(x: Tensor, axis: number, shape: readonly number[]): Tensor {
  if (x.shape.every((extent, i) => i === axis || extent === shape[i])) return x;
  return sliced(
    x,
    x.shape.map((extent, i) => ({ start: 0, size: i === axis ? extent : Math.min(extent, shape[i]!), step: 1 })),
  );
}

/**
 * As `gather`, with x and index broadcast against each other; of all elements, flattened, without `dim`.
 *
 * @param index integers, as many dimensions as x, where `dim` is given
 * @param dim the dimension; by position or in options
 * @throws {ShapeError} where the dimensions are not as many, or do not broadcast
 * @throws {DTypeError} for an index that is no integer
 * @throws {IndexError} for a dimension or a position that x does not have: the latter when a result is read where the
 *   device knows it first
 * @see {@link https://pytorch.org/docs/stable/generated/torch.take_along_dim.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.takeAlongDim(tensor([[1, 2], [3, 4]]), tensor([[1]]), 1));
 * // tensor([[2],
 * //         [4]])
 * ```
 */
export function takeAlongDim(x: Tensor, index: Tensor, dim?: number | { readonly dim?: number | null } | null): Tensor {
  requireTensor("takeAlongDim", "x", x);
  requireTensor("takeAlongDim", "index", index);
  const along = named<{ dim?: number | null }>(["dim"], dim).dim;
  if (along == null) return gather(flatten(x), 0, flatten(index));
  if (x.ndim !== index.ndim) {
    throw new ShapeError(
      `Cannot takeAlongDim of shape ${show(x.shape)} with an index of shape ${
        show(index.shape)
      }: give both as many dimensions`,
    );
  }
  const axis = axisOf("takeAlongDim", along, x.ndim);
  const without = (shape: readonly number[]) => shape.map((extent, i) => i === axis ? 1 : extent);
  const common = broadcastShape("takeAlongDim", without(x.shape), without(index.shape));
  const full = (t: Tensor) => expandTo(t, common.map((extent, i) => i === axis ? t.shape[axis]! : extent));
  return gather(full(x), axis, full(index));
}

/**
 * Elements of x, taken as flat, at `index`; negative indices count from the end.
 *
 * @param index integers of any shape, which is that of the result
 * @throws {DTypeError} for an index that is no integer
 * @throws {IndexError} for a position that x does not have: when a result is read where the device knows it first
 * @see {@link https://pytorch.org/docs/stable/generated/torch.take.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.take(tensor([[1, 2], [3, 4]]), tensor([0, -1]))); // tensor([1, 4])
 * ```
 */
export function take(x: Tensor, index: Tensor): Tensor {
  requireTensor("take", "x", x);
  requireTensor("take", "index", index);
  const count = x.numel();
  const { index: at, message } = checkIndex("take", index, count, -count);
  const flat = flatten(at), fromFront = where(lt(flat, 0), add(flat, count), flat);
  return reshaped(gathered(reshaped(x, [count]), 0, toDtype(fromFront, "int32"), message), index.shape);
}
