/**
 * What all optimizers have in common: parameters in groups with options of their own, state for each parameter, saving and loading.
 *
 * @module
 */

import { described } from "../tensor/describe.ts";
import { AutogradError, enableGrad, noGrad, TensaurError, Tensor, ValueError, zerosLike } from "../tensor/mod.ts";
import { verifyPending } from "../tensor/grad_mode.ts";
import type { HookHandle } from "../tensor/hooks.ts";
import { requireCamelCase, requireOptions, requireRange } from "./checks.ts";
import { optimizerText } from "./optimizer_print.ts";
import { fieldName, renamed, savedName } from "./saved_names.ts";
import { adopted } from "./saved_state.ts";

/** Options that every optimizer has. */
export interface OptimizerOptions {
  /** Learning rate. */
  lr: number;
}

/** Parameters with the options that hold for them; assigning to one takes effect with the next step. */
export type ParamGroup<O extends OptimizerOptions> = O & {
  /** The parameters. */
  params: Tensor[];
  /** The learning rate before any schedule. */
  initialLr?: number;
  /** The names of the parameters, where these were given with names. */
  paramNames?: string[];
};

/** A parameter, or one with its name, as `model.namedParameters()` gives them. */
export type MaybeNamed = Tensor | readonly [name: string, parameter: Tensor];

/** Parameters, with options that differ from the optimizer's. */
export type ParamGroupInit<O extends OptimizerOptions> = Partial<O> & {
  /** The parameters. */
  readonly params: Tensor | Iterable<MaybeNamed>;
};

/** What an optimizer updates: parameters, or groups of them. */
export type OptimizerParameters<O extends OptimizerOptions> = Iterable<MaybeNamed> | Iterable<ParamGroupInit<O>>;

/** A running value, a number, or a history of these. */
export type StateValue = Tensor | number | (Tensor | number)[];

/** What an optimizer remembers of one parameter. */
export type ParameterState = Record<string, StateValue>;

/** An optimizer's state under PyTorch's names; parameters are numbered in the order of the groups. */
export interface OptimizerState {
  /** What is remembered of each parameter. */
  state: Record<string, ParameterState>;
  /** Options of each group, and the numbers of its parameters. */
  param_groups: Record<string, unknown>[];
}

/**
 * Base class of optimizers. A subclass says how one parameter is updated.
 *
 * Parameters are given as a list, a list with names (`model.namedParameters()`: messages then say which one does not fit), or groups
 * `{ params, ...options }` with options of their own. Assigning to `optimizer.paramGroups[0].lr` takes effect with the next step.
 * All options are numbers and truth values that a state dict holds; PyTorch's `foreach`, `fused` and `capturable`, which choose
 * between its implementations, are not needed, and `differentiable` is not offered: a step is never recorded.
 *
 * Errors: no parameters, a parameter that is in a group already or that an operation made, options that there
 * are not, such as `learningRate`, and ones out of range, such as a negative `lr`.
 *
 * ```ts
 * import { nn, optim, randn } from "@tensaur/tensaur";
 *
 * const model = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 1));
 * const optimizer = new optim.SGD([
 *   { params: model[0]!.parameters() },
 *   { params: model[2]!.parameters(), lr: 0.01 },
 * ], { lr: 0.1, momentum: 0.9 });
 * optimizer.zeroGrad();
 * model(randn([8, 4])).square().mean().backward();
 * optimizer.step();
 * ```
 *
 * An optimizer of one's own:
 *
 * ```ts
 * import { optim, type Tensor, tensor } from "@tensaur/tensaur";
 *
 * class SignSGD extends optim.Optimizer {
 *   protected override update(parameter: Tensor, grad: Tensor, _state: optim.ParameterState, { lr }: { lr: number }): void {
 *     parameter.sub_(grad.sign(), { alpha: lr });
 *   }
 * }
 * const weight = tensor([3, -4], { requiresGrad: true });
 * weight.square().sum().backward();
 * new SignSGD([weight], { lr: 0.5 }).step();
 * console.log(weight.tolist()); // [ 2.5, -3.5 ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/optim.html}
 */
export abstract class Optimizer<O extends OptimizerOptions = OptimizerOptions> {
  /** Parameters in groups with options of their own. */
  readonly paramGroups: ParamGroup<O>[] = [];
  /** What is remembered of each parameter. */
  readonly state: Map<Tensor, ParameterState> = new Map();
  /** Options of groups that say nothing else. */
  readonly defaults: O;
  readonly #before = new Set<() => void>();
  readonly #after = new Set<() => void>();

