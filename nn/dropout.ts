/**
 * Dropout.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { type Tensor, ValueError } from "../tensor/mod.ts";
import { pythonValue } from "../tensor/python_format.ts";
import { optionsOf } from "../tensor/arguments.ts";
import { Module } from "./module.ts";

/** Options of `Dropout`. */
export interface DropoutOptions {
  /** The probability of an element to be zeroed. Default 0.5. */
  readonly p?: number;
  /** Whether the input itself is overwritten. Default false. */
  readonly inplace?: boolean;
}

/**
 * While training, zeroes elements with probability `p` and scales the others by 1 / (1 - p).
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Dropout.html}
 */
export class Dropout extends Module {
  /** The probability of an element to be zeroed. */
  readonly p: number;
  /** Whether the input itself is overwritten. */
  readonly inplace: boolean;

  /** Zeroes elements with probability `p`. */
  constructor(probability?: number | DropoutOptions, options?: DropoutOptions) {
    super();
    const { p = 0.5, inplace = false } = optionsOf<DropoutOptions>(["p"], probability, options);
    if (!(p >= 0 && p <= 1)) {
      throw new ValueError(`Cannot drop elements with probability ${p}: expected a number from 0 to 1`);
    }
    this.p = p;
    this.inplace = inplace;
  }

  /** `input` with elements zeroed while training. */
  override forward(input: Tensor): Tensor {
    const output = F.dropout(input, { p: this.p, training: this.training });
    return this.inplace ? input.copy_(output) : output;
  }

  /** PyTorch's words. */
  override extraRepr(): string {
    return `p=${pythonValue(this.p)}, inplace=${pythonValue(this.inplace)}`;
  }
}
