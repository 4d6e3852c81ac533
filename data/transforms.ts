/**
 * What is done to images before a network sees them.
 *
 * @module
 */

import { isFloat, type Tensor, tensor, ValueError } from "../tensor/mod.ts";

/**
 * An image of bytes as floats from 0 to 1; of any other dtype as it is. With shape [channels, height, width] it is what torchvision's
 * `ToTensor` makes.
 *
 * ```ts
 * import { data, tensor } from "@tensaur/tensaur";
 *
 * console.log(`${data.toTensor(tensor([[[0, 51, 255]]], { dtype: "uint8" }))}`); // tensor([[[0.0000, 0.2000, 1.0000]]])
 * ```
 *
 * @see {@link https://pytorch.org/vision/stable/generated/torchvision.transforms.ToTensor.html}
 */
export function toTensor(image: Tensor): Tensor {
  return image.dtype === "uint8" ? image.float().div(255) : image;
}

/**
 * `(image - mean) / std`, channel by channel, of a float image of shape [..., channels, height, width]. A standard deviation of 0, or as
 * many numbers as there are no channels, are a `ValueError`.
 *
 * ```ts
 * import { data, tensor } from "@tensaur/tensaur";
 *
 * console.log(`${data.normalize(tensor([[[0, 0.5, 1]]]), [0.5], [0.5])}`); // tensor([[[-1.,  0.,  1.]]])
 * ```
 *
 * @throws {ValueError} for another number of channels than of means and deviations, integers, or a deviation of 0
 * @see {@link https://pytorch.org/vision/stable/generated/torchvision.transforms.Normalize.html}
 */
export function normalize(image: Tensor, mean: readonly number[], std: readonly number[]): Tensor {
  const channels = image.shape.at(-3);
  const fits = (list: readonly number[]) => list.length === 1 || list.length === channels;
  if (channels === undefined || !fits(mean) || !fits(std)) {
    throw new ValueError(
      `Cannot normalize an image of shape [${image.shape.join(", ")}] by ${mean.length} means and ${std.length} ` +
        "deviations: expected one for each channel",
    );
  }
  if (!isFloat(image.dtype)) {
    throw new ValueError(`Cannot normalize an image of ${image.dtype}: make it floats first, with toTensor`);
  }
  if (std.includes(0)) throw new ValueError("Cannot normalize by a standard deviation of 0");
  const column = (list: readonly number[]) =>
    tensor([...list], { shape: [list.length, 1, 1], dtype: image.dtype, device: image.device });
  return image.sub(column(mean)).div(column(std));
}
