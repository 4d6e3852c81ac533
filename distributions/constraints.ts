/**
 * Which values a parameter may have, or a distribution gives.
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#module-torch.distributions.constraints}
 * @module
 */

import * as F from "../functional/mod.ts";
import { choleskyEx } from "../functional/linalg/mod.ts";
import { noGrad, type Tensor } from "../tensor/mod.ts";

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

const whole = (x: Tensor): Tensor => x.eq(x.floor());

/** 0 or 1. */
export const boolean: Constraint = new Constraint("boolean", (x) => x.eq(0).logicalOr(x.eq(1)), 0, true);
/** Any number but NaN. */
export const real: Constraint = new Constraint("real", (x) => x.eq(x));
/** Numbers above 0. */
export const positive: Constraint = new Constraint("positive", (x) => x.gt(0));
/** Numbers from 0. */
export const nonnegative: Constraint = new Constraint("nonnegative", (x) => x.ge(0));
/** Integers from 0. */
export const nonnegativeInteger: Constraint = new Constraint(
  "nonnegativeInteger",
  (x) => whole(x).logicalAnd(x.ge(0)),
  0,
  true,
);
/** Integers from 1. */
export const positiveInteger: Constraint = new Constraint(
  "positiveInteger",
  (x) => whole(x).logicalAnd(x.ge(1)),
  0,
  true,
);
/** Numbers from 0 to 1. */
export const unitInterval: Constraint = interval(0, 1);
/** Vectors of real numbers. */
export const realVector: Constraint = independent(real, 1);
/** Vectors of positive numbers. */
export const positiveVector: Constraint = independent(positive, 1);
/** Vectors of numbers from 0 with sum 1. */
export const simplex: Constraint = new Constraint(
  "simplex",
  (x) => x.ge(0).all(-1).logicalAnd(x.sum(-1).sub(1).abs().lt(1e-6)),
  1,
);
/** Vectors with one 1 among zeros. */
export const oneHot: Constraint = new Constraint(
  "oneHot",
  (x) => boolean.check(x).all(-1).logicalAnd(x.sum(-1).eq(1)),
  1,
  true,
);
/** Matrices with zeros above the diagonal. */
export const lowerTriangular: Constraint = new Constraint(
  "lowerTriangular",
  (x) => x.tril().eq(x).flatten(-2).all(-1),
  2,
);
/** Lower triangular matrices with a positive diagonal. */
export const lowerCholesky: Constraint = new Constraint(
  "lowerCholesky",
  (x) => lowerTriangular.check(x).logicalAnd(F.diagonal(x, 0, -2, -1).gt(0).all(-1)),
  2,
);
/** Lower triangular matrices with a positive diagonal and rows of length 1. */
export const corrCholesky: Constraint = new Constraint(
  "corrCholesky",
  (x) => lowerCholesky.check(x).logicalAnd(x.square().sum(-1).sub(1).abs().lt(1e-4).all(-1)),
  2,
);
/** Symmetric matrices. */
export const symmetric: Constraint = new Constraint(
  "symmetric",
  (x) => F.isclose(x, x.mT, { atol: 1e-6 }).flatten(-2).all(-1),
  2,
);
/** Symmetric matrices with positive eigenvalues. */
export const positiveDefinite: Constraint = new Constraint("positiveDefinite", (x) => {
  const smooth = symmetric.check(x);
  return smooth.logicalAnd(choleskyEx(x).info.eq(0));
}, 2);

/** Numbers from `from` to `to`. */
export function interval(from: Tensor | number, to: Tensor | number): Constraint {
  return new Constraint(`interval(${from}, ${to})`, (x) => x.ge(from).logicalAnd(x.le(to)));
}

/** Integers from `from` to `to`. */
export function integerInterval(from: Tensor | number, to: Tensor | number): Constraint {
  const check = (x: Tensor) => whole(x).logicalAnd(x.ge(from)).logicalAnd(x.le(to));
  return new Constraint(`integerInterval(${from}, ${to})`, check, 0, true);
}

/** Numbers above a bound. */
export function greaterThan(bound: Tensor | number): Constraint {
  return new Constraint(`greaterThan(${bound})`, (x) => x.gt(bound));
}

/** Numbers from a bound on. */
export function greaterThanEq(bound: Tensor | number): Constraint {
  return new Constraint(`greaterThanEq(${bound})`, (x) => x.ge(bound));
}

/** Numbers below a bound. */
export function lessThan(bound: Tensor | number): Constraint {
  return new Constraint(`lessThan(${bound})`, (x) => x.lt(bound));
}

/** Vectors of integers from 0 with a sum of at most `bound`. */
export function multinomial(bound: number): Constraint {
  const check = (x: Tensor) => nonnegativeInteger.check(x).all(-1).logicalAnd(x.sum(-1).le(bound));
  return new Constraint(`multinomial(${bound})`, check, 1, true);
}

/** Values of which `count` more dimensions make one. */
export function independent(base: Constraint, count: number): Constraint {
  const check = (x: Tensor) => {
    const each = base.check(x);
    return count === 0 ? each : each.flatten(each.ndim - count).all(-1);
  };
  return new Constraint(`independent(${base.name}, ${count})`, check, base.eventDim + count, base.isDiscrete);
}
