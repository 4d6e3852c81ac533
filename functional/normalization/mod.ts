/**
 * Normalizations.
 *
 * @module
 */

export { batchNorm, type BatchNormArguments, type BatchNormOptions, instanceNorm } from "./batch.ts";
export { groupNorm, layerNorm, type NormalizationOptions, rmsNorm, type RmsNormOptions } from "./each.ts";
export { localResponseNorm, type LocalResponseNormOptions } from "./local_response.ts";
export { nativeBatchNorm, nativeLayerNorm } from "./native.ts";
