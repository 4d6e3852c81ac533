/**
 * Schedules of learning rates, called once after each epoch or step. They compute as PyTorch does, each rate from the last, so that
 * several can act on one optimizer and the digits are the same.
 *
 * @module
 */

export * from "./curve.ts";
export * from "./plateau.ts";
export { type AnyOptimizer, LRScheduler, type SchedulerOptions } from "./scheduler.ts";
export * from "./step.ts";
