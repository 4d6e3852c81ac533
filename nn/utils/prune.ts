/**
 * Parameters of which some elements are kept at zero.
 *
 * @module
 */

import * as F from "../../functional/mod.ts";
import { noGrad, onesLike, type Tensor, ValueError } from "../../tensor/mod.ts";
import { Module } from "../module.ts";
import { replace } from "../replace.ts";
import type { Parameter } from "../parameter.ts";
import { parametersToVector } from "./convert_parameters.ts";
import {
  type BasePruningMethod,
  CustomFromMask,
  Identity,
  type ImportanceOptions,
  L1Unstructured,
  LnStructured,
  Masked,
  type PruningAmount,
  RandomStructured,
  RandomUnstructured,
} from "./pruning_method.ts";
import { dropFields, fieldOf, recomputing, tensorOf } from "./recomputed.ts";

export * from "./pruning_method.ts";

/**
 * Prunes nothing, but gives the parameter a mask: the parameter becomes `<name>Orig`, "weight_orig" in a state dict, the mask is "weight_mask",
 * and before each `forward` `<name>` is their product.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer = nn.utils.prune.identity(new nn.Linear(2, 3), "bias");
 * console.log(Object.keys(layer.stateDict())); // [ "weight", "bias_orig", "bias_mask" ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.prune.identity.html}
 */
export function identity<M extends Module>(module: M, name: string): M {
  return new Identity().apply(module, name);
}

/**
 * Prunes elements of a parameter at random. `amount` is a share below 1, or a count.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer = nn.utils.prune.randomUnstructured(new nn.Linear(2, 3), "weight", 0.5);
 * console.log(layer.weight.eq(0).sum().item()); // 3
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.prune.random_unstructured.html}
 */
export function randomUnstructured<M extends Module>(module: M, name: string, amount: PruningAmount): M {
  return new RandomUnstructured(amount).apply(module, name);
}

/**
 * Prunes the elements of least magnitude of a parameter. `amount` is a share below 1, or a count.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer = nn.utils.prune.l1Unstructured(new nn.Linear(2, 3), "weight", 2);
 * console.log(layer.weight.eq(0).sum().item()); // 2
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.prune.l1_unstructured.html}
 */
export function l1Unstructured<M extends Module>(
  module: M,
  name: string,
  amount: PruningAmount,
  options?: ImportanceOptions,
): M {
  return new L1Unstructured(amount).apply(module, name, options);
}

/**
 * Prunes whole channels along `dim` of a parameter at random. `amount` is a share below 1, or a count.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer = nn.utils.prune.randomStructured(new nn.Linear(2, 4), "weight", 1, 0);
 * console.log(layer.weight.eq(0).all(1).sum().item()); // 1
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.prune.random_structured.html}
 */
export function randomStructured<M extends Module>(module: M, name: string, amount: PruningAmount, dim: number): M {
  return new RandomStructured(amount, dim).apply(module, name);
}

/**
 * Prunes the whole channels along `dim` of least `n`-norm of a parameter. `amount` is a share below 1, or a count.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer = nn.utils.prune.lnStructured(new nn.Linear(2, 4), "weight", 0.5, 2, 0);
 * console.log(layer.weight.eq(0).all(1).sum().item()); // 2
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.prune.ln_structured.html}
 */
export function lnStructured<M extends Module>(
  module: M,
  name: string,
  amount: PruningAmount,
  n: number,
  dim: number,
  options?: ImportanceOptions,
): M {
  return new LnStructured(amount, n, dim).apply(module, name, options);
}

/**
 * Keeps the elements of a parameter where `mask` is 1.
 *
 * ```ts
 * import { nn, tensor } from "@tensaur/tensaur";
 *
 * const layer = nn.utils.prune.customFromMask(new nn.Linear(2, 3), "bias", tensor([0, 1, 0]));
 * console.log(layer.bias!.ne(0).tolist()); // [ false, true, false ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.prune.custom_from_mask.html}
 */
