/**
 * Blocks of images as columns, and columns added back into images: each is the other's gradient.
 *
 * @module
 */

import { numel, ShapeError, windowCount, type Windows } from "../../kernels/mod.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { type Border, bordered } from "../movement/pad.ts";
import { permuted } from "../movement/permute.ts";
import { reshaped } from "../movement/reshape.ts";
import { overlapped, type PerDimension, perDimension, windowed } from "../windows.ts";

/** Options of `unfold` and `fold`. */
export interface FoldOptions {
  /** Distance between elements of a block; 1 by default. */
  readonly dilation?: PerDimension;
  /** Zeros around the image; 0 by default. */
  readonly padding?: PerDimension;
  /** Distance between blocks; 1 by default. */
  readonly stride?: PerDimension;
}

/** Blocks in an image of extents `spatial`, and the image's borders. */
function blocksOf(
  operation: string,
  spatial: readonly number[],
  kernelSize: PerDimension,
  { dilation = 1, padding = 0, stride = 1 }: FoldOptions,
): { windows: Windows[]; borders: Border[]; counts: number[]; padded: number[] } {
  const sizes = perDimension(operation, "kernelSize", kernelSize, 2, 1);
  const strides = perDimension(operation, "stride", stride, 2, 1);
  const dilations = perDimension(operation, "dilation", dilation, 2, 1);
  const pads = perDimension(operation, "padding", padding, 2, 0);
  const windows = sizes.map((size, i): Windows => ({ size, stride: strides[i]!, dilation: dilations[i]! }));
  const padded = spatial.map((extent, i) => extent + 2 * pads[i]!);
  const counts = windows.map((w, i) => windowCount(padded[i]!, w));
  if (counts.some((count) => count < 1)) {
    throw new ShapeError(
      `Cannot ${operation} blocks of ${show(sizes)} and an image of ${show(spatial)}: the blocks do not fit`,
    );
  }
  return { windows, borders: pads.map((p): Border => [p, p]), counts, padded };
}

/**
 * Every block of an image as a column: [N, C, H, W] to [N, C · height · width of a block, number of blocks]. Not `Tensor.unfold`.
 *
 * @param input [N, C, H, W] or [C, H, W]
 * @param options `dilation`: 1 by default; `padding`: 0; `stride`: 1
 * @throws {ShapeError} where the shapes do not fit
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.unfold.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.unfold(tensor([[[[0.5, 1.5, 2.5]]]]), [1, 2]).tolist()); // [ [ [ 0.5, 1.5 ], [ 1.5, 2.5 ] ] ]
 * ```
 */
export function unfold(input: Tensor, kernelSize: PerDimension, options: FoldOptions = {}): Tensor {
  requireTensor("unfold", "input", input);
  if ((input.ndim !== 3 && input.ndim !== 4) || input.shape.slice(-3).includes(0)) {
    throw new ShapeError(`Cannot unfold a tensor of shape ${show(input.shape)}: it takes [N, C, H, W] or [C, H, W]`);
  }
  const image = input.ndim === 4 ? input : reshaped(input, [1, ...input.shape]);
  const [n, c, ...spatial] = image.shape as readonly number[] as [number, number, number, number];
  const { windows, borders, counts } = blocksOf("unfold", spatial, kernelSize, options);
  const blocks = windowed(bordered(image, [[0, 0], [0, 0], ...borders]), windows);
  const columns = permuted(blocks, [0, 1, 4, 5, 2, 3]), size = c * numel(windows.map((w) => w.size));
  return reshaped(columns, input.ndim === 4 ? [n, size, numel(counts)] : [size, numel(counts)]);
}

/**
 * The image of extents `outputSize` to which every column adds its block: the transpose of `unfold`.
 *
 * @param input [N, C · height · width of a block, number of blocks], or without N
 * @param options `dilation`: 1 by default; `padding`: 0; `stride`: 1
 * @throws {ShapeError} where the shapes do not fit
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.fold.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.fold(tensor([[[0.5, 1.5], [1.5, 2.5]]]), [1, 3], [1, 2]).tolist());
 * // [
 * //   [ [ [ 0.5, 3, 2.5 ] ] ]
 * // ]
 * ```
 */
export function fold(
  input: Tensor,
  outputSize: PerDimension,
  kernelSize: PerDimension,
  options: FoldOptions = {},
): Tensor {
  requireTensor("fold", "input", input);
  const spatial = perDimension("fold", "outputSize", outputSize, 2, 1);
  const { windows, borders, counts, padded } = blocksOf("fold", spatial, kernelSize, options);
  const sizes = windows.map((w) => w.size), [rows = 0, columns = 0] = input.shape.slice(-2);
  if ((input.ndim !== 2 && input.ndim !== 3) || rows === 0 || rows % numel(sizes) !== 0 || columns !== numel(counts)) {
    throw new ShapeError(
      `Cannot fold a tensor of shape ${show(input.shape)} to an image of ${show(spatial)}: ` +
        `with blocks of ${show(sizes)} it takes [N, C · ${numel(sizes)}, ${numel(counts)}]`,
    );
  }
  const n = input.ndim === 3 ? input.shape[0]! : 1, c = rows / numel(sizes);
  const blocks = permuted(reshaped(input, [n, c, ...sizes, ...counts]), [0, 1, 4, 5, 2, 3]);
  const whole = overlapped(blocks, windows, padded);
  const image = bordered(whole, [[0, 0], [0, 0], ...borders.map(([p]): Border => [-p, -p])]);
  return input.ndim === 3 ? image : reshaped(image, [c, ...spatial]);
}
