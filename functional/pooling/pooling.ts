/**
 * Pooling: the largest, or the mean, of every window.
 *
 * @module
 */

import { bounds, DTypeError, isFloat, ShapeError, ValueError, type Windows } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { noGrad } from "../../tensor/grad_mode.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { custom } from "../custom.ts";
import { show } from "../dims.ts";
import { add, mul } from "../elementwise/arithmetic.ts";
import { eq } from "../elementwise/comparison.ts";
import { div, remainder } from "../elementwise/division.ts";
import { where } from "../elementwise/where.ts";
import { filled, positions } from "../host.ts";
import { type Border, bordered } from "../movement/pad.ts";
import { reshaped } from "../movement/reshape.ts";
import { amax, argmax } from "../reduction/extremes.ts";
import { summed } from "../reduction/sum.ts";
import { batched, overlapped, type PerDimension, perDimension, windowed } from "../windows.ts";

/** Options of max pooling. */
export interface MaxPoolOptions {
  /** Distance between windows; the window's size by default. */
  readonly stride?: PerDimension | null;
  /** Elements added at both ends, never chosen; at most half the window. 0 by default. */
  readonly padding?: PerDimension;
  /** Distance between elements of a window; 1 by default. */
  readonly dilation?: PerDimension;
  /** Lets the last window reach past the end. */
  readonly ceilMode?: boolean;
}

/** Options of average pooling. */
export interface AvgPoolOptions {
  /** Distance between windows; the window's size by default. */
  readonly stride?: PerDimension | null;
  /** Zeros added at both ends; at most half the window. 0 by default. */
  readonly padding?: PerDimension;
  /** Lets the last window reach past the end. */
  readonly ceilMode?: boolean;
  /** Whether the mean counts padding; true by default. */
  readonly countIncludePad?: boolean;
  /** Divides by this number instead of the window's size. */
  readonly divisorOverride?: number | null;
}

/** The windows of a pooling, and the borders that make every one of them fit. */
interface Layout {
  readonly shape: readonly number[];
  readonly unbatched: boolean;
  readonly windows: readonly Windows[];
  readonly borders: readonly Border[];
  readonly padding: readonly number[];
}

function layoutOf(
  operation: string,
  rank: number,
  input: Tensor,
  kernelSize: PerDimension,
  { stride, padding = 0, dilation = 1, ceilMode = false }: MaxPoolOptions,
): Layout {
  if (!isFloat(input.dtype)) {
    throw new DTypeError(`Cannot ${operation} a ${input.dtype} tensor: convert it with to("float32")`);
  }
  const { shape, unbatched } = batched(operation, input, rank);
  const sizes = perDimension(operation, "kernelSize", kernelSize, rank, 1);
  const strides = perDimension(operation, "stride", stride ?? kernelSize, rank, 1);
  const pads = perDimension(operation, "padding", padding, rank, 0);
  const dilations = perDimension(operation, "dilation", dilation, rank, 1);
  const windows = sizes.map((size, i): Windows => ({ size, stride: strides[i]!, dilation: dilations[i]! }));
  const borders = windows.map(({ size, stride, dilation }, i): Border => {
    const pad = pads[i]!, extent = shape[2 + i]!;
    if (2 * pad > size) {
      throw new ValueError(
        `Cannot ${operation} with padding ${pad} of windows of ${size}: it may be half of them at most`,
      );
    }
    const span = extent + 2 * pad - dilation * (size - 1) - 1;
    let count = Math.floor(span / stride) + 1;
    if (ceilMode) {
      count = Math.ceil(span / stride) + 1;
      // The last window starts inside the input or its left padding.
      if ((count - 1) * stride >= extent + pad) count--;
    }
    if (count < 1) {
      throw new ShapeError(
        `Cannot ${operation} an input of shape ${show(input.shape)} by windows of ${
          show(sizes)
        }: the output would be empty`,
      );
    }
    const reach = (count - 1) * stride + dilation * (size - 1) + 1;
    return [pad, reach - extent - pad];
  });
  return { shape, unbatched, windows, borders: [[0, 0], [0, 0], ...borders], padding: pads };
}

/** [N, C, P…, K…] with the window's elements as one last axis. */
function flattenWindows(x: Tensor, rank: number): Tensor {
  const lead = x.shape.slice(0, -rank);
  return reshaped(x, [...lead, x.shape.slice(-rank).reduce((a, b) => a * b, 1)]);
}

