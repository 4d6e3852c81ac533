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
import { requireTensor } from "./require_tensor.ts";
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
 * @example
 * ```ts
 * import { manualSeed, rand } from "@tensaur/tensaur";
 *
 * manualSeed(0);
 * console.log(rand([2]), rand(2, 3).shape); // tensor([0.4963, 0.7682]) torch.Size([2, 3])
 * ```
 *
 * @throws {DTypeError} for a dtype that is not floating-point
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
 * @example
 * ```ts
 * import { manualSeed, randn } from "@tensaur/tensaur";
 *
 * manualSeed(0);
 * console.log(randn([2]), randn(2, 3).shape); // tensor([ 1.5410, -0.2934]) torch.Size([2, 3])
 * ```
 *
 * @throws {DTypeError} for a dtype that is not floating-point
 * @see {@link https://pytorch.org/docs/stable/generated/torch.randn.html}
 */
export function randn(...args: RandomArguments): Tensor {
  const { shape, options } = shapeArguments("randn", args);
  const dtype = floatOption("randn", options.dtype ?? getDefaultDtype());
  return create("randn", shape, dtype, options, (n, g) => draw.normal(n, dtype, 0, 1, g));
}

/**
 * Integers from 0 to `high` - 1.
 *
 * @example
 * ```ts
 * import { manualSeed, randint } from "@tensaur/tensaur";
 *
 * manualSeed(0);
 * console.log(randint(10, [3]), randint(5, 7, [2, 2]).shape); // tensor([4, 9, 3]) torch.Size([2, 2])
 * ```
 *
 * @throws {ValueError} where there is no integer between them, or the dtype cannot hold it
 * @see {@link https://pytorch.org/docs/stable/generated/torch.randint.html}
 */
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

/** For the library: integers of [from, to). */
export function integersFrom(low: number, high: number, shape: Shape, options: RandomOptions): Tensor {
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
 * @example
 * ```ts
 * import { manualSeed, randperm } from "@tensaur/tensaur";
 *
 * manualSeed(0);
 * console.log(randperm(4)); // tensor([0, 1, 3, 2])
 * ```
 *
 * @throws {ValueError} for a number below 0
 * @see {@link https://pytorch.org/docs/stable/generated/torch.randperm.html}
 */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  const dtype = options.dtype ?? "int32";
  if (!Number.isInteger(n) || n < 0) throw new ValueError(`Cannot permute ${n} integers: expected an integer from 0`);
  return create("randperm", [n], dtype, options, (n, g) => draw.permutation(n, dtype, g));
}

/** Options of `normal`. */
export interface NormalOptions extends RandomOptions {
  /** The standard deviation of each number. Default 1. */
  readonly std?: Tensor | number;
  /** The shape, where mean and standard deviation are numbers. */
  readonly size?: Shape;
}

/**
 * Numbers from the normal distribution with this mean and standard deviation.
 *
 * @example
 * ```ts
 * import { manualSeed, normal, tensor } from "@tensaur/tensaur";
 *
 * manualSeed(0);
 * console.log(normal(tensor([0.5, 10]), 0.5)); // tensor([1.2705, 9.8533])
 * console.log(normal(2, 3, [1, 4]).shape); // torch.Size([1, 4])
 * ```
 *
 * @throws {ValueError} for a standard deviation below 0
 * @see {@link https://pytorch.org/docs/stable/generated/torch.normal.html}
 */
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
  const { shape, dtype, device } = std.add(mean).detach();
  return randn(shape, { dtype, device, generator }).mul(std).add(mean);
}

/**
 * 1 with the probability that stands at the same place of `p`, else 0.
 *
 * @example
 * ```ts
 * import { bernoulli, tensor } from "@tensaur/tensaur";
 *
 * console.log(bernoulli(tensor([0., 1.], { dtype: "float32" }))); // tensor([0., 1.])
 * ```
 *
 * @throws {ValueError} for probabilities outside of 0 to 1
 * @see {@link https://pytorch.org/docs/stable/generated/torch.bernoulli.html}
 */
export function bernoulli(p: Tensor, options: DrawOptions = {}): Tensor {
  requireTensor("bernoulli", "p", p);
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
 * @example
 * ```ts
 * import { multinomial, tensor } from "@tensaur/tensaur";
 *
 * console.log(multinomial(tensor([0, 0.5, 0]), 2, { replacement: true })); // tensor([1, 1])
 * ```
 *
 * @throws {ValueError} for weights below 0 or without a sum, or more draws without replacement than there are
 * @throws {ShapeError} for other than one or two dimensions
 * @see {@link https://pytorch.org/docs/stable/generated/torch.multinomial.html}
 */
export function multinomial(
  weights: Tensor,
  count: number,
  options: DrawOptions & { readonly replacement?: boolean } = {},
): Tensor {
  requireTensor("multinomial", "weights", weights);
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
