/**
 * A schedule that follows how the training goes.
 *
 * @module
 */

import { type Tensor, ValueError } from "../../tensor/mod.ts";
import { optionsOf } from "../../tensor/arguments.ts";
import { type AnyOptimizer, loadFields, perGroup, savedFields } from "./scheduler.ts";

/** Options of `ReduceLROnPlateau`. */
export interface PlateauOptions {
  /** Whether smaller measures are better ("min", the default) or larger ones ("max"). */
  readonly mode?: "min" | "max";
  /** What learning rates are multiplied by. Default 0.1. */
  readonly factor?: number;
  /** Epochs without improvement that are put up with. Default 10. */
  readonly patience?: number;
  /** What counts as an improvement. Default 1e-4. */
  readonly threshold?: number;
  /** Whether the threshold is a share of the best measure ("rel", the default) or a difference ("abs"). */
  readonly thresholdMode?: "rel" | "abs";
  /** Epochs after a change in which nothing counts. Default 0. */
  readonly cooldown?: number;
  /** The smallest learning rate, of all groups or of each. Default 0. */
  readonly minLr?: number | readonly number[];
  /** Changes that are not larger are left out. Default 1e-8. */
  readonly eps?: number;
}

/**
 * Multiplies the learning rates by a factor when a measure, such as the loss on held-out data, has stopped improving.
 *
 * ```ts
 * import { nn, optim } from "@tensaur/tensaur";
 *
 * const optimizer = new optim.SGD(new nn.Linear(4, 1).parameters(), { lr: 0.1 });
 * const schedule = new optim.lrScheduler.ReduceLROnPlateau(optimizer, "min", { factor: 0.5, patience: 1 });
 * for (const loss of [1, 0.9, 0.9, 0.9]) schedule.step(loss);
 * console.log(schedule.getLastLr()); // [ 0.05 ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html}
 */
export class ReduceLROnPlateau {
  /** Whose learning rates are scheduled. */
  readonly optimizer: AnyOptimizer;
  /** Whether smaller measures are better, or larger ones. */
  mode: "min" | "max";
  /** What learning rates are multiplied by. */
  factor: number;
  /** Epochs without improvement that are put up with. */
  patience: number;
  /** What counts as an improvement. */
  threshold: number;
  /** Whether the threshold is a share of the best measure or a difference. */
  thresholdMode: "rel" | "abs";
  /** Epochs after a change in which nothing counts. */
  cooldown: number;
  /** The smallest learning rate of each group. */
  minLrs: number[];
  /** Changes that are not larger are left out. */
  eps: number;
  /** The best measure so far. */
  best: number;
  /** Epochs since the last improvement. */
  numBadEpochs = 0;
  /** Epochs left in which nothing counts. */
  cooldownCounter = 0;
  /** How often `step` was called. */
  lastEpoch = 0;
  /** The rates after the last `step`. */
  protected _lastLr: number[] = [];

  /** What `minLr` was, if it was one number: groups that are added later have it, too. */
  protected defaultMinLr: number | null;

  /** A schedule for `optimizer`; the mode may stand alone. */
  constructor(
    optimizer: AnyOptimizer,
    mode: "min" | "max" | PlateauOptions = {},
    options: Omit<PlateauOptions, "mode"> = {},
  ) {
    const given = optionsOf<PlateauOptions>(["mode"], mode, options);
    this.optimizer = optimizer;
    this.mode = given.mode ?? "min";
    this.factor = given.factor ?? 0.1;
    this.patience = given.patience ?? 10;
    this.threshold = given.threshold ?? 1e-4;
    this.thresholdMode = given.thresholdMode ?? "rel";
    this.cooldown = given.cooldown ?? 0;
    const { minLr = 0 } = given;
    this.defaultMinLr = typeof minLr === "number" ? minLr : null;
    this.minLrs = perGroup("minLr", optimizer, minLr);
    this.eps = given.eps ?? 1e-8;
    this.best = this.mode === "min" ? Infinity : -Infinity;
    if (this.factor >= 1) {
      throw new ValueError(`Cannot reduce learning rates by the factor ${this.factor}: expected less than 1`);
    }
    if (this.mode !== "min" && this.mode !== "max") {
      throw new ValueError(`Cannot follow a measure in mode "${this.mode}": expected "min" or "max"`);
    }
    if (this.thresholdMode !== "rel" && this.thresholdMode !== "abs") {
      throw new ValueError(`Cannot use thresholdMode "${this.thresholdMode}": expected "rel" or "abs"`);
    }
    this._lastLr = optimizer.paramGroups.map((group) => group.lr);
  }

  /** Takes note of a measure. */
  step(metrics: number | Tensor): void {
    const current = typeof metrics === "number" ? metrics : Number(metrics.item());
    this.lastEpoch++;
    if (this.isBetter(current, this.best)) {
      this.best = current;
      this.numBadEpochs = 0;
    } else {
      this.numBadEpochs++;
    }
    if (this.inCooldown) {
      this.cooldownCounter--;
      this.numBadEpochs = 0;
    }
    if (this.numBadEpochs > this.patience) {
      this.#reduce();
      this.cooldownCounter = this.cooldown;
      this.numBadEpochs = 0;
    }
    this._lastLr = this.optimizer.paramGroups.map((group) => group.lr);
  }

  /** Whether the last change is so fresh that nothing counts yet. */
  get inCooldown(): boolean {
    return this.cooldownCounter > 0;
  }

  #reduce(): void {
    if (this.minLrs.length !== this.optimizer.paramGroups.length) {
      this.minLrs = perGroup("minLr", this.optimizer, this.defaultMinLr ?? this.minLrs);
    }
    this.optimizer.paramGroups.forEach((group, i) => {
      const rate = Math.max(group.lr * this.factor, this.minLrs[i]!);
      if (group.lr - rate > this.eps) group.lr = rate;
    });
  }

  /** Whether a measure improves on the best one. */
  isBetter(current: number, best: number): boolean {
    const { mode, threshold, thresholdMode } = this;
    if (mode === "min") return current < (thresholdMode === "rel" ? best * (1 - threshold) : best - threshold);
    return current > (thresholdMode === "rel" ? best * (threshold + 1) : best + threshold);
  }

  /** The learning rates after the last `step`. */
  getLastLr(): number[] {
    return [...this._lastLr];
  }

  /** What to save: all but the optimizer. */
  stateDict(): Record<string, unknown> {
    return savedFields(this);
  }

  /** Goes on from what `stateDict` returned. */
  loadStateDict(state: Readonly<Record<string, unknown>>): void {
    loadFields(this, state);
  }
}
