/**
 * Which elements each interpolation mixes, along one axis.
 *
 * @module
 */

import { type Tap, type Taps, tapsOf } from "../resample.ts";

/** How an axis is brought from one extent to another. */
export interface AxisScaling {
  /** The extent of the input. */
  readonly from: number;
  /** The extent of the result. */
  readonly to: number;
  /** The factor that the user gave, where it counts more than the extents. */
  readonly scale: number | undefined;
  /** Whether the centers of the first and last elements coincide, rather than the edges. */
  readonly alignCorners: boolean;
}

const { fround } = Math;

/** Distance of neighbours of the result, in elements of the input. */
function stepOf({ from, to, scale, alignCorners }: AxisScaling): number {
  if (alignCorners) return to > 1 ? (from - 1) / (to - 1) : 0;
  return scale === undefined ? from / to : 1 / scale;
}

function each(axis: AxisScaling, list: (i: number, step: number) => Tap[]): Taps {
  const step = stepOf(axis);
  return tapsOf(axis.from, Array.from({ length: axis.to }, (_, i) => list(i, step)));
}

/** The element that covers the start of the result's, or with `exact` its center. In float32, where PyTorch rounds too. */
export function nearest(axis: AxisScaling, exact: boolean): Taps {
  return each(axis, (i, step) => {
    const at = Math.floor(fround(fround(i + (exact ? 0.5 : 0)) * fround(step)));
    return [[Math.min(at, axis.from - 1), 1]];
  });
}

/** The two neighbours, by distance. */
export function linear(axis: AxisScaling): Taps {
  const last = axis.from - 1;
  return each(axis, (i, step) => {
    const at = axis.alignCorners ? step * i : Math.max(0, step * (i + 0.5) - 0.5);
    const low = Math.min(Math.floor(at), last), share = Math.min(at - low, 1);
    return [[low, 1 - share], [Math.min(low + 1, last), share]];
  });
}

/** Keys' cubic convolution at distance `t`. */
function keys(t: number, a: number): number {
  const x = Math.abs(t);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

/** The four neighbours by Keys' cubic with a = -3/4; the edges are repeated. */
export function cubic(axis: AxisScaling): Taps {
  return each(axis, (i, step) => {
    const at = axis.alignCorners ? step * i : step * (i + 0.5) - 0.5, low = Math.floor(at);
    return [-1, 0, 1, 2].map((k): Tap => {
      return [Math.min(Math.max(low + k, 0), axis.from - 1), keys(at - low - k, -0.75)];
    });
  });
}

/** All elements under a triangle, or Keys' cubic with a = -1/2, that is as wide as the step where that is above one. */
export function antialiased(axis: AxisScaling, kind: "linear" | "cubic"): Taps {
  const radius = kind === "linear" ? 1 : 2;
  return each(axis, (i, step) => {
    const stretch = Math.max(step, 1), reach = radius * stretch, center = step * (i + 0.5);
    const start = Math.max(Math.trunc(center - reach + 0.5), 0);
    const end = Math.min(Math.trunc(center + reach + 0.5), axis.from);
    const list = Array.from({ length: Math.max(0, end - start) }, (_, k): Tap => {
      const t = (k + start - center + 0.5) / stretch;
      return [k + start, kind === "linear" ? Math.max(0, 1 - Math.abs(t)) : keys(t, -0.5)];
    });
    const total = list.reduce((sum, [, weight]) => sum + weight, 0);
    return total === 0 ? list : list.map(([at, weight]) => [at, weight / total]);
  });
}

/** The mean of the elements that the result's covers: adaptive average pooling. */
export function area(from: number, to: number): Taps {
  const lists = Array.from({ length: to }, (_, i) => {
    const [start, end] = adaptiveWindow(from, to, i);
    return Array.from({ length: end - start }, (_, k): Tap => [start + k, 1 / (end - start)]);
  });
  return tapsOf(from, lists);
}

/** Elements [start, end) of `from` that element `i` of `to` stands for. */
export function adaptiveWindow(from: number, to: number, i: number): [start: number, end: number] {
  return [Math.floor(i * from / to), Math.ceil((i + 1) * from / to)];
}
