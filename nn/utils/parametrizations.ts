/**
 * Parametrizations: what weights can be computed from.
 *
 * @module
 */

import * as F from "../../functional/mod.ts";
import { noGrad, type Tensor } from "../../tensor/mod.ts";
import { optionsOf } from "../../tensor/arguments.ts";
import { Module } from "../module.ts";
import { registerParametrization } from "./parametrize.ts";
import { fieldOf, parameterOf } from "./recomputed.ts";
import {
  matrixOf,
  randomDirection,
  singularValue,
  type SpectralNormOptions,
  spectralOptions,
} from "./spectral_norm.ts";
import { lengthsOf, type WeightNormOptions, withLengths } from "./weight_norm.ts";

export { orthogonal, type OrthogonalMap, type OrthogonalOptions } from "./orthogonal.ts";

class WeightNorm extends Module {
  constructor(readonly dim: number | null) {
    super();
  }

  override forward(lengths: Tensor, direction: Tensor): Tensor {
    return withLengths(direction, lengths, this.dim);
  }

  rightInverse(weight: Tensor): readonly Tensor[] {
    return [lengthsOf(weight, this.dim), weight];
  }
}

/**
 * Computes a parameter w from its lengths g and its direction v: g · v / |v|. In a state dict these are
 * "parametrizations.weight.original0" and "parametrizations.weight.original1". From https://arxiv.org/abs/1602.07868.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer = nn.utils.parametrizations.weightNorm(new nn.Linear(20, 40));
 * console.log(layer.namedParameters()[1]![0]); // parametrizations.weight.original0
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.parametrizations.weight_norm.html}
 */
export function weightNorm<M extends Module>(module: M, ...args: readonly (string | WeightNormOptions)[]): M {
  const { name = "weight", dim = 0 } = optionsOf<WeightNormOptions>(["name"], ...args);
  return registerParametrization(module, name, new WeightNorm(dim), { unsafe: true });
}

class SpectralNorm extends Module {
  readonly _u: Tensor | null = null;
  readonly _v: Tensor | null = null;

  constructor(weight: Tensor, readonly nPowerIterations: number, readonly dim: number, readonly eps: number) {
    super();
    if (weight.ndim < 2) return;
    const matrix = matrixOf(weight, dim), [height, width] = matrix.shape as unknown as [number, number];
    this.registerBuffer("_u", randomDirection(weight, height, eps));
    this.registerBuffer("_v", randomDirection(weight, width, eps));
    this.improve(matrix, 15);
  }

  private improve(matrix: Tensor, steps: number): [Tensor, Tensor] {
    return noGrad(() => {
      let u = this._u!.clone(), v = this._v!.clone();
      for (let i = 0; i < steps; i++) {
        u = F.normalize(F.mv(matrix, v), { dim: 0, eps: this.eps });
        v = F.normalize(F.mv(F.t(matrix), u), { dim: 0, eps: this.eps });
      }
      this._u!.copy_(u);
      this._v!.copy_(v);
      return [u, v];
    });
  }

  override forward(weight: Tensor): Tensor {
    if (weight.ndim < 2) return F.normalize(weight, { dim: 0, eps: this.eps });
    const matrix = matrixOf(weight, this.dim);
    return F.div(weight, singularValue(matrix, ...this.improve(matrix, this.training ? this.nPowerIterations : 0)));
  }

  rightInverse(value: Tensor): Tensor {
    return value;
  }
}

/**
 * Computes a parameter as W / σ(W), where σ is the largest singular value. It is approximated by the power method, of which each reading
 * while training does `nPowerIterations` more steps. From https://arxiv.org/abs/1802.05957.
 *
 * ```ts
 * import { nn } from "@tensaur/tensaur";
 *
 * const layer = nn.utils.parametrizations.spectralNorm(new nn.Linear(20, 40));
 * console.log(Object.keys(layer.stateDict()).at(-1)); // parametrizations.weight.0._v
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.nn.utils.parametrizations.spectral_norm.html}
 */
export function spectralNorm<M extends Module>(module: M, ...args: readonly (string | SpectralNormOptions)[]): M {
  const { name, nPowerIterations, eps, dim } = spectralOptions(module, args);
  const weight = parameterOf("apply spectralNorm to", module, fieldOf(module, name));
  return registerParametrization(module, name, new SpectralNorm(weight, nPowerIterations, dim, eps));
}
