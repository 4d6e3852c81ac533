/**
 * The base of everything with parameters.
 *
 * @module
 */

import { type DeviceName, type DType, IndexError, TensaurError, ValueError } from "../tensor/mod.ts";
import type { HookHandle } from "../tensor/hooks.ts";
import { pythonName } from "../tensor/python_format.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { BackwardHook } from "./backward_hook.ts";
import { Callable } from "./callable.ts";
import { convertTensors, type ToOptions } from "./module_convert.ts";
import { type ForwardHook, ModuleHooks, type PreHook } from "./module_hooks.ts";
import { moduleText } from "./module_print.ts";
import { type LoadResult, loadState, type StateDict } from "./module_state.ts";
import { Parameter } from "./parameter.ts";

/** Modules are functions: `net(x)` runs the hooks and `forward(x)`, whose types it has. */
export interface Module {
  /** Runs the hooks and `forward`. */
  (...inputs: Parameters<this["forward"]>): ReturnType<this["forward"]>;
}

/**
 * Base class of neural networks. Fields that are a `Parameter` or a `Module` belong to the network, in the order of their definition;
 * their names in a state dict are PyTorch's (`runningMean` is "running_mean").
 *
 * ```ts
 * import { nn, randn, type Tensor } from "@tensaur/tensaur";
 *
 * class Net extends nn.Module {
 *   fc1 = new nn.Linear(4, 8);
 *   fc2 = new nn.Linear(8, 2);
 *   override forward(x: Tensor): Tensor {
 *     return this.fc2(this.fc1(x).relu());
 *   }
 * }
 * const net = new Net();
 * console.log(net(randn([3, 4])).shape); // torch.Size([3, 2])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.Module.html}
 */
export class Module extends Callable {
  /** Whether the module is being trained: dropout drops, batch normalisation gathers statistics. */
  training = true;
  /** Names of the fields that are buffers, and whether they are saved. */
  readonly #buffers = new Map<string, boolean>();
  #hooks = new ModuleHooks();

  /** What the module computes; every subclass says. Call the module itself rather than this, so that hooks run. */
  forward(..._inputs: never[]): unknown {
    throw new TensaurError(`Cannot call ${this.constructor.name}: the class has no forward()`);
  }

  /** What calling the module does. */
  override call(...inputs: unknown[]): unknown {
    return this.#hooks.run(this, inputs, (inputs) => this.forward(...inputs as never[]));
  }

  /**
   * A module's hooks.
   *
   * @ignore
   */
  static hooksOf(module: Module): ModuleHooks {
    return module.#hooks;
  }

  /**
   * A module of the same class with the same hooks, but without fields.
   *
   * @ignore
   */
  bare(): Module {
    const module = new Module();
    Reflect.deleteProperty(module, "training");
    for (const [name, persistent] of this.#buffers) module.#buffers.set(name, persistent);
    module.#hooks = new ModuleHooks(this.#hooks);
    return Object.setPrototypeOf(module, Object.getPrototypeOf(this));
  }

  /** The name under which a field is saved and printed. */
  protected keyOf(field: string): string {
    return pythonName(field);
  }

  /** The names of the fields, in the order of their definition. */
  protected fieldNames(): string[] {
    return Object.keys(this);
  }

  /** Fields, and the names they are saved under. */
  #fields(): [field: string, key: string, value: unknown][] {
    return this.fieldNames().map((field) => [field, this.keyOf(field), Reflect.get(this, field)]);
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

  #ownParameters(): [string, Parameter][] {
    return this.#fields().flatMap(([, key, value]) => value instanceof Parameter ? [[key, value]] : []);
  }

