/**
 * Transposed convolution: the gradient of convolution with respect to its input, as an operation of its own.
 *
 * @module
 */

import { DTypeError, ShapeError, ValueError, type Windows } from "../../kernels/mod.ts";
import { noted } from "../../tensor/operations.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { named, show } from "../dims.ts";
import { add } from "../elementwise/arithmetic.ts";
import type { Border } from "../movement/pad.ts";
import { reshaped } from "../movement/reshape.ts";
import { batched, type PerDimension, perDimension } from "../windows.ts";
import { requireBias } from "./convolution.ts";
import { correlateInput } from "./correlate.ts";

/** Options of transposed convolutions. */
export interface ConvTransposeOptions {
  /** Distance between windows of the result; 1 by default. */
  readonly stride?: PerDimension;
  /** Elements cut off at both ends of the result; 0 by default. */
  readonly padding?: PerDimension;
  /** Elements added at the far end of the result, fewer than stride or dilation; 0 by default. */
  readonly outputPadding?: PerDimension;
  /** Blocks of channels on their own; 1 by default. */
  readonly groups?: number;
  /** Distance between elements of a window; 1 by default. */
  readonly dilation?: PerDimension;
}

function convTranspose(
  operation: string,
  rank: number,
  input: Tensor,
  weight: Tensor,
  given: readonly (Tensor | ConvTransposeOptions | null | undefined)[],
): Tensor {
  const { bias, stride = 1, padding = 0, outputPadding = 0, groups = 1, dilation = 1 } = named<
    ConvTransposeOptions & { bias?: Tensor }
  >(["bias"], ...given);
  const { shape, unbatched } = batched(operation, input, rank);
  checkWeight(operation, input, shape, weight, groups);
  const channels = weight.shape[1]! * groups, sizes = weight.shape.slice(2);
  requireBias(operation, input, bias, channels);
  const strides = perDimension(operation, "stride", stride, rank, 1);
  const pads = perDimension(operation, "padding", padding, rank, 0);
  const extras = perDimension(operation, "outputPadding", outputPadding, rank, 0);
  const dilations = perDimension(operation, "dilation", dilation, rank, 1);
  const windows = sizes.map((size, i): Windows => ({ size, stride: strides[i]!, dilation: dilations[i]! }));
  extras.forEach((extra, i) => {
    if (extra < strides[i]! || extra < dilations[i]!) return;
    throw new ValueError(`Cannot ${operation} with outputPadding ${extra}: it must be below stride or dilation`);
  });
  const whole = windows.map((w, i) => (shape[2 + i]! - 1) * w.stride + w.dilation * (w.size - 1) + 1);
  const borders = pads.map((p, i): Border => [p, p - extras[i]!]);
  const spatial = whole.map((extent, i) => extent - borders[i]![0] - borders[i]![1]);
  if (spatial.some((extent) => extent < 1)) {
    throw new ShapeError(
      `Cannot ${operation} an input of shape ${show(input.shape)} with a weight of shape ${show(weight.shape)} ` +
        `and padding ${show(pads)}: nothing would remain`,
    );
  }
  const product = correlateInput(reshaped(input, shape), weight, { windows, borders, groups }, spatial);
  const result = bias == null ? product : add(product, reshaped(bias, [1, channels, ...sizes.map(() => 1)]));
  return noted("convTranspose", unbatched ? reshaped(result, result.shape.slice(1)) : result, () => ({
    inputs: [input, weight, bias],
    attributes: { unbatched, strides, dilations, groups, pads, extras },
  }));
}

function checkWeight(operation: string, input: Tensor, shape: readonly number[], weight: Tensor, groups: number): void {
  if (input.dtype !== weight.dtype) {
    throw new DTypeError(
      `Cannot ${operation} a ${input.dtype} input with a ${weight.dtype} weight: convert one with to()`,
    );
  }
  const fits = weight.ndim === shape.length && weight.shape[0] === shape[1] && !weight.shape.slice(2).includes(0);
  if (fits && Number.isInteger(groups) && groups > 0 && shape[1]! % groups === 0) return;
  throw new ShapeError(
    `Cannot ${operation} an input of shape ${show(input.shape)} with a weight of shape ${
      show(weight.shape)
    } in ${groups} groups: the weight must be [channels of the input, channels of the result / groups, size…]`,
  );
}

