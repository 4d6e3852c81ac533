/**
 * Activations that are linear right of 0 and exponential left of it.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { pythonFloat } from "../tensor/python_format.ts";
import { optionsOf } from "../tensor/arguments.ts";
import { InplaceActivation, type InplaceOptions } from "./inplace_activation.ts";

/** Options of `ELU`. */
export interface ELUOptions extends InplaceOptions {
  /** The limit towards minus infinity, negated. Default 1. */
  readonly alpha?: number;
}

/**
 * x where it is positive, else alpha · (exp(x) - 1). Any shape; `alpha` is 1 by default. From https://arxiv.org/abs/1511.07289.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.ELU()(tensor([-1, 0.5]))); // tensor([-0.6321,  0.5000])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ELU.html}
 */
export class ELU extends InplaceActivation {
  /** The limit towards minus infinity, negated. */
  readonly alpha: number;

  /** The function with these constants. */
  constructor(alpha?: number | ELUOptions, options?: ELUOptions) {
    const given = optionsOf<ELUOptions>(["alpha"], alpha, options);
    super(given);
    this.alpha = given.alpha ?? 1;
  }

  /** The function of `input`. */
  protected override activate(input: Tensor): Tensor {
    return F.elu(input, { alpha: this.alpha });
  }

  /** PyTorch's words. */
  protected override options(): string[] {
    return [`alpha=${pythonFloat(this.alpha)}`];
  }
}

/** Options of `CELU`. */
export interface CELUOptions extends InplaceOptions {
  /** The limit towards minus infinity, negated. Default 1. */
  readonly alpha?: number;
}

/**
 * max(0, x) + min(0, alpha · (exp(x / alpha) - 1)), smooth at 0 for every alpha. Any shape; `alpha` is 1 by default. From
 * https://arxiv.org/abs/1704.07483.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.CELU(2)(tensor([-1, 0.5]))); // tensor([-0.7869,  0.5000])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.CELU.html}
 */
export class CELU extends InplaceActivation {
  /** The limit towards minus infinity, negated. */
  readonly alpha: number;

  /** The function with these constants. */
  constructor(alpha?: number | CELUOptions, options?: CELUOptions) {
    const given = optionsOf<CELUOptions>(["alpha"], alpha, options);
    super(given);
    this.alpha = given.alpha ?? 1;
  }

  /** The function of `input`. */
  protected override activate(input: Tensor): Tensor {
    return F.celu(input, { alpha: this.alpha });
  }

  /** PyTorch's words. */
  protected override options(): string[] {
    return [`alpha=${pythonFloat(this.alpha)}`];
  }
}

/**
 * scale · (max(0, x) + min(0, alpha · (exp(x) - 1))) with alpha 1.6732632 and scale 1.0507010, which keep mean 0 and variance 1 from layer
 * to layer. Any shape; `inplace`, default false, overwrites the input. From https://arxiv.org/abs/1706.02515.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.SELU()(tensor([-1, 0.5]))); // tensor([-1.1113,  0.5254])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.SELU.html}
 */
export class SELU extends InplaceActivation {
  /** The function of `input`. */
  protected override activate(input: Tensor): Tensor {
    return F.selu(input);
  }
}
