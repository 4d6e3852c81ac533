/**
 * A schedule that follows how the training goes.
 *
 * @module
 */

import { type Tensor, ValueError } from "../../tensor/mod.ts";
import { type AnyOptimizer, loadFields, savedFields } from "./scheduler.ts";

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
 * Multiplies the learning rates by a factor when a measure has stopped improving.
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

  /** A schedule for `optimizer`. */
  constructor(optimizer: AnyOptimizer, options: PlateauOptions = {}) {
    this.optimizer = optimizer;
    this.mode = options.mode ?? "min";
    this.factor = options.factor ?? 0.1;
    this.patience = options.patience ?? 10;
    this.threshold = options.threshold ?? 1e-4;
    this.thresholdMode = options.thresholdMode ?? "rel";
    this.cooldown = options.cooldown ?? 0;
    const { minLr = 0 } = options, groups = optimizer.paramGroups.length;
    this.minLrs = typeof minLr === "number" ? new Array<number>(groups).fill(minLr) : [...minLr];
    this.eps = options.eps ?? 1e-8;
    this.best = this.mode === "min" ? Infinity : -Infinity;
    if (this.factor >= 1) {
      throw new ValueError(`Cannot reduce learning rates by the factor ${this.factor}: expected less than 1`);
    }
    if (this.minLrs.length !== groups) {
      throw new ValueError(`Cannot use ${this.minLrs.length} values of minLr for ${groups} groups`);
    }
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
    if (this.cooldownCounter > 0) {
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

  #reduce(): void {
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
