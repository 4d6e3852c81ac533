/**
 * Tools for gradients, parameters and sequences.
 *
 * @module
 */

export * from "./clip_grad.ts";
export * from "./convert_parameters.ts";
export * from "./fusion.ts";
export * as parametrizations from "./parametrizations.ts";
export * as parametrize from "./parametrize.ts";
export * as prune from "./prune.ts";
export * as rnn from "./rnn.ts";
export * as stateless from "./stateless.ts";
export { skipInit } from "./skip_init.ts";
export { removeSpectralNorm, spectralNorm, type SpectralNormOptions } from "./spectral_norm.ts";
export { removeWeightNorm, weightNorm, type WeightNormOptions } from "./weight_norm.ts";
