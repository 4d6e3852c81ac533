/**
 * A schedule that goes up and down between two learning rates.
 *
 * @module
 */

import { ValueError } from "../../tensor/mod.ts";
import { optionsOf } from "../../tensor/arguments.ts";
import { cycledGroups, type Momenta, setMomentum, startMomentum } from "./momentum.ts";
import {
  type AnyOptimizer,
  LRScheduler,
  perGroup,
  required,
  requirePositive,
  type SchedulerOptions,
} from "./scheduler.ts";

/** How the height of a cycle changes: not at all, by half with each cycle, or by gamma with each step. */
export type CyclicMode = "triangular" | "triangular2" | "exp_range";

/** Options of `CyclicLR`. */
export interface CyclicOptions extends SchedulerOptions {
  /** The lowest learning rate, of all groups or of each. */
  readonly baseLr: number | readonly number[];
  /** The highest learning rate, of all groups or of each. */
  readonly maxLr: number | readonly number[];
  /** Steps on the way up. Default 2000. */
  readonly stepSizeUp?: number;
  /** Steps on the way down. Default `stepSizeUp`. */
  readonly stepSizeDown?: number | null;
  /** How the height of a cycle changes. Default "triangular", which is not at all. */
  readonly mode?: CyclicMode;
  /** What the height is multiplied by at each step in mode "exp_range". Default 1. */
  readonly gamma?: number;
  /** The share of the height at a cycle or step, in place of `mode`. */
  readonly scaleFn?: ((x: number) => number) | null;
  /** Whether `scaleFn` sees the number of the cycle, from 1, ("cycle", the default) or of the step ("iterations"). */
  readonly scaleMode?: "cycle" | "iterations";
  /** Whether the momentum (or first beta) goes down while the rate goes up. Default true. */
  readonly cycleMomentum?: boolean;
  /** The smallest momentum. Default 0.8. */
  readonly baseMomentum?: Momenta;
  /** The largest momentum. Default 0.9. */
  readonly maxMomentum?: Momenta;
}

/** Sets the rates to start from, unless a schedule goes on. */
function started(optimizer: AnyOptimizer, { baseLr, lastEpoch = -1 }: Partial<CyclicOptions>): AnyOptimizer {
  const rates = perGroup("baseLr", optimizer, required("baseLr", baseLr));
  if (lastEpoch === -1) optimizer.paramGroups.forEach((group, i) => group.lr = rates[i]!);
  return optimizer;
}

/**
 * Goes up from `baseLr` to `maxLr` and down again, over and over; the momentum goes the other way. Call `step` after each batch.
 *
 * With h = x / stepSizeUp on the way up, falling from 1 to 0 on the way down: lr = baseLr + (maxLr − baseLr)·h·scale. An optimizer
 * without momentum can be scheduled with `cycleMomentum: false` only; one with `betas` has the first of them cycled, as in PyTorch 2.
 *
 * ```ts
 * import { nn, optim } from "@tensaur/tensaur";
 *
 * const optimizer = new optim.SGD(new nn.Linear(4, 1).parameters(), { lr: 0.1, momentum: 0.9 });
 * const schedule = new optim.lrScheduler.CyclicLR(optimizer, 0.25, 0.75, { stepSizeUp: 2 });
 * const rates = Array.from({ length: 5 }, () => {
 *   const [rate] = schedule.getLastLr();
 *   schedule.step();
 *   return rate;
 * });
 * console.log(rates); // [ 0.25, 0.5, 0.75, 0.5, 0.25 ]
 * ```
 *
 * @see Smith, {@link https://arxiv.org/abs/1506.01186 Cyclical Learning Rates for Training Neural Networks}
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CyclicLR.html}
 */
export class CyclicLR extends LRScheduler {
  /** The highest learning rate of each group. */
  maxLrs: number[];
  /** Steps of a cycle. */
  totalSize: number;
  /** The share of a cycle that goes up. */
  stepRatio: number;
  /** How the height of a cycle changes. */
  mode: CyclicMode;
  /** What the height is multiplied by at each step in mode "exp_range". */
  gamma: number;
  /** Whether `scaleFn` sees the number of the cycle or of the step. */
  scaleMode: "cycle" | "iterations";
  /** Whether the momentum is cycled, too. */
  cycleMomentum: boolean;
  /** The smallest momentum of each group. */
  baseMomentums: number[];
  /** The largest momentum of each group. */
  maxMomentums: number[];
  /** The share of the height at a cycle or step; a function of the caller's is not saved. */
  readonly scaleFn: (x: number) => number;

  /** Cycles between `baseLr` and `maxLr`. */
  constructor(
    optimizer: AnyOptimizer,
    baseLr: number | readonly number[] | CyclicOptions,
    maxLr?: number | readonly number[],
    options?: Omit<CyclicOptions, "baseLr" | "maxLr">,
  ) {
    const given = optionsOf<CyclicOptions>(["baseLr", "maxLr"], baseLr, maxLr, options);
    super(started(optimizer, given), given);
    this.baseLrs = perGroup("baseLr", optimizer, given.baseLr!);
    this.maxLrs = perGroup("maxLr", optimizer, required("maxLr", given.maxLr));
    const { stepSizeUp: up = 2000, cycleMomentum = true, baseMomentum = 0.8, maxMomentum = 0.9 } = given;
    requirePositive("stepSizeUp", up);
    this.totalSize = up + (given.stepSizeDown ?? up);
    this.stepRatio = up / this.totalSize;
    this.mode = given.mode ?? "triangular";
    this.gamma = given.gamma ?? 1;
    if (given.scaleFn) {
      this.scaleFn = given.scaleFn;
      this.scaleMode = given.scaleMode ?? "cycle";
    } else {
      this.scaleFn = (x) => this.#scale(x);
      this.scaleMode = this.mode === "exp_range" ? "iterations" : "cycle";
      if (!["triangular", "triangular2", "exp_range"].includes(this.mode)) {
        throw new ValueError(
          `Cannot cycle in mode "${this.mode}": expected "triangular", "triangular2" or "exp_range", or a scaleFn`,
        );
      }
    }
    this.cycleMomentum = cycleMomentum;
    [this.baseMomentums, this.maxMomentums] = cycleMomentum
      ? startMomentum(optimizer, baseMomentum, maxMomentum, this.lastEpoch !== -1)
      : [[], []];
    this.initialStep();
  }

  #scale(x: number): number {
    return this.mode === "triangular" ? 1 : this.mode === "triangular2" ? 1 / 2 ** (x - 1) : this.gamma ** x;
  }

  /** The next rates; sets the momenta. */
  override getLr(): number[] {
    const { lastEpoch: step, totalSize, stepRatio } = this;
    const cycle = Math.floor(1 + step / totalSize), at = 1 + step / totalSize - cycle;
    const height = at <= stepRatio ? at / stepRatio : (at - 1) / (stepRatio - 1);
    const scale = this.scaleFn(this.scaleMode === "cycle" ? cycle : step);
    if (this.cycleMomentum) {
      const groups = cycledGroups(this.optimizer);
      this.maxMomentums.forEach((most, i) => {
        setMomentum(groups[i]!, most - (most - this.baseMomentums[i]!) * height * scale);
      });
    }
    return this.baseLrs.map((rate, i) => rate + (this.maxLrs[i]! - rate) * height * scale);
  }
}
