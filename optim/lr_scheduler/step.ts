/**
 * Schedules that multiply by a factor now and then.
 *
 * @module
 */

import { type AnyOptimizer, LRScheduler, type SchedulerOptions } from "./scheduler.ts";

/** Options of schedules that multiply by a factor. */
export interface GammaOptions extends SchedulerOptions {
  /** The factor. Default 0.1. */
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
  constructor(optimizer: AnyOptimizer, { stepSize, gamma = 0.1, ...options }: StepOptions) {
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
  constructor(optimizer: AnyOptimizer, { milestones, gamma = 0.1, ...options }: MultiStepOptions) {
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
  constructor(optimizer: AnyOptimizer, { gamma, ...options }: SchedulerOptions & { readonly gamma: number }) {
    super(optimizer, options);
    this.gamma = gamma;
    this.step();
  }

  /** The next rates. */
  override getLr(): number[] {
    return this.lastEpoch === 0 ? this.rates : this.rates.map((rate) => rate * this.gamma);
  }
}
