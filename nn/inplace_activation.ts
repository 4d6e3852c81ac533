/**
 * What activations that can overwrite their input have in common.
 *
 * @module
 */

import type { Tensor } from "../tensor/mod.ts";
import { Module } from "./module.ts";
import { requireInput } from "./require_input.ts";

/** Options of activations that can overwrite their input. */
export interface InplaceOptions {
  /** Whether the input itself is overwritten. Default false. */
  readonly inplace?: boolean;
}

/**
 * Base of the elementwise activations that can overwrite their input: `ReLU`, `SiLU`, `ELU` and others. A subclass gives the function,
 * `activate`.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const activations: nn.InplaceActivation[] = [new nn.ReLU({ inplace: true }), new nn.SiLU()];
 * console.log(activations.map((activation) => activation.inplace)); // [ true, false ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ReLU.html}
 */
export abstract class InplaceActivation extends Module {
  /** Whether the input itself is overwritten. */
  readonly inplace: boolean;

  /** With `inplace` the input itself is overwritten. */
  constructor({ inplace = false }: InplaceOptions = {}) {
    super();
    this.inplace = inplace;
  }

  /** The function. */
  protected abstract activate(input: Tensor): Tensor;

  /** The function of `input`. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    const output = this.activate(input);
    return this.inplace ? input.copy_(output) : output;
  }

  /** The function's own options in PyTorch's words. */
  protected options(): string[] {
    return [];
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return [...this.options(), ...(this.inplace ? ["inplace=True"] : [])].join(", ");
  }
}
