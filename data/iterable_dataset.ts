/**
 * Data in a stream.
 *
 * @module
 */

import { ValueError } from "../tensor/mod.ts";
import { byPosition } from "./dataset.ts";

/** Samples one after another, at once or awaited: a list, a generator, a `ReadableStream`. */
export type SampleStream<T> = Iterable<T> | AsyncIterable<T>;

/**
 * Base class of data in a stream. A subclass overrides `[Symbol.iterator]`, or `[Symbol.asyncIterator]` where samples have to be waited
 * for, and may say a `length`. Each epoch begins a new iterator.
 *
 * ```ts
 * import { data } from "@tensaur/tensaur";
 *
 * class Countdown extends data.IterableDataset<number> {
 *   override *[Symbol.iterator](): Generator<number> {
 *     for (let i = 5; i > 0; i--) yield i;
 *   }
 * }
 * for (const batch of new data.DataLoader(new Countdown(), { batchSize: 3 })) {
 *   console.log(`${batch}`); // tensor([5, 4, 3]), then tensor([2, 1])
 * }
 * ```
 *
 * @throws {ValueError} where samples that have to be awaited are gone through at once
 * @see {@link https://pytorch.org/docs/stable/data.html#torch.utils.data.IterableDataset}
 */
export abstract class IterableDataset<T> implements Iterable<T>, AsyncIterable<T> {
  /** Number of samples, where it is known. */
  get length(): number | undefined {
    return undefined;
  }

  /** The samples. */
  [Symbol.iterator](): Iterator<T> {
    const awaited = this[Symbol.asyncIterator] !== IterableDataset.prototype[Symbol.asyncIterator];
    throw new ValueError(
      awaited
        ? `Cannot go through ${this.constructor.name} at once, for its samples are awaited: use for await`
        : `Cannot go through ${this.constructor.name}: it overrides neither [Symbol.iterator] nor [Symbol.asyncIterator]`,
    );
  }

  /** The samples, awaited. */
  [Symbol.asyncIterator](): AsyncIterator<T> {
    return awaitedSamples(this[Symbol.iterator]());
  }

  /** This data, then other data. */
  concat(other: SampleStream<T>): ChainDataset<T> {
    return new ChainDataset<T>([this, other]);
  }
}

async function* awaitedSamples<T>(iterator: Iterator<T>): AsyncGenerator<T> {
  yield* { [Symbol.iterator]: () => iterator };
}

/**
 * Streams of data one after another.
 *
 * ```ts
 * import { data } from "@tensaur/tensaur";
 *
 * class Countdown extends data.IterableDataset<number> {
 *   override *[Symbol.iterator](): Generator<number> {
 *     for (let i = 3; i > 0; i--) yield i;
 *   }
 * }
 * console.log([...new data.ChainDataset([new Countdown(), new Countdown()])]); // [ 3, 2, 1, 3, 2, 1 ]
 * ```
 *
 * @throws {ValueError} for data that is taken by position
 * @see {@link https://pytorch.org/docs/stable/data.html#torch.utils.data.ChainDataset}
 */
export class ChainDataset<T> extends IterableDataset<T> {
  /** The streams, in order. */
  readonly datasets: readonly SampleStream<T>[];

  /** The samples of the first of `datasets`, then those of the next. */
  constructor(datasets: Iterable<SampleStream<T>>) {
    super();
    this.datasets = [...datasets];
    if (this.datasets.some(byPosition)) {
      throw new ValueError("Cannot chain data that is taken by position: use ConcatDataset");
    }
  }

  /** Number of samples, where all streams know theirs. */
  override get length(): number | undefined {
    const lengths = this.datasets.map((dataset) => (dataset as { readonly length?: number }).length ?? NaN);
    const sum = lengths.reduce((sum, length) => sum + length, 0);
    return Number.isNaN(sum) ? undefined : sum;
  }

  /** The samples. */
  override *[Symbol.iterator](): Iterator<T> {
    for (const dataset of this.datasets) {
      if (!(Symbol.iterator in dataset)) {
        throw new ValueError("Cannot go through awaited samples at once: use for await");
      }
      yield* dataset;
    }
  }

  /** The samples, awaited. */
  override async *[Symbol.asyncIterator](): AsyncIterator<T> {
    for (const dataset of this.datasets) yield* dataset;
  }
}
