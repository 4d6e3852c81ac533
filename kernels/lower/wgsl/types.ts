/**
 * How element types and constants are spelled in WGSL. bool and uint8 are stored as one u32 an element, because WGSL has no smaller
 * type in memory; in registers bool is bool and uint8 a u32 below 256.
 *
 * @module
 */

import type { DType } from "../../ir/dtype.ts";
import { TensaurError } from "../../errors.ts";

/** Elements that one value holds: a scalar, or the four of a vec4. */
export type Width = 1 | 4;

const scalars: Record<Exclude<DType, "float64">, string> = {
  float32: "f32",
  float16: "f16",
  int32: "i32",
  uint32: "u32",
  uint8: "u32",
  bool: "bool",
};

/** A WGSL type of `width` elements of a WGSL scalar type. */
export function widen(scalar: string, width: Width): string {
  return width === 1 ? scalar : `vec4<${scalar}>`;
}

/** The WGSL type of a value of `dtype`. */
export function valueType(dtype: DType, width: Width = 1): string {
  if (dtype === "float64") throw new TensaurError("Cannot lower float64 to WGSL: move the tensor to the cpu device");
  return widen(scalars[dtype], width);
}

/** The WGSL type of elements of `dtype` in memory. */
export function storageType(dtype: DType, width: Width = 1): string {
  return dtype === "bool" ? widen("u32", width) : valueType(dtype, width);
}

/** The dtype in which sums of `dtype` are kept: half precision would lose them. */
export function accumulatorType(dtype: DType): DType {
  return dtype === "float16" ? "float32" : dtype;
}

/** Bits of an infinity and of NaN. They are private variables, since WGSL refuses them as constants. */
export const specials: readonly string[] = [
  "var<private> INFINITY: u32 = 0x7f800000u;",
  "var<private> NEGATIVE_INFINITY: u32 = 0xff800000u;",
  "var<private> NOT_A_NUMBER: u32 = 0x7fc00000u;",
];

const SMALLEST_NORMAL = 2 ** -126;

/** The WGSL expression of a constant. */
export function literal(dtype: DType, value: number): string {
  switch (dtype) {
    case "bool":
      return value ? "true" : "false";
    case "uint32":
    case "uint8":
      return `${value}u`;
    case "int32":
      if (value === -2147483648) return "bitcast<i32>(0x80000000u)";
      return value < 0 ? `(${value}i)` : `${value}i`;
    case "float16":
      if (!Number.isFinite(value) || Object.is(value, -0)) return `f16(${literal("float32", value)})`;
      return value < 0 ? `(${value}h)` : `${value}h`;
    default:
      return floatLiteral(value);
  }
}

function floatLiteral(value: number): string {
  if (value === Infinity) return "bitcast<f32>(INFINITY)";
  if (value === -Infinity) return "bitcast<f32>(NEGATIVE_INFINITY)";
  if (Number.isNaN(value)) return "bitcast<f32>(NOT_A_NUMBER)";
  if (Object.is(value, -0) || (value !== 0 && Math.abs(value) < SMALLEST_NORMAL)) {
    const bits = new Uint32Array(new Float32Array([value]).buffer)[0]!;
    return `bitcast<f32>(0x${bits.toString(16)}u)`;
  }
  const text = shortest(value);
  return value < 0 ? `(${text}f)` : `${text}f`;
}

/** The fewest digits that give this float32 back. */
function shortest(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(Number(value.toPrecision(9)));
}
