/**
 * The base of everything with parameters.
 *
 * @module
 */

import { type DeviceName, type DType, TensaurError } from "../tensor/mod.ts";
import type { HookHandle } from "../tensor/hooks.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { BackwardHook, BackwardPreHook } from "./backward_hook.ts";
import { type LoadOptions, loadState } from "./load_state.ts";
import { convertTensors, emptyTensors, type ToOptions } from "./module_convert.ts";
import {
  added,
  everyModule,
  type ForwardHook,
  type ForwardHookOptions,
  type HookOptions,
  ModuleHooks,
  type PreHook,
  runHooked,
} from "./module_hooks.ts";
import { moduleText } from "./module_print.ts";
import { ModuleTree } from "./module_tree.ts";
import { type LoadResult, type StateDict, type StateDictOptions, stateOf } from "./module_state.ts";
import type { LoadPostHook, LoadPreHook, StatePostHook, StatePreHook } from "./state_hooks.ts";

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
export class Module extends ModuleTree {
  /** Whether the module is being trained: dropout drops, batch normalisation gathers statistics. */
  training = true;
  #hooks = new ModuleHooks();

  /** What the module computes; every subclass says. Call the module itself rather than this, so that hooks run. */
  forward(..._inputs: never[]): unknown {
    throw new TensaurError(`Cannot call ${this.constructor.name}: the class has no forward()`);
  }

  /** What calling the module does. */
  override call(...inputs: unknown[]): unknown {
    if (!this.#hooks.runs && !everyModule.runs) return this.forward(...inputs as never[]);
    return runHooked(this, this.#hooks, inputs, (inputs) => this.forward(...inputs as never[]));
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
    module.declareBuffersOf(this);
    module.#hooks = new ModuleHooks(this.#hooks);
    return Object.setPrototypeOf(module, Object.getPrototypeOf(this));
  }

  /**
   * Parameters and persistent buffers of this module and all below it, under PyTorch's names. They share their elements with the module's,
   * unless a tensor is uninitialized, which is itself there.
   */
  stateDict(options: StateDictOptions = {}): StateDict {
    const has = this.getExtraState !== Module.prototype.getExtraState;
    return stateOf(this, this.#hooks, options, has ? () => this.getExtraState() : undefined);
  }

  /**
   * Copies the tensors of a state dict into the parameters and buffers of the same names, and says which names were not in both. With
   * `assign: true` they take the place of the module's, with their dtype and device; make an optimizer after that. Uninitialized parameters
   * become those of the state.
   *
   * Throws a `TensaurError` that lists all names that are missing or unexpected, unless `strict` is false, and all shapes that differ; nothing
   * is changed then, but where a hook is called after loading.
   */
  loadStateDict(state: Readonly<StateDict>, options: LoadOptions = {}): LoadResult {
    return loadState(this, state, options);
  }

  /** What else the state dict has, under the name `_extra_state`, where a subclass gives it; `setExtraState` gets it back. */
  getExtraState(): unknown {
    throw new TensaurError(`Cannot get the extra state of ${this.constructor.name}: the class has no getExtraState()`);
  }

  /** Takes what `getExtraState` gave, when a state dict is loaded. */
  setExtraState(_state: unknown): void {
    throw new TensaurError(`Cannot set the extra state of ${this.constructor.name}: the class has no setExtraState()`);
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

  /**
   * Moves parameters and buffers to a device, or floating-point ones to a dtype, in place; or to those of a tensor. Throws `DTypeError` for a
   * dtype that is not floating-point.
   */
  to(target: DeviceName | DType | ToOptions | Tensor): this {
    convertTensors([...this.parameters(), ...this.buffers()], target);
    return this;
  }

  /** Moves parameters and buffers to a device without their values, in place: what is loaded next would overwrite them. */
  toEmpty({ device, recurse = true }: { readonly device: DeviceName; readonly recurse?: boolean }): this {
    emptyTensors([...this.parameters({ recurse }), ...this.buffers({ recurse })], device);
    return this;
  }

  /** Moves parameters and buffers to the CPU. */
  cpu(): this {
    return this.to("cpu");
  }

  /** There is no CUDA here: throws a `DeviceError`, and says what to write instead. */
  cuda(): this {
    return this.to("cuda" as DeviceName);
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
  registerForwardPreHook(hook: PreHook<this>, options: HookOptions = {}): HookHandle {
    return added(this.#hooks.before, hook as PreHook<Module>, options);
  }

  /** Calls `hook` after each `forward`; what it returns replaces the output. */
  registerForwardHook(hook: ForwardHook<this>, options: ForwardHookOptions = {}): HookHandle {
    return this.#hooks.addAfter(hook as ForwardHook<Module>, options);
  }

  /** Calls `hook` when the gradients of the outputs are known, before they flow through the module; what it returns replaces them. */
  registerFullBackwardPreHook(hook: BackwardPreHook<this>, options: HookOptions = {}): HookHandle {
    return added(this.#hooks.beforeBackward, hook as BackwardPreHook<Module>, options);
  }

  /** Calls `hook` when the gradients of the inputs are known; what it returns replaces them. */
  registerFullBackwardHook(hook: BackwardHook<this>, options: HookOptions = {}): HookHandle {
    return added(this.#hooks.backward, hook as BackwardHook<Module>, options);
  }

  /** Calls `hook` before the state dict is made. */
  registerStateDictPreHook(hook: StatePreHook<this>): HookHandle {
    return added(this.#hooks.beforeState, hook as StatePreHook<Module>);
  }

  /** Calls `hook` with the entries of this module and of those below it when they are in the state dict, to change them there. */
  registerStateDictPostHook(hook: StatePostHook<this>): HookHandle {
    return added(this.#hooks.afterState, hook as StatePostHook<Module>);
  }

  /** Calls `hook` before a state dict is loaded, to rename or add entries, say; the caller's own is left alone. */
  registerLoadStateDictPreHook(hook: LoadPreHook<this>): HookHandle {
    return added(this.#hooks.beforeLoad, hook as LoadPreHook<Module>);
  }

  /** Calls `hook` when a state dict is loaded; names that it takes out of the result's lists are not errors. */
  registerLoadStateDictPostHook(hook: LoadPostHook<this>): HookHandle {
    return added(this.#hooks.afterLoad, hook as LoadPostHook<Module>);
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
