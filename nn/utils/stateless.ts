/**
 * Modules as functions of their parameters.
 *
 * @module
 */

import { IndexError, type Tensor } from "../../tensor/mod.ts";
import type { Module } from "../module.ts";

/**
 * What a module makes of `args` with other tensors in the place of those named; the module stays as it is. Gradients flow to the tensors given. A
 * tensor that occurs under several names is replaced under all of them.
 *
 * Throws `IndexError` where the module has no parameter or buffer of a name.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * const layer = new nn.Linear(2, 1), weight = ones([1, 2], { requiresGrad: true });
 * nn.utils.stateless.functionalCall(layer, { weight }, ones([3, 2])).sum().backward();
 * console.log(weight.grad); // tensor([[3., 3.]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.func.functional_call.html}
 */
export function functionalCall<M extends Module>(
  module: M,
  tensors: Readonly<Record<string, Tensor>>,
  ...args: Parameters<M["forward"]>
): ReturnType<M["forward"]> {
  const own = new Map<string, Tensor>([...module.namedParameters(), ...module.namedBuffers()]);
  const others = new Map(
    Object.entries(tensors).map(([name, tensor]) => {
      const present = own.get(name) ?? hidden(module, name);
      if (present === undefined) throw new IndexError(`Cannot replace "${name}": ${module.constructor.name} has none`);
      return [present, tensor];
    }),
  );
  const changed: [Module, string, Tensor][] = [];
  for (const part of module.modules()) {
    for (const field of Object.keys(part)) {
      const value = Reflect.get(part, field) as Tensor, other = others.get(value);
      if (other === undefined) continue;
      changed.push([part, field, value]);
      Reflect.set(part, field, other);
    }
  }
  try {
    return (module as unknown as (...args: unknown[]) => ReturnType<M["forward"]>)(...args);
  } finally {
    for (const [part, field, value] of changed) Reflect.set(part, field, value);
  }
}

/** What is in a state dict under a name that is not the first one of its tensor. */
function hidden(module: Module, name: string): Tensor | undefined {
  return module.stateDict({ keepVars: true })[name];
}
