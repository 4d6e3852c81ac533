/**
 * Operators that combine the elements along axes.
 *
 * @module
 */

import * as F from "../../../../functional/mod.ts";
import type { DType, Tensor } from "../../../../tensor/mod.ts";
import type { Operator, OperatorCall, Operators, Result } from "../call.ts";
import { countOf } from "../values.ts";

interface Options {
  readonly keepdim: boolean;
  readonly dtype: DType;
}

/** A reduction over axes that are an attribute in older versions and an input in newer ones; over all where none is named. */
function reduction(compute: (x: Tensor, axes: number[], options: Options) => Tensor): Operator {
  return (call) => {
    const x = call.tensor(0), given = call.intsOrInput("axes", 1) ?? [], keepdim = call.int("keepdims", 1) === 1;
    if (given.length === 0 && call.int("noop_with_empty_axes", 0) === 1) return x;
    const axes = given.length === 0 ? [...x.shape.keys()] : given.map((axis) => call.axis(axis, x.ndim));
    return axes.length === 0
      ? compute(x.unsqueeze(0), [0], { keepdim: false, dtype: x.dtype })
      : compute(x, axes, { keepdim, dtype: x.dtype });
  };
}

/** Truth values are compared as integers. */
const extreme = (compute: typeof F.amax) =>
  reduction((x, axes, { keepdim, dtype }) =>
    dtype === "bool" ? compute(x.to("int32"), axes, { keepdim }).to("bool") : compute(x, axes, { keepdim })
  );

/** The position of the largest or smallest element: the first of several, or the last if that is asked for. */
function position(compute: typeof F.argmax): Operator {
  return (call) => {
    const x = call.tensor(0), axis = call.axis(call.int("axis", 0), x.ndim), keepdim = call.int("keepdims", 1) === 1;
    if (call.int("select_last_index", 0) === 0) return compute(x, axis, { keepdim });
    return compute(F.flip(x, axis), axis, { keepdim }).neg().add(x.shape[axis]! - 1);
  };
}

/** Before version 13 all axes from one on are taken as one. */
function alongAxis(compute: (x: Tensor, axis: number) => Tensor): Operator {
  return (call) => {
    const x = call.tensor(0), rank = Math.max(1, x.ndim);
    if (call.version >= 13) return compute(x, call.axis(call.int("axis", -1), rank));
    const given = call.int("axis", 1), axis = given === x.ndim ? given : call.axis(given, rank);
    if (axis === x.ndim - 1) return compute(x, axis);
    return compute(x.reshape([countOf(x.shape.slice(0, axis)), countOf(x.shape.slice(axis))]), 1).reshape(x.shape);
  };
}

function cumulativeSum(call: OperatorCall): Tensor {
  const x = call.tensor(0), axis = call.axis(call.number(1), x.ndim), reverse = call.int("reverse", 0) === 1;
  const from = reverse ? F.flip(x, axis) : x, sums = F.cumsum(from, axis, { dtype: x.dtype });
  const result = call.int("exclusive", 0) === 1 ? sums.sub(from) : sums;
  return reverse ? F.flip(result, axis) : result;
}

function largest(call: OperatorCall): Result {
  const x = call.tensor(0), k = call.has(1) ? call.number(1) : call.int("k");
  const { values, indices } = F.topk(x, k, call.axis(call.int("axis", -1), x.ndim), {
    largest: call.int("largest", 1) === 1,
  });
  return [values, indices];
}

/** Operators of ai.onnx by name. */
export const reductions: Operators = {
  ArgMax: position(F.argmax),
  ArgMin: position(F.argmin),
  CumSum: cumulativeSum,
  Hardmax: alongAxis((x, axis) =>
    F.oneHot(F.argmax(x, axis), { numClasses: x.shape[axis]! }).movedim(-1, axis).to(x.dtype)
  ),
  LogSoftmax: alongAxis((x, axis) => F.logSoftmax(x, axis)),
  ReduceL1: reduction((x, axes, options) => F.sum(x.abs(), axes, options)),
  ReduceL2: reduction((x, axes, options) => F.sum(x.square(), axes, options).sqrt()),
  ReduceLogSum: reduction((x, axes, options) => F.sum(x, axes, options).log()),
  ReduceLogSumExp: reduction((x, axes, { keepdim }) => F.logsumexp(x, axes, { keepdim })),
  ReduceMax: extreme(F.amax),
  ReduceMean: reduction((x, axes, { keepdim }) => F.mean(x, axes, { keepdim })),
  ReduceMin: extreme(F.amin),
  ReduceProd: reduction((x, axes, options) => F.prod(x, axes, options)),
  ReduceSum: reduction((x, axes, options) => F.sum(x, axes, options)),
  ReduceSumSquare: reduction((x, axes, options) => F.sum(x.square(), axes, options)),
  Softmax: alongAxis((x, axis) => F.softmax(x, axis)),
  TopK: largest,
};
