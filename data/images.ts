/**
 * Pictures from files: PNG and JPEG. An entry point of its own, for it alone depends on packages, which decode them.
 *
 * ```ts
 * import { data } from "@tensaur/tensaur";
 * import { ImageFolder } from "@tensaur/tensaur/data/images";
 *
 * function show(root: string): void {
 *   const pictures = new ImageFolder(root, { transform: data.toTensor });
 *   for (const [image, target] of pictures) console.log(image.shape, pictures.classes[target]);
 * }
 * ```
 *
 * @module
 */

// Whoever imports this part alone needs tensors with methods, too.
import "../tensor/methods.ts";
import { decode as decodePng, encode } from "fast-png";
import { decode as decodeJpeg } from "jpeg-js";
import { TensaurError, type Tensor, tensor, ValueError } from "../tensor/mod.ts";
import { Dataset, position } from "./dataset.ts";
import { type FileSource, listFolder, nameOf, pathOf, readBytes } from "./files.ts";
import type { TransformOptions } from "./idx_dataset.ts";
import { type ImageOptions, type Raster, rasterOf } from "./raster.ts";

export type { ImageOptions };

/** Pixels of `channels` bytes each, row by row. */
interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly at: (i: number) => number;
}

function pngPixels(bytes: Uint8Array): Pixels {
  const { width, height, channels, depth, data, palette } = decodePng(bytes);
  if (palette !== undefined) {
    // Several indices lie in a byte, the first in its highest bits; each row begins a new one.
    const perByte = 8 / depth, stride = Math.ceil(width / perByte), mask = 2 ** depth - 1;
    const index = (pixel: number) => {
      const row = Math.floor(pixel / width), column = pixel % width;
      const byte = data[row * stride + Math.floor(column / perByte)]!;
      return (byte >> (8 - depth * (column % perByte + 1))) & mask;
    };
    return { width, height, channels: 3, at: (i) => palette[index(Math.floor(i / 3))]![i % 3]! };
  }
  if (depth < 8) {
    const perByte = 8 / depth, stride = Math.ceil(width / perByte), highest = 2 ** depth - 1;
    const at = (i: number) => {
      const row = Math.floor(i / width), column = i % width;
      const byte = data[row * stride + Math.floor(column / perByte)]!;
      return ((byte >> (8 - depth * (column % perByte + 1))) & highest) * 255 / highest;
    };
    return { width, height, channels: 1, at };
  }
  return { width, height, channels, at: depth === 16 ? (i) => data[i]! >> 8 : (i) => data[i]! };
}

function jpegPixels(bytes: Uint8Array): Pixels {
  const { width, height, data } = decodeJpeg(bytes, { useTArray: true, formatAsRGBA: false });
  return { width, height, channels: 3, at: (i) => data[i]! };
}

/**
 * The picture in a PNG or JPEG file: a uint8 tensor of shape [3, height, width], red, green and blue. Grey becomes colour, and
 * transparency is left out. Decoders of JPEG differ from one another by a few units.
 *
 * ```ts
 * import { readImage } from "@tensaur/tensaur/data/images";
 *
 * const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
 * console.log(readImage(Uint8Array.from(atob(png), (c) => c.charCodeAt(0))).flatten()); // tensor([255,   0,   0], dtype=torch.uint8)
 * ```
 *
 * @param source A path, or the content.
 * @throws {ValueError} for a file that is neither PNG nor JPEG, or is damaged
 * @see {@link https://pytorch.org/vision/stable/generated/torchvision.io.decode_image.html}
 */
export function readImage(source: FileSource): Tensor {
  const bytes = readBytes(source);
  const png = bytes[0] === 0x89 && bytes[1] === 0x50, jpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  if (!png && !jpeg) throw new ValueError(`Cannot read ${nameOf(source)} as a picture: it is neither PNG nor JPEG`);
  let pixels: Pixels;
  try {
    pixels = png ? pngPixels(bytes) : jpegPixels(bytes);
  } catch (error) {
    throw new ValueError(`Cannot read ${nameOf(source)}: the ${png ? "PNG" : "JPEG"} is damaged`, { cause: error });
  }
  const { width, height, channels, at } = pixels;
  const area = width * height;
  const planes = new Uint8Array(3 * area);
  for (let channel = 0; channel < 3; channel++) {
    // One channel is grey, two are grey with transparency.
    const from = channels < 3 ? 0 : channel;
    for (let i = 0; i < area; i++) planes[channel * area + i] = at(i * channels + from);
  }
  return tensor(planes, { shape: [3, height, width] });
}

/**
 * A picture that a notebook shows.
 *
 * @example
 * ```ts
 * import { zeros } from "@tensaur/tensaur";
 * import { image, type Picture } from "@tensaur/tensaur/data/images";
 *
 * const picture: Picture = image(zeros([2, 3]));
 * console.log(picture.width, picture.height); // 3 2
 * ```
 *
 * @see {@link https://pytorch.org/vision/stable/generated/torchvision.utils.make_grid.html}
 */
