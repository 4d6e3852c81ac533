/**
 * Operations of two and three operands as methods, and in place.
 *
 * @module
 */

import * as F from "../../functional/mod.ts";
import type { AlphaOptions, ClampOptions, DivOptions, ValueOptions } from "../../functional/mod.ts";
import type { Operand } from "../promotion.ts";
import type { Tensor } from "../tensor.ts";
import { type Implementations, type InPlace, inPlace, methods } from "./define.ts";

/** Elementwise operations with other operands, which broadcast. */
export interface BinaryMethods {
  /** x + alpha · other. */
  add(other: Operand, options?: AlphaOptions): Tensor;
  /** x - alpha · other. */
  sub(other: Operand, options?: AlphaOptions): Tensor;
  /** x · other. */
  mul(other: Operand): Tensor;
  /** x / other, or that rounded. */
  div(other: Operand, options?: DivOptions): Tensor;
  /** x / other, of integers too with a fraction. */
  trueDivide(other: Operand): Tensor;
  /** ⌊x / other⌋. */
  floorDivide(other: Operand): Tensor;
  /** The remainder with the sign of the divisor. */
  remainder(other: Operand): Tensor;
  /** The remainder with the sign of x. */
  fmod(other: Operand): Tensor;
  /** x to the power of `exponent`. */
  pow(exponent: Operand): Tensor;
  /** The angle of the point (other, x). */
  atan2(other: Tensor): Tensor;
  /** √(x² + other²). */
  hypot(other: Tensor): Tensor;
  /** |x| with the sign of `other`. */
  copysign(other: Operand): Tensor;
  /** 0 for x < 0, 1 for x > 0, `other` for 0. */
  heaviside(other: Tensor): Tensor;
  /** x · ln other; 0 where x is 0. */
  xlogy(other: Operand): Tensor;
  /** x to the power of `exponent`, in the widest floats of the device. */
  floatPower(exponent: Operand): Tensor;
  /** x · 2^exponent. */
  ldexp(exponent: Tensor): Tensor;
  /** The greatest common divisor of integers. */
  gcd(other: Tensor): Tensor;
  /** The least common multiple of integers. */
  lcm(other: Tensor): Tensor;
  /** The next number after x towards `other`. */
  nextafter(other: Tensor): Tensor;
  /** The share of the gamma distribution of shape x below `other`. */
  igamma(other: Tensor): Tensor;
  /** The share of the gamma distribution of shape x above `other`. */
  igammac(other: Tensor): Tensor;
  /** x == other. */
  eq(other: Operand): Tensor;
  /** x != other. */
  ne(other: Operand): Tensor;
  /** x < other. */
  lt(other: Operand): Tensor;
  /** x <= other. */
  le(other: Operand): Tensor;
  /** x > other. */
  gt(other: Operand): Tensor;
  /** x >= other. */
  ge(other: Operand): Tensor;
  /** x && other. */
  logicalAnd(other: Tensor): Tensor;
  /** x || other. */
  logicalOr(other: Tensor): Tensor;
  /** Whether exactly one of x and other is true. */
  logicalXor(other: Tensor): Tensor;
  /** x & other. */
  bitwiseAnd(other: Operand): Tensor;
  /** x | other. */
  bitwiseOr(other: Operand): Tensor;
  /** x ^ other. */
  bitwiseXor(other: Operand): Tensor;
  /** x << other. */
  bitwiseLeftShift(other: Operand): Tensor;
  /** x >> other. */
  bitwiseRightShift(other: Operand): Tensor;
  /** x + weight · (end - x). */
  lerp(end: Operand, weight: Operand): Tensor;
  /** x + value · a · b. */
  addcmul(a: Tensor, b: Operand, options?: ValueOptions): Tensor;
  /** x + value · a / b. */
  addcdiv(a: Tensor, b: Operand, options?: ValueOptions): Tensor;
  /** x, but at least `min` and at most `max`: `clamp({ min: 0 })`, `clamp(0, 1)`. */
  clamp(min: Operand | ClampOptions | null, max?: Operand | null): Tensor;
  /** x, but at least `min`. */
  clampMin(min: Operand): Tensor;
  /** x, but at most `max`. */
  clampMax(max: Operand): Tensor;
  /** `clamp` by its other name. */
  clip(min: Operand | ClampOptions | null, max?: Operand | null): Tensor;
}

/** `x.add_(y)` changes x to x + y, and so on for each operation; the result must have the shape of x. */
export interface BinaryInPlaceMethods extends InPlace<BinaryMethods> {}

function clamp(x: Tensor, min: Operand | ClampOptions | null, max?: Operand | null): Tensor {
  return F.clamp(x, min as Operand | null, max);
}

const functions: Implementations<BinaryMethods> = {
  add: F.add,
  sub: F.sub,
  mul: F.mul,
  div: F.div,
  trueDivide: F.trueDivide,
  floorDivide: F.floorDivide,
  remainder: F.remainder,
  fmod: F.fmod,
  pow: F.pow,
  atan2: F.atan2,
  hypot: F.hypot,
  copysign: F.copysign,
  heaviside: F.heaviside,
  xlogy: F.xlogy,
  floatPower: F.floatPower,
  ldexp: F.ldexp,
  gcd: F.gcd,
  lcm: F.lcm,
  nextafter: F.nextafter,
  igamma: F.igamma,
  igammac: F.igammac,
  eq: F.eq,
  ne: F.ne,
  lt: F.lt,
  le: F.le,
  gt: F.gt,
  ge: F.ge,
  logicalAnd: F.logicalAnd,
  logicalOr: F.logicalOr,
  logicalXor: F.logicalXor,
  bitwiseAnd: F.bitwiseAnd,
  bitwiseOr: F.bitwiseOr,
  bitwiseXor: F.bitwiseXor,
  bitwiseLeftShift: F.bitwiseLeftShift,
  bitwiseRightShift: F.bitwiseRightShift,
  lerp: F.lerp,
  addcmul: F.addcmul,
  addcdiv: F.addcdiv,
  clamp,
  clampMin: F.clampMin,
  clampMax: F.clampMax,
  clip: clamp,
};

/** Descriptors for the prototype. */
export const binary: PropertyDescriptorMap = { ...methods(functions), ...inPlace(functions) };
