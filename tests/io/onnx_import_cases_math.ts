/**
 * Models of one operator that computes elements, reduces or multiplies.
 *
 * @module
 */

import { type Case, floats, ints, of, op, some } from "./onnx_import_models.ts";

const x = some([2, 3]),
  positive = floats([0.5, 1, 2, 3.5, 0.1, 7], [2, 3]),
  small = floats([-0.9, -0.5, 0, 0.25, 0.5, 0.9], [2, 3]);
const edges = floats([-2.5, -1.5, -0.5, 0, 0.5, 1.5, 2.5, NaN, Infinity, -Infinity]);
const truth = of("BOOL", [1, 0, 1, 0, 1, 1], [2, 3]), other = of("BOOL", [1, 1, 0, 0, 0, 1], [2, 3]);
const whole = of("INT32", [7, -7, 5, -5, 2, 9], [2, 3]), divisors = of("INT32", [2, 2, -3, 3, 5, -4], [2, 3]);

function named(names: string, make: (operator: string) => Case): Record<string, Case> {
  return Object.fromEntries(names.split(" ").map((name) => [name, make(name)]));
}

/** Elementwise operators. */
export const elementwise: Readonly<Record<string, Case>> = {
  ...named(
    "Abs Neg Exp Floor Ceil Round Sign Erf Sin Cos Tan Atan Sinh Cosh Asinh Relu Sigmoid Tanh Softplus Softsign",
    (name) => op(name, [x]),
  ),
  ...named("Log Sqrt Reciprocal Acosh", (name) => op(name, [name === "Acosh" ? floats([1, 1.5, 3]) : positive])),
  ...named("Asin Acos Atanh", (name) => op(name, [small])),
  ...named("Round Floor Relu Sign Softplus", (name) => op(name, [edges])),
  ...named("IsNaN", (name) => op(name, [edges], {}, { outputs: ["BOOL"] })),
  "IsInf": op("IsInf", [edges], {}, { outputs: ["BOOL"] }),
  "IsInf of one sign": op("IsInf", [edges], { detect_positive: 0 }, { outputs: ["BOOL"] }),
  ...named("Elu Celu LeakyRelu ThresholdedRelu", (name) => op(name, [x], { alpha: 0.3 })),
  ...named("Elu Celu LeakyRelu Selu HardSigmoid", (name) => op(name, [x])),
  "Selu with options": op("Selu", [x], { alpha: 1.5, gamma: { float: 2 } }),
  "HardSigmoid with options": op("HardSigmoid", [x], { alpha: 0.4, beta: 0.3 }),
  ...named("HardSwish", (name) => op(name, [some([7])], {}, { opset: 14 })),
  "Mish": op("Mish", [x], {}, { opset: 18 }),
  "Shrink": op("Shrink", [x], { lambd: 0.4, bias: 0.1 }),
  "Gelu": op("Gelu", [x], {}, { opset: 20 }),
  "Gelu by tanh": op("Gelu", [x], { approximate: "tanh" }, { opset: 20 }),
  "PRelu": op("PRelu", [x, some([3], 2)]),
  "Clip": op("Clip", [edges, floats([-1], []), floats([1.25], [])], {}, { held: [1, 2] }),
  "Clip from below": op("Clip", [x, floats([0], [])]),
  "Clip from above": op("Clip", [x, null, floats([0.25], [])]),
  "Clip of version 6": op("Clip", [x], { min: -0.5, max: 0.25 }, { opset: 10 }),
  "Clip of version 6 to the largest": op("Clip", [x], { min: { float: 0 }, max: { float: 3.4028234663852886e38 } }, {
    opset: 7,
  }),
  "Identity": op("Identity", [x]),
  ...named("Add Sub Mul Div", (name) => op(name, [x, some([2, 1], 3)])),
  ...named("Add Sub Mul", (name) => op(name, [whole, divisors], {}, { outputs: ["INT32"] })),
  ...named("Div Mod", (name) => op(name, [whole, divisors], {}, { outputs: ["INT32"] })),
  "Sub with a number first": op("Sub", [floats([1], []), x], {}, { held: [0] }),
  "Div with a number first": op("Div", [floats([1], [1]), positive], {}, { held: [0] }),
  "Mod of C": op("Mod", [whole, divisors], { fmod: 1 }, { outputs: ["INT32"] }),
  "Mod of floats": op("Mod", [x, floats([0.3], [])], { fmod: 1 }),
  "Pow": op("Pow", [positive, some([3], 4)]),
  "Pow with a whole exponent": op("Pow", [x, ints([2], [])], {}, { held: [1] }),
  "Pow of integers": op("Pow", [whole, floats([2], [])], {}, { outputs: ["INT32"] }),
  ...named(
    "Equal Greater GreaterOrEqual Less LessOrEqual",
    (name) => op(name, [whole, of("INT32", [7, 2, 5], [3])], {}, { outputs: ["BOOL"] }),
  ),
  "Less than a number": op("Less", [floats([0], []), x], {}, { held: [0], outputs: ["BOOL"] }),
  ...named("And Or Xor", (name) => op(name, [truth, other], {}, { outputs: ["BOOL"] })),
  "Equal of truth": op("Equal", [truth, other], {}, { outputs: ["BOOL"] }),
  "Not": op("Not", [truth], {}, { outputs: ["BOOL"] }),
  "Where": op("Where", [truth, x, some([3], 9)]),
  "Where with numbers": op("Where", [truth, floats([-1], []), floats([2], [1])], {}, { held: [1, 2] }),
  ...named("Min Max Sum Mean", (name) => op(name, [x, some([3], 5), some([2, 1], 6)])),
  "BitShift": op("BitShift", [of("UINT8", [1, 4, 16]), of("UINT8", [1, 2, 3])], { direction: "RIGHT" }, {
    outputs: ["UINT8"],
  }),
  ...named(
    "BitwiseAnd BitwiseOr BitwiseXor",
    (name) => op(name, [whole, divisors], {}, { opset: 18, outputs: ["INT32"] }),
  ),
  "BitwiseNot": op("BitwiseNot", [whole], {}, { opset: 18, outputs: ["INT32"] }),
  "Cast to integers": op("Cast", [floats([1.9, -1.9, 0])], { to: 7 }, { outputs: ["INT64"] }),
  "Cast to truth": op("Cast", [floats([1.9, 0, -2])], { to: 9 }, { outputs: ["BOOL"] }),
  "Cast of truth": op("Cast", [truth], { to: 1 }),
  "CastLike": op("CastLike", [x, whole], {}, { outputs: ["INT32"] }),
  ...named("ms.Gelu ms.QuickGelu ms.FastGelu", (name) => op(name, [x])),
  ...named("ms.BiasGelu ms.FastGelu", (name) => op(name, [x, some([3], 8)])),
};

