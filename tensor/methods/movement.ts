/**
 * Other shapes and arrangements of the same elements, as methods.
 *
 * @module
 */

import * as F from "../../functional/mod.ts";
import { unfold as windows } from "../../functional/movement/unfold.ts";
import type {
  DiagonalOptions,
  DimOptions,
  Dims,
  FlattenOptions,
  RepeatInterleaveOptions,
  Rot90Options,
  SliceScatterOptions,
  StridedOptions,
} from "../../functional/mod.ts";
import type { Tensor } from "../tensor.ts";
import { getters, type Implementations, type InPlace, inPlace, methods } from "./define.ts";

/** Sizes as a list, or one by one: `view([2, 3])`, `view(2, 3)`. */
export type Sizes = number[] | [readonly number[]];

/** Movement of elements. Unless it says otherwise, a result is a view: a write to either shows in both. */
export interface MovementMethods extends TriangleMethods {
  /** The elements, row-major, in another shape; one extent may be -1. */
  reshape(...shape: Sizes): Tensor;
  /** The same as `reshape`. */
  view(...shape: Sizes): Tensor;
  /** The elements in the shape of `other`. */
  reshapeAs(other: Tensor): Tensor;
  /** The elements in the shape of `other`. */
  viewAs(other: Tensor): Tensor;
  /** Dimensions `startDim` to `endDim` merged into one. */
  flatten(startDim?: number | FlattenOptions, endDim?: number): Tensor;
  /** All elements in one dimension. */
  ravel(): Tensor;
  /** Dimension `dim` split into `sizes`. */
  unflatten(dim: number, sizes: readonly number[]): Tensor;
  /** x without its dimensions of extent 1, or without those of `dim` that have it. */
  squeeze(dim?: Dims | { readonly dim?: Dims }): Tensor;
  /** x with a dimension of extent 1 put in before `dim`. */
  unsqueeze(dim: number): Tensor;
  /** Dimension i of the result is dimension `dims[i]` of x. */
  permute(...dims: Sizes): Tensor;
  /** x with the matrices of its last two dimensions transposed. */
  adjoint(): Tensor;
  /** x with two dimensions exchanged. */
  transpose(dim0: number, dim1: number): Tensor;
  /** The same as `transpose`. */
  swapaxes(dim0: number, dim1: number): Tensor;
  /** The same as `transpose`. */
  swapdims(dim0: number, dim1: number): Tensor;
  /** A matrix with rows and columns exchanged. */
  t(): Tensor;
  /** The dimensions `source` moved to the places `destination`. */
  movedim(source: Dims, destination: Dims): Tensor;
  /** The same as `movedim`. */
  moveaxis(source: Dims, destination: Dims): Tensor;
  /** x with dimensions of extent 1 repeated, and new ones in front; -1 keeps an extent. It cannot be written. */
  expand(...sizes: Sizes): Tensor;
  /** x repeated to the shape of `other`. It cannot be written. */
  expandAs(other: Tensor): Tensor;
  /** x repeated to `shape`. It cannot be written. */
  broadcastTo(...shape: Sizes): Tensor;
  /** x summed to a shape that broadcasts to its own; no view. */
  sumToSize(...shape: Sizes): Tensor;
  /** A copy of x set side by side with itself, `repeats[i]` times along dimension i. */
  repeat(...repeats: Sizes): Tensor;
  /** As `repeat`, but counts for the last dimensions suffice. */
  tile(...dims: Sizes): Tensor;
  /** A copy with each element repeated in place. */
  repeatInterleave(
    repeats: number | Tensor,
    dim?: number | RepeatInterleaveOptions,
    options?: RepeatInterleaveOptions,
  ): Tensor;
  /** Elements `start` to `start + length - 1` along `dim`. */
  narrow(dim: number, start: number | Tensor, length: number): Tensor;
  /** A copy of elements `start` to `start + length - 1` along `dim`. */
  narrowCopy(dim: number, start: number | Tensor, length: number): Tensor;
  /** The elements at `storageOffset` + i · stride[0] + j · stride[1] + … of x's row-major list. */
  asStrided(size: readonly number[], stride: readonly number[], storageOffset?: number | StridedOptions | null): Tensor;
  /** A copy with the elements that `asStrided` shows replaced by those of `value`. */
  asStridedScatter(
    value: Tensor,
    size: readonly number[],
    stride: readonly number[],
    storageOffset?: number | StridedOptions | null,
  ): Tensor;
  /** Element `index` along `dim`, which vanishes. */
  select(dim: number, index: number): Tensor;
  /** A copy with element `index` along `dim` replaced by `value`. */
  selectScatter(value: Tensor, dim: number, index: number): Tensor;
  /** A copy with a slice replaced by `value`. */
  sliceScatter(value: Tensor, options?: SliceScatterOptions): Tensor;
  /** Pieces of `size` elements, or of the sizes listed. */
  split(size: number | readonly number[], dim?: number | DimOptions): Tensor[];
  /** At most `chunks` pieces of equal size. */
  chunk(chunks: number, dim?: number | DimOptions): Tensor[];
  /** The same as `split`. */
  unsafeSplit(size: number | readonly number[], dim?: number | DimOptions): Tensor[];
  /** The same as `chunk`. */
  unsafeChunk(chunks: number, dim?: number | DimOptions): Tensor[];
  /** `sections` pieces whose sizes differ by at most 1; or the pieces between the positions listed. */
  tensorSplit(sections: number | readonly number[], dim?: number | DimOptions): Tensor[];
  /** Pieces of the sizes listed. */
  splitWithSizes(sizes: readonly number[], dim?: number | DimOptions): Tensor[];
  /** Pieces side by side: along the second dimension, or the only one. */
  hsplit(sections: number | readonly number[]): Tensor[];
  /** Pieces on top of each other: along the first dimension. */
  vsplit(sections: number | readonly number[]): Tensor[];
  /** Pieces in depth: along the third dimension. */
  dsplit(sections: number | readonly number[]): Tensor[];
  /** The elements along a dimension, each without it. */
  unbind(dim?: number | DimOptions): Tensor[];
  /** A copy with the order of elements reversed along each of `dims`. */
  flip(...dims: Sizes): Tensor;
  /** A copy with the columns in reverse order. */
  fliplr(): Tensor;
  /** A copy with the rows in reverse order. */
  flipud(): Tensor;
  /** A copy with elements moved along `dims`, those that leave at the end coming in at the start. */
  roll(shifts: Dims, dims?: Dims | { readonly dims?: Dims }): Tensor;
  /** A copy turned by 90 degrees `k` times in the plane of two dimensions. */
  rot90(k?: number | Rot90Options, dims?: readonly number[] | Rot90Options): Tensor;
  /** The diagonal of the matrices in two dimensions. */
  diagonal(offset?: number | DiagonalOptions, dim1?: number, dim2?: number): Tensor;
  /** A copy with a diagonal replaced by `value`. */
  diagonalScatter(value: Tensor, options?: DiagonalOptions): Tensor;
  /** Matrices that are 0 but for a diagonal, which is the last dimension of x. */
  diagEmbed(options?: DiagonalOptions): Tensor;
  /** A copy of the diagonal of a matrix, or the square matrix whose diagonal is a vector. */
  diag(diagonal?: number | { readonly diagonal?: number }): Tensor;
  /** The square matrix whose diagonal is x, flattened. */
  diagflat(offset?: number | { readonly offset?: number }): Tensor;
  /** Windows of `size` elements along `dimension`, `step` apart. */
  unfold(dimension: number, size: number, step: number): Tensor;
}

