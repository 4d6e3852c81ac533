/**
 * Pooling: one element for each window.
 *
 * @module
 */

import * as F from "../../../../functional/mod.ts";
import { arange, type Tensor, tensor } from "../../../../tensor/mod.ts";
import type { OperatorCall, Operators, Result } from "../call.ts";
import { byRank, type Layout, layoutOf } from "./convolution.ts";
import { bordersOf } from "./movement.ts";

const maxima = [F.maxPool1d, F.maxPool2d, F.maxPool3d], means = [F.avgPool1d, F.avgPool2d, F.avgPool3d];

interface Windows extends Layout {
  /** How many windows there are along each axis. */
  readonly counts: readonly number[];
  /** Elements after the last of the input that the last window reaches; fewer than 0 where it does not reach the last. */
  readonly reach: readonly number[];
}

/** The windows over an input; with ceil_mode the last may reach past the end, but does not start there. */
function windowsOf(call: OperatorCall, x: Tensor): Windows {
  const extents = x.shape.slice(2), kernel = call.ints("kernel_shape") ?? call.fail("has no kernel_shape");
  const layout = layoutOf(call, kernel, extents), round = call.int("ceil_mode", 0) === 1 ? Math.ceil : Math.floor;
  const counts: number[] = [], reach: number[] = [];
  extents.forEach((extent, i) => {
    const stride = layout.strides[i]!, size = (kernel[i]! - 1) * layout.dilations[i]! + 1, before = layout.begins[i]!;
    let count = round((extent + before + layout.ends[i]! - size) / stride) + 1;
    if ((count - 1) * stride >= extent + before) count--;
    counts.push(count);
    reach.push((count - 1) * stride + size - extent - before);
  });
  return { ...layout, counts, reach };
}

/** An input with borders as wide as its windows reach. */
function bordered(x: Tensor, { begins, reach }: Windows, value: number): Tensor {
  const ends = reach.map((n) => Math.max(0, n));
  return [...begins, ...ends].every((n) => n === 0) ? x : F.pad(x, bordersOf(begins, ends), { value });
}

function maxPool(call: OperatorCall): Result {
  call.only("storage_order", 0);
  const x = call.tensor(0),
    windows = windowsOf(call, x),
    { kernel, strides: stride, dilations: dilation, begins } = windows;
  const compute = byRank(maxima, kernel.length);
  if (!call.wants(1)) return compute(bordered(x, windows, -Infinity), kernel, { stride, dilation });
  if (windows.reach.some((n, i) => n > begins[i]!)) {
    call.fail("is asked for positions with uneven pads, which are not supported");
  }
  const { values, indices } = compute(x, kernel, { stride, dilation, padding: begins, returnIndices: true });
  const planes = x.shape[0]! * x.shape[1]!, size = x.numel() / planes;
  const first = arange(planes, { dtype: "int32", device: x.device }).mul(size).reshape([
    x.shape[0]!,
    x.shape[1]!,
    ...kernel.map(() => 1),
  ]);
  return [values, indices.add(first)];
}

/** The sum of every window. */
function windowSums(x: Tensor, windows: Windows): Tensor {
  const { kernel, strides: stride } = windows;
  return byRank(means, kernel.length)(bordered(x, windows, 0), kernel, { stride, divisorOverride: 1 });
}

/** How many elements of the input, or of it and its pads, each window along an axis has. */
function membersOf(
  { kernel, strides, begins, ends, counts }: Windows,
  axis: number,
  extent: number,
  pads: boolean,
): number[] {
  const from = pads ? -begins[axis]! : 0, to = extent + (pads ? ends[axis]! : 0);
  return Array.from({ length: counts[axis]! }, (_, i) => {
    const start = i * strides[axis]! - begins[axis]!;
    return Math.max(0, Math.min(start + kernel[axis]!, to) - Math.max(start, from));
  });
}

function averagePool(call: OperatorCall): Tensor {
  const x = call.tensor(0), windows = windowsOf(call, x), pads = call.int("count_include_pad", 0) === 1;
  if (windows.dilations.some((n) => n !== 1)) call.fail("has dilations, which are not supported");
  const rank = windows.kernel.length, { device, dtype } = x;
  return windows.kernel.reduce((sums, _, axis) => {
    const members = membersOf(windows, axis, x.shape[2 + axis]!, pads);
    if (members.every((n) => n === members[0])) return sums.div(members[0]!);
    const shape = Array.from({ length: rank }, (_, i) => i === axis ? members.length : 1);
    return sums.div(tensor(members, { shape, dtype, device }));
  }, windowSums(x, windows));
}

function lpPool(call: OperatorCall): Tensor {
  const x = call.tensor(0), p = call.int("p", 2), windows = windowsOf(call, x);
  if (windows.dilations.some((n) => n !== 1)) call.fail("has dilations, which are not supported");
  return windowSums(x.abs().pow(p), windows).pow(1 / p);
}

/** All spatial axes, reduced to extents of 1. */
const spatial =
  (compute: (x: Tensor, axes: number[], options: { readonly keepdim: true }) => Tensor) =>
  (call: OperatorCall): Tensor => {
    const x = call.tensor(0);
    return compute(x, [...x.shape.keys()].slice(2), { keepdim: true });
  };

/** Operators of ai.onnx by name. */
export const pooling: Operators = {
  AveragePool: averagePool,
  GlobalAveragePool: spatial(F.mean),
  GlobalLpPool: (call) => {
    const p = call.int("p", 2);
    return spatial((x, axes, options) => F.sum(x.abs().pow(p), axes, options).pow(1 / p))(call);
  },
  GlobalMaxPool: spatial(F.amax),
  LpPool: lpPool,
  MaxPool: maxPool,
};
