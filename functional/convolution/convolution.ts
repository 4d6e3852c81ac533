/**
 * Convolution in one, two and three dimensions.
 *
 * @module
 */

import { DTypeError, ShapeError, ValueError, windowCount, type Windows } from "../../kernels/mod.ts";
import { noted } from "../../tensor/operations.ts";
import { requireTensor, requireTensorOrNone } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { named, show } from "../dims.ts";
import { add } from "../elementwise/arithmetic.ts";
import { permuted } from "../movement/permute.ts";
import { reshaped } from "../movement/reshape.ts";
import { batched, type PerDimension, perDimension } from "../windows.ts";
import { correlate } from "./correlate.ts";

/** Options of convolutions. */
export interface ConvolutionOptions {
  /** Distance between windows; 1 by default. */
  readonly stride?: PerDimension;
  /** Zeros added at both ends, "same" for as many outputs as inputs, or "valid" for none; 0 by default. */
  readonly padding?: PerDimension | "same" | "valid";
  /** Distance between elements of a window; 1 by default. */
  readonly dilation?: PerDimension;
  /** Blocks of channels that are convolved on their own; 1 by default. */
  readonly groups?: number;
}

/** Checks that weight and bias fit the input; the number of output channels. */
function checkShapes(
  operation: string,
  shape: readonly number[],
  input: Tensor,
  weight: Tensor,
  bias: Tensor | null | undefined,
  groups: number,
): void {
  if (input.dtype !== weight.dtype) {
    throw new DTypeError(
      `Cannot ${operation} a ${input.dtype} input with a ${weight.dtype} weight: convert one with to()`,
    );
  }
  if (weight.ndim !== shape.length) {
    throw new ShapeError(
      `Cannot ${operation} an input of shape ${show(input.shape)} with a weight of shape ${
        show(weight.shape)
      }: the weight must have ${shape.length} dimensions`,
    );
  }
  if (!Number.isInteger(groups) || groups < 1 || weight.shape[0]! % groups !== 0) {
    throw new ValueError(
      `Cannot ${operation} into ${weight.shape[0]} channels in ${groups} groups: groups must divide them`,
    );
  }
  if (shape[1] !== weight.shape[1]! * groups) {
    throw new ShapeError(
      `Cannot ${operation} an input of shape ${show(input.shape)} with a weight of shape ${
        show(weight.shape)
      } and ${groups} group${groups === 1 ? "" : "s"}: ` +
        `the input must have ${weight.shape[1]! * groups} channels`,
    );
  }
  requireBias(operation, input, bias, weight.shape[0]!);
}

/** Refuses a bias that does not fit the result's channels, or the input's dtype. For the library. */
export function requireBias(
  operation: string,
  input: Tensor,
  bias: Tensor | null | undefined,
  channels: number,
): void {
  requireTensorOrNone(operation, "bias", bias);
  if (bias == null) return;
  if (bias.dtype !== input.dtype) {
    throw new DTypeError(`Cannot ${operation} a ${input.dtype} input with a ${bias.dtype} bias: convert one with to()`);
  }
  if (bias.ndim !== 1 || bias.shape[0] !== channels) {
    throw new ShapeError(`Cannot ${operation} with a bias of shape ${show(bias.shape)}: it must be [${channels}]`);
  }
}

function convolve(
  operation: string,
  rank: number,
  input: Tensor,
  weight: Tensor,
  given: readonly (Tensor | ConvolutionOptions | null | undefined)[],
): Tensor {
  const { bias, stride = 1, padding = 0, dilation = 1, groups = 1 } = named<ConvolutionOptions & { bias?: Tensor }>(
    ["bias"],
    ...given,
  );
  const { shape, unbatched } = batched(operation, input, rank);
  checkShapes(operation, shape, input, weight, bias, groups);
  const strides = perDimension(operation, "stride", stride, rank, 1);
  const dilations = perDimension(operation, "dilation", dilation, rank, 1);
  const sizes = weight.shape.slice(2);
  const windows = sizes.map((size, i): Windows => ({ size, stride: strides[i]!, dilation: dilations[i]! }));
  const borders = bordersOf(operation, padding, windows);
  windows.forEach((w, i) => {
    const reach = w.dilation * (w.size - 1) + 1, extent = shape[2 + i]! + borders[i]![0] + borders[i]![1];
    if (w.size > 0 && windowCount(extent, w) > 0) return;
    throw new ShapeError(
      `Cannot ${operation} an input of shape ${show(input.shape)} with a weight of shape ${show(weight.shape)}: ` +
        `the padded extent ${extent} is smaller than the window, which covers ${reach}`,
    );
  });
  const product = correlate(reshaped(input, shape), weight, { windows, borders, groups });
  const result = bias == null ? product : add(product, reshaped(bias, [1, bias.shape[0]!, ...sizes.map(() => 1)]));
  return noted("conv", unbatched ? reshaped(result, result.shape.slice(1)) : result, () => ({
    inputs: [input, weight, bias],
    attributes: { unbatched, strides, dilations, groups, borders },
  }));
}

function bordersOf(
  operation: string,
  padding: PerDimension | "same" | "valid",
  windows: readonly Windows[],
): [number, number][] {
  if (padding === "valid") return windows.map(() => [0, 0]);
  if (padding === "same") {
    if (windows.some((w) => w.stride !== 1)) {
      throw new ValueError(`Cannot ${operation} with padding "same" and a stride other than 1`);
    }
    return windows.map(({ size, dilation }) => {
      const total = dilation * (size - 1), before = Math.floor(total / 2);
      return [before, total - before];
    });
  }
  if (typeof padding === "string") {
    throw new ValueError(`Cannot ${operation} with padding "${padding}": it is a number, a list, "same" or "valid"`);
  }
  return perDimension(operation, "padding", padding, windows.length, 0).map((p) => [p, p]);
}

