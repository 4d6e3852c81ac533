/**
 * Differentiation as methods.
 *
 * @module
 */

import { backward, type BackwardOptions } from "../autograd.ts";
import { type HookHandle, registerHook, registerPostAccumulateGradHook, retainGrad, retainsGrad } from "../hooks.ts";
import { requireTensor } from "../require_tensor.ts";
import { Tensor } from "../tensor.ts";
import { getters, type Implementations, methods } from "./define.ts";

/** Differentiation. */
export interface AutogradMethods {
  /**
   * Adds the gradients of x with respect to the graph's leaves to their `grad`; `gradient` is that of x itself, which a tensor of one
   * element does not need: `loss.backward()`, `y.backward(gradient)`, `loss.backward({ retainGraph: true })`.
   */
  backward(gradient?: Tensor | BackwardOptions | null, options?: BackwardOptions): void;
  /** Makes operations on this leaf be recorded for differentiation, or not. */
  requiresGrad_(value?: boolean): Tensor;
  /** Keeps the gradient of this tensor in `grad`, as leaves do. */
  retainGrad(): void;
  /** Calls `hook` with the gradient whenever one is computed; a tensor that it returns takes its place. */
  registerHook(hook: (grad: Tensor) => Tensor | void): HookHandle;
  /** Calls `hook` with this leaf each time its `grad` has been updated. */
  registerPostAccumulateGradHook(hook: (leaf: Tensor) => void): HookHandle;
}

/** What is known of gradients. */
export interface AutogradProperties {
  /** Whether a tensor that an operation made keeps its gradient in `grad`, by `retainGrad()`. */
  readonly retainsGrad: boolean;
}

const functions: Implementations<AutogradMethods> = {
  backward(x, gradient, options) {
    if (gradient instanceof Tensor || gradient == null) backward(x, gradient ?? null, options);
    else {
      if (typeof gradient !== "object" || Array.isArray(gradient)) requireTensor("backward", "gradient", gradient);
      backward(x, null, gradient);
    }
  },
  requiresGrad_(x, value = true) {
    x.requiresGrad = value;
    return x;
  },
  retainGrad,
  registerHook,
  registerPostAccumulateGradHook,
};

/** Descriptors for the prototype. */
export const autograd: PropertyDescriptorMap = {
  ...methods(functions),
  ...getters<AutogradProperties>({ retainsGrad }),
};
