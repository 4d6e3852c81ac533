/**
 * Steps by the sign of the gradient alone, longer while the sign stays and shorter once it changes.
 *
 * @module
 */

import { fullLike, onesLike, type Tensor, ValueError } from "../tensor/mod.ts";
import { requireRange } from "./checks.ts";
import {
  nextStep,
  Optimizer,
  type OptimizerOptions,
  type OptimizerParameters,
  type ParameterState,
  running,
} from "./optimizer.ts";

/** Options of `Rprop`. */
export interface RpropOptions extends OptimizerOptions {
  /** Learning rate. Default 1e-2. */
  lr: number;
  /** The factors of a step whose sign changed, and of one whose sign stayed. Default [0.5, 1.2]. */
  etas: readonly [number, number];
  /** The smallest and the largest step. Default [1e-6, 50]. */
  stepSizes: readonly [number, number];
  /** Whether the objective is maximised. Default false. */
  maximize: boolean;
}

/**
 * Steps by the sign of the gradient alone, longer while the sign stays and shorter once it changes.
 *
 * With s multiplied by etas[1] where the sign stayed and by etas[0] where it changed, within stepSizes: p ← p − sign(g)·s, with g = 0 where the sign changed.
 *
 * Errors: `etas` that do not lie on either side of 1, above 0; a negative `lr`.
 *
 * ```ts
 * import { nn, optim, randn } from "@tensaur/tensaur";
 *
 * const model = new nn.Linear(4, 1);
 * const optimizer = new optim.Rprop(model.parameters());
 * optimizer.zeroGrad();
 * model(randn([8, 4])).square().mean().backward();
 * optimizer.step();
 * ```
 *
 * @see Riedmiller and Braun, A direct adaptive method for faster backpropagation learning (1993)
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.Rprop.html}
 */
export class Rprop extends Optimizer<RpropOptions> {
  /** An optimizer of `params`. */
  constructor(params: OptimizerParameters<RpropOptions>, options: Partial<RpropOptions> = {}) {
    super(params, { lr: 1e-2, etas: [0.5, 1.2], stepSizes: [1e-6, 50], maximize: false }, options);
  }

  /** Refuses options that make no sense. */
  protected override check({ lr, etas }: RpropOptions): void {
    requireRange("lr", lr);
    if (!(etas[0] > 0 && etas[0] < 1 && etas[1] > 1)) {
      throw new ValueError(
        `Cannot optimize with etas ${etas.join(", ")}: expected one between 0 and 1, and one above 1`,
      );
    }
  }

  /** One step of one parameter. */
  protected override update(parameter: Tensor, grad: Tensor, state: ParameterState, options: RpropOptions): void {
    const { lr, etas: [shrink, grow], stepSizes: [least, most], maximize } = options;
    nextStep(state);
    const direction = maximize ? grad.neg() : grad;
    const previous = running(state, "prev", parameter);
    const size = (state.stepSize ??= fullLike(parameter, lr)) as Tensor;
    const agreement = direction.mul(previous), changed = agreement.lt(0);
    size.mul_(onesLike(size).maskedFill(agreement.gt(0), grow).maskedFill(changed, shrink)).clamp_(least, most);
    const kept = direction.maskedFill(changed, 0);
    parameter.addcmul_(kept.sign(), size, { value: -1 });
    previous.copy_(kept);
  }
}
