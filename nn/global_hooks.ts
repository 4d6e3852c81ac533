/**
 * Hooks of every module, for debugging and profiling.
 *
 * @module
 */

import type { HookHandle } from "../tensor/hooks.ts";
import type { BackwardHook, BackwardPreHook } from "./backward_hook.ts";
import type { Module } from "./module.ts";
import { added, everyModule, type ForwardHook, type ForwardHookOptions, type PreHook } from "./module_hooks.ts";

/**
 * Calls `hook` before the `forward` of every module, before the module's own hooks; what it returns replaces the inputs.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * const names: string[] = [];
 * const handle = nn.registerModuleForwardPreHook((module) => void names.push(module.constructor.name));
 * new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU())(ones([1, 2]));
 * handle.remove();
 * console.log(names); // [ "Sequential", "Linear", "ReLU" ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.modules.module.register_module_forward_pre_hook.html}
 */
export function registerModuleForwardPreHook(hook: PreHook<Module>): HookHandle {
  return added(everyModule.before, hook);
}

/**
 * Calls `hook` after the `forward` of every module, before the module's own hooks; what it returns replaces the output. With `alwaysCall:
 * true`, false by default, it is called where `forward` threw, too.
 *
 * ```ts
 * import { nn, ones, type Tensor } from "@tensaur/tensaur";
 *
 * const handle = nn.registerModuleForwardHook((module, _inputs, output) => {
 *   console.log(module.constructor.name, (output as Tensor).shape);
 * });
 * new nn.Linear(2, 3)(ones([1, 2])); // Linear torch.Size([1, 3])
 * handle.remove();
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.modules.module.register_module_forward_hook.html}
 */
export function registerModuleForwardHook(
  hook: ForwardHook<Module>,
  options: Pick<ForwardHookOptions, "alwaysCall"> = {},
): HookHandle {
  return everyModule.addAfter(hook, options);
}

/**
 * Calls `hook` when the gradients of any module's outputs are known, before they flow through it; what it returns replaces them.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * const handle = nn.registerModuleFullBackwardPreHook((_module, [gradOutput]) => gradOutput!.mul(2));
 * const layer = new nn.Linear(2, 1);
 * layer(ones([1, 2])).sum().backward();
 * handle.remove();
 * console.log(layer.bias!.grad); // tensor([2.])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.modules.module.register_module_full_backward_pre_hook.html}
 */
export function registerModuleFullBackwardPreHook(hook: BackwardPreHook<Module>): HookHandle {
  return added(everyModule.beforeBackward, hook);
}

/**
 * Calls `hook` when the gradients of any module's inputs are known; what it returns replaces them.
 *
 * ```ts
 * import { nn, ones } from "@tensaur/tensaur";
 *
 * const handle = nn.registerModuleFullBackwardHook((module, _gradInput, [gradOutput]) => {
 *   console.log(module.constructor.name, gradOutput!.shape);
 * });
 * new nn.Linear(2, 1)(ones([3, 2])).sum().backward(); // Linear torch.Size([3, 1])
 * handle.remove();
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.modules.module.register_module_full_backward_hook.html}
 */
export function registerModuleFullBackwardHook(hook: BackwardHook<Module>): HookHandle {
  return added(everyModule.backward, hook);
}
