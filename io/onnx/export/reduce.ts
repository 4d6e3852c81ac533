/**
 * Reductions as operators of ONNX.
 *
 * @module
 */

import type { AxisWalk } from "../../../kernels/mod.ts";
import { constantOf } from "./extents.ts";
import { rankOf, type Value } from "./graph.ts";
import { cast, type Step } from "./step.ts";
import { elementTypes } from "./writer.ts";

/** A reduction whose axes are put back with extent 1, as one node. */
export function keptReduction(value: Value, source: Value, axes: readonly AxisWalk[]): Step | undefined {
  const [attributes] = source.attributes, [x] = source.operands;
  if (source.kind !== "made" || attributes!.op !== "reduce" || rankOf(x!) !== rankOf(value)) return undefined;
  const rest = [...x!.extents.keys()].filter((axis) => !attributes!.axes.includes(axis));
  const back = axes.every(({ start, step, output }, i) =>
    start === 0 && step === 1 && (output === rest[i] || constantOf(source.extents[i]!) === 1)
  );
  const units = attributes!.axes.every((axis) => constantOf(value.extents[axis]!) === 1);
  return back && units ? reduceStep(source, true) : undefined;
}

/** Operators that reduce. */
export const reductions = { sum: "ReduceSum", prod: "ReduceProd", max: "ReduceMax", min: "ReduceMin" } as const;

/** How a reduction is written. */
export function reduceStep(value: Value, keepdims = false): Step {
  const [attributes] = value.attributes;
  if (attributes!.op !== "reduce") throw new TypeError("Not a reduction");
  const { reduce, axes } = attributes!, narrow = value.dtype === "bool" || value.dtype === "uint8";
  return {
    inputs: value.operands,
    write([x], w) {
      const wide = narrow ? cast(w, x!, elementTypes.int32) : x!;
      const result = w.op(reductions[reduce], [wide, w.integers(axes)], { keepdims: { i: keepdims ? 1 : 0 } });
      return narrow ? cast(w, result, elementTypes[value.dtype]) : result;
    },
  };
}
