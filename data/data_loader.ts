/**
 * Data in batches.
 *
 * @module
 */

import { defaultGenerator, type Generator, ValueError } from "../tensor/mod.ts";
import { type Collated, defaultCollate } from "./collate.ts";
import type { RandomOptions, Samples } from "./dataset.ts";
import { BatchSampler, RandomSampler, type Sampler, SequentialSampler } from "./sampler.ts";

/** Options of `DataLoader`. */
export interface DataLoaderOptions<T, B> extends RandomOptions {
  /** Samples in a batch. Default 1. */
  readonly batchSize?: number;
  /** Whether each epoch takes the samples in another random order. Default false. */
  readonly shuffle?: boolean;
  /** The order of the samples, instead of `shuffle`. */
  readonly sampler?: Sampler;
  /** The order of the batches, instead of `batchSize`, `shuffle`, `sampler` and `dropLast`. */
  readonly batchSampler?: Sampler<readonly number[]>;
  /** Whether a last batch that is not full is left out. Default false. */
  readonly dropLast?: boolean;
  /** Puts the samples of a batch together; stacks tensors by default. */
  readonly collateFn?: (samples: T[]) => B;
}

/**
 * Goes through data in batches, once for each `for` loop. With `shuffle` and the same seed, the batches are PyTorch's.
 *
 * ```ts
 * import { arange, data } from "@tensaur/tensaur";
 *
 * const samples = new data.TensorDataset(arange(10));
 * for (const [batch] of new data.DataLoader(samples, { batchSize: 4 })) {
 *   console.log(`${batch}`); // tensor([0, 1, 2, 3]), then tensor([4, 5, 6, 7]), then tensor([8, 9])
 * }
 * ```
 *
 * `for await` goes through data whose samples are promises.
 *
 * @see {@link https://pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader}
 */
export class DataLoader<T, B = Collated<Awaited<T>>> implements Iterable<B>, AsyncIterable<B> {
  /** The data. */
  readonly dataset: Samples<T>;
  /** The order of the batches. */
  readonly batchSampler: Sampler<readonly number[]>;
  /** The stream that orders are drawn from; null for the default generator's. */
  readonly generator: Generator | null;
  readonly #collate: ((samples: T[]) => B) | undefined;

  /** Batches of `dataset`. */
  constructor(dataset: Samples<T>, options: DataLoaderOptions<T, B> = {}) {
    const { shuffle = false, sampler, batchSampler, generator = null } = options;
    if (
      batchSampler !== undefined && (options.batchSize ?? options.dropLast ?? sampler ?? options.shuffle) !== undefined
    ) {
      throw new ValueError(
        "Cannot combine batchSampler with batchSize, shuffle, sampler or dropLast: it says all of that",
      );
    }
    if (sampler !== undefined && shuffle) {
      throw new ValueError("Cannot combine sampler with shuffle: the sampler says the order");
    }
    const order = sampler ?? (shuffle ? new RandomSampler(dataset, { generator }) : new SequentialSampler(dataset));
    this.dataset = dataset;
    this.batchSampler = batchSampler ??
      new BatchSampler(order, options.batchSize ?? 1, { dropLast: options.dropLast ?? false });
    this.generator = generator;
    this.#collate = options.collateFn;
  }

  /** Number of batches. */
  get length(): number {
    return this.batchSampler.length;
  }

  /** The orders of an epoch. PyTorch draws a seed for its workers first, whether or not there are any. */
  #begin(): Iterable<readonly number[]> {
    (this.generator ?? defaultGenerator).drawSeed();
    return this.batchSampler;
  }

  /** The batches of an epoch. */
  [Symbol.iterator](): IterableIterator<B> {
    return this.#batches(this.#begin());
  }

  *#batches(order: Iterable<readonly number[]>): IterableIterator<B> {
    const { dataset } = this;
    for (const indices of order) {
      if (this.#collate === undefined && dataset.batch !== undefined) yield dataset.batch(indices) as B;
      else yield this.#together(indices.map((i) => dataset.at(i) as T));
    }
  }

  #together(samples: T[]): B {
    return this.#collate === undefined ? defaultCollate(samples) as B : this.#collate(samples);
  }

  /** The batches of an epoch, of samples that may be promises. */
  [Symbol.asyncIterator](): AsyncIterableIterator<B> {
    return this.#awaited(this.#begin());
  }

  async *#awaited(order: Iterable<readonly number[]>): AsyncIterableIterator<B> {
    const { dataset } = this;
    for (const indices of order) {
      if (this.#collate === undefined && dataset.batch !== undefined) yield dataset.batch(indices) as B;
      else yield this.#together(await Promise.all(indices.map((i) => dataset.at(i))) as T[]);
    }
  }
}
