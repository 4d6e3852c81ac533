/**
 * Operations on tensors, as functions without state: PyTorch's `torch.*` and `torch.nn.functional.*`.
 *
 * ```ts
 * import { tensor } from "@tensaur/tensaur";
 * import { crossEntropy, softmax } from "@tensaur/tensaur/functional";
 *
 * const scores = tensor([[2, 1, 0.1]]);
 * console.log(softmax(scores, 1)); // tensor([[0.6590, 0.2424, 0.0986]])
 * console.log(crossEntropy(scores, tensor([0]))); // tensor(0.4170)
 * ```
 *
 * @module
 */

export * from "./activation/mod.ts";
export * from "./elementwise/mod.ts";
export * from "./linalg/functions.ts";
export * from "./matrix/mod.ts";
export * from "./movement/mod.ts";
export * from "./random/gamma.ts";
export * from "./reduction/mod.ts";
export * from "./selection/mod.ts";
export type { Dims } from "./dims.ts";
export type { Histogram, MantissaExponent, MinMax, ValuesIndices } from "./pairs.ts";
export { type AttentionOptions, scaledDotProductAttention } from "./attention.ts";
export * from "./convolution/mod.ts";
export * from "./distance.ts";
export * from "./dropout.ts";
export { embedding, type EmbeddingOptions } from "./embedding.ts";
export * from "./embedding_bag.ts";
export * from "./inspection.ts";
export * from "./loss/mod.ts";
export { multiHeadAttentionForward, type MultiHeadAttentionOptions } from "./multi_head_attention.ts";
export * from "./normalization/mod.ts";
export * from "./pad.ts";
export * from "./pooling/mod.ts";
export { igamma, igammac, mvlgamma } from "./special/gamma.ts";
export { i0 } from "./special/modified_bessel.ts";
export { polygamma } from "./special/zeta.ts";
export * from "./vision/mod.ts";
export * from "./recurrent.ts";
export { gruCell, lstmCell, rnnReluCell, rnnTanhCell } from "./recurrent_cell.ts";
// Also a method of tensors, which takes windows of one dimension; the function is the one of images.
export { unfold } from "./convolution/mod.ts";
export type { PerDimension } from "./windows.ts";
