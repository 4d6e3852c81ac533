/**
 * Losses.
 *
 * @module
 */

export * from "./adaptive_log_softmax.ts";
export * from "./binary.ts";
export * from "./cross_entropy.ts";
export { ctcLoss, type CtcLossOptions } from "./ctc.ts";
export * from "./distance.ts";
export * from "./likelihood.ts";
export {
  cosineEmbeddingLoss,
  hingeEmbeddingLoss,
  type MarginLossOptions,
  marginRankingLoss,
  multilabelMarginLoss,
  multiMarginLoss,
  type MultiMarginLossOptions,
} from "./margin.ts";
export type { LossOptions, LossReduction, WeightedLossOptions } from "./reduction.ts";
export * from "./triplet.ts";
