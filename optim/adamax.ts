/**
 * Adam with a decaying maximum in place of the mean square.
 *
 * @module
 */

import type { Tensor } from "../tensor/mod.ts";
import { requireMoments } from "./checks.ts";
import {
  descent,
  nextStep,
  Optimizer,
  type OptimizerOptions,
  type OptimizerParameters,
  type ParameterState,
  running,
} from "./optimizer.ts";

/** Options of `Adamax`. */
export interface AdamaxOptions extends OptimizerOptions {
  /** Learning rate. Default 2e-3. */
  lr: number;
  /** The shares of the running means of gradient and squared gradient that stay. Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** What is added to the gradient's magnitude. Default 1e-8. */
  eps: number;
  /** The factor of the parameter that is added to its gradient. Default 0. */
  weightDecay: number;
  /** Whether the objective is maximised. Default false. */
  maximize: boolean;
}

/**
 * Adam with a decaying maximum in place of the mean square.
 *
 * With m ← β₁m + (1−β₁)g, u ← max(β₂u, |g| + eps): p ← p − lr / (1 − β₁ᵗ) · m / u.
 *
 * Errors: `betas` outside [0, 1); a negative `lr`, `eps` or `weightDecay`.
 *
 * ```ts
 * import { nn, optim, randn } from "@tensaur/tensaur";
 *
 * const model = new nn.Linear(4, 1);
 * const optimizer = new optim.Adamax(model.parameters());
 * optimizer.zeroGrad();
 * model(randn([8, 4])).square().mean().backward();
 * optimizer.step();
 * ```
 *
 * @see Kingma and Ba, {@link https://arxiv.org/abs/1412.6980 Adam}, section 7.1
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.Adamax.html}
 */
export class Adamax extends Optimizer<AdamaxOptions> {
  /** An optimizer of `params`. */
  constructor(params: OptimizerParameters<AdamaxOptions>, options: Partial<AdamaxOptions> = {}) {
    super(params, { lr: 2e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, maximize: false }, options);
  }

  /** Refuses options that make no sense. */
  protected override check(options: AdamaxOptions): void {
    requireMoments(options);
  }

  /** One step of one parameter. */
  protected override update(parameter: Tensor, grad: Tensor, state: ParameterState, options: AdamaxOptions): void {
    const { lr, betas: [beta1, beta2], eps } = options;
    const step = nextStep(state);
    const direction = descent(parameter, grad, options);
    const average = running(state, "expAvg", parameter), largest = running(state, "expInf", parameter);
    average.mul_(beta1).add_(direction, { alpha: 1 - beta1 });
    largest.copy_(largest.mul(beta2).maximum(direction.abs().add(eps)));
    parameter.addcdiv_(average, largest, { value: -lr / (1 - beta1 ** step) });
  }
}
