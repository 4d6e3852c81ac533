/**
 * Functions of single elements as methods, and in place.
 *
 * @module
 */

import * as F from "../../functional/mod.ts";
import type { NanToNumOptions } from "../../functional/mod.ts";
import type { Tensor } from "../tensor.ts";
import { type Implementations, type InPlace, inPlace, methods } from "./define.ts";

/** Functions of single elements. */
export interface UnaryMethods {
  /** -x. */
  neg(): Tensor;
  /** |x|. */
  abs(): Tensor;
  /** -1, 0 or 1. */
  sign(): Tensor;
  /** -1, 0 or 1. */
  sgn(): Tensor;
  /** 1 / x. */
  reciprocal(): Tensor;
  /** x². */
  square(): Tensor;
  /** √x. */
  sqrt(): Tensor;
  /** 1 / √x. */
  rsqrt(): Tensor;
  /** e^x. */
  exp(): Tensor;
  /** 2^x. */
  exp2(): Tensor;
  /** e^x - 1. */
  expm1(): Tensor;
  /** ln x. */
  log(): Tensor;
  /** log₂ x. */
  log2(): Tensor;
  /** log₁₀ x. */
  log10(): Tensor;
  /** ln(1 + x). */
  log1p(): Tensor;
  /** sin x. */
  sin(): Tensor;
  /** cos x. */
  cos(): Tensor;
  /** tan x. */
  tan(): Tensor;
  /** arcsin x. */
  asin(): Tensor;
  /** arccos x. */
  acos(): Tensor;
  /** arctan x. */
  atan(): Tensor;
  /** sinh x. */
  sinh(): Tensor;
  /** cosh x. */
  cosh(): Tensor;
  /** tanh x. */
  tanh(): Tensor;
  /** arsinh x. */
  asinh(): Tensor;
  /** arcosh x. */
  acosh(): Tensor;
  /** artanh x. */
  atanh(): Tensor;
  /** max(x, 0). */
  relu(): Tensor;
  /** 1 / (1 + e^-x). */
  sigmoid(): Tensor;
  /** The error function. */
  erf(): Tensor;
  /** 1 - erf x. */
  erfc(): Tensor;
  /** The inverse of the error function. */
  erfinv(): Tensor;
  /** ln |Γ(x)|. */
  lgamma(): Tensor;
  /** The derivative of `lgamma`. */
  digamma(): Tensor;
  /** The n-th derivative of `digamma`. */
  polygamma(n: number): Tensor;
  /** Logarithm of the gamma function of dimension p. */
  mvlgamma(p: number): Tensor;
  /** The modified Bessel function of order 0. */
  i0(): Tensor;
  /** sin(πx) / πx. */
  sinc(): Tensor;
  /** The largest integer <= x. */
  floor(): Tensor;
  /** The smallest integer >= x. */
  ceil(): Tensor;
  /** x without its fraction. */
  trunc(): Tensor;
  /** The fraction of x. */
  frac(): Tensor;
  /** Degrees to radians. */
  deg2rad(): Tensor;
  /** Radians to degrees. */
  rad2deg(): Tensor;
  /** The complex conjugate, computed at once: x itself. */
  conjPhysical(): Tensor;
  /** Whether x is false or 0. */
  logicalNot(): Tensor;
  /** ~x of integers, !x of bools. */
  bitwiseNot(): Tensor;
  /** The nearest integer, halves to the even one; or the nearest number of `decimals` digits. */
  round(options?: { readonly decimals?: number }): Tensor;
  /** ln(x / (1 - x)). */
  logit(options?: { readonly eps?: number }): Tensor;
  /** x with numbers in place of NaN and infinities. */
  nanToNum(options?: NanToNumOptions): Tensor;
}

/** `x.exp_()` changes x to e^x, and so on for each function. */
export interface UnaryInPlaceMethods extends InPlace<UnaryMethods> {}

const functions: Implementations<UnaryMethods> = {
  neg: F.neg,
  abs: F.abs,
  sign: F.sign,
  sgn: F.sgn,
  reciprocal: F.reciprocal,
  square: F.square,
  sqrt: F.sqrt,
  rsqrt: F.rsqrt,
  exp: F.exp,
  exp2: F.exp2,
  expm1: F.expm1,
  log: F.log,
  log2: F.log2,
  log10: F.log10,
  log1p: F.log1p,
  sin: F.sin,
  cos: F.cos,
  tan: F.tan,
  asin: F.asin,
  acos: F.acos,
  atan: F.atan,
  sinh: F.sinh,
  cosh: F.cosh,
  tanh: F.tanh,
  asinh: F.asinh,
  acosh: F.acosh,
  atanh: F.atanh,
  relu: F.relu,
  sigmoid: F.sigmoid,
  erf: F.erf,
  erfc: F.erfc,
  erfinv: F.erfinv,
  lgamma: F.lgamma,
  digamma: F.digamma,
  polygamma: (x, n) => F.polygamma(n, x),
  mvlgamma: F.mvlgamma,
  i0: F.i0,
  sinc: F.sinc,
  floor: F.floor,
  ceil: F.ceil,
  trunc: F.trunc,
  frac: F.frac,
  deg2rad: F.deg2rad,
  rad2deg: F.rad2deg,
  conjPhysical: F.conjPhysical,
  logicalNot: F.logicalNot,
  bitwiseNot: F.bitwiseNot,
  round: F.round,
  logit: F.logit,
  nanToNum: F.nanToNum,
};

/** Descriptors for the prototype. */
export const unary: PropertyDescriptorMap = { ...methods(functions), ...inPlace(functions) };
