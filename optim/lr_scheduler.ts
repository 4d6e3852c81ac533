/**
 * Schedules of learning rates, called once after each epoch or step. They compute as PyTorch does, each rate from the last, so that
 * several can act on one optimizer and the digits are the same.
 *
 * @module
 */

import { ValueError } from "../tensor/mod.ts";
import { pythonName, scriptName } from "../tensor/python_format.ts";
import type { Optimizer, OptimizerOptions } from "./optimizer.ts";

export { type PlateauOptions, ReduceLROnPlateau } from "./reduce_lr_on_plateau.ts";

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

/** Options of schedules that multiply by a factor. */
export interface GammaOptions extends SchedulerOptions {
  /** The factor. Default 0.1. */
  readonly gamma?: number;
}

/**
 * Multiplies by gamma every `stepSize` epochs.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html}
 */
export class StepLR extends LRScheduler {
  /** Epochs between changes. */
  stepSize: number;
  /** The factor. */
  gamma: number;

  /** A change every `stepSize` epochs. */
  constructor(optimizer: AnyOptimizer, stepSize: number, { gamma = 0.1, ...options }: GammaOptions = {}) {
    super(optimizer, options);
    this.stepSize = stepSize;
    this.gamma = gamma;
    this.step();
  }

  /** The next rates. */
  override getLr(): number[] {
    if (this.lastEpoch === 0 || this.lastEpoch % this.stepSize !== 0) return this.rates;
    return this.rates.map((rate) => rate * this.gamma);
  }
}

/**
 * Multiplies by gamma at given epochs.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiStepLR.html}
 */
export class MultiStepLR extends LRScheduler {
  /** The epochs of the changes. */
  milestones: number[];
  /** The factor. */
  gamma: number;

  /** A change at each of `milestones`. */
  constructor(optimizer: AnyOptimizer, milestones: readonly number[], { gamma = 0.1, ...options }: GammaOptions = {}) {
    super(optimizer, options);
    this.milestones = [...milestones];
    this.gamma = gamma;
    this.step();
  }

  /** The next rates. */
  override getLr(): number[] {
    const count = this.milestones.filter((epoch) => epoch === this.lastEpoch).length;
    return this.rates.map((rate) => count === 0 ? rate : rate * this.gamma ** count);
  }
}

/**
 * Multiplies by gamma at every epoch.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html}
 */
export class ExponentialLR extends LRScheduler {
  /** The factor. */
  gamma: number;

  /** A change by `gamma` at every epoch. */
  constructor(optimizer: AnyOptimizer, gamma: number, options: SchedulerOptions = {}) {
    super(optimizer, options);
    this.gamma = gamma;
    this.step();
  }

  /** The next rates. */
  override getLr(): number[] {
    return this.lastEpoch === 0 ? this.rates : this.rates.map((rate) => rate * this.gamma);
  }
}

/** Options of `CosineAnnealingLR`. */
export interface CosineAnnealingOptions extends SchedulerOptions {
  /** The smallest learning rate. Default 0. */
  readonly etaMin?: number;
}

/**
 * Follows half a cosine down to `etaMin` in `tMax` epochs, and up again.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html}
 */
export class CosineAnnealingLR extends LRScheduler {
  /** Epochs on the way down. */
  tMax: number;
  /** The smallest learning rate. */
  etaMin: number;

  /** Down to `etaMin` in `tMax` epochs. */
  constructor(optimizer: AnyOptimizer, tMax: number, { etaMin = 0, ...options }: CosineAnnealingOptions = {}) {
    super(optimizer, options);
    this.tMax = tMax;
    this.etaMin = etaMin;
    this.step();
  }

  /** The next rates. */
  override getLr(): number[] {
    const { lastEpoch: epoch, tMax, etaMin, baseLrs } = this;
    const height = (epoch: number) => 1 + Math.cos(Math.PI * epoch / tMax);
    return this.rates.map((rate, i) => {
      if (epoch === 0) return rate;
      if (this._stepCount === 1) return etaMin + (baseLrs[i]! - etaMin) * height(epoch) / 2;
      // From the lowest point the ratio below would be a division by zero.
      if ((epoch - 1 - tMax) % (2 * tMax) === 0) {
        return rate + (baseLrs[i]! - etaMin) * (1 - Math.cos(Math.PI / tMax)) / 2;
      }
      return height(epoch) / height(epoch - 1) * (rate - etaMin) + etaMin;
    });
  }
}

/**
 * Multiplies the learning rates from before any schedule by a function of the epoch.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LambdaLR.html}
 */
export class LambdaLR extends LRScheduler {
  /** The function of each group. */
  lrLambdas: ((epoch: number) => number)[];

  /** One function for all groups, or one for each. */
  constructor(
    optimizer: AnyOptimizer,
    lrLambda: ((epoch: number) => number) | readonly ((epoch: number) => number)[],
    options: SchedulerOptions = {},
  ) {
    super(optimizer, options);
    this.lrLambdas = typeof lrLambda === "function" ? this.baseLrs.map(() => lrLambda) : [...lrLambda];
    if (this.lrLambdas.length !== this.baseLrs.length) {
      throw new ValueError(`Cannot schedule ${this.baseLrs.length} groups by ${this.lrLambdas.length} functions`);
    }
    this.step();
  }

  /** The next rates. */
  override getLr(): number[] {
    return this.baseLrs.map((rate, i) => rate * this.lrLambdas[i]!(this.lastEpoch));
  }
}

/** Options of `LinearLR`. */
export interface LinearOptions extends SchedulerOptions {
  /** The factor of the first epoch. Default 1/3. */
  readonly startFactor?: number;
  /** The factor after `totalIters` epochs. Default 1. */
  readonly endFactor?: number;
  /** Epochs until the factor stays. Default 5. */
  readonly totalIters?: number;
}

/**
 * Multiplies by a factor that goes linearly from one to another.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html}
 */
export class LinearLR extends LRScheduler {
  /** The factor of the first epoch. */
  startFactor: number;
  /** The factor after `totalIters` epochs. */
  endFactor: number;
  /** Epochs until the factor stays. */
  totalIters: number;

  /** From `startFactor` to `endFactor` in `totalIters` epochs. */
  constructor(optimizer: AnyOptimizer, options: LinearOptions = {}) {
    const { startFactor = 1 / 3, endFactor = 1, totalIters = 5, ...rest } = options;
    super(optimizer, rest);
    if (!(startFactor > 0 && startFactor <= 1)) {
      throw new ValueError(`Cannot start from factor ${startFactor}: expected (0, 1]`);
    }
    if (!(endFactor >= 0 && endFactor <= 1)) {
      throw new ValueError(`Cannot end with factor ${endFactor}: expected [0, 1]`);
    }
    this.startFactor = startFactor;
    this.endFactor = endFactor;
    this.totalIters = totalIters;
    this.step();
  }

  /** The next rates. */
  override getLr(): number[] {
    const { lastEpoch: epoch, startFactor, endFactor, totalIters } = this;
    if (epoch === 0) return this.rates.map((rate) => rate * startFactor);
    if (epoch > totalIters) return this.rates;
    const change = endFactor - startFactor;
    return this.rates.map((rate) => rate * (1 + change / (totalIters * startFactor + (epoch - 1) * change)));
  }
}
