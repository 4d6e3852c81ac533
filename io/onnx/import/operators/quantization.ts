/**
 * Integers that stand for fractions: (q - zero point) · scale.
 *
 * @module
 */

import * as F from "../../../../functional/mod.ts";
import { isFloat, type Tensor } from "../../../../tensor/mod.ts";
import { TensorType } from "../../model.ts";
import { dtypeOf } from "../tensors.ts";
import type { OperatorCall, Operators, Result } from "../call.ts";

/** A scale or zero point for each element of `x`: of all, of each slice along an axis, or of each block along it. */
function stretched(call: OperatorCall, factor: Tensor, x: Tensor): Tensor {
  if (factor.numel() === 1) return factor.reshape([]);
  const axis = call.axis(call.int("axis", 1), x.ndim), block = call.int("block_size", 0);
  if (block > 0) return factor.repeatInterleave(block, axis).narrow(axis, 0, x.shape[axis]!);
  return factor.reshape(x.shape.map((_, i) => i === axis ? -1 : 1));
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

/** The type of the integers is the zero point's, or told, or uint8. */
function quantize(call: OperatorCall): Tensor {
  const x = call.tensor(0), scale = stretched(call, call.tensor(1), x), zero = call.maybe(2);
  const told = call.int("output_dtype", 0) || (zero === undefined ? TensorType.UINT8 : call.typeOf(2));
  const range = ranges[told ?? 0] ?? call.fail("does not tell a type of integers that is supported");
  const whole = F.round(x.div(scale)), dtype = dtypeOf(told!, call.run.device);
  return (zero === undefined ? whole : whole.add(stretched(call, zero, x).to(x.dtype))).clamp(...range).to(dtype);
}

/** The product of int8 or uint8 matrices without their zero points, in int32. */
function matMulInteger(call: OperatorCall): Tensor {
  const side = (position: number, zero: Tensor | undefined, axis: number) => {
    const x = call.tensor(position).to("int32");
    if (zero === undefined) return x;
    return x.sub((zero.numel() === 1 ? zero.reshape([]) : zero.unsqueeze(axis)).to("int32"));
  };
  return F.matmul(side(0, call.maybe(2), -1), side(1, call.maybe(3), 0));
}

/** Bytes for floats by the range that these have, which includes 0. */
function dynamicQuantize(call: OperatorCall): Result {
  const x = call.tensor(0), high = F.amax(x).clamp(0), low = F.clamp(F.amin(x), null, 0);
  const scale = high.sub(low).div(255), zero = F.round(low.neg().div(scale)).clamp(0, 255);
  return [F.round(x.div(scale)).add(zero).clamp(0, 255).to("uint8"), scale, zero.to("uint8")];
}

/** Operators of ai.onnx by name. */
export const quantization: Operators = {
  DequantizeLinear: dequantize,
  DynamicQuantizeLinear: dynamicQuantize,
  MatMulInteger: matMulInteger,
  QuantizeLinear: quantize,
};
