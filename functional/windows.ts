/**
 * Sliding windows over the last axes and their transpose, each the other's gradient: what convolution and pooling are made of.
 *
 * @module
 */

import * as kernels from "../kernels/mod.ts";
import { ShapeError, ValueError, type Windows } from "../kernels/mod.ts";
import { record } from "../tensor/grad_fn.ts";
import { requireTensor } from "../tensor/require_tensor.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { show } from "./dims.ts";

/** [lead…, spatial…] to [lead…, counts…, sizes…]: a view of every window. */
export function windowed(x: Tensor, windows: readonly Windows[]): Tensor {
  const spatial = x.node.shape.slice(-windows.length);
  return record("unfold", kernels.window(x.node, windows), [x], [(grad) => overlapped(grad, windows, spatial)]);
}

/** [lead…, counts…, sizes…] to [lead…, spatial…]: windows added up where they lie. */
export function overlapped(x: Tensor, windows: readonly Windows[], spatial: readonly number[]): Tensor {
  const node = windows.every(({ size, stride, dilation }) => size === stride && dilation === 1)
    ? tiled(x.node, spatial)
    : summedWindows(x.node, windows, spatial);
  return record("fold", node, [x], [(grad) => windowed(grad, windows)]);
}

function summedWindows(x: kernels.Node, windows: readonly Windows[], spatial: readonly number[]): kernels.Node {
  const apart = kernels.unwindow(x, windows, spatial), rank = apart.shape.length;
  return kernels.reduce("sum", apart, windows.map((_, i) => rank - windows.length + i));
}

/** Windows that lie side by side, put together; there is nothing to add up. */
function tiled(x: kernels.Node, spatial: readonly number[]): kernels.Node {
  const rank = spatial.length, lead = x.shape.length - 2 * rank;
  const before = x.shape.slice(0, lead), counts = x.shape.slice(lead, lead + rank), sizes = x.shape.slice(lead + rank);
  const order = [...before.keys(), ...counts.flatMap((_, i) => [lead + i, lead + rank + i])];
  const covered = counts.map((count, i) => count * sizes[i]!);
  const together = kernels.reshape(kernels.permute(x, order), [...before, ...covered]);
  return kernels.pad(together, [...before.map(() => NONE), ...covered.map((n, i) => [0, spatial[i]! - n] as const)]);
}

const NONE = [0, 0] as const;

/** One number for every spatial dimension, or one for each. */
export type PerDimension = number | readonly number[];

/** `value` for each of `rank` dimensions; whole numbers, at least `least`. */
export function perDimension(
  operation: string,
  name: string,
  value: PerDimension,
  rank: number,
  least: number,
): number[] {
  const list = typeof value === "number"
    ? new Array<number>(rank).fill(value)
    : value.length === 1
    ? new Array<number>(rank).fill(value[0]!)
    : [...value];
  if (list.length !== rank) {
    throw new ShapeError(`Cannot ${operation} with ${name} ${show(list)}: give one number, or ${rank}`);
  }
  if (list.some((v) => !Number.isInteger(v) || v < least)) {
    throw new ValueError(`Cannot ${operation} with ${name} ${show(list)}: it must be whole numbers from ${least}`);
  }
  return list;
}

/**
 * The input with a batch dimension: [N, C, spatial…], and whether it had one. Throws where the rank does not fit.
 */
export function batched(operation: string, x: Tensor, rank: number): { shape: readonly number[]; unbatched: boolean } {
  requireTensor(operation, "input", x);
  if (x.ndim === rank + 2) return { shape: x.shape, unbatched: false };
  if (x.ndim === rank + 1) return { shape: [1, ...x.shape], unbatched: true };
  throw new ShapeError(
    `Cannot ${operation} an input of shape ${
      show(x.shape)
    }: it takes [N, C, …] or [C, …] with ${rank} spatial dimension${rank === 1 ? "" : "s"}`,
  );
}
