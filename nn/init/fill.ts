/**
 * Numbers from a distribution, or one number.
 *
 * @module
 */

import { type Generator, scalarTensor, type Tensor } from "../../tensor/mod.ts";
import { filled } from "./filling.ts";
import { optionsOf } from "../../tensor/arguments.ts";

/** Where random numbers come from. */
export interface GeneratorOptions {
  /** The generator to draw from. Default: the one that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/** Bounds of uniform numbers. */
export interface UniformOptions extends GeneratorOptions {
  /** The lower bound. Default 0. */
  readonly a?: number;
  /** The upper bound. Default 1. */
  readonly b?: number;
}

/** Mean and standard deviation of normal numbers. */
export interface NormalOptions extends GeneratorOptions {
  /** The mean. Default 0. */
  readonly mean?: number;
  /** The standard deviation. Default 1. */
  readonly std?: number;
}

/** Options of normal numbers within bounds. */
export interface TruncNormalOptions extends NormalOptions {
  /** The lower bound. Default -2. */
  readonly a?: number;
  /** The upper bound. Default 2. */
  readonly b?: number;
}

/**
 * Fills with numbers uniformly distributed on [a, b).
 *
 * ```ts
 * import { empty, nn } from "@tensaur/tensaur";
 *
 * const weight = nn.init.uniform_(empty([3, 5]), -0.1, 0.1);
 * console.log(weight.abs().max().item() <= 0.1); // true
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.uniform_}
 */
export function uniform_(
  tensor: Tensor,
  low?: number | UniformOptions,
  high?: number | GeneratorOptions,
  options?: GeneratorOptions,
): Tensor {
  const { a = 0, b = 1, ...draw } = optionsOf<UniformOptions>(["a", "b"], low, high, options);
  return filled(tensor, () => tensor.uniform_(a, b, draw));
}

/**
 * Fills with numbers from a normal distribution.
 *
 * ```ts
 * import { empty, manualSeed, nn } from "@tensaur/tensaur";
 *
 * manualSeed(0);
 * console.log(nn.init.normal_(empty([3]), 0, 0.5)); // tensor([ 0.7705, -0.1467, -1.0894])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.normal_}
 */
export function normal_(
  tensor: Tensor,
  center?: number | NormalOptions,
  deviation?: number | GeneratorOptions,
  options?: GeneratorOptions,
): Tensor {
  const { mean = 0, std = 1, ...draw } = optionsOf<NormalOptions>(["mean", "std"], center, deviation, options);
  return filled(tensor, () => tensor.normal_(mean, std, draw));
}

/**
 * Fills with numbers from a normal distribution whose values outside [a, b] do not occur.
 *
 * ```ts
 * import { empty, nn } from "@tensaur/tensaur";
 *
 * const weight = nn.init.truncNormal_(empty([3, 5]), { std: 0.02, a: -0.04, b: 0.04 });
 * console.log(weight.abs().max().item() <= 0.04); // true
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.trunc_normal_}
 */
export function truncNormal_(
  tensor: Tensor,
  center?: number | TruncNormalOptions,
  deviation?: number,
  low?: number,
  high?: number,
): Tensor {
  const given = optionsOf<TruncNormalOptions>(["mean", "std", "a", "b"], center, deviation, low, high);
  const { mean = 0, std = 1, a = -2, b = 2, ...draw } = given;
  // Quantiles of uniform numbers between those of a and b.
  const least = erf((a - mean) / std / Math.SQRT2), most = erf((b - mean) / std / Math.SQRT2);
  return filled(
    tensor,
    () => tensor.uniform_(least, most, draw).erfinv_().mul_(std * Math.SQRT2).add_(mean).clamp_({ min: a, max: b }),
  );
}

function erf(x: number): number {
  return Number(scalarTensor(x, { dtype: "float64", device: "cpu" }).erf().item());
}

/**
 * Fills with one number.
 *
 * ```ts
 * import { empty, nn } from "@tensaur/tensaur";
 *
 * console.log(nn.init.constant_(empty([3]), 0.5)); // tensor([0.5000, 0.5000, 0.5000])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.constant_}
 */
export function constant_(tensor: Tensor, value: number): Tensor {
  return filled(tensor, () => tensor.fill_(value));
}

/**
 * Fills with 1.
 *
 * ```ts
 * import { empty, nn } from "@tensaur/tensaur";
 *
 * console.log(nn.init.ones_(empty([3]))); // tensor([1., 1., 1.])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.ones_}
 */
export function ones_(tensor: Tensor): Tensor {
  return constant_(tensor, 1);
}

/**
 * Fills with 0.
 *
 * ```ts
 * import { empty, nn } from "@tensaur/tensaur";
 *
 * console.log(nn.init.zeros_(empty([3]))); // tensor([0., 0., 0.])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.zeros_}
 */
export function zeros_(tensor: Tensor): Tensor {
  return constant_(tensor, 0);
}
