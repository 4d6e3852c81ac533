/**
 * Distributions of angles.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { noGrad, rand, type Shape, type Tensor, zeros } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import { argumentsOf, broadcastAll, Distribution, type DistributionOptions, type Parameter } from "./distribution.ts";

/** Polynomials for I₀ and I₁: Abramowitz and Stegun, Handbook of Mathematical Functions, 9.8.1 to 9.8.4. */
const SMALL = [
  [1, 3.5156229, 3.0899424, 1.2067492, 0.2659732, 0.360768e-1, 0.45813e-2],
  [0.5, 0.87890594, 0.51498869, 0.15084934, 0.2658733e-1, 0.301532e-2, 0.32411e-3],
] as const;
const LARGE = [
  [
    0.39894228,
    0.1328592e-1,
    0.225319e-2,
    -0.157565e-2,
    0.916281e-2,
    -0.2057706e-1,
    0.2635537e-1,
    -0.1647633e-1,
    0.392377e-2,
  ],
  [
    0.39894228,
    -0.3988024e-1,
    -0.362018e-2,
    0.163801e-2,
    -0.1031555e-1,
    0.2282967e-1,
    -0.2895312e-1,
    0.1787654e-1,
    -0.420059e-2,
  ],
] as const;

function polynomial(x: Tensor, coefficients: readonly number[]): Tensor {
  const last = coefficients.length - 1;
  let result = x.mul(coefficients[last]!).add(coefficients[last - 1]!);
  for (let i = last - 2; i >= 0; i--) result = result.mul(x).add(coefficients[i]!);
  return result;
}

/** ln I of order 0 or 1, for x > 0. */
function logBessel(x: Tensor, order: 0 | 1): Tensor {
  const ratio = x.div(3.75);
  const small = polynomial(ratio.square(), SMALL[order]).log();
  const large = x.sub(x.log().mul(0.5)).add(polynomial(ratio.reciprocal(), LARGE[order]).log());
  return F.where(x.lt(3.75), order === 0 ? small : small.add(x.log()), large);
}

/** Parameters of `VonMises`. */
export interface VonMisesOptions extends DistributionOptions {
  /** The angle around which the others lie. */
  readonly loc?: Parameter;
  /** How near, above 0. */
  readonly concentration?: Parameter;
}

/**
 * Von Mises' distribution of angles, e^(concentration · cos(x - loc)) / (2π · I₀(concentration)). Draws lie in [-π, π), by the
 * rejection of Best and Fisher.
 *
 * @see Best and Fisher, Efficient simulation of the von Mises distribution, Applied Statistics 28 (1979)
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const d = new distributions.VonMises(0, 1);
 * console.log(d.logProb(tensor(0))); // tensor(-1.0738)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#vonmises}
 */
export class VonMises extends Distribution {
  /** The angle around which the others lie. */
  readonly loc: Tensor;
  /** How near. */
  readonly concentration: Tensor;

  /** Parameters by position or by name; they broadcast. */
  constructor(
    loc: Parameter | VonMisesOptions,
    concentration?: Parameter | VonMisesOptions,
    options?: VonMisesOptions,
  ) {
    const given = argumentsOf<VonMisesOptions>(["loc", "concentration"], loc, concentration, options);
    const parameters = broadcastAll("VonMises", { loc: given.loc, concentration: given.concentration });
    super(parameters[0]!.shape, [], given.validateArgs);
    [this.loc, this.concentration] = parameters as [Tensor, Tensor];
    this.requireArgs({
      loc: [this.loc, constraints.real],
      concentration: [this.concentration, constraints.positive],
    });
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.real;
  }

  /** The expected value. */
  override get mean(): Tensor {
    return this.loc;
  }

  /** The most probable value. */
  override get mode(): Tensor {
    return this.loc;
  }

  /** The expected square of the distance from the mean. */
  override get variance(): Tensor {
    return logBessel(this.concentration, 1).sub(logBessel(this.concentration, 0)).expm1().neg();
  }

  /** The logarithm of the density, or of the probability of discrete values. */
  override logProb(value: Tensor): Tensor {
    this.requireValue(value);
    const k = this.concentration;
    return k.mul(value.sub(this.loc).cos()).sub(logBessel(k, 0)).sub(Math.log(2 * Math.PI));
  }

  /** Values drawn at random, through which no gradient flows. */
  override sample(shape: Shape = []): Tensor {
    return noGrad(() => {
      const size = this.extendedShape(shape), { dtype, device } = this.loc;
      const k = this.concentration, r = proposal(k);
      let x = zeros(size, { dtype, device }), done = x.ne(0);
      while (!done.all().item<boolean>()) {
        const [u1, u2, u3] = rand([3, ...size], { dtype, device }).unbind(0) as [Tensor, Tensor, Tensor];
        const z = u1.mul(Math.PI).cos();
        const f = r.mul(z).add(1).div(r.add(z)), c = k.mul(r.sub(f));
        const accept = c.mul(c.neg().add(2)).sub(u2).gt(0).logicalOr(c.div(u2).log().add(1).sub(c).ge(0));
        x = F.where(accept, u3.sub(0.5).sign().mul(f.acos()), x);
        done = done.logicalOr(accept);
      }
      return x.add(this.loc).add(Math.PI).remainder(2 * Math.PI).sub(Math.PI);
    });
  }
}

/** The parameter of what is drawn before rejection; a series where the formula divides by nearly 0. */
function proposal(k: Tensor): Tensor {
  const tau = k.square().mul(4).add(1).sqrt().add(1);
  const rho = tau.sub(tau.mul(2).sqrt()).div(k.mul(2));
  const exact = rho.square().add(1).div(rho.mul(2));
  return F.where(k.lt(1e-5), k.reciprocal().add(k), exact);
}
