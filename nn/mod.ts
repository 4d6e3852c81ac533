/**
 * Modules: what has parameters, how they start, and what makes a network of them.
 *
 * @module
 */

export * from "./activation.ts";
export * from "./batch_norm.ts";
export * from "./class_loss.ts";
export { Conv1d, Conv2d, Conv3d, type ConvOptions, type Extents } from "./conv.ts";
export * from "./distance_loss.ts";
export * from "./dropout.ts";
export * from "./embedding.ts";
export * from "./flatten.ts";
export * as init from "./init.ts";
export { type BiasOptions, Bilinear, Identity, type LayerOptions, Linear } from "./linear.ts";
export * from "./likelihood_loss.ts";
export { Module, type NamedOptions, type ToOptions } from "./module.ts";
export * from "./module_dict.ts";
export * from "./module_list.ts";
export type { LoadResult, StateDict } from "./module_state.ts";
export {
  GroupNorm,
  type GroupNormOptions,
  LayerNorm,
  type LayerNormOptions,
  RMSNorm,
  type RMSNormOptions,
} from "./norm.ts";
export * from "./parameter.ts";
export * from "./parameter_list.ts";
export * from "./pool.ts";
export * from "./relu.ts";
export { type Layer, Sequential } from "./sequential.ts";
export * from "./softmax.ts";
export * as utils from "./utils.ts";
