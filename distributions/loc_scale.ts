/**
 * Distributions with a place and a width.
 *
 * @module
 */

import type { Tensor } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import { argumentsOf, broadcastAll, Distribution, type DistributionOptions, type Parameter } from "./distribution.ts";

/** A place and a width. */
export interface LocScaleOptions extends DistributionOptions {
  /** Where the distribution is. */
  readonly loc?: Parameter;
  /** How wide it is, above 0. */
  readonly scale?: Parameter;
}

/**
 * Base of `Normal`, `Laplace`, `Cauchy`, `Gumbel` and `LogNormal`: loc + scale · x, x having the distribution with loc 0 and scale 1, or a
 * function of that.
 *
 * @example
 * ```ts
 * import { distributions } from "@tensaur/tensaur";
 *
 * const all: distributions.LocScale[] = [new distributions.Normal(0, 2), new distributions.Laplace(1, 3)];
 * console.log(all.map((d) => d.scale.item())); // [ 2, 3 ]
 * ```
 *
 * @throws {ValueError} for a scale that is not above 0
 * @see {@link https://pytorch.org/docs/stable/distributions.html}
 */
export abstract class LocScale extends Distribution {
  /** Where the distribution is. */
  readonly loc: Tensor;
  /** How wide it is, above 0. */
  readonly scale: Tensor;

  /** Parameters by position or by name; they broadcast. */
  constructor(loc: Parameter | LocScaleOptions, scale?: Parameter | LocScaleOptions, options?: LocScaleOptions) {
    const given = argumentsOf<LocScaleOptions>(["loc", "scale"], loc, scale, options);
    const parameters = broadcastAll(new.target.name, { loc: given.loc, scale: given.scale });
    super(parameters[0]!.shape, [], given.validateArgs);
    [this.loc, this.scale] = parameters as [Tensor, Tensor];
    this.requireArgs({ loc: [this.loc, constraints.real], scale: [this.scale, constraints.positive] });
  }

  /** The values that it gives. */
  override get support(): constraints.Constraint {
    return constraints.real;
  }

  /** Whether `rsample` exists. */
  override get hasRsample(): boolean {
    return true;
  }

  /** The most probable value. */
  override get mode(): Tensor {
    return this.loc;
  }
}
