/**
 * Elementwise operations that have no form in place.
 *
 * @module
 */

import * as F from "../../functional/mod.ts";
import type { CloseOptions, MantissaExponent, ShrinkOptions } from "../../functional/mod.ts";
import type { Operand } from "../promotion.ts";
import type { Tensor } from "../tensor.ts";
import { type Implementations, methods } from "./define.ts";

/** Tests of single elements, and choices between two. */
export interface ElementwiseMethods {
  /** Whether x is NaN. */
  isnan(): Tensor;
  /** Whether x is infinite. */
  isinf(): Tensor;
  /** Whether x is neither NaN nor infinite. */
  isfinite(): Tensor;
  /** Whether x is Infinity. */
  isposinf(): Tensor;
  /** Whether x is -Infinity. */
  isneginf(): Tensor;
  /** Whether the imaginary part is 0: true everywhere. */
  isreal(): Tensor;
  /** The angle in the complex plane: π where x is negative, else 0. */
  angle(): Tensor;
  /** The complex conjugate: x itself. */
  conj(): Tensor;
  /** x itself; bools are refused. */
  positive(): Tensor;
  /** x = mantissa · 2^exponent. */
  frexp(): MantissaExponent;
  /** Whether the sign is negative, of -0 too. */
  signbit(): Tensor;
  /** The larger of both. */
  maximum(other: Tensor): Tensor;
  /** The smaller of both. */
  minimum(other: Tensor): Tensor;
  /** The larger of both; the other one where one is NaN. */
  fmax(other: Tensor): Tensor;
  /** The smaller of both; the other one where one is NaN. */
  fmin(other: Tensor): Tensor;
  /** ln(e^x + e^other). */
  logaddexp(other: Tensor): Tensor;
  /** log2(2^x + 2^other). */
  logaddexp2(other: Tensor): Tensor;
  /** Whether |x - other| <= atol + rtol · |other|, element by element. */
  isclose(other: Tensor, options?: CloseOptions): Tensor;
  /** Whether `isclose` holds everywhere. Reads the elements. */
  allclose(other: Tensor, options?: CloseOptions): boolean;
  /** Whether shape and elements are equal. Reads the elements. */
  equal(other: Tensor): boolean;
  /** x where positive, weight · x elsewhere. */
  prelu(weight: Tensor): Tensor;
  /** x where |x| > lambd, else 0. */
  hardshrink(lambd?: number | ShrinkOptions): Tensor;
  /** x where the condition holds, else `other`. */
  where(condition: Tensor, other: Operand): Tensor;
}

const functions: Implementations<ElementwiseMethods> = {
  isnan: F.isnan,
  isinf: F.isinf,
  isfinite: F.isfinite,
  isposinf: F.isposinf,
  isneginf: F.isneginf,
  isreal: F.isreal,
  angle: F.angle,
  conj: F.conj,
  positive: F.positive,
  frexp: F.frexp,
  signbit: F.signbit,
  maximum: F.maximum,
  minimum: F.minimum,
  fmax: F.fmax,
  fmin: F.fmin,
  logaddexp: F.logaddexp,
  logaddexp2: F.logaddexp2,
  isclose: F.isclose,
  allclose: F.allclose,
  equal: F.equal,
  prelu: F.prelu,
  hardshrink: F.hardshrink,
  where: (x, condition, other) => F.where(condition, x, other),
};

/** Descriptors for the prototype. */
export const elementwise: PropertyDescriptorMap = methods(functions);
