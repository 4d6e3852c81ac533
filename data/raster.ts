/**
 * The pixels of tensors that are pictures.
 *
 * @module
 */

import { isFloat, ShapeError, type Tensor, ValueError } from "../tensor/mod.ts";

/** Options of `image`. */
export interface ImageOptions {
  /** How many pixels wide and high an element is. Default 1. */
  readonly scale?: number;
  /** Of a grid: how many pictures a row has. Default 8. */
  readonly nrow?: number;
  /** Of a grid: how many elements are between pictures and around them. Default 2. */
  readonly padding?: number;
  /** Of a grid: the value of these elements, from 0, black, to 1. Default 0. */
  readonly padValue?: number;
  /** Whether values are brought to 0 to 1 first. Default false. */
  readonly normalize?: boolean;
  /** With `normalize`: the values that become 0 and 1; values beyond are cut off. Default the least and the largest that are finite. */
  readonly valueRange?: readonly [number, number];
  /** With `normalize`: whether each picture of a grid has a range of its own, rather than all together. Default false. */
  readonly scaleEach?: boolean;
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
export function rasterOf(x: Tensor, options: ImageOptions): Raster {
  const { scale = 1, nrow = 8, padding = 2, padValue = 0 } = options;
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
  const pixels = new Uint8Array(full.width * full.height * channels).fill(Math.round(255 * padValue));
  const bytes = bytesOf(x, options);
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
function bytesOf(x: Tensor, { normalize = false, valueRange, scaleEach = false }: ImageOptions): Uint8ClampedArray {
  const data = Float64Array.from(x.detach().dataSync() as ArrayLike<number>);
  if (!normalize) {
    const unit = isFloat(x.dtype) || x.dtype === "bool" ? 255 : 1;
    return Uint8ClampedArray.from(data, (value) => value * unit);
  }
  if (valueRange !== undefined && !(valueRange[0] < valueRange[1])) {
    throw new ValueError(
      `Cannot normalize to the range [${valueRange.join(", ")}]: it goes from a number to a larger one`,
    );
  }
  const size = scaleEach && x.ndim === 4 ? data.length / x.shape[0]! : data.length;
  const bytes = new Uint8ClampedArray(data.length);
  for (let start = 0; start < data.length; start += size) {
    const part = data.subarray(start, start + size);
    const [from, to] = valueRange ?? finiteRange(part);
    // The least difference is torchvision's.
    bytes.set(part.map((value) => 255 * Math.min(1, (value - from) / Math.max(to - from, 1e-5))), start);
  }
  return bytes;
}

function finiteRange(values: Float64Array): readonly [number, number] {
  return values.reduce<[number, number]>(
    ([least, largest], value) =>
      Number.isFinite(value) ? [Math.min(least, value), Math.max(largest, value)] : [least, largest],
    [Infinity, -Infinity],
  );
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
