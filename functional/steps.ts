/**
 * A sequence as its steps.
 *
 * @module
 */

import { slice } from "../kernels/mod.ts";
import { GradFn, releasedError } from "../tensor/grad_fn.ts";
import { isGradEnabled } from "../tensor/grad_mode.ts";
import { Tensor } from "../tensor/tensor.ts";
import { filled } from "./host.ts";
import { cat } from "./movement/cat.ts";
import { rangesOf } from "./movement/slice.ts";

/** The pieces of one tensor along its first dimension. Their gradients are joined once, however many there are. */
class Steps extends GradFn {
  #sizes: readonly number[] | undefined;

  constructor(x: Tensor, sizes: readonly number[]) {
    super("steps", [x.edge]);
    this.#sizes = sizes;
  }

  override apply(grads: readonly (Tensor | undefined)[]): (Tensor | undefined)[] {
    if (this.#sizes === undefined) throw releasedError(this.operation);
    const { shape, dtype, device } = grads.find((grad) => grad !== undefined)!;
    return [cat(this.#sizes.map((size, i) => grads[i] ?? filled([size, ...shape.slice(1)], 0, dtype, device)))];
  }

  override release(): void {
    this.#sizes = undefined;
  }
}

/** Pieces of `sizes` rows of `x`, one after another, that nobody writes to. */
export function stepsOf(x: Tensor, sizes: readonly number[]): Tensor[] {
  const shape = x.node.shape, gradFn = isGradEnabled() && x.requiresGrad ? new Steps(x, sizes) : undefined;
  let start = 0;
  return sizes.map((size, outputIndex) => {
    const node = slice(x.node, rangesOf(shape, 0, start, size));
    start += size;
    return new Tensor(node, { gradFn, outputIndex });
  });
}
