/**
 * The Kullback-Leibler divergence of one distribution from another, in closed form.
 *
 * @module
 */

import { show } from "../functional/dims.ts";
import type { Tensor } from "../tensor/mod.ts";
import { Independent, TransformedDistribution } from "./composed.ts";
import { type Distribution, UnsupportedError } from "./distribution.ts";
import { summedRight } from "./composed_transforms.ts";

/** A class of distributions. */
export type DistributionClass<D extends Distribution> = abstract new (...args: never[]) => D;

/** The divergence of a distribution q from p. */
export type Divergence<P extends Distribution, Q extends Distribution> = (p: P, q: Q) => Tensor;

interface Entry {
  readonly p: DistributionClass<Distribution>;
  readonly q: DistributionClass<Distribution>;
  readonly compute: Divergence<Distribution, Distribution>;
}

const entries: Entry[] = [];

/**
 * Says how to compute `klDivergence` of distributions of two classes; later ones come before earlier ones, subclasses before their bases.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "@tensaur/tensaur";
 *
 * class Constant extends distributions.Normal {}
 * distributions.registerKl(Constant, Constant, () => tensor(0.5));
 * console.log(distributions.klDivergence(new Constant(0, 1), new Constant(0, 1))); // tensor(0.5000)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#torch.distributions.kl.register_kl}
 */
export function registerKl<P extends Distribution, Q extends Distribution>(
  p: DistributionClass<P>,
  q: DistributionClass<Q>,
  compute: Divergence<P, Q>,
): void {
  entries.unshift({ p, q, compute: compute as unknown as Divergence<Distribution, Distribution> });
}

/** How many classes lie between an object and one of its classes. */
function steps(x: Distribution, type: DistributionClass<Distribution>): number {
  let count = 0;
  for (let at = Object.getPrototypeOf(x); at !== null; at = Object.getPrototypeOf(at), count++) {
    if (at === type.prototype) return count;
  }
  return Infinity;
}

/**
 * ∫ p(x) · ln(p(x) / q(x)) dx of two distributions for which a closed form is known.
 *
 * @throws {UnsupportedError} where none is
 *
 * @example
 * ```ts
 * import { distributions } from "@tensaur/tensaur";
 *
 * const { klDivergence, Normal } = distributions;
 * console.log(klDivergence(new Normal(0, 1), new Normal(1, 1))); // tensor(0.5000)
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/distributions.html#module-torch.distributions.kl}
 */
export function klDivergence(p: Distribution, q: Distribution): Tensor {
  let best: Entry | undefined, least = Infinity;
  for (const entry of entries) {
    const distance = steps(p, entry.p) + steps(q, entry.q);
    if (distance >= least) continue;
    least = distance;
    best = entry;
  }
  if (best !== undefined) return best.compute(p, q);
  throw new UnsupportedError(
    `Cannot compute klDivergence of ${p.constructor.name} and ${q.constructor.name}: no formula is registered. Use registerKl`,
  );
}

registerKl(Independent, Independent, (p, q) => {
  if (p.count === q.count) return summedRight(klDivergence(p.base, q.base), p.count);
  throw new UnsupportedError(`Cannot compute klDivergence of Independent ones of ${p.count} and ${q.count} dimensions`);
});

registerKl(TransformedDistribution, TransformedDistribution, (p, q) => {
  const alike = p.transforms.length === q.transforms.length &&
    p.transforms.every((part, i) => sameTransform(part, q.transforms[i]!));
  if (alike && show(p.eventShape) === show(q.eventShape)) {
    return summedRight(klDivergence(p.base, q.base), p.eventShape.length - p.base.eventShape.length);
  }
  throw new UnsupportedError("Cannot compute klDivergence of distributions transformed in different ways");
});

function sameTransform(a: object, b: object): boolean {
  if (a === b) return true;
  const fields = Object.entries(a);
  return a.constructor === b.constructor &&
    fields.every(([name, value]) => (b as Record<string, unknown>)[name] === value);
}
