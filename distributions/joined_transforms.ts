/**
 * Transforms side by side, each of a part of the values.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { ShapeError, type Tensor, ValueError } from "../tensor/mod.ts";
import { summedRight } from "./composed_transforms.ts";
import * as constraints from "./constraints.ts";
import type { Constraint } from "./constraint.ts";
import { Transform } from "./transforms.ts";

/** How `CatTransform` and `StackTransform` join. */
export interface JoinOptions {
  /** The dimension along which the parts lie. Default 0. */
  readonly dim?: number;
}

/** How `CatTransform` joins. */
export interface CatOptions extends JoinOptions {
  /** How many elements each part has; 1 by default. */
  readonly lengths?: readonly number[];
}

/**
 * Transforms of slices along a dimension, of `lengths` elements each, joined as `cat` does.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const { CatTransform, ExpTransform, identityTransform } = distributions;
 * const f = new CatTransform([new ExpTransform(), identityTransform], { lengths: [1, 2] });
 * console.log(f.call(tensor([0.5, 1, 2]))); // tensor([1.6487, 1.0000, 2.0000])
 * ```
 *
 * @throws {ValueError} for another number of lengths than of transforms
 * @throws {ShapeError} in `call` and the other methods, for another number of elements
 * @see {@link https://pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.CatTransform}
 */
export class CatTransform extends Transform {
  /** The dimension along which the parts lie. */
  readonly dim: number;
  /** How many elements each part has. */
  readonly lengths: readonly number[];

  /** Makes the function. */
  constructor(
    /** What is applied, each to its slice. */
    readonly parts: readonly Transform[],
    { dim = 0, lengths = parts.map(() => 1) }: CatOptions = {},
  ) {
    super();
    if (lengths.length !== parts.length) {
      throw new ValueError(`Cannot join ${parts.length} transforms of ${lengths.length} lengths: give one for each`);
    }
    this.dim = dim;
    this.lengths = lengths;
  }

  /** The values it takes. */
  override get domain(): Constraint {
    return constraints.cat(this.parts.map((part) => part.domain), this.dim, this.lengths);
  }

  /** The values it gives. */
  override get codomain(): Constraint {
    return constraints.cat(this.parts.map((part) => part.codomain), this.dim, this.lengths);
  }

  /** Whether there is one x for each y. */
  override get bijective(): boolean {
    return this.parts.every((part) => part.bijective);
  }

  #slices(x: Tensor): Tensor[] {
    const total = this.lengths.reduce((sum, length) => sum + length, 0), found = x.shape.at(this.dim);
    if (found !== total) {
      throw new ShapeError(
        `Cannot apply CatTransform to ${found} elements along dimension ${this.dim}: it takes ${total}`,
      );
    }
    return [...F.split(x, [...this.lengths], this.dim)];
  }

  /** y of x. */
  override call(x: Tensor): Tensor {
    return F.cat(this.#slices(x).map((slice, i) => this.parts[i]!.call(slice)), this.dim);
  }

  /** x of y. */
  override inverse(y: Tensor): Tensor {
    return F.cat(this.#slices(y).map((slice, i) => this.parts[i]!.inverse(slice)), this.dim);
  }

  /** ln |det dy / dx|. */
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    const ys = this.#slices(y), { eventDim } = this.domain;
    const each = this.#slices(x).map((slice, i) => {
      const part = this.parts[i]!;
      return summedRight(part.logAbsDetJacobian(slice, ys[i]!), eventDim - part.domain.eventDim);
    });
    const dim = (this.dim >= 0 ? this.dim - x.ndim : this.dim) + eventDim;
    return dim < 0 ? F.cat(each, dim) : each.reduce((sum, term) => sum.add(term));
  }
}

/**
 * Transforms of the positions along a dimension, joined as `stack` does.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const { ExpTransform, identityTransform, StackTransform } = distributions;
 * const f = new StackTransform([new ExpTransform(), identityTransform], { dim: 1 });
 * console.log(f.call(tensor([[0.5, 2], [1.5, 3]])));
 * // tensor([[1.6487, 2.0000],
 * //         [4.4817, 3.0000]])
 * ```
 *
 * @throws {ShapeError} in `call` and the other methods, for another extent of the dimension
 * @see {@link https://pytorch.org/docs/stable/distributions.html#torch.distributions.transforms.StackTransform}
 */
export class StackTransform extends Transform {
  /** The dimension along which the parts lie. */
  readonly dim: number;

  /** Makes the function. */
  constructor(
    /** What is applied, each to its position. */
    readonly parts: readonly Transform[],
    { dim = 0 }: JoinOptions = {},
  ) {
    super();
    this.dim = dim;
  }

  /** The values it takes. */
  override get domain(): Constraint {
    return constraints.stack(this.parts.map((part) => part.domain), this.dim);
  }

  /** The values it gives. */
  override get codomain(): Constraint {
    return constraints.stack(this.parts.map((part) => part.codomain), this.dim);
  }

  /** Whether there is one x for each y. */
  override get bijective(): boolean {
    return this.parts.every((part) => part.bijective);
  }

  #slices(x: Tensor): Tensor[] {
    const found = x.shape.at(this.dim), count = this.parts.length;
    if (found !== count) {
      throw new ShapeError(
        `Cannot apply StackTransform to extent ${found} of dimension ${this.dim}: it takes ${count}`,
      );
    }
    return [...F.unbind(x, this.dim)];
  }

  /** y of x. */
  override call(x: Tensor): Tensor {
    return F.stack(this.#slices(x).map((slice, i) => this.parts[i]!.call(slice)), this.dim);
  }

  /** x of y. */
  override inverse(y: Tensor): Tensor {
    return F.stack(this.#slices(y).map((slice, i) => this.parts[i]!.inverse(slice)), this.dim);
  }

  /** ln |det dy / dx|. */
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    const ys = this.#slices(y);
    return F.stack(this.#slices(x).map((slice, i) => this.parts[i]!.logAbsDetJacobian(slice, ys[i]!)), this.dim);
  }
}
