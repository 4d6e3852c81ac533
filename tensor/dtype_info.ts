/**
 * The limits of element types.
 *
 * @module
 */

import { type DType, DTypeError, isFloat } from "../kernels/mod.ts";
import { getDefaultDtype } from "./promotion.ts";
import { pythonExponential, pythonFixed } from "./python_format.ts";

/** The limits of a floating-point type. */
export interface FloatInfo {
  /** The type. */
  readonly dtype: DType;
  /** How many bits it takes. */
  readonly bits: number;
  /** The gap between 1 and the next number. */
  readonly eps: number;
  /** The largest number. */
  readonly max: number;
  /** The least number, -max. */
  readonly min: number;
  /** The least positive number of full precision. */
  readonly smallestNormal: number;
  /** The same, under its older name. */
  readonly tiny: number;
  /** The precision in decimal digits, as a number: 1e-6 for six digits. */
  readonly resolution: number;
  /** PyTorch's words. */
  toString(): string;
}

/** The limits of an integer type. */
export interface IntegerInfo {
  /** The type. */
  readonly dtype: DType;
  /** How many bits it takes. */
  readonly bits: number;
  /** The largest number. */
  readonly max: number;
  /** The least number. */
  readonly min: number;
  /** PyTorch's words. */
  toString(): string;
}

/** Bits in all and of the fraction, the largest exponent, and decimal digits. */
const floats: Partial<Record<DType, readonly [bits: number, fraction: number, exponent: number, digits: number]>> = {
  float16: [16, 10, 15, 3],
  float32: [32, 23, 127, 6],
  float64: [64, 52, 1023, 15],
};

/**
 * The limits of a floating-point type, of the default one where none is named.
 *
 * @example
 * ```ts
 * import { finfo } from "@tensaur/tensaur";
 *
 * console.log(finfo("float32").eps, finfo("float16").max); // 1.1920928955078125e-7 65504
 * console.log(`${finfo("float32")}`.slice(0, 41)); // finfo(resolution=1e-06, min=-3.40282e+38,
 * ```
 *
 * @throws {DTypeError} for another type
 * @see {@link https://pytorch.org/docs/stable/type_info.html#torch.finfo}
 */
export function finfo(dtype: DType = getDefaultDtype()): FloatInfo {
  const found = floats[dtype];
  if (found === undefined) throw new DTypeError(`Cannot tell the finfo of ${dtype}: use iinfo("${dtype}")`);
  const [bits, fraction, exponent, digits] = found, eps = 2 ** -fraction;
  const max = (2 - eps) * 2 ** exponent, smallestNormal = 2 ** (1 - exponent);
  const limits = { resolution: Number(`1e-${digits}`), min: -max, max, eps, smallestNormal, tiny: smallestNormal };
  const text = `finfo(resolution=${short(limits.resolution)}, min=${short(-max)}, max=${short(max)}, eps=${
    short(eps)
  }, smallest_normal=${short(smallestNormal)}, tiny=${short(smallestNormal)}, dtype=${dtype})`;
  return withText({ dtype, bits, ...limits }, text);
}

const integers: Partial<Record<DType, readonly [bits: number, min: number, max: number]>> = {
  uint8: [8, 0, 255],
  int32: [32, -(2 ** 31), 2 ** 31 - 1],
  uint32: [32, 0, 2 ** 32 - 1],
};

/**
 * The limits of an integer type.
 *
 * @example
 * ```ts
 * import { iinfo } from "@tensaur/tensaur";
 *
 * console.log(iinfo("int32").max, `${iinfo("uint8")}`); // 2147483647 iinfo(min=0, max=255, dtype=uint8)
 * ```
 *
 * @throws {DTypeError} for another type
 * @see {@link https://pytorch.org/docs/stable/type_info.html#torch.iinfo}
 */
export function iinfo(dtype: DType): IntegerInfo {
  const found = integers[dtype];
  if (found === undefined) {
    throw new DTypeError(
      `Cannot tell the iinfo of ${dtype}: ${isFloat(dtype) ? `use finfo("${dtype}")` : "it is no number"}`,
    );
  }
  const [bits, min, max] = found;
  return withText({ dtype, bits, max, min }, `iinfo(min=${min}, max=${max}, dtype=${dtype})`);
}

/** `"{:g}".format(value)` */
function short(value: number): string {
  const [digits, power] = pythonExponential(value, 5).split("e") as [string, string];
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 6) return `${digits.replace(/\.?0+$/, "")}e${power}`;
  return pythonFixed(value, 5 - exponent).replace(/\.?0+$/, "");
}

/** `info`, which prints as `text` in a template. */
function withText<T extends object>(info: T, text: string): T {
  return Object.freeze(Object.defineProperty(info, "toString", { value: () => text }));
}
