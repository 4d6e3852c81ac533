/**
 * Steps of the gradient divided by the root of its running mean square.
 *
 * @module
 */

import type { Tensor } from "../tensor/mod.ts";
import { requireRange } from "./checks.ts";
import {
  descent,
  nextStep,
  Optimizer,
  type OptimizerOptions,
  type OptimizerParameters,
  type ParameterState,
  running,
} from "./optimizer.ts";

/** Options of `RMSprop`. */
export interface RMSpropOptions extends OptimizerOptions {
  /** Learning rate. Default 1e-2. */
  lr: number;
  /** The share of the running means that stays. Default 0.99. */
  alpha: number;
  /** What is added to the denominator. Default 1e-8. */
  eps: number;
  /** The factor of the parameter that is added to its gradient. Default 0. */
  weightDecay: number;
  /** The share of the last step's direction that stays. Default 0. */
  momentum: number;
  /** Whether the squared mean gradient is subtracted from the mean square. Default false. */
  centered: boolean;
  /** Whether the objective is maximised. Default false. */
  maximize: boolean;
}

/**
 * Steps of the gradient divided by the root of its running mean square.
 *
 * With v ← αv + (1−α)g²: p ← p − lr·g / (√v + eps), with momentum if asked; centered subtracts the squared mean from v.
 *
 * Errors: a negative `lr`, `alpha`, `eps`, `momentum` or `weightDecay`.
 *
 * ```ts
 * import { nn, optim, randn } from "@tensaur/tensaur";
 *
 * const model = new nn.Linear(4, 1);
 * const optimizer = new optim.RMSprop(model.parameters());
 * optimizer.zeroGrad();
 * model(randn([8, 4])).square().mean().backward();
 * optimizer.step();
 * ```
 *
 * @see Graves, {@link https://arxiv.org/abs/1308.0850 Generating Sequences With Recurrent Neural Networks}, for the centered form
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.RMSprop.html}
 */
export class RMSprop extends Optimizer<RMSpropOptions> {
  /** An optimizer of `params`. */
  constructor(params: OptimizerParameters<RMSpropOptions>, options: Partial<RMSpropOptions> = {}) {
    super(params, {
      lr: 1e-2,
      alpha: 0.99,
      eps: 1e-8,
      weightDecay: 0,
      momentum: 0,
      centered: false,
      maximize: false,
    }, options);
  }

  /** Refuses options that make no sense. */
  protected override check({ lr, alpha, eps, weightDecay, momentum }: RMSpropOptions): void {
    requireRange("lr", lr);
    requireRange("eps", eps);
    requireRange("momentum", momentum);
    requireRange("weightDecay", weightDecay);
    requireRange("alpha", alpha);
  }

  /** One step of one parameter. */
  protected override update(parameter: Tensor, grad: Tensor, state: ParameterState, options: RMSpropOptions): void {
    const { lr, alpha, eps, momentum, centered } = options;
    nextStep(state);
    const direction = descent(parameter, grad, options);
    const square = running(state, "squareAvg", parameter);
    square.mul_(alpha).addcmul_(direction, direction, { value: 1 - alpha });
    let variance: Tensor = square;
    if (centered) {
      const mean = running(state, "gradAvg", parameter);
      mean.mul_(alpha).add_(direction, { alpha: 1 - alpha });
      variance = square.addcmul(mean, mean, { value: -1 });
    }
    const denominator = variance.sqrt().add(eps);
    if (momentum > 0) {
      const buffer = running(state, "momentumBuffer", parameter);
      buffer.mul_(momentum).addcdiv_(direction, denominator);
      parameter.add_(buffer, { alpha: -lr });
    } else parameter.addcdiv_(direction, denominator, { value: -lr });
  }
}
