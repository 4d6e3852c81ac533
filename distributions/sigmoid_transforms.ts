/**
 * Transforms of numbers that level off on one side or both.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import type { Constraint } from "./constraint.ts";
import { Transform } from "./transforms.ts";
import { epsilonOf, tinyOf } from "./utils.ts";

/**
 * y = 1 / (1 + e^-x), kept between 0 and 1 by the dtype's precision.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const f = new distributions.SigmoidTransform();
 * console.log(f.call(tensor([-1, 0.5])), f.inverse(tensor([0.25, 0.5]))); // tensor([0.2689, 0.6225]) tensor([-1.0986,  0.0000])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.SigmoidTransform}
 */
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

/**
 * y = tanh x.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * console.log(new distributions.TanhTransform().call(tensor([-1, 0.5]))); // tensor([-0.7616,  0.4621])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.TanhTransform}
 */
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

/**
 * y = ln(1 + e^x).
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * console.log(new distributions.SoftplusTransform().call(tensor([-1, 0.5]))); // tensor([0.3133, 0.9741])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.SoftplusTransform}
 */
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
