/**
 * Type promotion: which dtype an operation on operands of several dtypes computes in, by PyTorch's rules.
 *
 * Operands fall in three ranks: tensors with axes, 0-d tensors, plain numbers. A lower rank changes the result only by bringing a higher
 * category (bool < integer < float), so a number never widens a float tensor.
 *
 * @module
 */

import {
  bounds,
  DeviceError,
  type DeviceName,
  type DType,
  DTypeError,
  isFloat,
  isInteger,
  scalar,
  ValueError,
} from "../kernels/mod.ts";
import { toDevice, toDtype } from "./conversion.ts";
import { requireOperand } from "./require_tensor.ts";
import { Tensor } from "./tensor.ts";

/** A plain value that takes part in an operation. An integral number counts as an integer, for JavaScript does not tell 1.0 from 1. */
export type Scalar = number | boolean;

/** What an elementwise operation accepts. */
export type Operand = Tensor | Scalar;

let defaultDtype: DType = "float32";

/**
 * The dtype of floats that nothing else determines.
 *
 * @example
 * ```ts
 * import { getDefaultDtype } from "@tensaur/tensaur";
 *
 * console.log(getDefaultDtype()); // float32
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.get_default_dtype.html}
 */
export function getDefaultDtype(): DType {
  return defaultDtype;
}

/**
 * Sets the dtype of floats that nothing else determines: literals with a fraction, `zeros`, `randn`, parameters.
 *
 * @example
 * ```ts
 * import { setDefaultDtype, zeros } from "@tensaur/tensaur";
 *
 * setDefaultDtype("float64");
 * console.log(zeros([1], { device: "cpu" }).dtype); // float64
 * setDefaultDtype("float32");
 * ```
 *
 * @throws {ValueError} for a dtype that is not floating-point
 * @see {@link https://pytorch.org/docs/stable/generated/torch.set_default_dtype.html}
 */
export function setDefaultDtype(dtype: DType): void {
  if (!isFloat(dtype)) {
    throw new ValueError(`Cannot make ${dtype} the default dtype: only float32, float64 and float16 can be`);
  }
  defaultDtype = dtype;
}

const widths: Partial<Record<DType, number>> = {
  bool: 0,
  uint8: 1,
  int32: 2,
  uint32: 2,
  float16: 3,
  float32: 4,
  float64: 5,
};

/**
 * The smallest dtype that both can be converted to: `promoteTypes("uint8", "int32")` is int32.
 *
 * @example
 * ```ts
 * import { promoteTypes } from "@tensaur/tensaur";
 *
 * console.log(promoteTypes("uint8", "int32"), promoteTypes("int32", "float32")); // int32 float32
 * ```
 *
 * @throws {DTypeError} for two dtypes that no other holds
 * @see {@link https://pytorch.org/docs/stable/generated/torch.promote_types.html}
 */
export function promoteTypes(a: DType, b: DType): DType {
  if (a === b) return a;
  if ((a === "uint32" && b === "int32") || (a === "int32" && b === "uint32")) {
    throw new DTypeError("Cannot promote uint32 and int32: no dtype holds the values of both. Convert one with .to()");
  }
  return widths[a]! > widths[b]! ? a : b;
}

/**
 * Whether a result of dtype `from` may be written to a tensor of dtype `to`: not from float to integer, nor from number to bool.
 *
 * @example
 * ```ts
 * import { canCast } from "@tensaur/tensaur";
 *
 * console.log(canCast("int32", "float32"), canCast("float32", "int32")); // true false
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.can_cast.html}
 */
export function canCast(from: DType, to: DType): boolean {
  return category(from) <= category(to);
}

function category(dtype: DType): number {
  return isFloat(dtype) ? 2 : isInteger(dtype) ? 1 : 0;
}

/** The dtype that a plain value has by itself. */
export function scalarType(value: Scalar): DType {
  return typeof value === "boolean" ? "bool" : Number.isInteger(value) ? "int32" : defaultDtype;
}

/**
 * The dtype that an operation on these operands computes in.
 *
 * @example
 * ```ts
 * import { resultType, tensor } from "@tensaur/tensaur";
 *
 * console.log(resultType(tensor([1]), 0.5), resultType(tensor([1]), 2)); // float32 int32
 * ```
 *
 * @see {@link https://pytorch.org/docs/stable/generated/torch.result_type.html}
 */
