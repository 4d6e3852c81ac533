/**
 * Closed forms of the Kullback-Leibler divergence of distributions of one family.
 *
 * @module
 */

import * as F from "../functional/mod.ts";
import { type Tensor, ValueError } from "../tensor/mod.ts";
import { Bernoulli, Geometric } from "./bernoulli.ts";
import { Beta, Dirichlet } from "./beta.ts";
import { Categorical, OneHotCategorical } from "./categorical.ts";
import { Cauchy, HalfCauchy } from "./cauchy.ts";
import { ContinuousBernoulli } from "./continuous_bernoulli.ts";
import { Binomial, Poisson } from "./counts.ts";
import { Exponential, Laplace, Uniform } from "./exponential.ts";
import { Gumbel, Pareto } from "./extreme.ts";
import { Gamma } from "./gamma.ts";
import { registerKl } from "./kl.ts";
import { LowRankMultivariateNormal } from "./low_rank_normal.ts";
import { halfLogDet, mahalanobis, MultivariateNormal } from "./multivariate_normal.ts";
import { Normal } from "./normal.ts";
import { HalfNormal, LogNormal } from "./normal_kin.ts";
import { solveTriangular } from "../functional/linalg/mod.ts";
import { EULER } from "./utils.ts";

const { square } = F;

function ofNormal(p: Normal, q: Normal): Tensor {
  const ratio = square(p.scale.div(q.scale)), distance = square(p.loc.sub(q.loc).div(q.scale));
  return ratio.add(distance).sub(1).sub(ratio.log()).mul(0.5);
}

registerKl(Normal, Normal, ofNormal);
registerKl(LogNormal, LogNormal, (p, q) => ofNormal(p.base, q.base));
registerKl(HalfNormal, HalfNormal, (p, q) => ofNormal(p.base, q.base));

registerKl(Uniform, Uniform, (p, q) => {
  const inside = q.low.le(p.low).logicalAnd(q.high.ge(p.high));
  return F.where(inside, q.high.sub(q.low).div(p.high.sub(p.low)).log(), Infinity);
});

registerKl(Exponential, Exponential, (p, q) => {
  const ratio = q.rate.div(p.rate);
  return ratio.sub(ratio.log()).sub(1);
});

registerKl(Laplace, Laplace, (p, q) => {
  const ratio = p.scale.div(q.scale), distance = p.loc.sub(q.loc).abs();
  const part = ratio.mul(distance.neg().div(p.scale).exp());
  return ratio.log().neg().add(distance.div(q.scale)).add(part).sub(1);
});

function ofCauchy(scaleP: Tensor, scaleQ: Tensor, distance: Tensor): Tensor {
  return square(scaleP.add(scaleQ)).add(square(distance)).log().sub(scaleP.mul(4).mul(scaleQ).log());
}

registerKl(Cauchy, Cauchy, (p, q) => ofCauchy(p.scale, q.scale, p.loc.sub(q.loc)));
registerKl(HalfCauchy, HalfCauchy, (p, q) => ofCauchy(p.scale, q.scale, p.scale.mul(0)));

registerKl(Gumbel, Gumbel, (p, q) => {
  const ratio = p.scale.div(q.scale), from = q.loc.div(q.scale), to = p.loc.div(q.scale);
  const part = from.sub(to).add(ratio.add(1).lgamma()).exp();
  return ratio.log().neg().sub(from).add(to).add(ratio.mul(EULER)).add(part).sub(1 + EULER);
});

registerKl(Pareto, Pareto, (p, q) => {
  const ratio = q.alpha.div(p.alpha), scales = p.scale.log().sub(q.scale.log());
  const value = q.alpha.mul(scales).sub(ratio.log()).add(ratio).sub(1);
  return F.where(p.scale.lt(q.scale), Infinity, value);
});

