/**
 * Probability distributions: PyTorch's `torch.distributions`.
 *
 * ```ts
 * import { manualSeed, tensor } from "@tensaur/tensaur";
 * import { klDivergence, Normal } from "@tensaur/tensaur/distributions";
 *
 * manualSeed(0);
 * const p = new Normal(tensor([0, 1]), tensor([1, 2])), q = new Normal(0, 1);
 * console.log(p.sample().shape); // torch.Size([2])
 * console.log(p.logProb(tensor([0, 0]))); // tensor([-0.9189, -1.7371])
 * console.log(klDivergence(p, q)); // tensor([0.0000, 1.3069])
 * ```
 *
 * @module
 */

// Whoever imports this part alone needs tensors with methods, too.
import "../tensor/methods.ts";
import "./cross_divergences.ts";
import "./divergences.ts";

export { Bernoulli, BinaryDistribution, Geometric, type OddsOptions } from "./bernoulli.ts";
export { Beta, type BetaOptions, Dirichlet, type DirichletOptions } from "./beta.ts";
export { Categorical, OneHotCategorical, OneHotCategoricalStraightThrough } from "./categorical.ts";
export { Cauchy, HalfCauchy } from "./cauchy.ts";
export { Independent, TransformedDistribution } from "./composed.ts";
export { ComposeTransform, identityTransform, IndependentTransform } from "./composed_transforms.ts";
export { bijectTo, type ConstraintRegistry, transformTo } from "./constraint_registry.ts";
export * as constraints from "./constraints.ts";
export { Constraint } from "./constraint.ts";
export { ContinuousBernoulli } from "./continuous_bernoulli.ts";
export { CorrCholeskyTransform } from "./corr_cholesky_transform.ts";
export { Binomial, NegativeBinomial, Poisson, type PoissonOptions, type TrialsOptions } from "./counts.ts";
export { Distribution, type DistributionOptions, type Parameter, UnsupportedError } from "./distribution.ts";
export { AbsTransform, AffineTransform, ExpTransform, PowerTransform } from "./elementwise_transforms.ts";
export { Exponential, type ExponentialOptions, Laplace, Uniform, type UniformOptions } from "./exponential.ts";
export { ExponentialFamily } from "./exponential_family.ts";
export { Gumbel, Pareto, type ParetoOptions, Weibull, type WeibullOptions } from "./extreme.ts";
export { Chi2, type Chi2Options, Gamma, type GammaOptions } from "./gamma.ts";
export { GeneralizedPareto, type GeneralizedParetoOptions } from "./generalized_pareto.ts";
export { InverseGamma } from "./inverse_gamma.ts";
export { type CatOptions, CatTransform, type JoinOptions, StackTransform } from "./joined_transforms.ts";
export { FisherSnedecor, type FisherSnedecorOptions, StudentT, type StudentTOptions } from "./ratios.ts";
export { type DistributionClass, type Divergence, klDivergence, registerKl } from "./kl.ts";
export { Kumaraswamy, type KumaraswamyOptions } from "./kumaraswamy.ts";
export { LKJCholesky, type LKJCholeskyOptions } from "./lkj_cholesky.ts";
export { LogisticNormal } from "./logistic_normal.ts";
export { LowRankMultivariateNormal, type LowRankMultivariateNormalOptions } from "./low_rank_normal.ts";
export {
  CumulativeDistributionTransform,
  LowerCholeskyTransform,
  PositiveDefiniteTransform,
  ReshapeTransform,
} from "./more_transforms.ts";
export { MixtureSameFamily } from "./mixture.ts";
export { Multinomial, type MultinomialOptions } from "./multinomial.ts";
export { type MatrixOptions, MultivariateNormal, type MultivariateNormalOptions } from "./multivariate_normal.ts";
export { type LocScale, type LocScaleOptions } from "./loc_scale.ts";
export { Normal, type ScaleOptions } from "./normal.ts";
export { HalfNormal, LogNormal } from "./normal_kin.ts";
export {
  ExpRelaxedCategorical,
  LogitRelaxedBernoulli,
  RelaxedBernoulli,
  RelaxedOneHotCategorical,
  type RelaxedOptions,
} from "./relaxed.ts";
export { SigmoidTransform, SoftplusTransform, TanhTransform } from "./sigmoid_transforms.ts";
export { SoftmaxTransform, StickBreakingTransform } from "./simplex_transforms.ts";
export { Transform } from "./transforms.ts";
export { VonMises, type VonMisesOptions } from "./von_mises.ts";
export { Wishart, type WishartOptions } from "./wishart.ts";
