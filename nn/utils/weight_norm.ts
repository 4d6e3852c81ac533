/**
 * Weights in terms of their length and their direction.
 *
 * @module
 */

import * as F from "../../functional/mod.ts";
import { noGrad, type Tensor, ValueError } from "../../tensor/mod.ts";
import { optionsOf } from "../../tensor/arguments.ts";
import type { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";
import { dropFields, fieldOf, parameterOf, Recomputed, recomputing, tensorOf } from "./recomputed.ts";

/** Options of `weightNorm`. */
export interface WeightNormOptions {
  /** The parameter. Default "weight". */
  readonly name?: string;
  /** The dimension whose slices have a length each; null for one length of all elements. Default 0. */
  readonly dim?: number | null;
}

/** The length of each slice along `dim`, or of all elements. */
export function lengthsOf(weight: Tensor, dim: number | null): Tensor {
  if (dim === null) return F.norm(weight);
  const others = [...weight.shape.keys()].filter((i) => i !== dim);
  return others.length === 0 ? F.abs(weight) : F.norm(weight, 2, others, { keepdim: true });
}

/** g · v / |v|. */
export function withLengths(direction: Tensor, lengths: Tensor, dim: number | null): Tensor {
  return F.mul(direction, F.div(lengths, lengthsOf(direction, dim)));
}

class WeightNorm extends Recomputed {
  constructor(field: string, readonly dim: number | null) {
    super(field);
  }

  override compute(module: Module): Tensor {
    return withLengths(tensorOf(module, `${this.field}V`), tensorOf(module, `${this.field}G`), this.dim);
  }
}

/**
 * Replaces a parameter w by its lengths g and its direction v: before each `forward` w is g · v / |v|. The parameters are then `weightG` and
 * `weightV`, "weight_g" and "weight_v" in a state dict. `nn.utils.parametrizations.weightNorm` is the newer form.
 *
 * Throws `ValueError` where the module has no such parameter, or it is replaced already. From https://arxiv.org/abs/1602.07868.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer = nn.utils.weightNorm(new nn.Linear(20, 40));
 * console.log(Object.keys(layer.stateDict())); // [ "bias", "weight_g", "weight_v" ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.weight_norm.html}
 */
export function weightNorm<M extends Module>(module: M, ...args: readonly (string | WeightNormOptions)[]): M {
  const { name = "weight", dim = 0 } = optionsOf<WeightNormOptions>(["name"], ...args);
  const field = fieldOf(module, name);
  if (recomputing(module, WeightNorm, field) !== undefined) {
    throw new ValueError(`Cannot apply weightNorm to "${field}" twice: call removeWeightNorm first`);
  }
  const weight = parameterOf("apply weightNorm to", module, field).detach();
  const hook = new WeightNorm(field, dim);
  dropFields(module, field);
  noGrad(() => {
    module.registerParameter(`${field}G`, new Parameter(lengthsOf(weight, dim)));
    module.registerParameter(`${field}V`, new Parameter(weight));
  });
  hook.call(module);
  hook.attach(module);
  return module;
}

/**
 * Undoes `weightNorm`: the parameter is what it was last computed to be. Throws `ValueError` where there is nothing to undo.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer = nn.utils.removeWeightNorm(nn.utils.weightNorm(new nn.Linear(20, 40)));
 * console.log(Object.keys(layer.stateDict())); // [ "bias", "weight" ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.remove_weight_norm.html}
 */
export function removeWeightNorm<M extends Module>(module: M, name = "weight"): M {
  const field = fieldOf(module, name), hook = recomputing(module, WeightNorm, field);
  if (hook === undefined) throw new ValueError(`Cannot remove weightNorm from "${field}" of ${module}: it has none`);
  const weight = noGrad(() => hook.compute(module));
  hook.detach(module);
  dropFields(module, field, `${field}G`, `${field}V`);
  module.registerParameter(field, new Parameter(weight));
  return module;
}
