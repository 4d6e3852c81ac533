/**
 * A module's state by name: what is saved of it, and what loading it found.
 *
 * @module
 */

import { pythonValue } from "../tensor/python_format.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { ModuleTree } from "./module_tree.ts";
import type { Module } from "./module.ts";
import type { ModuleHooks } from "./module_hooks.ts";
import { isLazy } from "./uninitialized.ts";

/**
 * Parameters and persistent buffers under PyTorch's names, in its order. Where a module has `getExtraState`, what that returns is among
 * them, whatever it is.
 */
export type StateDict = Record<string, Tensor>;

/**
 * What `loadStateDict` returns: the names that a loaded state and the module did not share. Prints in PyTorch's words.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer = new nn.Linear(2, 1), { weight } = layer.stateDict();
 * console.log(layer.loadStateDict({ weight: weight! }, { strict: false }).missingKeys); // [ "bias" ]
 * console.log(layer.loadStateDict(layer.stateDict())); // <All keys matched successfully>
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.load_state_dict}
 */
export class LoadResult {
  /** The names that were in one only. */
  constructor(
    /** In the module only. */
    readonly missingKeys: string[],
    /** In the state only. */
    readonly unexpectedKeys: string[],
  ) {}

  /** PyTorch's words. */
  toString(): string {
    const { missingKeys, unexpectedKeys } = this;
    if (missingKeys.length + unexpectedKeys.length === 0) return "<All keys matched successfully>";
    const list = (keys: readonly string[]): string => `[${keys.map((key) => pythonValue(key)).join(", ")}]`;
    return `_IncompatibleKeys(missing_keys=${list(missingKeys)}, unexpected_keys=${list(unexpectedKeys)})`;
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

/** Options of `stateDict`. */
export interface StateDictOptions {
  /** What the names begin with. Default "". */
  readonly prefix?: string;
  /** Whether the tensors are the module's own, with their place in the autograd graph, rather than detached. Default false. */
  readonly keepVars?: boolean;
  /** What the entries are added to; a new object by default. */
  readonly destination?: StateDict;
}

/** The name of what `getExtraState` gives. */
export const EXTRA_STATE = "_extra_state";

/** The state of a module and of those below it, with its hooks; `extra` is of the module itself, where it has any. */
export function stateOf(
  module: Module,
  hooks: ModuleHooks,
  { prefix = "", keepVars = false, destination: state = {} }: StateDictOptions,
  extra: (() => unknown) | undefined,
): StateDict {
  for (const hook of hooks.beforeState) hook(module, prefix, keepVars);
  const buffers = ModuleTree.buffersOf(module).filter(({ persistent }) => persistent);
  for (const { key, value } of [...ModuleTree.parametersOf(module), ...buffers]) {
    state[prefix + key] = keepVars || isLazy(value) ? value : value.detach();
  }
  if (extra !== undefined) state[prefix + EXTRA_STATE] = extra() as Tensor;
  for (const { key, value } of ModuleTree.childrenOf(module)) {
    value.stateDict({ prefix: `${prefix}${key}.`, keepVars, destination: state });
  }
  for (const hook of hooks.afterState) hook(module, state, prefix);
  return state;
}
