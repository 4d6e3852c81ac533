/**
 * Labelled images from IDX files.
 *
 * @module
 */

import { type Tensor, tensor, ValueError } from "../tensor/mod.ts";
import { Dataset, position } from "./dataset.ts";
import { type FileSource, nameOf } from "./files.ts";
import { idxContent } from "./idx.ts";

/** What data of images and targets does to them. */
export interface TransformOptions<X, Y> {
  /** What becomes of an image, a uint8 tensor of shape [channels, height, width]. */
  readonly transform?: (image: Tensor) => X;
  /** What becomes of a target. */
  readonly targetTransform?: (target: number) => Y;
}

/** Options of `IdxDataset`. */
export interface IdxDatasetOptions<X, Y> extends TransformOptions<X, Y> {
  /** The name of each target. */
  readonly classes?: readonly string[];
  /** Where a missing file is to be had, for the error message. */
  readonly advice?: string;
}

/**
 * Images in one IDX file and their targets in another. A sample is an image, a uint8 tensor of shape [1, height, width], and its target.
 *
 * ```ts
 * import { data } from "@tensaur/tensaur";
 *
 * const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 51, 102, 255);
 * const targets = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 3);
 * const samples = new data.IdxDataset(images, targets, { transform: data.toTensor });
 * const [image, target] = samples.at(1);
 * console.log(`${image} ${target}`); // tensor([[[0.4000, 1.0000]]]) 3
 * ```
 *
 * @throws {ValueError} for images that are not uint8 of three dimensions, or another number of targets
 * @see {@link https://pytorch.org/vision/stable/generated/torchvision.datasets.MNIST.html}
 */
export class IdxDataset<X = Tensor, Y = number> extends Dataset<[X, Y]> {
  /** The name of each target. */
  readonly classes: readonly string[];
  /** Several samples at once, where nothing is done to them. */
  readonly batch?: (indices: readonly number[]) => [Tensor, Tensor];
  readonly #pixels: Uint8Array;
  readonly #targets: Int32Array;
  readonly #size: readonly [height: number, width: number];
  readonly #options: TransformOptions<X, Y>;

  /** The images of one file with the targets of another. */
  constructor(images: FileSource, targets: FileSource, options: IdxDatasetOptions<X, Y> = {}) {
    super();
    const { shape, values } = idxContent(images, options.advice);
    const labels = idxContent(targets, options.advice);
    if (shape.length !== 3 || !(values instanceof Uint8Array)) {
      throw new ValueError(
        `Cannot take images from ${nameOf(images)}: expected uint8 of three dimensions, not [${shape.join(", ")}]`,
      );
    }
    if (labels.shape.length !== 1 || labels.shape[0] !== shape[0]) {
      throw new ValueError(
        `Cannot pair the ${shape[0]} images of ${nameOf(images)} with targets of shape [${labels.shape.join(", ")}] ` +
          `in ${nameOf(targets)}`,
      );
    }
    this.classes = options.classes ?? [];
    this.#pixels = values;
    this.#targets = Int32Array.from(labels.values as ArrayLike<number>);
    this.#size = [shape[1]!, shape[2]!];
    this.#options = options;
    if (options.transform === undefined && options.targetTransform === undefined) {
      this.batch = (indices) => this.#together(indices);
    }
  }

  /** Number of samples. */
  override get length(): number {
    return this.#targets.length;
  }

  /** All images, as a uint8 tensor of shape [length, height, width] on the default device. */
  get data(): Tensor {
    return tensor(this.#pixels, { shape: [this.length, ...this.#size] });
  }

  /** All targets, as an int32 tensor on the default device. */
  get targets(): Tensor {
    return tensor(this.#targets);
  }

  /** The target of each class's name. */
  get classToIdx(): Record<string, number> {
    return Object.fromEntries(this.classes.map((name, i) => [name, i]));
  }

  /** An image and its target. */
  override at(index: number): [X, Y] {
    const row = position(index, this.length);
    const { transform, targetTransform } = this.#options;
    const image = tensor(this.#image(row), { shape: [1, ...this.#size] });
    const target = this.#targets[row]!;
    return [
      transform === undefined ? image as X : transform(image),
      targetTransform === undefined ? target as Y : targetTransform(target),
    ];
  }

  #image(row: number): Uint8Array {
    const area = this.#size[0] * this.#size[1];
    return this.#pixels.subarray(row * area, (row + 1) * area);
  }

  #together(indices: readonly number[]): [Tensor, Tensor] {
    const rows = indices.map((index) => position(index, this.length));
    const area = this.#size[0] * this.#size[1];
    const pixels = new Uint8Array(rows.length * area);
    rows.forEach((row, i) => pixels.set(this.#image(row), i * area));
    const targets = Int32Array.from(rows, (row) => this.#targets[row]!);
    return [tensor(pixels, { shape: [rows.length, 1, ...this.#size] }), tensor(targets)];
  }
}