const cube = some([2, 3, 4], 11),
  reductions = "ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSumExp";

/** Reductions, softmax and order. */
export const reduced: Readonly<Record<string, Case>> = {
  ...named(
    reductions,
    (name) => op(name, name === "ReduceSum" ? [cube, ints([1])] : [cube], name === "ReduceSum" ? {} : { axes: [1] }),
  ),
  ...Object.fromEntries(reductions.split(" ").map((name) => [`${name} of all`, op(name, [cube], { keepdims: 0 })])),
  "ReduceMean of version 18": op("ReduceMean", [cube, ints([-1, 0])], { keepdims: 0 }, { opset: 18 }),
  "ReduceMax of version 18": op("ReduceMax", [cube, ints([2])], {}, { opset: 18, held: [1] }),
  "ReduceSum of version 11": op("ReduceSum", [cube], { axes: [0, 2] }, { opset: 11 }),
  "ReduceSum of nothing": op("ReduceSum", [cube, ints([])], { noop_with_empty_axes: 1 }),
  "ReduceLogSum": op("ReduceLogSum", [positive], { axes: [1] }),
  "ReduceMax of integers": op("ReduceMax", [whole], { axes: [0] }, { outputs: ["INT32"] }),
  "ReduceSum of integers": op("ReduceSum", [whole, ints([0])], {}, { outputs: ["INT32"] }),
  ...named("ArgMax ArgMin", (name) => op(name, [cube], { axis: 1 }, { outputs: ["INT64"] })),
  "ArgMax of ties": op("ArgMax", [floats([1, 2, 2, 0], [4])], { keepdims: 0 }, { outputs: ["INT64"] }),
  "ArgMax of the last tie": op("ArgMax", [floats([1, 2, 2, 0], [4])], { select_last_index: 1 }, { outputs: ["INT64"] }),
  ...named("Softmax LogSoftmax Hardmax", (name) => op(name, [cube], { axis: 1 })),
  ...named("Softmax", (name) => op(name, [cube])),
  "Softmax of version 11": op("Softmax", [cube], { axis: 1 }, { opset: 11 }),
  "Softmax of version 7": op("Softmax", [cube], {}, { opset: 7 }),
  "LogSoftmax of version 12": op("LogSoftmax", [cube], { axis: 2 }, { opset: 12 }),
  "Hardmax of version 11": op("Hardmax", [cube], { axis: 1 }, { opset: 11 }),
  "CumSum": op("CumSum", [cube, of("INT32", [1], [])], {}, { held: [1] }),
  "CumSum the other way": op("CumSum", [cube, of("INT32", [-1], [])], { exclusive: 1, reverse: 1 }, { held: [1] }),
  "TopK": op("TopK", [cube, ints([2])], { axis: 1 }, { held: [1], outputs: ["FLOAT", "INT64"] }),
  "TopK of the smallest": op("TopK", [cube, ints([3])], { largest: 0 }, { outputs: ["FLOAT", "INT64"] }),
  "TopK of version 1": op("TopK", [cube], { k: 2, axis: 2 }, { opset: 9, outputs: ["FLOAT", "INT64"] }),
};

const bytes = of("UINT8", Array.from({ length: 12 }, (_, i) => i * 71 % 256), [1, 1, 3, 4]);

