/**
 * Ways to average the weights of a model over a training.
 *
 * @module
 */

import { isFloat, noGrad, type Tensor, ValueError } from "../../tensor/mod.ts";

/** What an average becomes when another weight, after `numAveraged` others, is taken in. */
export type AverageFn = (averaged: Tensor, current: Tensor, numAveraged: number) => Tensor;

/** The same for all weights together, in place. */
export type MultiAverageFn = (averaged: readonly Tensor[], current: readonly Tensor[], numAveraged: number) => void;

/**
 * The equal average, of stochastic weight averaging: averaged + (current − averaged) / (numAveraged + 1).
 *
 * ```ts
 * import { optim, tensor } from "@tensaur/tensaur";
 *
 * const average = optim.swaUtils.getSwaAvgFn();
 * console.log(average(tensor([1, 2]), tensor([3, 4]), 1)); // tensor([2., 3.])
 * ```
 *
 * @see {@link https://arxiv.org/abs/1803.05407 Averaging Weights Leads to Wider Optima and Better Generalization}
 * @see {@link https://pytorch.org/docs/stable/optim.html#torch.optim.swa_utils.AveragedModel}
 */
export function getSwaAvgFn(): AverageFn {
  return (averaged, current, numAveraged) => noGrad(() => averaged.add(current.sub(averaged).div(numAveraged + 1)));
}

/**
 * The exponential moving average: decay·averaged + (1 − decay)·current, with a decay in [0, 1], 0.999 if left out.
 *
 * ```ts
 * import { optim, tensor } from "@tensaur/tensaur";
 *
 * const average = optim.swaUtils.getEmaAvgFn(0.75);
 * console.log(average(tensor([1, 2]), tensor([3, 4]), 1)); // tensor([1.5000, 2.5000])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/optim.html#torch.optim.swa_utils.AveragedModel}
 */
export function getEmaAvgFn(decay = 0.999): AverageFn {
  requireShare(decay);
  return (averaged, current) => noGrad(() => averaged.mul(decay).add(current.mul(1 - decay)));
}

/**
 * The equal average for all weights together, as `multiAvgFn` of `AveragedModel`.
 *
 * ```ts
 * import { nn, optim } from "@tensaur/tensaur";
 *
 * const averaged = new optim.swaUtils.AveragedModel(new nn.Linear(4, 1), {
 *   multiAvgFn: optim.swaUtils.getSwaMultiAvgFn(),
 * });
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/optim.html#torch.optim.swa_utils.AveragedModel}
 */
export function getSwaMultiAvgFn(): MultiAverageFn {
  return (averaged, current, numAveraged) => towards(averaged, current, 1 / (numAveraged + 1));
}

/**
 * The exponential moving average for all weights together, as `multiAvgFn` of `AveragedModel`.
 *
 * ```ts
 * import { nn, optim } from "@tensaur/tensaur";
 *
 * const averaged = new optim.swaUtils.AveragedModel(new nn.Linear(4, 1), {
 *   multiAvgFn: optim.swaUtils.getEmaMultiAvgFn(0.99),
 * });
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/optim.html#torch.optim.swa_utils.AveragedModel}
 */
export function getEmaMultiAvgFn(decay = 0.999): MultiAverageFn {
  requireShare(decay);
  return (averaged, current) => towards(averaged, current, 1 - decay);
}

/** Moves averages towards the weights by a share of the distance. */
function towards(averaged: readonly Tensor[], current: readonly Tensor[], share: number): void {
  noGrad(() =>
    averaged.forEach((average, i) => {
      const distance = current[i]!.sub(average);
      if (isFloat(average.dtype)) average.add_(distance, { alpha: share });
      else average.copy_(distance.mul(share).add(average));
    })
  );
}

function requireShare(decay: number): void {
  if (decay >= 0 && decay <= 1) return;
  throw new ValueError(`Cannot average with decay ${decay}: expected a number from 0 to 1`);
}
