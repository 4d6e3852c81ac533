/**
 * What all distributions have in common.
 *
 * @module
 */

import { named, show } from "../functional/dims.ts";
import * as F from "../functional/mod.ts";
import {
  defaultDevice,
  getDefaultDtype,
  isFloat,
  noGrad,
  type Shape,
  ShapeError,
  TensaurError,
  Tensor,
  tensor,
  ValueError,
} from "../tensor/mod.ts";
import type { Constraint } from "./constraint.ts";

/** A parameter of a distribution: a tensor, whose elements have a distribution each, or a number for all. */
export type Parameter = Tensor | number;

/** Options of every distribution. */
export interface DistributionOptions {
  /** Checks parameters and values, which reads them; true by default, see `Distribution.setDefaultValidateArgs`. */
  readonly validateArgs?: boolean | null;
}

/**
 * A distribution lacks what was asked of it (PyTorch: NotImplementedError).
 *
 * @example
 * ```ts
 * import { distributions } from "@tensaur/tensaur";
 *
 * try {
 *   new distributions.Poisson(2).rsample();
 * } catch (error) {
 *   console.log(error instanceof distributions.UnsupportedError); // true
 * }
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#torch.distributions.distribution.Distribution}
 */
export class UnsupportedError extends TensaurError {
  /** The class's own name, as consoles print it. */
  override name = "UnsupportedError";
}

/** The parameters by name, from arguments given by position or in an object. */
export function argumentsOf<O extends DistributionOptions>(
  keys: readonly (keyof O)[],
  ...values: readonly unknown[]
): O {
  return named<O>(keys, ...values);
}

/** Parameters as float tensors of one shape, dtype and device. Throws for one that is missing. */
export function broadcastAll(operation: string, parameters: Readonly<Record<string, Parameter | undefined>>): Tensor[] {
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) throw new ValueError(`Cannot make a ${operation} distribution without ${name}`);
  }
  const values = Object.values(parameters) as Parameter[];
  const tensors = values.filter((value) => value instanceof Tensor);
  const dtype = tensors.find((x) => x.dtype === "float64")?.dtype ?? tensors.find((x) => isFloat(x.dtype))?.dtype ??
    getDefaultDtype();
  const device = tensors[0]?.device ?? defaultDevice();
  const each = values.map((value) => value instanceof Tensor ? value.to(dtype) : tensor(value, { dtype, device }));
  return each.length === 1 ? each : F.broadcastTensors(...each);
}

let validates = true;

/**
 * Base of all distributions: `batchShape` are independent ones, each of values of `eventShape`. Samples have the shape that is asked for,
 * then `batchShape`, then `eventShape`.
 *
 * Numbers are drawn with PyTorch's streams: the same seed gives its numbers, where the classes do not say otherwise. mean, mode, variance
 * and stddev are properties, as in PyTorch.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.Normal(tensor([0, 2]), 1);
 * console.log(d.batchShape, d.sample([3]).shape, d.logProb(tensor(0))); // [ 2 ] torch.Size([3, 2]) tensor([-0.9189, -2.9189])
 * ```
 *
 * @throws {ValueError} for a parameter or a value outside of its set, {ShapeError} for a value that does not fit; unless `validateArgs` is false
 * @see {@link https://pytorch.org/docs/stable/distributions.html#torch.distributions.distribution.Distribution}
 */
export abstract class Distribution {
  /** How many independent distributions there are, along which dimensions. */
  readonly batchShape: Shape;
  /** The shape of one value. */
  readonly eventShape: Shape;
  /** Whether values are checked. */
  readonly validateArgs: boolean;

  /** The set that each parameter comes from. */
  readonly argConstraints: Readonly<Record<string, Constraint>> = {};

  /** @ignore */
  constructor(batchShape: Shape, eventShape: Shape, validateArgs?: boolean | null) {
    this.batchShape = [...batchShape];
    this.eventShape = [...eventShape];
    this.validateArgs = validateArgs ?? validates;
  }

  /** Whether distributions check their parameters and values where their options say nothing else. */
  static setDefaultValidateArgs(value: boolean): void {
    validates = value;
  }

  /** Notes which set each parameter comes from, and throws where one is outside of it. For subclasses' constructors. */
  protected requireArgs(parameters: Readonly<Record<string, readonly [Tensor, Constraint]>>): void {
    for (const [name, [value, constraint]] of Object.entries(parameters)) {
      Object.assign(this.argConstraints, { [name]: constraint });
      if (!this.validateArgs) continue;
      if (constraint.holds(value)) continue;
      throw new ValueError(
        `Cannot make a ${this.constructor.name} distribution with ${name} = ${value}: expected values in ${constraint.name}`,
      );
    }
  }

