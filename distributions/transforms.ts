/**
 * Invertible functions of random values, with what they do to densities.
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#module-torch.distributions.transforms}
 * @module
 */

import * as F from "../functional/mod.ts";
import { type Shape, Tensor } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import type { Constraint } from "./constraints.ts";
import { type Parameter, UnsupportedError } from "./distribution.ts";
import { constantLike } from "./utils.ts";

/** A function y = f(x) with an inverse and the logarithm of |dy / dx|. */
export abstract class Transform {
  /** The values it takes. */
  abstract get domain(): Constraint;

  /** The values it gives. */
  abstract get codomain(): Constraint;

  /** y of x. */
  abstract call(x: Tensor): Tensor;

  /** x of y. */
  abstract inverse(y: Tensor): Tensor;

  /** ln |det dy / dx|, where y is f(x). */
  abstract logAbsDetJacobian(x: Tensor, y: Tensor): Tensor;

  /** Whether there is one x for each y. */
  get bijective(): boolean {
    return true;
  }

  /** 1 where y grows with x, -1 where it falls. */
  get sign(): Tensor | number {
    throw new UnsupportedError(`Cannot tell the sign of ${this.constructor.name}: it is not monotonic`);
  }

  /** The inverse function. */
  get inv(): Transform {
    return new InverseTransform(this);
  }

  /** The shape of y for an x of this shape. */
  forwardShape(shape: Shape): Shape {
    return shape;
  }

  /** The shape of x for a y of this shape. */
  inverseShape(shape: Shape): Shape {
    return shape;
  }
}

class InverseTransform extends Transform {
  constructor(readonly origin: Transform) {
    super();
  }

  /** The values it takes. */
  override get domain(): Constraint {
    return this.origin.codomain;
  }

  /** The values it gives. */
  override get codomain(): Constraint {
    return this.origin.domain;
  }

  /** y of x. */
  override call(x: Tensor): Tensor {
    return this.origin.inverse(x);
  }

  /** x of y. */
  override inverse(y: Tensor): Tensor {
    return this.origin.call(y);
  }

  /** ln |det dy / dx|. */
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    return this.origin.logAbsDetJacobian(y, x).neg();
  }

  /** Whether there is one x for each y. */
  override get bijective(): boolean {
    return this.origin.bijective;
  }

  /** 1 where y grows with x, -1 where it falls. */
  override get sign(): Tensor | number {
    return this.origin.sign;
  }

  /** The inverse function. */
  override get inv(): Transform {
    return this.origin;
  }

  /** The shape of y for an x of this shape. */
  override forwardShape(shape: Shape): Shape {
    return this.origin.inverseShape(shape);
  }

  /** The shape of x for a y of this shape. */
  override inverseShape(shape: Shape): Shape {
    return this.origin.forwardShape(shape);
  }
}

/** y = e^x. */
export class ExpTransform extends Transform {
  /** The values it takes. */
  override get domain(): Constraint {
    return constraints.real;
  }

  /** 1 where y grows with x, -1 where it falls. */
  override get sign(): Tensor | number {
    return 1;
  }

  /** The values it gives. */
  override get codomain(): Constraint {
    return constraints.positive;
  }

  /** y of x. */
  override call(x: Tensor): Tensor {
    return x.exp();
  }

  /** x of y. */
  override inverse(y: Tensor): Tensor {
    return y.log();
  }

  /** ln |det dy / dx|. */
  override logAbsDetJacobian(x: Tensor, _y: Tensor): Tensor {
    return x;
  }
}

/** y = x^exponent, of numbers above 0. */
export class PowerTransform extends Transform {
  /** Makes the function. */
  constructor(
    /** The exponent. */
    readonly exponent: Parameter,
  ) {
    super();
  }

  /** The values it takes. */
  override get domain(): Constraint {
    return constraints.positive;
  }

  /** The values it gives. */
  override get codomain(): Constraint {
    return constraints.positive;
  }

  /** 1 where y grows with x, -1 where it falls. */
  override get sign(): Tensor | number {
    return typeof this.exponent === "number" ? Math.sign(this.exponent) : this.exponent.sign();
  }

  /** y of x. */
  override call(x: Tensor): Tensor {
    return x.pow(this.exponent);
  }

  /** x of y. */
  override inverse(y: Tensor): Tensor {
    return y.pow(typeof this.exponent === "number" ? 1 / this.exponent : this.exponent.reciprocal());
  }

  /** ln |det dy / dx|. */
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    return y.mul(this.exponent).div(x).abs().log();
  }
}

/** y = |x|, of which the inverse gives x = y. */
export class AbsTransform extends Transform {
  /** The values it takes. */
  override get domain(): Constraint {
    return constraints.real;
  }

  /** The values it gives. */
  override get codomain(): Constraint {
    return constraints.positive;
  }

  /** Whether there is one x for each y. */
  override get bijective(): boolean {
    return false;
  }

  /** y of x. */
  override call(x: Tensor): Tensor {
    return x.abs();
  }

  /** x of y. */
  override inverse(y: Tensor): Tensor {
    return y;
  }

  /** ln |det dy / dx|. */
  override logAbsDetJacobian(_x: Tensor, _y: Tensor): Tensor {
    throw new UnsupportedError("Cannot tell the logAbsDetJacobian of AbsTransform: it is not bijective");
  }
}

/** y = loc + scale · x; the last `eventDim` dimensions make one value. */
export class AffineTransform extends Transform {
  /** Makes the function. */
  constructor(
    /** What 0 goes to. */
    readonly loc: Parameter,
    /** The slope. */
    readonly scale: Parameter,
    /** How many dimensions make one value. */
    readonly eventDim: number = 0,
  ) {
    super();
  }

  /** The values it takes. */
  override get domain(): Constraint {
    return constraints.independent(constraints.real, this.eventDim);
  }

  /** The values it gives. */
  override get codomain(): Constraint {
    return this.domain;
  }

  /** 1 where y grows with x, -1 where it falls. */
  override get sign(): Tensor | number {
    return typeof this.scale === "number" ? Math.sign(this.scale) : this.scale.sign();
  }

  /** y of x. */
  override call(x: Tensor): Tensor {
    return x.mul(this.scale).add(this.loc);
  }

  /** x of y. */
  override inverse(y: Tensor): Tensor {
    return y.sub(this.loc).div(this.scale);
  }

  /** ln |det dy / dx|. */
  override logAbsDetJacobian(x: Tensor, _y: Tensor): Tensor {
    const each = typeof this.scale === "number"
      ? constantLike(x, Math.log(Math.abs(this.scale)))
      : this.scale.abs().log().expand(F.broadcastShapes(this.scale.shape, x.shape));
    return this.eventDim === 0 ? each : each.sum(lastDims(this.eventDim));
  }

  /** The shape of y for an x of this shape. */
  override forwardShape(shape: Shape): Shape {
    const of = (x: Parameter) => x instanceof Tensor ? x.shape : [];
    return F.broadcastShapes(shape, of(this.loc), of(this.scale));
  }

  /** The shape of x for a y of this shape. */
  override inverseShape(shape: Shape): Shape {
    return this.forwardShape(shape);
  }
}

/** The last `count` dimensions. */
export function lastDims(count: number): number[] {
  return Array.from({ length: count }, (_, i) => -1 - i);
}
