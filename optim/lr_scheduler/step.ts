/**
 * Schedules that multiply by a factor now and then.
 *
 * @module
 */

import { optionsOf } from "../../tensor/arguments.ts";
import { type AnyOptimizer, LRScheduler, required, type SchedulerOptions } from "./scheduler.ts";

/** Options of schedules that multiply by a factor. */
export interface GammaOptions extends SchedulerOptions {
  /** The factor. Default 0.1, but for `ExponentialLR`, which has none. */
  readonly gamma?: number;
}

/** Options of `StepLR`. */
export interface StepOptions extends GammaOptions {
  /** Epochs between changes. */
  readonly stepSize: number;
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
  constructor(optimizer: AnyOptimizer, stepSize: number | StepOptions, options?: GammaOptions) {
    const given = optionsOf<StepOptions>(["stepSize"], stepSize, options);
    super(optimizer, given);
    this.stepSize = required("stepSize", given.stepSize);
    this.gamma = given.gamma ?? 0.1;
    this.step();
  }

  /** The next rates. */
  override getLr(): number[] {
    if (this.lastEpoch === 0 || this.lastEpoch % this.stepSize !== 0) return this.rates;
    return this.rates.map((rate) => rate * this.gamma);
  }
}

/** Options of `MultiStepLR`. */
export interface MultiStepOptions extends GammaOptions {
  /** The epochs of the changes. */
  readonly milestones: readonly number[];
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
  constructor(optimizer: AnyOptimizer, milestones: readonly number[] | MultiStepOptions, options?: GammaOptions) {
    const given = optionsOf<MultiStepOptions>(["milestones"], milestones, options);
    super(optimizer, given);
    this.milestones = [...required("milestones", given.milestones)];
    this.gamma = given.gamma ?? 0.1;
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
  constructor(optimizer: AnyOptimizer, gamma: number | GammaOptions, options?: SchedulerOptions) {
    const given = optionsOf<GammaOptions>(["gamma"], gamma, options);
    super(optimizer, given);
    this.gamma = required("gamma", given.gamma);
    this.step();
  }

  /** The next rates. */
  override getLr(): number[] {
    return this.lastEpoch === 0 ? this.rates : this.rates.map((rate) => rate * this.gamma);
  }
}
