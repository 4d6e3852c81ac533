/**
 * Closed forms of the Kullback-Leibler divergence of distributions of different families: less the entropy of p, less the expected
 * logarithm of q's density.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import type { Tensor } from "../tensor/mod.ts";
import { Bernoulli } from "./bernoulli.ts";
import { Beta } from "./beta.ts";
import { ContinuousBernoulli } from "./continuous_bernoulli.ts";
import { Binomial, Poisson } from "./counts.ts";
import type { Distribution } from "./distribution.ts";
import { Exponential, Laplace, Uniform } from "./exponential.ts";
import { Gumbel, Pareto } from "./extreme.ts";
import { Gamma } from "./gamma.ts";
import { type DistributionClass, registerKl } from "./kl.ts";
import { Normal } from "./normal.ts";
import { constantLike, EULER, logBeta } from "./utils.ts";

/** Distributions that give values outside of those of q. */
function outside(q: DistributionClass<Distribution>, ...all: DistributionClass<Distribution>[]): void {
  for (const p of all) {
    registerKl(p, q, (p, q) => {
      const shape = F.broadcastShapes(p.batchShape, q.batchShape);
      return constantLike(p.mean, Infinity, shape);
    });
  }
}

outside(Beta, Exponential, Gamma, Gumbel, Laplace, Normal, Pareto);
outside(ContinuousBernoulli, Exponential, Gamma, Gumbel, Laplace, Normal, Pareto);
outside(Uniform, Exponential, Gamma, Gumbel, Laplace, Normal, Pareto);
outside(Pareto, Beta, ContinuousBernoulli, Exponential, Gamma, Gumbel, Laplace, Normal);
outside(Exponential, Gumbel, Laplace, Normal);
outside(Gamma, Gumbel, Laplace, Normal);
outside(Bernoulli, Poisson);
outside(Binomial, Poisson);

for (const family of [Beta, ContinuousBernoulli, Exponential, Gamma, Gumbel, Laplace, Pareto, Uniform] as const) {
  registerKl<Distribution, Normal>(family, Normal, (p, q) => {
    const distance = p.variance.add(p.mean.sub(q.loc).square()).div(q.scale.square());
    return distance.add(Math.log(2 * Math.PI)).mul(0.5).add(q.scale.log()).sub(p.entropy());
  });
}

for (const family of [Beta, ContinuousBernoulli, Gamma, Pareto] as const) {
  registerKl<Distribution, Exponential>(family, Exponential, (p, q) => {
    return q.rate.mul(p.mean).sub(q.rate.log()).sub(p.entropy());
  });
}

registerKl(Uniform, Exponential, (p, q) => {
  return F.where(p.low.lt(0), Infinity, q.rate.mul(p.mean).sub(q.rate.log()).sub(p.entropy()));
});

/** The divergence of a gamma distribution from one of these entropy, mean and expected logarithm. */
function fromGamma(q: Gamma, entropy: Tensor, mean: Tensor, log: Tensor): Tensor {
  const c = q.concentration;
  return q.rate.mul(mean).sub(c.sub(1).mul(log)).sub(c.mul(q.rate.log())).add(c.lgamma()).sub(entropy);
}

for (const family of [Beta, ContinuousBernoulli] as const) {
  registerKl<Distribution, Uniform>(family, Uniform, (p, q) => {
    const covered = q.low.le(0).logicalAnd(q.high.ge(1));
    return F.where(covered, q.high.sub(q.low).log().sub(p.entropy()), Infinity);
  });
}

/** The divergence of q from a distribution on [0, 1]. */
function fromContinuousBernoulli(p: Distribution, q: ContinuousBernoulli): Tensor {
  return p.entropy().add(p.mean.mul(q.logits)).add(q.logNormalizer).add(q.probs.neg().log1p()).neg();
}

registerKl(Beta, ContinuousBernoulli, fromContinuousBernoulli);
registerKl(Uniform, ContinuousBernoulli, (p, q) => {
  return F.where(p.low.ge(0).logicalAnd(p.high.le(1)), fromContinuousBernoulli(p, q), Infinity);
});

