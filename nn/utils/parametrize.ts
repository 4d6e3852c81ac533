/**
 * Tensors of modules that are computed whenever they are read.
 *
 * @module
 */

import { noGrad, type Tensor, ValueError } from "../../tensor/mod.ts";
import { pythonName } from "../../tensor/python_format.ts";
import type { Module } from "../module.ts";
import { replace } from "../replace.ts";
import { ModuleDict } from "../module_dict.ts";
import { Parameter } from "../parameter.ts";
import { type Parametrization, ParametrizationList, requireAlike } from "./parametrization_list.ts";
import { dropFields, fieldOf } from "./recomputed.ts";

export { type Parametrization, ParametrizationList } from "./parametrization_list.ts";

/** What was computed while `cached` is on, by module and field. */
let cache: Map<Module, Map<string, Tensor>> | undefined;

/** Ends `cached` when the block that declared it ends. */
export interface CacheGuard {
  /** Forgets what was computed, unless an outer `cached` goes on. */
  [Symbol.dispose](): void;
}

/**
 * Computes each parametrized tensor once however often it is read: within `body`, or until the end of the block with `using _ = cached()`.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer = nn.utils.parametrizations.weightNorm(new nn.Linear(2, 3));
 * console.log(layer.weight === layer.weight); // false
 * console.log(nn.utils.parametrize.cached(() => layer.weight === layer.weight)); // true
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.cached.html}
 */
export function cached(): CacheGuard;
/** The same for the time of `body`, whose result it returns. */
export function cached<T>(body: () => T): T;
export function cached(body?: () => unknown): unknown {
  const before = cache;
  cache ??= new Map();
  const guard = { [Symbol.dispose]: () => void (cache = before) };
  if (body === undefined) return guard;
  try {
    return body();
  } finally {
    guard[Symbol.dispose]();
  }
}

function computed(module: Module, field: string): Tensor {
  const list = listOf(module, field)!;
  if (cache === undefined) return list();
  const own = cache.get(module) ?? new Map<string, Tensor>();
  cache.set(module, own);
  const tensor = own.get(field) ?? list();
  own.set(field, tensor);
  return tensor;
}

function listsOf(module: Module): ModuleDict | undefined {
  const lists: unknown = Reflect.get(module, "parametrizations");
  return lists instanceof ModuleDict ? lists : undefined;
}

function listOf(module: Module, field: string): ParametrizationList | undefined {
  const lists = listsOf(module), key = pythonName(field);
  return lists?.has(key) ? lists.get(key) as ParametrizationList : undefined;
}

/** Options of `registerParametrization`. */
export interface ParametrizationOptions {
  /** Whether the parametrization may change shape and dtype, and is not tried first. Default false. */
  readonly unsafe?: boolean;
}

/**
 * Makes a parameter or buffer of a module the output of `parametrization`: what it was becomes `parametrizations.<name>.original`, and is what
 * optimizers change. Several parametrizations of one tensor are applied one after another. Where they have a method `rightInverse`, the tensor
 * keeps its value, and can be set.
 *
 * Throws `ValueError` where the module has no such tensor, or shape or dtype would change and `unsafe` is false.
 *
 * ```ts
 * import { nn, type Tensor } from "@tensaur/tensaur";
 *
 * class Symmetric extends nn.Module {
 *   override forward(x: Tensor): Tensor {
 *     return x.triu().add(x.triu(1).t());
 *   }
 * }
 * const layer = nn.utils.parametrize.registerParametrization(new nn.Linear(3, 3), "weight", new Symmetric());
 * console.log(layer.weight.equal(layer.weight.t())); // true
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.register_parametrization.html}
 */
