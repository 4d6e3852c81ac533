/**
 * Losses.
 *
 * @module
 */

export * from "./binary.ts";
export * from "./cross_entropy.ts";
export * from "./distance.ts";
export * from "./likelihood.ts";
export type { LossOptions, LossReduction, WeightedLossOptions } from "./reduction.ts";
