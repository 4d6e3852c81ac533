/**
 * Connectionist temporal classification.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { CtcLossOptions, LossReduction } from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { optionsOf } from "../tensor/arguments.ts";
import { Module } from "./module.ts";

/**
 * The negative log-likelihood of sequences of labels under all their alignments with longer sequences of frames.
 *
 * ```ts
 * import { functional as F, nn, randn, tensor } from "@tensaur/tensaur";
 *
 * const logProbs = F.logSoftmax(randn([12, 2, 5]), 2);
 * const loss = new nn.CTCLoss({ reduction: "none" });
 * console.log(loss(logProbs, tensor([[1, 2, 2], [4, 1, 0]]), [12, 10], [3, 2]).shape); // torch.Size([2])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.CTCLoss.html}
 */
export class CTCLoss extends Module {
  /** The class that stands for no label. */
  readonly blank: number;
  /** What becomes of the sequences' losses. */
  readonly reduction: LossReduction;
  /** Whether infinite losses count as 0. */
  readonly zeroInfinity: boolean;

  /** The loss with these options. */
  constructor(blank?: number | CtcLossOptions, options?: CtcLossOptions) {
    super();
    const given = optionsOf<CtcLossOptions>(["blank"], blank, options);
    this.blank = given.blank ?? 0;
    this.reduction = given.reduction ?? "mean";
    this.zeroInfinity = given.zeroInfinity ?? false;
  }

  /** The loss of `logProbs`, [T, N, C] or [T, C], for `targets`. */
  override forward(
    logProbs: Tensor,
    targets: Tensor,
    inputLengths: Tensor | readonly number[],
    targetLengths: Tensor | readonly number[],
  ): Tensor {
    const { blank, reduction, zeroInfinity } = this;
    return F.ctcLoss(logProbs, targets, inputLengths, targetLengths, { blank, reduction, zeroInfinity });
  }
}