/**
 * Convolution over one spatial dimension (cross-correlation, as everywhere in deep learning).
 *
 * @param input [N, C, L] or [C, L]
 * @param weight [O, C / groups, size]
 * @param bias [O]
 * @returns [N, O, ⌊(L + 2 · padding - dilation · (size - 1) - 1) / stride⌋ + 1]
 * @param options `stride`: 1 by default; `padding`: 0, or "same" or "valid"; `dilation`: 1; `groups`: 1
 * @throws {ShapeError} where the shapes do not fit
 * @throws {DTypeError} where the dtypes differ
 * @throws {ValueError} for groups that do not divide the channels, and for another padding
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.conv1d.html}
 * @example
 * ```ts
 * import { functional as F, ones } from "@tensaur/tensaur";
 * console.log(F.conv1d(ones([1, 1, 5]), ones([1, 1, 3])).tolist()); // [ [ [ 3, 3, 3 ] ] ]
 * ```
 */
export function conv1d(
  input: Tensor,
  weight: Tensor,
  bias?: Tensor | ConvolutionOptions | null,
  options?: ConvolutionOptions,
): Tensor {
  requireTensor("conv1d", "weight", weight);
  return convolve("conv1d", 1, input, weight, [bias, options]);
}

/**
 * Convolution over two spatial dimensions: out[n, o, p] = bias[o] + Σ_{c, k} input[n, c, p · stride + k · dilation - padding] · weight[o, c, k].
 *
 * @param input [N, C, H, W] or [C, H, W]
 * @param weight [O, C / groups, height, width]
 * @param bias [O]
 * @param options `stride`: 1 by default; `padding`: 0, or "same" or "valid"; `dilation`: 1; `groups`: 1
 * @throws {ShapeError} where the shapes do not fit
 * @throws {DTypeError} where the dtypes differ
 * @throws {ValueError} for groups that do not divide the channels, and for another padding
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.conv2d.html}
 * @example
 * ```ts
 * import { functional as F, ones } from "@tensaur/tensaur";
 * console.log(F.conv2d(ones([1, 1, 3, 3]), ones([1, 1, 2, 2]), null, { stride: 1 }).tolist());
 * // [
 * //   [ [ [ 4, 4 ], [ 4, 4 ] ] ]
 * // ]
 * ```
 */
export function conv2d(
  input: Tensor,
  weight: Tensor,
  bias?: Tensor | ConvolutionOptions | null,
  options?: ConvolutionOptions,
): Tensor {
  requireTensor("conv2d", "weight", weight);
  return convolve("conv2d", 2, input, weight, [bias, options]);
}

/**
 * Convolution over three spatial dimensions.
 *
 * @param input [N, C, D, H, W] or [C, D, H, W]
 * @param weight [O, C / groups, depth, height, width]
 * @param bias [O]
 * @param options `stride`: 1 by default; `padding`: 0, or "same" or "valid"; `dilation`: 1; `groups`: 1
 * @throws {ShapeError} where the shapes do not fit
 * @throws {DTypeError} where the dtypes differ
 * @throws {ValueError} for groups that do not divide the channels, and for another padding
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.conv3d.html}
 * @example
 * ```ts
 * import { functional as F, ones } from "@tensaur/tensaur";
 * console.log(F.conv3d(ones([1, 1, 2, 2, 2]), ones([1, 1, 2, 2, 2])).item()); // 8
 * ```
 */
export function conv3d(
  input: Tensor,
  weight: Tensor,
  bias?: Tensor | ConvolutionOptions | null,
  options?: ConvolutionOptions,
): Tensor {
  requireTensor("conv3d", "weight", weight);
  return convolve("conv3d", 3, input, weight, [bias, options]);
}

/**
 * Convolution over sequences in the order time, batch, channels.
 *
 * @param input [T, N, C]
 * @param weight [size, C, O]
 * @param bias [O]
 * @param pad zeros added at both ends
 * @returns [T + 2 · pad - size + 1, N, O]
 * @throws {ShapeError} where the shapes do not fit
 * @throws {DTypeError} where the dtypes differ
 * @see {@link https://pytorch.org/docs/stable/generated/torch.conv_tbc.html}
 * @example
 * ```ts
 * import { functional as F, ones, zeros } from "@tensaur/tensaur";
 * console.log(`${F.convTbc(ones([5, 2, 3]), ones([2, 3, 4]), zeros([4])).shape}`); // torch.Size([4, 2, 4])
 * ```
 */
export function convTbc(
  input: Tensor,
  weight: Tensor,
  bias: Tensor,
  pad: number | { readonly pad?: number } = 0,
): Tensor {
  requireTensor("convTbc", "input", input);
  requireTensor("convTbc", "weight", weight);
  requireTensor("convTbc", "bias", bias);
  if (input.ndim !== 3 || weight.ndim !== 3) {
    throw new ShapeError(
      `Cannot convTbc an input of shape ${show(input.shape)} with a weight of shape ${
        show(weight.shape)
      }: they are [T, N, C] and [size, C, O]`,
    );
  }
  const padding = named<{ pad?: number }>(["pad"], pad).pad ?? 0;
  const result = convolve("convTbc", 1, permuted(input, [1, 2, 0]), permuted(weight, [2, 1, 0]), [bias, { padding }]);
  return permuted(result, [2, 0, 1]);
}