registerKl(Gamma, Gamma, (p, q) => {
  const c = p.concentration;
  return q.concentration.mul(p.rate.div(q.rate).log()).add(q.concentration.lgamma()).sub(c.lgamma())
    .add(c.sub(q.concentration).mul(c.digamma())).add(q.rate.sub(p.rate).mul(c.div(p.rate)));
});

function ofDirichlet(a: Tensor, b: Tensor): Tensor {
  const total = a.sum(-1), other = b.sum(-1);
  const each = a.sub(b).mul(a.digamma().sub(total.digamma().unsqueeze(-1))).sum(-1);
  return total.lgamma().sub(other.lgamma()).add(b.lgamma().sub(a.lgamma()).sum(-1)).add(each);
}

registerKl(Dirichlet, Dirichlet, (p, q) => ofDirichlet(p.concentration, q.concentration));
registerKl(Beta, Beta, (p, q) => ofDirichlet(p.dirichlet.concentration, q.dirichlet.concentration));

/** p · (ln p - ln q), which is 0 for p = 0 and infinite for q = 0. */
function share(p: Tensor, logP: Tensor, logQ: Tensor, q: Tensor): Tensor {
  return F.where(p.eq(0), 0, F.where(q.eq(0), Infinity, p.mul(logP.sub(logQ))));
}

registerKl(Bernoulli, Bernoulli, (p, q) => {
  const restP = p.probs.neg().add(1), restQ = q.probs.neg().add(1);
  const success = share(p.probs, F.logsigmoid(p.logits), F.logsigmoid(q.logits), q.probs);
  return success.add(share(restP, F.logsigmoid(p.logits.neg()), F.logsigmoid(q.logits.neg()), restQ));
});

registerKl(Binomial, Binomial, (p, q) => {
  const each = p.probs.mul(p.logits.sub(q.logits)).add(p.probs.neg().log1p()).sub(q.probs.neg().log1p());
  return F.where(p.totalCount.gt(q.totalCount), Infinity, p.totalCount.mul(each));
});

registerKl(Geometric, Geometric, (p, q) => {
  return p.entropy().neg().sub(q.probs.neg().log1p().div(p.probs)).sub(q.logits);
});

registerKl(Poisson, Poisson, (p, q) => p.rate.mul(p.rate.log().sub(q.rate.log())).sub(p.rate.sub(q.rate)));

function ofCategories(p: Categorical, q: Categorical): Tensor {
  return share(p.probs, p.logits, q.logits, q.probs).sum(-1);
}

registerKl(Categorical, Categorical, ofCategories);
registerKl(OneHotCategorical, OneHotCategorical, (p, q) => ofCategories(p.categorical, q.categorical));

registerKl(ContinuousBernoulli, ContinuousBernoulli, (p, q) => {
  const own = p.mean.mul(p.logits).add(p.logNormalizer).add(p.probs.neg().log1p());
  return own.sub(p.mean.mul(q.logits).add(q.logNormalizer).add(q.probs.neg().log1p()));
});

type Vectors = MultivariateNormal | LowRankMultivariateNormal;

function ofVectors(p: Vectors, q: Vectors): Tensor {
  const n = p.eventShape[0]!;
  if (n !== q.eventShape[0]) {
    throw new ValueError(`Cannot compute klDivergence of vectors of ${n} and ${q.eventShape[0]} elements`);
  }
  const from = p.scaleTril, to = q.scaleTril;
  const spread = square(solveTriangular(to, from, { upper: false })).sum([-2, -1]);
  const distance = mahalanobis(to, q.loc.sub(p.loc));
  return halfLogDet(to).sub(halfLogDet(from)).add(spread.add(distance).sub(n).mul(0.5));
}

registerKl(MultivariateNormal, MultivariateNormal, ofVectors);
registerKl(LowRankMultivariateNormal, LowRankMultivariateNormal, ofVectors);
registerKl(MultivariateNormal, LowRankMultivariateNormal, ofVectors);
registerKl(LowRankMultivariateNormal, MultivariateNormal, ofVectors);
