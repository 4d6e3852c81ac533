/**
 * Optimizers, and schedules of their learning rates.
 *
 * @module
 */

// Whoever imports this part alone needs tensors with methods, too.
import "../tensor/methods.ts";

export { Adam, type AdamOptions, AdamW } from "./adam.ts";
export * as lrScheduler from "./lr_scheduler/mod.ts";
export {
  Optimizer,
  type OptimizerOptions,
  type OptimizerParameters,
  type OptimizerState,
  type ParameterState,
  type ParamGroup,
  type ParamGroupInit,
} from "./optimizer.ts";
export { SGD, type SGDOptions } from "./sgd.ts";
