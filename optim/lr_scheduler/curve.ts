/**
 * Schedules that follow a curve.
 *
 * @module
 */

import { ValueError } from "../../tensor/mod.ts";
import { optionsOf } from "../../tensor/arguments.ts";
import { type AnyOptimizer, LRScheduler, required, requirePositive, type SchedulerOptions } from "./scheduler.ts";

/** Options of `CosineAnnealingLR`. */
export interface CosineAnnealingOptions extends SchedulerOptions {
  /** Epochs on the way down. */
  readonly TMax: number;
  /** The smallest learning rate. Default 0. */
  readonly etaMin?: number;
}

/**
 * Follows half a cosine down to `etaMin` in `TMax` epochs, and up again: lr = etaMin + (base − etaMin)·(1 + cos(π·epoch / TMax)) / 2,
 * computed from the last rate.
 *
 * ```ts
 * import { nn, optim } from "@tensaur/tensaur";
 *
 * const optimizer = new optim.SGD(new nn.Linear(4, 1).parameters(), { lr: 1 });
 * const schedule = new optim.lrScheduler.CosineAnnealingLR(optimizer, 4);
 * schedule.step();
 * schedule.step();
 * console.log(schedule.getLastLr()); // [ 0.5 ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html}
 */
export class CosineAnnealingLR extends LRScheduler {
  /** Epochs on the way down. */
  TMax: number;
  /** The smallest learning rate. */
  etaMin: number;

  /** Down to `etaMin` in `TMax` epochs. */
  constructor(
    optimizer: AnyOptimizer,
    TMax: number | CosineAnnealingOptions,
    options?: Omit<CosineAnnealingOptions, "TMax">,
  ) {
    const given = optionsOf<CosineAnnealingOptions>(["TMax"], TMax, options);
    super(optimizer, given);
    this.TMax = requirePositive("TMax", required("TMax", given.TMax));
    this.etaMin = given.etaMin ?? 0;
    this.initialStep();
  }

  /** The next rates. */
  override getLr(): number[] {
    const { lastEpoch: epoch, TMax, etaMin, baseLrs } = this;
    if (this.initial) return this.rates;
    const height = (epoch: number) => 1 + Math.cos(Math.PI * epoch / TMax);
    return this.rates.map((rate, i) => {
      // From the lowest point the ratio below would be a division by zero.
      if ((epoch - 1 - TMax) % (2 * TMax) === 0) {
        return rate + ((baseLrs[i] ?? rate) - etaMin) * (1 - Math.cos(Math.PI / TMax)) / 2;
      }
      return height(epoch) / height(epoch - 1) * (rate - etaMin) + etaMin;
    });
  }

  /** etaMin + (base − etaMin)·(1 + cos(π·epoch / TMax)) / 2. */
  protected override closedForm(): number[] {
    const height = 1 + Math.cos(Math.PI * this.lastEpoch / this.TMax);
    return this.baseLrs.map((rate) => this.etaMin + (rate - this.etaMin) * height / 2);
  }
}

/** A factor for each epoch: one function for all groups, or one for each. */
export type LrLambda = ((epoch: number) => number) | readonly ((epoch: number) => number)[];

/** Options of `LambdaLR`. */
export interface LambdaOptions extends SchedulerOptions {
  /** The factor of each epoch. */
  readonly lrLambda: LrLambda;
}

/**
 * Multiplies the learning rates from before any schedule by a function of the epoch.
 *
 * ```ts
 * import { nn, optim } from "@tensaur/tensaur";
 *
 * const optimizer = new optim.SGD(new nn.Linear(4, 1).parameters(), { lr: 1 });
 * const schedule = new optim.lrScheduler.LambdaLR(optimizer, (epoch) => 1 / (epoch + 2));
 * schedule.step();
 * schedule.step();
 * console.log(schedule.getLastLr()); // [ 0.25 ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LambdaLR.html}
 */
export class LambdaLR extends LRScheduler {
  /** The function of each group. */
  lrLambdas: ((epoch: number) => number)[];

