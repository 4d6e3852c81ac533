/**
 * Losses of classifiers.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type {
  BinaryCrossEntropyWithLogitsOptions,
  CrossEntropyOptions,
  NllLossOptions,
  WeightedLossOptions,
} from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { optionsOf } from "../tensor/arguments.ts";
import { Loss, WeightedLoss } from "./loss.ts";
import { requireInput } from "./require_input.ts";

/**
 * The negative log-likelihood of classes under softmax: -w_c · log(exp(x_c) / Σⱼ exp(xⱼ)) for class c, or -Σ_c w_c · p_c · log softmax(x)_c
 * for probabilities p. The input holds scores, [N, C], [C] or [N, C, d₁, ...]; the target classes, [N], [] or [N, d₁, ...], or probabilities
 * in the input's shape. `"mean"`, the default, divides by the sum of the weights of the targets, or by N for probabilities. Defaults: no
 * weight, ignoreIndex -100, labelSmoothing 0.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const loss = new nn.CrossEntropyLoss();
 * console.log(loss(tensor([[0.5, 2.5], [1.5, 0.5]]), tensor([1, 0]))); // tensor(0.2201)
 * ```
 *
 * @throws {IndexError} for a class out of range: at once where the target is on the host, else when a result is read
 * @throws {ShapeError} where the shapes do not fit; {DTypeError} for a target that is neither int nor float
 * @throws {ValueError} for a labelSmoothing outside of [0, 1], or an unknown reduction
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html}
 */
export class CrossEntropyLoss extends WeightedLoss {
  /** The class that counts for nothing. */
  readonly ignoreIndex: number;
  /** The share of each target that is spread over all classes. */
  readonly labelSmoothing: number;

  /** The loss with these options. */
  constructor(weight?: Tensor | CrossEntropyOptions | null, options?: CrossEntropyOptions) {
    const given = optionsOf<CrossEntropyOptions>(["weight"], weight, options);
    super(given);
    this.ignoreIndex = given.ignoreIndex ?? -100;
    this.labelSmoothing = given.labelSmoothing ?? 0;
  }

  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor): Tensor {
    requireInput(this, "input", input);
    requireInput(this, "target", target);
    const { weight, ignoreIndex, reduction, labelSmoothing } = this;
    return F.crossEntropy(input, target, { weight, ignoreIndex, reduction, labelSmoothing });
  }
}

/**
 * The negative of the log-probability of the right class: -w_c · x_c for class c. The input holds log-probabilities, [N, C], [C] or [N, C,
 * d₁, ...], the target classes, [N], [] or [N, d₁, ...]. `"mean"`, the default, divides by the sum of the weights of the targets. Defaults:
 * no weight, ignoreIndex -100.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const logProbabilities = new nn.LogSoftmax(1)(tensor([[0.5, 2.5], [1.5, 0.5]]));
 * console.log(new nn.NLLLoss()(logProbabilities, tensor([1, 0]))); // tensor(0.2201)
 * ```
 *
 * @throws {IndexError} for a class out of range: at once where the target is on the host, else when a result is read
 * @throws {ShapeError} where the shapes do not fit
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html}
 */
export class NLLLoss extends WeightedLoss {
  /** The class that counts for nothing. */
  readonly ignoreIndex: number;

  /** The loss with these options. */
  constructor(weight?: Tensor | NllLossOptions | null, options?: NllLossOptions) {
    const given = optionsOf<NllLossOptions>(["weight"], weight, options);
    super(given);
    this.ignoreIndex = given.ignoreIndex ?? -100;
  }

  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor): Tensor {
    requireInput(this, "input", input);
    requireInput(this, "target", target);
    const { weight, ignoreIndex, reduction } = this;
    return F.nllLoss(input, target, { weight, ignoreIndex, reduction });
  }
}

/**
 * The negative log-likelihood of yes or no under probabilities: -w · (y · log x + (1 - y) · log(1 - x)), the logarithms no smaller than
 * -100. The target y has the input's shape, with numbers from 0 to 1; the weight broadcasts to it. Defaults: no weight, reduction "mean".
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.BCELoss()(tensor([0.25, 0.5]), tensor([0, 1], { dtype: "float32" }))); // tensor(0.4904)
 * ```
 *
 * @throws {ShapeError} where the shapes differ
 * @throws {ValueError} for an input outside of [0, 1], where it is on the host
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.BCELoss.html}
 */
