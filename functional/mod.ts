/**
 * Operations on tensors as pure functions.
 *
 * @module
 */

export * from "./elementwise/arithmetic.ts";
export * from "./elementwise/comparison.ts";
export * from "./elementwise/division.ts";
export * from "./elementwise/exponential.ts";
export * from "./elementwise/extremes.ts";
export * from "./elementwise/logical.ts";
export * from "./elementwise/power.ts";
export * from "./elementwise/rounding.ts";
export * from "./elementwise/sign.ts";
export * from "./elementwise/special.ts";
export * from "./elementwise/trigonometric.ts";
export * from "./elementwise/where.ts";
export * from "./movement/cat.ts";
export * from "./movement/diagonal.ts";
export * from "./movement/expand.ts";
export * from "./movement/permute.ts";
export * from "./movement/reshape.ts";
export * from "./movement/roll.ts";
export * from "./movement/slice.ts";
export * from "./movement/split.ts";
export * from "./movement/unfold.ts";
export * from "./reduction/extremes.ts";
export * from "./reduction/logical.ts";
export { norm, type NormOptions } from "./reduction/norm.ts";
export * from "./reduction/prod.ts";
export type { ReduceOptions } from "./reduction/reduce.ts";
export * from "./reduction/softmax.ts";
export * from "./reduction/sum.ts";
export * from "./reduction/variance.ts";
export type { Dims } from "./dims.ts";
export type { MinMax, ValuesIndices } from "./pairs.ts";
