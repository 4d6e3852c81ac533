/**
 * Activations with a kink: the ReLU family.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { full, getDefaultDtype, type Tensor } from "../tensor/mod.ts";
import { pythonFloat, pythonValue } from "../tensor/python_format.ts";
import { optionsOf } from "../tensor/arguments.ts";
import { InplaceActivation, type InplaceOptions } from "./inplace_activation.ts";
import type { LayerOptions } from "./linear.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import { requireInput } from "./require_input.ts";

/**
 * max(x, 0). Any shape; `inplace`, default false, overwrites the input.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.ReLU()(tensor([-1.5, 0, 2]))); // tensor([0., 0., 2.])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ReLU.html}
 */
export class ReLU extends InplaceActivation {
  /** max(x, 0). */
  protected override activate(input: Tensor): Tensor {
    return F.relu(input);
  }
}

/**
 * min(max(x, 0), 6). Any shape; `inplace`, default false, overwrites the input.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.ReLU6()(tensor([-1.5, 2, 7]))); // tensor([0., 2., 6.])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ReLU6.html}
 */
export class ReLU6 extends InplaceActivation {
  /** min(max(x, 0), 6). */
  protected override activate(input: Tensor): Tensor {
    return F.relu6(input);
  }
}

/** Options of `LeakyReLU`. */
export interface LeakyReLUOptions extends InplaceOptions {
  /** The slope left of 0. Default 0.01. */
  readonly negativeSlope?: number;
}

/**
 * x where it is positive, else negativeSlope · x. Any shape; `negativeSlope` is 0.01 by default.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.LeakyReLU(0.1)(tensor([-1, 0.5]))); // tensor([-0.1000,  0.5000])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LeakyReLU.html}
 */
export class LeakyReLU extends InplaceActivation {
  /** The slope left of 0. */
  readonly negativeSlope: number;

  /** The function with these constants. */
  constructor(negativeSlope?: number | LeakyReLUOptions, options?: LeakyReLUOptions) {
    const given = optionsOf<LeakyReLUOptions>(["negativeSlope"], negativeSlope, options);
    super(given);
    this.negativeSlope = given.negativeSlope ?? 0.01;
  }

  /** The function of `input`. */
  protected override activate(input: Tensor): Tensor {
    return F.leakyRelu(input, { negativeSlope: this.negativeSlope });
  }

  /** PyTorch's words. */
  protected override options(): string[] {
    return [`negative_slope=${pythonFloat(this.negativeSlope)}`];
  }
}

/** Options of `Hardtanh`. */
export interface HardtanhOptions extends InplaceOptions {
  /** The smallest result. Default -1. */
  readonly minVal?: number;
  /** The largest result. Default 1. */
  readonly maxVal?: number;
}

/**
 * x clipped to [minVal, maxVal], by default [-1, 1]. Any shape.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.Hardtanh()(tensor([-2, 0.5, 3]))); // tensor([-1.0000,  0.5000,  1.0000])
 * console.log(new nn.Hardtanh(0, 2)(tensor([-2, 0.5, 3]))); // tensor([0.0000, 0.5000, 2.0000])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Hardtanh.html}
 */
export class Hardtanh extends InplaceActivation {
  /** The smallest result. */
  readonly minVal: number;
  /** The largest result. */
  readonly maxVal: number;

  /** The function with these constants. */
  constructor(minVal?: number | HardtanhOptions, maxVal?: number | HardtanhOptions, options?: HardtanhOptions) {
    const given = optionsOf<HardtanhOptions>(["minVal", "maxVal"], minVal, maxVal, options);
    super(given);
    this.minVal = given.minVal ?? -1;
    this.maxVal = given.maxVal ?? 1;
  }

  /** The function of `input`. */
  protected override activate(input: Tensor): Tensor {
    return F.hardtanh(input, { minVal: this.minVal, maxVal: this.maxVal });
  }

