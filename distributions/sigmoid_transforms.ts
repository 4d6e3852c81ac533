/**
 * Transforms of numbers that level off on one side or both.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import type { Constraint } from "./constraints.ts";
import { Transform } from "./transforms.ts";
import { epsilonOf, tinyOf } from "./utils.ts";

/** y = 1 / (1 + e^-x). */
export class SigmoidTransform extends Transform {
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
    return constraints.unitInterval;
  }

  /** y of x. */
  override call(x: Tensor): Tensor {
    const tiny = tinyOf(x.dtype);
    return x.sigmoid().clamp({ min: tiny, max: 1 - epsilonOf(x.dtype) });
  }

  /** x of y. */
  override inverse(y: Tensor): Tensor {
    const inside = y.clamp({ min: tinyOf(y.dtype), max: 1 - epsilonOf(y.dtype) });
    return inside.log().sub(inside.neg().log1p());
  }

  /** ln |det dy / dx|. */
  override logAbsDetJacobian(x: Tensor, _y: Tensor): Tensor {
    return F.softplus(x.neg()).add(F.softplus(x)).neg();
  }
}

/** y = tanh x. */
export class TanhTransform extends Transform {
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
    return constraints.interval(-1, 1);
  }

  /** y of x. */
  override call(x: Tensor): Tensor {
    return x.tanh();
  }

  /** x of y. */
  override inverse(y: Tensor): Tensor {
    return y.atanh();
  }

  /** ln |det dy / dx|. */
  override logAbsDetJacobian(x: Tensor, _y: Tensor): Tensor {
    // ln(1 - tanh² x) without what cancels for large x.
    return x.add(F.softplus(x.mul(-2))).sub(Math.LN2).mul(-2);
  }
}

/** y = ln(1 + e^x). */
export class SoftplusTransform extends Transform {
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
    return F.softplus(x);
  }

  /** x of y. */
  override inverse(y: Tensor): Tensor {
    return y.neg().expm1().neg().log().add(y);
  }

  /** ln |det dy / dx|. */
  override logAbsDetJacobian(x: Tensor, _y: Tensor): Tensor {
    return F.softplus(x.neg()).neg();
  }
}
