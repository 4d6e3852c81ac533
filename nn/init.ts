/**
 * Starting values of parameters. Each function fills a tensor in place, draws from the default generator as PyTorch does, and
 * returns the tensor.
 *
 * @module
 */

import { noGrad, scalarTensor, ShapeError, type Tensor, ValueError } from "../tensor/mod.ts";
import { optionsOf } from "../tensor/arguments.ts";
import { orthogonal_ as fillOrthogonal_ } from "../tensor/random_fill.ts";

/** Functions that a gain is known for. */
export type Nonlinearity =
  | "linear"
  | "conv1d"
  | "conv2d"
  | "conv3d"
  | "sigmoid"
  | "tanh"
  | "relu"
  | "leaky_relu"
  | "selu";

/** Options of the Kaiming family. */
export interface KaimingOptions {
  /** Negative slope of the leaky ReLU that follows. Default 0. */
  readonly a?: number;
  /** Whether values keep their size going forward ("fan_in", the default) or gradients going backward ("fan_out"). */
  readonly mode?: "fan_in" | "fan_out";
  /** The function that follows. Default "leaky_relu". */
  readonly nonlinearity?: Nonlinearity;
}

/** The factor by which a nonlinearity wants the deviation of what precedes it to be larger. */
export function calculateGain(nonlinearity: Nonlinearity, param?: number | { readonly param?: number }): number {
  switch (nonlinearity) {
    case "tanh":
      return 5 / 3;
    case "relu":
      return Math.sqrt(2);
    case "leaky_relu":
      return Math.sqrt(2 / (1 + (optionsOf<{ param: number }>(["param"], param).param ?? 0.01) ** 2));
    case "selu":
      return 3 / 4;
    default:
      return 1;
  }
}

/** How many numbers flow into, and out of, each element that a weight of this shape computes. */
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

/** Bounds of uniform numbers. */
export interface UniformOptions {
  /** The lower bound. Default 0. */
  readonly a?: number;
  /** The upper bound. Default 1. */
  readonly b?: number;
}

/** Mean and standard deviation of normal numbers. */
export interface NormalOptions {
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

/** Fills with numbers uniformly distributed on [a, b). */
export function uniform_(tensor: Tensor, low?: number | UniformOptions, high?: number): Tensor {
  const { a = 0, b = 1 } = optionsOf<UniformOptions>(["a", "b"], low, high);
  return noGrad(() => tensor.uniform_(a, b));
}

/** Fills with numbers from a normal distribution. */
export function normal_(tensor: Tensor, center?: number | NormalOptions, deviation?: number): Tensor {
  const { mean = 0, std = 1 } = optionsOf<NormalOptions>(["mean", "std"], center, deviation);
  return noGrad(() => tensor.normal_(mean, std));
}

/** Fills with numbers from a normal distribution whose values outside [a, b] do not occur. */
export function truncNormal_(tensor: Tensor, options: TruncNormalOptions = {}): Tensor {
  const { mean = 0, std = 1, a = -2, b = 2 } = options;
  // Quantiles of uniform numbers between those of a and b.
  const low = erf((a - mean) / std / Math.SQRT2), high = erf((b - mean) / std / Math.SQRT2);
  return noGrad(() =>
    tensor.uniform_(low, high).erfinv_().mul_(std * Math.SQRT2).add_(mean).clamp_({ min: a, max: b })
  );
}

function erf(x: number): number {
  return Number(scalarTensor(x, { dtype: "float64", device: "cpu" }).erf().item());
}

/** Fills with one number. */
export function constant_(tensor: Tensor, value: number): Tensor {
  return noGrad(() => tensor.fill_(value));
}

/** Fills with 1. */
export function ones_(tensor: Tensor): Tensor {
  return constant_(tensor, 1);
}

/** Fills with 0. */
export function zeros_(tensor: Tensor): Tensor {
  return constant_(tensor, 0);
}

/** Fills a matrix with 1 on its diagonal and 0 elsewhere. */
export function eye_(tensor: Tensor): Tensor {
  if (tensor.ndim !== 2) {
    throw new ShapeError(`Cannot fill shape [${tensor.shape.join(", ")}] with an identity: expected a matrix`);
  }
  return noGrad(() => {
    tensor.zero_();
    tensor.diagonal().fill_(1);
    return tensor;
  });
}

/** Uniform numbers of the deviation that keeps values and gradients at size through a linear layer (Glorot and Bengio). */
export function xavierUniform_(tensor: Tensor, { gain = 1 }: { readonly gain?: number } = {}): Tensor {
  const { fanIn, fanOut } = calculateFans(tensor);
  const bound = Math.sqrt(3) * gain * Math.sqrt(2 / (fanIn + fanOut));
  return uniform_(tensor, -bound, bound);
}

/** Normal numbers of the deviation that keeps values and gradients at size through a linear layer (Glorot and Bengio). */
export function xavierNormal_(tensor: Tensor, { gain = 1 }: { readonly gain?: number } = {}): Tensor {
  const { fanIn, fanOut } = calculateFans(tensor);
  return normal_(tensor, 0, gain * Math.sqrt(2 / (fanIn + fanOut)));
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

/** Uniform numbers of the deviation that keeps values at size through a layer and its ReLU (He and others). */
export function kaimingUniform_(tensor: Tensor, options: KaimingOptions = {}): Tensor {
  if (tensor.numel() === 0) return tensor;
  const bound = Math.sqrt(3) * kaimingDeviation(tensor, options);
  return uniform_(tensor, -bound, bound);
}

/** Normal numbers of the deviation that keeps values at size through a layer and its ReLU (He and others). */
export function kaimingNormal_(tensor: Tensor, options: KaimingOptions = {}): Tensor {
  if (tensor.numel() === 0) return tensor;
  return normal_(tensor, 0, kaimingDeviation(tensor, options));
}

/** A random matrix whose rows, or columns if these are fewer, are orthogonal to each other. Further axes count as columns. */
export function orthogonal_(tensor: Tensor, { gain = 1 }: { readonly gain?: number } = {}): Tensor {
  if (tensor.ndim < 2) {
    throw new ShapeError(`Cannot make shape [${tensor.shape.join(", ")}] orthogonal: expected two axes or more`);
  }
  return noGrad(() => fillOrthogonal_(tensor, gain));
}