function maxPool(
  operation: string,
  rank: number,
  input: Tensor,
  kernelSize: PerDimension,
  options: MaxPoolOptions,
): [Tensor, Tensor] {
  const { shape, unbatched, windows, borders, padding } = layoutOf(operation, rank, input, kernelSize, options);
  const x = reshaped(input, shape);
  const sizes = windows.map((w) => w.size), size = sizes.reduce((a, b) => a * b, 1);
  const elements = (x: Tensor) => flattenWindows(windowed(bordered(x, borders, bounds(x.dtype).lowest), windows), rank);
  const chosen = noGrad(() => argmax(elements(x), -1));
  const spatial = borders.slice(2).map(([before, after], i) => shape[2 + i]! + before + after);
  const pooled = custom("maxPool", [x], () => amax(elements(x), -1), [(grad) => {
    const here = eq(positions(size, rank + 2, rank + 3, x.device), reshaped(chosen, [...chosen.shape, 1]));
    const spread = where(here, reshaped(grad, [...grad.shape, 1]), 0);
    const apart = reshaped(spread, [...grad.shape, ...sizes]);
    return bordered(overlapped(apart, windows, spatial), borders.map(([before, after]): Border => [-before, -after]));
  }]);
  const indices = noGrad(() => inputPositions(chosen, shape, windows, padding));
  return unbatched
    ? [reshaped(pooled, pooled.shape.slice(1)), reshaped(indices, indices.shape.slice(1))]
    : [pooled, indices];
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

function avgPool(
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
  const pooled = div(sums, divisor);
  return unbatched ? reshaped(pooled, pooled.shape.slice(1)) : pooled;
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
 * The largest element of every window along one dimension.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.max_pool1d.html}
 * @example
 * ```ts
 * import { arange, functional as F } from "@tensaur/tensaur";
 * console.log(F.maxPool1d(arange(6, { dtype: "float32" }).reshape([1, 1, 6]), 2).tolist()); // [[[1, 3, 5]]]
 * ```
 */
export function maxPool1d(input: Tensor, kernelSize: PerDimension, options: MaxPoolOptions = {}): Tensor {
  return maxPool("maxPool1d", 1, input, kernelSize, options)[0];
}

/**
 * The largest element of every window over two dimensions.
 *
 * @param input [N, C, H, W] or [C, H, W]
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.max_pool2d.html}
 * @example
 * ```ts
 * import { arange, functional as F } from "@tensaur/tensaur";
 * console.log(F.maxPool2d(arange(16, { dtype: "float32" }).reshape([1, 1, 4, 4]), 2).tolist()); // [[[[5, 7], [13, 15]]]]
 * ```
 */
export function maxPool2d(input: Tensor, kernelSize: PerDimension, options: MaxPoolOptions = {}): Tensor {
  return maxPool("maxPool2d", 2, input, kernelSize, options)[0];
}

/**
 * The largest element of every window over three dimensions.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.max_pool3d.html}
 * @example
 * ```ts
 * import { arange, functional as F } from "@tensaur/tensaur";
 * console.log(F.maxPool3d(arange(8, { dtype: "float32" }).reshape([1, 2, 2, 2]), 2).item()); // 7
 * ```
 */
export function maxPool3d(input: Tensor, kernelSize: PerDimension, options: MaxPoolOptions = {}): Tensor {
  return maxPool("maxPool3d", 3, input, kernelSize, options)[0];
}

/**
 * `maxPool1d` and where each element was found, as positions along the dimension.
 *
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * const [values, indices] = F.maxPool1dWithIndices(tensor([[[0.5, 1.5, 3.5, 2.5]]]), 2);
 * console.log(values.tolist(), indices.tolist()); // [[[1.5, 3.5]]] [[[1, 2]]]
 * ```
 */
export function maxPool1dWithIndices(
  input: Tensor,
  kernelSize: PerDimension,
  options: MaxPoolOptions = {},
): [values: Tensor, indices: Tensor] {
  return maxPool("maxPool1d", 1, input, kernelSize, options);
}

/**
 * `maxPool2d` and where each element was found, as row-major positions in its plane.
 *
 * @example
 * ```ts
 * import { arange, functional as F } from "@tensaur/tensaur";
 * const [, indices] = F.maxPool2dWithIndices(arange(4, { dtype: "float32" }).reshape([1, 1, 2, 2]), 2);
 * console.log(indices.item()); // 3
 * ```
 */
export function maxPool2dWithIndices(
  input: Tensor,
  kernelSize: PerDimension,
  options: MaxPoolOptions = {},
): [values: Tensor, indices: Tensor] {
  return maxPool("maxPool2d", 2, input, kernelSize, options);
}

/**
 * `maxPool3d` and where each element was found, as row-major positions in its volume.
 *
 * @example
 * ```ts
 * import { arange, functional as F } from "@tensaur/tensaur";
 * const [, indices] = F.maxPool3dWithIndices(arange(8, { dtype: "float32" }).reshape([1, 2, 2, 2]), 2);
 * console.log(indices.item()); // 7
 * ```
 */
export function maxPool3dWithIndices(
  input: Tensor,
  kernelSize: PerDimension,
  options: MaxPoolOptions = {},
): [values: Tensor, indices: Tensor] {
  return maxPool("maxPool3d", 3, input, kernelSize, options);
}

/**
 * The mean of every window along one dimension.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool1d.html}
 * @example
 * ```ts
 * import { arange, functional as F } from "@tensaur/tensaur";
 * console.log(F.avgPool1d(arange(6, { dtype: "float32" }).reshape([1, 1, 6]), 2).tolist()); // [[[0.5, 2.5, 4.5]]]
 * ```
 */
export function avgPool1d(input: Tensor, kernelSize: PerDimension, options: AvgPoolOptions = {}): Tensor {
  return avgPool("avgPool1d", 1, input, kernelSize, options);
}

/**
 * The mean of every window over two dimensions.
 *
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
