/**
 * Reductions of pieces of a dimension.
 *
 * @module
 */

import { bounds, ShapeError, ValueError } from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { requireTensor, requireTensorOrNone } from "../../tensor/require_tensor.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { expandTo } from "../broadcast.ts";
import { requireIndex } from "../check_index.ts";
import { axisOf, show } from "../dims.ts";
import { eq } from "../elementwise/comparison.ts";
import { div } from "../elementwise/division.ts";
import { clampMin } from "../elementwise/extremes.ts";
import { where } from "../elementwise/where.ts";
import { elementsOf, filled } from "../host.ts";
import { constantPadNd } from "../movement/pad.ts";
import { reshaped } from "../movement/reshape.ts";
import { rangesOf, sliced } from "../movement/slice.ts";
import { scatterSum } from "../selection/primitives.ts";
import { reduceAt } from "../selection/scatter_reduce.ts";
import { running } from "./cumulative.ts";
import { diff } from "./difference.ts";
import { requireFloat } from "./reduce.ts";

/** Options of `segmentReduce`; one of `lengths` and `offsets` is needed. */
export interface SegmentOptions {
  /** The lengths of the pieces, along the last dimension; none by default. */
  readonly lengths?: Tensor | null;
  /** Where the pieces begin, and where the last one ends, along the last dimension; none by default. */
  readonly offsets?: Tensor | null;
  /** The dimension that has the pieces: the last one of `lengths` or `offsets`; 0 by default. */
  readonly axis?: number;
  /** Trusts the lengths, which are read otherwise; false by default. */
  readonly unsafe?: boolean;
  /** What each reduction starts with; what changes nothing by default, and NaN for the mean of nothing. */
  readonly initial?: number | null;
}

/** How `segmentReduce` combines. */
export type SegmentReduction = "sum" | "mean" | "max" | "min" | "prod";

const combinations = { sum: "sum", mean: "sum", prod: "prod", max: "amax", min: "amin" } as const;

function requireLengths(lengths: Tensor, extent: number): void {
  const elements = elementsOf(lengths), row = lengths.shape.at(-1)!;
  for (let start = 0; start < elements.length; start += row) {
    const one = Array.from(elements.subarray(start, start + row));
    if (one.every((length) => length >= 0) && one.reduce((a, b) => a + b, 0) === extent) continue;
    throw new ValueError(
      `Cannot segmentReduce ${extent} elements with lengths ${
        show(one)
      }: they must not be negative, and their sum ${extent}`,
    );
  }
}

/** Where pieces begin, from their lengths. */
function beginnings(lengths: Tensor): Tensor {
  const before = new Array(2 * lengths.ndim).fill(0).with(0, 1);
  return constantPadNd(running(toDtype(lengths, "int32"), lengths.ndim - 1), before);
}

/**
 * The pieces of a dimension, each reduced to one element.
 *
 * @param x [batch…, n, rest…]
 * @param options `lengths` [batch…, pieces] or `offsets` [batch…, pieces + 1]
 * @returns [batch…, pieces, rest…]
 * @throws {ValueError} where lengths do not add up to n, unless `unsafe`; without lengths and offsets
 * @see {@link https://pytorch.org/docs/stable/generated/torch.segment_reduce.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.segmentReduce(tensor([1.5, 2, 3]), "max", { lengths: tensor([2, 1]) })); // tensor([2., 3.])
 * ```
 */
export function segmentReduce(x: Tensor, reduce: SegmentReduction, options: SegmentOptions): Tensor {
  requireTensor("segmentReduce", "x", x);
  const { lengths, offsets, unsafe = false, initial } = options;
  requireTensorOrNone("segmentReduce", "lengths", lengths);
  requireTensorOrNone("segmentReduce", "offsets", offsets);
  if (!(reduce in combinations)) {
    throw new ValueError(`Cannot segmentReduce with "${reduce}": it is one of ${Object.keys(combinations).join(", ")}`);
  }
  requireFloat("segmentReduce", x);
  const marks = offsets ?? lengths;
  if (marks == null) throw new ValueError("Cannot segmentReduce without lengths or offsets: pass one of them");
  requireIndex("segmentReduce", marks);
  const axis = axisOf("segmentReduce", options.axis ?? 0, x.ndim), lead = x.shape.slice(0, axis);
  if (marks.ndim !== axis + 1 || lead.some((extent, i) => extent !== marks.shape[i])) {
    throw new ShapeError(
      `Cannot segmentReduce dimension ${axis} of shape ${show(x.shape)} with lengths or offsets of shape ${
        show(marks.shape)
      }: they must have shape ${show([...lead, -1])}`,
    );
  }
  const extent = x.shape[axis] ?? 1;
  if (offsets == null && !unsafe) requireLengths(marks, extent);
  const begin = offsets == null ? beginnings(marks) : toDtype(offsets, "int32"), pieces = begin.shape[axis]! - 1;
  // Each element lies in as many pieces more than the one before as begin with it: 0 is before the first, pieces + 1 behind the last.
  const counts = scatterSum(
    filled([...lead, extent + 1], 0, "int32", x.device),
    axis,
    begin,
    filled(begin.shape, 1, "int32", x.device),
  );
  const number = sliced(running(counts, axis), rangesOf(counts.shape, axis, 0, extent));
  const index = expandTo(reshaped(number, [...lead, extent, ...x.shape.slice(axis + 1).map(() => 1)]), x.shape);
  const { lowest, highest } = bounds(x.dtype);
  const start = initial ?? { sum: 0, mean: 0, prod: 1, max: lowest, min: highest }[reduce];
  const shape = x.shape.map((size, i) => i === axis ? pieces + 2 : size);
  const base = filled(shape, start, x.dtype, x.device);
  const all = reduceAt({ base, axis, index, source: x, reduce: combinations[reduce], includeSelf: true });
  const result = sliced(all, rangesOf(shape, axis, 1, pieces));
  if (reduce !== "mean") return result;
  const size = reshaped(diff(begin), [...lead, pieces, ...x.shape.slice(axis + 1).map(() => 1)]);
  const mean = div(result, clampMin(toDtype(size, x.dtype), 1));
  return initial == null ? where(eq(size, 0), NaN, mean) : mean;
}
