/**
 * Data sets, the orders in which their samples are taken, and batches of them.
 *
 * ```ts
 * import { arange } from "@tensaur/tensaur";
 * import { DataLoader, TensorDataset } from "@tensaur/tensaur/data";
 *
 * const x = arange(5), y = x.mul(10);
 * for (const [a, b] of new DataLoader(new TensorDataset(x, y), { batchSize: 2 })) console.log(`${a} ${b}`);
 * // tensor([0, 1]) tensor([ 0, 10])
 * // tensor([2, 3]) tensor([20, 30])
 * // tensor([4]) tensor([40])
 * ```
 *
 * @module
 */

// Whoever imports this part alone needs tensors with methods, too.
import "../tensor/methods.ts";

export { type Collated, type Converted, defaultCollate, defaultConvert } from "./collate.ts";
export { CSVDataset, type CSVOptions } from "./csv_dataset.ts";
export type { ColumnType } from "./csv_column.ts";
export { type Batch, DataLoader, type DataLoaderOptions } from "./data_loader.ts";
export { ConcatDataset, Dataset, type SampleRange, type Samples } from "./dataset.ts";
export type { FileSource } from "./files.ts";
export { readIdx } from "./idx.ts";
export { IdxDataset, type IdxDatasetOptions, type TransformOptions } from "./idx_dataset.ts";
export { ChainDataset, IterableDataset, type SampleStream } from "./iterable_dataset.ts";
export {
  EMNIST,
  type EmnistOptions,
  type EmnistSplit,
  FashionMNIST,
  KMNIST,
  MNIST,
  type MnistOptions,
} from "./mnist.ts";
export { Progress, progress, type ProgressFile, type ProgressOptions, type ProgressPage } from "./progress.ts";
export {
  BatchSampler,
  RandomSampler,
  type RandomSamplerOptions,
  type Sampler,
  SequentialSampler,
  type Sized,
  SubsetRandomSampler,
  WeightedRandomSampler,
  type WeightedSamplerOptions,
} from "./sampler.ts";
export { type SampleOf, type Stackable, StackDataset, type Stacked } from "./stack_dataset.ts";
export { type RandomOptions, randomSplit, Subset } from "./subset.ts";
export { type Cell, type Column, TableDataset } from "./table.ts";
export { TensorDataset } from "./tensor_dataset.ts";
export { normalize, toTensor } from "./transforms.ts";
