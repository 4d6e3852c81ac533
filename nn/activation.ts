/**
 * Smooth activations, and those that approximate them.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { pythonFloat, pythonValue } from "../tensor/python_format.ts";
import { optionsOf } from "../tensor/arguments.ts";
import { InplaceActivation } from "./inplace_activation.ts";
import { Module } from "./module.ts";

/**
 * 1 / (1 + exp(-x)).
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html}
 */
export class Sigmoid extends Module {
  /** The function of `input`. */
  override forward(input: Tensor): Tensor {
    return F.sigmoid(input);
  }
}

/**
 * log(1 / (1 + exp(-x))).
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LogSigmoid.html}
 */
export class LogSigmoid extends Module {
  /** The function of `input`. */
  override forward(input: Tensor): Tensor {
    return F.logsigmoid(input);
  }
}

/**
 * x / 6 + 1/2, clipped to [0, 1].
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
 * The hyperbolic tangent.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Tanh.html}
 */
export class Tanh extends Module {
  /** The function of `input`. */
  override forward(input: Tensor): Tensor {
    return F.tanh(input);
  }
}

/**
 * x - tanh(x).
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Tanhshrink.html}
 */
export class Tanhshrink extends Module {
  /** The function of `input`. */
  override forward(input: Tensor): Tensor {
    return F.tanhshrink(input);
  }
}

/**
 * x / (1 + |x|).
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Softsign.html}
 */
export class Softsign extends Module {
  /** The function of `input`. */
  override forward(input: Tensor): Tensor {
    return F.softsign(input);
  }
}

/**
 * x · sigmoid(x), also called swish.
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
 * x · tanh(softplus(x)).
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
 * x · hardsigmoid(x).
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
 * x · Φ(x), where Φ is the normal distribution's cumulative function.
 *
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
 * log(1 + exp(beta · x)) / beta.
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
    return F.softplus(input, { beta: this.beta, threshold: this.threshold });
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `beta=${pythonValue(this.beta)}, threshold=${pythonValue(this.threshold)}`;
  }
}

/** Options of `Hardshrink` and `Softshrink`. */
export interface ShrinkOptions {
  /** The width of what becomes 0, on either side. Default 0.5. */
  readonly lambd?: number;
}

/** A function that moves its input towards 0. */
export abstract class Shrink extends Module {
  /** The width of what becomes 0, on either side. */
  readonly lambd: number;

  /** Makes 0 of inputs between -lambd and lambd. */
  constructor(lambd?: number | ShrinkOptions) {
    super();
    this.lambd = optionsOf<ShrinkOptions>(["lambd"], lambd).lambd ?? 0.5;
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return pythonFloat(this.lambd);
  }
}

/**
 * 0 between -lambd and lambd, else x.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Hardshrink.html}
 */
export class Hardshrink extends Shrink {
  /** The function of `input`. */
  override forward(input: Tensor): Tensor {
    return F.hardshrink(input, { lambd: this.lambd });
  }
}

/**
 * x moved towards 0 by lambd; 0 where that would go past it.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Softshrink.html}
 */
export class Softshrink extends Shrink {
  /** The function of `input`. */
  override forward(input: Tensor): Tensor {
    return F.softshrink(input, { lambd: this.lambd });
  }
}

/** Options of `GLU`. */
export interface GLUOptions {
  /** The axis that is split. Default -1. */
  readonly dim?: number;
}

/**
 * a · sigmoid(b), where a and b are the halves of x along an axis.
 *
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
    return F.glu(input, { dim: this.dim });
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}
