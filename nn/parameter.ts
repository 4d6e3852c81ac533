/**
 * Tensors that a module learns.
 *
 * @module
 */

import { formatTensor, Tensor } from "../tensor/mod.ts";

/**
 * A tensor that counts as a parameter of the module whose field it is.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * class Scale extends nn.Module {
 *   factor = new nn.Parameter(ones([3]));
 * }
 * console.log(new Scale().parameters().length); // 1
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.parameter.Parameter.html}
 */
export class Parameter extends Tensor {
  /** A parameter with the elements of `data`. */
  constructor(data: Tensor, { requiresGrad = true }: { readonly requiresGrad?: boolean } = {}) {
    super(data.node);
    this.requiresGrad = requiresGrad;
  }

  /** PyTorch's `str(parameter)`. */
  override toString(): string {
    return `Parameter containing:\n${formatTensor(this)}`;
  }

  /** The same in a template. */
  override [Symbol.toPrimitive](hint: string): string {
    return hint === "string" ? this.toString() : super[Symbol.toPrimitive](hint);
  }

  /** What `console.log` shows. */
  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }

  /** The same in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}
