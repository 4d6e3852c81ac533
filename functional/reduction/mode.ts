/**
 * The most frequent element.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { toDtype } from "../../tensor/conversion.ts";
import { requireTensor } from "../../tensor/require_tensor.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { axisOf, named } from "../dims.ts";
import { add, sub } from "../elementwise/arithmetic.ts";
import { ne } from "../elementwise/comparison.ts";
import { where } from "../elementwise/where.ts";
import { positions } from "../host.ts";
import { movedim } from "../movement/permute.ts";
import { constantPadNd } from "../movement/pad.ts";
import { reshaped } from "../movement/reshape.ts";
import { rangesOf, sliced } from "../movement/slice.ts";
import { type ValuesIndices, valuesIndices } from "../pairs.ts";
import { gathered } from "../selection/primitives.ts";
import { sort } from "../selection/sort.ts";
import { firstOf } from "./extremes.ts";
import type { MedianOptions } from "./median.ts";
import { reduceNode, requireElements } from "./reduce.ts";

/** Along the last axis: sorted, equal elements are runs, and the first of the longest runs is what is looked for. */
function mostFrequent(x: Tensor): ValuesIndices {
  const axis = x.ndim - 1, length = x.shape[axis]!;
  const { values, indices } = sort(new Tensor(x.node), axis);
  const part = (start: number) => sliced(values, rangesOf(values.shape, axis, start, length - 1));
  const begins = constantPadNd(ne(part(1), part(0)), [1, 0], 1);
  const place = positions(length, axis, x.ndim, x.device);
  const start = new Tensor(kernels.scan("max", toDtype(where(begins, place, 0), "int32").node, axis));
  const size = add(sub(place, start), 1);
  const end = firstOf(size, new Tensor(reduceNode("max", size, [axis], true)), axis);
  const at = gathered(indices, axis, end);
  return valuesIndices(gathered(x, axis, at), at);
}

/**
 * The most frequent element along a dimension, the smallest one of several, and where it was last found.
 *
 * @param dim the dimension; -1 by default
 * @param options `keepdim` keeps the dimension with extent 1
 * @throws {IndexError} where the dimension has no element
 * @see {@link https://pytorch.org/docs/stable/generated/torch.mode.html}
 * @example
 * ```ts
 * import { functional as F, tensor } from "@tensaur/tensaur";
 *
 * console.log(F.mode(tensor([3, 1, 3, 2]))); // [ tensor(3), tensor(2) ]
 * ```
 */
export function mode(x: Tensor, dim?: number | MedianOptions, options?: MedianOptions): ValuesIndices {
  requireTensor("mode", "x", x);
  const given = named<MedianOptions>(["dim"], dim, options), axis = axisOf("mode", given.dim ?? -1, x.ndim);
  const source = x.ndim === 0 ? reshaped(x, [1]) : x;
  requireElements("mode", source, [axis]);
  const shape = x.ndim === 0 ? [] : x.shape.flatMap((extent, i) => i !== axis ? [extent] : given.keepdim ? [1] : []);
  const { values, indices } = mostFrequent(movedim(source, axis, -1));
  return valuesIndices(reshaped(values, shape), reshaped(indices, shape));
}
