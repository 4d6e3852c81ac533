/**
 * Dropout: elements set to zero at random, the others scaled so that the mean stays.
 *
 * @module
 */

import { fromHost, ShapeError, ValueError } from "../kernels/mod.ts";
import { bernoulli } from "../tensor/distributions.ts";
import { noted } from "../tensor/operations.ts";
import { type DrawOptions, generatorOf } from "../tensor/random.ts";
import { requireTensor } from "../tensor/require_tensor.ts";
import { Tensor } from "../tensor/tensor.ts";
import { named, show } from "./dims.ts";
import { mul } from "./elementwise/arithmetic.ts";
import { elementwise } from "./elementwise/define.ts";
import * as f from "./elementwise/formula.ts";
import { inPlace } from "./in_place.ts";
import { requireFloat } from "./reduction/reduce.ts";

/** Options of dropout. */
export interface DropoutOptions extends DrawOptions {
  /** Probability that an element is dropped, 0 to 1; 0.5 by default. */
  readonly p?: number;
  /** Whether anything is dropped at all; true by default. */
  readonly training?: boolean;
}

/** True with probability 1 - p, in `shape`. */
function mask(x: Tensor, shape: readonly number[], p: number, options: DrawOptions): Tensor {
  const count = shape.reduce((a, b) => a * b, 1);
  return new Tensor(fromHost(bernoulli(count, "bool", 1 - p, generatorOf(options)), shape, "bool", x.device));
}

/** Named as PyTorch's: it multiplies by a scaled mask. */
const scaled = elementwise("mul", (x, keep, scale) => f.mul(x, f.mul(keep, scale)));

function dropped(operation: string, x: Tensor, shape: readonly number[], options: DropoutOptions): Tensor {
  const { p = 0.5, training = true } = options;
  checkProbability(operation, p);
  if (!training || p === 0 || x.numel() === 0) return x;
  requireFloat(operation, x);
  const kept = p === 1 ? mul(x, 0) : scaled(x, mask(x, shape, p, options), 1 / (1 - p));
  return noted(operation, kept, () => ({ inputs: [x], attributes: { p } }));
}

function checkProbability(operation: string, p: number): void {
  if (!(p >= 0 && p <= 1)) throw new ValueError(`Cannot apply ${operation} with p ${p}: it must lie between 0 and 1`);
}

/** The probability by position, options by name, or both. */
export type DropoutArguments = [p?: number | DropoutOptions, options?: DropoutOptions];

const optionsOf = (args: DropoutArguments) => named<DropoutOptions>(["p", "training"], ...args);

/** Where whole channels are drawn: the shape of `x` with extents of 1 behind them. */
function channels(x: Tensor, unbatched: number): number[] {
  const lead = x.ndim === unbatched ? 1 : 2;
  return x.shape.map((extent, i) => i < lead ? extent : 1);
}

/**
 * x with elements zeroed with probability p and the others divided by 1 - p. The random numbers are PyTorch's for the seed.
 *
 * @param args `p`, 0.5 by default, and options, of which `training` is true by default
 * @throws {ValueError} for a p outside of 0 to 1
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html}
 * @example
 * ```ts
 * import { functional as F, ones } from "@tensaur/tensaur";
 * const y = F.dropout(ones([1000]), 0.5);
 * console.log(new Set(y.tolist() as number[])); // 0 and 2
 * ```
 */
export function dropout(x: Tensor, ...args: DropoutArguments): Tensor {
  requireTensor("dropout", "x", x);
  return dropped("dropout", x, x.shape, optionsOf(args));
}

/**
 * Zeroes whole channels of [N, C, L] or [C, L], where neighbours are alike.
 *
 * @param args `p`, 0.5 by default, and options, of which `training` is true by default
 * @throws {ShapeError} for other than two or three dimensions
 * @throws {ValueError} for a p outside of 0 to 1
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout1d.html}
 * @example
 * ```ts
 * import { functional as F, ones } from "@tensaur/tensaur";
 * console.log(F.dropout1d(ones([4, 8, 3]), 0.5).sum(2).unique().tolist()); // [ 0, 6 ]
 * ```
 */
