/**
 * The exponential of a matrix: a Padé approximant of the matrix scaled down, squared as often as it was halved.
 *
 * @see Higham, The scaling and squaring method for the matrix exponential revisited, SIAM J. Matrix Anal. Appl. 26 (2005)
 * @module
 */

import { luInPlace, solveLuInPlace } from "./lu.ts";

/** Coefficients of the numerator of order 13, from the constant on. */
const PADE = [
  64764752532480000,
  32382376266240000,
  7771770303897600,
  1187353796428800,
  129060195264000,
  10559470521600,
  670442572800,
  33522128640,
  1323241920,
  40840800,
  960960,
  16380,
  182,
  1,
];

/** The largest norm for which the approximant is exact to double precision. */
const THETA = 5.371920351148152;

/** e^A of an n × n matrix. */
export function exponential(a: Float64Array, n: number): Float64Array {
  let norm = 0;
  for (let j = 0; j < n; j++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += Math.abs(a[i * n + j]!);
    norm = sum > norm || Number.isNaN(sum) ? sum : norm;
  }
  if (!Number.isFinite(norm)) return new Float64Array(n * n).fill(NaN);
  const halvings = norm > THETA ? Math.ceil(Math.log2(norm / THETA)) : 0;
  let result = approximant(a.map((x) => x / 2 ** halvings), n);
  for (let i = 0; i < halvings; i++) result = product(result, result, n);
  return result;
}

function approximant(a: Float64Array, n: number): Float64Array {
  const square = product(a, a, n), fourth = product(square, square, n), sixth = product(square, fourth, n);
  /** The sum of the powers 0, 2, 4, 6 with the coefficients from `at` on, every second. */
  const sum = (at: number) =>
    square.map((x, i) =>
      PADE[at + 6]! * sixth[i]! + PADE[at + 4]! * fourth[i]! + PADE[at + 2]! * x +
      (i % (n + 1) === 0 ? PADE[at]! : 0)
    );
  const high = (at: number) =>
    square.map((x, i) => PADE[at + 4]! * sixth[i]! + PADE[at + 2]! * fourth[i]! + PADE[at]! * x);
  const plus = (x: Float64Array, y: Float64Array) => x.map((value, i) => value + y[i]!);
  const odd = product(a, plus(product(sixth, high(9), n), sum(1)), n);
  const even = plus(product(sixth, high(8), n), sum(0));
  const numerator = plus(even, odd), denominator = even.map((value, i) => value - odd[i]!);
  const { pivots } = luInPlace(denominator, n, n);
  solveLuInPlace(denominator, pivots, n, numerator, n);
  return numerator;
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let l = 0; l < n; l++) {
      const factor = a[i * n + l]!;
      for (let j = 0; j < n; j++) result[i * n + j] = result[i * n + j]! + factor * b[l * n + j]!;
    }
  }
  return result;
}
