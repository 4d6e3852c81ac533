/**
 * Max pooling.
 *
 * @module
 */

import { bounds, numel, type Windows } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { noGrad } from "../../tensor/grad_mode.ts";
import { noted } from "../../tensor/operations.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { expandTo } from "../broadcast.ts";
import { custom } from "../custom.ts";
import { add, mul } from "../elementwise/arithmetic.ts";
import { eq } from "../elementwise/comparison.ts";
import { div, remainder } from "../elementwise/division.ts";
import { where } from "../elementwise/where.ts";
import { positions } from "../host.ts";
import { type Border, bordered } from "../movement/pad.ts";
import { reshaped } from "../movement/reshape.ts";
import { type ValuesIndices, valuesIndices } from "../pairs.ts";
import { amax, argmax, firstOf } from "../reduction/extremes.ts";
import { gathered } from "../selection/primitives.ts";
import { overlapped, type PerDimension, windowed } from "../windows.ts";
import { asGiven, flattenWindows, layoutOf, requireFloats, type WindowOptions } from "./layout.ts";

/** Options of max pooling; padding is never chosen. */
export interface MaxPoolOptions extends WindowOptions {
  /** Also returns where each element was found; false by default. */
  readonly returnIndices?: boolean;
}

/** Options that ask for indices. */
export interface WithIndices {
  /** Also returns where each element was found. */
  readonly returnIndices: true;
}

/** A max pooling. With `returnIndices` it also gives the row-major position of each element in its plane. */
export interface MaxPooling {
  (input: Tensor, kernelSize: PerDimension, options: MaxPoolOptions & WithIndices): ValuesIndices;
  (input: Tensor, kernelSize: PerDimension, options?: MaxPoolOptions & { readonly returnIndices?: false }): Tensor;
  (input: Tensor, kernelSize: PerDimension, options?: MaxPoolOptions): Tensor | ValuesIndices;
}

/** The largest element of every window and, where asked for, where it is in the input. */
export function maxPool(
  operation: string,
  rank: number,
  input: Tensor,
  kernelSize: PerDimension,
  options: MaxPoolOptions,
): Tensor | ValuesIndices {
  requireFloats(operation, input);
  const { shape, unbatched, windows, borders, padding } = layoutOf(operation, rank, input, kernelSize, options);
  const x = reshaped(input, shape);
  const sizes = windows.map((w) => w.size), size = sizes.reduce((a, b) => a * b, 1);
  const elements = (x: Tensor) => flattenWindows(windowed(bordered(x, borders, bounds(x.dtype).lowest), windows), rank);
  const chosen = (x: Tensor, largest: Tensor) =>
    noGrad(() => firstOf(elements(x), reshaped(largest, [...largest.shape, 1]), rank + 2));
  const spatial = borders.slice(2).map(([before, after], i) => shape[2 + i]! + before + after);
  const pooled = custom("maxPool", [x], () => amax(elements(x), -1), [(grad, [x], largest) => {
    const here = eq(positions(size, rank + 2, rank + 3, grad.device), chosen(x!, largest));
    const spread = where(here, reshaped(grad, [...grad.shape, 1]), 0);
    const apart = reshaped(spread, [...grad.shape, ...sizes]);
    return bordered(overlapped(apart, windows, spatial), borders.map(([before, after]): Border => [-before, -after]));
  }]);
  const values = asGiven(pooled, unbatched);
  const attributes = { unbatched, windows, padding, borders: options.ceilMode ? borders : null };
  const note = <T extends Tensor | readonly Tensor[]>(output: T): T =>
    noted("maxPool", output, () => ({ inputs: [input], attributes }));
  if (!options.returnIndices) return note(values);
  const indices = noGrad(() => inputPositions(reshaped(chosen(x, pooled), pooled.shape), shape, windows, padding));
  return note(valuesIndices(values, asGiven(indices, unbatched)));
}

