/**
 * Averages of a model's weights: stochastic weight averaging and exponential moving averages.
 *
 * @module
 */

export * from "./average.ts";
export * from "./averaged_model.ts";
export * from "./swalr.ts";
export * from "./update_bn.ts";
