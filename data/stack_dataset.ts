/**
 * Data side by side.
 *
 * @module
 */

import { ValueError } from "../tensor/mod.ts";
import { byPosition, Dataset, position, type Samples } from "./dataset.ts";

/** The samples of `D`. */
export type SampleOf<D> = D extends Samples<infer T> ? Exclude<T, undefined> : never;

/** Data to be stacked: a list of datasets, or one object of them. */
export type Stackable = readonly Samples<unknown>[] | readonly [Readonly<Record<string, Samples<unknown>>>];

/** A sample of data stacked from `A`: a list where that is a list, an object where that is an object. */
export type Stacked<A extends Stackable> = A extends readonly Samples<unknown>[]
  ? { -readonly [K in keyof A]: SampleOf<A[K]> }
  : { -readonly [K in keyof A[0]]: SampleOf<A[0][K]> };

/**
 * Data side by side: sample i is made of sample i of each, as a list or as an object. Of no data, or of data of different lengths, there
 * is none: a `ValueError`.
 *
 * ```ts
 * import { data } from "@tensaur/tensaur";
 *
 * const pairs = new data.StackDataset([1, 2, 3], ["a", "b", "c"]);
 * console.log(pairs.at(1)); // [ 2, "b" ]
 * const named = new data.StackDataset({ image: [1, 2, 3], text: ["a", "b", "c"] });
 * console.log(named.at(-1)); // { image: 3, text: "c" }
 * ```
 *
 * @throws {ValueError} for no datasets, or ones of different lengths
 * @see {@link https://pytorch.org/docs/stable/data.html#torch.utils.data.StackDataset}
 */
export class StackDataset<A extends Stackable> extends Dataset<Stacked<A>> {
  /** The data, by position or by name. */
  readonly datasets: readonly Samples<unknown>[] | Readonly<Record<string, Samples<unknown>>>;
  /** Number of samples. */
  override readonly length: number;

  /** Several datasets, or one object of datasets. */
  constructor(...datasets: A) {
    super();
    const [first] = datasets;
    const named = datasets.length === 1 && first !== undefined && !byPosition(first);
    const all = named ? Object.values(first) : [...datasets] as Samples<unknown>[];
    const lengths = all.map((dataset) => dataset.length);
    if (lengths.length === 0) throw new ValueError("Cannot stack no data at all: pass datasets, or an object of them");
    if (lengths.some((length) => length !== lengths[0])) {
      throw new ValueError(`Cannot stack data of ${lengths.join(", ")} samples: the lengths differ`);
    }
    this.datasets = named ? { ...first } : all;
    this.length = lengths[0]!;
  }

  /** A sample of each. */
  override at(index: number): Stacked<A> {
    const { datasets } = this, row = position(index, this.length);
    const sample = Array.isArray(datasets)
      ? datasets.map((dataset: Samples<unknown>) => dataset.at(row))
      : Object.fromEntries(Object.entries(datasets).map(([name, dataset]) => [name, dataset.at(row)]));
    return sample as Stacked<A>;
  }
}
