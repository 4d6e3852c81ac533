/**
 * Steps along momentum whose directions are all equally long.
 *
 * @module
 */

import { ShapeError, type Tensor, ValueError } from "../tensor/mod.ts";
import { requireRange } from "./checks.ts";
import {
  Optimizer,
  type OptimizerOptions,
  type OptimizerParameters,
  type ParameterState,
  running,
} from "./optimizer.ts";

/** Options of `Muon`. */
export interface MuonOptions extends OptimizerOptions {
  /** Learning rate. Default 1e-3. */
  lr: number;
  /** How strongly parameters are drawn to 0, by themselves. Default 0.1. */
  weightDecay: number;
  /** The share of the running mean of the gradient that stays. Default 0.95. */
  momentum: number;
  /** Whether the step looks ahead along the momentum. Default true. */
  nesterov: boolean;
  /** The polynomial of the iteration: aX + bX³ + cX⁵. Default [3.4445, -4.775, 2.0315]. */
  nsCoefficients: readonly [number, number, number];
  /** The least norm that is divided by. Default 1e-7. */
  eps: number;
  /** How often the polynomial is applied, less than 100 times. Default 5. */
  nsSteps: number;
  /**
   * How the learning rate follows the shape of a matrix: by √max(1, rows / columns) ("original", and the default, null), or by
   * 0.2·√max(rows, columns) ("match_rms_adamw"), which suits the learning rate and weight decay of AdamW.
   */
  adjustLrFn: "original" | "match_rms_adamw" | null;
}

/** A matrix with nearly the same directions, all of nearly the same length, by the Newton-Schulz iteration. */
function orthogonalized(matrix: Tensor, { nsCoefficients: [a, b, c], nsSteps, eps }: MuonOptions): Tensor {
  const tall = matrix.size(0) > matrix.size(1);
  let x = tall ? matrix.t() : matrix;
  x = x.div(x.norm().clamp({ min: eps }));
  for (let i = 0; i < nsSteps; i++) {
    const gram = x.matmul(x.t());
    const polynomial = gram.mul(b).add(gram.matmul(gram), { alpha: c });
    x = x.mul(a).add(polynomial.matmul(x));
  }
  return tall ? x.t() : x;
}

/**
 * Muon: steps of the running mean of the gradient, made nearly orthogonal, for the matrices of hidden layers. Other parameters
 * (biases, embeddings, the last layer) are for another optimizer, such as `AdamW`.
 *
 * With B ← momentum·B + (1 − momentum)g and O = NS(g + momentum·(B − g)), or NS(B) without Nesterov's momentum:
 * p ← (1 − lr·weightDecay)p, p ← p − lr·ratio·O. NS applies X ← aX + (b·XXᵀ + c·(XXᵀ)²)X to X / ‖X‖ as often as `nsSteps` says.
 * It computes in the dtype of the parameter, where PyTorch rounds to bfloat16 in between: the two agree to two digits.
 *
 * ```ts
 * import { optim, tensor } from "@tensaur/tensaur";
 *
 * const weight = tensor([[3, 0], [0, 1]], { requiresGrad: true });
 * const optimizer = new optim.Muon([weight], { lr: 0.1, weightDecay: 0 });
 * weight.square().sum().backward();
 * optimizer.step();
 * // Both directions are as good as equally long, however different the gradients.
 * console.log(weight.detach().round({ decimals: 1 }));
 * // tensor([[2.9000, 0.0000],
 * //         [0.0000, 0.9000]])
 * ```
 *
 * Errors: a parameter that is no matrix; `nsSteps` of 100 or more; a negative `lr`, `momentum` or `weightDecay`.
 *
 * @see Jordan, {@link https://kellerjordan.github.io/posts/muon/ Muon: An optimizer for hidden layers in neural networks}
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.Muon.html}
 */
export class Muon extends Optimizer<MuonOptions> {
  /** An optimizer of `params`, which are matrices. */
  constructor(params: OptimizerParameters<MuonOptions>, options: Partial<MuonOptions> = {}) {
    super(params, {
      lr: 1e-3,
      weightDecay: 0.1,
      momentum: 0.95,
      nesterov: true,
      nsCoefficients: [3.4445, -4.775, 2.0315],
      eps: 1e-7,
      nsSteps: 5,
      adjustLrFn: null,
    }, options);
  }

  /** Refuses options that make no sense, and what is no matrix. */
  protected override check(options: MuonOptions, params: readonly Tensor[]): void {
    const { lr, weightDecay, momentum, nsSteps, adjustLrFn } = options;
    requireRange("lr", lr);
    requireRange("weightDecay", weightDecay);
    requireRange("momentum", momentum);
    requireRange("nsSteps", nsSteps, 100);
    if (adjustLrFn !== null && adjustLrFn !== "original" && adjustLrFn !== "match_rms_adamw") {
      throw new ValueError(`Cannot adjust lr by "${adjustLrFn}": expected "original", "match_rms_adamw" or null`);
    }
    for (const { ndim, shape } of params) {
      if (ndim === 2) continue;
      throw new ShapeError(
        `Cannot optimize shape [${shape.join(", ")}] by Muon: pass matrices, and the rest to another optimizer`,
      );
    }
  }

  /** One step of one parameter. */
  protected override update(parameter: Tensor, grad: Tensor, state: ParameterState, options: MuonOptions): void {
    const { lr, weightDecay, momentum, nesterov, adjustLrFn } = options;
    const mean = running(state, "momentumBuffer", parameter).mul_(momentum).add_(grad, { alpha: 1 - momentum });
    const direction = orthogonalized(nesterov ? grad.mul(1 - momentum).add(mean, { alpha: momentum }) : mean, options);
    const [rows, columns] = parameter.shape as readonly number[] as readonly [number, number];
    const ratio = adjustLrFn === "match_rms_adamw"
      ? 0.2 * Math.sqrt(Math.max(rows, columns))
      : Math.sqrt(Math.max(1, rows / columns));
    parameter.mul_(1 - lr * weightDecay).add_(direction, { alpha: -lr * ratio });
  }
}
