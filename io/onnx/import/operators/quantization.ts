/**
 * Integers that stand for fractions: (q - zero point) · scale.
 *
 * @module
 */

import * as F from "../../../../functional/mod.ts";
import { isFloat, type Tensor } from "../../../../tensor/mod.ts";
import { TensorType } from "../../model.ts";
import { dtypeOf } from "../tensors.ts";
import { convolved } from "./convolution.ts";
import type { OperatorCall, Operators, Result } from "../call.ts";

/** One number, or a list of them along an axis of a tensor. */
function along(list: Tensor, rank: number, axis: number): Tensor {
  if (list.numel() === 1) return list.reshape([]);
  return list.reshape(Array.from({ length: rank }, (_, i) => i === (axis < 0 ? axis + rank : axis) ? -1 : 1));
}

/** A scale or zero point for each element of `x`: of all, of each slice along an axis, or of each block along it. */
function stretched(call: OperatorCall, factor: Tensor, x: Tensor): Tensor {
  if (factor.numel() === 1) return factor.reshape([]);
  const axis = call.axis(call.int("axis", 1), x.ndim), block = call.int("block_size", 0);
  if (block > 0) return factor.repeatInterleave(block, axis).narrow(axis, 0, x.shape[axis]!);
  return along(factor, x.ndim, axis);
}

function dequantize(call: OperatorCall): Tensor {
  const x = call.tensor(0), scale = stretched(call, call.tensor(1), x), zero = call.maybe(2);
  // A difference of bytes may be negative; float8 numbers are floats here.
  const whole = isFloat(x.dtype) ? x : x.to("int32");
  const shifted = zero === undefined ? whole : whole.sub(stretched(call, zero, x).to(whole.dtype));
  return shifted.to(scale.dtype).mul(scale);
}

const ranges: Readonly<Record<number, readonly [lowest: number, highest: number]>> = {
  [TensorType.UINT8]: [0, 255],
  [TensorType.INT8]: [-128, 127],
  [TensorType.UINT16]: [0, 65535],
  [TensorType.INT16]: [-32768, 32767],
  [TensorType.UINT4]: [0, 15],
  [TensorType.INT4]: [-8, 7],
};

/** Floats in the integers of a type, the nearest, and those that are beyond at its ends. */
function saturated(call: OperatorCall, x: Tensor, type: number | undefined): Tensor {
  const range = ranges[type ?? 0] ?? call.fail("does not tell a type of integers that is supported");
  return x.clamp(...range).to(dtypeOf(type!, call.run.device));
}

/** The type of the integers is the zero point's, or told, or uint8. */
function quantize(call: OperatorCall): Tensor {
  const x = call.tensor(0), scale = stretched(call, call.tensor(1), x), zero = call.maybe(2);
  const told = call.int("output_dtype", 0) || (zero === undefined ? TensorType.UINT8 : call.typeOf(2));
  const whole = F.round(x.div(scale));
  return saturated(call, zero === undefined ? whole : whole.add(stretched(call, zero, x).to(x.dtype)), told);
}

/** Integers without their zero point, of which there is one, or one for each slice along an axis. */
function centered(x: Tensor, zero: Tensor | undefined, axis: number): Tensor {
  return zero === undefined ? x.to("int32") : x.to("int32").sub(along(zero, x.ndim, axis).to("int32"));
}

/** The product of int8 or uint8 matrices without their zero points, in int32. */
function matMulInteger(call: OperatorCall): Tensor {
  return F.matmul(centered(call.tensor(0), call.maybe(2), -2), centered(call.tensor(1), call.maybe(3), -1));
}

/** A convolution of int8 or uint8 without their zero points, in int32. */
function convInteger(call: OperatorCall): Tensor {
  return convolved(call, centered(call.tensor(0), call.maybe(2), 1), centered(call.tensor(1), call.maybe(3), 0), null);
}

/** Sums of products in int32, as integers of another scale; the inputs from `at` on are the result's scale and zero point. */
function rescaled(call: OperatorCall, sums: Tensor, scale: Tensor, at: number): Tensor {
  const whole = F.round(sums.to(scale.dtype).mul(scale.div(call.tensor(at))));
  return saturated(call, whole.add(call.tensor(at + 1).to(whole.dtype)), call.typeOf(at + 1));
}

/** A product of matrices of integers, each with a scale and a zero point. */
function quantizedMatMul(call: OperatorCall): Tensor {
  const [a, b] = [call.tensor(0), call.tensor(3)];
  const sums = F.matmul(centered(a, call.tensor(2), -2), centered(b, call.tensor(5), -1));
  return rescaled(call, sums, along(call.tensor(1), a.ndim, -2).mul(along(call.tensor(4), b.ndim, -1)), 6);
}

/** A convolution of integers, each with a scale and a zero point. */
function quantizedConv(call: OperatorCall): Tensor {
  const [x, weight] = [call.tensor(0), call.tensor(3)];
  const sums = convolved(
    call,
    centered(x, call.tensor(2), 1),
    centered(weight, call.tensor(5), 0),
    call.maybe(8) ?? null,
  );
  return rescaled(call, sums, call.tensor(1).reshape([]).mul(along(call.tensor(4), x.ndim, 1)), 6);
}

/** Bytes for floats by the range that these have, which includes 0. */
function dynamicQuantize(call: OperatorCall): Result {
  const x = call.tensor(0), high = F.amax(x).clamp(0), low = F.clamp(F.amin(x), null, 0);
  const scale = high.sub(low).div(255), zero = F.round(low.neg().div(scale)).clamp(0, 255);
  return [F.round(x.div(scale)).add(zero).clamp(0, 255).to("uint8"), scale, zero.to("uint8")];
}

/** Operators of ai.onnx by name. */
export const quantization: Operators = {
  ConvInteger: convInteger,
  DequantizeLinear: dequantize,
  DynamicQuantizeLinear: dynamicQuantize,
  MatMulInteger: matMulInteger,
  QLinearConv: quantizedConv,
  QLinearMatMul: quantizedMatMul,
  QuantizeLinear: quantize,
};
