/**
 * A schedule for a whole training: up to a high learning rate, and down to almost nothing.
 *
 * @module
 */

import { ValueError } from "../../tensor/mod.ts";
import { optionsOf } from "../../tensor/arguments.ts";
import { cycledGroups, type CycledOptions, type Momenta, setMomentum, startMomentum } from "./momentum.ts";
import {
  type AnyOptimizer,
  LRScheduler,
  perGroup,
  required,
  requireWhole,
  type SchedulerOptions,
} from "./scheduler.ts";

/** Options of `OneCycleLR`. */
export interface OneCycleOptions extends SchedulerOptions {
  /** The highest learning rate, of all groups or of each. */
  readonly maxLr: number | readonly number[];
  /** Steps of the whole cycle. Default `epochs` times `stepsPerEpoch`. */
  readonly totalSteps?: number | null;
  /** Epochs of the whole training; `totalSteps` precedes. */
  readonly epochs?: number | null;
  /** Steps of an epoch. */
  readonly stepsPerEpoch?: number | null;
  /** The share of the cycle in which the rate goes up. Default 0.3. */
  readonly pctStart?: number;
  /** Whether rates follow half a cosine ("cos", the default) or a line ("linear"). */
  readonly annealStrategy?: "cos" | "linear";
  /** Whether the momentum (or first beta) goes down while the rate goes up. Default true. */
  readonly cycleMomentum?: boolean;
  /** The smallest momentum. Default 0.85. */
  readonly baseMomentum?: Momenta;
  /** The largest momentum. Default 0.95. */
  readonly maxMomentum?: Momenta;
  /** The first rate is `maxLr` / `divFactor`. Default 25. */
  readonly divFactor?: number;
  /** The last rate is the first / `finalDivFactor`. Default 1e4. */
  readonly finalDivFactor?: number;
  /** Whether the rate first returns to where it began before it goes further down. Default false. */
  readonly threePhase?: boolean;
}

/** A part of the cycle: until which step, and from and to which of the group's numbers. */
interface Phase {
  endStep: number;
  rate: readonly [keyof RatesOfGroup, keyof RatesOfGroup];
  momentum: readonly ["maxMomentum" | "baseMomentum", "maxMomentum" | "baseMomentum"];
}

type RatesOfGroup = Pick<CycledOptions, "maxLr" | "minLr"> & { initialLr?: number };

/** The number of steps that the options ask for. */
function stepsOf({ totalSteps, epochs, stepsPerEpoch }: Partial<OneCycleOptions>): number {
  if (typeof totalSteps === "number") return requireWhole("totalSteps", totalSteps, 1);
  if (typeof epochs === "number" && typeof stepsPerEpoch === "number") {
    return requireWhole("epochs", epochs, 1) * requireWhole("stepsPerEpoch", stepsPerEpoch, 1);
  }
  throw new ValueError("Cannot make a schedule of unknown length: pass totalSteps, or epochs and stepsPerEpoch");
}

/**
 * Goes up from `maxLr` / `divFactor` to `maxLr`, and down to much less than it began with, in `totalSteps` steps; the momentum goes
 * the other way. Call `step` after each batch; a step too many is an error.
 *
 * ```ts
 * import { nn, optim } from "@tensaur/tensaur";
 *
 * const optimizer = new optim.SGD(new nn.Linear(4, 1).parameters(), { lr: 0.1, momentum: 0.9 });
 * const schedule = new optim.lrScheduler.OneCycleLR(optimizer, { maxLr: 0.5, totalSteps: 10, annealStrategy: "linear" });
 * const first = schedule.getLastLr();
 * schedule.step();
 * schedule.step();
 * console.log(first, schedule.getLastLr()); // [ 0.02 ] [ 0.5 ]
 * ```
 *
 * @see Smith and Topin, {@link https://arxiv.org/abs/1708.07120 Super-Convergence}
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html}
 */
export class OneCycleLR extends LRScheduler {
  /** Steps of the whole cycle. */
  totalSteps: number;
  /** Whether the momentum is cycled, too. */
  cycleMomentum: boolean;
  /** The parts of the cycle. */
  protected _schedulePhases: Phase[];
  /** Whether rates follow half a cosine or a line. */
  protected _annealFuncType: "cos" | "linear";

