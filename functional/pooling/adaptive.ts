/**
 * Pooling to a given number of windows.
 *
 * @module
 */

import { ShapeError } from "../../kernels/mod.ts";
import { noGrad } from "../../tensor/grad_mode.ts";
import { noted } from "../../tensor/operations.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { fromIntegers } from "../host.ts";
import { reshaped } from "../movement/reshape.ts";
import { type ValuesIndices, valuesIndices } from "../pairs.ts";
import { averaged } from "../reduction/sum.ts";
import { resampled } from "../resample.ts";
import { adaptiveWindow, area } from "../vision/filters.ts";
import { batched } from "../windows.ts";
import { asGiven, requireFloats } from "./layout.ts";
import { largestAt, maxPool, type WithIndices } from "./max.ts";

/** Extents of the result: one for all spatial dimensions, or one for each, where null keeps the input's. */
export type AdaptiveSize = number | readonly (number | null)[];

function sizesOf(operation: string, outputSize: AdaptiveSize, shape: readonly number[], input: Tensor): number[] {
  const spatial = shape.slice(2);
  const given = typeof outputSize === "number"
    ? spatial.map(() => outputSize)
    : outputSize.length === 1
    ? spatial.map(() => outputSize[0]!)
    : outputSize;
  const sizes = spatial.map((extent, i) => given[i] ?? extent);
  if (given.length !== spatial.length || sizes.some((size) => !Number.isInteger(size) || size < 0)) {
    throw new ShapeError(
      `Cannot ${operation} an input of shape ${
        show(input.shape)
      } to ${given}: give one extent from 0, or ${spatial.length}`,
    );
  }
  if (shape.slice(1).includes(0)) {
    throw new ShapeError(`Cannot ${operation} an input of shape ${show(input.shape)}: only the batch may be empty`);
  }
  return sizes;
}

/** [N, C, spatial…] averaged to these extents. For the library. */
export function adaptiveAveraged(x: Tensor, sizes: readonly number[]): Tensor {
  const spatial = x.shape.slice(2);
  if (sizes.every((size, i) => size > 0 && spatial[i]! % size === 0)) {
    // Windows of one size tile the input: a reduction of a reshaped view.
    const apart = reshaped(x, [...x.shape.slice(0, 2), ...sizes.flatMap((size, i) => [size, spatial[i]! / size])]);
    return averaged(apart, sizes.map((_, i) => 3 + 2 * i));
  }
  return sizes.reduce(
    (x, size, i) => x.shape[2 + i] === size ? x : resampled(x, 2 + i, area(x.shape[2 + i]!, size)),
    x,
  );
}

function average(operation: string, rank: number, input: Tensor, outputSize: AdaptiveSize): Tensor {
  requireFloats(operation, input);
  const { shape, unbatched } = batched(operation, input, rank);
  const sizes = sizesOf(operation, outputSize, shape, input);
  return noted("adaptiveAvgPool", asGiven(adaptiveAveraged(reshaped(input, shape), sizes), unbatched), () => ({
    inputs: [input],
    attributes: { unbatched, sizes },
  }));
}

function max(
  operation: string,
  rank: number,
  input: Tensor,
  outputSize: AdaptiveSize,
  options: AdaptiveMaxPoolOptions,
): Tensor | ValuesIndices {
  requireFloats(operation, input);
  const { shape, unbatched } = batched(operation, input, rank);
  const sizes = sizesOf(operation, outputSize, shape, input), spatial = shape.slice(2);
  if (sizes.every((size, i) => size > 0 && spatial[i]! % size === 0)) {
    return maxPool(operation, rank, input, spatial.map((extent, i) => extent / sizes[i]!), options);
  }
  const { values, indices } = largestAt(reshaped(input, shape), sizes, windowElements(spatial, sizes, input));
  if (!options.returnIndices) return asGiven(values, unbatched);
  return valuesIndices(asGiven(values, unbatched), asGiven(indices, unbatched));
}

/** [P, K]: the flat positions of the elements of each window; a window that is smaller repeats its last ones. */
function windowElements(spatial: readonly number[], sizes: readonly number[], like: Tensor): Tensor {
  let rows = [[0]];
  spatial.forEach((extent, d) => {
    const windows = Array.from({ length: sizes[d]! }, (_, i) => adaptiveWindow(extent, sizes[d]!, i));
    const longest = windows.reduce((most, [start, end]) => Math.max(most, end - start), 0);
    const along = windows.map(([start, end]) =>
      Array.from({ length: longest }, (_, k) => Math.min(start + k, end - 1))
    );
    rows = rows.flatMap((row) => along.map((line) => row.flatMap((base) => line.map((at) => base * extent + at))));
  });
  return noGrad(() => fromIntegers(rows.flat(), [1, 1, rows.length, rows[0]?.length ?? 1], like.device));
}