export function resultType(...operands: Operand[]): DType {
  let dims: DType | undefined, zero: DType | undefined, plain: DType | undefined;
  for (const x of operands) {
    if (!(x instanceof Tensor)) {
      if (typeof x !== "number") requireOperand("resultType", "each operand", x);
      plain = join(plain, scalarType(x));
    } else if (x.ndim > 0) dims = join(dims, x.dtype);
    else zero = join(zero, x.dtype);
  }
  return combine(dims, combine(zero, plain)) ?? defaultDtype;
}

function join(a: DType | undefined, b: DType): DType {
  return a === undefined ? b : promoteTypes(a, b);
}

/** `lower` counts only where it is of a higher category. */
function combine(higher: DType | undefined, lower: DType | undefined): DType | undefined {
  if (higher === undefined) return lower;
  return lower !== undefined && category(lower) > category(higher) ? lower : higher;
}

/** `dtype`, or the default float dtype where that is none: what operations such as `div`, `exp` and `mean` compute in. */
export function floatType(dtype: DType): DType {
  return isFloat(dtype) ? dtype : defaultDtype;
}

/** Checks that a tensor of `dtype` can hold a plain value; fractions are cut off on purpose elsewhere, overflow never is. */
export function checkFits(value: number, dtype: DType): void {
  if (isFloat(dtype) || dtype === "bool") return;
  if (!Number.isFinite(value)) throw new ValueError(`Cannot convert ${value} to ${dtype}`);
  const { lowest, highest } = bounds(dtype);
  // As in PyTorch, a negative number wraps around in an unsigned type: x.sub(1) is x.add(-1).
  if (Math.trunc(value) < Math.min(lowest, -highest) || Math.trunc(value) > highest) {
    throw new DTypeError(`Cannot convert ${value} to ${dtype} without overflow: it holds ${lowest} to ${highest}`);
  }
}

/** A plain value as a 0-d tensor. The number is data: another value means no other kernel. */
export function scalarOperand(value: Scalar, dtype: DType, device: DeviceName): Tensor {
  const number = Number(value);
  checkFits(number, dtype);
  return new Tensor(scalar(number, dtype, device));
}

/** Operands that agree, and the dtype they agree on. */
export interface Promoted {
  /** One for each operand. */
  readonly tensors: Tensor[];
  /** Of all of them. */
  readonly dtype: DType;
}

/** Operand `i` of `count`, in the words of errors. */
export function placeOf(i: number, count: number): string {
  return count === 1 ? "its operand" : `its ${["first", "second", "third"][i] ?? "last"} operand`;
}

/**
 * The operands as tensors of one dtype on one device. `computes: "float"` takes integers and bools to the default float dtype. 0-d
 * tensors on the CPU follow the others; any other mixture of devices is an error.
 */
export function promote(operation: string, operands: readonly Operand[], computes?: "float"): Promoted {
  for (let i = 0; i < operands.length; i++) {
    const x: unknown = operands[i];
    if (!(x instanceof Tensor) && typeof x !== "number") requireOperand(operation, placeOf(i, operands.length), x);
  }
  const common = resultType(...operands);
  const dtype = computes === "float" ? floatType(common) : common;
  const device = commonDevice(operation, operands);
  const tensors = operands.map((x) =>
    x instanceof Tensor ? toDevice(toDtype(x, dtype), device) : scalarOperand(x, dtype, device)
  );
  return { tensors, dtype };
}

/** The device that an operation on these operands runs on. */
export function commonDevice(operation: string, operands: readonly Operand[]): DeviceName {
  let chosen: Tensor | undefined;
  for (const x of operands) {
    if (!(x instanceof Tensor)) continue;
    if (chosen === undefined || (follows(chosen) && !follows(x))) chosen = x;
    else if (x.device !== chosen.device && !follows(x)) {
      throw new DeviceError(
        `Cannot ${operation} tensors on two devices, ${chosen.device} and ${x.device}: move one with .to("${chosen.device}")`,
      );
    }
  }
  if (chosen === undefined) throw new ValueError(`Cannot ${operation} plain numbers: one operand must be a tensor`);
  return chosen.device;
}

/** Whether a tensor moves by itself to where the other operands are. */
function follows(x: Tensor): boolean {
  return x.ndim === 0 && x.device === "cpu";
}
