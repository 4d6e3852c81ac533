/**
 * What distributions of the exponential family have in common.
 *
 * @module
 */

import { grad } from "../tensor/differentiation.ts";
import { enableGrad, type Tensor } from "../tensor/mod.ts";
import { Distribution, UnsupportedError } from "./distribution.ts";
import { summedRight } from "./composed_transforms.ts";
import { registerKl } from "./kl.ts";

/**
 * Base of distributions p(x) = e^(t(x) · θ - F(θ) + k(x)), whose entropy, and divergence from another of the same class, follow from F by
 * differentiation: H = F(θ) - θ · ∇F(θ) - E k(x).
 *
 * A subclass gives θ as `naturalParams`, F as `logNormalizer`, and E k(x) as `meanCarrierMeasure`. The distributions of this library know
 * their entropies, and need it not.
 *
 * @example
 * ```ts
 * import { distributions, tensor, type Tensor } from "@tensaur/tensaur";
 *
 * class Exponential extends distributions.ExponentialFamily {
 *   constructor(readonly rate: Tensor) {
 *     super(rate.shape, []);
 *   }
 *   override get support(): distributions.Constraint {
 *     return distributions.constraints.nonnegative;
 *   }
 *   override logProb(value: Tensor): Tensor {
 *     return this.rate.log().sub(this.rate.mul(value));
 *   }
 *   override get naturalParams(): Tensor[] {
 *     return [this.rate.neg()];
 *   }
 *   override logNormalizer(minusRate: Tensor): Tensor {
 *     return minusRate.neg().log().neg();
 *   }
 * }
 * const [p, q] = [new Exponential(tensor(2.5)), new Exponential(tensor(1.5))];
 * console.log(p.entropy(), distributions.klDivergence(p, q)); // tensor(0.0837) tensor(0.1108)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#exponentialfamily}
 */
export abstract class ExponentialFamily extends Distribution {
  /** θ, each tensor of `batchShape` and perhaps more dimensions. */
  abstract get naturalParams(): readonly Tensor[];

  /** F(θ), of `batchShape`. */
  abstract logNormalizer(...params: readonly Tensor[]): Tensor;

  /** E k(x). */
  get meanCarrierMeasure(): Tensor | number {
    return 0;
  }

  /** θ, F(θ) and ∇F(θ), through which gradients flow to the parameters. */
  bregman(): { readonly params: readonly Tensor[]; readonly normalizer: Tensor; readonly slopes: readonly Tensor[] } {
    return enableGrad(() => {
      const params = this.naturalParams.map((param) => param.requiresGrad ? param : param.detach().requiresGrad_());
      const normalizer = this.logNormalizer(...params);
      const slopes = grad(normalizer.sum(), params, { createGraph: true }) as Tensor[];
      const known = this.naturalParams.some((param) => param.requiresGrad);
      return known ? { params, normalizer, slopes } : {
        params: params.map((param) => param.detach()),
        normalizer: normalizer.detach(),
        slopes: slopes.map((slope) => slope.detach()),
      };
    });
  }

  /** The expected value of -logProb. */
  override entropy(): Tensor {
    const { params, normalizer, slopes } = this.bregman();
    return params.reduce(
      (sum, param, i) => sum.sub(overEvents(param.mul(slopes[i]!), normalizer)),
      normalizer.sub(this.meanCarrierMeasure),
    );
  }
}

/** Summed over all dimensions but those of the batch. */
function overEvents(x: Tensor, batch: Tensor): Tensor {
  return summedRight(x, x.ndim - batch.ndim);
}

registerKl(ExponentialFamily, ExponentialFamily, (p, q) => {
  if (p.constructor !== q.constructor) {
    throw new UnsupportedError(
      `Cannot compute klDivergence of ${p.constructor.name} and ${q.constructor.name}: no formula is registered. Use registerKl`,
    );
  }
  const { params, normalizer, slopes } = p.bregman(), others = q.naturalParams;
  return params.reduce(
    (sum, param, i) => sum.sub(overEvents(others[i]!.sub(param).mul(slopes[i]!), normalizer)),
    q.logNormalizer(...others).sub(normalizer),
  );
});
