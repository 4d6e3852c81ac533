/**
 * Picking, replacing, finding and ordering elements, as methods.
 *
 * @module
 */

import * as F from "../../functional/mod.ts";
import type {
  Assignable,
  BincountOptions,
  IndexPutOptions,
  IndexReduction,
  KthvalueOptions,
  NonzeroOptions,
  PutOptions,
  ScatterOptions,
  ScatterReduce,
  ScatterReduceOptions,
  SortOptions,
  TopkOptions,
  UniqueOptions,
  ValuesIndices,
} from "../../functional/mod.ts";
import type { Index } from "../indexing.ts";
import type { Operand } from "../promotion.ts";
import { requireList } from "../require_tensor.ts";
import type { Tensor } from "../tensor.ts";
import { type Implementations, type InPlace, inPlace, methods } from "./define.ts";

/** Picking, finding and ordering elements. */
export interface IndexingMethods extends WritingMethods {
  /**
   * Python's `x[i, j, …]`: `x.at(0)`, `x.at(":", slice(1, 3))`, `x.at("...", null)`, `x.at(x.gt(0))`, `x.at([0, 2])`. Integers, slices and
   * new axes give a view; masks and index tensors pick elements into a copy.
   */
  at(...indices: Index[]): Tensor;
  /** `at` with the indices in a list. */
  index(indices: readonly Index[]): Tensor;
  /** Python's `x[i, j, …] = value`: `x.setAt([0], 1)`, `x.setAt([":", "1:3"], y)`, `x.setAt([x.lt(0)], 0)`. */
  setAt(indices: readonly Index[], value: Assignable): Tensor;
  /** `setAt` that can also add to the elements. */
  indexPut_(indices: readonly Index[], value: Assignable, options?: IndexPutOptions): Tensor;
  /** A copy with `indexPut_` done to it. */
  indexPut(indices: readonly Index[], value: Assignable, options?: IndexPutOptions): Tensor;
  /** Element [i, j, …] is x[i, j, …] with its index along `dim` replaced by index[i, j, …]. */
  gather(dim: number, index: Tensor): Tensor;
  /** As `gather`, with x and index broadcast against each other. */
  takeAlongDim(index: Tensor, dim?: number | { readonly dim?: number | null } | null): Tensor;
  /** Elements of x, taken as flat, at `index`. */
  take(index: Tensor): Tensor;
  /** The slices at the positions `index` along `dim`. */
  indexSelect(dim: number, index: Tensor): Tensor;
  /** The elements where the mask holds, in a list. Reads the mask. */
  maskedSelect(mask: Tensor): Tensor;
  /** The indices of the elements that are not 0, a row for each. Reads the elements. */
  nonzero(): Tensor;
  /** The indices of the elements that are not 0, as a list for each dimension. Reads the elements. */
  nonzero(options: { readonly asTuple: true }): Tensor[];
  /** The indices of the elements that are not 0. Reads the elements. */
  nonzero(options: NonzeroOptions): Tensor | Tensor[];
  /** The indices of the elements that are not 0, a row for each. Reads the elements. */
  argwhere(): Tensor;
  /** The distinct elements in ascending order, with the inverse and counts that the options ask for. Reads the elements. */
  unique(
    options: UniqueOptions & ({ readonly returnInverse: true } | { readonly returnCounts: true }),
  ): Tensor[];
  /** The distinct elements in ascending order. Reads the elements. */
  unique(options?: UniqueOptions): Tensor;
  /** The elements without those that equal the one before, with the inverse and counts that the options ask for. */
  uniqueConsecutive(
    options: UniqueOptions & ({ readonly returnInverse: true } | { readonly returnCounts: true }),
  ): Tensor[];
  /** The elements without those that equal the one before. Reads the elements. */
  uniqueConsecutive(options?: UniqueOptions): Tensor;
  /** How often each of 0, 1, … occurs in a list of integers. Reads the elements. */
  bincount(options?: BincountOptions): Tensor;
  /** The elements along a dimension in ascending order, and where they were. */
  sort(dim?: number | SortOptions, options?: SortOptions): ValuesIndices;
  /** The positions that sort a dimension. */
  argsort(dim?: number | SortOptions, options?: SortOptions): Tensor;
  /** The elements along the first dimension in ascending order. */
  msort(): Tensor;
  /** The `k` largest elements along a dimension, and where they were. */
  topk(k: number, dim?: number | TopkOptions, options?: TopkOptions): ValuesIndices;
  /** The `k`-th smallest element along a dimension, counted from 1, and where it was. */
  kthvalue(k: number, dim?: number | KthvalueOptions, options?: KthvalueOptions): ValuesIndices;
}

