/**
 * Axes brought to another extent: each element of the result is a weighted sum of a few elements. The transpose of such a map is another
 * one, so each is the other's gradient; interpolation and adaptive pooling are made of it.
 *
 * @module
 */

import { allocate, fromHost } from "../kernels/mod.ts";
import { noGrad } from "../tensor/grad_mode.ts";
import { record } from "../tensor/grad_fn.ts";
import { Tensor } from "../tensor/tensor.ts";
import { expandTo } from "./broadcast.ts";
import { formula } from "./elementwise/derive.ts";
import * as f from "./elementwise/formula.ts";
import { fromIntegers } from "./host.ts";
import { reshaped } from "./movement/reshape.ts";
import { summed } from "./reduction/sum.ts";
import { gathered } from "./selection/primitives.ts";

/** Which elements of an axis of extent `from` make each of `to` elements, `width` for each; those of weight 0 do not count. */
export interface Taps {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly at: Int32Array;
  readonly weights: Float64Array;
}

/** One element of the axis and its weight. */
export type Tap = readonly [at: number, weight: number];

/** Taps from a list for each element of the result. */
export function tapsOf(from: number, lists: readonly (readonly Tap[])[]): Taps {
  const to = lists.length, width = lists.reduce((most, list) => Math.max(most, list.length), 1);
  const at = new Int32Array(to * width), weights = new Float64Array(to * width);
  lists.forEach((list, i) =>
    list.forEach(([source, weight], k) => {
      at[i * width + k] = source;
      weights[i * width + k] = weight;
    })
  );
  return { from, to, width, at, weights };
}

/** What each source element adds, and where. */
function transposed({ from, to, width, at, weights }: Taps): Taps {
  const lists: Tap[][] = Array.from({ length: from }, () => []);
  for (let i = 0; i < to * width; i++) {
    if (weights[i] !== 0) lists[at[i]!]!.push([Math.floor(i / width), weights[i]!]);
  }
  return tapsOf(from === 0 ? 0 : to, lists);
}

// An infinity that is not looked at must not become NaN.
const weighed = formula("resample", (x, weight) => f.where(f.eq(weight, 0), 0, f.mul(x, weight)));

function compute(x: Tensor, axis: number, { to, width, at, weights }: Taps): Tensor {
  const { shape, device } = x, after = shape.slice(axis + 1);
  const along = (extent: number) => shape.map((size, i) => i === axis ? extent : size);
  const index = reshaped(fromIntegers(at, [to * width], device), shape.map((_, i) => i === axis ? to * width : 1));
  const found = gathered(x, axis, expandTo(index, along(to * width)));
  if (width === 1 && weights.every((w) => w === 1)) return found;
  const data = allocate(x.dtype, weights.length);
  data.set(weights as never);
  const factors = new Tensor(fromHost(data, [to, width, ...after.map(() => 1)], x.dtype, device));
  const apart = reshaped(found, [...shape.slice(0, axis), to, width, ...after]);
  return summed(weighed(apart, factors), [axis + 1]);
}

/** `x` with its `axis` made anew by `taps`. */
export function resampled(x: Tensor, axis: number, taps: Taps): Tensor {
  const node = noGrad(() => compute(x, axis, taps)).node;
  return record("resample", node, [x], [(grad) => resampled(grad, axis, transposed(taps))]);
}
