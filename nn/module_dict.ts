/**
 * Modules by name.
 *
 * @module
 */

import { IndexError } from "../tensor/mod.ts";
import { Container } from "./container.ts";
import { Module } from "./module.ts";
import { requireModule } from "./require_module.ts";

/**
 * Modules under names, whose parameters belong to the module that it is a field of. It has no `forward`. Saved names begin with the given
 * ones.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const activations = new nn.ModuleDict({ relu: new nn.ReLU(), tanh: new nn.Tanh() });
 * console.log(activations.keys()); // [ "relu", "tanh" ]
 * console.log(activations.get("relu")(tensor([-1.5, 2]))); // tensor([0., 2.])
 * ```
 *
 * @throws {IndexError} in `get`, for a name that it lacks
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.ModuleDict.html}
 */
export class ModuleDict<T extends Module = Module> extends Container implements Iterable<[string, T]> {
  /** A dictionary of `modules`. */
  constructor(modules: Readonly<Record<string, T>> | Iterable<readonly [string, T]> = {}) {
    super();
    this.update(modules);
  }

  /** Number of modules. */
  get size(): number {
    return this.keys().length;
  }

  /** Whether there is a module of this name. */
  has(name: string): boolean {
    return Object.hasOwn(this, name) && Reflect.get(this, name) instanceof Module;
  }

  /** The module of this name. */
  get(name: string): T {
    if (!this.has(name)) throw new IndexError(`Cannot find "${name}" among the modules ${this.keys().join(", ")}`);
    return Reflect.get(this, name) as T;
  }

  /** Puts a module under a name. */
  set(name: string, module: T): this {
    requireModule(this, module);
    this.registerModule(name, module);
    return this;
  }

  /** Takes the module of this name out and returns it. */
  pop(name: string): T {
    const module = this.get(name);
    this.unregister(name);
    return module;
  }

  /** Takes all modules out. */
  clear(): void {
    for (const name of this.keys()) this.pop(name);
  }

  /** Puts all of `modules` under their names. */
  update(modules: Readonly<Record<string, T>> | Iterable<readonly [string, T]>): this {
    for (const [name, module] of Symbol.iterator in modules ? modules : Object.entries(modules)) this.set(name, module);
    return this;
  }

  /** The names. */
  keys(): string[] {
    return this.fieldNames().filter((name) => this.has(name));
  }

  /** The modules. */
  values(): T[] {
    return this.keys().map((name) => this.get(name));
  }

  /** The names and the modules. */
  entries(): [string, T][] {
    return this.keys().map((name) => [name, this.get(name)]);
  }

  /** The names and the modules. */
  *[Symbol.iterator](): Iterator<[string, T]> {
    yield* this.entries();
  }
}
