/**
 * Operations on images: other sizes, samples at positions, channels as pixels.
 *
 * @module
 */

export { affineGrid, type AffineGridOptions } from "./affine_grid.ts";
export { gridSample, type GridSampleOptions } from "./grid_sample.ts";
export {
  interpolate,
  type InterpolateOptions,
  type InterpolationMode,
  upsample,
  upsampleBilinear,
  upsampleNearest,
  type UpsampleOptions,
} from "./interpolate.ts";
export { channelShuffle, pixelShuffle, pixelUnshuffle } from "./pixel_shuffle.ts";
