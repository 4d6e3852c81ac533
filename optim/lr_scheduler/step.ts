/**
 * Schedules that multiply by a factor now and then.
 *
 * @module
 */

import { ValueError } from "../../tensor/mod.ts";
import { optionsOf } from "../../tensor/arguments.ts";
import { type AnyOptimizer, LRScheduler, required, requirePositive, type SchedulerOptions } from "./scheduler.ts";

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
 * ```ts
 * import { nn, optim } from "@tensaur/tensaur";
 *
 * const optimizer = new optim.SGD(new nn.Linear(4, 1).parameters(), { lr: 1 });
 * const schedule = new optim.lrScheduler.StepLR(optimizer, 2, { gamma: 0.5 });
 * schedule.step();
 * schedule.step();
 * console.log(schedule.getLastLr()); // [ 0.5 ]
 * ```
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
    this.stepSize = requirePositive("stepSize", required("stepSize", given.stepSize));
    this.gamma = given.gamma ?? 0.1;
    this.initialStep();
  }

  /** The next rates. */
  override getLr(): number[] {
    if (this.lastEpoch === 0 || this.lastEpoch % this.stepSize !== 0) return this.rates;
    return this.rates.map((rate) => rate * this.gamma);
  }

  /** The rates by the number of changes so far. */
  protected override closedForm(): number[] {
    const factor = this.gamma ** Math.floor(this.lastEpoch / this.stepSize);
    return this.baseLrs.map((rate) => rate * factor);
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
 * ```ts
 * import { nn, optim } from "@tensaur/tensaur";
 *
 * const optimizer = new optim.SGD(new nn.Linear(4, 1).parameters(), { lr: 1 });
 * const schedule = new optim.lrScheduler.MultiStepLR(optimizer, [1, 2], { gamma: 0.5 });
 * schedule.step();
 * schedule.step();
 * console.log(schedule.getLastLr()); // [ 0.25 ]
 * ```
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
    this.initialStep();
  }

  /** The next rates. */
  override getLr(): number[] {
    const count = this.milestones.filter((epoch) => epoch === this.lastEpoch).length;
    return this.rates.map((rate) => count === 0 ? rate : rate * this.gamma ** count);
  }

  /** The rates by the number of changes so far. */
  protected override closedForm(): number[] {
    const count = this.milestones.filter((epoch) => epoch <= this.lastEpoch).length;
    return this.baseLrs.map((rate) => rate * this.gamma ** count);
  }
}

/**
 * Multiplies by gamma at every epoch.
 *
 * ```ts
 * import { nn, optim } from "@tensaur/tensaur";
 *
 * const optimizer = new optim.SGD(new nn.Linear(4, 1).parameters(), { lr: 1 });
 * const schedule = new optim.lrScheduler.ExponentialLR(optimizer, 0.5);
 * schedule.step();
 * schedule.step();
 * console.log(schedule.getLastLr()); // [ 0.25 ]
 * ```
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
    this.initialStep();
  }

  /** The next rates. */
  override getLr(): number[] {
    return this.initial ? this.rates : this.rates.map((rate) => rate * this.gamma);
  }

  /** base·gamma^epoch. */
  protected override closedForm(): number[] {
    return this.baseLrs.map((rate) => rate * this.gamma ** this.lastEpoch);
  }
}

/** Options of `ConstantLR`. */
export interface ConstantOptions extends SchedulerOptions {
  /** The factor of the first epochs, in (0, 1]. Default 1/3. */
  readonly factor?: number;
  /** The number of these epochs. Default 5. */
  readonly totalIters?: number;
}

/**
 * Multiplies by a factor in the first `totalIters` epochs only.
 *
 * ```ts
 * import { nn, optim } from "@tensaur/tensaur";
 *
 * const optimizer = new optim.SGD(new nn.Linear(4, 1).parameters(), { lr: 0.1 });
 * const schedule = new optim.lrScheduler.ConstantLR(optimizer, { factor: 0.5, totalIters: 4 });
 * schedule.step();
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ConstantLR.html}
 */
export class ConstantLR extends LRScheduler {
  /** The factor of the first epochs. */
  factor: number;
  /** The number of these epochs. */
  totalIters: number;

  /** `factor` for `totalIters` epochs. */
  constructor(optimizer: AnyOptimizer, options: ConstantOptions = {}) {
    const { factor = 1 / 3, totalIters = 5, ...rest } = options;
    super(optimizer, rest);
    // Each rate comes from the last, so there is no way back from 0.
    if (!(factor > 0 && factor <= 1)) throw new ValueError(`Cannot multiply by factor ${factor}: expected (0, 1]`);
    this.factor = factor;
    this.totalIters = totalIters;
    this.initialStep();
  }

  /** The next rates. */
  override getLr(): number[] {
    if (this.lastEpoch === 0) return this.rates.map((rate) => rate * this.factor);
    return this.lastEpoch === this.totalIters ? this.rates.map((rate) => rate * (1 / this.factor)) : this.rates;
  }

  /** The first rates, times the factor while it holds. */
  protected override closedForm(): number[] {
    return this.baseLrs.map((rate) => this.lastEpoch >= this.totalIters ? rate : rate * this.factor);
  }
}