  #ownBuffers(persistentOnly = false): [string, Tensor][] {
    return this.#fields().flatMap(([field, key, value]) => {
      const persistent = this.#buffers.get(field);
      if (persistent === undefined || !(value instanceof Tensor)) return [];
      return persistentOnly && !persistent ? [] : [[key, value]];
    });
  }

  /** The modules that are fields of this one, each once, with their names. */
  namedChildren(): [string, Module][] {
    return unique(this.#fields().flatMap(([, key, value]) => value instanceof Module ? [[key, value]] : []));
  }

  /** The modules that are fields of this one, each once. */
  children(): Module[] {
    return this.namedChildren().map(([, module]) => module);
  }

  /** This module, its children, and theirs, each once, with their names. */
  namedModules(prefix = ""): [string, Module][] {
    const nested = this.#fields().flatMap(([, key, value]) =>
      value instanceof Module ? value.namedModules(joined(prefix, key)) : []
    );
    return unique([[prefix, this], ...nested]);
  }

  /** This module, its children, and theirs, each once. */
  modules(): Module[] {
    return this.namedModules().map(([, module]) => module);
  }

  #collect<T>(prefix: string, recurse: boolean, own: (module: Module) => [string, T][]): [string, T][] {
    const modules: [string, Module][] = recurse ? this.namedModules(prefix) : [[prefix, this]];
    return unique(
      modules.flatMap(([name, module]) => own(module).map(([key, value]): [string, T] => [joined(name, key), value])),
    );
  }

  /** The parameters of this module and, unless `recurse` is false, of all below it, each once, with their names. */
  namedParameters({ prefix = "", recurse = true }: NamedOptions = {}): [string, Parameter][] {
    return this.#collect(prefix, recurse, (module) => module.#ownParameters());
  }

  /** The parameters of this module and of all below it, each once. */
  parameters(options: Omit<NamedOptions, "prefix"> = {}): Parameter[] {
    return this.namedParameters(options).map(([, parameter]) => parameter);
  }

  /** The buffers of this module and, unless `recurse` is false, of all below it, each once, with their names. */
  namedBuffers({ prefix = "", recurse = true }: NamedOptions = {}): [string, Tensor][] {
    return this.#collect(prefix, recurse, (module) => module.#ownBuffers());
  }

  /** The buffers of this module and of all below it, each once. */
  buffers(options: Omit<NamedOptions, "prefix"> = {}): Tensor[] {
    return this.namedBuffers(options).map(([, buffer]) => buffer);
  }

  /** The module at a path such as "encoder.0.fc"; this one at "". */
  getSubmodule(path: string): Module {
    return this.#resolve(path, Module, "module");
  }

  /** Puts a module in the place of the one at a path such as "encoder.0.fc". */
  setSubmodule(path: string, module: Module): void {
    const parts = path.split("."), name = parts.pop()!;
    if (name === "") throw new ValueError("Cannot set the submodule at an empty path: name one");
    const owner = this.getSubmodule(parts.join("."));
    const field = owner.#fields().find(([field, key, value]) =>
      (key === name || field === name) && value instanceof Module
    );
    if (field === undefined) throw new IndexError(`Cannot find a module at "${path}" in ${this.constructor.name}`);
    owner.registerModule(field[0], module);
  }

  /** The parameter at a path such as "encoder.0.fc.weight". */
  getParameter(path: string): Parameter {
    return this.#resolve(path, Parameter, "parameter");
  }

  /** The buffer at a path such as "norm.running_mean". */
  getBuffer(path: string): Tensor {
    return this.#resolve(path, Tensor, "buffer");
  }

  // deno-lint-ignore no-explicit-any -- a constructor takes whatever its class takes
  #resolve<T>(path: string, type: abstract new (...args: any[]) => T, kind: string): T {
    // deno-lint-ignore no-this-alias -- the walk starts here
    let found: unknown = this;
    for (const part of path === "" ? [] : path.split(".")) {
      const fields: [string, string, unknown][] = found instanceof Module ? found.#fields() : [];
      found = fields.find(([field, key]) => key === part || field === part)?.[2];
    }
    if (!(found instanceof type)) {
      throw new IndexError(`Cannot find a ${kind} at "${path}" in ${this.constructor.name}`);
    }
    return found;
  }

  /** Parameters and persistent buffers under PyTorch's names. They share their elements with the module's. */
  stateDict(
    { prefix = "", keepVars = false }: { readonly prefix?: string; readonly keepVars?: boolean } = {},
  ): StateDict {
    const state: StateDict = {};
    for (const [key, tensor] of [...this.#ownParameters(), ...this.#ownBuffers(true)]) {
      state[prefix + key] = keepVars ? tensor : tensor.detach();
    }
    for (const [, key, value] of this.#fields()) {
      if (value instanceof Module) Object.assign(state, value.stateDict({ prefix: `${prefix}${key}.`, keepVars }));
    }
    return state;
  }

  /**
   * Copies the tensors of a state dict into the parameters and buffers of the same names. Unless `strict` is false, every name must
   * be in both.
   */
  loadStateDict(state: Readonly<StateDict>, { strict = true }: { readonly strict?: boolean } = {}): LoadResult {
    return loadState(this, this.stateDict({ keepVars: true }), state, strict);
  }

  /** Switches this module and all below it to training, or with false to evaluation. */
  train(mode = true): this {
    for (const module of this.modules()) module.training = mode;
    return this;
  }

  /** Switches this module and all below it to evaluation. */
  eval(): this {
    return this.train(false);
  }

  /** Calls `visit` with every module below this one, children first, then with this one. */
  apply(visit: (module: Module) => void): this {
    for (const child of this.children()) child.apply(visit);
    visit(this);
    return this;
  }

  /** Moves parameters and buffers to a device, or floating-point ones to a dtype, in place. */
  to(target: DeviceName | DType | ToOptions): this {
    convertTensors([...this.parameters(), ...this.buffers()], target);
    return this;
  }

  /** Moves parameters and buffers to the CPU. */
  cpu(): this {
    return this.to("cpu");
  }

  /** Converts floating-point parameters and buffers to a dtype. */
  type(dtype: DType): this {
    return this.to(dtype);
  }

  /** Converts floating-point parameters and buffers to float32. */
  float(): this {
    return this.to("float32");
  }

  /** Converts floating-point parameters and buffers to float64. */
  double(): this {
    return this.to("float64");
  }

  /** Converts floating-point parameters and buffers to float16. */
  half(): this {
    return this.to("float16");
  }

  /** Sets whether the parameters gather gradients. */
  requiresGrad_(value = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad = value;
    return this;
  }

  /** Forgets the gradients of all parameters; with `setToNone: false` makes them zero instead. */
  zeroGrad({ setToNone = true }: { readonly setToNone?: boolean } = {}): void {
    for (const parameter of this.parameters()) {
      parameter.grad = setToNone || parameter.grad === null ? null : parameter.grad.detach().zero_();
    }
  }

  /** Calls `hook` before each `forward`; what it returns replaces the inputs. */
  registerForwardPreHook(hook: PreHook<this>): HookHandle {
    return added(this.#hooks.before, hook as PreHook<Module>);
  }

  /** Calls `hook` after each `forward`; what it returns replaces the output. */
  registerForwardHook(hook: ForwardHook<this>): HookHandle {
    return added(this.#hooks.after, hook as ForwardHook<Module>);
  }

  /** Calls `hook` when the gradients of the inputs are known; what it returns replaces them. */
  registerFullBackwardHook(hook: BackwardHook<this>): HookHandle {
    return added(this.#hooks.backward, hook as BackwardHook<Module>);
  }

  /** What the printed form says of the module itself, besides its class and its children. */
  extraRepr(): string {
    return "";
  }

  /** The module as PyTorch prints it. */
  override toString(): string {
    return moduleText(this);
  }

  /** What `console.log` shows. */
  [Symbol.for("Deno.customInspect")](): string {
    return moduleText(this);
  }

  /** The same in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return moduleText(this);
  }
}

/** Options of `namedParameters` and `namedBuffers`. */
export interface NamedOptions {
  /** What the names begin with. */
  readonly prefix?: string;
  /** Whether modules below are included. Default true. */
  readonly recurse?: boolean;
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

function added<H>(hooks: Set<H>, hook: H): HookHandle {
  hooks.add(hook);
  return { remove: () => void hooks.delete(hook) };
}
