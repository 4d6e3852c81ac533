/**
 * Special functions: PyTorch's `torch.special.*`.
 *
 * @module
 */

export { airyAi } from "./airy.ts";
export { besselJ0, besselJ1, besselY0, besselY1, sphericalBesselJ0 } from "./bessel.ts";
export { entr, erfcx, logNdtr, ndtr, ndtri, xlog1py } from "./error.ts";
export { igamma as gammainc, igammac as gammaincc, mvlgamma as multigammaln } from "./gamma.ts";
export {
  i0,
  i0e,
  i1,
  i1e,
  modifiedBesselI0,
  modifiedBesselI1,
  modifiedBesselK0,
  modifiedBesselK1,
  scaledModifiedBesselK0,
  scaledModifiedBesselK1,
} from "./modified_bessel.ts";
export {
  chebyshevPolynomialT,
  chebyshevPolynomialU,
  chebyshevPolynomialV,
  chebyshevPolynomialW,
  shiftedChebyshevPolynomialT,
  shiftedChebyshevPolynomialU,
  shiftedChebyshevPolynomialV,
  shiftedChebyshevPolynomialW,
} from "./polynomials.ts";
export { hermitePolynomialH, hermitePolynomialHe, laguerrePolynomialL, legendrePolynomialP } from "./recurrences.ts";
export { polygamma, zeta } from "./zeta.ts";
export {
  digamma,
  digamma as psi,
  erf,
  erfc,
  erfinv,
  exp2,
  expm1,
  lgamma as gammaln,
  log1p,
  logit,
  round,
  sigmoid as expit,
  sinc,
  xlogy,
} from "../elementwise/mod.ts";
export { logSoftmax, logsumexp, softmax } from "../reduction/mod.ts";
