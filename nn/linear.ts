/**
 * Linear maps.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { type DeviceName, type DType, empty, type Tensor } from "../tensor/mod.ts";
import * as init from "./init.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import { pythonValue } from "../tensor/python_format.ts";
import { requireInput } from "./require_input.ts";

/** Where a layer's parameters live, and of which type they are. */
export interface LayerOptions {
  /** Where the parameters live; the default device by default. */
  readonly device?: DeviceName;
  /** The parameters' element type; the default float type by default. */
  readonly dtype?: DType;
}

/** A layer that may learn a bias. */
export interface BiasOptions extends LayerOptions {
  /** Whether the layer learns a bias. Default true. */
  readonly bias?: boolean;
}

/**
 * Returns its input: what takes the place of a layer that is left out. Arguments of the constructor are ignored.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const x = randn([2, 3]);
 * console.log(new nn.Identity(54, { unused: true })(x) === x); // true
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Identity.html}
 */
export class Identity extends Module {
  /** Takes any arguments, for nothing. */
  constructor(..._unused: readonly unknown[]) {
    super();
  }

  /** `input` itself. */
  override forward(input: Tensor): Tensor {
    return input;
  }
}

/**
 * x Wᵀ + b. The input is [..., inFeatures], the result [..., outFeatures]. W and b start uniform within ±1 / √inFeatures; `bias`, default
 * true, says whether there is b.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const layer = new nn.Linear(20, 30);
 * console.log(layer(randn([128, 20])).shape); // torch.Size([128, 30])
 * ```
 *
 * @throws {ShapeError} in `forward`, for another size
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Linear.html}
 */
export class Linear extends Module {
  /** Size of each input. */
  readonly inFeatures: number;
  /** Size of each output. */
  readonly outFeatures: number;
  /** W, of shape [outFeatures, inFeatures]. */
  weight: Parameter;
  /** b, of shape [outFeatures]; null without bias. */
  bias: Parameter | null;

  /** A map from `inFeatures` to `outFeatures` numbers. */
  constructor(inFeatures: number, outFeatures: number, { bias = true, ...options }: BiasOptions = {}) {
    super();
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(empty([outFeatures, inFeatures], options));
    this.bias = bias ? new Parameter(empty([outFeatures], options)) : null;
    this.resetParameters();
  }

  /** Draws new weights. */
  resetParameters(): void {
    init.kaimingUniform_(this.weight, { a: Math.sqrt(5) });
    if (this.bias === null) return;
    const bound = this.inFeatures > 0 ? 1 / Math.sqrt(this.inFeatures) : 0;
    init.uniform_(this.bias, -bound, bound);
  }

  /** `input` is [..., inFeatures]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.linear(input, this.weight, this.bias);
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${pythonValue(this.bias !== null)}`;
  }
}

/**
 * yₖ = Σᵢⱼ x₁ᵢ Aₖᵢⱼ x₂ⱼ + bₖ, a bilinear form for each output. The inputs are [..., in1Features] and [..., in2Features], the result is [...,
 * outFeatures]. Weight and bias start uniform within ±1 / √in1Features; `bias`, default true, says whether there is b.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const layer = new nn.Bilinear(20, 30, 40);
 * console.log(layer(randn([128, 20]), randn([128, 30])).shape); // torch.Size([128, 40])
 * ```
 *
 * @throws {ShapeError} in `forward`, for other sizes
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Bilinear.html}
 */
export class Bilinear extends Module {
  /** Size of each first input. */
  readonly in1Features: number;
  /** Size of each second input. */
  readonly in2Features: number;
  /** Size of each output. */
  readonly outFeatures: number;
  /** A, of shape [outFeatures, in1Features, in2Features]. */
  weight: Parameter;
  /** b, of shape [outFeatures]; null without bias. */
  bias: Parameter | null;

  /** A form of `in1Features` and `in2Features` numbers for each of `outFeatures` outputs. */
  constructor(
    in1Features: number,
    in2Features: number,
    outFeatures: number,
    { bias = true, ...options }: BiasOptions = {},
  ) {
    super();
    this.in1Features = in1Features;
    this.in2Features = in2Features;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(empty([outFeatures, in1Features, in2Features], options));
    this.bias = bias ? new Parameter(empty([outFeatures], options)) : null;
    this.resetParameters();
  }

  /** Draws new weights. */
  resetParameters(): void {
    const bound = 1 / Math.sqrt(this.in1Features);
    init.uniform_(this.weight, -bound, bound);
    if (this.bias !== null) init.uniform_(this.bias, -bound, bound);
  }

  /** The inputs are [..., in1Features] and [..., in2Features]. */
  override forward(input1: Tensor, input2: Tensor): Tensor {
    requireInput(this, "input1", input1);
    requireInput(this, "input2", input2);
    return F.bilinear(input1, input2, this.weight, this.bias);
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `in1_features=${this.in1Features}, in2_features=${this.in2Features}, out_features=${this.outFeatures}, ` +
      `bias=${pythonValue(this.bias !== null)}`;
  }
}
