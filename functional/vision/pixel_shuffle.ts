/**
 * Channels as finer pixels, and channels in another order.
 *
 * @module
 */

import { ShapeError, ValueError } from "../../kernels/mod.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { show } from "../dims.ts";
import { permuted } from "../movement/permute.ts";
import { reshaped } from "../movement/reshape.ts";
import { unshared } from "../movement/alias.ts";

/** Checks a factor, and takes an image's shape apart. */
function imageOf(operation: string, input: Tensor, factor: number): [lead: number[], c: number, h: number, w: number] {
  if (!Number.isInteger(factor) || factor < 1) {
    throw new ValueError(`Cannot ${operation} by factor ${factor}: it must be a whole number from 1`);
  }
  if (input.ndim < 3) {
    throw new ShapeError(`Cannot ${operation} a tensor of shape ${show(input.shape)}: it takes [..., C, H, W]`);
  }
  const [c, h, w] = input.shape.slice(-3) as [number, number, number];
  return [input.shape.slice(0, -3), c, h, w];
}

/**
 * Groups of r² channels spread over r x r pixels: [..., C · r², H, W] to [..., C, H · r, W · r].
 *
 * @param upscaleFactor r
 * @throws {ShapeError} where the shape is no multiple of the factor
 * @throws {ValueError} for a factor that is no whole number from 1
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.pixel_shuffle.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.pixelShuffle(tensor([[[0.5]], [[1.5]], [[2.5]], [[3.5]]]), 2).tolist());
 * // [ [ [ 0.5, 1.5 ], [ 2.5, 3.5 ] ] ]
 * ```
 */
export function pixelShuffle(input: Tensor, upscaleFactor: number): Tensor {
  requireTensor("pixelShuffle", "input", input);
  const r = upscaleFactor, [lead, c, h, w] = imageOf("pixelShuffle", input, r), n = lead.length;
  if (c % (r * r) !== 0) {
    throw new ShapeError(
      `Cannot pixelShuffle a tensor of shape ${show(input.shape)} by factor ${r}: ${r * r} must divide ${c} channels`,
    );
  }
  const apart = permuted(reshaped(input, [...lead, c / (r * r), r, r, h, w]), [
    ...lead.keys(),
    ...[0, 3, 1, 4, 2].map((i) => n + i),
  ]);
  return unshared(reshaped(apart, [...lead, c / (r * r), h * r, w * r]), input);
}

/**
 * Blocks of r x r pixels gathered in channels: [..., C, H · r, W · r] to [..., C · r², H, W]; the inverse of `pixelShuffle`.
 *
 * @param downscaleFactor r
 * @throws {ShapeError} where the shape is no multiple of the factor
 * @throws {ValueError} for a factor that is no whole number from 1
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.pixel_unshuffle.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.pixelUnshuffle(tensor([[[0.5, 1.5], [2.5, 3.5]]]), 2).tolist());
 * // [ [ [ 0.5 ] ], [ [ 1.5 ] ], [ [ 2.5 ] ], [ [ 3.5 ] ] ]
 * ```
 */
export function pixelUnshuffle(input: Tensor, downscaleFactor: number): Tensor {
  requireTensor("pixelUnshuffle", "input", input);
  const r = downscaleFactor, [lead, c, h, w] = imageOf("pixelUnshuffle", input, r), n = lead.length;
  if (h % r !== 0 || w % r !== 0) {
    throw new ShapeError(
      `Cannot pixelUnshuffle a tensor of shape ${show(input.shape)} by factor ${r}: it must divide height and width`,
    );
  }
  const apart = permuted(reshaped(input, [...lead, c, h / r, r, w / r, r]), [
    ...lead.keys(),
    ...[0, 2, 4, 1, 3].map((i) => n + i),
  ]);
  return unshared(reshaped(apart, [...lead, c * r * r, h / r, w / r]), input);
}

/**
 * The channels of [N, C, …] in `groups` groups, dealt out in turn: channel i of group g becomes channel i · groups + g.
 *
 * @throws {ShapeError} where the groups do not divide the channels
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.channel_shuffle.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 * console.log(F.channelShuffle(tensor([[[0.5], [1.5], [2.5], [3.5]]]), 2).tolist());
 * // [ [ [ 0.5 ], [ 2.5 ], [ 1.5 ], [ 3.5 ] ] ]
 * ```
 */
export function channelShuffle(input: Tensor, groups: number): Tensor {
  requireTensor("channelShuffle", "input", input);
  const [n, c, ...rest] = input.shape;
  if (n === undefined || c === undefined || rest.length === 0 || !(groups > 0) || c % groups !== 0) {
    throw new ShapeError(
      `Cannot channelShuffle a tensor of shape ${show(input.shape)} in ${groups} groups: ` +
        "it takes [N, C, …] with channels that the groups divide",
    );
  }
  const apart = reshaped(input, [n, groups, c / groups, ...rest]);
  const order = [0, 2, 1, ...rest.map((_, i) => 3 + i)];
  return unshared(reshaped(permuted(apart, order), input.shape), input);
}
