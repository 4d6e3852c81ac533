/**
 * Which values a parameter may have, or a distribution gives.
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#module-torch.distributions.constraints}
 * @module
 */

import * as F from "../functional/mod.ts";
import { choleskyEx, eigvalsh } from "../functional/linalg/mod.ts";
import { full, type Tensor } from "../tensor/mod.ts";
import { CatConstraint, Constraint, HalfLine, IndependentConstraint, Interval, StackConstraint } from "./constraint.ts";

export { Constraint };

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
/** Square matrices. */
export const square: Constraint = new Constraint(
  "square",
  (x) => full(x.shape.slice(0, -2), x.shape.at(-1) === x.shape.at(-2), { device: x.device }),
  2,
);
/** Symmetric matrices. */
export const symmetric: Constraint = new Constraint(
  "symmetric",
  (x) => F.isclose(x, x.mT, { atol: 1e-6 }).flatten(-2).all(-1),
  2,
);
/** Symmetric matrices without negative eigenvalues. */
export const positiveSemidefinite: Constraint = new Constraint(
  "positiveSemidefinite",
  (x) => symmetric.check(x).logicalAnd(eigvalsh(x).ge(0).all(-1)),
  2,
);
/** Symmetric matrices with positive eigenvalues. */
export const positiveDefinite: Constraint = new Constraint(
  "positiveDefinite",
  (x) => symmetric.check(x).logicalAnd(choleskyEx(x).info.eq(0)),
  2,
);

/** Numbers from `from` to `to`. */
export function interval(from: Tensor | number, to: Tensor | number): Constraint {
  return new Interval("interval", from, to);
}

/** Numbers from `from` to below `to`. */
export function halfOpenInterval(from: Tensor | number, to: Tensor | number): Constraint {
  return new Interval("halfOpenInterval", from, to, (x, bound) => x.lt(bound));
}

/** Integers from `from` to `to`. */
export function integerInterval(from: Tensor | number, to: Tensor | number): Constraint {
  const check = (x: Tensor) => whole(x).logicalAnd(x.ge(from)).logicalAnd(x.le(to));
  return new Constraint(`integerInterval(${from}, ${to})`, check, 0, true);
}

/** Numbers above a bound. */
export function greaterThan(bound: Tensor | number): Constraint {
  return new HalfLine("greaterThan", bound, 1, (x, bound) => x.gt(bound));
}

/** Numbers from a bound on. */
export function greaterThanEq(bound: Tensor | number): Constraint {
  return new HalfLine("greaterThanEq", bound, 1, (x, bound) => x.ge(bound));
}

/** Numbers below a bound. */
export function lessThan(bound: Tensor | number): Constraint {
  return new HalfLine("lessThan", bound, -1, (x, bound) => x.lt(bound));
}

/** Vectors of integers from 0 with a sum of at most `bound`. */
export function multinomial(bound: number): Constraint {
  const check = (x: Tensor) => nonnegativeInteger.check(x).all(-1).logicalAnd(x.sum(-1).le(bound));
  return new Constraint(`multinomial(${bound})`, check, 1, true);
}

/** Values of which `count` more dimensions make one. */
export function independent(base: Constraint, count: number): Constraint {
  return new IndependentConstraint(base, count);
}

/** Slices along a dimension, of `lengths` elements each, 1 by default, each with a constraint of its own. */
export function cat(
  parts: readonly Constraint[],
  dim = 0,
  lengths: readonly number[] = parts.map(() => 1),
): Constraint {
  return new CatConstraint(parts, dim, lengths);
}

/** Positions along a dimension, each with a constraint of its own. */
export function stack(parts: readonly Constraint[], dim = 0): Constraint {
  return new StackConstraint(parts, dim);
}
