/**
 * Hooks: looking at gradients, and changing them, while they flow.
 *
 * @module
 */

import { AutogradError, sameShape } from "../kernels/mod.ts";
import { AccumulateGrad, type Edge, type GradHook } from "./grad_fn.ts";
import type { Tensor } from "./tensor.ts";

/** Takes a hook away again. */
export interface HookHandle {
  /** From here on the hook is not called. */
  remove(): void;
}

/**
 * Calls `hook` with the gradient of `x` whenever one is computed; a tensor that it returns takes the gradient's place.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Tensor.register_hook.html}
 */
export function registerHook(x: Tensor, hook: (grad: Tensor) => Tensor | void): HookHandle {
  const { fn, index } = edgeOf(x, "register a hook on");
  return added<GradHook>(fn.hooks, (grads) => {
    const grad = grads[index];
    if (grad === undefined) return;
    const replacement = hook(grad) ?? grad;
    if (!sameShape(replacement.shape, grad.shape)) {
      throw new AutogradError(
        `Cannot replace a gradient of shape [${grad.shape.join(", ")}] by one of shape [${
          replacement.shape.join(", ")
        }] in a hook`,
      );
    }
    grads[index] = replacement;
  });
}

/**
 * Calls `hook` with the leaf `x` each time its `grad` has been updated.
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.Tensor.register_post_accumulate_grad_hook.html}
 */
export function registerPostAccumulateGradHook(x: Tensor, hook: (leaf: Tensor) => void): HookHandle {
  const { fn } = edgeOf(x, "register a post-accumulate hook on");
  if (!(fn instanceof AccumulateGrad)) {
    throw new AutogradError(
      "Cannot register a post-accumulate hook on a tensor that an operation made: only leaves accumulate",
    );
  }
  return added(fn.afterwards, hook);
}

/** Keeps the gradient of `x` in its `grad`, as leaves do. */
export function retainGrad(x: Tensor): void {
  const { fn, index } = edgeOf(x, "retain the gradient of");
  if (!x.isLeaf) fn.retained.set(index, x);
}

/** Whether `retainGrad` was called on a tensor that an operation made. */
export function retainsGrad(x: Tensor): boolean {
  const { edge } = x;
  return edge !== undefined && !x.isLeaf && edge.fn.retained.get(edge.index) === x;
}

function added<H>(hooks: Set<H>, hook: H): HookHandle {
  hooks.add(hook);
  return { remove: () => void hooks.delete(hook) };
}

function edgeOf(x: Tensor, action: string): Edge {
  const edge = x.edge;
  if (edge === undefined) throw new AutogradError(`Cannot ${action} a tensor that does not require grad`);
  return edge;
}
