/**
 * Loading what was saved of a module.
 *
 * @module
 */

import { noGrad, TensaurError } from "../tensor/mod.ts";
import { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import { type Field, ModuleTree } from "./module_tree.ts";
import { Parameter } from "./parameter.ts";
import { EXTRA_STATE, LoadResult, type StateDict } from "./module_state.ts";
import { isLazy } from "./uninitialized.ts";

/** Options of `loadStateDict`. */
export interface LoadOptions {
  /** Whether every name must be in both. Default true. */
  readonly strict?: boolean;
  /**
   * Whether the tensors of the state take the place of the module's, with their dtype and device, rather than being copied into them. Default
   * false.
   */
  readonly assign?: boolean;
}

/** Finds for each tensor of a module and of those below it what a state has for it, then writes all of them, or none. */
class Loading {
  readonly result = new LoadResult([], []);
  readonly errorMsgs: string[] = [];
  readonly #strict: boolean;
  readonly #assign: boolean;
  /** What is to be done when nothing is in the way. */
  readonly #writes: (() => void)[] = [];
  readonly #afterwards: (() => void)[] = [];

  constructor({ strict = true, assign = false }: LoadOptions) {
    this.#strict = strict;
    this.#assign = assign;
  }

  /** Takes what belongs to a module, whose names begin with `prefix`. */
  visit(module: Module, state: StateDict, prefix: string): void {
    const { beforeLoad, afterLoad } = Module.hooksOf(module), { missingKeys, unexpectedKeys } = this.result;
    for (const hook of beforeLoad) {
      hook(module, state, prefix, { strict: this.#strict, missingKeys, unexpectedKeys, errorMsgs: this.errorMsgs });
    }
    const own = new Set<string>(), children = ModuleTree.childrenOf(module);
    const buffers = ModuleTree.buffersOf(module).filter(({ persistent }) => persistent);
    for (const field of [...ModuleTree.parametersOf(module), ...buffers]) {
      own.add(field.key);
      if (Object.hasOwn(state, prefix + field.key)) this.#take(module, field, prefix + field.key, state);
      else missingKeys.push(prefix + field.key);
    }
    if (module.setExtraState !== Module.prototype.setExtraState) {
      own.add(EXTRA_STATE);
      const key = prefix + EXTRA_STATE;
      if (Object.hasOwn(state, key)) this.#writes.push(() => module.setExtraState(state[key]));
      else missingKeys.push(key);
    }
    for (const key of Object.keys(state)) {
      if (!key.startsWith(prefix)) continue;
      const name = key.slice(prefix.length), dot = name.indexOf(".");
      const known = own.has(name) || (dot >= 0 && children.some((child) => child.key === name.slice(0, dot)));
      if (!known) unexpectedKeys.push(key);
    }
    for (const child of children) {
      const below = `${prefix}${child.key}.`;
      const entries = Object.entries(state).filter(([key]) => key.startsWith(below));
      this.visit(child.value, Object.fromEntries(entries), below);
    }
    for (const hook of afterLoad) this.#afterwards.push(() => hook(module, this.result));
  }

  /** Looks at what a state has for a field. */
  #take(module: Module, { name, value: to }: Field<Tensor>, key: string, state: StateDict): void {
    let from = state[key]!;
    if (!(from instanceof Tensor)) {
      this.errorMsgs.push(`While copying the parameter named "${key}", expected a Tensor but received ${typeof from}.`);
      return;
    }
    if (isLazy(to)) {
      if (isLazy(from)) return;
      const { shape } = from;
      this.#writes.push(() => to.materialize(shape));
    } else if (isLazy(from)) {
      this.errorMsgs.push(`While copying the parameter named "${key}", expected elements but received ${from}.`);
      return;
    } else {
      // PyTorch 0.3 saved numbers as lists of one.
      if (to.ndim === 0 && from.ndim === 1 && from.numel() === 1) from = from.reshape([]);
      if (from.shape.join() !== to.shape.join()) {
        this.errorMsgs.push(
          `size mismatch for ${key}: copying a param with shape ${from.shape} from checkpoint, ` +
            `the shape in current model is ${to.shape}.`,
        );
        return;
      }
    }
    this.#writes.push(() => {
      if (this.#assign) Reflect.set(module, name, inPlaceOf(to, from));
      else to.copy_(from);
    });
  }

  /** Writes what was found; throws what was in the way. */
  finish(name: string): LoadResult {
    // Hooks may yet clear names that are missing, once all is written; nothing else is written in vain.
    if (this.#afterwards.length === 0 || this.errorMsgs.length > 0) this.#refuse(name);
    noGrad(() => {
      for (const write of this.#writes) write();
    });
    for (const call of this.#afterwards) call();
    this.#refuse(name);
    return this.result;
  }

  #refuse(name: string): void {
    const { missingKeys, unexpectedKeys } = this.result, problems: string[] = [];
    if (this.#strict && missingKeys.length > 0) {
      problems.push(`Missing key(s) in state_dict: ${quoted(missingKeys)}. `);
    }
    if (this.#strict && unexpectedKeys.length > 0) {
      problems.push(`Unexpected key(s) in state_dict: ${quoted(unexpectedKeys)}. `);
    }
    problems.push(...this.errorMsgs);
    if (problems.length === 0) return;
    const report = problems.map((problem) => `\n\t${problem}`).join("");
    throw new TensaurError(`Error(s) in loading state_dict for ${name}:${report}`);
  }
}

/** Loads a state into a module and those below it, with their hooks. */
export function loadState(module: Module, state: Readonly<StateDict>, options: LoadOptions): LoadResult {
  const loading = new Loading(options);
  loading.visit(module, { ...state }, "");
  return loading.finish(module.constructor.name);
}

/** A tensor that takes the place of another, and is a parameter where that is one. */
function inPlaceOf(old: Tensor, tensor: Tensor): Tensor {
  if (!(old instanceof Parameter)) return tensor;
  const { requiresGrad } = old;
  const parameter = tensor instanceof Parameter ? tensor : new Parameter(tensor);
  parameter.requiresGrad = requiresGrad;
  return parameter;
}

function quoted(keys: readonly string[]): string {
  return keys.map((key) => `"${key}"`).join(", ");
}
