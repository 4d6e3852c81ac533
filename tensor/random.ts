/**
 * Random tensors. Numbers are drawn on the host, in the order and with the roundings of PyTorch's CPU kernels, whatever device the
 * tensor is for: the same seed gives PyTorch's numbers everywhere.
 *
 * What PyTorch draws for its default int64 is int32 here. float64 normal and exponential numbers may differ from PyTorch's in
 * the last bit, once in about a thousand, where JavaScript's log, sin or cos does from the C library's.
 *
 * @module
 */

import {
  bounds,
  defaultDevice,
  type DType,
  DTypeError,
  fromHost,
  isFloat,
  numel,
  read,
  requireDevice,
  type Shape,
  ShapeError,
  type TypedArray,
  ValueError,
} from "../kernels/mod.ts";
import { optionsOf } from "./arguments.ts";
import * as draw from "./distributions.ts";
import { defaultGenerator, type Generator } from "./generator.ts";
import { type CreationOptions, shapeArguments } from "./creation.ts";
import { getDefaultDtype } from "./promotion.ts";
import { Tensor } from "./tensor.ts";

/** Where an in-place draw takes its numbers from. */
export interface DrawOptions {
  /** The stream to draw from; the default generator's where none is given. */
  readonly generator?: Generator | null;
}

/** What a random tensor is to be, and where its numbers come from. */
export interface RandomOptions extends CreationOptions, DrawOptions {}

/** A shape as a list, or number by number, with options at the end: `randn([2, 3])`, `randn(2, 3, { requiresGrad: true })`. */
export type RandomArguments = readonly (number | Shape | RandomOptions | undefined)[];

/** The stream to draw from. */
export function generatorOf(options: DrawOptions): Generator {
  return options.generator ?? defaultGenerator;
}

/** For the library: a new tensor of what `fill` draws. */
export function create(
  operation: string,
  shape: Shape,
  dtype: DType,
  options: RandomOptions,
  fill: (count: number, generator: Generator) => TypedArray,
): Tensor {
  shapeArguments(operation, [shape]);
  const device = options.device ?? defaultDevice();
  requireDevice(device, dtype);
  const node = fromHost(fill(numel(shape), generatorOf(options)), [...shape], dtype, device);
  return new Tensor(node, { requiresGrad: options.requiresGrad ?? false });
}

/** `dtype`, checked to be one with fractions. */
export function floatOption(operation: string, dtype: DType): DType {
  if (!isFloat(dtype)) throw new DTypeError(`Cannot make ${operation} of ${dtype}: expected a floating-point dtype`);
  return dtype;
}

/**
 * Numbers uniformly distributed on [0, 1).
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.rand.html}
 */
export function rand(...args: RandomArguments): Tensor {
  const { shape, options } = shapeArguments("rand", args);
  const dtype = floatOption("rand", options.dtype ?? getDefaultDtype());
  return create("rand", shape, dtype, options, (n, g) => draw.uniform(n, dtype, 0, 1, g));
}

/**
 * Numbers from the normal distribution with mean 0 and standard deviation 1.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.randn.html}
 */
export function randn(...args: RandomArguments): Tensor {
  const { shape, options } = shapeArguments("randn", args);
  const dtype = floatOption("randn", options.dtype ?? getDefaultDtype());
  return create("randn", shape, dtype, options, (n, g) => draw.normal(n, dtype, 0, 1, g));
}

/** Integers from 0 to `high` - 1. */
export function randint(high: number, shape: Shape, options?: RandomOptions): Tensor;
/**
 * Integers from `low` to `high` - 1.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.randint.html}
 */
export function randint(low: number, high: number, shape: Shape, options?: RandomOptions): Tensor;
export function randint(
  first: number,
  second: number | Shape,
  third?: Shape | RandomOptions,
  fourth: RandomOptions = {},
): Tensor {
  if (typeof second !== "number") return integersFrom(0, first, second, (third ?? {}) as RandomOptions);
  return integersFrom(first, second, third as Shape, fourth);
}

function integersFrom(low: number, high: number, shape: Shape, options: RandomOptions): Tensor {
  const dtype = options.dtype ?? "int32";
  checkRange("randint", low, high, dtype);
  return create("randint", shape, dtype, options, (n, g) => draw.integers(n, dtype, low, high, g));
}

/** Checks that integers of [from, to) exist and fit `dtype`. */
export function checkRange(operation: string, from: number, to: number, dtype: DType): void {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from >= to) {
    throw new ValueError(
      `Cannot draw integers from ${from} to below ${to} in ${operation}: expected integers, the first smaller`,
    );
  }
  const { lowest, highest } = bounds(dtype);
  if (from < lowest || to - 1 > highest) {
    throw new ValueError(
      `Cannot draw integers from ${from} to below ${to} in ${operation}: ${dtype} holds ${lowest} to ${highest}`,
    );
  }
}