  /** An optimizer of `params`: with the defaults, but for the options that are given. */
  constructor(params: OptimizerParameters<O>, defaults: O, options: Partial<O> = {}) {
    requireOptions(new.target.name, options, defaults);
    this.defaults = { ...defaults, ...options };
    if (params instanceof Tensor || typeof params !== "object" || params === null || !(Symbol.iterator in params)) {
      throw notParameters(params);
    }
    const items = [...params];
    if (items.length === 0) throw new ValueError("Cannot optimize an empty list of parameters");
    if (items.every((item) => item instanceof Tensor || Array.isArray(item))) {
      this.addParamGroup({ params: items } as unknown as ParamGroupInit<O>);
    } else for (const item of items) this.addParamGroup(item as ParamGroupInit<O>);
  }

  /** Throws if the options of a group make no sense, or not for its parameters. */
  protected check({ lr }: O, _params: readonly Tensor[]): void {
    requireRange("lr", lr);
  }

  /** Updates one parameter, in place, by its gradient. `state` is empty the first time. */
  protected abstract update(parameter: Tensor, grad: Tensor, state: ParameterState, options: O): void;

  /** The shape of what `state` holds of a parameter under a name; null where it is a number. */
  protected stateShape(name: string, parameter: Tensor): readonly number[] | null {
    return numbers.has(name) ? null : parameter.shape;
  }

  /** Adds parameters, with options that differ from the optimizer's. */
  addParamGroup(group: ParamGroupInit<O>): void {
    if (typeof group !== "object" || group === null || !isList(group.params)) throw notParameters(group);
    const items = group.params instanceof Tensor ? [group.params] : [...group.params];
    requireCamelCase(this.constructor.name, group, this.defaults);
    const named = items.filter((item): item is readonly [string, Tensor] => Array.isArray(item));
    if (named.length > 0 && named.length < items.length) {
      throw new ValueError("Cannot optimize parameters of which only some have names: name all of them, or none");
    }
    const params = items.map((item) => Array.isArray(item) ? item[1] : item) as Tensor[];
    const known = new Set(this.paramGroups.flatMap((group) => group.params));
    for (const parameter of params) {
      if (!(parameter instanceof Tensor)) {
        throw notParameters(parameter);
      }
      if (!parameter.isLeaf) {
        throw new AutogradError("Cannot optimize a tensor that an operation made: pass the leaf that it was made from");
      }
      if (known.has(parameter)) throw new ValueError("Cannot optimize a parameter twice: it is in the groups already");
      known.add(parameter);
    }
    const names = named.length === 0 ? {} : { paramNames: named.map(([name]) => name) };
    const full = { ...this.defaults, ...group, params, ...names } as ParamGroup<O>;
    this.check(full, params);
    this.paramGroups.push(full);
  }

  /** Forgets the gradients of all parameters; with `setToNone: false` makes them zero instead. */
  zeroGrad({ setToNone = true }: { readonly setToNone?: boolean } = {}): void {
    for (const { params } of this.paramGroups) {
      for (const parameter of params) {
        parameter.grad = setToNone || parameter.grad === null ? null : parameter.grad.detach().zero_();
      }
    }
  }

