/**
 * Average pooling.
 *
 * @module
 */

import { isFloat, ValueError, type Windows } from "../../kernels/mod.ts";
import { noted } from "../../tensor/operations.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { div } from "../elementwise/division.ts";
import { filled } from "../host.ts";
import { type Border, bordered } from "../movement/pad.ts";
import { reshaped } from "../movement/reshape.ts";
import { summed } from "../reduction/sum.ts";
import { type PerDimension, windowed } from "../windows.ts";
import { asGiven, flattenWindows, layoutOf } from "./layout.ts";

/** Options of average pooling. */
export interface AvgPoolOptions {
  /** Distance between windows; the window's size by default. */
  readonly stride?: PerDimension | null;
  /** Zeros added at both ends; at most half the window. 0 by default. */
  readonly padding?: PerDimension;
  /** Lets the last window reach past the end; false by default. */
  readonly ceilMode?: boolean;
  /** Whether the mean counts padding; true by default. */
  readonly countIncludePad?: boolean;
  /** Divides by this number instead of the window's size; none by default. */
  readonly divisorOverride?: number | null;
}

/** The mean of every window over `rank` dimensions. For the library. */
export function avgPool(
  operation: string,
  rank: number,
  input: Tensor,
  kernelSize: PerDimension,
  options: AvgPoolOptions,
): Tensor {
  const { countIncludePad = true, divisorOverride } = options;
  if (divisorOverride === 0) throw new ValueError(`Cannot ${operation} with divisorOverride 0`);
  const { shape, unbatched, windows, borders, padding } = layoutOf(operation, rank, input, kernelSize, options);
  const x = reshaped(input, shape);
  const sums = summed(flattenWindows(windowed(bordered(x, borders), windows), rank), [rank + 2]);
  const size = windows.reduce((n, w) => n * w.size, 1);
  const everyWindowCounts = borders.slice(2).every(([before, after], i) =>
    countIncludePad ? after <= padding[i]! : before + after <= 0
  );
  const divisor = divisorOverride ??
    (everyWindowCounts ? size : counts(x, shape, windows, borders, padding, countIncludePad));
  const means = isFloat(x.dtype) ? div(sums, divisor) : div(sums, divisor, { roundingMode: "trunc" });
  return noted("avgPool", asGiven(means, unbatched), () => ({
    inputs: [input],
    attributes: {
      unbatched,
      windows,
      padding,
      borders: options.ceilMode ? borders : null,
      countIncludePad,
      divisorOverride,
    },
  }));
}

/** How many elements each window holds: those of the input, and its padding where that counts, but nothing past it. */
function counts(
  x: Tensor,
  shape: readonly number[],
  windows: readonly Windows[],
  borders: readonly Border[],
  padding: readonly number[],
  countIncludePad: boolean,
): Tensor {
  const counted = countIncludePad ? padding : padding.map(() => 0);
  const ones = filled([1, 1, ...shape.slice(2).map((extent, i) => extent + 2 * counted[i]!)], 1, x.dtype, x.device);
  const rest = borders.map(([before, after], i): Border =>
    i < 2 ? [0, 0] : [before - counted[i - 2]!, after - counted[i - 2]!]
  );
  return summed(flattenWindows(windowed(bordered(ones, rest), windows), windows.length), [windows.length + 2]);
}

/**
 * The mean of every window along one dimension.
 *
 * @throws {ShapeError} where the input has other dimensions, or no window fits
 * @throws {ValueError} for windows that cannot be, and for a divisorOverride of 0
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool1d.html}
 * @example
 * ```ts
 * import { arange, functional as F } from "@tensaur/tensaur";
 * console.log(F.avgPool1d(arange(6, { dtype: "float32" }).reshape([1, 1, 6]), 2).tolist());
 * // [ [ [ 0.5, 2.5, 4.5 ] ] ]
 * ```
 */
export function avgPool1d(input: Tensor, kernelSize: PerDimension, options: AvgPoolOptions = {}): Tensor {
  return avgPool("avgPool1d", 1, input, kernelSize, options);
}

/**
 * The mean of every window over two dimensions.
 *
 * @throws {ShapeError} where the input has other dimensions, or no window fits
 * @throws {ValueError} for windows that cannot be, and for a divisorOverride of 0
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool2d.html}
 * @example
 * ```ts
 * import { arange, functional as F } from "@tensaur/tensaur";
 * console.log(F.avgPool2d(arange(4, { dtype: "float32" }).reshape([1, 1, 2, 2]), 2).item()); // 1.5
 * ```
 */
export function avgPool2d(input: Tensor, kernelSize: PerDimension, options: AvgPoolOptions = {}): Tensor {
  return avgPool("avgPool2d", 2, input, kernelSize, options);
}

/**
 * The mean of every window over three dimensions.
 *
 * @throws {ShapeError} where the input has other dimensions, or no window fits
 * @throws {ValueError} for windows that cannot be, and for a divisorOverride of 0
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool3d.html}
 * @example
 * ```ts
 * import { arange, functional as F } from "@tensaur/tensaur";
 * console.log(F.avgPool3d(arange(8, { dtype: "float32" }).reshape([1, 2, 2, 2]), 2).item()); // 3.5
 * ```
 */
export function avgPool3d(input: Tensor, kernelSize: PerDimension, options: AvgPoolOptions = {}): Tensor {
  return avgPool("avgPool3d", 3, input, kernelSize, options);
}