  /** Throws where `value` has no fitting shape or lies outside of the support. */
  protected requireValue(value: Tensor): void {
    if (!this.validateArgs) return;
    const { eventShape, batchShape } = this, name = this.constructor.name;
    const event = value.shape.slice(value.ndim - eventShape.length);
    const expected = [...batchShape, ...eventShape];
    const fits = value.ndim >= eventShape.length && show(event) === show(eventShape) &&
      expected.slice().reverse().every((extent, i) => {
        const given = value.shape.at(-1 - i) ?? 1;
        return extent === given || extent === 1 || given === 1;
      });
    if (!fits) {
      throw new ShapeError(
        `Cannot use a value of shape ${show(value.shape)} with a ${name} of shape ${show(expected)}`,
      );
    }
    if (this.support.holds(value)) return;
    throw new ValueError(`Cannot use the value ${value} with ${name}: expected values in ${this.support.name}`);
  }

  /** The shape of samples of `shape`. */
  protected extendedShape(shape: Shape = []): number[] {
    return [...shape, ...this.batchShape, ...this.eventShape];
  }

  /** A parameter repeated to the shape of samples of `shape`. */
  protected extended(parameter: Tensor, shape: Shape): Tensor {
    return parameter.expand(this.extendedShape(shape));
  }

  /** The error of what this distribution does not have. */
  protected lacking(what: string): UnsupportedError {
    return new UnsupportedError(`Cannot tell the ${what} of ${this.constructor.name}: as in PyTorch, it has none`);
  }

  /** How many trailing dimensions of each parameter make one of it, where that is not 0. */
  protected get parameterDims(): Readonly<Record<string, number>> {
    return {};
  }

  /** The same distribution repeated to `batchShape`, without a copy. */
  expand(batchShape: Shape): this {
    const copy = Object.assign(Object.create(Object.getPrototypeOf(this)), this);
    for (const [name, value] of Object.entries(this)) {
      if (value instanceof Distribution) copy[name] = value.expand(batchShape);
      if (!(value instanceof Tensor)) continue;
      const inner = value.shape.slice(value.ndim - (this.parameterDims[name] ?? 0));
      copy[name] = value.expand([...batchShape, ...inner]);
    }
    copy.batchShape = [...batchShape];
    return copy;
  }

  /** The values that it gives. */
  abstract get support(): Constraint;

  /** Whether `rsample` exists. */
  get hasRsample(): boolean {
    return false;
  }

  /** Whether `enumerateSupport` exists. */
  get hasEnumerateSupport(): boolean {
    return false;
  }

  /** The expected value. */
  get mean(): Tensor {
    throw this.lacking("mean");
  }

  /** The most probable value. */
  get mode(): Tensor {
    throw this.lacking("mode");
  }

  /** The expected square of the distance from the mean. */
  get variance(): Tensor {
    throw this.lacking("variance");
  }

  /** The square root of the variance. */
  get stddev(): Tensor {
    return this.variance.sqrt();
  }

  /** Values drawn at random, [...shape, ...batchShape, ...eventShape], through which no gradient flows. */
  sample(shape: Shape = []): Tensor {
    return noGrad(() => this.rsample(shape));
  }

  /** Values drawn at random through which gradients flow to the parameters. */
  rsample(_shape: Shape = []): Tensor {
    throw new UnsupportedError(`Cannot draw from ${this.constructor.name} with a gradient: use sample()`);
  }

  /** The logarithm of the density, or of the probability of discrete values; [..., ...batchShape]. */
  abstract logProb(value: Tensor): Tensor;

  /** The probability of values up to `value`. */
  cdf(_value: Tensor): Tensor {
    throw this.lacking("cdf");
  }

  /** The value up to which the probability is `value`. */
  icdf(_value: Tensor): Tensor {
    throw this.lacking("icdf");
  }

  /** The expected value of -logProb. */
  entropy(): Tensor {
    throw this.lacking("entropy");
  }

  /** e^entropy. */
  perplexity(): Tensor {
    return this.entropy().exp();
  }

  /** All values of a discrete distribution along the first dimension, repeated over the batch unless `expand` is false. */
  enumerateSupport(_options: { readonly expand?: boolean } = {}): Tensor {
    throw this.lacking("finite support");
  }
}
