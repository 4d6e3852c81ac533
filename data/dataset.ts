/**
 * Data by position.
 *
 * @module
 */

import { arange, IndexError, type Slice, ValueError } from "../tensor/mod.ts";

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
 * Base class of data by position. A subclass says how many samples there are and which one is where; a sample may be a promise.
 *
 * ```ts
 * import { data } from "@tensaur/tensaur";
 *
 * class Squares extends data.Dataset<number> {
 *   get length(): number {
 *     return 5;
 *   }
 *   at(index: number): number {
 *     return index * index;
 *   }
 * }
 * const [batch] = new data.DataLoader(new Squares(), { batchSize: 5 });
 * console.log(`${batch}`); // tensor([ 0,  1,  4,  9, 16])
 * ```
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

/** For the library: `index` counted from the start, checked against the number of samples. */
export function position(index: number, length: number): number {
  const from = index < 0 ? index + length : index;
  if (Number.isInteger(index) && from >= 0 && from < length) return from;
  throw new IndexError(`Cannot take sample ${index} of ${length}`);
}

/** Several positions: `slice(2, 5)`, or "2:5". */
export type SampleRange = Slice | `${string}:${string}`;

/** For the library: the positions in a range, of `length`. */
export function positions(range: SampleRange, length: number): number[] {
  return arange(length, { device: "cpu" }).at(range).tolist() as number[];
}

/** For the library: whether samples are taken by position, not in a stream. */
export function byPosition(data: object): data is Samples<unknown> {
  return "at" in data && typeof data.at === "function";
}

/**
 * Data one after another: the positions of the second begin where those of the first end.
 *
 * ```ts
 * import { data, tensor } from "@tensaur/tensaur";
 *
 * const digits = new data.TensorDataset(tensor([1, 2])), more = new data.TensorDataset(tensor([3]));
 * const all = new data.ConcatDataset([digits, more]);
 * console.log(all.length, all.at(2)[0]); // 3 tensor(3)
 * ```
 *
 * @throws {ValueError} for no data at all, or for data that comes in a stream
 * @see {@link https://pytorch.org/docs/stable/data.html#torch.utils.data.ConcatDataset}
 */
export class ConcatDataset<T> extends Dataset<T> {
  /** The data, in order. */
  readonly datasets: readonly Samples<T>[];

  /** The samples of the first of `datasets`, then those of the next. */
  constructor(datasets: Iterable<Samples<T>>) {
    super();
    this.datasets = [...datasets];
    if (this.datasets.length === 0) throw new ValueError("Cannot join no data at all: pass a list of datasets");
    if (!this.datasets.every(byPosition)) {
      throw new ValueError("Cannot join data that comes in a stream by position: use ChainDataset");
    }
  }

  /** The number of samples up to the end of each of `datasets`. */
  get cumulativeSizes(): number[] {
    let end = 0;
    return this.datasets.map((dataset) => end += dataset.length);
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
