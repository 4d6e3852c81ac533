/**
 * Adaptive softmax.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { AdaptiveLogSoftmaxOutput, AdaptiveSoftmax } from "../functional/mod.ts";
import { type Tensor, ValueError } from "../tensor/mod.ts";
import { type LayerOptions, Linear } from "./linear.ts";
import { Module } from "./module.ts";
import { ModuleList } from "./module_list.ts";
import { requireInput } from "./require_input.ts";
import { Sequential } from "./sequential.ts";

/** Options of `AdaptiveLogSoftmaxWithLoss`. */
export interface AdaptiveLogSoftmaxOptions extends LayerOptions {
  /** By how much each cluster's projection is smaller than the one before. Default 4. */
  readonly divValue?: number;
  /** Whether the scores of frequent classes and clusters have a bias. Default false. */
  readonly headBias?: boolean;
}

/**
 * Softmax over very many classes, sorted by frequency: those below the first cutoff are scored directly, the others in clusters, the later
 * ones with fewer numbers each, inFeatures / divValue^i. The input is [N, inFeatures] or [inFeatures], the target [N] or []; the result is
 * the target's log-probabilities, `output`, and the mean of their negatives, `loss`. Defaults: divValue 4, headBias false. From
 * https://arxiv.org/abs/1609.04309.
 *
 * ```ts
 * import { nn, randn, tensor } from "@tensaur/tensaur";
 *
 * const softmax = new nn.AdaptiveLogSoftmaxWithLoss(16, 100, [10, 40]);
 * const { output, loss } = softmax(randn([3, 16]), tensor([4, 97, 20]));
 * console.log(output.shape, loss.shape); // torch.Size([3]) torch.Size([])
 * ```
 *
 * @throws {ValueError} for cutoffs that do not ascend between 0 and the number of classes
 * @throws {IndexError} in `forward`, for a class out of range
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveLogSoftmaxWithLoss.html}
 */
export class AdaptiveLogSoftmaxWithLoss extends Module {
  /** Size of each input. */
  readonly inFeatures: number;
  /** Number of classes. */
  readonly nClasses: number;
  /** The first class of each cluster, then the number of classes. */
  readonly cutoffs: readonly number[];
  /** By how much each cluster's projection is smaller than the one before. */
  readonly divValue: number;
  /** Whether the head has a bias. */
  readonly headBias: boolean;
  /** Scores frequent classes and clusters. */
  head: Linear;
  /** For each cluster, a projection and the scores of its classes. */
  tail: ModuleList;

  /** Of `nClasses` classes, whose clusters begin at `cutoffs`. */
  constructor(
    inFeatures: number,
    nClasses: number,
    cutoffs: readonly number[],
    options: AdaptiveLogSoftmaxOptions = {},
  ) {
    super();
    const { divValue = 4, headBias = false, ...layer } = options;
    const ascending = cutoffs.every((c, i) => Number.isInteger(c) && c > (cutoffs[i - 1] ?? 0) && c < nClasses);
    if (cutoffs.length === 0 || !ascending) {
      throw new ValueError(
        `Cannot cut ${nClasses} classes at [${
          cutoffs.join(", ")
        }]: cutoffs are ascending integers between 0 and the number of classes`,
      );
    }
    this.inFeatures = inFeatures;
    this.nClasses = nClasses;
    this.cutoffs = [...cutoffs, nClasses];
    this.divValue = divValue;
    this.headBias = headBias;
    this.head = new Linear(inFeatures, cutoffs[0]! + cutoffs.length, { ...layer, bias: headBias });
    this.tail = new ModuleList(cutoffs.map((start, i) => {
      const size = Math.floor(inFeatures / divValue ** (i + 1)), plain = { ...layer, bias: false };
      return new Sequential(new Linear(inFeatures, size, plain), new Linear(size, this.cutoffs[i + 1]! - start, plain));
    }));
  }

  /** Draws new weights. */
  resetParameters(): void {
    for (const module of this.modules()) if (module instanceof Linear) module.resetParameters();
  }

  /** The weights as `functional` takes them. */
  protected get layers(): AdaptiveSoftmax {
    const tails = this.tail.children().map((cluster) => {
      const [projection, scores] = cluster.children() as [Linear, Linear];
      return [projection.weight, scores.weight] as const;
    });
    return { cutoffs: this.cutoffs, head: [this.head.weight, this.head.bias], tails };
  }

  /** The log probability of each target, and the negative mean of all. */
  override forward(input: Tensor, target: Tensor): AdaptiveLogSoftmaxOutput {
    requireInput(this, "input", input);
    requireInput(this, "target", target);
    return F.adaptiveLogSoftmaxWithLoss(input, target, this.layers);
  }

  /** The log probabilities of all classes, [N, nClasses]. */
  logProb(input: Tensor): Tensor {
    return F.adaptiveLogProb(input, this.layers);
  }

  /** The most likely class of each row, [N]. */
  predict(input: Tensor): Tensor {
    return this.logProb(input).argmax(1);
  }
}
