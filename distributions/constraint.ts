/**
 * Sets of values, and those that are made of others or of bounds.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { noGrad, type Tensor, ValueError } from "../tensor/mod.ts";

/**
 * A set of values: those that a parameter may have, or that a distribution gives.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const { Constraint, constraints } = distributions;
 * const even = new Constraint("even", (value) => value.remainder(2).eq(0), 0, true);
 * console.log(even.check(tensor([1, 2])), constraints.positive.holds(tensor([1, 2]))); // tensor([False,  True]) true
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#module-torch.distributions.constraints}
 */
export class Constraint {
  /** Makes a constraint of a function that says, for each value, whether it belongs to the set. */
  constructor(
    /** How messages name it. */
    readonly name: string,
    /** bool: whether each value belongs to the set; without the last `eventDim` dimensions of the value. */
    readonly check: (value: Tensor) => Tensor,
    /** How many dimensions make one value. */
    readonly eventDim: number = 0,
    /** Whether the set is discrete. */
    readonly isDiscrete: boolean = false,
  ) {}

  /** Whether all values belong to the set; reads them. */
  holds(value: Tensor): boolean {
    return value.numel() === 0 || noGrad(() => this.check(value).all().item<boolean>());
  }
}

/** Numbers between two bounds. */
export class Interval extends Constraint {
  /** Makes the constraint; `below` says which numbers belong to the upper end. */
  constructor(
    name: string,
    /** The lower bound, which belongs to it. */
    readonly lower: Tensor | number,
    /** The upper bound. */
    readonly upper: Tensor | number,
    below: (value: Tensor, bound: Tensor | number) => Tensor = (value, bound) => value.le(bound),
  ) {
    super(`${name}(${lower}, ${upper})`, (value) => value.ge(lower).logicalAnd(below(value, upper)));
  }
}

/** Numbers above, or below, one bound. */
export class HalfLine extends Constraint {
  /** Makes the constraint. */
  constructor(
    name: string,
    /** The bound. */
    readonly bound: Tensor | number,
    /** 1 for numbers above it, -1 for those below. */
    readonly side: 1 | -1,
    check: (value: Tensor, bound: Tensor | number) => Tensor,
  ) {
    super(`${name}(${bound})`, (value) => check(value, bound));
  }
}

/** Values of which more dimensions make one. */
export class IndependentConstraint extends Constraint {
  /** Makes the constraint. */
  constructor(
    /** The values that are put together. */
    readonly base: Constraint,
    /** How many more dimensions make one value. */
    readonly count: number,
  ) {
    const check = (value: Tensor): Tensor => {
      const each = base.check(value);
      return count === 0 ? each : each.flatten(each.ndim - count).all(-1);
    };
    super(`independent(${base.name}, ${count})`, check, base.eventDim + count, base.isDiscrete);
  }
}

/** Slices along a dimension, each with a constraint of its own. */
export class CatConstraint extends Constraint {
  /** Makes the constraint. */
  constructor(
    /** The slices' constraints. */
    readonly parts: readonly Constraint[],
    /** The dimension. */
    readonly dim: number,
    /** How many elements each slice has. */
    readonly lengths: readonly number[],
  ) {
    if (lengths.length !== parts.length) {
      throw new ValueError(`Cannot join ${parts.length} constraints of ${lengths.length} lengths: give one for each`);
    }
    const check = (value: Tensor): Tensor =>
      F.cat(F.split(value, [...lengths], dim).map((slice, i) => parts[i]!.check(slice)), dim);
    super(`cat(${parts.map((part) => part.name).join(", ")})`, check, widest(parts), anyDiscrete(parts));
  }
}

/** Positions along a dimension, each with a constraint of its own. */
export class StackConstraint extends Constraint {
  /** Makes the constraint. */
  constructor(
    /** The positions' constraints. */
    readonly parts: readonly Constraint[],
    /** The dimension. */
    readonly dim: number,
  ) {
    const check = (value: Tensor): Tensor =>
      F.stack(F.unbind(value, dim).map((slice, i) => parts[i]!.check(slice)), dim);
    const eventDim = widest(parts);
    super(
      `stack(${parts.map((part) => part.name).join(", ")})`,
      check,
      dim + eventDim < 0 ? eventDim + 1 : eventDim,
      anyDiscrete(parts),
    );
  }
}

function widest(parts: readonly Constraint[]): number {
  return Math.max(...parts.map((part) => part.eventDim));
}

function anyDiscrete(parts: readonly Constraint[]): boolean {
  return parts.some((part) => part.isDiscrete);
}
