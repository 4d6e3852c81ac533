/**
 * Normal numbers as shares of 1.
 *
 * @module
 */

import type { Tensor } from "../tensor/mod.ts";
import { type Independent, TransformedDistribution } from "./composed.ts";
import { argumentsOf, type Parameter } from "./distribution.ts";
import type { LocScaleOptions } from "./loc_scale.ts";
import { Normal } from "./normal.ts";
import { StickBreakingTransform } from "./simplex_transforms.ts";

/**
 * The distribution of what `StickBreakingTransform` makes of normal numbers: n + 1 shares of 1 of n numbers.
 *
 * @example
 * ```ts
 * import { distributions, tensor, zeros } from "@tensaur/tensaur";
 *
 * const d = new distributions.LogisticNormal(zeros([2]), 1);
 * console.log(d.eventShape, d.logProb(tensor([0.25, 0.25, 0.5]))); // [ 3 ] tensor(1.3054)
 * ```
 *
 * @throws {ValueError} for a scale that is not above 0
 * @see {@link https://pytorch.org/docs/stable/distributions.html#logisticnormal}
 */
export class LogisticNormal extends TransformedDistribution {
  /** Parameters by position or by name; they broadcast. */
  constructor(loc: Parameter | LocScaleOptions, scale?: Parameter | LocScaleOptions, options?: LocScaleOptions) {
    const given = argumentsOf<LocScaleOptions>(["loc", "scale"], loc, scale, options);
    const normal = new Normal(given);
    const base = normal.batchShape.length === 0 ? normal.expand([1]) : normal;
    super(base, new StickBreakingTransform(), { validateArgs: given.validateArgs ?? null });
    Object.assign(this.argConstraints, normal.argConstraints);
  }

  /** The distribution of the numbers. */
  protected get normal(): Normal {
    return (this.base as Independent).base as Normal;
  }

  /** The means of the normal numbers. */
  get loc(): Tensor {
    return this.normal.loc;
  }

  /** The standard deviations of the normal numbers. */
  get scale(): Tensor {
    return this.normal.scale;
  }
}
