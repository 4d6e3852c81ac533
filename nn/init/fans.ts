/**
 * Deviations that follow the size of a layer.
 *
 * @module
 */

import { ShapeError, type Tensor, ValueError } from "../../tensor/mod.ts";
import { optionsOf } from "../../tensor/arguments.ts";
import { type GeneratorOptions, normal_, uniform_ } from "./fill.ts";
import { calculateGain, type Nonlinearity } from "./gain.ts";

/**
 * How many numbers flow into (fan in), and out of (fan out), each element that a weight of shape [out, in, ...window] computes: in, or out,
 * times the window's size.
 *
 * ```ts
 * import { nn, zeros } from "@tensaur/tensaur";
 *
 * console.log(nn.init.calculateFans(zeros([8, 3, 5, 5]))); // { fanIn: 75, fanOut: 200 }
 * ```
 *
 * @throws {ShapeError} for fewer than two axes
 * @see {@link https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.kaiming_uniform_}
 */
export function calculateFans(tensor: Tensor): { fanIn: number; fanOut: number } {
  if (tensor.ndim < 2) {
    throw new ShapeError(
      `Cannot compute fan in and fan out of shape [${tensor.shape.join(", ")}]: expected two axes or more`,
    );
  }
  const [outputs, inputs, ...field] = tensor.shape as readonly number[] as readonly [number, number, ...number[]];
  const size = field.reduce((product, extent) => product * extent, 1);
  return { fanIn: inputs * size, fanOut: outputs * size };
}

/** Options of the Xavier family. */
export interface GainOptions extends GeneratorOptions {
  /** What the deviation is multiplied by. Default 1. */
  readonly gain?: number;
}

function xavierDeviation(tensor: Tensor, gain = 1): number {
  const { fanIn, fanOut } = calculateFans(tensor);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}

/**
 * Uniform numbers of the deviation that keeps values and gradients at size through a linear layer: within ±gain·√(6 / (fan in + fan out)).
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer = new nn.Linear(4, 2);
 * nn.init.xavierUniform_(layer.weight, nn.init.calculateGain("tanh"));
 * ```
 *
 * Errors: fewer than two axes.
 *
 * @see Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010)
 * @see {@link https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.xavier_uniform_}
 */
export function xavierUniform_(tensor: Tensor, gain?: number | GainOptions, options?: GeneratorOptions): Tensor {
  const { gain: factor, ...draw } = optionsOf<GainOptions>(["gain"], gain, options);
  const bound = Math.sqrt(3) * xavierDeviation(tensor, factor);
  return tensor.numel() === 0 ? tensor : uniform_(tensor, -bound, bound, draw);
}

/**
 * Normal numbers of the deviation that keeps values and gradients at size through a linear layer: gain·√(2 / (fan in + fan out)).
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * nn.init.xavierNormal_(new nn.Linear(4, 2).weight);
 * ```
 *
 * Errors: fewer than two axes.
 *
 * @see Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010)
 * @see {@link https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.xavier_normal_}
 */
export function xavierNormal_(tensor: Tensor, gain?: number | GainOptions, options?: GeneratorOptions): Tensor {
  const { gain: factor, ...draw } = optionsOf<GainOptions>(["gain"], gain, options);
  return normal_(tensor, 0, xavierDeviation(tensor, factor), draw);
}

/** Options of the Kaiming family. */
export interface KaimingOptions extends GeneratorOptions {
  /** Negative slope of the leaky ReLU that follows. Default 0. */
  readonly a?: number;
  /** Whether values keep their size going forward ("fan_in", the default) or gradients going backward ("fan_out"). */
  readonly mode?: "fan_in" | "fan_out";
  /** The function that follows. Default "leaky_relu". */
  readonly nonlinearity?: Nonlinearity;
}

function kaimingDeviation(
  tensor: Tensor,
  { a = 0, mode = "fan_in", nonlinearity = "leaky_relu" }: KaimingOptions,
): number {
  if (mode !== "fan_in" && mode !== "fan_out") {
    throw new ValueError(`Cannot use mode "${mode}": expected "fan_in" or "fan_out"`);
  }
  const { fanIn, fanOut } = calculateFans(tensor);
  return calculateGain(nonlinearity, a) / Math.sqrt(mode === "fan_in" ? fanIn : fanOut);
}

/**
 * Uniform numbers of the deviation that keeps values at size through a layer and its ReLU: within ±gain·√(3 / fan).
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * nn.init.kaimingUniform_(new nn.Linear(4, 2).weight, { nonlinearity: "relu" });
 * ```
 *
 * Errors: fewer than two axes, an unknown mode or nonlinearity.
 *
 * @see He and others, {@link https://arxiv.org/abs/1502.01852 Delving Deep into Rectifiers}
 * @see {@link https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.kaiming_uniform_}
 */
export function kaimingUniform_(tensor: Tensor, options: KaimingOptions = {}): Tensor {
  if (tensor.numel() === 0) return tensor;
  const bound = Math.sqrt(3) * kaimingDeviation(tensor, options);
  return uniform_(tensor, -bound, bound, draws(options));
}

/**
 * Normal numbers of the deviation that keeps values at size through a layer and its ReLU: gain / √fan.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * nn.init.kaimingNormal_(new nn.Conv2d(3, 8, 3).weight, { mode: "fan_out", nonlinearity: "relu" });
 * ```
 *
 * Errors: fewer than two axes, an unknown mode or nonlinearity.
 *
 * @see He and others, {@link https://arxiv.org/abs/1502.01852 Delving Deep into Rectifiers}
 * @see {@link https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.kaiming_normal_}
 */
export function kaimingNormal_(tensor: Tensor, options: KaimingOptions = {}): Tensor {
  if (tensor.numel() === 0) return tensor;
  return normal_(tensor, 0, kaimingDeviation(tensor, options), draws(options));
}

function draws({ generator }: GeneratorOptions): GeneratorOptions {
  return generator === undefined ? {} : { generator };
}