export function registerParametrization<M extends Module>(
  module: M,
  tensorName: string,
  parametrization: Module,
  { unsafe = false }: ParametrizationOptions = {},
): M {
  const added = parametrization.train(module.training) as Parametrization;
  const field = fieldOf(module, tensorName), list = listOf(module, field);
  if (list !== undefined) {
    if (!unsafe) {
      const present = Reflect.get(module, field) as Tensor, { shape, dtype } = present, next = added(present);
      requireAlike(next, shape, dtype);
      const back = added.rightInverse?.(next);
      if (back !== undefined) requireAlike(back, shape, dtype);
    }
    list.append(added);
    list.unsafe ||= unsafe;
    return module;
  }
  const named = [...module.namedParameters({ recurse: false }), ...module.namedBuffers({ recurse: false })];
  const tensor = named.find(([name]) => name === pythonName(field))?.[1];
  if (tensor === undefined) {
    throw new ValueError(`Cannot parametrize "${tensorName}" of ${module.constructor.name}: it has no such tensor`);
  }
  const made = new ParametrizationList([added], tensor, unsafe);
  dropFields(module, field);
  if (listsOf(module) === undefined) {
    becomeParametrized(module);
    module.registerModule("parametrizations", new ModuleDict());
  }
  Object.defineProperty(module, field, {
    configurable: true,
    enumerable: false,
    get(this: Module): Tensor {
      return computed(this, field);
    },
    set(this: Module, value: Tensor): void {
      listOf(this, field)!.rightInverse(value);
    },
  });
  listsOf(module)!.set(pythonName(field), made);
  return module;
}

/** Gives a module a class of its own, under PyTorch's name for it. */
function becomeParametrized(module: Module): void {
  const Base = module.constructor as typeof Module, name = `Parametrized${Base.name}`;
  const own = { [name]: class extends Base {} }[name]!;
  Object.setPrototypeOf(module, own.prototype);
}

/**
 * Whether a module has parametrizations, or one of the tensor named.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer = nn.utils.parametrizations.weightNorm(new nn.Linear(2, 3));
 * const { isParametrized } = nn.utils.parametrize;
 * console.log(isParametrized(layer), isParametrized(layer, "bias")); // true false
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.is_parametrized.html}
 */
export function isParametrized(module: Module, tensorName?: string): boolean {
  if (tensorName !== undefined) return listOf(module, fieldOf(module, tensorName)) !== undefined;
  return (listsOf(module)?.size ?? 0) > 0;
}

/** Options of `removeParametrizations`. */
export interface RemoveParametrizationsOptions {
  /** Whether the tensor stays what it was computed to be, rather than becoming what it was computed from. Default true. */
  readonly leaveParametrized?: boolean;
}

/**
 * Makes a parametrized tensor a plain one again.
 *
 * Throws `ValueError` where it is none, or was computed from several and `leaveParametrized` is false.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer = nn.utils.parametrizations.weightNorm(new nn.Linear(2, 3));
 * console.log(`${nn.utils.parametrize.removeParametrizations(layer, "weight")}`); // Linear(in_features=2, out_features=3, bias=True)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.parametrize.remove_parametrizations.html}
 */
export function removeParametrizations<M extends Module>(
  module: M,
  tensorName: string,
  { leaveParametrized = true }: RemoveParametrizationsOptions = {},
): M {
  const field = fieldOf(module, tensorName), list = listOf(module, field);
  if (list === undefined) {
    throw new ValueError(`Cannot remove parametrizations from "${tensorName}" of ${module}: it has none`);
  }
  if (list.count !== null && !leaveParametrized) {
    throw new ValueError(`Cannot leave "${tensorName}" as it was: it is computed from ${list.count} tensors`);
  }
  const value = noGrad(() => list()), [first] = list.originals() as [Tensor];
  let tensor = first;
  if (list.count !== null) tensor = first instanceof Parameter ? new Parameter(value) : value;
  else if (leaveParametrized) replace(tensor, value.clone());
  dropFields(module, field);
  listsOf(module)!.pop(pythonName(field));
  if (tensor instanceof Parameter) module.registerParameter(field, tensor);
  else module.registerBuffer(field, tensor);
  if (!isParametrized(module)) {
    dropFields(module, "parametrizations");
    Object.setPrototypeOf(module, Object.getPrototypeOf(Object.getPrototypeOf(module)));
  }
  return module;
}

/**
 * The class of a module before it was parametrized.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer = nn.utils.parametrizations.weightNorm(new nn.Linear(2, 3));
 * console.log(nn.utils.parametrize.typeBeforeParametrizations(layer) === nn.Linear); // true
 * ```
 */
export function typeBeforeParametrizations(module: Module): abstract new (...args: never[]) => Module {
  const own = Object.getPrototypeOf(module);
  return (isParametrized(module) ? Object.getPrototypeOf(own) : own).constructor;
}
