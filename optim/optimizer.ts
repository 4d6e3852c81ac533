/**
 * What all optimizers have in common: parameters in groups with options of their own, state for each parameter, saving and loading.
 *
 * @module
 */

import {
  AutogradError,
  enableGrad,
  noGrad,
  ShapeError,
  TensaurError,
  Tensor,
  ValueError,
  zerosLike,
} from "../tensor/mod.ts";
import { pythonName, scriptName } from "../tensor/python_format.ts";

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
};

/** Parameters, with options that differ from the optimizer's. */
export type ParamGroupInit<O extends OptimizerOptions> = Partial<O> & {
  /** The parameters. */
  readonly params: Tensor | Iterable<Tensor>;
};

/** What an optimizer updates: parameters, or groups of them. */
export type OptimizerParameters<O extends OptimizerOptions> = Iterable<Tensor> | Iterable<ParamGroupInit<O>>;

/** What an optimizer remembers of one parameter. */
export type ParameterState = Record<string, Tensor | number>;

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
 * @see {@link https://pytorch.org/docs/stable/optim.html}
 */
export abstract class Optimizer<O extends OptimizerOptions = OptimizerOptions> {
  /** Parameters in groups with options of their own. */
  readonly paramGroups: ParamGroup<O>[] = [];
  /** What is remembered of each parameter. */
  readonly state: Map<Tensor, ParameterState> = new Map();
  /** Options of groups that say nothing else. */
  readonly defaults: O;

  /** An optimizer of `params`. */
  constructor(params: OptimizerParameters<O>, defaults: O) {
    this.defaults = defaults;
    if (params instanceof Tensor || typeof params !== "object" || !(Symbol.iterator in params)) {
      throw new ValueError("Cannot optimize this: pass a list of tensors, or of groups { params, ...options }");
    }
    const items = [...params];
    if (items.length === 0) throw new ValueError("Cannot optimize an empty list of parameters");
    if (items.every((item) => item instanceof Tensor)) {
      this.addParamGroup({ params: items } as unknown as ParamGroupInit<O>);
    } else for (const item of items) this.addParamGroup(item as ParamGroupInit<O>);
  }

  /** Throws if the options of a group make no sense. */
  protected abstract check(options: O): void;

  /** Updates one parameter, in place, by its gradient. `state` is empty the first time. */
  protected abstract update(parameter: Tensor, grad: Tensor, state: ParameterState, options: O): void;

  /** Adds parameters, with options that differ from the optimizer's. */
  addParamGroup(group: ParamGroupInit<O>): void {
    const params = group.params instanceof Tensor ? [group.params] : [...group.params];
    const known = new Set(this.paramGroups.flatMap((group) => group.params));
    for (const parameter of params) {
      if (!(parameter instanceof Tensor)) {
        throw new ValueError(`Cannot optimize a ${typeof parameter}: expected tensors`);
      }
      if (!parameter.isLeaf) {
        throw new AutogradError("Cannot optimize a tensor that an operation made: pass the leaf that it was made from");
      }
      if (known.has(parameter)) throw new ValueError("Cannot optimize a parameter twice: it is in the groups already");
      known.add(parameter);
    }
    const full = { ...this.defaults, ...group, params } as ParamGroup<O>;
    this.check(full);
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
    // One region: leaving it runs all updates together.
    return noGrad(() => {
      const loss = closure === undefined ? undefined : enableGrad(closure);
      for (const group of this.paramGroups) {
        for (const parameter of group.params) {
          if (parameter.grad === null) continue;
          let state = this.state.get(parameter);
          if (state === undefined) this.state.set(parameter, state = {});
          this.update(parameter, parameter.grad, state, group);
        }
      }
      return loss;
    });
  }

  /** What to save, under PyTorch's names. Tensors are the optimizer's own. */
  stateDict(): OptimizerState {
    const numbers = new Map(this.paramGroups.flatMap(({ params }) => params).map((parameter, i) => [parameter, i]));
    const state: OptimizerState["state"] = {};
    for (const [parameter, values] of this.state) state[numbers.get(parameter)!] = renamed(values, pythonName);
    const groups = this.paramGroups.map((group) => ({
      ...renamed(group, pythonName),
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
    const loaded = new Map<Tensor, ParameterState>();
    this.paramGroups.forEach((group, i) => {
      (groups[i]!.params as number[]).forEach((number, j) => {
        const values = state[number], parameter = group.params[j]!;
        if (values !== undefined) loaded.set(parameter, adopted(values, parameter));
      });
    });
    this.state.clear();
    for (const [parameter, values] of loaded) this.state.set(parameter, values);
    this.paramGroups.forEach((group, i) => {
      Object.assign(group, renamed(groups[i]!, scriptName), { params: group.params });
    });
  }
}

/** The fields of `record` under other names. */
function renamed<T>(record: { readonly [key: string]: T } | object, name: (key: string) => string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [name(key), value as T]));
}

/** What PyTorch may save as a tensor though it is one number. */
const savedNumbers = new Set(["step", "mu_product", "eta", "mu"]);

/** Copies of saved values, where and of the type that the parameter is. */
function adopted(values: Readonly<ParameterState>, parameter: Tensor): ParameterState {
  // PyTorch saves None for a momentum that there is not.
  const present = Object.entries(values).filter(([, value]) => value !== null);
  const entries = present.map(([key, value]): [string, Tensor | number] => {
    if (!(value instanceof Tensor)) return [scriptName(key), value];
    // PyTorch keeps some numbers in tensors, such as the count of steps.
    if (savedNumbers.has(key)) return [scriptName(key), Number(value.item())];
    if (value.shape.join() !== parameter.shape.join()) {
      throw new ShapeError(
        `Cannot load ${key} of shape [${value.shape.join(", ")}] for a parameter of shape [${
          parameter.shape.join(", ")
        }]`,
      );
    }
    const copy = noGrad(() => value.detach().to({ dtype: parameter.dtype, device: parameter.device, copy: true }));
    return [scriptName(key), copy];
  });
  return Object.fromEntries(entries);
}

/** Throws unless a number lies in [0, below). */
export function requireRange(name: string, value: number, below = Infinity): void {
  if (value >= 0 && value < below) return;
  throw new ValueError(
    `Cannot optimize with ${name} ${value}: expected a number from 0${below < Infinity ? ` to below ${below}` : ""}`,
  );
}

/** A running value of the parameter's shape, 0 at first. */
export function running(state: ParameterState, name: string, parameter: Tensor): Tensor {
  return (state[name] ??= zerosLike(parameter)) as Tensor;
}

/** Counts a step of one parameter; returns its number, from 1. */
export function nextStep(state: ParameterState): number {
  return state.step = (state.step as number | undefined ?? 0) + 1;
}