/** Replacing elements, in a copy. */
export interface WritingMethods {
  /** A copy with a number where the mask holds. */
  maskedFill(mask: Tensor, value: Operand): Tensor;
  /** A copy with the elements of `source`, in order, where the mask holds. */
  maskedScatter(mask: Tensor, source: Tensor): Tensor;
  /** A copy with the elements of `source` at positions of x taken as flat. */
  put(index: Tensor, source: Tensor, options?: PutOptions): Tensor;
  /** A copy with the slices of `source` added at the positions `index` along `dim`. */
  indexAdd(dim: number, index: Tensor, source: Tensor, options?: { readonly alpha?: number }): Tensor;
  /** A copy with the slices of `source` combined into those at the positions `index` along `dim`. */
  indexReduce(
    dim: number,
    index: Tensor,
    source: Tensor,
    reduce: IndexReduction,
    options?: ScatterReduceOptions,
  ): Tensor;
  /** A copy with the slices at the positions `index` along `dim` replaced. */
  indexCopy(dim: number, index: Tensor, source: Tensor): Tensor;
  /** A copy with the slices at the positions `index` along `dim` filled with a number. */
  indexFill(dim: number, index: Tensor, value: Operand): Tensor;
  /** A copy whose element [i, j, …], with its index along `dim` replaced by index[i, j, …], is `source`'s or the number given. */
  scatter(dim: number, index: Tensor, source: Operand, options?: ScatterOptions): Tensor;
  /** A copy with the elements of `source` added at the positions that `scatter` names. */
  scatterAdd(dim: number, index: Tensor, source: Tensor): Tensor;
  /** A copy with the elements of `source` combined at the positions that `scatter` names. */
  scatterReduce(
    dim: number,
    index: Tensor,
    source: Tensor,
    reduce: ScatterReduce,
    options?: ScatterReduceOptions,
  ): Tensor;
}

/** `x.scatter_(…)` and its kin, which change x. */
export interface IndexingInPlaceMethods extends InPlace<WritingMethods> {}

const writing: Implementations<WritingMethods> = {
  maskedFill: F.maskedFill,
  maskedScatter: F.maskedScatter,
  put: F.put,
  indexAdd: F.indexAdd,
  indexCopy: F.indexCopy,
  indexReduce: F.indexReduce,
  indexFill: F.indexFill,
  scatter: F.scatter,
  scatterAdd: F.scatterAdd,
  scatterReduce: F.scatterReduce,
};

const functions: Implementations<IndexingMethods> = {
  ...writing,
  at: (x, ...indices) => F.index(x, indices),
  index: F.index,
  setAt(x, indices, value) {
    requireList("setAt", "indices", indices, "indices");
    return F.indexPut_(x, indices, value);
  },
  indexPut_: F.indexPut_,
  indexPut: F.indexPut,
  gather: F.gather,
  takeAlongDim: F.takeAlongDim,
  take: F.take,
  indexSelect: F.indexSelect,
  maskedSelect: F.maskedSelect,
  nonzero: F.nonzero as Implementations<IndexingMethods>["nonzero"],
  argwhere: F.argwhere,
  unique: F.unique,
  uniqueConsecutive: F.uniqueConsecutive,
  bincount: F.bincount,
  sort: F.sort,
  argsort: F.argsort,
  msort: F.msort,
  topk: F.topk,
  kthvalue: F.kthvalue,
};

/** Descriptors for the prototype. */
export const indexing: PropertyDescriptorMap = { ...methods(functions), ...inPlace(writing) };