  /** One cycle up to `maxLr`, which may stand alone. */
  constructor(
    optimizer: AnyOptimizer,
    maxLr: number | readonly number[] | OneCycleOptions,
    options?: Omit<OneCycleOptions, "maxLr">,
  ) {
    const given = optionsOf<OneCycleOptions>(["maxLr"], maxLr, options);
    const { pctStart = 0.3, annealStrategy = "cos", divFactor = 25, finalDivFactor = 1e4 } = given;
    super(optimizer, given);
    this.totalSteps = stepsOf(given);
    if (!(pctStart >= 0 && pctStart <= 1)) {
      throw new ValueError(`Cannot go up for a share of ${pctStart} of the steps: expected pctStart from 0 to 1`);
    }
    if (annealStrategy !== "cos" && annealStrategy !== "linear") {
      throw new ValueError(`Cannot anneal by "${annealStrategy}": expected "cos" or "linear"`);
    }
    this._annealFuncType = annealStrategy;
    this._schedulePhases = phases(this.totalSteps, pctStart, given.threePhase ?? false);
    const highest = perGroup("maxLr", optimizer, required("maxLr", given.maxLr));
    const goesOn = this.lastEpoch !== -1;
    this.cycleMomentum = given.cycleMomentum ?? true;
    if (this.cycleMomentum) {
      startMomentum(optimizer, given.baseMomentum ?? 0.85, given.maxMomentum ?? 0.95, goesOn);
    }
    if (!goesOn) {
      cycledGroups(optimizer).forEach((group, i) => {
        group.initialLr = highest[i]! / divFactor;
        group.maxLr = highest[i]!;
        group.minLr = group.initialLr / finalDivFactor;
      });
    }
    this.baseLrs = optimizer.paramGroups.map((group) => group.initialLr!);
    this.initialStep();
  }

  /** The next rates; sets the momenta. */
  override getLr(): number[] {
    const step = this.lastEpoch;
    if (step > this.totalSteps) {
      throw new ValueError(
        `Cannot take step ${step} of a schedule of ${this.totalSteps}: pass as many totalSteps as there are batches in all epochs`,
      );
    }
    const at = this._schedulePhases.findIndex(({ endStep }) => step <= endStep);
    const index = at === -1 ? this._schedulePhases.length - 1 : at;
    const { endStep, rate: [from, to], momentum: [before, after] } = this._schedulePhases[index]!;
    const start = this._schedulePhases[index - 1]?.endStep ?? 0, share = (step - start) / (endStep - start);
    return cycledGroups(this.optimizer).map((group, i) => {
      if (group.maxLr === undefined) {
        throw new ValueError(
          `Cannot cycle the rate of group ${i}, which was added later: make the schedule after all groups`,
        );
      }
      if (this.cycleMomentum) setMomentum(group, this.#between(group[before]!, group[after]!, share));
      return this.#between(group[from]!, group[to]!, share);
    });
  }

  #between(start: number, end: number, share: number): number {
    if (this._annealFuncType === "linear") return (end - start) * share + start;
    return end + (start - end) / 2 * (Math.cos(Math.PI * share) + 1);
  }
}

function phases(steps: number, pctStart: number, three: boolean): Phase[] {
  const up: Phase = {
    endStep: pctStart * steps - 1,
    rate: ["initialLr", "maxLr"],
    momentum: ["maxMomentum", "baseMomentum"],
  };
  if (!three) {
    return [up, { endStep: steps - 1, rate: ["maxLr", "minLr"], momentum: ["baseMomentum", "maxMomentum"] }];
  }
  return [
    up,
    { endStep: 2 * pctStart * steps - 2, rate: ["maxLr", "initialLr"], momentum: ["baseMomentum", "maxMomentum"] },
    { endStep: steps - 1, rate: ["initialLr", "minLr"], momentum: ["maxMomentum", "maxMomentum"] },
  ];
}
