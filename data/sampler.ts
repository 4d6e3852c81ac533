/**
 * Orders in which samples are taken.
 *
 * @module
 */

import {
  defaultGenerator,
  Generator,
  multinomial,
  randint,
  randperm,
  ShapeError,
  Tensor,
  tensor,
  ValueError,
} from "../tensor/mod.ts";
import type { RandomOptions } from "./subset.ts";

/** An order of things that can be gone through again and again: of samples, or of batches of them. */
export interface Sampler<T = number> extends Iterable<T> {
  /** How many there are. */
  readonly length: number;
}

/** Anything that has a number of samples. */
export interface Sized {
  /** Number of samples. */
  readonly length: number;
}

const begun = new WeakSet<object>();

/**
 * For the library: begins to go through an order, or a stream. An iterator can be gone through once only; a second time it would have
 * run dry, and the epoch would silently be empty.
 */
export function begin<T>(iterable: Iterable<T>): Iterator<T> {
  const iterator = iterable[Symbol.iterator]();
  once(iterable, iterator);
  return iterator;
}

/** For the library: throws if `iterable` is an iterator that was begun before. */
export function once(iterable: object, iterator: object): void {
  if (iterator !== iterable) return;
  if (begun.has(iterable)) {
    throw new ValueError(
      "Cannot go through an iterator a second time, for it has run dry: pass a list, or an object that begins anew " +
        "in [Symbol.iterator]",
    );
  }
  begun.add(iterable);
}

/** For the library: how many there are in an order that may not know. */
export function lengthOf(order: object): number {
  const { length } = order as { readonly length?: unknown };
  if (typeof length === "number") return length;
  throw new ValueError(`Cannot tell the length of ${order.constructor.name}: it has no property "length"`);
}

function positive(name: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value;
  throw new ValueError(`Cannot sample with ${name} ${value}: expected a positive integer`);
}

/**
 * The samples in order.
 *
 * ```ts
 * import { data } from "@tensaur/tensaur";
 *
 * console.log([...new data.SequentialSampler(["a", "b", "c"])]); // [ 0, 1, 2 ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/data.html#torch.utils.data.SequentialSampler}
 */
export class SequentialSampler implements Sampler {
  /** What is sampled. */
  readonly dataSource: Sized;

  /** The positions of `dataSource`, in order. */
  constructor(dataSource: Sized) {
    this.dataSource = dataSource;
  }

  /** Number of samples. */
  get length(): number {
    return this.dataSource.length;
  }

  /** The positions. */
  *[Symbol.iterator](): Iterator<number> {
    for (let i = 0; i < this.length; i++) yield i;
  }
}

/** Options of `RandomSampler`. */
export interface RandomSamplerOptions extends RandomOptions {
  /** Whether samples may come up again. Default false. */
  readonly replacement?: boolean;
  /** How many to draw; as many as there are by default. */
  readonly numSamples?: number;
}

/**
 * The samples in random order; the same as PyTorch's for the same seed. Defaults: replacement false, numSamples as many as there are, and a
 * new stream each time, seeded from the default generator's.
 *
 * ```ts
 * import { data, manualSeed } from "@tensaur/tensaur";
 *
 * manualSeed(0);
 * console.log([...new data.RandomSampler(["a", "b", "c", "d", "e"])]); // [ 1, 3, 4, 2, 0 ]
 * ```
 *
 * @throws {ValueError} for no samples, or a `numSamples` that is no positive integer
 * @see {@link https://pytorch.org/docs/stable/data.html#torch.utils.data.RandomSampler}
 */
export class RandomSampler implements Sampler {
  /** What is sampled. */
  readonly dataSource: Sized;
  /** Whether samples may come up again. */
  readonly replacement: boolean;
  /** The stream to draw from; null for a new one, seeded from the default generator, each time. */
  readonly generator: Generator | null;
  readonly #numSamples: number | undefined;

  /** The positions of `dataSource`, in random order. */
  constructor(dataSource: Sized, { replacement = false, numSamples, generator = null }: RandomSamplerOptions = {}) {
    this.dataSource = dataSource;
    this.replacement = replacement;
    this.generator = generator;
    this.#numSamples = numSamples;
    positive("numSamples", this.length);
  }

  /** How many are drawn. */
  get length(): number {
    return this.#numSamples ?? this.dataSource.length;
  }

  /** The positions. */
  *[Symbol.iterator](): Iterator<number> {
    const n = this.dataSource.length, total = this.length;
    const generator = this.generator ?? new Generator().manualSeed(defaultGenerator.drawSeed());
    const options = { generator, device: "cpu" } as const;
    const size = this.replacement ? 32 : n;
    const draw = (count: number) => {
      const drawn = this.replacement ? randint(n, [count], options) : randperm(n, options);
      return (drawn.tolist() as number[]).slice(0, count);
    };
    for (let i = 0; i < Math.floor(total / size); i++) yield* draw(size);
    // Drawn even where nothing is left over, as PyTorch does: a given generator moves on.
    yield* draw(total % size);
  }
}

