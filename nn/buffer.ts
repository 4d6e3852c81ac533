/**
 * Tensors that belong to a module without being learned.
 *
 * @module
 */

import { Tensor } from "../tensor/mod.ts";

/**
 * A tensor that counts as a buffer of the module whose field it is: it moves with the module and, unless `persistent` is false, is saved
 * with it, but is not learned. From the first time the module lists its tensors the field is a buffer, whatever tensor it is given.
 *
 * ```ts
 * import { nn, zeros } from "@tensaur/tensaur";
 *
 * class Counter extends nn.Module {
 *   total = new nn.Buffer(zeros([]));
 *   latest = new nn.Buffer(zeros([]), { persistent: false });
 * }
 * const counter = new Counter();
 * console.log(counter.parameters().length, counter.buffers().length, Object.keys(counter.stateDict())); // 0 2 [ "total" ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.parameter.Buffer.html}
 */
export class Buffer extends Tensor {
  /** Whether a state dict has it. */
  readonly persistent: boolean;

  /** A buffer with the elements of `data`. */
  constructor(data: Tensor, { persistent = true }: { readonly persistent?: boolean } = {}) {
    super(data.node);
    this.requiresGrad = data.requiresGrad;
    this.persistent = persistent;
  }
}
