/**
 * Data by position.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { type Generator, IndexError, randperm, ShapeError, type Tensor, tensor, ValueError } from "../tensor/mod.ts";

/** Samples by position. An array is one. */
export interface Samples<T> {
  /** Number of samples. */
  readonly length: number;
  /** The sample at a position; negative ones count from the end. */
  at(index: number): T | undefined;
  /** Several samples at once, put together as a data loader does; a faster way where there is one. */
  batch?(indices: readonly number[]): unknown;
}

/**
 * Base class of data by position. A subclass says how many samples there are and which one is where.
 *
 * @see {@link https://pytorch.org/docs/stable/data.html#torch.utils.data.Dataset}
 */
export abstract class Dataset<T> implements Samples<T> {
  /** Number of samples. */
  abstract get length(): number;

  /** The sample at a position; negative ones count from the end. */
  abstract at(index: number): T;

  /** This data, then other data. */
  concat(other: Samples<T>): ConcatDataset<T> {
    return new ConcatDataset<T>([this, other]);
  }

  /** The samples, in order. */
  *[Symbol.iterator](): Iterator<T> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }
}

/** `index` counted from the start, checked against the number of samples. */
function position(index: number, length: number): number {
  const from = index < 0 ? index + length : index;
  if (Number.isInteger(index) && from >= 0 && from < length) return from;
  throw new IndexError(`Cannot take sample ${index} of ${length}`);
}

/**
 * Samples that are rows of tensors.
 *
 * ```ts
 * import { data, tensor } from "@tensaur/tensaur";
 *
 * const samples = new data.TensorDataset(tensor([[1, 2], [3, 4]]), tensor([0, 1]));
 * const [image, target] = samples.at(1);
 * console.log(`${image} ${target}`); // tensor([3, 4]) 1
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/data.html#torch.utils.data.TensorDataset}
 */
export class TensorDataset<T extends Tensor[]> extends Dataset<T> {
  /** The tensors, all with one first extent. */
  readonly tensors: T;

  /** Sample i is row i of each of `tensors`. */
  constructor(...tensors: T) {
    super();
    const rows = tensors.map((t) => t.shape[0]);
    if (rows.length === 0 || rows.some((n) => n === undefined || n !== rows[0])) {
      throw new ShapeError(
        `Cannot pair the rows of tensors of shapes ${tensors.map((t) => `[${t.shape.join(", ")}]`).join(", ")}: ` +
          "the first extents differ",
      );
    }
    this.tensors = tensors;
  }

  /** Number of rows. */
  override get length(): number {
    return this.tensors[0]!.shape[0]!;
  }

  /** A row of each tensor. */
  override at(index: number): T {
    const row = position(index, this.length);
    return this.tensors.map((t) => t.select(0, row)) as T;
  }

  /** The rows at several positions, of each tensor; all rows by default. */
  batch(indices?: readonly number[]): T {
    if (indices === undefined) return [...this.tensors] as T;
    const rows = Int32Array.from(indices, (index) => position(index, this.length));
    return this.tensors.map((t) => F.indexSelect(t, 0, tensor(rows, { device: t.device }))) as T;
  }
}

/**
 * Some of the samples of other data.
 *
 * @see {@link https://pytorch.org/docs/stable/data.html#torch.utils.data.Subset}
 */
export class Subset<T> extends Dataset<T> {
  /** The data. */
  readonly dataset: Samples<T>;
  /** The positions of the samples. */
  readonly indices: readonly number[];
  /** Several samples at once, where the data has a fast way to take them; all of them by default. */
  readonly batch?: (indices?: readonly number[]) => T;

  /** The samples of `dataset` at `indices`. */
  constructor(dataset: Samples<T>, indices: Iterable<number>) {
    super();
    this.dataset = dataset;
    this.indices = [...indices];
    if (dataset.batch !== undefined) {
      this.batch = (positions) => {
        const chosen = positions?.map((i) => this.indices[position(i, this.length)]!) ?? this.indices;
        return dataset.batch!(chosen) as T;
      };
    }
  }

  /** Number of samples. */
  override get length(): number {
    return this.indices.length;
  }

  /** The sample at a position among the chosen ones. */
  override at(index: number): T {
    return this.dataset.at(this.indices[position(index, this.length)]!) as T;
  }
}

/**
 * Data one after another.
 *
 * @see {@link https://pytorch.org/docs/stable/data.html#torch.utils.data.ConcatDataset}
 */
export class ConcatDataset<T> extends Dataset<T> {
  /** The data, in order. */
  readonly datasets: readonly Samples<T>[];

  /** The samples of the first of `datasets`, then those of the next. */
  constructor(datasets: Iterable<Samples<T>>) {
    super();
    this.datasets = [...datasets];
    if (this.datasets.length === 0) throw new ValueError("Cannot join no data at all");
  }

  /** Number of samples. */
  override get length(): number {
    return this.datasets.reduce((sum, dataset) => sum + dataset.length, 0);
  }

  /** The sample at a position. */
  override at(index: number): T {
    let rest = position(index, this.length);
    for (const dataset of this.datasets) {
      if (rest < dataset.length) return dataset.at(rest) as T;
      rest -= dataset.length;
    }
    throw new IndexError(`Cannot take sample ${index}: the data has shrunk`);
  }
}

/** Options of functions and samplers that draw numbers. */
export interface RandomOptions {
  /** The stream to draw from; the default generator's where none is given. */
  readonly generator?: Generator | null;
}

/**
 * Divides data at random into parts of the given lengths, or of the given shares if these sum to 1.
 *
 * @see {@link https://pytorch.org/docs/stable/data.html#torch.utils.data.random_split}
 */
export function randomSplit<T>(
  dataset: Samples<T>,
  lengths: readonly number[],
  { generator = null }: RandomOptions = {},
): Subset<T>[] {
  const sizes = partSizes(dataset.length, lengths);
  const order = randperm(dataset.length, { generator, device: "cpu" }).tolist() as number[];
  let end = 0;
  return sizes.map((size) => new Subset(dataset, order.slice(end, end += size)));
}

function partSizes(total: number, lengths: readonly number[]): readonly number[] {
  const sum = lengths.reduce((sum, length) => sum + length, 0);
  if (Math.abs(sum - 1) <= 1e-9 && sum <= 1) {
    const sizes = lengths.map((share) => {
      if (!(share >= 0 && share <= 1)) throw new ValueError(`Cannot take the share ${share} of data: expected 0 to 1`);
      return Math.floor(total * share);
    });
    // What rounding left goes to the parts in turn.
    const left = total - sizes.reduce((sum, size) => sum + size, 0);
    for (let i = 0; i < left; i++) sizes[i % sizes.length]!++;
    return sizes;
  }
  if (sum !== total || lengths.some((length) => !Number.isInteger(length) || length < 0)) {
    throw new ValueError(`Cannot divide ${total} samples into parts of ${lengths.join(", ")}: the sum is ${sum}`);
  }
  return lengths;
}
