/**
 * Pooling: one number for every window.
 *
 * @module
 */

export {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  type AdaptiveMaxPooling,
  type AdaptiveMaxPoolOptions,
  type AdaptiveSize,
} from "./adaptive.ts";
export { avgPool1d, avgPool2d, avgPool3d, type AvgPoolOptions } from "./avg.ts";
export {
  fractionalMaxPool2d,
  fractionalMaxPool3d,
  type FractionalMaxPooling,
  type FractionalMaxPoolOptions,
} from "./fractional.ts";
export type { WindowOptions } from "./layout.ts";
export { lpPool1d, lpPool2d, lpPool3d, type LpPoolOptions } from "./lp.ts";
export { maxPool1d, maxPool2d, maxPool3d, type MaxPooling, type MaxPoolOptions, type WithIndices } from "./max.ts";
export { maxUnpool1d, maxUnpool2d, maxUnpool3d, type MaxUnpoolOptions } from "./unpool.ts";
