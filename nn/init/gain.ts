/**
 * By how much functions shrink what goes through them.
 *
 * @module
 */

import { ValueError } from "../../tensor/mod.ts";
import { optionsOf } from "../../tensor/arguments.ts";

/** Functions that a gain is known for. */
export type Nonlinearity =
  | "linear"
  | "conv1d"
  | "conv2d"
  | "conv3d"
  | "conv_transpose1d"
  | "conv_transpose2d"
  | "conv_transpose3d"
  | "sigmoid"
  | "tanh"
  | "relu"
  | "leaky_relu"
  | "selu";

const known: Readonly<Record<Exclude<Nonlinearity, "leaky_relu">, number>> = {
  linear: 1,
  conv1d: 1,
  conv2d: 1,
  conv3d: 1,
  conv_transpose1d: 1,
  conv_transpose2d: 1,
  conv_transpose3d: 1,
  sigmoid: 1,
  tanh: 5 / 3,
  relu: Math.SQRT2,
  selu: 3 / 4,
};

/**
 * The factor by which a nonlinearity wants the deviation of what precedes it to be larger: 1 for linear functions and sigmoid, 5/3
 * for tanh, √2 for ReLU, √(2 / (1 + slope²)) for leaky ReLU, 3/4 for SELU. `param` is the slope of leaky ReLU, 0.01 if left out.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * console.log(nn.init.calculateGain("leaky_relu", 1)); // 1
 * ```
 *
 * Errors: a function that no gain is known for; a slope that is no number.
 *
 * @see {@link https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain}
 */
export function calculateGain(nonlinearity: Nonlinearity, param?: number | { readonly param?: number }): number {
  if (nonlinearity === "leaky_relu") {
    const { param: slope = 0.01 } = optionsOf<{ param: number }>(["param"], param);
    if (typeof slope === "number") return Math.sqrt(2 / (1 + slope ** 2));
    throw new ValueError(`Cannot calculate the gain of leaky_relu with slope ${slope}: expected a number`);
  }
  if (Object.hasOwn(known, nonlinearity)) return known[nonlinearity];
  throw new ValueError(
    `Cannot calculate the gain of "${nonlinearity}": expected ${[...Object.keys(known), "leaky_relu"].join(", ")}`,
  );
}