export function dropout1d(x: Tensor, ...args: DropoutArguments): Tensor {
  requireTensor("dropout1d", "x", x);
  if (x.ndim !== 2 && x.ndim !== 3) {
    throw new ShapeError(`Cannot apply dropout1d to a tensor of shape ${show(x.shape)}: it takes [N, C, L] or [C, L]`);
  }
  return dropped("dropout1d", x, channels(x, 2), optionsOf(args));
}

/**
 * Zeroes whole channels of [N, C, H, W]. As in PyTorch, a tensor of three dimensions is taken as [N, C, L].
 *
 * @param args `p`, 0.5 by default, and options, of which `training` is true by default
 * @throws {ValueError} for a p outside of 0 to 1
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout2d.html}
 * @example
 * ```ts
 * import { functional as F, ones } from "@tensaur/tensaur";
 * console.log(`${F.dropout2d(ones([1, 2, 3, 3]), { training: false }).shape}`); // torch.Size([1, 2, 3, 3])
 * ```
 */
export function dropout2d(x: Tensor, ...args: DropoutArguments): Tensor {
  requireTensor("dropout2d", "x", x);
  return dropped("dropout2d", x, channels(x, 0), optionsOf(args));
}

/**
 * Zeroes whole channels of [N, C, D, H, W] or [C, D, H, W].
 *
 * @param args `p`, 0.5 by default, and options, of which `training` is true by default
 * @throws {ValueError} for a p outside of 0 to 1
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout3d.html}
 * @example
 * ```ts
 * import { functional as F, ones } from "@tensaur/tensaur";
 * console.log(F.dropout3d(ones([2, 2, 1, 1, 1]), 1).sum().item()); // 0
 * ```
 */
export function dropout3d(x: Tensor, ...args: DropoutArguments): Tensor {
  requireTensor("dropout3d", "x", x);
  return dropped("dropout3d", x, channels(x, 4), optionsOf(args));
}

/**
 * Drops whole channels of [N, C, ...] with any number of axes, as `dropout2d` does.
 *
 * @throws {ShapeError} for less than two dimensions
 * @throws {ValueError} for a probability outside of 0 to 1
 * @throws {DTypeError} for integers
 * @example
 * ```ts
 * import { functional as F, manualSeed, ones } from "@tensaur/tensaur";
 *
 * manualSeed(0);
 * console.log(F.featureDropout(ones([1, 3, 2]), 0.5).tolist()); // [ [ [ 0, 0 ], [ 0, 0 ], [ 2, 2 ] ] ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout2d.html}
 */
export function featureDropout(x: Tensor, ...args: DropoutArguments): Tensor {
  requireTensor("featureDropout", "x", x);
  if (x.ndim < 2) {
    throw new ShapeError(`Cannot apply featureDropout to a tensor of shape ${show(x.shape)}: it takes [N, C, ...]`);
  }
  return dropped("featureDropout", x, channels(x, 0), optionsOf(args));
}

/** The limit of `selu` towards -Infinity, negated. */
const ALPHA = 1.7580993408473766;

const saturated = elementwise("alphaDropout", (x, keep, p) => {
  const scale = f.rsqrt(f.mul(f.add(f.mul(ALPHA * ALPHA, p), 1), f.sub(1, p)));
  const dropped = f.mul(-ALPHA, f.sub(1, p)), kept = f.add(x, f.mul(ALPHA, p));
  return f.mul(f.where(f.ne(keep, 0), kept, dropped), scale);
});

function alphaDropped(operation: string, x: Tensor, shape: readonly number[], options: DropoutOptions): Tensor {
  const { p = 0.5, training = false } = options;
  checkProbability(operation, p);
  if (!training || p === 0 || x.numel() === 0) return x;
  requireFloat(operation, x);
  return p === 1 ? mul(x, 0) : saturated(x, mask(x, shape, p, options), p);
}

