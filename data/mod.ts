/**
 * Data sets, the orders in which their samples are taken, and batches of them.
 *
 * @module
 */

// Whoever imports this part alone needs tensors with methods, too.
import "../tensor/methods.ts";

export { type Collated, defaultCollate } from "./collate.ts";
export { DataLoader, type DataLoaderOptions } from "./data_loader.ts";
export {
  ConcatDataset,
  Dataset,
  type RandomOptions,
  randomSplit,
  type Samples,
  Subset,
  TensorDataset,
} from "./dataset.ts";
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
