/**
 * Operations that pick elements by index, mask or order.
 *
 * @module
 */

export { gather, take, takeAlongDim } from "./gather.ts";
export { type Assignable, index, indexPut, indexPut_, type IndexPutOptions } from "./index.ts";
export { indexAdd, indexCopy, indexFill, indexReduce, type IndexReduction, indexSelect } from "./index_select.ts";
export { argwhere, maskedFill, maskedScatter, maskedSelect, nonzero, type NonzeroOptions } from "./masked.ts";
export { isin, type IsinOptions, put, type PutOptions } from "./membership.ts";
export { scatter, scatterAdd, type ScatterOptions, scatterReduce, type ScatterReduceOptions } from "./scatter.ts";
export { bucketize, oneHot, type SearchOptions, searchsorted } from "./search.ts";
export {
  argsort,
  kthvalue,
  type KthvalueOptions,
  msort,
  sort,
  type SortOptions,
  topk,
  type TopkOptions,
} from "./sort.ts";
export { bincount, type BincountOptions, unique, uniqueConsecutive, type UniqueOptions } from "./unique.ts";
export { unravelIndex } from "./unravel_index.ts";
export type { ScatterReduce } from "./scatter_reduce.ts";
