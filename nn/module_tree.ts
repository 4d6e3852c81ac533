/**
 * What a module is made of: its fields, and those of the modules below it, by name.
 *
 * @module
 */

import { IndexError, ValueError } from "../tensor/mod.ts";
import { pythonName } from "../tensor/python_format.ts";
import { Tensor } from "../tensor/tensor.ts";
import { Buffer } from "./buffer.ts";
import { Callable } from "./callable.ts";
import type { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";

/** Options of `namedModules`. */
export interface NamedModulesOptions {
  /** What the names begin with. */
  readonly prefix?: string;
  /** Whether what occurs under several names is listed under the first one only. Default true. */
  readonly removeDuplicate?: boolean;
}

/** Options of `namedParameters` and `namedBuffers`. */
export interface NamedOptions extends NamedModulesOptions {
  /** Whether modules below are included. Default true. */
  readonly recurse?: boolean;
}

/** A field of a module. */
export interface Field<T = unknown> {
  /** What the class calls it. */
  readonly name: string;
  /** What it is called in a state dict. */
  readonly key: string;
  /** What it holds. */
  readonly value: T;
  /** Whether a buffer is saved; undefined where the field is none. */
  readonly persistent: boolean | undefined;
}

/**
 * Base of `Module`: the parameters, buffers and modules that are its fields, in the order of their definition, and their names.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const tree: nn.ModuleTree = new nn.Sequential(new nn.Linear(2, 3));
 * console.log(tree.namedParameters().map(([name]) => name)); // [ "0.weight", "0.bias" ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Module.html}
 */
export abstract class ModuleTree extends Callable {
  /** Names of the fields that are buffers, and whether they are saved. */
  readonly #buffers = new Map<string, boolean>();

  /** The name under which a field is saved and printed. */
  protected keyOf(field: string): string {
    return pythonName(field);
  }

  /** The names of the fields, in the order of their definition. */
  protected fieldNames(): string[] {
    return Object.keys(this);
  }

  /**
   * A module's fields, and the names they are saved under.
   *
   * @ignore
   */
  static fieldsOf(module: ModuleTree): Field[] {
    return module.fieldNames().map((name) => {
      const value: unknown = Reflect.get(module, name);
      if (value instanceof Buffer) module.#buffers.set(name, value.persistent);
      return { name, key: module.keyOf(name), value, persistent: module.#buffers.get(name) };
    });
  }

  /**
   * Those of a module's fields that are parameters.
   *
   * @ignore
   */
  static parametersOf(module: ModuleTree): Field<Parameter>[] {
    return ModuleTree.fieldsOf(module).filter((field): field is Field<Parameter> => field.value instanceof Parameter);
  }

  /**
   * Those of a module's fields that are buffers.
   *
   * @ignore
   */
  static buffersOf(module: ModuleTree): Field<Tensor>[] {
    return ModuleTree.fieldsOf(module).filter((field): field is Field<Tensor> =>
      field.persistent !== undefined && field.value instanceof Tensor
    );
  }

  /**
   * Those of a module's fields that are modules.
   *
   * @ignore
   */
  static childrenOf(module: ModuleTree): Field<Module>[] {
    return ModuleTree.fieldsOf(module).filter((field): field is Field<Module> => field.value instanceof ModuleTree);
  }

  /** Takes over which fields of another module are buffers. */
  protected declareBuffersOf(other: ModuleTree): void {
    for (const [name, persistent] of other.#buffers) this.#buffers.set(name, persistent);
  }

  #setField(kind: string, name: string, value: unknown): void {
    if (name === "" || name.includes(".")) {
      throw new ValueError(`Cannot register a ${kind} as "${name}": a name is not empty and has no dots`);
    }
    if (name in this && !Object.hasOwn(this, name)) {
      throw new ValueError(
        `Cannot register a ${kind} as "${name}": ${this.constructor.name} has an attribute of that name`,
      );
    }
    Reflect.set(this, name, value);
  }

  /** Adds a parameter under a name that is computed; otherwise just set a field. */
  registerParameter(name: string, parameter: Parameter | null): void {
    this.#setField("parameter", name, parameter);
  }

  /** Adds a child under a name that is computed; otherwise just set a field. */
  registerModule(name: string, module: Module | null): void {
    this.#setField("module", name, module);
  }

  /** Adds a child under a name that is computed; otherwise just set a field. */
  addModule(name: string, module: Module | null): void {
    this.registerModule(name, module);
  }

  /** Declares a field to be state that is not learned. With `persistent: false` it is not saved. */
  registerBuffer(
    name: string,
    tensor: Tensor | null,
    { persistent = true }: { readonly persistent?: boolean } = {},
  ): void {
    this.#setField("buffer", name, tensor);
    this.#buffers.set(name, persistent);
  }

  /** The modules that are fields of this one, each once, with their names. */
  namedChildren(): [string, Module][] {
    return unique(this.moduleFields());
  }

  /**
   * The modules that are fields of this one, with their names; one that is several fields, several times.
   *
   * @ignore
   */
  moduleFields(): [string, Module][] {
    return ModuleTree.childrenOf(this).map(({ key, value }) => [key, value]);
  }

  /** The modules that are fields of this one, each once. */
  children(): Module[] {
    return this.namedChildren().map(([, module]) => module);
  }

  /** This module, its children, and theirs, with their names; each once, or with `removeDuplicate: false` under all of its names. */
  namedModules({ prefix = "", removeDuplicate = true }: NamedModulesOptions = {}): [string, Module][] {
    const nested = ModuleTree.childrenOf(this).flatMap(({ key, value }) =>
      value.namedModules({ prefix: joined(prefix, key), removeDuplicate })
    );
    const all: [string, Module][] = [[prefix, this as unknown as Module], ...nested];
    return removeDuplicate ? unique(all) : all;
  }

  /** This module, its children, and theirs, each once. */
  modules(): Module[] {
    return this.namedModules().map(([, module]) => module);
  }

  #collect<T>(
    { prefix = "", recurse = true, removeDuplicate = true }: NamedOptions,
    own: (module: ModuleTree) => Field<T>[],
  ): [string, T][] {
    const modules: [string, ModuleTree][] = recurse ? this.namedModules({ prefix, removeDuplicate }) : [[prefix, this]];
    const all = modules.flatMap(([name, module]) =>
      own(module).map(({ key, value }): [string, T] => [joined(name, key), value])
    );
    return removeDuplicate ? unique(all) : all;
  }

  /**
   * The parameters of this module and, unless `recurse` is false, of all below it, with their names; each once, unless `removeDuplicate` is
   * false.
   */
  namedParameters(options: NamedOptions = {}): [string, Parameter][] {
    return this.#collect(options, ModuleTree.parametersOf);
  }

  /** The parameters of this module and, unless `recurse` is false, of all below it, each once. */
  parameters({ recurse = true }: { readonly recurse?: boolean } = {}): Parameter[] {
    return this.namedParameters({ recurse }).map(([, parameter]) => parameter);
  }

  /**
   * The buffers of this module and, unless `recurse` is false, of all below it, with their names; each once, unless `removeDuplicate` is
   * false.
   */
  namedBuffers(options: NamedOptions = {}): [string, Tensor][] {
    return this.#collect(options, ModuleTree.buffersOf);
  }

  /** The buffers of this module and, unless `recurse` is false, of all below it, each once. */
  buffers({ recurse = true }: { readonly recurse?: boolean } = {}): Tensor[] {
    return this.namedBuffers({ recurse }).map(([, buffer]) => buffer);
  }

  /** The module at a path such as "encoder.0.fc"; this one at "". Throws `IndexError` where there is none. */
  getSubmodule(path: string): Module {
    return this.#walk(path, path, "module") as Module;
  }

  /**
   * Puts a module at a path such as "encoder.0.fc", in the place of the one there or, unless `strict` is true, as a new one. Throws
   * `IndexError` where what should hold it is missing, and `ValueError` for an empty path.
   */
  setSubmodule(path: string, module: Module, { strict = false }: { readonly strict?: boolean } = {}): void {
    if (path === "" || path.endsWith(".")) {
      throw new ValueError("Cannot set the submodule at an empty path: name one");
    }
    const [owner, name] = this.#ownerAt(path, "module"), field = named(ModuleTree.childrenOf(owner), name);
    if (field === undefined && strict) throw this.#missing("module", path);
    owner.registerModule(field?.name ?? name, module);
  }

  /** The parameter at a path such as "encoder.0.fc.weight". Throws `IndexError` where there is none. */
  getParameter(path: string): Parameter {
    return this.#tensorAt(path, "parameter", ModuleTree.parametersOf);
  }

  /** The buffer at a path such as "norm.running_mean". Throws `IndexError` where there is none. */
  getBuffer(path: string): Tensor {
    return this.#tensorAt(path, "buffer", ModuleTree.buffersOf);
  }

  #tensorAt<T>(path: string, kind: string, own: (module: ModuleTree) => Field<T>[]): T {
    const [owner, name] = this.#ownerAt(path, kind), field = named(own(owner), name);
    if (field === undefined) throw this.#missing(kind, path);
    return field.value;
  }

  /** The module that a path leads into, and the last name of the path. */
  #ownerAt(path: string, kind: string): [owner: ModuleTree, name: string] {
    const cut = path.lastIndexOf(".");
    return [this.#walk(path.slice(0, Math.max(0, cut)), path, kind), path.slice(cut + 1)];
  }

  /** The module at the beginning `way` of a path to something of a kind. */
  #walk(way: string, path: string, kind: string): ModuleTree {
    const parts = way === "" ? [] : way.split(".");
    return parts.reduce((found: ModuleTree, part) => {
      const next = named(ModuleTree.childrenOf(found), part);
      if (next === undefined) throw this.#missing(kind, path);
      return next.value;
    }, this);
  }

  #missing(kind: string, path: string): IndexError {
    return new IndexError(`Cannot find a ${kind} at "${path}" in ${this.constructor.name}`);
  }
}

/** The entries whose value was not there before. */
function unique<T>(entries: readonly [string, T][]): [string, T][] {
  const seen = new Set<T>();
  return entries.filter(([, value]) => !seen.has(value) && seen.add(value));
}

/** `prefix.name`, or `name` alone. */
function joined(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}

/** The field of a name, in the class's spelling or in that of state dicts. */
function named<T>(fields: readonly Field<T>[], name: string): Field<T> | undefined {
  return fields.find((field) => field.key === name || field.name === name);
}