  /** One function for all groups, or one for each, by itself or among options. */
  constructor(optimizer: AnyOptimizer, options: LrLambda | LambdaOptions) {
    const { lrLambda, ...rest } = "lrLambda" in options ? options : { lrLambda: options };
    super(optimizer, rest);
    this.lrLambdas = typeof lrLambda === "function" ? this.baseLrs.map(() => lrLambda) : [...lrLambda];
    if (this.lrLambdas.length !== this.baseLrs.length) {
      throw new ValueError(`Cannot schedule ${this.baseLrs.length} groups by ${this.lrLambdas.length} functions`);
    }
    this.initialStep();
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
 * ```ts
 * import { nn, optim } from "@tensaur/tensaur";
 *
 * const optimizer = new optim.SGD(new nn.Linear(4, 1).parameters(), { lr: 1 });
 * const schedule = new optim.lrScheduler.LinearLR(optimizer, { startFactor: 0.25, totalIters: 4 });
 * schedule.step();
 * schedule.step();
 * console.log(schedule.getLastLr()); // [ 0.625 ]
 * ```
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
    this.initialStep();
  }

  /** The next rates. */
  override getLr(): number[] {
    const { lastEpoch: epoch, startFactor, endFactor, totalIters } = this;
    if (epoch === 0) return this.rates.map((rate) => rate * startFactor);
    if (this.initial || epoch > totalIters) return this.rates;
    const change = endFactor - startFactor;
    return this.rates.map((rate) => rate * (1 + change / (totalIters * startFactor + (epoch - 1) * change)));
  }

  /** The first rates times the factor of the epoch. */
  protected override closedForm(): number[] {
    const { startFactor, endFactor, totalIters } = this;
    const share = Math.min(totalIters, this.lastEpoch) / Math.max(1, totalIters);
    const factor = startFactor + (endFactor - startFactor) * share;
    return this.baseLrs.map((rate) => rate * factor);
  }
}

/** Options of `PolynomialLR`. */
export interface PolynomialOptions extends SchedulerOptions {
  /** Epochs until the rate is 0. Default 5. */
  readonly totalIters?: number;
  /** The power of the polynomial. Default 1. */
  readonly power?: number;
}

/**
 * Lowers the rate to 0 in `totalIters` epochs: lr = base·(1 − epoch / totalIters)^power.
 *
 * ```ts
 * import { nn, optim } from "@tensaur/tensaur";
 *
 * const optimizer = new optim.SGD(new nn.Linear(4, 1).parameters(), { lr: 0.1 });
 * const schedule = new optim.lrScheduler.PolynomialLR(optimizer, { totalIters: 10, power: 2 });
 * schedule.step();
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.PolynomialLR.html}
 */
export class PolynomialLR extends LRScheduler {
  /** Epochs until the rate is 0. */
  totalIters: number;
  /** The power of the polynomial. */
  power: number;

  /** Down to 0 in `totalIters` epochs. */
  constructor(optimizer: AnyOptimizer, options: PolynomialOptions = {}) {
    const { totalIters = 5, power = 1, ...rest } = options;
    super(optimizer, rest);
    this.totalIters = totalIters;
    this.power = power;
    this.initialStep();
  }

  /** The next rates. */
  override getLr(): number[] {
    const { lastEpoch: epoch, totalIters, power } = this;
    if (this.initial || epoch > totalIters) return this.rates;
    const factor = ((1 - epoch / totalIters) / (1 - (epoch - 1) / totalIters)) ** power;
    return this.rates.map((rate) => rate * factor);
  }

  /** base·(1 − epoch / totalIters)^power. */
  protected override closedForm(): number[] {
    const left = 1 - Math.min(this.totalIters, this.lastEpoch) / this.totalIters;
    return this.baseLrs.map((rate) => rate * left ** this.power);
  }
}

/**
 * Multiplies the present learning rates by a function of the epoch.
 *
 * ```ts
 * import { nn, optim } from "@tensaur/tensaur";
 *
 * const optimizer = new optim.SGD(new nn.Linear(4, 1).parameters(), { lr: 0.1 });
 * const schedule = new optim.lrScheduler.MultiplicativeLR(optimizer, (epoch) => epoch < 10 ? 0.9 : 1);
 * schedule.step();
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiplicativeLR.html}
 */
export class MultiplicativeLR extends LambdaLR {
  /** The next rates. */
  override getLr(): number[] {
    if (this.initial) return this.rates;
    const { rates, lastEpoch } = this;
    return this.lrLambdas.map((factor, i) => rates[i]! * factor(lastEpoch));
  }
}
