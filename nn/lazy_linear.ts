/**
 * A linear map that learns the size of its input.
 *
 * @module
 */

import { ShapeError, type Tensor } from "../tensor/mod.ts";
import { type BiasOptions, Linear } from "./linear.ts";
import { requireInput } from "./require_input.ts";
import { type Late, postpone, settle } from "./settle.ts";

/**
 * A `Linear` that learns the size of its input from the first one, and then is a `Linear`. It has no shape before; its dtype and device can be
 * changed, and an optimizer made.
 *
 * ```ts
 * import { nn, randn } from "@tensaur/tensaur";
 *
 * const layer = new nn.LazyLinear(4);
 * console.log(layer(randn([2, 8])).shape, layer); // torch.Size([2, 4]) Linear(in_features=8, out_features=4, bias=True)
 * ```
 *
 * @throws {ShapeError} in `forward`, for a number
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.LazyLinear.html}
 */
export class LazyLinear extends Linear {
  /** To `outFeatures` numbers. */
  constructor(outFeatures: number, options: BiasOptions = {}) {
    super(0, outFeatures, { ...options, bias: false });
    postpone(this, options);
  }

  /** Nothing is drawn before the size is known. */
  override resetParameters(): void {}

  /** `input` is [..., size]. */
  override forward(input: Tensor): Tensor {
    requireInput(this, "input", input);
    const size = input.shape.at(-1);
    if (size === undefined) throw new ShapeError("Cannot apply LazyLinear to a number: expected a size");
    (this as Late<Linear>).inFeatures = size;
    settle(this, Linear, [this.outFeatures, size], this.outFeatures);
    return this.forward(input);
  }
}
