/**
 * A schedule that starts over.
 *
 * @module
 */

import { ValueError } from "../../tensor/mod.ts";
import { optionsOf } from "../../tensor/arguments.ts";
import { type AnyOptimizer, LRScheduler, required, requireWhole, type SchedulerOptions } from "./scheduler.ts";

/** Options of `CosineAnnealingWarmRestarts`. */
export interface WarmRestartsOptions extends SchedulerOptions {
  /** Epochs until the first restart. */
  readonly T0: number;
  /** What the number of epochs is multiplied by at each restart; a whole number. Default 1. */
  readonly TMult?: number;
  /** The smallest learning rate. Default 0. */
  readonly etaMin?: number;
}

/**
 * Follows half a cosine down to `etaMin` in `T0` epochs, returns to the first rate, and so on, each time `TMult` times slower.
 *
 * lr = etaMin + (base − etaMin)·(1 + cos(π·TCur / TI)) / 2, with TCur epochs since the last restart and TI between two of them.
 * `step(epoch)` goes to an epoch, which may be a fraction: `schedule.step(epoch + batch / batches)`.
 *
 * ```ts
 * import { nn, optim } from "@tensaur/tensaur";
 *
 * const optimizer = new optim.SGD(new nn.Linear(4, 1).parameters(), { lr: 1 });
 * const schedule = new optim.lrScheduler.CosineAnnealingWarmRestarts(optimizer, 4, { TMult: 2 });
 * schedule.step(2);
 * const [half] = schedule.getLastLr();
 * schedule.step(4);
 * console.log(half, schedule.getLastLr(), schedule.TI); // 0.5 [ 1 ] 8
 * ```
 *
 * @see Loshchilov and Hutter, {@link https://arxiv.org/abs/1608.03983 SGDR}
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.html}
 */
export class CosineAnnealingWarmRestarts extends LRScheduler {
  /** Epochs until the first restart. */
  T0: number;
  /** Epochs between the last restart and the next. */
  TI: number;
  /** What the number of epochs is multiplied by at each restart. */
  TMult: number;
  /** Epochs since the last restart. */
  TCur: number;
  /** The smallest learning rate. */
  etaMin: number;

  /** A restart after `T0` epochs, which may stand alone, and so on. */
  constructor(
    optimizer: AnyOptimizer,
    T0: number | WarmRestartsOptions,
    options?: Omit<WarmRestartsOptions, "T0">,
  ) {
    const given = optionsOf<WarmRestartsOptions>(["T0"], T0, options);
    super(optimizer, given);
    this.T0 = this.TI = requireWhole("T0", required("T0", given.T0), 1);
    this.TMult = requireWhole("TMult", given.TMult ?? 1, 1);
    this.etaMin = given.etaMin ?? 0;
    this.TCur = this.lastEpoch;
    this.initialStep();
  }

  /** The rates at `TCur`. */
  override getLr(): number[] {
    const height = 1 + Math.cos(Math.PI * this.TCur / this.TI);
    return this.baseLrs.map((rate) => this.etaMin + (rate - this.etaMin) * height / 2);
  }

  /** Goes on by one epoch, or to `epoch`, which may be a fraction. */
  override step(epoch?: number): void {
    this._stepCount++;
    const target = epoch ?? (this.lastEpoch < 0 ? 0 : undefined);
    if (target === undefined) {
      this.TCur++;
      if (this.TCur >= this.TI) {
        this.TCur %= this.TI;
        this.TI *= this.TMult;
      }
      this.lastEpoch++;
    } else {
      this.#goTo(target);
      this.lastEpoch = Math.floor(target);
    }
    this.setRates(this.getLr());
  }

  #goTo(epoch: number): void {
    const { T0, TMult } = this;
    if (!(epoch >= 0)) throw new ValueError(`Cannot go to epoch ${epoch}: expected 0 or more`);
    // How many restarts there were: T0·(1 + TMult + TMult² + …) epochs lie before the last one.
    const restarts = TMult === 1 ? 0 : Math.trunc(Math.log(epoch / T0 * (TMult - 1) + 1) / Math.log(TMult));
    this.TI = T0 * TMult ** restarts;
    this.TCur = TMult === 1 ? epoch % T0 : epoch - T0 * (TMult ** restarts - 1) / (TMult - 1);
  }
}
