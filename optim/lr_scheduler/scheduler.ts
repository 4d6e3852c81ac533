/**
 * What all schedules have in common.
 *
 * @module
 */

import { ValueError } from "../../tensor/mod.ts";
import { pythonName, scriptName } from "../../tensor/python_format.ts";
import type { Optimizer, OptimizerOptions } from "../optimizer.ts";

/** An optimizer whose learning rates can be scheduled. */
export type AnyOptimizer = Pick<Optimizer<OptimizerOptions>, "paramGroups">;

/** Options of every schedule. */
export interface SchedulerOptions {
  /** The epoch to go on from; -1, the default, starts anew. */
  readonly lastEpoch?: number;
}

/** Base class of schedules. The last line of a subclass's constructor is `this.step()`, which sets the first learning rates. */
export abstract class LRScheduler {
  /** Whose learning rates are scheduled. */
  readonly optimizer: AnyOptimizer;
  /** Learning rates before any schedule, one for each group. */
  baseLrs: number[];
  /** How often the schedule went on. */
  lastEpoch: number;
  /** How often `step` was called, the constructor's call included. */
  protected _stepCount = 0;
  /** The rates that `step` set last. */
  protected _lastLr: number[] = [];

  /** A schedule for `optimizer`. */
  constructor(optimizer: AnyOptimizer, { lastEpoch = -1 }: SchedulerOptions = {}) {
    this.optimizer = optimizer;
    this.lastEpoch = lastEpoch;
    this.baseLrs = optimizer.paramGroups.map((group, i) => {
      if (lastEpoch === -1) group.initialLr ??= group.lr;
      if (group.initialLr === undefined) {
        throw new ValueError(`Cannot resume a schedule: group ${i} of the optimizer has no initialLr`);
      }
      return group.initialLr;
    });
  }

  /** The learning rates of epoch `lastEpoch`, one for each group, computed from the present ones. */
  abstract getLr(): number[];

  /** Goes on by one epoch. */
  step(): void {
    this._stepCount++;
    this.lastEpoch++;
    const rates = this.getLr();
    this.optimizer.paramGroups.forEach((group, i) => group.lr = rates[i]!);
    this._lastLr = rates;
  }

  /** The learning rates that `step` set last. */
  getLastLr(): number[] {
    return [...this._lastLr];
  }

  /** The present learning rates. */
  protected get rates(): number[] {
    return this.optimizer.paramGroups.map((group) => group.lr);
  }

  /** What to save: all but the optimizer and functions. */
  stateDict(): Record<string, unknown> {
    return savedFields(this);
  }

  /** Goes on from what `stateDict` returned. */
  loadStateDict(state: Readonly<Record<string, unknown>>): void {
    loadFields(this, state);
  }
}

/** A schedule's own fields under PyTorch's names, without the optimizer and functions. */
export function savedFields(scheduler: object): Record<string, unknown> {
  const fields = Object.entries(scheduler).filter(([name, value]) => {
    return name !== "optimizer" && ![value].flat().some((item) => typeof item === "function");
  });
  return Object.fromEntries(fields.map(([name, value]) => [pythonName(name), structuredClone(value)]));
}

/** Sets a schedule's own fields from what `savedFields` gave. */
export function loadFields(scheduler: object, state: Readonly<Record<string, unknown>>): void {
  const fields = Object.entries(state).map(([name, value]) => [scriptName(name), structuredClone(value)]);
  Object.assign(scheduler, Object.fromEntries(fields));
}

/** `value`, which has no default. */
export function required<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw new ValueError(`Cannot make a schedule without ${name}`);
  return value;
}