  /** PyTorch's words. */
  protected override options(): string[] {
    return [`min_val=${pythonFloat(this.minVal)}`, `max_val=${pythonFloat(this.maxVal)}`];
  }
}

/**
 * x where it is above `threshold`, else `value`. Any shape; `inplace`, default false, overwrites the input.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.Threshold(0.1, 20)(tensor([-1, 0.5]))); // tensor([20.0000,  0.5000])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Threshold.html}
 */
export class Threshold extends InplaceActivation {
  /** Above it, inputs pass. */
  readonly threshold: number;
  /** What takes the place of others. */
  readonly value: number;

  /** Lets inputs above `threshold` pass and replaces others by `value`. */
  constructor(threshold: number, value: number, options: InplaceOptions = {}) {
    super(options);
    this.threshold = threshold;
    this.value = value;
  }

  /** The function of `input`. */
  protected override activate(input: Tensor): Tensor {
    return F.threshold(input, this.threshold, this.value);
  }

  /** PyTorch's words. */
  protected override options(): string[] {
    return [`threshold=${pythonValue(this.threshold)}`, `value=${pythonValue(this.value)}`];
  }
}

/** Options of `PReLU`. */
export interface PReLUOptions extends LayerOptions {
  /** Number of slopes: one, the default, or one for each channel. */
  readonly numParameters?: number;
  /** The slopes to start from. Default 0.25. */
  readonly init?: number;
}

/**
 * x where it is positive, else x times a slope that is learned: one for all, or one for each channel, which is the second axis. The weight
 * is [numParameters], 1 by default, and starts at `init`, default 0.25. From https://arxiv.org/abs/1502.01852.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const layer = new nn.PReLU();
 * console.log(layer(tensor([-1, 0.5])).tolist()); // [ -0.25, 0.5 ]
 * ```
 *
 * @throws {ShapeError} in `forward`, for another number of channels than of slopes
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.PReLU.html}
 */
export class PReLU extends Module {
  /** Number of slopes. */
  readonly numParameters: number;
  /** The slopes. */
  weight: Parameter;

  /** One slope, or one for each of `numParameters` channels. */
  constructor(numParameters?: number | PReLUOptions, options?: PReLUOptions) {
    super();
    const given = optionsOf<PReLUOptions>(["numParameters"], numParameters, options);
    const { init = 0.25, numParameters: count = 1, dtype = getDefaultDtype(), ...layer } = given;
    this.numParameters = count;
    this.weight = new Parameter(full([count], init, { ...layer, dtype }));
  }

  /** The function of `input`, whose second axis is the channels'. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.prelu(input, this.weight);
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `num_parameters=${this.numParameters}`;
  }
}

/** Options of `RReLU`. */
export interface RReLUOptions extends InplaceOptions {
  /** The least slope. Default 1/8. */
  readonly lower?: number;
  /** The largest slope. Default 1/3. */
  readonly upper?: number;
}

/**
 * x where it is positive, else x times a slope: drawn for each element while training, the middle of the range else.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.RReLU({ lower: 0.25, upper: 0.75 }).eval()(tensor([1.5, -2]))); // tensor([ 1.5000, -1.0000])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.RReLU.html}
 */
export class RReLU extends InplaceActivation {
  /** The least slope. */
  readonly lower: number;
  /** The largest slope. */
  readonly upper: number;

  /** The function with these constants. */
  constructor({ lower = 1 / 8, upper = 1 / 3, ...options }: RReLUOptions = {}) {
    super(options);
    this.lower = lower;
    this.upper = upper;
  }

  /** The function of `input`. */
  protected override activate(input: Tensor): Tensor {
    return F.rrelu(input, { lower: this.lower, upper: this.upper, training: this.training });
  }

  /** PyTorch's words. */
  protected override options(): string[] {
    return [`lower=${pythonFloat(this.lower)}`, `upper=${pythonFloat(this.upper)}`];
  }
}
