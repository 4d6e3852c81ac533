/**
 * Adam that waits with the division until the mean square is known well enough.
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

/** Options of `RAdam`. */
export interface RAdamOptions extends OptimizerOptions {
  /** Learning rate. Default 1e-3. */
  lr: number;
  /** The shares of the running means of gradient and squared gradient that stay. Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** What is added to the denominator. Default 1e-8. */
  eps: number;
  /** The factor of the parameter that is added to its gradient. Default 0. */
  weightDecay: number;
  /** Whether weight decay acts on the parameters rather than on their gradients, as in AdamW. Default false. */
  decoupledWeightDecay: boolean;
  /** Whether the objective is maximised. Default false. */
  maximize: boolean;
}

/**
 * Adam that waits with the division until the mean square is known well enough.
 *
 * With ρ = ρ∞ − 2tβ₂ᵗ / (1 − β₂ᵗ), ρ∞ = 2 / (1 − β₂) − 1: while ρ ≤ 5, p ← p − lr·m̂; then p ← p − lr·r·m̂ / √v̂.
 *
 * Errors: `betas` outside [0, 1); a negative `lr`, `eps` or `weightDecay`.
 *
 * ```ts
 * import { nn, optim, randn } from "@tensaur/tensaur";
 *
 * const model = new nn.Linear(4, 1);
 * const optimizer = new optim.RAdam(model.parameters());
 * optimizer.zeroGrad();
 * model(randn([8, 4])).square().mean().backward();
 * optimizer.step();
 * ```
 *
 * @see Liu and others, {@link https://arxiv.org/abs/1908.03265 On the Variance of the Adaptive Learning Rate and Beyond}
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.RAdam.html}
 */
export class RAdam extends Optimizer<RAdamOptions> {
  /** An optimizer of `params`. */
  constructor(params: OptimizerParameters<RAdamOptions>, options: Partial<RAdamOptions> = {}) {
    super(params, {
      lr: 1e-3,
      betas: [0.9, 0.999],
      eps: 1e-8,
      weightDecay: 0,
      decoupledWeightDecay: false,
      maximize: false,
    }, options);
  }

  /** Refuses options that make no sense. */
  protected override check(options: RAdamOptions): void {
    requireMoments(options);
  }

  /** One step of one parameter. */
  protected override update(parameter: Tensor, grad: Tensor, state: ParameterState, options: RAdamOptions): void {
    const { lr, betas: [beta1, beta2], eps } = options;
    const step = nextStep(state);
    const direction = descent(parameter, grad, options);
    const average = running(state, "expAvg", parameter), square = running(state, "expAvgSq", parameter);
    average.mul_(beta1).add_(direction, { alpha: 1 - beta1 });
    square.mul_(beta2).addcmul_(direction, direction, { value: 1 - beta2 });
    const rate = lr / (1 - beta1 ** step), correction = 1 - beta2 ** step;
    const most = 2 / (1 - beta2) - 1, length = most - 2 * step * beta2 ** step / correction;
    if (length > 5) {
      const share = (length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length);
      parameter.addcdiv_(average, square.sqrt().add(eps), { value: -rate * Math.sqrt(share * correction) });
    } else parameter.add_(average, { alpha: -rate });
  }
}
