/**
 * Constant folding. Only what every target computes to the same bits is folded; transcendental functions are left to the kernel.
 *
 * @module
 */

import { type DType, isFloat, roundTo } from "./dtype.ts";
import type { BinaryOp, UnaryOp } from "./expr.ts";

/** Rounds half to even, as PyTorch and IEEE 754 do. */
export function roundHalfEven(x: number): number {
  const r = Math.round(x);
  return Math.abs(x % 1) === 0.5 && r % 2 !== 0 ? r - 1 : r;
}

/** `op` of a constant, or undefined where the kernel has to compute it. */
export function foldUnary(op: UnaryOp, x: number, dtype: DType): number | undefined {
  switch (op) {
    case "neg":
      return roundTo(dtype, -x);
    case "abs":
      return roundTo(dtype, Math.abs(x));
    case "floor":
      return Math.floor(x);
    case "ceil":
      return Math.ceil(x);
    case "trunc":
      return Math.trunc(x);
    case "round":
      return roundHalfEven(x);
    case "sqrt":
      return roundTo(dtype, Math.sqrt(x));
    case "not":
      return dtype === "bool" ? 1 - x : roundTo(dtype, ~x);
    default:
      return undefined;
  }
}

/** `a op b` of constants, or undefined where the kernel has to compute it. */
export function foldBinary(op: BinaryOp, a: number, b: number, dtype: DType): number | undefined {
  const float = isFloat(dtype);
  switch (op) {
    case "add":
      return roundTo(dtype, a + b);
    case "sub":
      return roundTo(dtype, a - b);
    case "mul":
      return float ? roundTo(dtype, a * b) : dtype === "bool" ? a & b : roundTo(dtype, Math.imul(a, b));
    case "div":
      return float ? roundTo(dtype, a / b) : b === 0 ? undefined : Math.trunc(a / b);
    case "mod":
      return float || b !== 0 ? a % b : undefined;
    case "max":
      return Number.isNaN(a) || Number.isNaN(b) ? NaN : Math.max(a, b);
    case "min":
      return Number.isNaN(a) || Number.isNaN(b) ? NaN : Math.min(a, b);
    case "eq":
      return a === b ? 1 : 0;
    case "ne":
      return a !== b ? 1 : 0;
    case "lt":
      return a < b ? 1 : 0;
    case "le":
      return a <= b ? 1 : 0;
    case "and":
      return roundTo(dtype, a & b);
    case "or":
      return roundTo(dtype, a | b);
    case "xor":
      return roundTo(dtype, a ^ b);
    case "shl":
      return b >= 32 ? undefined : roundTo(dtype, a << b);
    case "shr":
      return b >= 32 ? undefined : roundTo(dtype, dtype === "int32" ? a >> b : a >>> b);
    default:
      return undefined;
  }
}

const bits = new DataView(new ArrayBuffer(4));

/** The bits of a 32-bit `x` of dtype `from`, read as dtype `to`. */
export function foldBitcast(x: number, from: DType, to: DType): number {
  if (from === "float32") bits.setFloat32(0, x);
  else bits.setInt32(0, x);
  return to === "float32" ? bits.getFloat32(0) : to === "int32" ? bits.getInt32(0) : bits.getUint32(0);
}
