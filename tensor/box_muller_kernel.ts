/**
 * The normal numbers of `box_muller.ts` for large tensors: the same operations, written as a formula that the CPU device computes in
 * vectors, on all cores. Needs products that are rounded only with their sum.
 *
 * @module
 */

import { type Expr, expr, fromHost, iota, map, type Node, read, reshape, scalar, slice } from "../kernels/mod.ts";
import { COSINE, FOUR_OVER_PI, LN2, LOGARITHM, PI_QUARTER, SINE, SQRT_HALF, TWO_PI } from "./box_muller.ts";

const { binary, bitcast, cast, fusible, unary, where } = expr;

const f32 = (value: number): Expr => expr.constant(value, "float32");
const i32 = (value: number): Expr => expr.constant(value, "int32");
const add = (a: Expr, b: Expr): Expr => binary("add", a, b);
const sub = (a: Expr, b: Expr): Expr => binary("sub", a, b);
const mul = (a: Expr, b: Expr): Expr => binary("mul", a, b);
const and = (a: Expr, b: number): Expr => binary("and", a, i32(b));
/** a * b + c, rounded once. */
const fma = (a: Expr, b: Expr, c: Expr): Expr => add(fusible(a, b), c);

/** The first coefficient times x plus the second, times x plus the third, and so on. */
function horner(coefficients: readonly number[], x: Expr): Expr {
  const [first, ...rest] = coefficients.map(f32) as [Expr, ...Expr[]];
  return rest.reduce((sum, c) => fma(sum, x, c), first);
}

/** Natural logarithm of a number in [2^-24, 1]. */
function log(value: Expr): Expr {
  const bits = bitcast("int32", value);
  const mantissa = bitcast("float32", binary("or", and(bits, 0x7fffff), i32(0x3f000000)));
  const small = binary("lt", mantissa, f32(SQRT_HALF)), less = sub(mantissa, f32(1));
  const exponent = cast("float32", sub(sub(binary("shr", bits, i32(23)), i32(126)), where(small, i32(1), i32(0))));
  const x = where(small, add(less, mantissa), less), square = mul(x, x);
  let y = mul(x, horner(LOGARITHM, x));
  y = fma(y, square, mul(exponent, f32(LN2[1])));
  y = sub(y, mul(f32(0.5), square));
  return fma(exponent, f32(LN2[0]), add(x, y));
}

/** A uniform number in [0, 1) from 32 random bits. */
const uniform = (bits: Expr): Expr => mul(cast("float32", and(bits, 0xffffff)), f32(2 ** -24));

/** The number at place `half` (0 or 1) of a pair from the bits of its radius and its angle. */
function normal(radiusBits: Expr, angleBits: Expr, half: Expr, mean: Expr, std: Expr): Expr {
  const radius = unary("sqrt", mul(f32(-2), log(sub(f32(1), uniform(radiusBits)))));
  const theta = mul(f32(TWO_PI), uniform(angleBits));
  const octant = and(add(cast("int32", mul(theta, f32(FOUR_OVER_PI))), i32(1)), -2);
  const x = PI_QUARTER.reduce((rest, part) => fma(cast("float32", octant), f32(part), rest), theta);
  const square = mul(x, x);
  const c = mul(square, horner(COSINE, square));
  const cosine = add(fma(c, square, mul(f32(-0.5), square)), f32(1));
  const sine = fma(x, mul(square, horner(SINE, square)), x);
  const second = binary("ne", half, i32(0)), swapped = binary("ne", and(octant, 2), i32(0));
  const value = mul(radius, where(binary("xor", swapped, second), sine, cosine));
  const sign = and(where(second, octant, add(octant, i32(2))), 4);
  const signed = bitcast("float32", binary("xor", bitcast("int32", value), binary("shl", sign, i32(29))));
  return fma(signed, std, mean);
}

let formula: Expr | undefined;

/** The normal numbers of blocks of 16 words of random bits; to the bit where `hasFusedMultiplyAdd`. */
export function normalBlocks(bits: Uint32Array<ArrayBuffer>, mean: number, std: number): Float32Array<ArrayBuffer> {
  const device = "cpu", blocks = bits.length / 16;
  formula ??= normal(
    expr.arg(0, "int32"),
    expr.arg(1, "int32"),
    expr.arg(2, "int32"),
    expr.arg(3, "float32"),
    expr.arg(4, "float32"),
  );
  const words = fromHost(new Int32Array(bits.buffer, bits.byteOffset, bits.length), [blocks, 2, 8], "int32", device);
  const from = (start: number, size: number) => ({ start, size, step: 1 });
  const [radii, angles] = [0, 1].map((i) => slice(words, [from(0, blocks), from(i, 1), from(0, 8)])) as [Node, Node];
  const half = reshape(iota(2, device), [1, 2, 1]);
  const node = map(formula, [radii, angles, half, scalar(mean, "float32", device), scalar(std, "float32", device)]);
  return read(node) as Float32Array<ArrayBuffer>;
}