  /** Updates all parameters that have a gradient. */
  step(): undefined;
  /** Computes the gradients anew by `closure`, updates, and returns the loss that `closure` returned. */
  step<T>(closure: () => T): T;
  step(closure?: () => unknown): unknown {
    for (const hook of this.#before) hook();
    // One region: leaving it runs all updates together.
    const loss = noGrad(() => this.advance(closure && (() => enableGrad(closure))));
    for (const hook of this.#after) hook();
    return loss;
  }

  /** What `step` does, where nothing is recorded. */
  protected advance(closure: (() => unknown) | undefined): unknown {
    const loss = closure?.();
    // Before anything is updated by gradients of what did not go well.
    verifyPending();
    for (const group of this.paramGroups) {
      for (const parameter of group.params) {
        if (parameter.grad === null) continue;
        const state = this.state.get(parameter) ?? {};
        this.update(parameter, parameter.grad, state, group);
        if (Object.keys(state).length > 0) this.state.set(parameter, state);
      }
    }
    return loss;
  }

  /** Calls `hook` before each step. */
  registerStepPreHook(hook: (optimizer: this) => void): HookHandle {
    return added(this.#before, () => hook(this));
  }

  /** Calls `hook` after each step. */
  registerStepPostHook(hook: (optimizer: this) => void): HookHandle {
    return added(this.#after, () => hook(this));
  }

  /** What to save, under PyTorch's names. Tensors are the optimizer's own. */
  stateDict(): OptimizerState {
    const numbers = new Map(this.paramGroups.flatMap(({ params }) => params).map((parameter, i) => [parameter, i]));
    const state: OptimizerState["state"] = {};
    for (const [parameter, values] of this.state) state[numbers.get(parameter)!] = renamed(values, savedName);
    const groups = this.paramGroups.map((group) => ({
      ...renamed(group, savedName),
      params: group.params.map((parameter) => numbers.get(parameter)),
    }));
    return { state, param_groups: groups };
  }

  /** Goes on from what `stateDict` returned, or PyTorch saved, for parameters in the same order. */
  loadStateDict({ state, param_groups: groups }: OptimizerState): void {
    const sizes = groups.map(({ params }) => (params as number[]).length);
    if (sizes.join() !== this.paramGroups.map(({ params }) => params.length).join()) {
      throw new TensaurError(
        `Cannot load a state of groups of ${sizes.join(", ")} parameters: ` +
          `this optimizer has ${this.paramGroups.map(({ params }) => params.length).join(", ")}`,
      );
    }
    const saved = this.paramGroups.flatMap(({ params, paramNames }, i) =>
      params.flatMap((parameter, j) => {
        const number = (groups[i]!.params as number[])[j]!, name = paramNames?.[j];
        const label = `parameter ${number}` + (name === undefined ? "" : ` (${name})`);
        return state[number] === undefined ? [] : [{ parameter, label, values: state[number] }];
      })
    );
    const loaded = adopted(saved, (name, parameter) => this.stateShape(name, parameter));
    this.state.clear();
    for (const [parameter, values] of loaded) this.state.set(parameter, values);
    this.paramGroups.forEach((group, i) => {
      const { params } = group;
      Object.assign(group, renamed(groups[i]!, fieldName), { params });
    });
  }

  /** The options of all groups, as PyTorch prints them. */
  toString(): string {
    return optimizerText(this);
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

/** Whether a group's parameters can be gone through; one tensor can. */
function isList(params: unknown): boolean {
  return typeof params === "object" && params !== null && Symbol.iterator in params;
}

function notParameters(given: unknown): ValueError {
  return new ValueError(
    `Cannot optimize ${
      described(given)
    }: pass a list of tensors, such as model.parameters(), or of groups { params, ...options }`,
  );
}

function added<H>(hooks: Set<H>, hook: H): HookHandle {
  hooks.add(hook);
  return { remove: () => void hooks.delete(hook) };
}

/** What is one number for a parameter, though PyTorch may save it as a tensor. */
const numbers = new Set(["step", "muProduct", "eta", "mu"]);

/** What decides in which direction a parameter goes. */
export interface DescentOptions extends OptimizerOptions {
  /** How strongly parameters are drawn to 0. */
  readonly weightDecay: number;
  /** Whether that acts on the parameters rather than on their gradients. */
  readonly decoupledWeightDecay?: boolean;
  /** Whether the objective is maximised. */
  readonly maximize: boolean;
}

/** The gradient to go against, with what draws the parameter to 0; decoupled, that happens at once. */
export function descent(
  parameter: Tensor,
  grad: Tensor,
  { lr, weightDecay, decoupledWeightDecay = false, maximize }: DescentOptions,
): Tensor {
  const direction = maximize ? grad.neg() : grad;
  if (weightDecay === 0) return direction;
  if (!decoupledWeightDecay) return direction.add(parameter, { alpha: weightDecay });
  parameter.mul_(1 - lr * weightDecay);
  return direction;
}

/** A running value of the parameter's shape, 0 at first. */
export function running(state: ParameterState, name: string, parameter: Tensor): Tensor {
  return (state[name] ??= zerosLike(parameter)) as Tensor;
}

/** Counts a step of one parameter; returns its number, from 1. */
export function nextStep(state: ParameterState): number {
  return state.step = (state.step as number | undefined ?? 0) + 1;
}
