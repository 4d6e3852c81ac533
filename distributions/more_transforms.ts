/**
 * Transforms of matrices, and transforms made of others.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { type Shape, ShapeError, type Tensor, ValueError } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import type { Constraint } from "./constraints.ts";
import type { Distribution } from "./distribution.ts";
import { lastDims, Transform } from "./transforms.ts";
import { constantLike } from "./utils.ts";

/** Matrices to lower triangular ones whose diagonal is e to the power of theirs. */
export class LowerCholeskyTransform extends Transform {
  /** The values it takes. */
  override get domain(): Constraint {
    return constraints.independent(constraints.real, 2);
  }

  /** The values it gives. */
  override get codomain(): Constraint {
    return constraints.lowerCholesky;
  }

  /** y of x. */
  override call(x: Tensor): Tensor {
    return x.tril(-1).add(F.diagEmbed(F.diagonal(x, 0, -2, -1).exp()));
  }

  /** x of y. */
  override inverse(y: Tensor): Tensor {
    return y.tril(-1).add(F.diagEmbed(F.diagonal(y, 0, -2, -1).log()));
  }

  /** ln |det dy / dx|. */
  override logAbsDetJacobian(x: Tensor, _y: Tensor): Tensor {
    return F.diagonal(x, 0, -2, -1).sum(-1);
  }
}

/** Several transforms, the first one first. */
export class ComposeTransform extends Transform {
  /** Makes the function. */
  constructor(
    /** What is applied, in this order. */
    readonly parts: readonly Transform[],
  ) {
    super();
    if (parts.length === 0) throw new ValueError("Cannot compose no transforms: give at least one");
  }

  /** The values it takes. */
  override get domain(): Constraint {
    return widened(this.parts[0]!.domain, this.eventDim);
  }

  /** The values it gives. */
  override get codomain(): Constraint {
    const last = this.parts.at(-1)!.codomain;
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
      this.parts.at(-1)!.codomain.eventDim,
    );
  }

  /** Whether there is one x for each y. */
  override get bijective(): boolean {
    return this.parts.every((part) => part.bijective);
  }

  /** 1 where y grows with x, -1 where it falls. */
  override get sign(): Tensor | number {
    return this.parts.map((part) => part.sign).reduce((a, b) =>
      typeof a === "number" ? (typeof b === "number" ? a * b : b.mul(a)) : a.mul(b)
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
    return total!;
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

function widened(constraint: Constraint, eventDim: number): Constraint {
  return eventDim > constraint.eventDim
    ? constraints.independent(constraint, eventDim - constraint.eventDim)
    : constraint;
}

/** `x` summed over its last `count` dimensions. */
export function summedRight(x: Tensor, count: number): Tensor {
  return count <= 0 ? x : x.sum(lastDims(count));
}

/** A transform of which `count` more dimensions make one value. */
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

/** The same elements, those of one value in another shape. */
export class ReshapeTransform extends Transform {
  /** Makes the function. */
  constructor(
    /** The shape of one x. */
    readonly inShape: Shape,
    /** The shape of one y, of as many elements. */
    readonly outShape: Shape,
  ) {
    super();
    if (count(inShape) !== count(outShape)) {
      throw new ShapeError(
        `Cannot reshape values of [${inShape.join(", ")}] to [${outShape.join(", ")}]: sizes differ`,
      );
    }
  }

  /** The values it takes. */
  override get domain(): Constraint {
    return constraints.independent(constraints.real, this.inShape.length);
  }

  /** The values it gives. */
  override get codomain(): Constraint {
    return constraints.independent(constraints.real, this.outShape.length);
  }

  /** y of x. */
  override call(x: Tensor): Tensor {
    return x.reshape(this.forwardShape(x.shape));
  }

  /** x of y. */
  override inverse(y: Tensor): Tensor {
    return y.reshape(this.inverseShape(y.shape));
  }

  /** ln |det dy / dx|. */
  override logAbsDetJacobian(x: Tensor, _y: Tensor): Tensor {
    return constantLike(x, 0, x.shape.slice(0, x.ndim - this.inShape.length));
  }

  /** The shape of y for an x of this shape. */
  override forwardShape(shape: Shape): Shape {
    return [...shape.slice(0, shape.length - this.inShape.length), ...this.outShape];
  }

  /** The shape of x for a y of this shape. */
  override inverseShape(shape: Shape): Shape {
    return [...shape.slice(0, shape.length - this.outShape.length), ...this.inShape];
  }
}

function count(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** y = F(x), F being a distribution's cumulative distribution function. */
export class CumulativeDistributionTransform extends Transform {
  /** Makes the function. */
  constructor(
    /** The distribution. */
    readonly distribution: Distribution,
  ) {
    super();
  }

  /** The values it takes. */
  override get domain(): Constraint {
    return this.distribution.support;
  }

  /** The values it gives. */
  override get codomain(): Constraint {
    return constraints.unitInterval;
  }

  /** 1 where y grows with x, -1 where it falls. */
  override get sign(): Tensor | number {
    return 1;
  }

  /** y of x. */
  override call(x: Tensor): Tensor {
    return this.distribution.cdf(x);
  }

  /** x of y. */
  override inverse(y: Tensor): Tensor {
    return this.distribution.icdf(y);
  }

  /** ln |det dy / dx|. */
  override logAbsDetJacobian(x: Tensor, _y: Tensor): Tensor {
    return this.distribution.logProb(x);
  }
}
