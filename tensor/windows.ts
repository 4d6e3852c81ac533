/**
 * Windows for the analysis of signals.
 *
 * @module
 */

import { fromFunction } from "./ranges.ts";
import { checkShape, type CreationOptions } from "./creation.ts";
import { optionsOf } from "./arguments.ts";
import { floatOption } from "./random.ts";
import { getDefaultDtype } from "./promotion.ts";
import type { Tensor } from "./tensor.ts";

/** Options of windows. */
export interface WindowFunctionOptions extends CreationOptions {
  /** Whether the window continues after its last element as it began, for spectra; else it is symmetric, for filters. True by default. */
  readonly periodic?: boolean;
}

/** The window whose element i is `at(i / N)`; N is the length if periodic, else one less. */
function windowOf(
  operation: string,
  length: number,
  options: WindowFunctionOptions,
  at: (t: number) => number,
): Tensor {
  checkShape(`a ${operation}`, [length]);
  const { periodic = true, ...creation } = options;
  floatOption(operation, options.dtype ?? getDefaultDtype());
  const steps = periodic ? length : length - 1;
  return fromFunction(length, (i) => length === 1 ? 1 : at(i / steps), creation);
}

function given<O extends WindowFunctionOptions>(periodic: boolean | O | undefined, options: O | undefined): Partial<O> {
  return optionsOf<O>(["periodic"], periodic, options);
}

/**
 * A triangle: 1 - |2 i / N - 1| for i = 0, 1, …
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.bartlett_window.html}
 * @example
 * ```ts
 * import { bartlettWindow } from "@tensaur/tensaur";
 *
 * console.log(bartlettWindow(4)); // tensor([0.0000, 0.5000, 1.0000, 0.5000])
 * ```
 */
export function bartlettWindow(
  length: number,
  periodic?: boolean | WindowFunctionOptions,
  options?: WindowFunctionOptions,
): Tensor {
  return windowOf("bartlettWindow", length, given(periodic, options), (t) => 1 - Math.abs(2 * t - 1));
}

const cosine = (t: number, times: number) => Math.cos(2 * Math.PI * times * t);

/**
 * 0.42 - 0.5 cos(2πi / N) + 0.08 cos(4πi / N) for i = 0, 1, …
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.blackman_window.html}
 * @example
 * ```ts
 * import { blackmanWindow } from "@tensaur/tensaur";
 *
 * console.log(blackmanWindow(4).at("1:")); // tensor([0.3400, 1.0000, 0.3400])
 * ```
 */
export function blackmanWindow(
  length: number,
  periodic?: boolean | WindowFunctionOptions,
  options?: WindowFunctionOptions,
): Tensor {
  return windowOf(
    "blackmanWindow",
    length,
    given(periodic, options),
    (t) => 0.42 - 0.5 * cosine(t, 1) + 0.08 * cosine(t, 2),
  );
}

/** Options of `hammingWindow`. */
export interface HammingWindowOptions extends WindowFunctionOptions {
  /** The constant part; 0.54 by default. */
  readonly alpha?: number;
  /** The factor of the cosine; 0.46 by default. */
  readonly beta?: number;
}

/**
 * alpha - beta cos(2πi / N) for i = 0, 1, …
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.hamming_window.html}
 * @example
 * ```ts
 * import { hammingWindow } from "@tensaur/tensaur";
 *
 * console.log(hammingWindow(4)); // tensor([0.0800, 0.5400, 1.0000, 0.5400])
 * ```
 */
export function hammingWindow(
  length: number,
  periodic?: boolean | HammingWindowOptions,
  options?: HammingWindowOptions,
): Tensor {
  const { alpha = 0.54, beta = 0.46, ...rest } = given(periodic, options);
  return windowOf("hammingWindow", length, rest, (t) => alpha - beta * cosine(t, 1));
}

/**
 * ½ - ½ cos(2πi / N) for i = 0, 1, …
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.hann_window.html}
 * @example
 * ```ts
 * import { hannWindow } from "@tensaur/tensaur";
 *
 * console.log(hannWindow(5, false)); // tensor([0.0000, 0.5000, 1.0000, 0.5000, 0.0000])
 * ```
 */
export function hannWindow(
  length: number,
  periodic?: boolean | WindowFunctionOptions,
  options?: WindowFunctionOptions,
): Tensor {
  return windowOf("hannWindow", length, given(periodic, options), (t) => 0.5 - 0.5 * cosine(t, 1));
}

/** Options of `kaiserWindow`. */
export interface KaiserWindowOptions extends WindowFunctionOptions {
  /** How narrow the window is; 12 by default. */
  readonly beta?: number;
}

/** The modified Bessel function of order 0, by its power series. */
function bessel(x: number): number {
  let sum = 1, term = 1;
  for (let k = 1; term > sum * 1e-17; k++) sum += term *= (x / (2 * k)) ** 2;
  return sum;
}

/**
 * I₀(beta √(1 - (2 i / N - 1)²)) / I₀(beta) for i = 0, 1, …
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.kaiser_window.html}
 * @example
 * ```ts
 * import { kaiserWindow } from "@tensaur/tensaur";
 *
 * console.log(kaiserWindow(3, false, { beta: 2 })); // tensor([0.4387, 1.0000, 0.4387])
 * ```
 */
export function kaiserWindow(
  length: number,
  periodic?: boolean | KaiserWindowOptions,
  options?: KaiserWindowOptions,
): Tensor {
  const { beta = 12, ...rest } = given(periodic, options);
  return windowOf(
    "kaiserWindow",
    length,
    rest,
    (t) => bessel(beta * Math.sqrt(Math.max(0, 1 - (2 * t - 1) ** 2))) / bessel(beta),
  );
}