/**
 * Transposed convolution over one dimension: every element of the input adds a multiple of the weight where its window lies.
 *
 * @param input [N, C, L] or [C, L]
 * @param weight [C, O / groups, size]
 * @param bias [O]
 * @returns [N, O, (L - 1) · stride - 2 · padding + dilation · (size - 1) + outputPadding + 1]
 * @param options `stride`: 1 by default; `padding`: 0; `outputPadding`: 0; `groups`: 1; `dilation`: 1
 * @throws {ShapeError} where the shapes do not fit
 * @throws {DTypeError} where the dtypes differ
 * @throws {ValueError} for an outputPadding that is not below stride or dilation
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose1d.html}
 * @example
 * ```ts
 * import { functional as F, ones, tensor } from "@tensaur/tensaur";
 * console.log(F.convTranspose1d(tensor([[[0.5, 2]]]), ones([1, 1, 2]), { stride: 2 }).tolist());
 * // [ [ [ 0.5, 0.5, 2, 2 ] ] ]
 * ```
 */
export function convTranspose1d(
  input: Tensor,
  weight: Tensor,
  bias?: Tensor | ConvTransposeOptions | null,
  options?: ConvTransposeOptions,
): Tensor {
  requireTensor("convTranspose1d", "weight", weight);
  return convTranspose("convTranspose1d", 1, input, weight, [bias, options]);
}

/**
 * Transposed convolution over two dimensions.
 *
 * @param input [N, C, H, W] or [C, H, W]
 * @param weight [C, O / groups, height, width]
 * @param bias [O]
 * @param options `stride`: 1 by default; `padding`: 0; `outputPadding`: 0; `groups`: 1; `dilation`: 1
 * @throws {ShapeError} where the shapes do not fit
 * @throws {DTypeError} where the dtypes differ
 * @throws {ValueError} for an outputPadding that is not below stride or dilation
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose2d.html}
 * @example
 * ```ts
 * import { functional as F, ones } from "@tensaur/tensaur";
 * console.log(F.convTranspose2d(ones([1, 1, 2, 2]), ones([1, 1, 2, 2])).tolist());
 * // [
 * //   [ [ [ 1, 2, 1 ], [ 2, 4, 2 ], [ 1, 2, 1 ] ] ]
 * // ]
 * ```
 */
export function convTranspose2d(
  input: Tensor,
  weight: Tensor,
  bias?: Tensor | ConvTransposeOptions | null,
  options?: ConvTransposeOptions,
): Tensor {
  requireTensor("convTranspose2d", "weight", weight);
  return convTranspose("convTranspose2d", 2, input, weight, [bias, options]);
}

/**
 * Transposed convolution over three dimensions.
 *
 * @param options `stride`: 1 by default; `padding`: 0; `outputPadding`: 0; `groups`: 1; `dilation`: 1
 * @throws {ShapeError} where the shapes do not fit
 * @throws {DTypeError} where the dtypes differ
 * @throws {ValueError} for an outputPadding that is not below stride or dilation
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose3d.html}
 * @example
 * ```ts
 * import { functional as F, ones } from "@tensaur/tensaur";
 * console.log(`${F.convTranspose3d(ones([1, 2, 3, 3, 3]), ones([2, 4, 2, 2, 2]), { stride: 2 }).shape}`); // torch.Size([1, 4, 6, 6, 6])
 * ```
 */
export function convTranspose3d(
  input: Tensor,
  weight: Tensor,
  bias?: Tensor | ConvTransposeOptions | null,
  options?: ConvTransposeOptions,
): Tensor {
  requireTensor("convTranspose3d", "weight", weight);
  return convTranspose("convTranspose3d", 3, input, weight, [bias, options]);
}
