/**
 * Schedules of learning rates, called once after each epoch or step. They compute as PyTorch does, each rate from the last, so that
 * several can act on one optimizer and the digits are the same.
 *
 * @module
 */

export { ChainedScheduler, type ComposedLR, SequentialLR, type SequentialOptions } from "./composed.ts";
export * from "./curve.ts";
export * from "./cyclic.ts";
export type { Momenta } from "./momentum.ts";
export * from "./one_cycle.ts";
export * from "./plateau.ts";
export { type AnyOptimizer, LRScheduler, type SchedulerOptions } from "./scheduler.ts";
export * from "./step.ts";
export * from "./warm_restarts.ts";
