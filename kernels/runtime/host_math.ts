/**
 * Functions that kernels call where WebAssembly has no instruction: those of float64, and the rarer ones of float32. Numbers and special
 * cases are C's, as in PyTorch.
 *
 * @module
 */

/** Functions of doubles (`powInteger`: of int32) by name. */
export type HostFunctions = Record<string, (...args: number[]) => number>;

/**
 * Makes the functions. This one's text is also the source of worker threads: it refers to nothing outside.
 */
export function hostFunctions(): HostFunctions {
  const twoBySqrtPi = 2 / Math.sqrt(Math.PI);

  /** exp(-x * x) without the rounding error of x * x. */
  const gaussian = (x: number): number => {
    const high = Math.fround(x), low = x - high;
    return Math.exp(-high * high) * Math.exp(-low * (x + high));
  };

  /** erf for |x| < 2, by a series of positive terms. */
  const erfSeries = (x: number): number => {
    let term = x, sum = x;
    for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return twoBySqrtPi * gaussian(x) * sum;
  };

  /** erfc for x >= 0.5, by a continued fraction. */
  const erfcFraction = (x: number): number => {
    let rest = x;
    for (let n = 30 + Math.ceil(500 / (x * x)); n > 0; n--) rest = x + n / 2 / rest;
    return gaussian(x) / (Math.sqrt(Math.PI) * rest);
  };

  const erfc = (x: number): number => {
    if (Number.isNaN(x)) return x;
    if (x < -2) return 2 - erfcFraction(-x);
    if (x < 0.5) return 1 - erfSeries(x);
    return x > 28 ? 0 : erfcFraction(x);
  };

  const erf = (x: number): number => {
    if (Number.isNaN(x)) return x;
    if (x >= 2) return x > 6 ? 1 : 1 - erfcFraction(x);
    if (x <= -2) return x < -6 ? -1 : erfcFraction(-x) - 1;
    return x === 0 ? x : erfSeries(x);
  };

  const erfinv = (y: number): number => {
    if (!(Math.abs(y) <= 1)) return NaN;
    if (Math.abs(y) === 1) return y * Infinity;
    if (y === 0) return y;
    const tail = 1 - Math.abs(y);
    // Winitzki's approximation, then Halley's method on erfc, which keeps the digits of small tails.
    const log = Math.log(tail * (2 - tail)), a = 0.147;
    const half = 2 / (Math.PI * a) + log / 2;
    let x = Math.sqrt(Math.sqrt(half * half - log / a) - half);
    for (let i = 0; i < 4; i++) {
      const error = Math.abs(y) < 0.5 ? erf(x) - Math.abs(y) : tail - erfc(x);
      const step = error / (twoBySqrtPi * gaussian(x));
      x -= step / (1 + x * step);
    }
    return y < 0 ? -x : x;
  };

  /** Coefficients B(2k) / (2k (2k - 1)) of Stirling's series. */
  const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400];

  /** zeta(k) - 1 for k >= 2, by the Euler-Maclaurin formula. */
  const zetaTail = (k: number): number => {
    const n = 60;
    let sum = 0, term = k * n ** (-k - 1);
    sum += n ** (1 - k) / (k - 1) + n ** -k / 2 + term / 12;
    sum -= (term *= (k + 1) * (k + 2) / (n * n)) / 720;
    sum += (term *= (k + 3) * (k + 4) / (n * n)) / 30240;
    for (let i = n - 1; i >= 2; i--) sum += i ** -k;
    return sum;
  };
  let series: number[] | undefined;
  /** lgamma(2 + z) for |z| <= 1/2, by its Taylor series. */
  const lgammaNear2 = (z: number): number => {
    if (series === undefined) {
      series = Array.from({ length: 28 }, (_, i) => (i % 2 === 0 ? -1 : 1) * zetaTail(29 - i) / (29 - i));
      series.push(1 - 0.5772156649015329);
    }
    return series.reduce((sum, c) => sum * z + c, 0) * z;
  };

  const lgamma = (x: number): number => {
    if (Number.isNaN(x)) return x;
    if (Math.abs(x) === Infinity) return Infinity;
    if (x <= 0 && Number.isInteger(x)) return Infinity;
    if (x < 0.5) return Math.log(Math.PI / Math.abs(sinPi(x))) - lgamma(1 - x);
    if (x < 1.5) return lgammaNear2(x - 1) - Math.log1p(x - 1);
    if (x < 12) {
      let product = 1, near2 = x;
      while (near2 > 2.5) product *= --near2;
      return lgammaNear2(near2 - 2) + Math.log(product);
    }
    let sum = 0;
    for (let k = stirling.length - 1; k >= 0; k--) sum = sum / (x * x) + stirling[k]!;
    return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + sum / x;
  };

  /** sin(pi * x), exact at integers. */
  const sinPi = (x: number): number => {
    const rest = x - 2 * Math.round(x / 2);
    if (Math.abs(rest) > 0.5) return Math.sin(Math.PI * (Math.sign(rest) - rest));
    return Math.sin(Math.PI * rest);
  };

  const digamma = (x: number): number => {
    if (x === 0) return Object.is(x, -0) ? Infinity : -Infinity;
    if (x < 0) {
      if (Number.isInteger(x)) return NaN;
      const rest = x - Math.round(x);
      return digamma(1 - x) - Math.PI / Math.tan(Math.PI * rest);
    }
    let sum = 0, shifted = x;
    for (; shifted < 12; shifted++) sum -= 1 / shifted;
    let rest = 0;
    for (let k = stirling.length - 1; k >= 0; k--) rest = rest / (shifted * shifted) + stirling[k]! * (2 * k + 1);
    return sum + Math.log(shifted) - 0.5 / shifted - rest / (shifted * shifted);
  };

  const pow = (x: number, y: number): number => {
    if (x === 1 || (x === -1 && Math.abs(y) === Infinity)) return 1;
    return Math.pow(x, y);
  };

  const powInteger = (x: number, y: number): number => {
    if (y < 0) return x === 1 ? 1 : x === -1 ? (y % 2 === 0 ? 1 : -1) : 0;
    let result = 1, square = x;
    for (let rest = y; rest > 0; rest = Math.floor(rest / 2)) {
      if (rest % 2 === 1) result = Math.imul(result, square);
      square = Math.imul(square, square);
    }
    return result;
  };

  const {
    exp,
    expm1,
    log,
    log1p,
    log2,
    log10,
    sin,
    cos,
    tan,
    asin,
    acos,
    atan,
    sinh,
    cosh,
    tanh,
    asinh,
    acosh,
    atanh,
    atan2,
  } = Math;
  const exp2 = (x: number): number => Math.pow(2, x);
  const mod = (a: number, b: number): number => a % b;
  return {
    exp,
    expm1,
    exp2,
    log,
    log1p,
    log2,
    log10,
    sin,
    cos,
    tan,
    sinFar: Math.sin,
    cosFar: Math.cos,
    tanFar: Math.tan,
    asin,
    acos,
    atan,
    sinh,
    cosh,
    tanh,
    asinh,
    acosh,
    atanh,
    atan2,
    erf,
    erfc,
    erfinv,
    lgamma,
    digamma,
    pow,
    powInteger,
    mod,
  };
}
