/**
 * Adam with Nesterov momentum.
 *
 * @module
 */

import type { Tensor } from "../tensor/mod.ts";
import { requireMoments, requireRange } from "./checks.ts";
import {
  descent,
  nextStep,
  Optimizer,
  type OptimizerOptions,
  type OptimizerParameters,
  type ParameterState,
  running,
} from "./optimizer.ts";

/** Options of `NAdam`. */
export interface NAdamOptions extends OptimizerOptions {
  /** Learning rate. Default 2e-3. */
  lr: number;
  /** The shares of the running means of gradient and squared gradient that stay. Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** What is added to the denominator. Default 1e-8. */
  eps: number;
  /** The factor of the parameter that is added to its gradient. Default 0. */
  weightDecay: number;
  /** Whether weight decay acts on the parameters rather than on their gradients, as in AdamW. Default false. */
  decoupledWeightDecay: boolean;
  /** How fast the momentum grows to its full size. Default 4e-3. */
  momentumDecay: number;
  /** Whether the objective is maximised. Default false. */
  maximize: boolean;
}

/**
 * Adam with Nesterov momentum.
 *
 * With μₜ = β₁(1 − 0.96^(t·momentumDecay) / 2) and Πₜ = μ₁…μₜ: p ← p − lr·((1−μₜ)g / (1−Πₜ) + μₜ₊₁m / (1−Πₜ₊₁)) / (√v̂ + eps).
 *
 * PyTorch 1.13 leaves this formula in one of its two implementations, by multiplying Πₜ₊₁ by μₜ twice; PyTorch 2 does not.
 *
 * Errors: `betas` outside [0, 1); a negative `lr`, `eps`, `weightDecay` or `momentumDecay`.
 *
 * ```ts
 * import { nn, optim, randn } from "@tensaur/tensaur";
 *
 * const model = new nn.Linear(4, 1);
 * const optimizer = new optim.NAdam(model.parameters());
 * optimizer.zeroGrad();
 * model(randn([8, 4])).square().mean().backward();
 * optimizer.step();
 * ```
 *
 * @see Dozat, {@link https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ Incorporating Nesterov Momentum into Adam}
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.NAdam.html}
 */
export class NAdam extends Optimizer<NAdamOptions> {
  /** An optimizer of `params`. */
  constructor(params: OptimizerParameters<NAdamOptions>, options: Partial<NAdamOptions> = {}) {
    super(params, {
      lr: 2e-3,
      betas: [0.9, 0.999],
      eps: 1e-8,
      weightDecay: 0,
      decoupledWeightDecay: false,
      momentumDecay: 4e-3,
      maximize: false,
    }, options);
  }

  /** Refuses options that make no sense. */
  protected override check(options: NAdamOptions): void {
    requireMoments(options);
    requireRange("momentumDecay", options.momentumDecay);
  }

  /** One step of one parameter. */
  protected override update(parameter: Tensor, grad: Tensor, state: ParameterState, options: NAdamOptions): void {
    const { lr, betas: [beta1, beta2], eps, momentumDecay } = options;
    const step = nextStep(state);
    const direction = descent(parameter, grad, options);
    const momentum = (step: number) => beta1 * (1 - 0.96 ** (step * momentumDecay) / 2);
    const now = momentum(step), next = momentum(step + 1);
    const product = state.muProduct = (state.muProduct as number | undefined ?? 1) * now;
    const average = running(state, "expAvg", parameter), square = running(state, "expAvgSq", parameter);
    average.mul_(beta1).add_(direction, { alpha: 1 - beta1 });
    square.mul_(beta2).addcmul_(direction, direction, { value: 1 - beta2 });
    const denominator = square.sqrt().div(Math.sqrt(1 - beta2 ** step)).add(eps);
    parameter.addcdiv_(direction, denominator, { value: -lr * (1 - now) / (1 - product) });
    parameter.addcdiv_(average, denominator, { value: -lr * next / (1 - product * next) });
  }
}
