/**
 * What runs around a module's `forward`, and around saving and loading it.
 *
 * @module
 */

import type { HookHandle } from "../tensor/hooks.ts";
import { type BackwardHook, type BackwardPreHook, type Gradients, withBackwardHooks } from "./backward_hook.ts";
import type { Module } from "./module.ts";
import type { LoadPostHook, LoadPreHook, StatePostHook, StatePreHook } from "./state_hooks.ts";

/** What `forward` is given: of a module whose class says nothing, anything. */
export type InputsOf<M extends Module> = Parameters<M["forward"]> extends never[] ? readonly unknown[]
  : Parameters<M["forward"]>;

/** Called before `forward`; what it returns replaces the inputs. */
export type PreHook<M extends Module> = (module: M, inputs: InputsOf<M>) => unknown;

/** Called after `forward`; what it returns replaces the output. */
export type ForwardHook<M extends Module> = (
  module: M,
  inputs: InputsOf<M>,
  output: ReturnType<M["forward"]>,
) => unknown;

/** Where a hook comes among others. */
export interface HookOptions {
  /** Whether it is called before those that are there. Default false. */
  readonly prepend?: boolean;
}

/** Where a hook comes among others, and whether an error keeps it from being called. */
export interface ForwardHookOptions extends HookOptions {
  /** Whether it is called, with undefined as the output, where `forward` or a hook before it threw. Default false. */
  readonly alwaysCall?: boolean;
}

/** Adds a hook to others. */
export function added<H>(hooks: Set<H>, hook: H, { prepend = false }: HookOptions = {}): HookHandle {
  const later = prepend ? [...hooks] : [];
  if (prepend) hooks.clear();
  for (const each of [hook, ...later]) hooks.add(each);
  return { remove: () => void hooks.delete(hook) };
}

/**
 * The hooks of one module, or those of all, to which the `register…Hook` methods and functions add.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const hooks: nn.ModuleHooks = nn.Module.hooksOf(new nn.ReLU());
 * console.log(hooks.before.size, hooks.runs); // 0 false
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_forward_hook}
 */
export class ModuleHooks {
  /** Called before `forward`. */
  readonly before: Set<PreHook<Module>>;
  /** Called after `forward`. */
  readonly after: Set<ForwardHook<Module>>;
  /** Those of `after` that are called after an error, too. */
  readonly always: Set<ForwardHook<Module>>;
  /** Called when gradients of the outputs are known. */
  readonly beforeBackward: Set<BackwardPreHook<Module>>;
  /** Called when gradients of the inputs are known. */
  readonly backward: Set<BackwardHook<Module>>;
  /** Called before the state dict is made. */
  readonly beforeState: Set<StatePreHook<Module>>;
  /** Called when the state dict is made. */
  readonly afterState: Set<StatePostHook<Module>>;
  /** Called before a state dict is loaded. */
  readonly beforeLoad: Set<LoadPreHook<Module>>;
  /** Called when a state dict is loaded. */
  readonly afterLoad: Set<LoadPostHook<Module>>;

  /** Those of `others`, or none. */
  constructor(others?: ModuleHooks) {
    this.before = new Set(others?.before);
    this.after = new Set(others?.after);
    this.always = new Set(others?.always);
    this.beforeBackward = new Set(others?.beforeBackward);
    this.backward = new Set(others?.backward);
    this.beforeState = new Set(others?.beforeState);
    this.afterState = new Set(others?.afterState);
    this.beforeLoad = new Set(others?.beforeLoad);
    this.afterLoad = new Set(others?.afterLoad);
  }

  /** Whether there is something to call around `forward`. */
  get runs(): boolean {
    return this.before.size + this.after.size + this.beforeBackward.size + this.backward.size > 0;
  }

  /** Adds a hook to those called after `forward`. */
  addAfter(hook: ForwardHook<Module>, { alwaysCall = false, ...options }: ForwardHookOptions): HookHandle {
    const handle = added(this.after, hook, options);
    if (!alwaysCall) return handle;
    this.always.add(hook);
    return {
      remove: () => {
        handle.remove();
        this.always.delete(hook);
      },
    };
  }
}

/** The hooks of every module, which come before its own. */
export const everyModule: ModuleHooks = new ModuleHooks();

/** What a module makes of its inputs, with its hooks. */
export function runHooked(
  module: Module,
  own: ModuleHooks,
  inputs: readonly unknown[],
  forward: (inputs: readonly unknown[]) => unknown,
): unknown {
  const called = new Set<ForwardHook<Module>>();
  const run = (inputs: readonly unknown[]): unknown => {
    let output = forward(inputs);
    for (const hook of both(everyModule.after, own.after)) {
      called.add(hook);
      output = hook(module, inputs, output) ?? output;
    }
    return output;
  };
  try {
    for (const hook of both(everyModule.before, own.before)) {
      const result = hook(module, inputs);
      if (result !== undefined) inputs = Array.isArray(result) ? result : [result];
    }
    const before = both(everyModule.beforeBackward, own.beforeBackward),
      after = both(everyModule.backward, own.backward);
    if (before.size + after.size === 0) return run(inputs);
    return withBackwardHooks(inputs, {
      before: (gradOutput) => folded(before, gradOutput, (hook, gradients) => hook(module, gradients)),
      after: (gradInput, gradOutput) =>
        folded(after, gradInput, (hook, gradients) => hook(module, gradients, gradOutput)),
    }, run);
  } catch (error) {
    for (const hook of both(everyModule.always, own.always)) if (!called.has(hook)) hook(module, inputs, undefined);
    throw error;
  }
}

/** The hooks of all modules, then those of one. */
function both<H>(all: ReadonlySet<H>, own: ReadonlySet<H>): ReadonlySet<H> {
  return all.size === 0 ? own : new Set([...all, ...own]);
}

/** Gradients after each hook had the chance to give others. */
function folded<H>(
  hooks: ReadonlySet<H>,
  gradients: Gradients,
  call: (hook: H, gradients: Gradients) => Gradients | Gradients[number] | void,
): Gradients {
  for (const hook of hooks) {
    const others = call(hook, gradients) ?? undefined;
    if (others !== undefined) gradients = Array.isArray(others) ? others : [others as Gradients[number]];
  }
  return gradients;
}
