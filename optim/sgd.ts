/**
 * Gradient descent, with momentum.
 *
 * @module
 */

import { type Tensor, ValueError, zerosLike } from "../tensor/mod.ts";
import { requireRange } from "./checks.ts";
import {
  descent,
  Optimizer,
  type OptimizerOptions,
  type OptimizerParameters,
  type ParameterState,
} from "./optimizer.ts";

/** Options of `SGD`. */
export interface SGDOptions extends OptimizerOptions {
  /** Learning rate. Default 1e-3, as in PyTorch 2. */
  lr: number;
  /** The share of the last step's direction that stays. Default 0. */
  momentum: number;
  /** The share of the gradient that momentum leaves out. Default 0. */
  dampening: number;
  /** The factor of the parameter that is added to its gradient. Default 0. */
  weightDecay: number;
  /** Whether the step looks ahead along the momentum. Default false. */
  nesterov: boolean;
  /** Whether the objective is maximised. Default false. */
  maximize: boolean;
}

/**
 * Stochastic gradient descent: p ← p − lr·g, or with momentum b ← momentum·b + (1 − dampening)·g, p ← p − lr·b, where the first b is
 * the first g. Nesterov's steps follow g + momentum·b.
 *
 * Errors: Nesterov's momentum without momentum, or with dampening; a negative `lr`, `momentum` or `weightDecay`.
 *
 * ```ts
 * import { nn, optim, randn } from "@tensaur/tensaur";
 *
 * const model = new nn.Linear(4, 1);
 * const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
 * optimizer.zeroGrad();
 * model(randn([8, 4])).square().mean().backward();
 * optimizer.step();
 * ```
 *
 * @see Sutskever and others, {@link https://proceedings.mlr.press/v28/sutskever13.html On the importance of initialization and momentum}
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.SGD.html}
 */
export class SGD extends Optimizer<SGDOptions> {
  /** An optimizer of `params`. */
  constructor(params: OptimizerParameters<SGDOptions>, options: Partial<SGDOptions> = {}) {
    super(params, {
      lr: 1e-3,
      momentum: 0,
      dampening: 0,
      weightDecay: 0,
      nesterov: false,
      maximize: false,
    }, options);
  }

  /** Refuses options that make no sense. */
  protected override check({ lr, momentum, dampening, weightDecay, nesterov }: SGDOptions): void {
    requireRange("lr", lr);
    requireRange("momentum", momentum);
    requireRange("weightDecay", weightDecay);
    if (nesterov && (momentum <= 0 || dampening !== 0)) {
      throw new ValueError("Cannot use Nesterov momentum without momentum, or with dampening");
    }
  }

  /** One step of one parameter. */
  protected override update(parameter: Tensor, grad: Tensor, state: ParameterState, options: SGDOptions): void {
    const { lr, momentum, dampening, nesterov } = options;
    let direction = descent(parameter, grad, options);
    if (momentum !== 0) {
      let buffer = state.momentumBuffer as Tensor | undefined;
      if (buffer === undefined) state.momentumBuffer = buffer = zerosLike(parameter).copy_(direction);
      else buffer.mul_(momentum).add_(direction, { alpha: 1 - dampening });
      direction = nesterov ? direction.add(buffer, { alpha: momentum }) : buffer;
    }
    parameter.add_(direction, { alpha: -lr });
  }
}
