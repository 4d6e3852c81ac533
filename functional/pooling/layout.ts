/**
 * Which windows a pooling has, and where they lie.
 *
 * @module
 */

import { DTypeError, isFloat, ShapeError, ValueError, type Windows } from "../../kernels/mod.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import type { Border } from "../movement/pad.ts";
import { reshaped } from "../movement/reshape.ts";
import { batched, type PerDimension, perDimension } from "../windows.ts";

/** Where windows lie. */
export interface WindowOptions {
  /** Distance between windows; the window's size by default. */
  readonly stride?: PerDimension | null;
  /** Elements added at both ends; at most half the window. 0 by default. */
  readonly padding?: PerDimension;
  /** Distance between elements of a window; 1 by default. */
  readonly dilation?: PerDimension;
  /** Lets the last window reach past the end; false by default. */
  readonly ceilMode?: boolean;
}

/** The windows of a pooling, and the borders that make every one of them fit. */
export interface Layout {
  readonly shape: readonly number[];
  readonly unbatched: boolean;
  readonly windows: readonly Windows[];
  readonly borders: readonly Border[];
  readonly padding: readonly number[];
}

/** The layout of a pooling of `input` over `rank` dimensions. Throws where windows and input do not fit. */
export function layoutOf(
  operation: string,
  rank: number,
  input: Tensor,
  kernelSize: PerDimension,
  { stride, padding = 0, dilation = 1, ceilMode = false }: WindowOptions,
): Layout {
  const { shape, unbatched } = batched(operation, input, rank);
  const sizes = perDimension(operation, "kernelSize", kernelSize, rank, 1);
  const strides = perDimension(operation, "stride", strideOf(stride, kernelSize), rank, 1);
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
export function flattenWindows(x: Tensor, rank: number): Tensor {
  const lead = x.shape.slice(0, -rank);
  return reshaped(x, [...lead, x.shape.slice(-rank).reduce((a, b) => a * b, 1)]);
}

/** The stride of windows of `kernelSize`: their size where none is given. */
export function strideOf(stride: PerDimension | null | undefined, kernelSize: PerDimension): PerDimension {
  return stride == null || (typeof stride !== "number" && stride.length === 0) ? kernelSize : stride;
}

/** Refuses what has no fraction. */
export function requireFloats(operation: string, input: Tensor): void {
  requireTensor(operation, "input", input);
  if (isFloat(input.dtype)) return;
  throw new DTypeError(`Cannot ${operation} a ${input.dtype} tensor: convert it with to("float32")`);
}

/** `x` without its batch dimension, where the input had none. */
export function asGiven(x: Tensor, unbatched: boolean): Tensor {
  return unbatched ? reshaped(x, x.shape.slice(1)) : x;
}
