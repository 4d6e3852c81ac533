/**
 * Transforms of each number by itself.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { getDefaultDtype, type Shape, Tensor } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import type { Constraint } from "./constraint.ts";
import { type Parameter, UnsupportedError } from "./distribution.ts";
import { lastDims, Transform } from "./transforms.ts";
import { constantLike } from "./utils.ts";

/**
 * y = e^x.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const f = new distributions.ExpTransform(), x = tensor([0, 1.5]), y = f.call(x);
 * console.log(y, f.logAbsDetJacobian(x, y)); // tensor([1.0000, 4.4817]) tensor([0.0000, 1.5000])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.ExpTransform}
 */
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

/**
 * y = x^exponent, of numbers above 0.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const square = new distributions.PowerTransform(2);
 * console.log(square.call(tensor([1.5, 3])), square.inverse(tensor([4, 9]))); // tensor([2.2500, 9.0000]) tensor([2., 3.])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.PowerTransform}
 */
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
    return fractional(x).pow(this.exponent);
  }

  /** x of y. */
  override inverse(y: Tensor): Tensor {
    return fractional(y).pow(typeof this.exponent === "number" ? 1 / this.exponent : this.exponent.reciprocal());
  }

  /** ln |det dy / dx|. */
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    return y.mul(this.exponent).div(x).abs().log();
  }
}

/** Integers have no powers below 0 or between integers. */
function fractional(x: Tensor): Tensor {
  return x.isFloatingPoint() ? x : x.to(getDefaultDtype());
}

/**
 * y = |x|, of which the inverse gives x = y.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * console.log(new distributions.AbsTransform().call(tensor([-1.5, 2]))); // tensor([1.5000, 2.0000])
 * ```
 *
 * @throws {UnsupportedError} in `logAbsDetJacobian`, as two x have one y
 * @see {@link https://pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.AbsTransform}
 */
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

/**
 * y = loc + scale · x; the last `eventDim` dimensions, 0 by default, make one value.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const f = new distributions.AffineTransform(1, 2), x = tensor([0.5, 3]), y = f.call(x);
 * console.log(y, f.logAbsDetJacobian(x, y)); // tensor([2., 7.]) tensor([0.6931, 0.6931])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.AffineTransform}
 */
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