/**
 * Dropout for networks of `selu`: dropped elements take its lower limit, and all are scaled and shifted so that mean and variance stay.
 *
 * @param args `p`, and options, of which `training` is false by default
 * @throws {ValueError} for a p outside of 0 to 1
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.alpha_dropout.html}
 * @example
 * ```ts
 * import { functional as F, randn } from "@tensaur/tensaur";
 * const y = F.alphaDropout(randn([10000]), 0.2, { training: true });
 * console.log(Math.abs(Number(y.std().item()) - 1) < 0.1); // true
 * ```
 */
export function alphaDropout(x: Tensor, ...args: DropoutArguments): Tensor {
  requireTensor("alphaDropout", "x", x);
  return alphaDropped("alphaDropout", x, x.shape, optionsOf(args));
}

/**
 * `alphaDropout` of whole channels of [N, C, …].
 *
 * @param args `p`, and options, of which `training` is false by default
 * @throws {ValueError} for a p outside of 0 to 1
 * @throws {DTypeError} for integers and bools
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.feature_alpha_dropout.html}
 * @example
 * ```ts
 * import { functional as F, ones } from "@tensaur/tensaur";
 * console.log(`${F.featureAlphaDropout(ones([2, 3, 4]), 0.5, { training: true }).shape}`); // torch.Size([2, 3, 4])
 * ```
 */
export function featureAlphaDropout(x: Tensor, ...args: DropoutArguments): Tensor {
  requireTensor("featureAlphaDropout", "x", x);
  return alphaDropped("featureAlphaDropout", x, channels(x, 0), optionsOf(args));
}

/**
 * `dropout` in place: the result overwrites x, which is returned.
 *
 * @throws {AutogradError} for a leaf that requires a gradient
 * @throws {ValueError} for a probability outside of 0 to 1
 * @throws {DTypeError} for integers
 * @example
 * ```ts
 * import { functional as F, ones } from "@tensaur/tensaur";
 *
 * const x = ones([2, 3]);
 * console.log(F.dropout_(x, { p: 1, training: true }) === x, x.tolist()); // true [ [ 0, 0, 0 ], [ 0, 0, 0 ] ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html}
 */
export const dropout_: typeof dropout = inPlace("dropout_", dropout);

/**
 * `featureDropout` in place: the result overwrites x, which is returned.
 *
 * @throws {AutogradError} for a leaf that requires a gradient
 * @throws {ValueError} for a probability outside of 0 to 1
 * @throws {DTypeError} for integers
 * @example
 * ```ts
 * import { functional as F, ones } from "@tensaur/tensaur";
 *
 * const x = ones([2, 3]);
 * console.log(F.featureDropout_(x, { p: 1, training: true }) === x, x.tolist()); // true [ [ 0, 0, 0 ], [ 0, 0, 0 ] ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout2d.html}
 */
export const featureDropout_: typeof featureDropout = inPlace("featureDropout_", featureDropout);

/**
 * `alphaDropout` in place: the result overwrites x, which is returned.
 *
 * @throws {AutogradError} for a leaf that requires a gradient
 * @throws {ValueError} for a probability outside of 0 to 1
 * @throws {DTypeError} for integers
 * @example
 * ```ts
 * import { functional as F, ones } from "@tensaur/tensaur";
 *
 * const x = ones([2, 3]);
 * console.log(F.alphaDropout_(x, { p: 1, training: true }) === x, x.tolist()); // true [ [ 0, 0, 0 ], [ 0, 0, 0 ] ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.alpha_dropout.html}
 */
export const alphaDropout_: typeof alphaDropout = inPlace("alphaDropout_", alphaDropout);

/**
 * `featureAlphaDropout` in place: the result overwrites x, which is returned.
 *
 * @throws {AutogradError} for a leaf that requires a gradient
 * @throws {ValueError} for a probability outside of 0 to 1
 * @throws {DTypeError} for integers
 * @example
 * ```ts
 * import { functional as F, ones } from "@tensaur/tensaur";
 *
 * const x = ones([2, 3]);
 * console.log(F.featureAlphaDropout_(x, { p: 1, training: true }) === x, x.tolist()); // true [ [ 0, 0, 0 ], [ 0, 0, 0 ] ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.functional.feature_alpha_dropout.html}
 */
export const featureAlphaDropout_: typeof featureAlphaDropout = inPlace("featureAlphaDropout_", featureAlphaDropout);
