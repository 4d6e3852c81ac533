/**
 * Activations that move their input towards 0.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { pythonFloat } from "../tensor/python_format.ts";
import { optionsOf } from "../tensor/arguments.ts";
import { Module } from "./module.ts";
import { requireInput } from "./require_input.ts";

/**
 * x - tanh(x). Any shape, of floats.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.Tanhshrink()(tensor([-1, 0.5, 2]))); // tensor([-0.2384,  0.0379,  1.0360])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Tanhshrink.html}
 */
export class Tanhshrink extends Module {
  /** The function of `input`. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.tanhshrink(input);
  }
}

/** Options of `Hardshrink` and `Softshrink`. */
export interface ShrinkOptions {
  /** The width of what becomes 0, on either side. Default 0.5. */
  readonly lambd?: number;
}

/**
 * Base of `Hardshrink` and `Softshrink`: keeps the width `lambd`, default 0.5, of what becomes 0.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layers: nn.Shrink[] = [new nn.Hardshrink(), new nn.Softshrink(1)];
 * console.log(layers.map((layer) => layer.lambd)); // [ 0.5, 1 ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Softshrink.html}
 */
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
 * 0 between -lambd and lambd, these included, else x. Any shape; `lambd` is 0.5 by default.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.Hardshrink()(tensor([-0.75, 0.25, 2]))); // tensor([-0.7500,  0.0000,  2.0000])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Hardshrink.html}
 */
export class Hardshrink extends Shrink {
  /** The function of `input`. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.hardshrink(input, { lambd: this.lambd });
  }
}

/**
 * x - lambd above lambd, x + lambd below -lambd, 0 between. Any shape; `lambd` is 0.5 by default.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * console.log(new nn.Softshrink()(tensor([-0.75, 0.25, 2]))); // tensor([-0.2500,  0.0000,  1.5000])
 * ```
 *
 * @throws {ValueError} in `forward`, for a negative `lambd`
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Softshrink.html}
 */
export class Softshrink extends Shrink {
  /** The function of `input`. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    return F.softshrink(input, { lambd: this.lambd });
  }
}
