/**
 * What all schedules have in common.
 *
 * @module
 */

import { ValueError } from "../../tensor/mod.ts";
import type { Optimizer, OptimizerOptions } from "../optimizer.ts";
import { fieldName, savedName } from "../saved_names.ts";

/** An optimizer whose learning rates can be scheduled. */
export type AnyOptimizer = Pick<Optimizer<OptimizerOptions>, "paramGroups">;

/** Options of every schedule. */
export interface SchedulerOptions {
  /** The epoch to go on from; -1, the default, starts anew. */
  readonly lastEpoch?: number;
}

/**
 * Base class of schedules: `step()` goes on by one epoch (or batch: whatever the caller counts) and sets the `lr` of each group.
 *
 * A schedule of one's own says in `getLr` what the rates of epoch `lastEpoch` are; the last line of its constructor is
 * `this.initialStep()`, which sets the first ones. An optimizer that has taken no step since the schedule was made is no error.
 *
 * ```ts
 * import { nn, optim } from "@tensaur/tensaur";
 *
 * class Halving extends optim.lrScheduler.LRScheduler {
 *   constructor(optimizer: optim.SGD) {
 *     super(optimizer);
 *     this.initialStep();
 *   }
 *   override getLr(): number[] {
 *     return this.baseLrs.map((rate) => rate / 2 ** this.lastEpoch);
 *   }
 * }
 * const schedule = new Halving(new optim.SGD(new nn.Linear(4, 1).parameters(), { lr: 0.1 }));
 * schedule.step();
 * console.log(schedule.getLastLr()); // [ 0.05 ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LRScheduler.html}
 */
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
  #initial = false;

  /** A schedule for `optimizer`. */
  constructor(optimizer: AnyOptimizer, { lastEpoch = -1 }: SchedulerOptions = {}) {
    requireOptimizer(optimizer);
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

  /** The learning rates of epoch `lastEpoch`, computed from those before any schedule, where there is such a formula. */
  protected closedForm(): number[] {
    return this.getLr();
  }

  /** Sets the rates of the first epoch: the last line of a constructor. */
  initialStep(): void {
    this._stepCount = 0;
    this.#initial = true;
    try {
      this.step();
    } finally {
      this.#initial = false;
    }
  }

  /** Whether the first rates are being set. */
  protected get initial(): boolean {
    return this.#initial;
  }

  /** Goes on by one epoch, or to `epoch`, whose rates come from the formula in closed form where there is one. */
  step(epoch?: number): void {
    this._stepCount++;
    this.lastEpoch = epoch ?? this.lastEpoch + 1;
    this.setRates(epoch === undefined ? this.getLr() : this.closedForm());
  }

  /** Gives each group its learning rate; those that were added later and have none keep theirs. */
  protected setRates(rates: readonly number[]): void {
    this.optimizer.paramGroups.forEach((group, i) => group.lr = rates[i] ?? group.lr);
    this._lastLr = this.rates;
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

/** A schedule's own fields under PyTorch's names, without the optimizer, functions and other schedules. */
export function savedFields(scheduler: object): Record<string, unknown> {
  const fields = Object.entries(scheduler).filter(([name, value]) => {
    const kept = (item: unknown) => typeof item !== "function" && !(item instanceof LRScheduler);
    return name !== "optimizer" && [value].flat().every(kept);
  });
  return Object.fromEntries(fields.map(([name, value]) => [savedName(name), structuredClone(value)]));
}

/** Sets a schedule's own fields from what `savedFields` gave. */
export function loadFields(scheduler: object, state: Readonly<Record<string, unknown>>): void {
  const fields = Object.entries(state).map(([name, value]) => [fieldName(name), structuredClone(value)]);
  Object.assign(scheduler, Object.fromEntries(fields));
}

/** Refuses what has no groups of parameters. */
function requireOptimizer(optimizer: Partial<AnyOptimizer> | null | undefined): void {
  if (!Array.isArray(optimizer?.paramGroups)) throw new ValueError("Cannot schedule this: pass an optimizer");
}

/** `value`, which has no default. */
export function required<T>(name: string, value: T | undefined): T {
  if (value === undefined) throw new ValueError(`Cannot make a schedule without ${name}`);
  return value;
}

/** One value for each group of an optimizer: `value` for all of them, or a list. */
export function perGroup(name: string, optimizer: AnyOptimizer, value: number | readonly number[]): number[] {
  requireOptimizer(optimizer);
  const groups = optimizer.paramGroups.length;
  if (typeof value === "number") return new Array<number>(groups).fill(value);
  if (value.length === groups) return [...value];
  throw new ValueError(
    `Cannot use ${value.length} values of ${name} for ${groups} groups: pass one number, or ${groups}`,
  );
}

/** `value`, which is a whole number of at least `least`. */
export function requireWhole(name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new ValueError(`Cannot make a schedule with ${name} ${value}: expected a whole number of at least ${least}`);
}

/** `value`, which is above 0. */
export function requirePositive(name: string, value: number): number {
  if (value > 0) return value;
  throw new ValueError(`Cannot make a schedule with ${name} ${value}: expected more than 0`);
}
