/**
 * What losses have in common.
 *
 * @module
 */

import type { LossOptions, LossReduction, WeightedLossOptions } from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { Module } from "./module.ts";

/**
 * Base of all losses: keeps what becomes of the elements' losses, "mean" by default.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const losses: nn.Loss[] = [new nn.MSELoss(), new nn.CrossEntropyLoss({ reduction: "sum" })];
 * console.log(losses.map((loss) => loss.reduction)); // [ "mean", "sum" ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/nn.html#loss-functions}
 */
export abstract class Loss extends Module {
  /** What becomes of the elements' losses. */
  readonly reduction: LossReduction;

  /** The loss with these options. */
  constructor({ reduction = "mean" }: LossOptions = {}) {
    super();
    this.reduction = reduction;
  }
}

/**
 * Base of losses with a factor for each element or class, which is a buffer; none by default.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const loss: nn.WeightedLoss = new nn.NLLLoss(tensor([1, 0.5]));
 * console.log(loss.weight, loss.buffers().length); // tensor([1.0000, 0.5000]) 1
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/nn.html#loss-functions}
 */
export abstract class WeightedLoss extends Loss {
  /** A factor for each element or class. */
  weight: Tensor | null;

  /** The loss with these options. */
  constructor({ weight = null, ...options }: WeightedLossOptions) {
    super(options);
    this.weight = weight;
    this.registerBuffer("weight", weight);
  }
}
