/**
 * Convolution of each channel by itself, as one sum of products an element: there is too little to multiply for a contraction.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import { type Expr, expr, type Node, type Windows } from "../../kernels/mod.ts";

/** Most window elements that are written out. */
const MOST = 32;

/** Whether inputs and weights of these shapes are convolved channel by channel, with windows small enough to write out. */
export function isDepthwise(channels: number, weight: Node, windows: readonly Windows[], groups: number): boolean {
  const [outputs, depth] = weight.shape;
  return channels === groups && outputs === groups && depth === 1 &&
    windows.reduce((product, { size }) => product * size, 1) <= MOST;
}

/**
 * Σ x[n, c, p · stride + k · dilation] · weight[c, 0, k…] for p below `counts`; where `flipped`, the window's elements are those of the
 * weight in the opposite order.
 */
export function depthwise(
  x: Node,
  weight: Node,
  windows: readonly Windows[],
  counts: readonly number[],
  flipped = false,
): Node {
  const [n, c] = x.shape as [number, number, ...number[]];
  const inputs: Node[] = [];
  let sum: Expr | undefined;
  for (const k of elementsOf(windows)) {
    inputs.push(reached(x, windows, k, [n, c, ...counts]), factor(weight, flipped ? opposite(windows, k) : k));
    const [a, b] = [2, 1].map((back) => expr.arg(inputs.length - back, x.dtype)) as [Expr, Expr];
    sum = sum === undefined ? expr.binary("mul", a, b) : expr.binary("add", expr.fusible(a, b), sum);
  }
  return kernels.map(sum!, inputs);
}

/** Σ grad[c, n, 0, p…] · windows[c, n, 0, p…, k…] over n and p, as [c, 0, k…]. */
export function depthwiseWeight(grad: Node, windows: Node): Node {
  const rank = grad.shape.length - 3;
  const spread = kernels.reshape(grad, [...grad.shape, ...grad.shape.slice(3).map(() => 1)]);
  const product = expr.binary("mul", expr.arg(0, grad.dtype), expr.arg(1, grad.dtype));
  const summed = [1, ...Array.from({ length: rank }, (_, i) => 3 + i)];
  return kernels.reduce("sum", kernels.map(product, [spread, windows]), summed);
}

/** The inputs that element `k` of each window reaches. */
function reached(x: Node, windows: readonly Windows[], k: readonly number[], shape: readonly number[]): Node {
  const key = windows.map(({ stride, dilation }, i) => `${stride}:${k[i]! * dilation}`).join(" ");
  return kernels.view(x, `reached ${key}`, shape, ([n, c, ...at]) => ({
    index: [n!, c!, ...windows.map(({ stride, dilation }, i) => along(at[i]!, stride, k[i]! * dilation))],
  }), { stored: true });
}

const along = (at: Expr, stride: number, start: number): Expr =>
  expr.binary("add", expr.binary("mul", at, expr.int(stride)), expr.int(start));

/** Element `k` of each channel's weight, as [1, C, 1…]. */
function factor(weight: Node, k: readonly number[]): Node {
  return kernels.view(weight, `factor ${k}`, [1, weight.shape[0]!, ...k.map(() => 1)], ([, c]) => ({
    index: [c!, expr.int(0), ...k.map(expr.int)],
  }));
}

const opposite = (windows: readonly Windows[], k: readonly number[]): number[] =>
  windows.map(({ size }, i) => size - 1 - k[i]!);

/** The positions in a window, the last axis fastest. */
function elementsOf(windows: readonly Windows[]): number[][] {
  return windows.reduce<number[][]>(
    (lists, { size }) => lists.flatMap((list) => Array.from({ length: size }, (_, k) => [...list, k])),
    [[]],
  );
}
