/**
 * Schedules made of others.
 *
 * @module
 */

import { ValueError } from "../../tensor/mod.ts";
import { optionsOf } from "../../tensor/arguments.ts";
import { type AnyOptimizer, LRScheduler, required, type SchedulerOptions } from "./scheduler.ts";

/** The optimizer of the first of some schedules. */
function optimizerOf(schedulers: readonly LRScheduler[]): AnyOptimizer {
  if (schedulers[0] === undefined) throw new ValueError("Cannot compose a schedule of none: pass at least one");
  return schedulers[0].optimizer;
}

/** What schedules made of others have in common. */
export abstract class ComposedLR extends LRScheduler {
  /** The schedules that this one is made of. */
  readonly schedulers: readonly LRScheduler[];

  /** A schedule made of others for the same optimizer. */
  constructor(optimizer: AnyOptimizer, schedulers: readonly LRScheduler[], options?: SchedulerOptions) {
    super(optimizer, options);
    optimizerOf(schedulers);
    schedulers.forEach((scheduler, i) => {
      if (!(scheduler instanceof LRScheduler)) {
        throw new ValueError(
          `Cannot compose a schedule of item ${i}: one that follows a measure, as ReduceLROnPlateau, is stepped by itself`,
        );
      }
      if (scheduler.optimizer !== optimizer) {
        throw new ValueError(`Cannot compose a schedule of item ${i}: it belongs to another optimizer`);
      }
    });
    this.schedulers = [...schedulers];
  }

  /** The present rates: other schedules set them. */
  override getLr(): number[] {
    return this.rates;
  }

  /** What to save, with the states of the schedules that this one is made of. */
  override stateDict(): Record<string, unknown> {
    return { ...super.stateDict(), _schedulers: this.schedulers.map((scheduler) => scheduler.stateDict()) };
  }

  /** Goes on from what `stateDict` returned. */
  override loadStateDict({ _schedulers: states, ...own }: Readonly<Record<string, unknown>>): void {
    if (!Array.isArray(states) || states.length !== this.schedulers.length) {
      const found = Array.isArray(states) ? states.length : "no";
      throw new ValueError(
        `Cannot load a state of ${found} schedules into a schedule made of ${this.schedulers.length}`,
      );
    }
    super.loadStateDict(own);
    this.schedulers.forEach((scheduler, i) => scheduler.loadStateDict(states[i]));
  }
}

/** Takes back the step that a schedule took when it was made. */
function undo(scheduler: LRScheduler): void {
  if (scheduler instanceof ComposedLR) scheduler.schedulers.forEach(undo);
  scheduler.lastEpoch--;
}

/** Makes a schedule begin at its epoch 0, however far it was. */
function begin(scheduler: LRScheduler): void {
  scheduler.lastEpoch = -1;
  scheduler.initialStep();
}

/** Starts from the rates before any schedule. */
function reset({ paramGroups }: AnyOptimizer): void {
  for (const group of paramGroups) group.lr = group.initialLr!;
}

/**
 * Steps several schedules together: the factors of all of them multiply.
 *
 * ```ts
 * import { nn, optim } from "@tensaur/tensaur";
 *
 * const { ChainedScheduler, ConstantLR, ExponentialLR } = optim.lrScheduler;
 * const optimizer = new optim.SGD(new nn.Linear(4, 1).parameters(), { lr: 1 });
 * const warm = new ConstantLR(optimizer, { factor: 0.5, totalIters: 2 });
 * const schedule = new ChainedScheduler([warm, new ExponentialLR(optimizer, 0.5)]);
 * schedule.step();
 * schedule.step();
 * console.log(schedule.getLastLr()); // [ 0.25 ]
 * ```
 *
 * Errors: none to chain, one of another optimizer, or a `ReduceLROnPlateau`, which needs a measure.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ChainedScheduler.html}
 */
export class ChainedScheduler extends ComposedLR {
  /** `schedulers` together. */
  constructor(schedulers: readonly LRScheduler[], optimizer: AnyOptimizer = optimizerOf(schedulers)) {
    super(optimizer, schedulers);
    this.lastEpoch = 0;
    this._lastLr = this.rates;
  }

  /** Starts all of them. */
  override initialStep(): void {
    this.schedulers.forEach(begin);
    this.lastEpoch = 0;
    this._lastLr = this.rates;
  }

  /** Goes on by one epoch. */
  override step(): void {
    for (const scheduler of this.schedulers) scheduler.step();
    this.lastEpoch++;
    this._lastLr = this.rates;
  }
}

/** Options of `SequentialLR`. */
export interface SequentialOptions extends SchedulerOptions {
  /** The epochs at which the second schedule takes over, the third, and so on. */
  readonly milestones: readonly number[];
}

/**
 * Follows one schedule after another: at each milestone the next one starts, from its own epoch 0 and the rates before any schedule.
 *
 * ```ts
 * import { nn, optim } from "@tensaur/tensaur";
 *
 * const { CosineAnnealingLR, LinearLR, SequentialLR } = optim.lrScheduler;
 * const optimizer = new optim.AdamW(new nn.Linear(4, 1).parameters(), { lr: 1 });
 * const warm = new LinearLR(optimizer, { startFactor: 0.25, totalIters: 3 });
 * const schedule = new SequentialLR(optimizer, [warm, new CosineAnnealingLR(optimizer, 10)], [3]);
 * const rates = Array.from({ length: 4 }, () => {
 *   const [rate] = schedule.getLastLr();
 *   schedule.step();
 *   return rate;
 * });
 * console.log(rates); // [ 0.25, 0.5, 0.75, 1 ]
 * ```
 *
 * Errors: as many milestones as schedules, a schedule of another optimizer, or a `ReduceLROnPlateau`, which needs a measure.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.SequentialLR.html}
 */
export class SequentialLR extends ComposedLR {
  /** The epochs at which another schedule takes over. */
  protected _milestones: number[];

  /** `schedulers` one after another, changing at `milestones`. */
  constructor(
    optimizer: AnyOptimizer,
    schedulers: readonly LRScheduler[],
    milestones: readonly number[] | SequentialOptions,
    options?: SchedulerOptions,
  ) {
    const given = optionsOf<SequentialOptions>(["milestones"], milestones, options);
    super(optimizer, schedulers, given);
    this._milestones = [...required("milestones", given.milestones)];
    if (this._milestones.length !== schedulers.length - 1) {
      throw new ValueError(
        `Cannot follow ${schedulers.length} schedules with ${this._milestones.length} milestones: ` +
          "expected one fewer, the epochs at which the next takes over",
      );
    }
    this.lastEpoch++;
    reset(optimizer);
    this.schedulers.forEach(undo);
    this.schedulers[0]!.initialStep();
    this._lastLr = this.schedulers[0]!.getLastLr();
  }

  /** Starts the first of them. */
  override initialStep(): void {
    begin(this.schedulers[0]!);
    this.lastEpoch = 0;
    this._lastLr = this.schedulers[0]!.getLastLr();
  }

  /** Goes on by one epoch. */
  override step(): void {
    this.lastEpoch++;
    const passed = this._milestones.filter((epoch) => epoch <= this.lastEpoch).length;
    const scheduler = this.schedulers[passed]!;
    if (passed === 0 || this._milestones[passed - 1] !== this.lastEpoch) scheduler.step();
    else if (scheduler instanceof ComposedLR) {
      reset(this.optimizer);
      scheduler.initialStep();
    } else scheduler.step(0);
    this._lastLr = scheduler.getLastLr();
  }
}
