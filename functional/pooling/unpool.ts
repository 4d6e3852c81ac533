/**
 * Max unpooling: elements put back where max pooling found them.
 *
 * @module
 */

import { isInteger, numel, sameShape, ShapeError } from "../../kernels/mod.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkIndex } from "../check_index.ts";
import { show } from "../dims.ts";
import { filled } from "../host.ts";
import { reshaped } from "../movement/reshape.ts";
import { scatterSet } from "../selection/primitives.ts";
import { batched, type PerDimension, perDimension } from "../windows.ts";
import { asGiven, strideOf } from "./layout.ts";

/** Options of max unpooling. */
export interface MaxUnpoolOptions {
  /** Distance between the pooling's windows; their size by default. */
  readonly stride?: PerDimension | null;
  /** What the pooling added at both ends; 0 by default. */
  readonly padding?: PerDimension;
  /** The shape of the result, or its spatial extents, where several would fit. */
  readonly outputSize?: readonly number[] | null;
}

function maxUnpool(
  operation: string,
  rank: number,
  input: Tensor,
  indices: Tensor,
  kernelSize: PerDimension,
  { stride, padding = 0, outputSize }: MaxUnpoolOptions,
): Tensor {
  const { shape, unbatched } = batched(operation, input, rank);
  if (!isInteger(indices.dtype) || !sameShape(input.shape, indices.shape)) {
    throw new ShapeError(
      `Cannot ${operation} an input of shape ${show(input.shape)} with ${indices.dtype} indices of shape ${
        show(indices.shape)
      }: give the integers that max pooling returned with returnIndices, one for each element`,
    );
  }
  if (shape.slice(1).includes(0)) {
    throw new ShapeError(`Cannot ${operation} an input of shape ${show(input.shape)}: only the batch may be empty`);
  }
  const sizes = perDimension(operation, "kernelSize", kernelSize, rank, 1);
  const strides = perDimension(operation, "stride", strideOf(stride, kernelSize), rank, 1);
  const pads = perDimension(operation, "padding", padding, rank, 0);
  const least = sizes.map((size, i) => (shape[2 + i]! - 1) * strides[i]! - 2 * pads[i]! + size);
  const spatial = extentsOf(operation, least, strides, outputSize);
  const [n, c] = shape as readonly number[] as [number, number];
  const count = numel(shape.slice(2)), plane = numel(spatial);
  const { index, message } = checkIndex(operation, reshaped(indices, [n, c, count]), plane);
  const empty = filled([n, c, plane], 0, input.dtype, input.device);
  const placed = scatterSet(empty, 2, index, reshaped(input, [n, c, count]), message);
  return asGiven(reshaped(placed, [n, c, ...spatial]), unbatched);
}

/** The extents that were asked for, if the pooling could have had them as input. */
function extentsOf(
  operation: string,
  least: readonly number[],
  strides: readonly number[],
  outputSize: readonly number[] | null | undefined,
): readonly number[] {
  const given = outputSize == null ? least : outputSize.slice(-least.length);
  const fits = given.length === least.length && given.every((extent, i) => {
    return extent > 0 && (outputSize == null || Math.abs(extent - least[i]!) < strides[i]!);
  });
  if (fits) return given;
  throw new ShapeError(
    `Cannot ${operation} to spatial extents ${show(given)}: the pooling's windows fit ${
      show(least)
    }, give or take less than the stride`,
  );
}

/**
 * Zeros, but for the elements of the input at their `indices`: the partial inverse of `maxPool1d`.
 *
 * @param indices what `maxPool1d` returns with `returnIndices`
 * @throws {ShapeError} where the indices do not fit the input, or the extents not the windows
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.max_unpool1d.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * const [values, indices] = F.maxPool1d(tensor([[[0.5, 1.5, 3.5, 2.5]]]), 2, { returnIndices: true });
 * console.log(F.maxUnpool1d(values, indices, 2).tolist()); // [ [ [ 0, 1.5, 3.5, 0 ] ] ]
 * ```
 */
export function maxUnpool1d(
  input: Tensor,
  indices: Tensor,
  kernelSize: PerDimension,
  options: MaxUnpoolOptions = {},
): Tensor {
  requireTensor("maxUnpool1d", "indices", indices);
  return maxUnpool("maxUnpool1d", 1, input, indices, kernelSize, options);
}

/**
 * The partial inverse of `maxPool2d`.
 *
 * @throws {ShapeError} where the indices do not fit the input, or the extents not the windows
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.max_unpool2d.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * const [values, indices] = F.maxPool2d(tensor([[[0.5, 1.5], [3.5, 2.5]]]), 2, { returnIndices: true });
 * console.log(F.maxUnpool2d(values, indices, 2).tolist()); // [ [ [ 0, 0 ], [ 3.5, 0 ] ] ]
 * ```
 */
export function maxUnpool2d(
  input: Tensor,
  indices: Tensor,
  kernelSize: PerDimension,
  options: MaxUnpoolOptions = {},
): Tensor {
  requireTensor("maxUnpool2d", "indices", indices);
  return maxUnpool("maxUnpool2d", 2, input, indices, kernelSize, options);
}

/**
 * The partial inverse of `maxPool3d`.
 *
 * @throws {ShapeError} where the indices do not fit the input, or the extents not the windows
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.max_unpool3d.html}
 * @example
 * ```ts
 * import { functional as F, randn } from "@tensaur/tensaur";
 * const [values, indices] = F.maxPool3d(randn([1, 1, 4, 4, 4]), 2, { returnIndices: true });
 * console.log(`${F.maxUnpool3d(values, indices, 2).shape}`); // torch.Size([1, 1, 4, 4, 4])
 * ```
 */
export function maxUnpool3d(
  input: Tensor,
  indices: Tensor,
  kernelSize: PerDimension,
  options: MaxUnpoolOptions = {},
): Tensor {
  requireTensor("maxUnpool3d", "indices", indices);
  return maxUnpool("maxUnpool3d", 3, input, indices, kernelSize, options);
}
