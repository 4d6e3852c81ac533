/**
 * The transform of vectors to factors of matrices of correlations.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { eye, type Shape, ShapeError, type Tensor } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import type { Constraint } from "./constraint.ts";
import { Transform } from "./transforms.ts";
import { fromLower, toLower } from "./triangles.ts";
import { epsilonOf } from "./utils.ts";

/**
 * Vectors of D(D - 1) / 2 numbers to lower Cholesky factors of matrices of correlations of D numbers: the rows below the diagonal are tanh x,
 * each scaled by what the square lengths of those before it in the row leave of 1, and the diagonal is the rest.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const f = new distributions.CorrCholeskyTransform();
 * console.log(f.call(tensor([0.5])));
 * // tensor([[1.0000, 0.0000],
 * //         [0.4621, 0.8868]])
 * ```
 *
 * @throws {ShapeError} for a number of elements that no triangle has, or matrices that are not square
 * @see {@link https://pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.CorrCholeskyTransform}
 */
export class CorrCholeskyTransform extends Transform {
  /** The values it takes. */
  override get domain(): Constraint {
    return constraints.realVector;
  }

  /** The values it gives. */
  override get codomain(): Constraint {
    return constraints.corrCholesky;
  }

  /** y of x. */
  override call(x: Tensor): Tensor {
    const size = this.forwardShape(x.shape).at(-1)!, limit = 1 - epsilonOf(x.dtype);
    const below = toLower(x.tanh().clamp({ min: -limit, max: limit }), size, -1);
    const left = before(below.square().neg().add(1).sqrt().cumprod(-1));
    return below.add(eye(size, { dtype: x.dtype, device: x.device })).mul(left);
  }

  /** x of y. */
  override inverse(y: Tensor): Tensor {
    this.inverseShape(y.shape);
    const left = before(y.square().cumsum(-1).neg().add(1));
    const share = fromLower(y, -1).div(fromLower(left, -1).sqrt());
    return share.add(1).div(share.neg().add(1)).log().div(2);
  }

  /** ln |det dy / dx|, y being the numbers below the diagonal. */
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    const left = fromLower(y.square().cumsum(-1).neg().add(1), -2).log().sum(-1).mul(0.5);
    return left.sub(x.add(F.softplus(x.mul(-2))).sub(Math.LN2).sum(-1).mul(2));
  }

  /** The shape of y for an x of this shape. */
  override forwardShape(shape: Shape): Shape {
    const count = shape.at(-1) ?? NaN, size = Math.round(Math.sqrt(0.25 + 2 * count) + 0.5);
    if (size * (size - 1) / 2 !== count) {
      throw new ShapeError(`Cannot put ${count} numbers below a diagonal: there are 1, 3, 6, 10, … of them`);
    }
    return [...shape.slice(0, -1), size, size];
  }

  /** The shape of x for a y of this shape. */
  override inverseShape(shape: Shape): Shape {
    const [rows, columns] = shape.slice(-2);
    if (shape.length < 2 || rows !== columns) {
      throw new ShapeError(`Cannot take what lies below the diagonal of [${shape.join(", ")}]: it is not square`);
    }
    return [...shape.slice(0, -2), columns! * (columns! - 1) / 2];
  }
}

/** Along each row what stands one place to the left, and 1 at the start. */
function before(x: Tensor): Tensor {
  return F.pad(F.narrow(x, -1, 0, x.shape.at(-1)! - 1), [1, 0], { value: 1 });
}