/** Products of matrices, and of integers that stand for fractions. */
export const multiplied: Readonly<Record<string, Case>> = {
  "MatMul": op("MatMul", [some([2, 3]), some([3, 4], 2)]),
  "MatMul of batches": op("MatMul", [some([2, 1, 3, 4]), some([5, 4, 2], 2)]),
  "MatMul of a list": op("MatMul", [some([3]), some([3, 4], 2)]),
  "MatMul of integers": op("MatMul", [whole, of("INT32", [1, 2, 3, 4, 5, 6], [3, 2])], {}, { outputs: ["INT32"] }),
  "Gemm": op("Gemm", [some([3, 2]), some([4, 3], 2), some([4], 3)], {
    transA: 1,
    transB: 1,
    alpha: 0.5,
    beta: { float: 2 },
  }),
  "Gemm without C": op("Gemm", [some([2, 3]), some([3, 4], 2)], {}, { opset: 11 }),
  "Gemm of version 7": op("Gemm", [some([2, 3]), some([3, 4], 2), some([2, 1], 5)], {}, { opset: 7 }),
  "Einsum": op("Einsum", [some([2, 3, 4]), some([2, 5, 4], 2)], { equation: "bij,bkj->bik" }),
  "Det": op("Det", [some([2, 3, 3])]),
  "ms.FusedMatMul": op("ms.FusedMatMul", [some([2, 4, 3]), some([2, 5, 4], 2)], { transA: 1, transB: 1, alpha: 0.25 }),
  "DynamicQuantizeLinear": op("DynamicQuantizeLinear", [x], {}, { outputs: ["UINT8", "FLOAT", "UINT8"] }),
  "MatMulInteger": op(
    "MatMulInteger",
    [
      of("UINT8", [200, 1, 2, 3, 100, 5], [2, 3]),
      of("INT8", [-100, 1, 2, 3, 4, -5], [3, 2]),
      of("UINT8", [3], []),
      of("INT8", [-2], []),
    ],
    {},
    { held: [1, 2, 3], outputs: ["INT32"] },
  ),
  "MatMulInteger by columns": op(
    "MatMulInteger",
    [
      of("UINT8", [200, 1, 2, 3, 100, 5], [2, 3]),
      of("INT8", [-100, 1, 2, 3, 4, -5], [3, 2]),
      of("UINT8", [3], []),
      of("INT8", [-2, 5]),
    ],
    {},
    { held: [1, 2, 3], outputs: ["INT32"] },
  ),
  "ConvInteger": op(
    "ConvInteger",
    [bytes, of("UINT8", [9, 200, 3, 255, 0, 7, 40, 1], [2, 1, 2, 2]), of("UINT8", [100], []), of("UINT8", [5], [])],
    { pads: [1, 1, 0, 0] },
    { held: [1, 2, 3], outputs: ["INT32"] },
  ),
  "QLinearMatMul": op(
    "QLinearMatMul",
    [
      of("UINT8", [200, 1, 2, 3, 100, 5], [2, 3]),
      floats([0.02], []),
      of("UINT8", [113], []),
      of("UINT8", [152, 51, 244, 60, 26, 255], [3, 2]),
      floats([0.03], []),
      of("UINT8", [114], []),
      floats([0.11], []),
      of("UINT8", [118], []),
    ],
    {},
    { held: [1, 2, 3, 4, 5, 6, 7], outputs: ["UINT8"] },
  ),
  "QLinearConv": op(
    "QLinearConv",
    [
      bytes,
      floats([0.02], []),
      of("UINT8", [100], []),
      of("INT8", [9, -100, 3, 127, 0, 7, 40, 1], [2, 1, 2, 2]),
      floats([0.03, 0.01]),
      of("INT8", [0, 0]),
      floats([0.11], []),
      of("UINT8", [118], []),
      of("INT32", [30, -50]),
    ],
    { strides: [1, 2] },
    { held: [1, 2, 3, 4, 5, 6, 7, 8], outputs: ["UINT8"] },
  ),
  "QuantizeLinear": op("QuantizeLinear", [x, floats([0.01], []), of("UINT8", [100], [])], {}, {
    held: [1, 2],
    outputs: ["UINT8"],
  }),
  "QuantizeLinear to int8 along an axis": op(
    "QuantizeLinear",
    [x, floats([0.01, 0.005, 0.02]), of("INT8", [1, -2, 0])],
    { axis: 1 },
    { held: [1, 2], outputs: ["INT8"] },
  ),
  "DequantizeLinear": op(
    "DequantizeLinear",
    [of("UINT8", [0, 100, 255, 3], [2, 2]), floats([0.5, 0.25]), of("UINT8", [128, 3])],
    { axis: 0 },
    { held: [1, 2] },
  ),
  "DequantizeLinear of a weight": op(
    "DequantizeLinear",
    [of("INT8", [-128, 0, 127, 3], [2, 2]), floats([0.5], [])],
    {},
    { held: [0, 1] },
  ),
  "DequantizeLinear in blocks": op(
    "DequantizeLinear",
    [of("INT8", [1, -2, 3, -4, 5, 6, -7, 8], [2, 4]), some([2, 2]), of("INT8", [1, 0, -1, 2], [2, 2])],
    { axis: 1, block_size: 2 },
    { opset: 21, held: [0, 1, 2] },
  ),
};
