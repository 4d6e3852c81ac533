/**
 * Numbers of events, drawn as PyTorch's CPU kernels draw them.
 *
 * @module
 */

import { type TypedArray, ValueError } from "../kernels/mod.ts";
import { uniform64 } from "./distributions.ts";
import type { Generator } from "./generator.ts";

const { abs, ceil, exp, floor, log, log1p, sqrt } = Math;

/** ln k! by Stirling's series behind the first values. */
function logFactorial(k: number): number {
  if (k < FACTORIALS.length) return log(FACTORIALS[k]!);
  const x = k + 1, square = x * x;
  const series = (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / x;
  return (x - 0.5) * log(x) - x + 0.9189385332046727 + series;
}

const FACTORIALS = Array.from({ length: 16 }, (_, k) => {
  let product = 1;
  for (let i = 2; i <= k; i++) product *= i;
  return product;
});

/**
 * One number of events at a mean of `rate`: products of uniform numbers for small rates, else transformed rejection (W. Hörmann, "The
 * transformed rejection method for generating Poisson random variables", 1993).
 */
function poissonOnce(rate: number, next: () => number): number {
  if (rate === 0) return 0;
  if (rate < 10) {
    const limit = exp(-rate);
    let product = 1;
    for (let k = 0;; k++) {
      product *= next();
      if (!(product > limit)) return k;
    }
  }
  const logRate = log(rate);
  const b = 0.931 + 2.53 * sqrt(rate), a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4), limit = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = next() - 0.5, v = next(), us = 0.5 - abs(u);
    const k = floor((2 * a / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= limit) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (log(v) + log(inverseAlpha) - log(a / (us * us) + b) <= -rate + k * logRate - logFactorial(k)) return k;
  }
}

/** The error of Stirling's approximation of ln k!. */
function stirlingTail(k: number): number {
  if (k <= 9) return TAILS[k]!;
  const square = (k + 1) * (k + 1);
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1);
}

const TAILS = [
  0.0810614667953272,
  0.0413406959554092,
  0.0276779256849983,
  0.02079067210376509,
  0.0166446911898211,
  0.0138761288230707,
  0.0118967099458917,
  0.0104112652619720,
  0.00925546218271273,
  0.00833056343336287,
];

/** Adds up the waiting times between successes. */
function binomialByWaiting(trials: number, p: number, next: () => number): number {
  const scale = log1p(-p);
  let waited = 0;
  for (let successes = 0;; successes++) {
    waited += ceil(log(next()) / scale);
    if (waited > trials) return successes;
  }
}

/** Transformed rejection (W. Hörmann, "The generation of binomial random variates", 1993). */
function binomialByRejection(trials: number, p: number, next: () => number): number {
  const deviation = sqrt(trials * p * (1 - p));
  const b = 1.15 + 2.53 * deviation, a = -0.0873 + 0.0248 * b + 0.01 * p, c = trials * p + 0.5;
  const limit = 0.92 - 4.2 / b, odds = p / (1 - p), alpha = (2.83 + 5.1 / b) * deviation, m = floor((trials + 1) * p);
  for (;;) {
    const u = next() - 0.5, v = next(), us = 0.5 - abs(u);
    const k = floor((2 * a / us + b) * u + c);
    if (us >= 0.07 && v <= limit) return k;
    if (k < 0 || k > trials) continue;
    const bound = (m + 0.5) * log((m + 1) / (odds * (trials - m + 1))) +
      (trials + 1) * log((trials - m + 1) / (trials - k + 1)) +
      (k + 0.5) * log(odds * (trials - k + 1) / (k + 1)) +
      stirlingTail(m) + stirlingTail(trials - m) - stirlingTail(k) - stirlingTail(trials - k);
    if (log(v * alpha / (a / (us * us) + b)) <= bound) return k;
  }
}

function binomialOnce(trials: number, p: number, next: () => number): number {
  if (trials <= 0 || p <= 0) return 0;
  if (p >= 1) return trials;
  if (p > 0.5) return trials - binomialOnce(trials, 1 - p, next);
  if (Number.isNaN(p)) return NaN;
  return trials * p >= 10 ? binomialByRejection(trials, p, next) : binomialByWaiting(trials, p, next);
}

/** For each rate, how many events there were. */
export function poissonEach(rates: TypedArray, generator: Generator): TypedArray {
  const wrong = rates.findIndex((rate) => !(rate >= 0));
  if (wrong >= 0) throw new ValueError(`Cannot draw from poisson(${rates[wrong]}): a rate is a number from 0`);
  return rates.map((rate) => poissonOnce(rate, () => uniform64(1, generator)[0]!));
}

/** For each number of trials, how many succeeded with the probability at the same place of `p`. */
export function binomialEach(trials: TypedArray, p: TypedArray, generator: Generator): TypedArray {
  return trials.map((count, i) => binomialOnce(count, p[i]!, () => uniform64(1, generator)[0]!));
}
