/**
 * Invertible functions of random values, with what they do to densities.
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#module-torch.distributions.transforms}
 * @module
 */

import type { Shape, Tensor } from "../tensor/mod.ts";
import type { Constraint } from "./constraint.ts";
import { UnsupportedError } from "./distribution.ts";

/**
 * Base of functions y = f(x) with an inverse and the logarithm of |det dy / dx|. A subclass gives `call`, `inverse`, `logAbsDetJacobian`,
 * and which values it takes and gives, `domain` and `codomain`.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const log = new distributions.ExpTransform().inv;
 * console.log(log.call(tensor(1.5)), log.domain.name); // tensor(0.4055) positive
 * ```
 *
 * @throws {UnsupportedError} in `sign`, where the function is not monotonic
 * @see {@link https://pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.Transform}
 */
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

/** The last `count` dimensions. */
export function lastDims(count: number): number[] {
  return Array.from({ length: count }, (_, i) => -1 - i);
}