/** Triangles of matrices. */
export interface TriangleMethods {
  /** A copy with 0 above a diagonal. */
  tril(diagonal?: number | { readonly diagonal?: number }): Tensor;
  /** A copy with 0 below a diagonal. */
  triu(diagonal?: number | { readonly diagonal?: number }): Tensor;
}

/** `x.tril_()` and `x.triu_()`. */
export interface MovementInPlaceMethods extends InPlace<TriangleMethods> {}

/** Transposes. */
export interface MovementProperties {
  /** A view with the dimensions in reverse order. */
  readonly T: Tensor;
  /** A view with each matrix of the last two dimensions transposed. */
  readonly mT: Tensor;
  /** The same as `mT`, for there are no complex numbers. */
  readonly mH: Tensor;
  /** The same as `mT`, for there are no complex numbers. */
  readonly H: Tensor;
}

/** A method of sizes from a function of a list. */
function sized(f: (x: Tensor, sizes: readonly number[]) => Tensor): (x: Tensor, ...sizes: Sizes) => Tensor {
  return (x, ...sizes) => f(x, sizes.flat());
}

const triangles: Implementations<TriangleMethods> = { tril: F.tril, triu: F.triu };

const functions: Implementations<MovementMethods> = {
  ...triangles,
  reshape: sized(F.reshape),
  view: sized(F.view),
  reshapeAs: F.reshapeAs,
  viewAs: F.viewAs,
  flatten: F.flatten,
  ravel: F.ravel,
  unflatten: F.unflatten,
  squeeze: F.squeeze,
  unsqueeze: F.unsqueeze,
  permute: sized(F.permute),
  adjoint: F.adjoint,
  transpose: F.transpose,
  swapaxes: F.swapaxes,
  swapdims: F.swapdims,
  t: F.t,
  movedim: F.movedim,
  moveaxis: F.moveaxis,
  expand: sized(F.expand),
  expandAs: F.expandAs,
  broadcastTo: sized(F.broadcastTo),
  sumToSize: sized(F.sumToSize),
  repeat: sized(F.repeat),
  tile: sized(F.tile),
  repeatInterleave: F.repeatInterleave,
  narrow: F.narrow,
  narrowCopy: F.narrowCopy,
  asStrided: F.asStrided,
  asStridedScatter: F.asStridedScatter,
  select: F.select,
  selectScatter: F.selectScatter,
  sliceScatter: F.sliceScatter,
  split: F.split,
  chunk: F.chunk,
  unsafeSplit: F.unsafeSplit,
  unsafeChunk: F.unsafeChunk,
  tensorSplit: F.tensorSplit,
  splitWithSizes: F.splitWithSizes,
  hsplit: F.hsplit,
  vsplit: F.vsplit,
  dsplit: F.dsplit,
  unbind: F.unbind,
  flip: sized(F.flip),
  fliplr: F.fliplr,
  flipud: F.flipud,
  roll: F.roll,
  rot90: F.rot90,
  diagonal: F.diagonal,
  diagonalScatter: F.diagonalScatter,
  diagEmbed: F.diagEmbed,
  diag: F.diag,
  diagflat: F.diagflat,
  unfold: windows,
};

/** Descriptors for the prototype. */
export const movement: PropertyDescriptorMap = {
  ...methods(functions),
  ...inPlace(triangles),
  ...getters<MovementProperties>({
    T: (x) => F.permute(x, x.shape.map((_, i) => x.ndim - 1 - i)),
    mT: F.mT,
    mH: F.mT,
    H: F.mT,
  }),
};
