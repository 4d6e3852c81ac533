/**
 * Special functions in double precision: for the interpreters, and for float64 kernels on the CPU.
 *
 * @module
 */

/** erf x / x in powers of x², for |x| <= 1. */
const ERF = [
  1.1283791670955126,
  -0.37612638903183754,
  0.1128379167095512,
  -0.026866170645129854,
  0.005223977625423455,
  -0.0008548327021945428,
  0.00012055332903350668,
  -1.4925647581008593e-05,
  1.6462045711013026e-06,
  -1.6364645854816389e-07,
  1.479243542696247e-08,
  -1.2164764337224506e-09,
  8.709755232851789e-11,
  -4.2320376764874594e-12,
];

/** Chebyshev coefficients of log(erfc x / t) + x² over t = 2 / (2 + x), for x >= 1. */
const ERFC = [
  -0.8715936894945394,
  0.4125578578540687,
  0.01715948121717183,
  -0.0018831910158454,
  -0.00040214756658239645,
  1.1040527818912205e-05,
  1.0389082084957438e-05,
  1.6556332888355458e-07,
  -3.0561954012334455e-07,
  -1.256088212656687e-08,
  1.007690861623987e-08,
  4.727947441795668e-10,
  -3.636939020385745e-10,
  -1.1472551799626336e-11,
  1.3832474726875807e-11,
  -5.947709023891208e-14,
  -5.243999577969603e-13,
  3.162100026548157e-14,
  1.820785398058001e-14,
  -2.6589747600327076e-15,
  -4.801915444372424e-16,
  1.5670466969067584e-16,
];

/** (-1)^k (ζ(k) - 1) / k for k = 2, 3, …: the Taylor series of log Γ(2 + t) after t (1 - γ). */
const LGAMMA = [
  0.3224670334241132,
  -0.0673523010531981,
  0.020580808427784546,
  -0.007385551028673986,
  0.0028905103307415234,
  -0.001192753911703261,
  0.0005096695247430425,
  -0.00022315475845357939,
  9.945751278180853e-05,
  -4.492623673813314e-05,
  2.050721277567069e-05,
  -9.439488275268397e-06,
  4.374866789907488e-06,
  -2.039215753801366e-06,
  9.55141213040742e-07,
  -4.492469198764566e-07,
  2.1207184805554665e-07,
  -1.0043224823968099e-07,
  4.7698101693639804e-08,
  -2.2711094608943164e-08,
  1.0838659214896955e-08,
  -5.183475041970047e-09,
  2.4836745438024785e-09,
  -1.1921401405860912e-09,
  5.731367241678862e-10,
  -2.7595228851242334e-10,
  1.330476437424449e-10,
  -6.4229645638381e-11,
];
const ONE_MINUS_EULER = 0.42278433509846713;

/** Coefficients of 1/x, 1/x³, … in Stirling's series for log Γ. */
const STIRLING = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
];
/** Coefficients of 1/x², 1/x⁴, … in the asymptotic series of the digamma function, negated. */
const DIGAMMA = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12, -3617 / 8160];

function polynomial(x: number, coefficients: readonly number[]): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i]!;
  return sum;
}

/** erfc x for x >= 1. */
function erfcTail(x: number): number {
  const t = 2 / (2 + x);
  const u = 6 * t - 2;
  let b = 0, c = 0;
  for (let i = ERFC.length - 1; i > 0; i--) [b, c] = [u * b - c + ERFC[i]!, b];
  const p = (u / 2) * b - c + ERFC[0]!;
  // x² is too coarse an exponent for large x: the square of its leading half is exact.
  const high = Math.fround(x);
  return t * Math.exp(-high * high) * Math.exp((high - x) * (high + x) + p);
}

/** The error function. */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (a <= 1) return x * polynomial(x * x, ERF);
  if (a > 6) return Math.sign(x);
  return Number.isNaN(x) ? NaN : Math.sign(x) * (1 - erfcTail(a));
}

/** 1 - erf x, precise for large `x`. */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x < 1) return x < -1 ? 2 - erfc(-x) : 1 - erf(x);
  return x > 27 ? 0 : erfcTail(x);
}

/** The inverse of `erf`: NaN outside [-1, 1], infinite at its ends. */
export function erfinv(y: number): number {
  const a = Math.abs(y);
  if (!(a < 1)) return a === 1 ? y * Infinity : NaN;
  if (a < 1e-9) return y * (Math.sqrt(Math.PI) / 2);
  // Winitzki's approximation, and then Halley's method on erfc, which keeps its precision near 1.
  const log = Math.log1p(-a * a);
  const half = 2 / (Math.PI * 0.147) + log / 2;
  let x = Math.sqrt(Math.sqrt(half * half - log / 0.147) - half);
  for (let i = 0; i < 3; i++) {
    const error = a < 0.5 ? a - erf(x) : erfc(x) - (1 - a);
    const slope = (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x);
    x += error / (slope - x * error);
  }
  return y < 0 ? -x : x;
}

/** sin πx, exact where it vanishes. */
function sinPi(x: number): number {
  const r = x - 2 * Math.round(x / 2);
  return Math.sin(Math.PI * (Math.abs(r) > 0.5 ? Math.sign(r) - r : r));
}

/** log |Γ(x)|; infinite at 0 and the negative whole numbers. */
export function lgamma(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (!Number.isFinite(x)) return Infinity;
  if (x <= 0 && Number.isInteger(x)) return Infinity;
  if (x < -0.5) return Math.log(Math.PI / Math.abs(x * sinPi(x))) - lgamma(-x);
  if (x < 0.5) return lgamma(x + 1) - Math.log(Math.abs(x));
  if (x < 1.5) return aroundTwo(x - 1) - Math.log1p(x - 1);
  if (x <= 2.5) return aroundTwo(x - 2);
  if (x < 10) {
    let product = 1;
    while (x > 2.5) product *= --x;
    return Math.log(product) + aroundTwo(x - 2);
  }
  const series = polynomial(1 / (x * x), STIRLING) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
}

/** log Γ(2 + t) for |t| <= 1/2. */
function aroundTwo(t: number): number {
  return t * (ONE_MINUS_EULER + t * polynomial(t, LGAMMA));
}

/** The derivative of log Γ: -infinity at 0 (infinity at -0), NaN at the negative whole numbers. */
export function digamma(x: number): number {
  if (x === 0) return Object.is(x, -0) ? Infinity : -Infinity;
  if (x === Infinity) return Infinity;
  if (x < 0) {
    if (Number.isInteger(x) || x === -Infinity) return NaN;
    return digamma(1 - x) - Math.PI / Math.tan(Math.PI * (x - Math.round(x)));
  }
  let shift = 0;
  while (x < 10) shift += 1 / x++;
  const z = 1 / (x * x);
  return Math.log(x) - 0.5 / x - z * polynomial(z, DIGAMMA) - shift;
}