export class BCELoss extends WeightedLoss {
  /** The loss with these options. */
  constructor(weight?: Tensor | WeightedLossOptions | null, options?: WeightedLossOptions) {
    const given = optionsOf<WeightedLossOptions>(["weight"], weight, options);
    super(given);
  }

  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor): Tensor {
    requireInput(this, "input", input);
    requireInput(this, "target", target);
    const { weight, reduction } = this;
    return F.binaryCrossEntropy(input, target, { weight, reduction });
  }
}

/**
 * The negative log-likelihood of yes or no under sigmoid: -w · (p · y · log σ(x) + (1 - y) · log(1 - σ(x))), p being `posWeight`, finite for
 * large scores. The target y has the input's shape; the weights broadcast to it. Defaults: no weights, reduction "mean".
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const loss = new nn.BCEWithLogitsLoss({ posWeight: tensor([1, 3]) });
 * console.log(loss(tensor([[0.5, 1.5]]), tensor([[0, 1]], { dtype: "float32" }))); // tensor(0.7892)
 * ```
 *
 * @throws {ShapeError} where the shapes differ
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html}
 */
export class BCEWithLogitsLoss extends WeightedLoss {
  /** A factor for the yes of each class. */
  posWeight: Tensor | null;

  /** The loss with these options. */
  constructor(
    weight?: Tensor | BinaryCrossEntropyWithLogitsOptions | null,
    options?: BinaryCrossEntropyWithLogitsOptions,
  ) {
    const given = optionsOf<BinaryCrossEntropyWithLogitsOptions>(["weight"], weight, options);
    super(given);
    this.posWeight = given.posWeight ?? null;
    this.registerBuffer("posWeight", this.posWeight);
  }

  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor): Tensor {
    requireInput(this, "input", input);
    requireInput(this, "target", target);
    const { weight, posWeight, reduction } = this;
    return F.binaryCrossEntropyWithLogits(input, target, { weight, posWeight, reduction });
  }
}

/**
 * The mean over the classes of the negative log-likelihood of yes or no under sigmoid: -1/C · Σ_c w_c · (y_c · log σ(x_c) + (1 - y_c) ·
 * log(1 - σ(x_c))). Input and target are [N, C] or [C], the target of 0 and 1; unreduced losses are [N] or []. Defaults: no weight,
 * reduction "mean".
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const loss = new nn.MultiLabelSoftMarginLoss();
 * console.log(loss(tensor([[0.5, -1.5, 2]]), tensor([[1, 0, 1]], { dtype: "float32" }))); // tensor(0.2675)
 * ```
 *
 * @throws {ShapeError} where the shapes do not fit
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.MultiLabelSoftMarginLoss.html}
 */
export class MultiLabelSoftMarginLoss extends WeightedLoss {
  /** The loss with these options. */
  constructor(weight?: Tensor | WeightedLossOptions | null, options?: WeightedLossOptions) {
    const given = optionsOf<WeightedLossOptions>(["weight"], weight, options);
    super(given);
  }

  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor): Tensor {
    requireInput(this, "input", input);
    requireInput(this, "target", target);
    const { weight, reduction } = this;
    return F.multilabelSoftMarginLoss(input, target, { weight, reduction });
  }
}

/**
 * log(1 + exp(-y · x)) for targets y of 1 and -1, in the input's shape. `reduction` is "mean" by default.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.SoftMarginLoss()(tensor([0.5, -1.5]), tensor([1, -1]))); // tensor(0.3377)
 * ```
 *
 * @throws {ShapeError} where the shapes do not fit
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.SoftMarginLoss.html}
 */
export class SoftMarginLoss extends Loss {
  /** The loss of `input` for `target`. */
  override forward(input: Tensor, target: Tensor): Tensor {
    requireInput(this, "input", input);
    requireInput(this, "target", target);
    const { reduction } = this;
    return F.softMarginLoss(input, target, { reduction });
  }
}
