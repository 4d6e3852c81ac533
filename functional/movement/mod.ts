/**
 * Operations that move elements: other shapes, orders, parts and joins.
 *
 * @module
 */

export { cat, concat, concatenate } from "./cat.ts";
export { diag, diagEmbed, diagflat, diagonal, type DiagonalOptions, diagonalScatter, tril, triu } from "./diagonal.ts";
export {
  broadcastShapes,
  broadcastTensors,
  broadcastTo,
  expand,
  expandAs,
  repeat,
  repeatInterleave,
  type RepeatInterleaveOptions,
  sumToSize,
  tile,
} from "./expand.ts";
export {
  blockDiag,
  cartesianProd,
  combinations,
  type CombinationsOptions,
  meshgrid,
  type MeshgridOptions,
} from "./grid.ts";
export { constantPadNd } from "./pad.ts";
export { adjoint, moveaxis, movedim, mT, permute, swapaxes, swapdims, t, transpose } from "./permute.ts";
export {
  flatten,
  type FlattenOptions,
  ravel,
  reshape,
  reshapeAs,
  squeeze,
  unflatten,
  unsqueeze,
  view,
  viewAs,
} from "./reshape.ts";
export { roll, rot90, type Rot90Options } from "./roll.ts";
export {
  flip,
  fliplr,
  flipud,
  narrow,
  narrowCopy,
  select,
  selectScatter,
  sliceScatter,
  type SliceScatterOptions,
} from "./slice.ts";
export {
  chunk,
  type DimOptions,
  dsplit,
  hsplit,
  split,
  splitWithSizes,
  tensorSplit,
  unbind,
  unsafeChunk,
  unsafeSplit,
  vsplit,
} from "./split.ts";
export { atleast1d, atleast2d, atleast3d, columnStack, dstack, hstack, rowStack, stack, vstack } from "./stack.ts";
export { asStrided, asStridedScatter, type StridedOptions } from "./strided.ts";
export { unfold } from "./unfold.ts";
