/**
 * Adam's adaptive steps in the memory of a row and a column.
 *
 * @module
 */

import { type Tensor, ValueError, zeros } from "../tensor/mod.ts";
import { requireRange } from "./checks.ts";
import {
  nextStep,
  Optimizer,
  type OptimizerOptions,
  type OptimizerParameters,
  type ParameterState,
  running,
} from "./optimizer.ts";

/** Options of `Adafactor`. */
export interface AdafactorOptions extends OptimizerOptions {
  /** The largest step relative to the parameter's size, and what weight decay is multiplied by. Default 1e-2. */
  lr: number;
  /** The power by which the share of a new gradient falls with the steps. Default -0.8. */
  beta2Decay: number;
  /** The least mean square, null for the precision of the dtype; and the least size of a parameter. Default [null, 1e-3]. */
  eps: readonly [number | null, number];
  /** How large the root mean square of an update may be. Default 1. */
  d: number;
  /** How strongly parameters are drawn to 0, by themselves. Default 0. */
  weightDecay: number;
  /** Whether the objective is maximised. Default false. */
  maximize: boolean;
}

/** The distance from 1 to the next number. */
const precision: Record<string, number> = { float16: 2 ** -10, float32: 2 ** -23, float64: 2 ** -52 };

/**
 * Adafactor: steps of the gradient divided by the root of its running mean square, of which a matrix keeps the means of rows and of
 * columns only.
 *
 * With w = t^beta2Decay, R ← R + w(mean of g² over columns − R), C likewise over rows: V = R·C / max(mean R, ε₁), for a vector the
 * running mean itself. With U = g / √max(V, ε₁²): p ← (1 − lr·weightDecay)p, p ← p − max(ε₂, rms p)·min(lr, 1/√t)·U / max(1, rms U / d).
 * Leading axes of a larger tensor count as a batch of matrices.
 *
 * ```ts
 * import { nn, optim, randn } from "@tensaur/tensaur";
 *
 * const model = new nn.Linear(4, 3);
 * const optimizer = new optim.Adafactor(model.parameters());
 * model(randn([8, 4])).square().mean().backward();
 * optimizer.step();
 * const { row_var, col_var } = optimizer.stateDict().state[0]!;
 * console.log(`${(row_var as typeof model.weight).shape}, ${(col_var as typeof model.weight).shape}`);
 * // torch.Size([3, 1]), torch.Size([1, 4])
 * ```
 *
 * Errors: a negative `lr`, `eps` or `weightDecay`, a positive `beta2Decay`, `d` below 1.
 *
 * @see Shazeer and Stern, {@link https://arxiv.org/abs/1804.04235 Adafactor}
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.Adafactor.html}
 */
export class Adafactor extends Optimizer<AdafactorOptions> {
  /** An optimizer of `params`. */
  constructor(params: OptimizerParameters<AdafactorOptions>, options: Partial<AdafactorOptions> = {}) {
    super(params, {
      lr: 1e-2,
      beta2Decay: -0.8,
      eps: [null, 1e-3],
      d: 1,
      weightDecay: 0,
      maximize: false,
    }, options);
  }

  /** Refuses options that make no sense. */
  protected override check({ lr, beta2Decay, eps: [eps1, eps2], d, weightDecay }: AdafactorOptions): void {
    requireRange("lr", lr);
    requireRange("eps[0]", eps1 ?? 0);
    requireRange("eps[1]", eps2);
    requireRange("weightDecay", weightDecay);
    if (!(beta2Decay <= 0)) throw new ValueError(`Cannot optimize with beta2Decay ${beta2Decay}: expected 0 or less`);
    if (!(d >= 1)) throw new ValueError(`Cannot optimize with d ${d}: expected 1 or more`);
  }

  /** Rows have one column, columns one row. */
  protected override stateShape(name: string, parameter: Tensor): readonly number[] | null {
    if (name === "rowVar") return parameter.shape.with(-1, 1);
    return name === "colVar" ? parameter.shape.with(-2, 1) : super.stateShape(name, parameter);
  }

  /** One step of one parameter. */
  protected override update(parameter: Tensor, grad: Tensor, state: ParameterState, options: AdafactorOptions): void {
    const { lr, beta2Decay, eps: [eps1, eps2], d, weightDecay, maximize } = options;
    const step = nextStep(state), direction = maximize ? grad.neg() : grad;
    const share = step ** beta2Decay, least = eps1 ?? precision[parameter.dtype]!, root = Math.sqrt(parameter.numel());
    const length = parameter.norm().div(root).clamp({ min: eps2 }).mul(Math.min(lr, 1 / Math.sqrt(step)));
    if (weightDecay !== 0) parameter.mul_(1 - lr * weightDecay);

    const squares = direction.square();
    let estimate: Tensor;
    if (parameter.ndim > 1) {
      const mean = (name: string, dim: number): Tensor => {
        const { dtype, device } = parameter;
        const value = (state[name] ??= zeros([...parameter.shape].with(dim, 1), { dtype, device })) as Tensor;
        return value.mul_(1 - share).add_(squares.mean(dim, { keepdim: true }), { alpha: share });
      };
      const rows = mean("rowVar", -1), columns = mean("colVar", -2);
      estimate = rows.mul(columns).div(rows.mean(-2, { keepdim: true }).clamp({ min: least }));
    } else estimate = running(state, "variance", parameter).mul_(1 - share).add_(squares, { alpha: share });

    const update = estimate.clamp({ min: least ** 2 }).rsqrt().mul(direction);
    const excess = update.norm().div(root * d).clamp({ min: 1 });
    parameter.sub_(update.mul(length.div(excess)));
  }
}
