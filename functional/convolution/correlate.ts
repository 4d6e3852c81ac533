/**
 * Convolution and its two gradients as contractions over windows. The three are each other's gradients, so derivatives of any order
 * exist.
 *
 * All take inputs [N, C, spatial…], weights [O, C / groups, size…], and the borders of zeros around the inputs, of which negative ones cut.
 *
 * @module
 */

import * as kernels from "../../kernels/mod.ts";
import type { Node, Windows } from "../../kernels/mod.ts";
import { record } from "../../tensor/grad_fn.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Border } from "../movement/pad.ts";
import { depthwise, isDepthwise } from "./depthwise.ts";

/** Axes first, first + 1, … (`count` of them). */
const axes = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

/** [N, C, rest…] as [groups, N, C / groups, rest…]. */
function grouped(x: Node, groups: number): Node {
  const [n, c, ...rest] = x.shape as [number, number, ...number[]];
  const apart = kernels.reshape(x, [n, groups, c / groups, ...rest]);
  return kernels.permute(apart, [1, 0, ...axes(2, rest.length + 1)]);
}

/** [O, C, size…] as [groups, O / groups, C, size…]. */
function groupedWeight(weight: Node, groups: number): Node {
  const [o, ...rest] = weight.shape as [number, ...number[]];
  return kernels.reshape(weight, [groups, o / groups, ...rest]);
}

/** [groups, C, N, spatial…] as [N, groups · C, spatial…]. */
function ungrouped(x: Node): Node {
  const [groups, c, n, ...spatial] = x.shape as [number, number, number, ...number[]];
  return kernels.reshape(kernels.permute(x, [2, 0, 1, ...axes(3, spatial.length)]), [n, groups * c, ...spatial]);
}

/** How inputs and outputs of a convolution lie to each other. */
export interface Geometry {
  readonly windows: readonly Windows[];
  readonly borders: readonly Border[];
  readonly groups: number;
}

/** An input within its borders. */
function bordered(x: Node, { borders }: Geometry): Node {
  return kernels.pad(x, [[0, 0], [0, 0], ...borders]);
}

/** out[n, o, p…] = Σ x[n, c, p · stride + k · dilation - before] · weight[o, c, k…]. */
export function correlate(x: Tensor, weight: Tensor, geometry: Geometry): Tensor {
  const { windows, groups } = geometry, spatial = x.node.shape.slice(2), padded = bordered(x.node, geometry);
  const node = isDepthwise(padded.shape[1]!, weight.node, windows, groups)
    ? depthwise(padded, weight.node, windows, windows.map((w, i) => kernels.windowCount(padded.shape[2 + i]!, w)))
    : correlated(padded, weight.node, windows, groups);
  return record("convolution", node, [x, weight], [
    (grad, [, weight]) => correlateInput(grad, weight!, geometry, spatial),
    (grad, [x]) => correlateWeight(grad, x!, geometry),
  ]);
}

function correlated(x: Node, weight: Node, windows: readonly Windows[], groups: number): Node {
  const rank = windows.length;
  // [G, O, C, K…], against [G, N, C, P…, K…] as [G, C, K…, N, P…]: the result's positions lie beside each other.
  const apart = kernels.window(grouped(x, groups), windows);
  const b = kernels.permute(apart, [0, 2, ...axes(3 + rank, rank), 1, ...axes(3, rank)]);
  return ungrouped(kernels.contract(groupedWeight(weight, groups), b, { batch: 1, m: 1, n: 1 + rank, k: 1 + rank }));
}

/** The gradient of `correlate` with respect to its input of extents `spatial`; by itself, transposed convolution. */
export function correlateInput(grad: Tensor, weight: Tensor, geometry: Geometry, spatial: readonly number[]): Tensor {
  const { windows, groups } = geometry;
  const alone = windows.every(({ stride }) => stride === 1) &&
    isDepthwise(grad.node.shape[1]!, weight.node, windows, groups);
  const node = alone
    ? depthwise(surrounded(grad.node, geometry, spatial), weight.node, windows, spatial, true)
    : spread(grad.node, weight.node, geometry, spatial);
  return record("convTranspose", node, [grad, weight], [
    (g, [, weight]) => correlate(g, weight!, geometry),
    (g, [grad]) => correlateWeight(grad!, g, geometry),
  ]);
}

/** A gradient with zeros around it, so that the windows of the input's elements lie within. */
function surrounded(grad: Node, { windows, borders }: Geometry, spatial: readonly number[]): Node {
  const around = windows.map(({ size, dilation }, i) => {
    const [before] = borders[i]!;
    return [(size - 1) * dilation - before, spatial[i]! + before - grad.shape[2 + i]!] as const;
  });
  return kernels.pad(grad, [[0, 0], [0, 0], ...around]);
}

function spread(grad: Node, weight: Node, geometry: Geometry, spatial: readonly number[]): Node {
  const { windows, borders, groups } = geometry;
  const rank = windows.length, sizes = windows.map((w) => w.size);
  // [G, N, O, P…] repeated for every window element and put where the window lies within the borders: [G, N, O, S…, K…].
  const source = grouped(grad, groups), shape = source.shape;
  const repeated = kernels.expand(kernels.reshape(source, [...shape, ...sizes.map(() => 1)]), [...shape, ...sizes]);
  const padded = kernels.unwindow(repeated, windows, spatial.map((extent, i) => borders[i]![0] + extent));
  const whole = (): [number, number] => [0, 0];
  const cut = [...axes(0, 3).map(whole), ...borders.map(([before]) => [-before, 0] as const), ...sizes.map(whole)];
  const apart = kernels.pad(padded, cut);
  const b = kernels.permute(apart, [0, 2, ...axes(3 + rank, rank), 1, ...axes(3, rank)]);
  // [G, O, C, K…] to [G, C, O, K…].
  const a = kernels.permute(groupedWeight(weight, groups), [0, 2, 1, ...axes(3, rank)]);
  return ungrouped(kernels.contract(a, b, { batch: 1, m: 1, n: 1 + rank, k: 1 + rank }));
}

/** The gradient of `correlate` with respect to its weight. */
export function correlateWeight(grad: Tensor, x: Tensor, geometry: Geometry): Tensor {
  const { windows, groups } = geometry, rank = windows.length, spatial = x.node.shape.slice(2);
  // [G, N, O, P…] to [G, O, N, P…], against windows [G, N, C, P…, K…] as [G, N, P…, C, K…].
  const a = kernels.permute(grouped(grad.node, groups), [0, 2, 1, ...axes(3, rank)]);
  const apart = kernels.window(grouped(bordered(x.node, geometry), groups), windows);
  const fitting = kernels.slice(
    apart,
    apart.shape.map((extent, i) => ({
      start: 0,
      // An input that is not used to its end has windows that no output sees.
      size: i >= 3 && i < 3 + rank ? a.shape[i]! : extent,
      step: 1,
    })),
  );
  const b = kernels.permute(fitting, [0, 1, ...axes(3, rank), 2, ...axes(3 + rank, rank)]);
  const product = kernels.contract(a, b, { batch: 1, m: 1, n: 1 + rank, k: 1 + rank });
  const [, , ...rest] = product.shape;
  const node = kernels.reshape(product, [grad.node.shape[1]!, ...rest]);
  return record("convolutionWeight", node, [grad, x], [
    (g, [, x]) => correlate(x!, g, geometry),
    (g, [grad]) => correlateInput(grad!, g, geometry, spatial),
  ]);
}
