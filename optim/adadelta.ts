/**
 * Steps whose size follows the running mean squares of gradients and of earlier steps.
 *
 * @module
 */

import { type Tensor, ValueError } from "../tensor/mod.ts";
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

/** Options of `Adadelta`. */
export interface AdadeltaOptions extends OptimizerOptions {
  /** Learning rate. Default 1. */
  lr: number;
  /** The share of the running means that stays. Default 0.9. */
  rho: number;
  /** What is added under the roots. Default 1e-6. */
  eps: number;
  /** The factor of the parameter that is added to its gradient. Default 0. */
  weightDecay: number;
  /** Whether the objective is maximised. Default false. */
  maximize: boolean;
}

/**
 * Steps whose size follows the running mean squares of gradients and of earlier steps.
 *
 * With v ← ρv + (1−ρ)g² and d = g·√(u + eps) / √(v + eps), u ← ρu + (1−ρ)d²: p ← p − lr·d.
 *
 * Errors: `rho` outside [0, 1]; a negative `lr`, `eps` or `weightDecay`.
 *
 * ```ts
 * import { nn, optim, randn } from "@tensaur/tensaur";
 *
 * const model = new nn.Linear(4, 1);
 * const optimizer = new optim.Adadelta(model.parameters());
 * optimizer.zeroGrad();
 * model(randn([8, 4])).square().mean().backward();
 * optimizer.step();
 * ```
 *
 * @see Zeiler, {@link https://arxiv.org/abs/1212.5701 ADADELTA}
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.Adadelta.html}
 */
export class Adadelta extends Optimizer<AdadeltaOptions> {
  /** An optimizer of `params`. */
  constructor(params: OptimizerParameters<AdadeltaOptions>, options: Partial<AdadeltaOptions> = {}) {
    super(params, { lr: 1, rho: 0.9, eps: 1e-6, weightDecay: 0, maximize: false }, options);
  }

  /** Refuses options that make no sense. */
  protected override check({ lr, rho, eps, weightDecay }: AdadeltaOptions): void {
    requireRange("lr", lr);
    requireRange("eps", eps);
    requireRange("weightDecay", weightDecay);
    if (!(rho >= 0 && rho <= 1)) throw new ValueError(`Cannot optimize with rho ${rho}: expected a number from 0 to 1`);
  }

  /** One step of one parameter. */
  protected override update(parameter: Tensor, grad: Tensor, state: ParameterState, options: AdadeltaOptions): void {
    const { lr, rho, eps } = options;
    nextStep(state);
    const direction = descent(parameter, grad, options);
    const square = running(state, "squareAvg", parameter), steps = running(state, "accDelta", parameter);
    square.mul_(rho).addcmul_(direction, direction, { value: 1 - rho });
    const delta = steps.add(eps).sqrt().div(square.add(eps).sqrt()).mul(direction);
    steps.mul_(rho).addcmul_(delta, delta, { value: 1 - rho });
    parameter.add_(delta, { alpha: -lr });
  }
}
