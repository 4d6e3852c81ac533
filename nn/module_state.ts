/**
 * A module's state by name: what is saved of it, and loading what was saved.
 *
 * @module
 */

import { TensaurError } from "../tensor/mod.ts";
import { pythonValue } from "../tensor/python_format.ts";
import { noGrad } from "../tensor/grad_mode.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { Module } from "./module.ts";

/** Parameters and persistent buffers under PyTorch's names, in its order. */
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
    readonly missingKeys: readonly string[],
    /** In the state only. */
    readonly unexpectedKeys: readonly string[],
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

/** Copies the tensors of `state` into those of `own`, which belong to `module`. */
export function loadState(module: Module, own: StateDict, state: Readonly<StateDict>, strict: boolean): LoadResult {
  const missingKeys = Object.keys(own).filter((key) => !Object.hasOwn(state, key));
  const unexpectedKeys = Object.keys(state).filter((key) => !Object.hasOwn(own, key));
  const problems: string[] = [];
  if (strict && missingKeys.length > 0) problems.push(`Missing key(s) in state_dict: ${quoted(missingKeys)}. `);
  if (strict && unexpectedKeys.length > 0) {
    problems.push(`Unexpected key(s) in state_dict: ${quoted(unexpectedKeys)}. `);
  }

  const shared = Object.keys(own).filter((key) => Object.hasOwn(state, key));
  for (const key of shared) {
    const from = state[key], to = own[key]!;
    if (!(from instanceof Tensor)) {
      problems.push(`While copying the parameter named "${key}", expected a Tensor but received ${typeof from}.`);
    } else if (from.shape.join() !== to.shape.join()) {
      problems.push(
        `size mismatch for ${key}: copying a param with shape ${from.shape} from checkpoint, ` +
          `the shape in current model is ${to.shape}.`,
      );
    }
  }
  if (problems.length > 0) {
    const report = problems.map((problem) => `\n\t${problem}`).join("");
    throw new TensaurError(`Error(s) in loading state_dict for ${module.constructor.name}:${report}`);
  }
  noGrad(() => {
    for (const key of shared) own[key]!.copy_(state[key]!);
  });
  return new LoadResult(missingKeys, unexpectedKeys);
}

function quoted(keys: readonly string[]): string {
  return keys.map((key) => `"${key}"`).join(", ");
}