/** The expected ln x of a uniform distribution on [low, high], low >= 0. */
function meanLog(low: Tensor, high: Tensor): Tensor {
  return F.xlogy(high, high).sub(F.xlogy(low, low)).div(high.sub(low)).sub(1);
}

registerKl(Beta, Gamma, (p, q) => {
  const log = p.concentration1.digamma().sub(p.concentration1.add(p.concentration0).digamma());
  return fromGamma(q, p.entropy(), p.mean, log);
});
registerKl(Exponential, Gamma, (p, q) => fromGamma(q, p.entropy(), p.mean, p.rate.log().add(EULER).neg()));
registerKl(Pareto, Gamma, (p, q) => {
  return fromGamma(q, p.entropy(), p.mean, p.scale.log().add(p.alpha.reciprocal()));
});
registerKl(Uniform, Gamma, (p, q) => {
  return F.where(p.low.lt(0), Infinity, fromGamma(q, p.entropy(), p.mean, meanLog(p.low.clamp({ min: 0 }), p.high)));
});

registerKl(Uniform, Beta, (p, q) => {
  const inside = p.low.ge(0).logicalAnd(p.high.le(1)), a = q.concentration1, b = q.concentration0;
  const low = p.low.clamp({ min: 0, max: 1 }), high = p.high.clamp({ min: 0, max: 1 });
  const rest = meanLog(high.neg().add(1), low.neg().add(1));
  const value = logBeta(a, b).sub(a.sub(1).mul(meanLog(low, high))).sub(b.sub(1).mul(rest)).sub(p.entropy());
  return F.where(inside, value, Infinity);
});

/** The divergence of Gumbel's distribution from one of these entropy and mean, and this logarithm of the expected e^(-x / scale). */
function fromGumbel(q: Gumbel, entropy: Tensor, mean: Tensor, logMoment: Tensor): Tensor {
  const place = q.loc.div(q.scale);
  return place.add(logMoment).exp().sub(place).add(mean.div(q.scale)).add(q.scale.log()).sub(entropy);
}

registerKl(Normal, Gumbel, (p, q) => {
  const ratio = p.scale.div(q.scale);
  return fromGumbel(q, p.entropy(), p.mean, ratio.square().mul(0.5).sub(p.loc.div(q.scale)));
});
registerKl(Exponential, Gumbel, (p, q) => {
  return fromGumbel(q, p.entropy(), p.mean, p.rate.mul(q.scale).reciprocal().log1p().neg());
});
registerKl(Gamma, Gumbel, (p, q) => {
  return fromGumbel(q, p.entropy(), p.mean, p.rate.mul(q.scale).reciprocal().log1p().mul(p.concentration).neg());
});
registerKl(Uniform, Gumbel, (p, q) => {
  const width = p.high.sub(p.low).div(q.scale);
  const moment = width.neg().expm1().neg().div(width).log().sub(p.low.div(q.scale));
  return fromGumbel(q, p.entropy(), p.mean, moment);
});

registerKl(Normal, Laplace, (p, q) => {
  const distance = p.loc.sub(q.loc), ratio = distance.div(p.scale);
  const spread = ratio.square().mul(-0.5).exp().mul(p.scale).mul(Math.sqrt(2 / Math.PI));
  const expected = spread.add(distance.mul(ratio.mul(Math.SQRT1_2).erf()));
  return expected.div(q.scale).add(q.scale.mul(2).log()).sub(p.entropy());
});

registerKl(Uniform, Pareto, (p, q) => {
  const log = meanLog(p.low.clamp({ min: 0 }), p.high);
  const value = q.alpha.add(1).mul(log).sub(q.alpha.log()).sub(q.alpha.mul(q.scale.log())).sub(p.entropy());
  return F.where(p.low.lt(q.scale), Infinity, value);
});

registerKl(Bernoulli, Poisson, (p, q) => q.rate.sub(F.xlogy(p.probs, q.rate)).sub(p.entropy()));
