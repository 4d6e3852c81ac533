/**
 * Transforms of matrices and of shapes, and that of a distribution.
 *
 * @module
 */

import { cholesky } from "../functional/linalg/mod.ts";
import * as F from "../functional/mod.ts";
import { type Shape, ShapeError, type Tensor } from "../tensor/mod.ts";
import * as constraints from "./constraints.ts";
import type { Constraint } from "./constraint.ts";
import { type Distribution, UnsupportedError } from "./distribution.ts";
import { Transform } from "./transforms.ts";
import { constantLike } from "./utils.ts";

/**
 * Square matrices to lower triangular ones whose diagonal is e to the power of theirs.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const f = new distributions.LowerCholeskyTransform();
 * console.log(f.call(tensor([[0, 7], [0.5, 1]])));
 * // tensor([[1.0000, 0.0000],
 * //         [0.5000, 2.7183]])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.LowerCholeskyTransform}
 */
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

/**
 * Square matrices to symmetric ones with positive eigenvalues: L Lᵀ, L being what `LowerCholeskyTransform` makes of them.
 *
 * @example
 * ```ts
 * import { distributions, zeros } from "@tensaur/tensaur";
 *
 * console.log(new distributions.PositiveDefiniteTransform().call(zeros([2, 2])));
 * // tensor([[1., 0.],
 * //         [0., 1.]])
 * ```
 *
 * @throws {UnsupportedError} in `logAbsDetJacobian`, as in PyTorch
 * @see {@link https://pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.PositiveDefiniteTransform}
 */
export class PositiveDefiniteTransform extends Transform {
  readonly #lower = new LowerCholeskyTransform();

  /** The values it takes. */
  override get domain(): Constraint {
    return this.#lower.domain;
  }

  /** The values it gives. */
  override get codomain(): Constraint {
    return constraints.positiveDefinite;
  }

  /** y of x. */
  override call(x: Tensor): Tensor {
    const lower = this.#lower.call(x);
    return lower.matmul(lower.mT);
  }

  /** x of y. */
  override inverse(y: Tensor): Tensor {
    return this.#lower.inverse(cholesky(y));
  }

  /** ln |det dy / dx|. */
  override logAbsDetJacobian(_x: Tensor, _y: Tensor): Tensor {
    throw new UnsupportedError(
      "Cannot tell the logAbsDetJacobian of PositiveDefiniteTransform: as in PyTorch, it has none",
    );
  }
}

/**
 * The same elements, those of one value in another shape.
 *
 * @example
 * ```ts
 * import { distributions, ones } from "@tensaur/tensaur";
 *
 * console.log(new distributions.ReshapeTransform([4], [2, 2]).call(ones([3, 4])).shape); // torch.Size([3, 2, 2])
 * ```
 *
 * @throws {ShapeError} where the shapes have different numbers of elements
 * @see {@link https://pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.ReshapeTransform}
 */
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

/**
 * y = F(x), F being a distribution's cumulative distribution function.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const f = new distributions.CumulativeDistributionTransform(new distributions.Normal(0, 1));
 * console.log(f.call(tensor([-1, 0, 1]))); // tensor([0.1587, 0.5000, 0.8413])
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.CumulativeDistributionTransform}
 */
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
