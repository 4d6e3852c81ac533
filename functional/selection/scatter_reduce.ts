/**
 * Elements combined at positions that an index names, by any reduction.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { bounds, type CheckMessage, isFloat, type ReduceOp } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { record } from "../../tensor/grad_fn.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { mul } from "../elementwise/arithmetic.ts";
import { eq } from "../elementwise/comparison.ts";
import { div } from "../elementwise/division.ts";
import { clampMin } from "../elementwise/extremes.ts";
import { logicalAnd } from "../elementwise/logical.ts";
import { where } from "../elementwise/where.ts";
import { filled } from "../host.ts";
import { gathered, scatterSet, scatterSum } from "./primitives.ts";

/** How `scatterReduce` combines. */
export type ScatterReduce = "sum" | "prod" | "mean" | "amax" | "amin";

/** What is combined, where and how; `index` is int32 and has the source's shape. */
export interface ReduceAt {
  readonly base: Tensor;
  readonly axis: number;
  readonly index: Tensor;
  readonly source: Tensor;
  readonly reduce: ScatterReduce;
  /** Whether the elements of `base` take part. */
  readonly includeSelf: boolean;
  readonly message?: CheckMessage | undefined;
}

const ops = { sum: "sum", mean: "sum", prod: "prod", amax: "max", amin: "min" } as const satisfies Record<
  ScatterReduce,
  ReduceOp
>;

/** `base` with `source` combined into it. */
export function reduceAt(at: ReduceAt): Tensor {
  const { base, axis, index, source, reduce, includeSelf, message } = at;
  // Where the present elements take no part, what is written to starts from the value that changes nothing.
  const start = includeSelf ? base : replacedAt(base, axis, index, neutral(reduce, base), message);
  if (reduce === "sum") return scatterSum(start, axis, index, source, message);
  if (reduce === "mean") return meanAt(scatterSum(start, axis, index, source, message), at);
  const node = kernels.scatter(start.node, axis, index.node, source.node, ops[reduce], message);
  const gradients = reduce === "prod" ? productGradients : extremeGradients;
  return record("scatterReduce", node, [base, index, source], [
    (grad, [base, , source], y) => {
      const mine = gradients(grad, { ...at, base: base!, source: source! }, y).base;
      return includeSelf ? mine : replacedAt(mine, axis, index, 0);
    },
    undefined,
    (grad, [base, , source], y) => gradients(grad, { ...at, base: base!, source: source! }, y).source,
  ]);
}

function neutral(reduce: ScatterReduce, x: Tensor): number {
  const { lowest, highest } = bounds(x.dtype);
  return { sum: 0, mean: 0, prod: 1, amax: lowest, amin: highest }[reduce];
}

function replacedAt(x: Tensor, axis: number, index: Tensor, value: number, message?: CheckMessage): Tensor {
  return scatterSet(x, axis, index, filled(index.node.shape, value, x.dtype, x.device), message);
}

function meanAt(sum: Tensor, { base, axis, index, source, includeSelf }: ReduceAt): Tensor {
  const ones = filled(source.node.shape, 1, base.dtype, base.device);
  const counts = scatterSum(filled(base.node.shape, includeSelf ? 1 : 0, base.dtype, base.device), axis, index, ones);
  const divisor = clampMin(counts, 1);
  return isFloat(base.dtype) ? div(sum, divisor) : div(sum, divisor, { roundingMode: "floor" });
}

/** Equal extremes share the gradient. */
function extremeGradients(
  grad: Tensor,
  { base, axis, index, source }: ReduceAt,
  y: Tensor,
): { base: Tensor; source: Tensor } {
  const mine = toDtype(eq(base, y), grad.dtype);
  const theirs = toDtype(eq(source, gathered(y, axis, index)), grad.dtype);
  const share = div(grad, scatterSum(mine, axis, index, theirs));
  return { base: mul(mine, share), source: mul(theirs, gathered(share, axis, index)) };
}

/** The product of all other factors, also where some are 0. */
function productGradients(grad: Tensor, at: ReduceAt, y: Tensor): { base: Tensor; source: Tensor } {
  const { base, axis, index, source } = at;
  const others = reduceAt({ ...at, base: where(eq(base, 0), 1, base) });
  const zero = eq(source, 0);
  const zeros = scatterSum(filled(base.node.shape, 0, "int32", base.device), axis, index, toDtype(zero, "int32"));
  const single = logicalAnd(zero, eq(gathered(zeros, axis, index), 1));
  const without = reduceAt({ ...at, source: where(single, 1, source) });
  return {
    base: div(mul(grad, others), where(eq(base, 0), 1, base)),
    source: where(
      single,
      gathered(mul(grad, without), axis, index),
      div(gathered(mul(grad, y), axis, index), where(zero, 1, source)),
    ),
  };
}
