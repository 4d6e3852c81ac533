/**
 * Gradient descent that keeps the average of the parameters, as `ax` of the state.
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

/** Options of `ASGD`. */
export interface ASGDOptions extends OptimizerOptions {
  /** Learning rate. Default 1e-2. */
  lr: number;
  /** How fast parameters decay. Default 1e-4. */
  lambd: number;
  /** The power of the falling learning rate. Default 0.75. */
  alpha: number;
  /** The step at which averaging starts. Default 1e6. */
  t0: number;
  /** The factor of the parameter that is added to its gradient. Default 0. */
  weightDecay: number;
  /** Whether the objective is maximised. Default false. */
  maximize: boolean;
}

/**
 * Gradient descent that keeps the average of the parameters, as `ax` of the state.
 *
 * With η = lr / (1 + lambd·lr·t)^alpha and μ = 1 / max(1, t − t0): p ← (1 − lambd·η)p − ηg, ax ← ax + μ(p − ax).
 *
 * Errors: a negative `lr` or `weightDecay`.
 *
 * ```ts
 * import { nn, optim, randn } from "@tensaur/tensaur";
 *
 * const model = new nn.Linear(4, 1);
 * const optimizer = new optim.ASGD(model.parameters());
 * optimizer.zeroGrad();
 * model(randn([8, 4])).square().mean().backward();
 * optimizer.step();
 * ```
 *
 * @see Polyak and Juditsky, Acceleration of stochastic approximation by averaging (1992)
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.ASGD.html}
 */
export class ASGD extends Optimizer<ASGDOptions> {
  /** An optimizer of `params`. */
  constructor(params: OptimizerParameters<ASGDOptions>, options: Partial<ASGDOptions> = {}) {
    super(params, { lr: 1e-2, lambd: 1e-4, alpha: 0.75, t0: 1e6, weightDecay: 0, maximize: false }, options);
  }

  /** Refuses options that make no sense. */
  protected override check({ lr, weightDecay }: ASGDOptions): void {
    requireRange("lr", lr);
    requireRange("weightDecay", weightDecay);
  }

  /** One step of one parameter. */
  protected override update(parameter: Tensor, grad: Tensor, state: ParameterState, options: ASGDOptions): void {
    const { lr, lambd, alpha, t0 } = options;
    const step = nextStep(state);
    const eta = state.eta as number | undefined ?? lr, mu = state.mu as number | undefined ?? 1;
    const direction = descent(parameter, grad, options);
    parameter.mul_(1 - lambd * eta).add_(direction, { alpha: -eta });
    const average = running(state, "ax", parameter);
    if (mu === 1) average.copy_(parameter);
    else average.add_(parameter.sub(average), { alpha: mu });
    state.eta = lr / (1 + lambd * lr * step) ** alpha;
    state.mu = 1 / Math.max(1, step - t0);
  }
}
