/**
 * Steps of the gradient divided by the root of the sum of all its squares.
 *
 * @module
 */

import { fullLike, type Tensor } from "../tensor/mod.ts";
import { requireRange } from "./checks.ts";
import {
  descent,
  nextStep,
  Optimizer,
  type OptimizerOptions,
  type OptimizerParameters,
  type ParameterState,
} from "./optimizer.ts";

/** Options of `Adagrad`. */
export interface AdagradOptions extends OptimizerOptions {
  /** Learning rate. Default 1e-2. */
  lr: number;
  /** How fast the learning rate falls with the steps. Default 0. */
  lrDecay: number;
  /** The factor of the parameter that is added to its gradient. Default 0. */
  weightDecay: number;
  /** The sum of squares at first. Default 0. */
  initialAccumulatorValue: number;
  /** What is added to the denominator. Default 1e-10. */
  eps: number;
  /** Whether the objective is maximised. Default false. */
  maximize: boolean;
}

/**
 * Steps of the gradient divided by the root of the sum of all its squares.
 *
 * With s ← s + g²: p ← p − lr / (1 + (t−1)·lrDecay) · g / (√s + eps).
 *
 * Errors: a negative option.
 *
 * ```ts
 * import { nn, optim, randn } from "@tensaur/tensaur";
 *
 * const model = new nn.Linear(4, 1);
 * const optimizer = new optim.Adagrad(model.parameters());
 * optimizer.zeroGrad();
 * model(randn([8, 4])).square().mean().backward();
 * optimizer.step();
 * ```
 *
 * @see Duchi, Hazan and Singer, {@link https://jmlr.org/papers/v12/duchi11a.html Adaptive Subgradient Methods}
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.Adagrad.html}
 */
export class Adagrad extends Optimizer<AdagradOptions> {
  /** An optimizer of `params`. */
  constructor(params: OptimizerParameters<AdagradOptions>, options: Partial<AdagradOptions> = {}) {
    super(params, {
      lr: 1e-2,
      lrDecay: 0,
      weightDecay: 0,
      initialAccumulatorValue: 0,
      eps: 1e-10,
      maximize: false,
    }, options);
  }

  /** Refuses options that make no sense. */
  protected override check({ lr, lrDecay, weightDecay, initialAccumulatorValue, eps }: AdagradOptions): void {
    requireRange("lr", lr);
    requireRange("lrDecay", lrDecay);
    requireRange("weightDecay", weightDecay);
    requireRange("initialAccumulatorValue", initialAccumulatorValue);
    requireRange("eps", eps);
  }

  /** One step of one parameter. */
  protected override update(parameter: Tensor, grad: Tensor, state: ParameterState, options: AdagradOptions): void {
    const { lr, lrDecay, initialAccumulatorValue, eps } = options;
    const step = nextStep(state);
    const direction = descent(parameter, grad, options);
    const sum = (state.sum ??= fullLike(parameter, initialAccumulatorValue)) as Tensor;
    sum.addcmul_(direction, direction);
    parameter.addcdiv_(direction, sum.sqrt().add(eps), { value: -lr / (1 + (step - 1) * lrDecay) });
  }
}