/** Row-major position in the unpadded input of each window's chosen element. */
function inputPositions(
  chosen: Tensor,
  shape: readonly number[],
  windows: readonly Windows[],
  padding: readonly number[],
): Tensor {
  const rank = windows.length;
  let rest = chosen;
  const within: Tensor[] = [];
  for (let i = rank - 1; i >= 0; i--) {
    within[i] = remainder(rest, windows[i]!.size);
    rest = div(rest, windows[i]!.size, { roundingMode: "floor" });
  }
  let flat: Tensor | undefined;
  windows.forEach(({ stride, dilation }, i) => {
    const start = mul(positions(chosen.shape[2 + i]!, 2 + i, rank + 2, chosen.device), stride);
    const at = add(add(start, mul(within[i]!, dilation)), -padding[i]!);
    flat = flat === undefined ? at : add(mul(flat, shape[2 + i]!), at);
  });
  return toDtype(flat!, "int32");
}

/**
 * The largest of the elements of `x` [N, C, spatial…] that each row of `elements` names by flat position ([N or 1, C or 1, P, K]), and
 * which it is; in the result the P rows have the shape `sizes`. For the library.
 */
export function largestAt(x: Tensor, sizes: readonly number[], elements: Tensor): ValuesIndices {
  const [n, c] = x.shape as readonly number[] as [number, number];
  const [rows, each] = elements.shape.slice(2) as [number, number];
  const flat = reshaped(x, [n, c, numel(x.shape.slice(2))]);
  const at = noGrad(() => {
    const everywhere = expandTo(elements, [n, c, rows, each]);
    const found = reshaped(gathered(flat, 2, reshaped(everywhere, [n, c, rows * each])), [n, c, rows, each]);
    const first = reshaped(argmax(found, -1), [n, c, rows, 1]);
    return reshaped(gathered(everywhere, 3, first), [n, c, rows]);
  });
  const shape = [n, c, ...sizes];
  return valuesIndices(reshaped(gathered(flat, 2, at), shape), reshaped(at, shape));
}

function pooling(operation: string, rank: number): MaxPooling {
  const pool = (input: Tensor, kernelSize: PerDimension, options: MaxPoolOptions = {}) =>
    maxPool(operation, rank, input, kernelSize, options);
  return pool as MaxPooling;
}

/**
 * The largest element of every window along one dimension.
 *
 * @throws {ShapeError} where the input has other dimensions, or no window fits
 * @throws {DTypeError} for integers and bools
 * @throws {ValueError} for windows that cannot be
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.max_pool1d.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * const [values, indices] = F.maxPool1d(tensor([[[0.5, 1.5, 3.5, 2.5]]]), 2, { returnIndices: true });
 * console.log(values.tolist(), indices.tolist()); // [ [ [ 1.5, 3.5 ] ] ] [ [ [ 1, 2 ] ] ]
 * ```
 */
export const maxPool1d: MaxPooling = pooling("maxPool1d", 1);

/**
 * The largest element of every window over two dimensions, [N, C, H, W] or [C, H, W].
 *
 * @throws {ShapeError} where the input has other dimensions, or no window fits
 * @throws {DTypeError} for integers and bools
 * @throws {ValueError} for windows that cannot be
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.max_pool2d.html}
 * @example
 * ```ts
 * import { arange, functional as F } from "@tensaur/tensaur";
 * console.log(F.maxPool2d(arange(16, { dtype: "float32" }).reshape([1, 1, 4, 4]), 2).tolist());
 * // [
 * //   [ [ [ 5, 7 ], [ 13, 15 ] ] ]
 * // ]
 * ```
 */
export const maxPool2d: MaxPooling = pooling("maxPool2d", 2);

/**
 * The largest element of every window over three dimensions.
 *
 * @throws {ShapeError} where the input has other dimensions, or no window fits
 * @throws {DTypeError} for integers and bools
 * @throws {ValueError} for windows that cannot be
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.max_pool3d.html}
 * @example
 * ```ts
 * import { arange, functional as F } from "@tensaur/tensaur";
 * console.log(F.maxPool3d(arange(8, { dtype: "float32" }).reshape([1, 2, 2, 2]), 2).item()); // 7
 * ```
 */
export const maxPool3d: MaxPooling = pooling("maxPool3d", 3);
