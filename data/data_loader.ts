/**
 * Data in batches.
 *
 * @module
 */

import { described } from "../tensor/describe.ts";
import { defaultGenerator, type Generator, Tensor, ValueError } from "../tensor/mod.ts";
import { type Collated, type Converted, defaultCollate, defaultConvert } from "./collate.ts";
import { byPosition, type Samples } from "./dataset.ts";
import { atOnce, type Epoch, epochByPosition, epochOfStream, inTurn } from "./epoch.ts";
import type { SampleStream } from "./iterable_dataset.ts";
import { BatchSampler, begin, lengthOf, RandomSampler, SequentialSampler } from "./sampler.ts";
import type { RandomOptions } from "./subset.ts";

/** What a data loader makes of samples of type `T` by default: batches, or single samples where the batch size is null. */
export type Batch<T, Size extends number | null = number> = Size extends null ? Converted<Awaited<T>>
  : Collated<Awaited<T>>;

/** Options of `DataLoader`. */
export interface DataLoaderOptions<T, Size extends number | null = number, B = Batch<T, Size>> extends RandomOptions {
  /** Samples in a batch; null for single samples, not put together. Default 1. */
  readonly batchSize?: Size;
  /** Whether each epoch takes the samples in another random order. Default false. */
  readonly shuffle?: boolean;
  /** The order of the samples, instead of `shuffle`. */
  readonly sampler?: Iterable<number>;
  /** The order of the batches, instead of `batchSize`, `shuffle`, `sampler` and `dropLast`. */
  readonly batchSampler?: Iterable<readonly number[]>;
  /** Whether a last batch that is not full is left out. Default false. */
  readonly dropLast?: boolean;
  /** Puts the samples of a batch together; {@linkcode defaultCollate} by default, {@linkcode defaultConvert} for single samples. */
  readonly collateFn?: (samples: Size extends null ? Awaited<T> : Awaited<T>[]) => B;
  /** With `for await`, how many batches of samples that are promises are under way at a time. Default 2. */
  readonly prefetchFactor?: number;
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
 * `for await` goes through data whose samples are promises, or that is an asynchronous stream. While a batch is worked on, the next ones
 * are under way, up to `prefetchFactor` of them; an error comes at the line that takes the batch it belongs to. Leaving the loop closes
 * the stream and the order, and drops what is under way. Samples at hand at once are never taken ahead, so both loops draw the same
 * random numbers.
 *
 * ```ts
 * import { data } from "@tensaur/tensaur";
 *
 * const paths = ["a", "bb", "ccc"];
 * const sizes = { length: 3, at: (i: number) => Promise.resolve(paths[i]!.length) };
 * for await (const batch of new data.DataLoader(sizes, { batchSize: 3 })) console.log(`${batch}`); // tensor([1, 2, 3])
 * ```
 *
 * @throws {ValueError} for options that exclude each other, or a batchSize or prefetchFactor that is no positive integer
 * @see {@link https://pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader}
 */
export class DataLoader<T, Size extends number | null = number, B = Batch<T, Size>>
  implements Iterable<B>, AsyncIterable<Awaited<B>> {
  /** The data. */
  readonly dataset: Samples<T> | SampleStream<T>;
  /** Samples in a batch; null where there is a `batchSampler` of one's own, or where samples stay single. */
  readonly batchSize: number | null;
  /** Whether a last batch that is not full is left out. */
  readonly dropLast: boolean;
  /** The order of the samples; null for data in a stream. */
  readonly sampler: Iterable<number> | null;
  /** The order of the batches; null for data in a stream, or where samples stay single. */
  readonly batchSampler: Iterable<readonly number[]> | null;
  /** The stream that orders are drawn from; null for the default generator's. */
  readonly generator: Generator | null;
  /** How many batches are under way at a time with `for await`. */
  readonly prefetchFactor: number;
  readonly #collate: ((samples: never) => unknown) | undefined;

  /** Batches of `dataset`. */
  constructor(dataset: Samples<T> | SampleStream<T>, options: DataLoaderOptions<T, Size, B> = {}) {
    const { shuffle = false, sampler, batchSampler, dropLast = false, generator = null, prefetchFactor = 2 } = options;
    const batchSize = options.batchSize === undefined ? 1 : options.batchSize;
    requireData(dataset);
    const positional = byPosition(dataset);
    if (!positional && (shuffle || sampler !== undefined || batchSampler !== undefined)) {
      throw new ValueError("Cannot order data that comes in a stream: leave out shuffle, sampler and batchSampler");
    }
    if (sampler !== undefined && shuffle) {
      throw new ValueError("Cannot combine sampler with shuffle: the sampler says the order");
    }
    if (batchSampler !== undefined && (batchSize !== 1 || shuffle || sampler !== undefined || dropLast)) {
      throw new ValueError(
        "Cannot combine batchSampler with batchSize, shuffle, sampler or dropLast: it says all of that",
      );
    }
    if (batchSize === null && dropLast) {
      throw new ValueError("Cannot combine batchSize null with dropLast: there are no batches to drop");
    }
    if (batchSize !== null && !(Number.isInteger(batchSize) && batchSize > 0)) {
      throw new ValueError(`Cannot load data with batchSize ${batchSize}: expected a positive integer, or null`);
    }
    if (!(Number.isInteger(prefetchFactor) && prefetchFactor > 0)) {
      throw new ValueError(`Cannot load data with prefetchFactor ${prefetchFactor}: expected a positive integer`);
    }
    this.dataset = dataset;
    this.batchSize = batchSampler === undefined ? batchSize : null;
    this.dropLast = dropLast;
    this.sampler = !positional
      ? null
      : sampler ?? (shuffle ? new RandomSampler(dataset, { generator }) : new SequentialSampler(dataset));
    this.batchSampler = batchSampler ??
      (this.sampler === null || batchSize === null ? null : new BatchSampler(this.sampler, batchSize, { dropLast }));
    this.generator = generator;
    this.prefetchFactor = prefetchFactor;
    this.#collate = options.collateFn;
  }

  /** Number of batches; a `ValueError` where the data or its order does not know how many there are. */
  get length(): number {
    if (this.batchSampler !== null) return lengthOf(this.batchSampler);
    if (this.sampler !== null) return lengthOf(this.sampler);
    const batches = lengthOf(this.dataset) / (this.batchSize ?? 1);
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  /** The batches of an epoch. */
  [Symbol.iterator](): IterableIterator<B> {
    const refuse = () => new ValueError("Cannot go through samples that are promises at once: use for await");
    if (!byPosition(this.dataset) && !(Symbol.iterator in this.dataset)) throw refuse();
    return atOnce(this.#begin(false), refuse);
  }

  /** The batches of an epoch, of samples that may have to be awaited. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Awaited<B>> {
    return inTurn(this.#begin(true), this.prefetchFactor);
  }

  /** Begins an epoch. PyTorch draws a seed for its workers whether or not there are any, after asking for the order's iterator. */
  #begin(awaited: boolean): Epoch<B> {
    const { dataset, batchSampler, sampler, dropLast } = this;
    const drawSeed = () => (this.generator ?? defaultGenerator).drawSeed();
    if (!byPosition(dataset)) {
      drawSeed();
      const single = this.batchSize === null;
      const finish = single ? this.#single : this.#together;
      return epochOfStream(dataset, { size: this.batchSize ?? 1, dropLast, awaited }, finish);
    }
    if (batchSampler === null) {
      const order = begin(sampler!);
      drawSeed();
      return epochByPosition(order, (index) => [dataset.at(index)], this.#single);
    }
    const order = begin(batchSampler);
    drawSeed();
    if (dataset.batch !== undefined && this.#collate === undefined) {
      return epochByPosition(order, (indices) => [dataset.batch!(indices)], ([batch]) => batch as B);
    }
    const take = function* (indices: readonly number[]): Iterable<unknown> {
      for (const index of indices) yield dataset.at(index);
    };
    return epochByPosition(order, take, this.#together);
  }

  readonly #together = (samples: unknown[]): B => (this.#collate ?? defaultCollate)(samples as never) as B;

  readonly #single = ([sample]: unknown[]): B => (this.#collate ?? defaultConvert)(sample as never) as B;
}

/** Refuses what has no samples. */
function requireData(dataset: unknown): void {
  if (typeof dataset === "object" && dataset !== null && !(dataset instanceof Tensor)) {
    if (byPosition(dataset) || Symbol.iterator in dataset || Symbol.asyncIterator in dataset) return;
  }
  throw new ValueError(
    `Cannot load data from ${
      described(dataset)
    }: give a dataset or a list of samples, such as new data.TensorDataset(x, y)`,
  );
}
