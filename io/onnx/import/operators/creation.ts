/**
 * Operators that make tensors, ask for their shape, or give them another dtype.
 *
 * @module
 */

import * as F from "../../../../functional/mod.ts";
import { arange, eye, full, rand, randn, type Tensor } from "../../../../tensor/mod.ts";
import type { OperatorCall, Operators } from "../call.ts";
import { TensorType } from "../../model.ts";
import { extentsOf, rangeOf, ranked } from "../shapes.ts";
import { dtypeOf, hostArrayOf } from "../tensors.ts";
import { countOf, HOST_LIMIT, HostArray, type Value } from "../values.ts";

/** The shape of a value. */
function shapeOf(call: OperatorCall): readonly number[] {
  return call.value(0).shape;
}

function constantOfShape(call: OperatorCall): Value {
  const shape = extentsOf(call, 0), proto = call.proto("value"), { device } = call.run;
  const { dtype, data } = proto === undefined
    ? { dtype: "float32" as const, data: [0] }
    : hostArrayOf(proto, device, () => call.fail("has its value in another file, which is not supported"));
  const value = data[0] ?? call.fail("has an empty tensor as its value"), count = countOf(shape);
  return count > HOST_LIMIT
    ? full(shape, value, { dtype, device })
    : new HostArray(shape, dtype, new Array<number>(count).fill(value));
}

function range(call: OperatorCall): Tensor {
  const { count, at } = rangeOf(call), { dtype } = call.value(0), { device, bounds } = call.run;
  bounds.shape([count]);
  return arange(count, { dtype: "int32", device }).mul(at(1) - at(0)).add(at(0)).to(dtype);
}

function identityMatrix(call: OperatorCall): Tensor {
  const [rows, columns] = ranked(call, 0, 2).shape as unknown as [number, number], { device } = call.run;
  // A diagonal beyond the matrix is no other for being further away.
  const offset = Math.max(-rows, Math.min(call.int("k", 0), columns));
  const dtype = call.attribute("dtype") ? dtypeOf(call.int("dtype"), device) : call.value(0).dtype;
  const from = Math.max(0, offset), column = Math.max(0, -offset), size = Math.max(rows + from, columns + column);
  return eye(size, { dtype, device }).narrow(0, from, rows).narrow(1, column, columns);
}

/** Fractions are cut off where integers are asked for, and anything but 0 is true. */
function cast(call: OperatorCall, type: number): Tensor {
  return call.tensor(0).to(dtypeOf(type, call.run.device));
}

/** Numbers drawn by the default generator, whatever seed the file has. */
function drawn(call: OperatorCall, shape: readonly number[], draw: typeof rand | typeof randn): Tensor {
  const dtype = dtypeOf(call.int("dtype", TensorType.FLOAT), call.run.device);
  // Numbers are drawn on the host, before there is a tensor.
  call.run.bounds.shape(shape);
  call.run.bounds.onHost(countOf(shape));
  return draw([...shape], { dtype, device: call.run.device });
}

const normal = (call: OperatorCall, shape: readonly number[]) =>
  drawn(call, shape, randn).mul(call.float("scale", 1)).add(call.float("mean", 0));

function uniform(call: OperatorCall, shape: readonly number[]): Tensor {
  const low = call.float("low", 0), high = call.float("high", 1);
  return drawn(call, shape, rand).mul(high - low).add(low);
}

/** Drops only while the model is trained, and the file says that it is made for it. */
function dropout(call: OperatorCall): readonly (Value | undefined)[] {
  const x = call.tensor(0), active = call.run.training && call.has(2) && call.number(2) !== 0;
  const mask = (dropped: Tensor) => call.wants(1) ? dropped : undefined;
  if (!active) return [x, mask(F.ge(x, x).logicalOr(F.isnan(x)))];
  const p = call.has(1) ? call.number(1) : 0.5;
  const kept = F.dropout(full(x.shape, 1, { dtype: x.dtype, device: x.device }), { p, training: true });
  return [x.mul(kept), mask(kept.ne(0))];
}

/** Operators of ai.onnx by name. */
export const creation: Operators = {
  Bernoulli: (call) => F.lt(drawn(call, shapeOf(call), rand), call.tensor(0)).to(call.value(0).dtype),
  Cast: (call) => cast(call, call.int("to")),
  CastLike: (call) => call.tensor(0).to(call.value(1).dtype),
  ConstantOfShape: constantOfShape,
  Dropout: dropout,
  EyeLike: identityMatrix,
  RandomNormal: (call) => normal(call, call.ints("shape") ?? call.fail("has no shape")),
  RandomNormalLike: (call) => normal(call, shapeOf(call)),
  RandomUniform: (call) => uniform(call, call.ints("shape") ?? call.fail("has no shape")),
  RandomUniformLike: (call) => uniform(call, shapeOf(call)),
  Range: range,
  Shape(call) {
    const shape = shapeOf(call), part = shape.slice(call.int("start", 0), call.attribute("end") && call.int("end"));
    return new HostArray([part.length], "int32", part);
  },
  Size: (call) => new HostArray([], "int32", [countOf(shapeOf(call))]),
};
