/**
 * Adam, and Adam with decoupled weight decay.
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
  type OptimizerState,
  type ParameterState,
  running,
} from "./optimizer.ts";

/** Options of `Adam` and `AdamW`. */
export interface AdamOptions extends OptimizerOptions {
  /** Learning rate. Default 1e-3. */
  lr: number;
  /** The shares of the running means of gradient and squared gradient that stay. Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** What is added to the root of the mean square. Default 1e-8. */
  eps: number;
  /** How strongly parameters are drawn to 0. Default 0 in `Adam`, 0.01 in `AdamW`. */
  weightDecay: number;
  /** Whether that acts on the parameters rather than on their gradients. Default false in `Adam`, always true in `AdamW`. */
  decoupledWeightDecay: boolean;
  /** Whether the largest mean square so far is used. Default false. */
  amsgrad: boolean;
  /** Whether the objective is maximised. Default false. */
  maximize: boolean;
}

const defaults: AdamOptions = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  decoupledWeightDecay: false,
  amsgrad: false,
  maximize: false,
};

/**
 * Adam: steps of the running mean of the gradient, divided by the root of its running mean square.
 *
 * With m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², m̂ = m / (1−β₁ᵗ), v̂ = v / (1−β₂ᵗ): p ← p − lr·m̂ / (√v̂ + eps). With `amsgrad`, v̂ is
 * made of the largest v so far.
 *
 * Errors: `betas` outside [0, 1); a negative `lr`, `eps` or `weightDecay`.
 *
 * ```ts
 * import { nn, optim, randn } from "@tensaur/tensaur";
 *
 * const model = new nn.Linear(4, 1);
 * const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
 * optimizer.zeroGrad();
 * model(randn([8, 4])).square().mean().backward();
 * optimizer.step();
 * ```
 *
 * @see Kingma and Ba, {@link https://arxiv.org/abs/1412.6980 Adam}
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.Adam.html}
 */
export class Adam extends Optimizer<AdamOptions> {
  /** An optimizer of `params`. */
  constructor(params: OptimizerParameters<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(params, defaults, options);
  }

  /** Refuses options that make no sense. */
  protected override check(options: AdamOptions): void {
    requireMoments(options);
  }

  /** One step of one parameter. */
  protected override update(parameter: Tensor, grad: Tensor, state: ParameterState, options: AdamOptions): void {
    const { lr, betas: [beta1, beta2], eps, amsgrad } = options;
    const step = nextStep(state);
    const average = running(state, "expAvg", parameter), square = running(state, "expAvgSq", parameter);
    const direction = descent(parameter, grad, options);
    average.mul_(beta1).add_(direction, { alpha: 1 - beta1 });
    square.mul_(beta2).addcmul_(direction, direction, { value: 1 - beta2 });
    let largest = square;
    if (amsgrad) {
      largest = running(state, "maxExpAvgSq", parameter);
      largest.copy_(largest.maximum(square));
    }
    const denominator = largest.sqrt().div(Math.sqrt(1 - beta2 ** step)).add(eps);
    parameter.addcdiv_(average, denominator, { value: -lr / (1 - beta1 ** step) });
  }
}

/**
 * Adam whose weight decay acts on the parameters rather than on their gradients: p ← (1 − lr·weightDecay)·p first, then Adam's step.
 *
 * Errors: as for `Adam`.
 *
 * ```ts
 * import { nn, optim, randn } from "@tensaur/tensaur";
 *
 * const model = new nn.Linear(4, 1);
 * const optimizer = new optim.AdamW(model.parameters(), { lr: 0.01 });
 * optimizer.zeroGrad();
 * model(randn([8, 4])).square().mean().backward();
 * optimizer.step();
 * ```
 *
 * @see Loshchilov and Hutter, {@link https://arxiv.org/abs/1711.05101 Decoupled Weight Decay Regularization}
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.AdamW.html}
 */
export class AdamW extends Adam {
  /** An optimizer of `params`. */
  constructor(params: OptimizerParameters<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(params, { weightDecay: 1e-2, ...options, decoupledWeightDecay: true });
  }

  /** Goes on from what `stateDict` returned, or PyTorch saved, an `Adam` included: the decay stays decoupled. */
  override loadStateDict(state: OptimizerState): void {
    super.loadStateDict(state);
    for (const group of this.paramGroups) group.decoupledWeightDecay = true;
  }
}
