/**
 * The pixels of tensors that are pictures.
 *
 * @module
 */

import { isFloat, ShapeError, type Tensor, type TypedArray, ValueError } from "../tensor/mod.ts";

/** Options of `image`. */
export interface ImageOptions {
  /** How many pixels wide and high an element is. Default 1. */
  readonly scale?: number;
  /** Of a grid: how many pictures a row has. Default 8. */
  readonly nrow?: number;
  /** Of a grid: how many black elements are between pictures and around them. Default 2. */
  readonly padding?: number;
}

/** Pixels, row by row, each of `channels` bytes. */
export interface Raster {
  /** Pixels from left to right. */
  readonly width: number;
  /** Pixels from top to bottom. */
  readonly height: number;
  /** Bytes of a pixel: grey, red, green and blue, or these with opacity. */
  readonly channels: 1 | 3 | 4;
  /** The bytes. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** The pixels of a picture [H, W] or [C, H, W], or of a grid of pictures [N, C, H, W]. */
export function rasterOf(x: Tensor, { scale = 1, nrow = 8, padding = 2 }: ImageOptions): Raster {
  for (const [name, value, least] of [["scale", scale, 1], ["nrow", nrow, 1], ["padding", padding, 0]] as const) {
    if (Number.isInteger(value) && value >= least) continue;
    throw new ValueError(`Cannot make an image with ${name} ${value}: it is a whole number from ${least} on`);
  }
  const [height, width] = x.shape.slice(-2), channels = x.ndim > 2 ? x.shape.at(-3)! : 1;
  if (x.ndim < 2 || x.ndim > 4 || (channels !== 1 && channels !== 3 && channels !== 4) || x.numel() === 0) {
    throw new ShapeError(
      `Cannot make an image of a tensor of shape [${x.shape.join(", ")}]: it is [H, W], [C, H, W] or [N, C, H, W], ` +
        "C being 1, 3 or 4. Use permute() if the channels come last",
    );
  }
  const count = x.ndim === 4 ? x.shape[0]! : 1, border = x.ndim === 4 ? padding : 0;
  const columns = Math.min(nrow, count), rows = Math.ceil(count / columns);
  const cell = { width: width! + border, height: height! + border };
  const full = { width: columns * cell.width + border, height: rows * cell.height + border };
  const pixels = new Uint8Array(full.width * full.height * channels);
  const bytes = bytesOf(x);
  for (let i = 0; i < count * channels * height! * width!; i++) {
    const column = i % width!, row = Math.floor(i / width!) % height!;
    const channel = Math.floor(i / (width! * height!)) % channels,
      picture = Math.floor(i / (width! * height! * channels));
    const across = border + picture % columns * cell.width + column;
    const down = border + Math.floor(picture / columns) * cell.height + row;
    pixels[(down * full.width + across) * channels + channel] = bytes[i]!;
  }
  return scaled({ ...full, channels, data: pixels }, scale);
}

/** The elements as bytes; numbers with a fraction go to 1. */
function bytesOf(x: Tensor): Uint8ClampedArray {
  const data: TypedArray = x.dataSync(), unit = isFloat(x.dtype) || x.dtype === "bool" ? 255 : 1;
  return Uint8ClampedArray.from({ length: data.length }, (_, i) => Number(data[i]) * unit);
}

function scaled({ width, height, channels, data }: Raster, scale: number): Raster {
  if (scale === 1) return { width, height, channels, data };
  const result = new Uint8Array(width * height * channels * scale * scale), stride = width * scale;
  for (let i = 0; i < result.length; i++) {
    const pixel = Math.floor(i / channels), row = Math.floor(pixel / stride / scale);
    result[i] = data[(row * width + Math.floor(pixel % stride / scale)) * channels + i % channels]!;
  }
  return { width: stride, height: height * scale, channels, data: result };
}
