/**
 * PyTorch's `torch.masked`: operations that leave out the elements where a mask does not hold.
 *
 * @module
 */

export {
  cumprod,
  cumsum,
  logaddexp,
  logSoftmax,
  type MaskedAlongOptions,
  type MaskedLogaddexpOptions,
  type MaskedNormalizeOptions,
  normalize,
  softmax,
  softmin,
} from "./along.ts";
export type { MaskedReduceOptions, MaskOptions } from "./fill.ts";
export { type MaskedVarianceOptions, mean, std, var, variance } from "./moments.ts";
export {
  amax,
  amin,
  argmax,
  argmin,
  logsumexp,
  type MaskedMedianOptions,
  type MaskedNormOptions,
  type MaskedPositionOptions,
  median,
  norm,
  prod,
  sum,
} from "./reductions.ts";
