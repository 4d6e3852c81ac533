/**
 * The schedule of stochastic weight averaging.
 *
 * @module
 */

import { ValueError } from "../../tensor/mod.ts";
import { optionsOf } from "../../tensor/arguments.ts";
import {
  type AnyOptimizer,
  LRScheduler,
  perGroup,
  required,
  requireWhole,
  type SchedulerOptions,
} from "../lr_scheduler/scheduler.ts";
import type { OptimizerOptions, ParamGroup } from "../optimizer.ts";

/** Options of `SWALR`. */
export interface SWALROptions extends SchedulerOptions {
  /** The learning rate to arrive at, of all groups or of each. */
  readonly swaLr: number | readonly number[];
  /** Epochs on the way. Default 10. */
  readonly annealEpochs?: number;
  /** Whether rates follow half a cosine ("cos", the default) or a line ("linear"). */
  readonly annealStrategy?: "cos" | "linear";
}

/** The groups of an optimizer, which hold the rates to arrive at, as in PyTorch. */
function groupsOf(optimizer: AnyOptimizer): (ParamGroup<OptimizerOptions> & { swaLr?: number })[] {
  return optimizer.paramGroups;
}

/**
 * Goes from the present learning rate to `swaLr` in `annealEpochs` epochs, and stays there. It is made before the training and
 * stepped instead of another schedule once weights are averaged.
 *
 * ```ts
 * import { nn, optim } from "@tensaur/tensaur";
 *
 * const optimizer = new optim.SGD(new nn.Linear(4, 1).parameters(), { lr: 1 });
 * const schedule = new optim.swaUtils.SWALR(optimizer, 0.5, { annealEpochs: 2, annealStrategy: "linear" });
 * schedule.step();
 * console.log(schedule.getLastLr()); // [ 0.75 ]
 * ```
 *
 * Errors: not one `swaLr` for each group, an unknown `annealStrategy`, `annealEpochs` that are no whole number from 0.
 *
 * @see {@link https://arxiv.org/abs/1803.05407 Averaging Weights Leads to Wider Optima and Better Generalization}
 * @see {@link https://pytorch.org/docs/stable/optim.html#torch.optim.swa_utils.SWALR}
 */
export class SWALR extends LRScheduler {
  /** Epochs on the way. */
  annealEpochs: number;
  /** Whether rates follow half a cosine or a line. */
  protected _annealStrategy: "cos" | "linear";

  /** On the way to `swaLr`, which may stand alone. */
  constructor(
    optimizer: AnyOptimizer,
    swaLr: number | readonly number[] | SWALROptions,
    options?: Omit<SWALROptions, "swaLr">,
  ) {
    const given = optionsOf<SWALROptions>(["swaLr"], swaLr, options);
    super(optimizer, given);
    const rates = perGroup("swaLr", optimizer, required("swaLr", given.swaLr));
    this._annealStrategy = given.annealStrategy ?? "cos";
    if (this._annealStrategy !== "cos" && this._annealStrategy !== "linear") {
      throw new ValueError(`Cannot anneal by "${this._annealStrategy}": expected "cos" or "linear"`);
    }
    this.annealEpochs = requireWhole("annealEpochs", given.annealEpochs ?? 10, 0);
    groupsOf(optimizer).forEach((group, i) => group.swaLr = rates[i]!);
    this.initialStep();
  }

  /** The next rates. */
  override getLr(): number[] {
    const epochs = Math.max(1, this.annealEpochs), taken = this._stepCount - 1;
    const step = this.annealEpochs === 0 ? Math.max(1, taken) : taken;
    const share = (step: number): number => {
      const t = Math.max(0, Math.min(1, step / epochs));
      return this._annealStrategy === "linear" ? t : (1 - Math.cos(Math.PI * t)) / 2;
    };
    const before = share(step - 1), now = share(step);
    return groupsOf(this.optimizer).map(({ lr, swaLr = lr }) => {
      // Where the way began, from where it is.
      const start = before === 1 ? swaLr : (lr - before * swaLr) / (1 - before);
      return swaLr * now + start * (1 - now);
    });
  }
}