/**
 * Given positions in random order; the same as PyTorch's for the same seed.
 *
 * ```ts
 * import { data, manualSeed } from "@tensaur/tensaur";
 *
 * manualSeed(0);
 * console.log([...new data.SubsetRandomSampler([10, 20, 30, 40])]); // [ 10, 20, 40, 30 ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/data.html#torch.utils.data.SubsetRandomSampler}
 */
export class SubsetRandomSampler implements Sampler {
  /** The positions. */
  readonly indices: readonly number[];
  /** The stream to draw from; null for the default generator's. */
  readonly generator: Generator | null;

  /** `indices` in random order. */
  constructor(indices: Iterable<number>, { generator = null }: RandomOptions = {}) {
    this.indices = [...indices];
    this.generator = generator;
  }

  /** How many there are. */
  get length(): number {
    return this.indices.length;
  }

  /** The positions. */
  *[Symbol.iterator](): Iterator<number> {
    const order = randperm(this.length, { generator: this.generator, device: "cpu" });
    for (const i of order.tolist() as number[]) yield this.indices[i]!;
  }
}

/** Options of `WeightedRandomSampler`. */
export interface WeightedSamplerOptions extends RandomOptions {
  /** Whether samples may come up again. Default true. */
  readonly replacement?: boolean;
}

/**
 * Positions drawn with given probabilities, which need not sum to 1; the same as PyTorch's for the same seed. By default a position may come
 * up again (`replacement: true`).
 *
 * ```ts
 * import { data, manualSeed } from "@tensaur/tensaur";
 *
 * manualSeed(0);
 * console.log([...new data.WeightedRandomSampler([0.1, 0.9, 0.4, 0.7, 3, 0.6], 5)]); // [ 5, 4, 4, 5, 4 ]
 * ```
 *
 * @throws {ShapeError} for weights of other than one dimension
 * @throws {ValueError} for a number of samples that is no positive integer
 * @see {@link https://pytorch.org/docs/stable/data.html#torch.utils.data.WeightedRandomSampler}
 */
export class WeightedRandomSampler implements Sampler {
  /** The weight of each position; they need not sum to 1. */
  readonly weights: Float64Array<ArrayBuffer>;
  /** How many are drawn. */
  readonly length: number;
  /** Whether samples may come up again. */
  readonly replacement: boolean;
  /** The stream to draw from; null for the default generator's. */
  readonly generator: Generator | null;

  /** `numSamples` positions with these weights: a list or a tensor of one dimension. */
  constructor(
    weights: Iterable<number> | Tensor,
    numSamples: number,
    { replacement = true, generator = null }: WeightedSamplerOptions = {},
  ) {
    if (weights instanceof Tensor && weights.dim() !== 1) {
      throw new ShapeError(`Cannot sample with weights of shape [${weights.shape.join(", ")}]: expected one dimension`);
    }
    this.weights = Float64Array.from(weights instanceof Tensor ? weights.tolist() as number[] : weights);
    this.length = positive("numSamples", numSamples);
    this.replacement = replacement;
    this.generator = generator;
  }

  /** The positions. */
  *[Symbol.iterator](): Iterator<number> {
    const weights = tensor(this.weights, { dtype: "float64", device: "cpu" });
    const { replacement, generator } = this;
    yield* multinomial(weights, this.length, { replacement, generator }).tolist() as number[];
  }
}

/**
 * Batches of positions.
 *
 * ```ts
 * import { data } from "@tensaur/tensaur";
 *
 * console.log([...new data.BatchSampler([4, 3, 2, 1, 0], 2)]); // [ [ 4, 3 ], [ 2, 1 ], [ 0 ] ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/data.html#torch.utils.data.BatchSampler}
 */
export class BatchSampler implements Sampler<number[]> {
  /** The order of the positions. */
  readonly sampler: Iterable<number>;
  /** Positions in a batch. */
  readonly batchSize: number;
  /** Whether a last batch that is not full is left out. */
  readonly dropLast: boolean;

  /** Batches of `batchSize` positions of `sampler`. */
  constructor(
    sampler: Iterable<number>,
    batchSize: number,
    { dropLast = false }: { readonly dropLast?: boolean } = {},
  ) {
    this.sampler = sampler;
    this.batchSize = positive("batchSize", batchSize);
    this.dropLast = dropLast;
  }

  /** Number of batches; a `ValueError` where the order does not know its length. */
  get length(): number {
    const batches = lengthOf(this.sampler) / this.batchSize;
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  /** The batches. */
  *[Symbol.iterator](): Iterator<number[]> {
    const order = begin(this.sampler);
    let batch: number[] = [];
    for (const index of { [Symbol.iterator]: () => order }) {
      batch.push(index);
      if (batch.length < this.batchSize) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0 && !this.dropLast) yield batch;
  }
}
