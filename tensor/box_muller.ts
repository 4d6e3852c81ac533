/**
 * Pairs of normal numbers from pairs of uniform ones, with the very roundings of PyTorch.
 *
 * On x86 processors with AVX2, which is nearly all of them, PyTorch computes float32 normal numbers with the Cephes polynomials for
 * log, sin and cos in float32, and its compiler fuses their multiplications and additions. This file repeats those operations one
 * by one, so that the results are the same bits.
 *
 * @module
 */

const { fround, sqrt } = Math;

/** a * b + c of float32 numbers, rounded once. */
function fma(a: number, b: number, c: number): number {
  const product = a * b; // exact in float64
  const sum = product + c;
  const rounded = fround(sum);
  const rest = sum - rounded;
  const neighbour = rounded + rest + rest;
  // Half-way between two float32 numbers: the error of the float64 sum decides.
  if (rest !== 0 && fround(neighbour) === neighbour) {
    const part = sum - product;
    const error = product - (sum - part) + (c - part);
    if (error * rest > 0) return neighbour;
  }
  return rounded;
}

/** a * b + c of float64 numbers, rounded as if once: the product's own rounding error is added back. */
export function fma64(a: number, b: number, c: number): number {
  const product = a * b;
  const aHigh = high(a), bHigh = high(b), aLow = a - aHigh, bLow = b - bHigh;
  const productError = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
  const sum = product + c;
  const part = sum - product;
  const sumError = product - (sum - part) + (c - part);
  const result = sum + (productError + sumError);
  return Number.isFinite(result) ? result : sum;
}

/** The leading 26 bits of a float64 number. */
function high(value: number): number {
  const scaled = value * (2 ** 27 + 1);
  return scaled - (scaled - value);
}

/** For the library: Cephes' coefficients of the logarithm, the highest power first, ln 2 in two parts, and the root of 1/2. */
export const LOGARITHM: readonly number[] = [
  ...[7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1],
  ...[2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1],
].map(fround);
export const LN2: readonly [number, number] = [0.693359375, fround(-2.12194440e-4)];
export const SQRT_HALF: number = fround(Math.SQRT1_2);

const [log0, log1, log2, log3, log4, log5, log6, log7, log8] = LOGARITHM as Nine;
const [ln2High, ln2Low] = LN2;
type Nine = [number, number, number, number, number, number, number, number, number];

const floats = new Float32Array(1);
const words = new Int32Array(floats.buffer);

/** Natural logarithm of a float32 number in [2^-24, 1]. */
function log(value: number): number {
  floats[0] = value;
  let exponent = (words[0]! >> 23) - 126;
  words[0] = (words[0]! & 0x7fffff) | 0x3f000000;
  let x = floats[0]!; // in [0.5, 1)
  if (x < SQRT_HALF) {
    exponent -= 1;
    x = x - 1 + x;
  } else {
    x -= 1;
  }
  const square = fround(x * x);
  let y = fma(log0, x, log1);
  y = fma(y, x, log2);
  y = fma(y, x, log3);
  y = fma(y, x, log4);
  y = fma(y, x, log5);
  y = fma(y, x, log6);
  y = fma(y, x, log7);
  y = fma(y, x, log8);
  y = fround(x * y);
  y = fma(y, square, fround(exponent * ln2Low));
  y = fround(y - 0.5 * square);
  return fma(exponent, ln2High, fround(x + y));
}

/** For the library: 2π, what an angle is reduced with, and the coefficients of sine and cosine. */
export const TWO_PI: number = fround(2 * Math.PI);
export const FOUR_OVER_PI: number = fround(1.27323954473516);
export const PI_QUARTER: readonly [number, number, number] = [
  -0.78515625,
  fround(-2.4187564849853515625e-4),
  fround(-3.77489497744594108e-8),
];
export const SINE: readonly [number, number, number] = [
  fround(-1.9515295891e-4),
  fround(8.3321608736e-3),
  fround(-1.6666654611e-1),
];
export const COSINE: readonly [number, number, number] = [
  fround(2.443315711809948e-5),
  fround(-1.388731625493765e-3),
  fround(4.166664568298827e-2),
];
const [piHigh, piMiddle, piLow] = PI_QUARTER;
const [sin0, sin1, sin2] = SINE;
const [cos0, cos1, cos2] = COSINE;

/**
 * Turns the 16 uniform numbers at `data[start …]` into normal ones: the first 8 are radii, the last 8 angles, and each such pair
 * becomes the pair of results in the same places.
 */
export function normalBlock32(data: Float32Array, start: number, mean: number, std: number): void {
  for (let i = start; i < start + 8; i++) {
    const radius = fround(sqrt(-2 * log(fround(1 - data[i]!))));
    const theta = fround(TWO_PI * data[i + 8]!);
    const octant = (Math.trunc(fround(theta * FOUR_OVER_PI)) + 1) & ~1;
    let x = fma(octant, piHigh, theta);
    x = fma(octant, piMiddle, x);
    x = fma(octant, piLow, x);
    const square = fround(x * x);
    let cos = fma(cos0, square, cos1);
    cos = fma(cos, square, cos2);
    cos = fround(square * cos);
    cos = fround(fma(cos, square, -0.5 * square) + 1);
    let sin = fma(sin0, square, sin1);
    sin = fma(sin, square, sin2);
    sin = fround(square * sin);
    sin = fma(x, sin, x);
    const swapped = (octant & 2) !== 0;
    const sinSign = octant & 4 ? -1 : 1;
    const cosSign = (octant + 2) & 4 ? -1 : 1;
    data[i] = fma(fround(radius * cosSign * (swapped ? sin : cos)), std, mean);
    data[i + 8] = fma(fround(radius * sinSign * (swapped ? cos : sin)), std, mean);
  }
}

/** The same in float64, where PyTorch uses the C library's functions. */
export function normalBlock64(data: Float64Array, start: number, mean: number, std: number): void {
  for (let i = start; i < start + 8; i++) {
    const radius = sqrt(-2 * Math.log(1 - data[i]!));
    const theta = 2 * Math.PI * data[i + 8]!;
    data[i] = fma64(radius * Math.cos(theta), std, mean);
    data[i + 8] = fma64(radius * Math.sin(theta), std, mean);
  }
}

/** The same in float16: float32 functions whose results PyTorch rounds between. */
export function normalBlock16(data: Float16Array, start: number, mean: number, std: number): void {
  for (let i = start; i < start + 8; i++) {
    const radius = Math.f16round(sqrt(-2 * fround(Math.log(Math.f16round(1 - data[i]!)))));
    const theta = Math.f16round(2 * Math.PI * data[i + 8]!);
    data[i] = fround(fround(fround(radius * fround(Math.cos(theta))) * std) + mean);
    data[i + 8] = fround(fround(fround(radius * fround(Math.sin(theta))) * std) + mean);
  }
}
