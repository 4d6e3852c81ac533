/**
 * The optimizer that is not here, and why.
 *
 * @module
 */

import { TensaurError } from "../tensor/mod.ts";

/**
 * Not available: PyTorch's `SparseAdam` is Adam for sparse gradients, and gradients here are always dense, those of `Embedding`
 * included. Making one throws an error that says so; use `Adam`, whose steps differ only in that the running means of rows without
 * a gradient go on.
 *
 * ```ts
 * import { nn, optim } from "@tensaur/tensaur";
 *
 * const embedding = new nn.Embedding(10, 3);
 * const optimizer = new optim.Adam(embedding.parameters()); // not SparseAdam
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.optim.SparseAdam.html}
 */
export class SparseAdam {
  /** Throws. */
  constructor(..._arguments: readonly unknown[]) {
    throw new TensaurError(
      "Cannot make SparseAdam: there are no sparse gradients here. Use Adam, which takes dense ones",
    );
  }
}
