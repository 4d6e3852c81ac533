/**
 * What runs around a module's `forward`.
 *
 * @module
 */

import { Tensor } from "../tensor/tensor.ts";
import { type BackwardHook, withBackwardHook } from "./backward_hook.ts";
import type { Module } from "./module.ts";

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

/** The hooks of one module, which `registerForwardPreHook`, `registerForwardHook` and `registerFullBackwardHook` add to. */
export class ModuleHooks {
  /** Called before `forward`. */
  readonly before: Set<PreHook<Module>>;
  /** Called after `forward`. */
  readonly after: Set<ForwardHook<Module>>;
  /** Called when gradients of the inputs are known. */
  readonly backward: Set<BackwardHook<Module>>;

  /** Those of `others`, or none. */
  constructor(others?: ModuleHooks) {
    this.before = new Set(others?.before);
    this.after = new Set(others?.after);
    this.backward = new Set(others?.backward);
  }

  /** What the module makes of its inputs. */
  run(module: Module, inputs: readonly unknown[], forward: (inputs: readonly unknown[]) => unknown): unknown {
    for (const hook of this.before) {
      const result = hook(module, inputs);
      if (result !== undefined) inputs = Array.isArray(result) ? result : [result];
    }
    const run = (inputs: readonly unknown[]): unknown => {
      let output = forward(inputs);
      for (const hook of this.after) output = hook(module, inputs, output) ?? output;
      return output;
    };
    if (this.backward.size === 0) return run(inputs);
    return withBackwardHook(inputs, (gradInput, gradOutput) => {
      let result = gradInput;
      for (const hook of this.backward) {
        const other = hook(module, result, gradOutput);
        if (other !== undefined) result = other instanceof Tensor ? [other] : other;
      }
      return result;
    }, run);
  }
}
