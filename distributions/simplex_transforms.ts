/**
 * Transforms of vectors to numbers with sum 1.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { ones, type Shape, ShapeError, type Tensor } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import type { Constraint } from "./constraint.ts";
import { UnsupportedError } from "./distribution.ts";
import { Transform } from "./transforms.ts";
import { clampProbs, tinyOf } from "./utils.ts";

/**
 * y = softmax of x along the last dimension; not bijective, and x = ln y is one of its inverses.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * console.log(new distributions.SoftmaxTransform().call(tensor([0.5, 0.5, 2]))); // tensor([0.1543, 0.1543, 0.6914])
 * ```
 *
 * @throws {UnsupportedError} in `logAbsDetJacobian`
 * @see {@link https://pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.SoftmaxTransform}
 */
export class SoftmaxTransform extends Transform {
  /** The values it takes. */
  override get domain(): Constraint {
    return constraints.realVector;
  }

  /** The values it gives. */
  override get codomain(): Constraint {
    return constraints.simplex;
  }

  /** Whether there is one x for each y. */
  override get bijective(): boolean {
    return false;
  }

  /** y of x. */
  override call(x: Tensor): Tensor {
    return F.softmax(x, -1);
  }

  /** x of y. */
  override inverse(y: Tensor): Tensor {
    return y.log();
  }

  /** ln |det dy / dx|. */
  override logAbsDetJacobian(_x: Tensor, _y: Tensor): Tensor {
    throw new UnsupportedError("Cannot tell the logAbsDetJacobian of SoftmaxTransform: it is not bijective");
  }
}

/**
 * Breaks a stick of length 1 into one piece more than x has numbers: [..., n] to [..., n + 1]. Piece i is the share σ(xᵢ - ln(n - i)) of
 * what is left, with i from 0, and the last piece is the rest.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * console.log(new distributions.StickBreakingTransform().call(tensor([0, 0.5]))); // tensor([0.3333, 0.4150, 0.2517])
 * ```
 *
 * @throws {ShapeError} for 0-dimensional tensors
 * @see {@link https://pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.StickBreakingTransform}
 */
export class StickBreakingTransform extends Transform {
  /** The values it takes. */
  override get domain(): Constraint {
    return constraints.realVector;
  }

  /** The values it gives. */
  override get codomain(): Constraint {
    return constraints.simplex;
  }

  /** ln of how many pieces are still to come. */
  #offset(x: Tensor): Tensor {
    const count = x.shape.at(-1)!;
    return ones([count], { dtype: x.dtype, device: x.device }).cumsum(-1).neg().add(count + 1).log();
  }

  /** y of x. */
  override call(x: Tensor): Tensor {
    const z = clampProbs(x.sub(this.#offset(x)).sigmoid());
    const left = z.neg().add(1).cumprod(-1);
    return F.pad(z, [0, 1], { value: 1 }).mul(F.pad(left, [1, 0], { value: 1 }));
  }

  /** x of y. */
  override inverse(y: Tensor): Tensor {
    const head = F.narrow(y, -1, 0, y.shape.at(-1)! - 1);
    const left = head.cumsum(-1).neg().add(1).clamp({ min: tinyOf(y.dtype) });
    return head.log().sub(left.log()).add(this.#offset(head));
  }

  /** ln |det dy / dx|. */
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    const shifted = x.sub(this.#offset(x));
    const head = F.narrow(y, -1, 0, y.shape.at(-1)! - 1);
    return F.softplus(shifted.neg()).neg().sub(shifted).add(head.log()).sum(-1);
  }

  /** The shape of y for an x of this shape. */
  override forwardShape(shape: Shape): Shape {
    return [...shape.slice(0, -1), resized(shape, 1)];
  }

  /** The shape of x for a y of this shape. */
  override inverseShape(shape: Shape): Shape {
    return [...shape.slice(0, -1), resized(shape, -1)];
  }
}

function resized(shape: Shape, change: number): number {
  if (shape.length === 0) throw new ShapeError("Cannot break a stick by a 0-dimensional tensor: give a list");
  return shape.at(-1)! + change;
}