/**
 * Means of `outputSize` windows along one dimension; window i of n covers elements ⌊i · L / n⌋ to ⌈(i + 1) · L / n⌉ - 1.
 *
 * @param input [N, C, L] or [C, L]
 * @throws {ShapeError} where input or outputSize has other dimensions, or another extent than the batch's is 0
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool1d.html}
 * @example
 * ```ts
 * import { arange, functional as F } from "@tensaur/tensaur";
 * console.log(F.adaptiveAvgPool1d(arange(5, { dtype: "float32" }).reshape([1, 1, 5]), 2).tolist()); // [ [ [ 1, 3 ] ] ]
 * ```
 */
export function adaptiveAvgPool1d(input: Tensor, outputSize: AdaptiveSize): Tensor {
  return average("adaptiveAvgPool1d", 1, input, outputSize);
}

/**
 * Means of a grid of windows over two dimensions.
 *
 * @param input [N, C, H, W] or [C, H, W]
 * @throws {ShapeError} where input or outputSize has other dimensions, or another extent than the batch's is 0
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool2d.html}
 * @example
 * ```ts
 * import { functional as F, ones } from "@tensaur/tensaur";
 * console.log(`${F.adaptiveAvgPool2d(ones([1, 8, 7, 5]), [3, null]).shape}`); // torch.Size([1, 8, 3, 5])
 * ```
 */
export function adaptiveAvgPool2d(input: Tensor, outputSize: AdaptiveSize): Tensor {
  return average("adaptiveAvgPool2d", 2, input, outputSize);
}

/**
 * Means of a grid of windows over three dimensions.
 *
 * @throws {ShapeError} where input or outputSize has other dimensions, or another extent than the batch's is 0
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool3d.html}
 * @example
 * ```ts
 * import { arange, functional as F } from "@tensaur/tensaur";
 * console.log(F.adaptiveAvgPool3d(arange(8, { dtype: "float32" }).reshape([1, 2, 2, 2]), 1).item()); // 3.5
 * ```
 */
export function adaptiveAvgPool3d(input: Tensor, outputSize: AdaptiveSize): Tensor {
  return average("adaptiveAvgPool3d", 3, input, outputSize);
}

/** Options of adaptive max pooling. */
export interface AdaptiveMaxPoolOptions {
  /** Also returns where each element was found; false by default. */
  readonly returnIndices?: boolean;
}

/** An adaptive max pooling. With `returnIndices` it also gives the row-major position of each element in its plane. */
export interface AdaptiveMaxPooling {
  (input: Tensor, outputSize: AdaptiveSize, options: WithIndices): ValuesIndices;
  (input: Tensor, outputSize: AdaptiveSize, options?: { readonly returnIndices?: false }): Tensor;
  (input: Tensor, outputSize: AdaptiveSize, options?: AdaptiveMaxPoolOptions): Tensor | ValuesIndices;
}

function adaptiveMax(operation: string, rank: number): AdaptiveMaxPooling {
  const pool = (input: Tensor, outputSize: AdaptiveSize, options: AdaptiveMaxPoolOptions = {}) =>
    max(operation, rank, input, outputSize, options);
  return pool as AdaptiveMaxPooling;
}

/**
 * The largest elements of `outputSize` windows along one dimension.
 *
 * @throws {ShapeError} where input or outputSize has other dimensions, or another extent than the batch's is 0
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_max_pool1d.html}
 * @example
 * ```ts
 * import { arange, functional as F } from "@tensaur/tensaur";
 * console.log(F.adaptiveMaxPool1d(arange(5, { dtype: "float32" }).reshape([1, 1, 5]), 2).tolist()); // [ [ [ 2, 4 ] ] ]
 * ```
 */
export const adaptiveMaxPool1d: AdaptiveMaxPooling = adaptiveMax("adaptiveMaxPool1d", 1);

/**
 * The largest elements of a grid of windows over two dimensions.
 *
 * @throws {ShapeError} where input or outputSize has other dimensions, or another extent than the batch's is 0
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_max_pool2d.html}
 * @example
 * ```ts
 * import { arange, functional as F } from "@tensaur/tensaur";
 * const x = arange(9, { dtype: "float32" }).reshape([1, 1, 3, 3]);
 * console.log(F.adaptiveMaxPool2d(x, 2, { returnIndices: true }).indices.tolist());
 * // [
 * //   [ [ [ 4, 5 ], [ 7, 8 ] ] ]
 * // ]
 * ```
 */
export const adaptiveMaxPool2d: AdaptiveMaxPooling = adaptiveMax("adaptiveMaxPool2d", 2);

/**
 * The largest elements of a grid of windows over three dimensions.
 *
 * @throws {ShapeError} where input or outputSize has other dimensions, or another extent than the batch's is 0
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_max_pool3d.html}
 * @example
 * ```ts
 * import { arange, functional as F } from "@tensaur/tensaur";
 * console.log(F.adaptiveMaxPool3d(arange(8, { dtype: "float32" }).reshape([1, 2, 2, 2]), 1).item()); // 7
 * ```
 */
export const adaptiveMaxPool3d: AdaptiveMaxPooling = adaptiveMax("adaptiveMaxPool3d", 3);