/**
 * The integers below `n` in random order.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.randperm.html}
 */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  const dtype = options.dtype ?? "int32";
  if (!Number.isInteger(n) || n < 0) throw new ValueError(`Cannot permute ${n} integers: expected an integer from 0`);
  return create("randperm", [n], dtype, options, (n, g) => draw.permutation(n, dtype, g));
}

/** The options of a tensor like `t`, where `options` says nothing else. */
function like(t: Tensor, options: RandomOptions): RandomOptions & { dtype: DType } {
  return { dtype: t.dtype, device: t.device, ...options };
}

/** `rand` with the shape, dtype and device of `t`. */
export function randLike(t: Tensor, options: RandomOptions = {}): Tensor {
  return rand(t.shape, like(t, options));
}

/** `randn` with the shape, dtype and device of `t`. */
export function randnLike(t: Tensor, options: RandomOptions = {}): Tensor {
  return randn(t.shape, like(t, options));
}

/** Integers from 0 to `high` - 1, with the shape, dtype and device of `t`. */
export function randintLike(t: Tensor, high: number, options?: RandomOptions): Tensor;
/** Integers from `low` to `high` - 1, with the shape, dtype and device of `t`. */
export function randintLike(t: Tensor, low: number, high: number, options?: RandomOptions): Tensor;
export function randintLike(
  t: Tensor,
  first: number,
  second?: number | RandomOptions,
  third: RandomOptions = {},
): Tensor {
  if (typeof second !== "number") return integersFrom(0, first, t.shape, like(t, second ?? {}));
  return integersFrom(first, second, t.shape, like(t, third));
}

/** Options of `normal`. */
export interface NormalOptions extends RandomOptions {
  /** The standard deviation of each number. Default 1. */
  readonly std?: Tensor | number;
  /** The shape, where mean and standard deviation are numbers. */
  readonly size?: Shape;
}

/** Numbers from the normal distribution with this mean and standard deviation. */
export function normal(mean: number, std: number, size: Shape | NormalOptions, options?: RandomOptions): Tensor;
/**
 * A number for each element of `mean` and `std`, which broadcast.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.normal.html}
 */
export function normal(mean: Tensor | number, std?: Tensor | number | NormalOptions, options?: DrawOptions): Tensor;
export function normal(mean: Tensor | number, ...rest: unknown[]): Tensor {
  const { std = 1, size, ...options } = optionsOf<NormalOptions>(["std", "size"], ...rest);
  if (typeof mean === "number" && typeof std === "number") {
    if (size === undefined) throw new ValueError("Cannot draw from normal(number, number) without a shape: pass one");
    const dtype = floatOption("normal", options.dtype ?? getDefaultDtype());
    return create("normal", size, dtype, options, (n, g) => draw.normal(n, dtype, mean, std, g));
  }
  const generator = options.generator ?? null;
  if (typeof std === "number") {
    const { shape, dtype, device } = mean as Tensor;
    return normal(0, std, shape, { dtype, device, generator }).add(mean);
  }
  return randnLike(std.add(mean).detach(), { generator }).mul(std).add(mean);
}

/**
 * 1 with the probability that stands at the same place of `p`, else 0.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.bernoulli.html}
 */
export function bernoulli(p: Tensor, options: DrawOptions = {}): Tensor {
  floatOption("bernoulli", p.dtype);
  const probabilities = read(p.node);
  checkProbabilities(probabilities);
  return create("bernoulli", p.shape, p.dtype, { ...options, device: p.device }, (_, g) => {
    return draw.bernoulliEach(probabilities, p.dtype, g);
  });
}

/** Checks that all lie between 0 and 1. */
export function checkProbabilities(p: TypedArray): void {
  const wrong = p.findIndex((value) => !(value >= 0 && value <= 1));
  if (wrong >= 0) throw new ValueError(`Cannot draw from bernoulli(${p[wrong]}): a probability lies between 0 and 1`);
}

/**
 * For each row of weights, `count` positions, each drawn with the probability that its weight gives it.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.multinomial.html}
 */
export function multinomial(
  weights: Tensor,
  count: number,
  options: DrawOptions & { readonly replacement?: boolean } = {},
): Tensor {
  floatOption("multinomial", weights.dtype);
  const { replacement = false } = options;
  const categories = weights.shape.at(-1) ?? 0;
  if (weights.ndim !== 1 && weights.ndim !== 2) {
    throw new ShapeError(
      `Cannot draw multinomially from shape [${weights.shape.join(", ")}]: expected one or two axes`,
    );
  }
  if (!Number.isInteger(count) || count <= 0 || (!replacement && count > categories)) {
    throw new ValueError(
      `Cannot draw ${count} of ${categories} categories${
        replacement ? "" : ": pass { replacement: true } to repeat some"
      }`,
    );
  }
  const rows = weights.ndim === 1 ? 1 : weights.shape[0]!;
  const shape = weights.ndim === 1 ? [count] : [rows, count];
  return create("multinomial", shape, "int32", { ...options, device: weights.device }, (_, generator) => {
    return draw.categories(read(weights.node), rows, count, replacement, generator);
  });
}
