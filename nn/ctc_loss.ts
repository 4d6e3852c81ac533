/**
 * Connectionist temporal classification.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { CtcLossOptions } from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { optionsOf } from "../tensor/arguments.ts";
import { Loss } from "./loss.ts";
import { requireInput } from "./require_input.ts";

/**
 * The negative log-likelihood of sequences of labels under all their alignments with longer sequences of frames: -log Σ_a Π_t p_t(a_t) over
 * the sequences a of labels and blanks that become the target when repetitions are joined and blanks left out. Log-probabilities are [T, N,
 * C] or [T, C], targets [N, S] or all after one another; "mean", the default, divides by the targets' lengths first. Defaults: blank 0,
 * zeroInfinity false. From Graves and others, Connectionist Temporal Classification (2006).
 *
 * ```ts
 * import { functional as F, nn, tensor, zeros } from "@tensaur/tensaur";
 *
 * const logProbs = F.logSoftmax(zeros([2, 1, 3]), 2);
 * console.log(new nn.CTCLoss()(logProbs, tensor([[1]]), [2], [1])); // tensor(1.0986)
 * ```
 *
 * @throws {ValueError} for labels or lengths out of range
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.CTCLoss.html}
 */
export class CTCLoss extends Loss {
  /** The class that stands for no label. */
  readonly blank: number;
  /** Whether infinite losses count as 0. */
  readonly zeroInfinity: boolean;

  /** The loss with these options. */
  constructor(blank?: number | CtcLossOptions, options?: CtcLossOptions) {
    const given = optionsOf<CtcLossOptions>(["blank"], blank, options);
    super(given);
    this.blank = given.blank ?? 0;
    this.zeroInfinity = given.zeroInfinity ?? false;
  }

  /** The loss of `logProbs`, [T, N, C] or [T, C], for `targets`. */
  override forward(
    logProbs: Tensor,
    targets: Tensor,
    inputLengths: Tensor | readonly number[],
    targetLengths: Tensor | readonly number[],
  ): Tensor {
    requireInput(this, "logProbs", logProbs);
    requireInput(this, "targets", targets);
    const { blank, reduction, zeroInfinity } = this;
    return F.ctcLoss(logProbs, targets, inputLengths, targetLengths, { blank, reduction, zeroInfinity });
  }
}