export function customFromMask<M extends Module>(module: M, name: string, mask: Tensor): M {
  return new CustomFromMask(mask).apply(module, name);
}

/** Options of `globalUnstructured`. */
export interface GlobalPruningOptions {
  /** How much: a share below 1, or a count. */
  readonly amount: PruningAmount;
  /** What is looked at in the place of parameters: [module, name, scores] for each that has scores. */
  readonly importanceScores?: readonly (readonly [module: Module, name: string, scores: Tensor])[];
}

/**
 * Prunes several parameters as if they were one: those elements that `method` chooses among all.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const net = new nn.Sequential(new nn.Linear(2, 3), new nn.Linear(3, 4)), [a, b] = net as Iterable<nn.Linear>;
 * nn.utils.prune.globalUnstructured([[a!, "weight"], [b!, "weight"]], nn.utils.prune.L1Unstructured, { amount: 0.5 });
 * console.log(Number(a!.weight.eq(0).sum().item()) + Number(b!.weight.eq(0).sum().item())); // 9
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.prune.global_unstructured.html}
 */
export function globalUnstructured(
  parameters: Iterable<readonly [module: Module, name: string]>,
  method: new (amount: PruningAmount) => BasePruningMethod,
  { amount, importanceScores = [] }: GlobalPruningOptions,
): void {
  const pruning = new method(amount);
  if (pruning.pruningType !== "unstructured") {
    throw new ValueError(`Cannot prune globally by ${method.name}: it is ${pruning.pruningType}, not unstructured`);
  }
  const places = [...parameters].map(([module, name]) => ({ module, name, field: fieldOf(module, name) }));
  const tensors = places.map(({ module, field }) => tensorOf(module, field).detach());
  const scores = places.map(({ module, name }, i) =>
    importanceScores.find(([owner, key]) => owner === module && key === name)?.[2].detach() ?? tensors[i]!
  );
  const masks = places.map(({ module, field }, i) =>
    recomputing(module, Masked, field) === undefined ? onesLike(tensors[i]!) : tensorOf(module, `${field}Mask`)
  );
  const mask = noGrad(() => pruning.narrowed(parametersToVector(scores), parametersToVector(masks)));
  const parts = F.split(mask, tensors.map((tensor) => tensor.numel()));
  places.forEach(({ module, name }, i) => customFromMask(module, name, F.reshape(parts[i]!, tensors[i]!.shape)));
}

/**
 * Ends the pruning of a parameter: what was masked is zero for good, and may change again. Throws `ValueError` where nothing is pruned.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer = nn.utils.prune.l1Unstructured(new nn.Linear(2, 3), "weight", 2);
 * console.log(Object.keys(nn.utils.prune.remove(layer, "weight").stateDict())); // [ "bias", "weight" ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.prune.remove.html}
 */
export function remove<M extends Module>(module: M, name: string): M {
  const field = fieldOf(module, name), hook = recomputing(module, Masked, field);
  if (hook === undefined) throw new ValueError(`Cannot end the pruning of "${name}" of ${module}: it is not pruned`);
  const parameter = tensorOf(module, hook.original) as Parameter;
  replace(parameter, noGrad(() => hook.compute(module)));
  hook.detach(module);
  dropFields(module, field, hook.original, hook.mask);
  module.registerParameter(field, parameter);
  return module;
}

/**
 * Whether a parameter of a module, or of any below it, is pruned.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const net = new nn.Sequential(new nn.Linear(2, 3));
 * nn.utils.prune.identity(net[0]!, "weight");
 * console.log(nn.utils.prune.isPruned(net)); // true
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.prune.is_pruned.html}
 */
export function isPruned(module: Module): boolean {
  return module.modules().some((part) => {
    for (const hook of Module.hooksOf(part).before as ReadonlySet<unknown>) if (hook instanceof Masked) return true;
    return false;
  });
}
