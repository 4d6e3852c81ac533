/**
 * Operators that compute each element on its own.
 *
 * @module
 */

import * as F from "../../../../functional/mod.ts";
import { DTypeError, isFloat, type Operand, type Tensor } from "../../../../tensor/mod.ts";
import type { Operator, OperatorCall, Operators } from "../call.ts";

/** An operator of one tensor. */
export const unary = (compute: (x: Tensor, call: OperatorCall) => Tensor): Operator => (call) =>
  compute(call.tensor(0), call);

/** An operator of two tensors that broadcast, of which one may be a number. */
const binary =
  (compute: (a: Tensor, b: Operand) => Tensor, swapped?: (a: Tensor, b: Operand) => Tensor): Operator => (call) => {
    const a = call.operand(0), b = call.operand(1);
    if (typeof a !== "number") return compute(a, b);
    return swapped !== undefined && typeof b !== "number" ? swapped(b, a) : compute(call.tensor(0), b);
  };

/** An operator of any number of tensors. */
const folded = (combine: (a: Tensor, b: Tensor) => Tensor): Operator => (call) => call.tensors().reduce(combine);

/** Integers are divided as in C: what is left over is cut off. */
function divide(call: OperatorCall): Tensor {
  const a = call.operand(0), b = call.operand(1);
  const like = typeof a === "number" ? b as Tensor : a;
  return F.div(a, b, { roundingMode: isFloat(like.dtype) ? null : "trunc" });
}

/** The result has the base's dtype, whatever the exponent's. */
function power(call: OperatorCall): Tensor {
  const base = call.tensor(0), exponent = call.operand(1), result = F.pow(base, exponent);
  if (isFloat(base.dtype) || typeof exponent === "number" || !isFloat(exponent.dtype)) return result.to(base.dtype);
  // A device's power may come out just below the whole number that it is.
  return F.where(exponent.eq(exponent.floor()), result.round(), result).to(base.dtype);
}

/** Bounds are attributes before version 11. */
function clip(call: OperatorCall): Tensor {
  const x = call.tensor(0);
  const bound = (name: string, position: number) =>
    call.has(position) ? call.operand(position) : call.attribute(name) && call.float(name);
  const min = bound("min", 1) ?? null, max = bound("max", 2) ?? null;
  return min === null && max === null ? x : F.clamp(x, min, max);
}

function shift(call: OperatorCall): Tensor {
  const left = call.text("direction") === "LEFT";
  return (left ? F.bitwiseLeftShift : F.bitwiseRightShift)(call.tensor(0), call.tensor(1));
}

function isInfinite(x: Tensor, call: OperatorCall): Tensor {
  const negative = call.int("detect_negative", 1) === 1, positive = call.int("detect_positive", 1) === 1;
  if (negative && positive) return F.isinf(x);
  if (!negative && !positive) return F.ne(x, x).logicalAnd(F.eq(x, x));
  return negative ? F.isneginf(x) : F.isposinf(x);
}

/** x · max(0, min(1, α x + β)), or without the first factor. */
function hardSigmoid(x: Tensor, alpha: number, beta: number): Tensor {
  return x.mul(alpha).add(beta).clamp(0, 1);
}

function where(call: OperatorCall): Tensor {
  const condition = call.tensor(0);
  if (condition.dtype !== "bool") throw new DTypeError(`its condition is ${condition.dtype}, not bool`);
  return F.where(condition, call.tensor(1), call.tensor(2));
}

function shrink(x: Tensor, call: OperatorCall): Tensor {
  const bias = call.float("bias", 0), lambda = call.float("lambd", 0.5);
  return F.where(x.lt(-lambda), x.add(bias), F.where(x.gt(lambda), x.sub(bias), x.mul(0)));
}

function gelu(x: Tensor, call: OperatorCall): Tensor {
  return F.gelu(x, { approximate: call.text("approximate", "none") as "none" | "tanh" });
}

function clampedElu(x: Tensor, call: OperatorCall): Tensor {
  const alpha = call.float("alpha", 1.6732631921768188), gamma = call.float("gamma", 1.0507010221481323);
  return F.elu(x, alpha).mul(gamma);
}

const one = (compute: (x: Tensor) => Tensor): Operator => unary((x) => compute(x));

