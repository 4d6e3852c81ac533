/**
 * Weights divided by their largest singular value.
 *
 * @module
 */

import * as F from "../../functional/mod.ts";
import { empty, noGrad, type Tensor, ValueError } from "../../tensor/mod.ts";
import { optionsOf } from "../../tensor/arguments.ts";
import { TransposedConvolution } from "../conv_transpose.ts";
import type { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";
import { dropFields, fieldOf, parameterOf, Recomputed, recomputing, tensorOf } from "./recomputed.ts";

/** Options of `spectralNorm`. */
export interface SpectralNormOptions {
  /** The parameter. Default "weight". */
  readonly name?: string;
  /** Steps of the power method before each `forward` while training. Default 1. */
  readonly nPowerIterations?: number;
  /** The least length of vectors that are divided by their length. Default 1e-12. */
  readonly eps?: number;
  /** The dimension of outputs; 1 for transposed convolutions, else 0 by default. */
  readonly dim?: number | null;
}

/** `options` with the defaults that fit a module. */
export function spectralOptions(
  module: Module,
  args: readonly (string | SpectralNormOptions)[],
): { name: string; nPowerIterations: number; eps: number; dim: number } {
  const { name = "weight", nPowerIterations = 1, eps = 1e-12, dim } = optionsOf<SpectralNormOptions>(["name"], ...args);
  if (!(Number.isInteger(nPowerIterations) && nPowerIterations > 0)) {
    throw new ValueError(`Cannot apply spectralNorm with nPowerIterations ${nPowerIterations}: it must be above 0`);
  }
  return { name, nPowerIterations, eps, dim: dim ?? (module instanceof TransposedConvolution ? 1 : 0) };
}

/** A weight as a matrix whose rows are its slices along `dim`. */
export function matrixOf(weight: Tensor, dim: number): Tensor {
  return F.reshape(F.movedim(weight, dim, 0), [weight.shape[dim]!, -1]);
}

/** A random vector of length 1. */
export function randomDirection(like: Tensor, size: number, eps: number): Tensor {
  return noGrad(() =>
    F.normalize(empty([size], { dtype: like.dtype, device: like.device }).normal_(), { dim: 0, eps })
  );
}

/** σ = uᵀ W v. */
export function singularValue(matrix: Tensor, u: Tensor, v: Tensor): Tensor {
  return F.dot(u, F.mv(matrix, v));
}

class SpectralNorm extends Recomputed {
  constructor(field: string, readonly nPowerIterations: number, readonly eps: number, readonly dim: number) {
    super(field);
  }

  override compute(module: Module, training: boolean): Tensor {
    const weight = tensorOf(module, `${this.field}Orig`), matrix = matrixOf(weight, this.dim);
    const left = tensorOf(module, `${this.field}U`), right = tensorOf(module, `${this.field}V`);
    // Copies: a later step overwrites the buffers, and a gradient through this one needs what they were.
    let u = left.clone(), v = right.clone();
    if (training) {
      noGrad(() => {
        for (let i = 0; i < this.nPowerIterations; i++) {
          v = F.normalize(F.mv(F.t(matrix), u), { dim: 0, eps: this.eps });
          u = F.normalize(F.mv(matrix, v), { dim: 0, eps: this.eps });
        }
        left.copy_(u);
        right.copy_(v);
      });
    }
    return F.div(weight, singularValue(matrix, u, v));
  }
}

/**
 * Divides a parameter W by its largest singular value before each `forward`. That value is approximated by the power method, which goes on from
 * where it was with each `forward` while training. The parameter is then `weightOrig`, "weight_orig" in a state dict, which also has the
 * vectors "weight_u" and "weight_v". `nn.utils.parametrizations.spectralNorm` is the newer form.
 *
 * Throws `ValueError` where the module has no such parameter, it is divided already, or `nPowerIterations` is not above 0. From
 * https://arxiv.org/abs/1802.05957.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer = nn.utils.spectralNorm(new nn.Linear(20, 40));
 * console.log(Object.keys(layer.stateDict())); // [ "bias", "weight_orig", "weight_u", "weight_v" ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.spectral_norm.html}
 */
export function spectralNorm<M extends Module>(module: M, ...args: readonly (string | SpectralNormOptions)[]): M {
  const { name, nPowerIterations, eps, dim } = spectralOptions(module, args), field = fieldOf(module, name);
  if (recomputing(module, SpectralNorm, field) !== undefined) {
    throw new ValueError(`Cannot apply spectralNorm to "${field}" twice: call removeSpectralNorm first`);
  }
  const weight = parameterOf("apply spectralNorm to", module, field);
  const [height, width] = matrixOf(weight.detach(), dim).shape as unknown as [number, number];
  const u = randomDirection(weight, height, eps), v = randomDirection(weight, width, eps);
  dropFields(module, field);
  module.registerParameter(`${field}Orig`, weight);
  Reflect.set(module, field, weight.detach());
  module.registerBuffer(`${field}U`, u);
  module.registerBuffer(`${field}V`, v);
  new SpectralNorm(field, nPowerIterations, eps, dim).attach(module);
  return module;
}

/**
 * Undoes `spectralNorm`: the parameter is what it was last computed to be. Throws `ValueError` where there is nothing to undo.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer = nn.utils.removeSpectralNorm(nn.utils.spectralNorm(new nn.Linear(20, 40)));
 * console.log(Object.keys(layer.stateDict())); // [ "bias", "weight" ]
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.remove_spectral_norm.html}
 */
export function removeSpectralNorm<M extends Module>(module: M, name = "weight"): M {
  const field = fieldOf(module, name), hook = recomputing(module, SpectralNorm, field);
  if (hook === undefined) throw new ValueError(`Cannot remove spectralNorm from "${field}" of ${module}: it has none`);
  const weight = noGrad(() => hook.compute(module, false));
  hook.detach(module);
  dropFields(module, field, `${field}Orig`, `${field}U`, `${field}V`);
  module.registerParameter(field, new Parameter(weight));
  return module;
}
