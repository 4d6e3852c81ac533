/**
 * Smooth activations, and those that approximate them.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { pythonValue } from "../tensor/python_format.ts";
import { optionsOf } from "../tensor/arguments.ts";
import { InplaceActivation } from "./inplace_activation.ts";
import { Module } from "./module.ts";
import { requireInput } from "./require_input.ts";

/**
 * 1 / (1 + exp(-x)), element by element. Any shape, of floats.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.Sigmoid()(tensor([-1, 0.5, 2]))); // tensor([0.2689, 0.6225, 0.8808])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html}
 */
export class Sigmoid extends Module {
  /** The function of `input`. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.sigmoid(input);
  }
}

/**
 * log(1 / (1 + exp(-x))), element by element, finite for large negative inputs. Any shape, of floats.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.LogSigmoid()(tensor([-100.5, 0, 2]))); // tensor([-100.5000,   -0.6931,   -0.1269])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LogSigmoid.html}
 */
export class LogSigmoid extends Module {
  /** The function of `input`. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.logsigmoid(input);
  }
}

/**
 * x / 6 + 1/2, clipped to [0, 1]. Any shape; `inplace`, default false, overwrites the input.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.Hardsigmoid()(tensor([-4, 0, 1.5]))); // tensor([0.0000, 0.5000, 0.7500])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Hardsigmoid.html}
 */
export class Hardsigmoid extends InplaceActivation {
  /** The function of `input`. */
  protected override activate(input: Tensor): Tensor {
    return F.hardsigmoid(input);
  }
}

/**
 * The hyperbolic tangent: (exp(x) - exp(-x)) / (exp(x) + exp(-x)). Any shape, of floats.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.Tanh()(tensor([-1, 0.5, 2]))); // tensor([-0.7616,  0.4621,  0.9640])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Tanh.html}
 */
export class Tanh extends Module {
  /** The function of `input`. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.tanh(input);
  }
}

/**
 * x / (1 + |x|). Any shape, of floats.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.Softsign()(tensor([-1, 0.5, 3]))); // tensor([-0.5000,  0.3333,  0.7500])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Softsign.html}
 */
export class Softsign extends Module {
  /** The function of `input`. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.softsign(input);
  }
}

/**
 * x · sigmoid(x), also called swish. Any shape; `inplace`, default false, overwrites the input.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.SiLU()(tensor([-1, 0.5, 2]))); // tensor([-0.2689,  0.3112,  1.7616])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.SiLU.html}
 */
export class SiLU extends InplaceActivation {
  /** The function of `input`. */
  protected override activate(input: Tensor): Tensor {
    return F.silu(input);
  }
}

/**
 * x · tanh(softplus(x)). Any shape; `inplace`, default false, overwrites the input. From https://arxiv.org/abs/1908.08681.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.Mish()(tensor([-1, 0.5, 2]))); // tensor([-0.3034,  0.3752,  1.9440])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Mish.html}
 */
export class Mish extends InplaceActivation {
  /** The function of `input`. */
  protected override activate(input: Tensor): Tensor {
    return F.mish(input);
  }
}

/**
 * x · hardsigmoid(x): 0 up to -3, x from 3, x · (x + 3) / 6 between. Any shape; `inplace`, default false, overwrites the input. From
 * "Searching for MobileNetV3", https://arxiv.org/abs/1905.02244.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.Hardswish()(tensor([-4, 1.5, 4]))); // tensor([-0.0000, 1.1250, 4.0000])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Hardswish.html}
 */
export class Hardswish extends InplaceActivation {
  /** The function of `input`. */
  protected override activate(input: Tensor): Tensor {
    return F.hardswish(input);
  }
}

/** Options of `GELU`. */
export interface GELUOptions {
  /** "tanh" for the approximation by a hyperbolic tangent. Default "none". */
  readonly approximate?: "none" | "tanh";
}

/**
 * x · Φ(x), where Φ is the normal distribution's cumulative function. With `approximate: "tanh"` it is x / 2 · (1 + tanh(√(2 / π) · (x +
 * 0.044715 x³))); default "none". Any shape, of floats. From https://arxiv.org/abs/1606.08415.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.GELU()(tensor([-1, 0.5, 2]))); // tensor([-0.1587,  0.3457,  1.9545])
 * console.log(new nn.GELU({ approximate: "tanh" })(tensor([-1, 0.5, 2]))); // tensor([-0.1588,  0.3457,  1.9546])
 * ```
 *
 * @throws {ValueError} in `forward`, for another word
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.GELU.html}
 */
export class GELU extends Module {
  /** Which approximation is used. */
  readonly approximate: "none" | "tanh";

  /** Exact, or approximated. */
  constructor({ approximate = "none" }: GELUOptions = {}) {
    super();
    this.approximate = approximate;
  }

  /** The function of `input`. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.gelu(input, { approximate: this.approximate });
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `approximate=${pythonValue(this.approximate)}`;
  }
}

/** Options of `Softplus`. */
export interface SoftplusOptions {
  /** How sharp the bend is. Default 1. */
  readonly beta?: number;
  /** Where beta · x is above it, the function is x itself. Default 20. */
  readonly threshold?: number;
}

/**
 * log(1 + exp(beta · x)) / beta, and x itself where beta · x is above `threshold`. Any shape, of floats; `beta` is 1 and `threshold` 20 by
 * default.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.Softplus()(tensor([-1, 0, 25.5]))); // tensor([ 0.3133,  0.6931, 25.5000])
 * console.log(new nn.Softplus(2)(tensor([-1, 0, 25.5]))); // tensor([ 0.0635,  0.3466, 25.5000])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Softplus.html}
 */
export class Softplus extends Module {
  /** How sharp the bend is. */
  readonly beta: number;
  /** Where beta · x is above it, the function is x itself. */
  readonly threshold: number;

  /** The function with these constants. */
  constructor(beta?: number | SoftplusOptions, threshold?: number | SoftplusOptions) {
    super();
    const given = optionsOf<SoftplusOptions>(["beta", "threshold"], beta, threshold);
    this.beta = given.beta ?? 1;
    this.threshold = given.threshold ?? 20;
  }

  /** The function of `input`. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.softplus(input, { beta: this.beta, threshold: this.threshold });
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `beta=${pythonValue(this.beta)}, threshold=${pythonValue(this.threshold)}`;
  }
}

/** Options of `GLU`. */
export interface GLUOptions {
  /** The axis that is split. Default -1. */
  readonly dim?: number;
}

/**
 * The gated linear unit a · sigmoid(b), where a and b are the halves of x along `dim`, default -1: [..., 2 n, ...] to [..., n, ...]. From
 * https://arxiv.org/abs/1612.08083.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.GLU()(tensor([[1.5, 2, 0, 1]]))); // tensor([[0.7500, 1.4621]])
 * ```
 *
 * @throws {ShapeError} where the axis has an odd extent
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.GLU.html}
 */
export class GLU extends Module {
  /** The axis that is split. */
  readonly dim: number;

  /** Splits along `dim`. */
  constructor(dim?: number | GLUOptions) {
    super();
    this.dim = optionsOf<GLUOptions>(["dim"], dim).dim ?? -1;
  }

  /** Half as much as `input`. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.glu(input, { dim: this.dim });
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}