/** Operators of ai.onnx by name. */
export const elementwise: Operators = {
  Abs: one(F.abs),
  Acos: one(F.acos),
  Acosh: one(F.acosh),
  Add: binary(F.add, F.add),
  And: binary((a, b) => F.logicalAnd(a, b as Tensor)),
  Asin: one(F.asin),
  Asinh: one(F.asinh),
  Atan: one(F.atan),
  Atanh: one(F.atanh),
  BitShift: shift,
  BitwiseAnd: binary(F.bitwiseAnd, F.bitwiseAnd),
  BitwiseNot: one(F.bitwiseNot),
  BitwiseOr: binary(F.bitwiseOr, F.bitwiseOr),
  BitwiseXor: binary(F.bitwiseXor, F.bitwiseXor),
  Ceil: one(F.ceil),
  Celu: unary((x, call) => F.celu(x, call.float("alpha", 1))),
  Clip: clip,
  Cos: one(F.cos),
  Cosh: one(F.cosh),
  Div: divide,
  Elu: unary((x, call) => F.elu(x, call.float("alpha", 1))),
  Equal: binary(F.eq, F.eq),
  Erf: one(F.erf),
  Exp: one(F.exp),
  Floor: one(F.floor),
  Gelu: unary(gelu),
  Greater: binary(F.gt, F.lt),
  GreaterOrEqual: binary(F.ge, F.le),
  HardSigmoid: unary((x, call) => hardSigmoid(x, call.float("alpha", 0.2), call.float("beta", 0.5))),
  HardSwish: unary((x) => x.mul(hardSigmoid(x, 1 / 6, 0.5))),
  Identity: (call) => call.value(0),
  IsInf: unary(isInfinite),
  IsNaN: one(F.isnan),
  LeakyRelu: unary((x, call) => F.leakyRelu(x, call.float("alpha", 0.01))),
  Less: binary(F.lt, F.gt),
  LessOrEqual: binary(F.le, F.ge),
  Log: one(F.log),
  Max: folded((a, b) => F.maximum(a, b)),
  Mean: (call) => call.tensors().reduce((a, b) => F.add(a, b)).div(call.inputs.length),
  Min: folded((a, b) => F.minimum(a, b)),
  Mish: one(F.mish),
  Mod: (call) => (call.int("fmod", 0) === 1 ? F.fmod : F.remainder)(call.tensor(0), call.tensor(1)),
  Mul: binary(F.mul, F.mul),
  Neg: one(F.neg),
  Not: one(F.logicalNot),
  Or: binary((a, b) => F.logicalOr(a, b as Tensor)),
  Pow: power,
  PRelu: (call) => F.where(call.tensor(0).lt(0), call.tensor(0).mul(call.tensor(1)), call.tensor(0)),
  Reciprocal: one(F.reciprocal),
  Relu: one(F.relu),
  Round: one(F.round),
  Selu: unary(clampedElu),
  Shrink: unary(shrink),
  Sigmoid: one(F.sigmoid),
  // PyTorch's sign of NaN is 0.
  Sign: one((x) => isFloat(x.dtype) ? F.where(F.isnan(x), x, F.sign(x)) : F.sign(x)),
  Sin: one(F.sin),
  Sinh: one(F.sinh),
  Softplus: unary((x) => F.softplus(x)),
  Softsign: one(F.softsign),
  Sqrt: one(F.sqrt),
  Sub: binary(F.sub, (b, a) => F.sub(a as unknown as Tensor, b)),
  Sum: folded((a, b) => F.add(a, b)),
  Swish: unary((x, call) => x.mul(F.sigmoid(x.mul(call.float("alpha", 1))))),
  Tan: one(F.tan),
  Tanh: one(F.tanh),
  ThresholdedRelu: unary((x, call) => F.where(x.gt(call.float("alpha", 1)), x, 0)),
  Where: where,
  Xor: binary((a, b) => F.logicalXor(a, b as Tensor)),
};

/** Operators of com.microsoft by name. */
export const microsoftElementwise: Operators = {
  BiasGelu: (call) => F.gelu(call.tensor(0).add(call.tensor(1))),
  FastGelu: (call) =>
    F.gelu(call.has(1) ? call.tensor(0).add(call.tensor(1)) : call.tensor(0), { approximate: "tanh" }),
  Gelu: unary((x) => F.gelu(x)),
  QuickGelu: unary((x, call) => x.mul(F.sigmoid(x.mul(call.float("alpha", 1.702))))),
};
