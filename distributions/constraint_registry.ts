/**
 * The transform from all numbers to those that satisfy a constraint.
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#module-torch.distributions.constraint_registry}
 * @module
 */

import { ComposeTransform, identityTransform, IndependentTransform } from "./composed_transforms.ts";
import {
  CatConstraint,
  type Constraint,
  HalfLine,
  IndependentConstraint,
  Interval,
  StackConstraint,
} from "./constraint.ts";
import * as constraints from "./constraints.ts";
import { CorrCholeskyTransform } from "./corr_cholesky_transform.ts";
import { UnsupportedError } from "./distribution.ts";
import { AffineTransform, ExpTransform } from "./elementwise_transforms.ts";
import { CatTransform, StackTransform } from "./joined_transforms.ts";
import { LowerCholeskyTransform, PositiveDefiniteTransform } from "./more_transforms.ts";
import { SigmoidTransform } from "./sigmoid_transforms.ts";
import { SoftmaxTransform, StickBreakingTransform } from "./simplex_transforms.ts";
import type { Transform } from "./transforms.ts";

/** Finds the transform from all numbers to those of a constraint. */
export interface ConstraintRegistry {
  /** The transform to the values of a constraint. */
  (constraint: Constraint): Transform;
  /** Says how to make the transform to the values of a constraint. */
  register(constraint: Constraint, make: () => Transform): void;
}

/** A registry that knows how to come to certain constraints, and of all how to put them together. */
function registry(name: string, known: readonly (readonly [Constraint, () => Transform])[]): ConstraintRegistry {
  const makers = new Map(known);
  const find = (constraint: Constraint): Transform => {
    const make = makers.get(constraint);
    if (make !== undefined) return make();
    if (constraint instanceof IndependentConstraint) {
      return new IndependentTransform(find(constraint.base), constraint.count);
    }
    if (constraint instanceof HalfLine) {
      return new ComposeTransform([new ExpTransform(), new AffineTransform(constraint.bound, constraint.side)]);
    }
    if (constraint instanceof Interval) return toInterval(constraint);
    if (constraint instanceof CatConstraint) {
      const { parts, dim, lengths } = constraint;
      return new CatTransform(parts.map(find), { dim, lengths });
    }
    if (constraint instanceof StackConstraint) {
      return new StackTransform(constraint.parts.map(find), { dim: constraint.dim });
    }
    throw new UnsupportedError(
      `Cannot find a transform to ${constraint.name}: register() one with ${name}, which has none for it`,
    );
  };
  return Object.assign(find, {
    register: (constraint: Constraint, make: () => Transform): void => void makers.set(constraint, make),
  });
}

function toInterval({ lower, upper }: Interval): Transform {
  if (lower === 0 && upper === 1) return new SigmoidTransform();
  const width = typeof upper === "number"
    ? typeof lower === "number" ? upper - lower : lower.neg().add(upper)
    : upper.sub(lower);
  return new ComposeTransform([new SigmoidTransform(), new AffineTransform(lower, width)]);
}

const common: readonly (readonly [Constraint, () => Transform])[] = [
  [constraints.real, () => identityTransform],
  [constraints.positive, () => new ExpTransform()],
  [constraints.nonnegative, () => new ExpTransform()],
  [constraints.corrCholesky, () => new CorrCholeskyTransform()],
];

/**
 * A bijective transform from all numbers to those of a constraint, as Monte Carlo methods need it: its slope is known.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * const { bijectTo, constraints } = distributions;
 * const f = bijectTo(constraints.interval(1, 3));
 * console.log(f.call(tensor([0, 2.5]))); // tensor([2.0000, 2.8483])
 * ```
 *
 * @throws {UnsupportedError} for a constraint that it has no transform for
 * @see {@link https://pytorch.org/docs/stable/distributions.html#module-torch.distributions.constraint_registry}
 */
export const bijectTo: ConstraintRegistry = registry("bijectTo", [
  ...common,
  [constraints.simplex, () => new StickBreakingTransform()],
]);

/**
 * A transform from all numbers to those of a constraint, as optimizing parameters needs it: it need not be bijective.
 *
 * @example
 * ```ts
 * import { distributions, zeros } from "@tensaur/tensaur";
 *
 * const { Normal, transformTo } = distributions;
 * const scale = transformTo(new Normal(0, 1).argConstraints.scale!);
 * console.log(scale.call(zeros([2]))); // tensor([1., 1.])
 * ```
 *
 * @throws {UnsupportedError} for a constraint that it has no transform for
 * @see {@link https://pytorch.org/docs/stable/distributions.html#module-torch.distributions.constraint_registry}
 */
export const transformTo: ConstraintRegistry = registry("transformTo", [
  ...common,
  [constraints.simplex, () => new SoftmaxTransform()],
  [constraints.lowerCholesky, () => new LowerCholeskyTransform()],
  [constraints.positiveDefinite, () => new PositiveDefiniteTransform()],
  [constraints.positiveSemidefinite, () => new PositiveDefiniteTransform()],
]);
