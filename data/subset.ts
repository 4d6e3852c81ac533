/**
 * Parts of data.
 *
 * @module
 */

import { type Generator, randperm, ValueError } from "../tensor/mod.ts";
import { Dataset, position, positions, type SampleRange, type Samples } from "./dataset.ts";

/**
 * Some of the samples of other data.
 *
 * ```ts
 * import { data, tensor } from "@tensaur/tensaur";
 *
 * const part = new data.Subset(new data.TensorDataset(tensor([10, 20, 30])), [2, 0]);
 * console.log(part.length, part.at(0)[0]); // 2 tensor(30)
 * ```
 *
 * @throws {IndexError} in `at`, for a position out of range
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

  /** The sample at a position among the chosen ones; of a part, `parts.at(":")`, the batch, where the data has one. */
  override at(index: number | SampleRange): T {
    if (typeof index === "number") return this.dataset.at(this.indices[position(index, this.length)]!) as T;
    if (this.batch !== undefined) return this.batch(positions(index, this.length));
    throw new ValueError("Cannot take several samples at once of data that has no batch(): take them one by one");
  }
}

/** Options of functions and samplers that draw numbers. */
export interface RandomOptions {
  /** The stream to draw from; the default generator's where none is given. */
  readonly generator?: Generator | null;
}

/**
 * Divides data at random into parts of the given lengths, or of the given shares if these sum to 1; the same as PyTorch's for the same seed.
 * Samples that rounding leaves over go to the parts in turn.
 *
 * ```ts
 * import { arange, data, manualSeed } from "@tensaur/tensaur";
 *
 * manualSeed(0);
 * const [train, test] = data.randomSplit(new data.TensorDataset(arange(10)), [0.7, 0.3]);
 * console.log(train.length, test.indices); // 7 [ 8, 6, 2 ]
 * ```
 *
 * @throws {ValueError} where the lengths do not sum to the data's
 * @see {@link https://pytorch.org/docs/stable/data.html#torch.utils.data.random_split}
 */
export function randomSplit<T, const L extends readonly number[]>(
  dataset: Samples<T>,
  lengths: L,
  { generator = null }: RandomOptions = {},
): { -readonly [K in keyof L]: Subset<T> } {
  const sizes = partSizes(dataset.length, lengths);
  const order = randperm(dataset.length, { generator, device: "cpu" }).tolist() as number[];
  let end = 0;
  const parts = sizes.map((size) => new Subset(dataset, order.slice(end, end += size)));
  return parts as { -readonly [K in keyof L]: Subset<T> };
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