export class Picture {
  /** @ignore */
  constructor(
    /** Pixels from left to right. */
    readonly width: number,
    /** Pixels from top to bottom. */
    readonly height: number,
    /** The content of a PNG file. */
    readonly png: Uint8Array<ArrayBuffer>,
  ) {}

  /** What a notebook shows. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    let binary = "";
    for (const byte of this.png) binary += String.fromCharCode(byte);
    return { "text/plain": `Picture(${this.width}x${this.height})`, "image/png": btoa(binary) };
  }
}

/**
 * A tensor as a picture, which a notebook shows and whose `png` is a file's content: grey from [H, W] or [1, H, W], colour from
 * [3, H, W], with transparency from [4, H, W], and a grid, row by row, from [N, C, H, W]. Numbers with a fraction go from 0, black, to 1;
 * uint8 from 0 to 255. What is beyond is cut off, and NaN is 0. `normalize` brings any range of values there.
 *
 * @example
 * ```ts
 * import { linspace } from "@tensaur/tensaur";
 * import { image } from "@tensaur/tensaur/data/images";
 *
 * const ramp = image(linspace(0, 1, 64).reshape(8, 8), { scale: 10 });
 * console.log(ramp.width, ramp.height); // 80 80
 * ```
 *
 * @see {@link https://pytorch.org/vision/stable/generated/torchvision.utils.make_grid.html}
 */
export function image(x: Tensor, options: ImageOptions = {}): Picture {
  const raster: Raster = rasterOf(x, options);
  return new Picture(raster.width, raster.height, Uint8Array.from(encode(raster)));
}

/** Options of `ImageFolder`. */
export interface ImageFolderOptions<X, Y> extends TransformOptions<X, Y> {
  /** Reads a picture; {@linkcode readImage} by default. */
  readonly loader?: (path: string) => Tensor;
  /** Which files are pictures. Default .jpg, .jpeg and .png. */
  readonly extensions?: readonly string[];
}

/**
 * Pictures in folders, a folder for each class, with the class's number as target. Classes and files are in sorted order; folders within
 * are gone through as well.
 *
 * ```ts
 * import { data } from "@tensaur/tensaur";
 * import { ImageFolder } from "@tensaur/tensaur/data/images";
 *
 * function pictures(root: string): ImageFolder {
 *   return new ImageFolder(root, { transform: data.toTensor }); // root/cat/1.png has target 0, root/dog/1.png 1
 * }
 * ```
 *
 * @throws {TensaurError} for a root without folders, or a class without pictures, as in torchvision
 * @see {@link https://pytorch.org/vision/stable/generated/torchvision.datasets.ImageFolder.html}
 */
export class ImageFolder<X = Tensor, Y = number> extends Dataset<[X, Y]> {
  /** The names of the folders. */
  readonly classes: readonly string[];
  /** The path and the class of each picture. */
  readonly samples: readonly (readonly [path: string, target: number])[];
  readonly #options: ImageFolderOptions<X, Y>;

  /** The pictures in the folders of `root`. */
  constructor(root: string | URL, options: ImageFolderOptions<X, Y> = {}) {
    super();
    const { extensions = [".jpg", ".jpeg", ".png"] } = options;
    const path = pathOf(root);
    this.classes = listFolder(path, "Expected a folder that has a folder of pictures for each class").folders;
    if (this.classes.length === 0) {
      throw new TensaurError(`Cannot find any class in ${path}: expected a folder of pictures for each`);
    }
    const wanted = (name: string) => extensions.some((extension) => name.toLowerCase().endsWith(extension));
    this.samples = this.classes.flatMap((name, target) => {
      const found = [...filesUnder(`${path}/${name}`)].filter(wanted);
      if (found.length > 0) return found.map((file) => [file, target] as const);
      throw new TensaurError(
        `Cannot find any picture of ${name} in ${path}/${name}: looked for ${extensions.join(", ")}`,
      );
    });
    this.#options = options;
  }

  /** The class of each picture. */
  get targets(): number[] {
    return this.samples.map(([, target]) => target);
  }

  /** The target of each class's name. */
  get classToIdx(): Record<string, number> {
    return Object.fromEntries(this.classes.map((name, i) => [name, i]));
  }

  /** Number of pictures. */
  override get length(): number {
    return this.samples.length;
  }

  /** A picture, read from its file, and its class. */
  override at(index: number): [X, Y] {
    const [path, target] = this.samples[position(index, this.length)]!;
    const { loader = readImage, transform, targetTransform } = this.#options;
    const image = loader(path);
    return [
      transform === undefined ? image as X : transform(image),
      targetTransform === undefined ? target as Y : targetTransform(target),
    ];
  }
}

function* filesUnder(path: string): Generator<string> {
  const { folders, files } = listFolder(path, "");
  for (const name of files) yield `${path}/${name}`;
  for (const name of folders) yield* filesUnder(`${path}/${name}`);
}
