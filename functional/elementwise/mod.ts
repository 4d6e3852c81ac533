/**
 * Operations on single elements.
 *
 * @module
 */

export {
  absolute,
  arccos,
  arccosh,
  arcsin,
  arcsinh,
  arctan,
  arctan2,
  arctanh,
  divide,
  fix,
  greater,
  greaterEqual,
  less,
  lessEqual,
  multiply,
  negative,
  notEqual,
  subtract,
} from "./aliases.ts";
export {
  add,
  addcdiv,
  addcmul,
  type AlphaOptions,
  lerp,
  mul,
  neg,
  reciprocal,
  rsub,
  square,
  sub,
  type ValueOptions,
} from "./arithmetic.ts";
export { allclose, type CloseOptions, equal, isclose } from "./closeness.ts";
export { eq, ge, gt, isfinite, isinf, isnan, isneginf, isposinf, le, lt, ne } from "./comparison.ts";
export { angle, conj, conjPhysical, isreal, positive, real } from "./complex.ts";
export { div, type DivOptions, floorDivide, fmod, remainder, trueDivide } from "./division.ts";
export { exp, exp2, expm1, log, log10, log1p, log2, logaddexp, logaddexp2, xlogy } from "./exponential.ts";
export {
  clamp,
  clampMax,
  clampMin,
  type ClampOptions,
  clip,
  fmax,
  fmin,
  maximum,
  minimum,
  nanToNum,
  type NanToNumOptions,
} from "./extremes.ts";
export { gcd, lcm } from "./integers.ts";
export {
  bitwiseAnd,
  bitwiseLeftShift,
  bitwiseNot,
  bitwiseOr,
  bitwiseRightShift,
  bitwiseXor,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
} from "./logical.ts";
export { floatPower, ldexp, pow, rsqrt, sqrt } from "./power.ts";
export { frexp, nextafter } from "./representation.ts";
export { ceil, floor, frac, round, trunc } from "./rounding.ts";
export { abs, copysign, heaviside, sgn, sign, signbit } from "./sign.ts";
export { digamma, erf, erfc, erfinv, lgamma, logit, sigmoid, sinc } from "./special.ts";
export {
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  cos,
  cosh,
  deg2rad,
  hypot,
  rad2deg,
  sin,
  sinh,
  tan,
  tanh,
} from "./trigonometric.ts";
export { fill, where } from "./where.ts";
export type { Binary, BinaryOfTensor, BinaryOfTensors, Unary } from "./define.ts";
