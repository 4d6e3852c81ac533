/**
 * Transforms made of others.
 *
 * @module
 */

import type { Shape, Tensor } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import type { Constraint } from "./constraint.ts";
import { lastDims, Transform } from "./transforms.ts";
import { constantLike } from "./utils.ts";

/**
 * Several transforms, the first one first; of none, the identity.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const { AffineTransform, ComposeTransform, ExpTransform } = distributions;
 * console.log(new ComposeTransform([new AffineTransform(1, 2), new ExpTransform()]).call(tensor([0, -0.5]))); // tensor([2.7183, 1.0000])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.ComposeTransform}
 */
export class ComposeTransform extends Transform {
  /** Makes the function. */
  constructor(
    /** What is applied, in this order. */
    readonly parts: readonly Transform[],
  ) {
    super();
  }

  /** The values it takes. */
  override get domain(): Constraint {
    return widened(this.parts[0]?.domain ?? constraints.real, this.eventDim);
  }

  /** The values it gives. */
  override get codomain(): Constraint {
    const last = this.parts.at(-1)?.codomain ?? constraints.real;
    const grown = this.parts.reduce(
      (dim, part) => Math.max(dim, part.domain.eventDim) + part.codomain.eventDim - part.domain.eventDim,
      this.eventDim,
    );
    return widened(last, grown);
  }

  /** How many dimensions of x make one value for all of the parts. */
  get eventDim(): number {
    return this.parts.reduceRight(
      (dim, { domain, codomain }) => Math.max(domain.eventDim, dim + domain.eventDim - codomain.eventDim),
      this.parts.at(-1)?.codomain.eventDim ?? 0,
    );
  }

  /** Whether there is one x for each y. */
  override get bijective(): boolean {
    return this.parts.every((part) => part.bijective);
  }

  /** 1 where y grows with x, -1 where it falls. */
  override get sign(): Tensor | number {
    return this.parts.map((part) => part.sign).reduce(
      (a, b) => typeof a === "number" ? (typeof b === "number" ? a * b : b.mul(a)) : a.mul(b),
      1,
    );
  }

  /** y of x. */
  override call(x: Tensor): Tensor {
    return this.parts.reduce((value, part) => part.call(value), x);
  }

  /** x of y. */
  override inverse(y: Tensor): Tensor {
    return this.parts.reduceRight((value, part) => part.inverse(value), y);
  }

  /** ln |det dy / dx|. */
  override logAbsDetJacobian(x: Tensor, _y: Tensor): Tensor {
    let value = x, dim = this.eventDim, total: Tensor | undefined;
    for (const part of this.parts) {
      const next = part.call(value);
      const term = summedRight(part.logAbsDetJacobian(value, next), dim - part.domain.eventDim);
      total = total === undefined ? term : total.add(term);
      dim += part.codomain.eventDim - part.domain.eventDim;
      value = next;
    }
    return total ?? constantLike(x, 0);
  }

  /** The shape of y for an x of this shape. */
  override forwardShape(shape: Shape): Shape {
    return this.parts.reduce((value, part) => part.forwardShape(value), shape);
  }

  /** The shape of x for a y of this shape. */
  override inverseShape(shape: Shape): Shape {
    return this.parts.reduceRight((value, part) => part.inverseShape(value), shape);
  }
}

/**
 * y = x.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * console.log(distributions.identityTransform.call(tensor([1, 2]))); // tensor([1, 2])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#module-torch.distributions.transforms}
 */
export const identityTransform: Transform = new ComposeTransform([]);

function widened(constraint: Constraint, eventDim: number): Constraint {
  return eventDim > constraint.eventDim
    ? constraints.independent(constraint, eventDim - constraint.eventDim)
    : constraint;
}

/** `x` summed over its last `count` dimensions. */
export function summedRight(x: Tensor, count: number): Tensor {
  return count <= 0 ? x : x.sum(lastDims(count));
}

/**
 * A transform of which the last `count` dimensions make one value too: its logAbsDetJacobian is summed over them.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const f = new distributions.IndependentTransform(new distributions.ExpTransform(), 1);
 * const x = tensor([[0.5, 1.5], [2, 3]]);
 * console.log(f.logAbsDetJacobian(x, f.call(x))); // tensor([2., 5.])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.IndependentTransform}
 */
export class IndependentTransform extends Transform {
  /** Makes the function. */
  constructor(
    /** What is applied. */
    readonly base: Transform,
    /** How many more dimensions make one value. */
    readonly count: number,
  ) {
    super();
  }

  /** The values it takes. */
  override get domain(): Constraint {
    return constraints.independent(this.base.domain, this.count);
  }

  /** The values it gives. */
  override get codomain(): Constraint {
    return constraints.independent(this.base.codomain, this.count);
  }

  /** Whether there is one x for each y. */
  override get bijective(): boolean {
    return this.base.bijective;
  }

  /** 1 where y grows with x, -1 where it falls. */
  override get sign(): Tensor | number {
    return this.base.sign;
  }

  /** y of x. */
  override call(x: Tensor): Tensor {
    return this.base.call(x);
  }

  /** x of y. */
  override inverse(y: Tensor): Tensor {
    return this.base.inverse(y);
  }

  /** ln |det dy / dx|. */
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    return summedRight(this.base.logAbsDetJacobian(x, y), this.count);
  }

  /** The shape of y for an x of this shape. */
  override forwardShape(shape: Shape): Shape {
    return this.base.forwardShape(shape);
  }

  /** The shape of x for a y of this shape. */
  override inverseShape(shape: Shape): Shape {
    return this.base.inverseShape(shape);
  }
}
